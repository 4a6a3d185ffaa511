# %% [markdown]
# # Activité 2 · Respecter la réglementation

# %% [markdown] tags=["entrainement"]
# **20 points · environ 3 h 30**

# %% [markdown]
# Un fichier de contacts, ce sont des personnes. Avant qu’Omnicom n’écrive ou n’appelle au nom de **Marielle
# Nature**, il faut savoir ce qui est permis. Marielle Nature n’a pas de juriste : c’est à vous de l’éclairer.

# %% [markdown] tags=["entrainement"]
# Comptez 1 h 15 pour les questions notées, le reste pour les exercices.
#
# À la fin de cette activité, vous saurez :
#
# - énoncer les obligations de qui tient un fichier de personnes (RGPD, CNIL) ;
# - contrôler un formulaire de collecte, mention par mention ;
# - expliquer Bloctel et la loi de 2020, tels que le cours les présente… et ce qui les a remplacés en 2026 ;
# - dire qui l’on peut appeler, à qui l’on peut écrire, et avec quel accord.
#
# Les questions marquées **noté** font la note ; les autres, marquées **Entraînement**, servent à s’entraîner, sans note.

# %% [markdown]
# ### Le cours, et le droit d’aujourd’hui
#
# Le droit change plus vite que les manuels. Les annexes 3 et 4 sont celles du cours : elles disent le **droit de leur
# époque**, et les questions sur Bloctel et sur la loi de 2020 se répondent d’après elles. La question « Et
# aujourd’hui ? » porte sur le **droit en vigueur** : c’est le document 3. Partout, une réponse conforme au droit
# d’aujourd’hui est acceptée si vous la datez ou la justifiez.

# %% [markdown] tags=["entrainement"]
# Après votre première vérification, la carte ouvre un encadré « **Droit au 22/11/2026** » : trois règles au plus, en
# une ligne chacune ; le détail, la date et la source sont dessous, à la demande. Un signe dit si la règle est **établie**
# ou **à confirmer** :
#
# | Certitude | Ce que cela veut dire |
# |---|---|
# | **A** | établie : un texte officiel lu dans une copie, ou plusieurs sources qui concordent |
# | **B** | une seule source précise, ou des sources secondaires qui concordent : à relire |
# | **C** | non vérifiée, ou qui peut changer : à relire sur Légifrance |

# %% [markdown]
# **Ce cahier n’est pas un conseil juridique.** Pour une vraie campagne, on relit les textes sur Légifrance et sur
# le site de la CNIL, ou l’on demande à un juriste.

# %%
from crc_lab import debut, progression, question, rendre

debut("02_reglementation")
progression()

# %% [markdown] tags=["document"]
# ## 1. Protéger les données personnelles
#
# ### Document 1 · Ce que le cours dit des données personnelles
#
# **Deux textes** s’appliquent en France : le **RGPD** (règlement général sur la protection des données, européen,
# applicable depuis mai 2018) et la **loi Informatique et libertés**. La **CNIL** (Commission nationale de
# l’informatique et des libertés) informe, contrôle et sanctionne.
#
# **Une donnée personnelle** se rapporte à une personne physique, identifiée ou que l’on peut identifier. Les
# données d’une entreprise sont donc hors champ (raison sociale, SIRET), mais **pas les noms de ses salariés ou de
# son dirigeant**.
#
# **Les principes.** Suivez une donnée, de la collecte à la suppression :
#
# 1. on sait **pourquoi** on la demande : une finalité déterminée et légitime ;
# 2. on ne demande **que l’utile** : c’est la minimisation ;
# 3. on a **le droit** de la traiter : une base légale ; le cours insiste sur le consentement, libre et éclairé ;
# 4. on **informe** la personne, par des mentions claires ;
# 5. on respecte ses **droits** : accès, rectification, effacement, limitation, opposition, portabilité ;
# 6. on la garde **un temps limité** ;
# 7. on la **protège** : accès réservés, mots de passe, réaction en cas de violation.
#
# **L’organisation.** La déclaration des fichiers à la CNIL a disparu, sauf cas particuliers ; l’entreprise tient un
# **registre des traitements** et doit pouvoir **prouver** qu’elle respecte les règles. Un **DPO** (délégué à la
# protection des données) est obligatoire quand le traitement se fait à grande échelle ou porte sur des données
# sensibles, recommandé sinon. Interne ou externe, il informe, conseille, contrôle, et coopère avec la CNIL.

# %%
question("A2-X1")

# %%
question("A2-X2")

# %%
question("A2-X3")

# %%
question("A2-X4")

# %%
question("A2-X5")

# %%
question("A2-Q1")

# %% [markdown] tags=["document"]
# ## 2. Contrôler un formulaire
#
# Demander des données à quelqu’un, c’est s’engager envers lui.
#
# ### Document 2 · Les sept mentions de tout formulaire, d’après le cours
#
# | N° | Mention | La question qu’elle pose |
# |---|---|---|
# | M1 | identité et coordonnées du responsable | Qui collecte ? |
# | M2 | finalités et base juridique | Pour quoi faire, et à quel titre ? |
# | M3 | destinataires | Qui recevra les données ? |
# | M4 | durée de conservation | Jusqu’à quand ? |
# | M5 | droits des personnes | Que puis-je demander ? |
# | M6 | droit de réclamation | À qui me plaindre ? À la CNIL. |
# | M7 | consentement explicite | Ai-je fait un geste clair ? |
#
# Un **consentement explicite** suppose un geste de la personne : cocher elle-même une case vide, signer, répondre
# oui.

# %%
question("A2-Q2")

# %%
question("A2-X6")

# %% [markdown] tags=["document"]
# ## 3. Bloctel, dans le cours
#
# ### Annexe 3 · Bloctel, le droit de l’époque (2014-2026)
#
# La **loi Hamon** du 17 mars 2014 a prévu une liste d’opposition au démarchage téléphonique. Le service,
# **Bloctel**, a ouvert le **1er juin 2016** ; la société Opposetel le tenait. L’annexe 3 donne son premier bilan, neuf
# mois plus tard, le **28 février 2017** : ce mois-là, environ 3 millions de personnes étaient inscrites, et plus de
# 400 000 signalements avaient été reçus (communiqué du secrétariat d’État à la Consommation, repris par la presse,
# certitude B).
#
# Du dispositif, le cours retient ceci :
#
# - **Le principe** : on ne démarche pas par téléphone un consommateur qui s’est inscrit.
# - **Les exceptions** : la presse ; les sondages et les associations sans but commercial, le service public ; un
#   contrat en cours ; un numéro laissé librement pour être rappelé.
# - **Le coût** : l’inscription est gratuite pour le consommateur ; l’accès est payant pour les professionnels.
# - **La durée** : une inscription vaut 3 ans. On est prévenu avant la fin, on peut modifier ou se désinscrire à
#   tout moment.
# - **Le champ** : le téléphone seulement, ni l’e-mail ni le SMS, et des numéros de consommateurs.
# - **Celui qui appelle** : il vérifie son fichier avant la campagne, puis chaque mois si elle dure plus de 30
#   jours. Vendre un fichier qui contient des inscrits est interdit. L’amende va jusqu’à 75 000 € (annexe 4 :
#   375 000 € pour une société). Le coût et la responsabilité sont pour le **commanditaire**, même s’il a un
#   prestataire.
#
# Bloctel ne se confond pas avec les listes des opérateurs, que le cours réunit sous le nom de « liste rouge » :
# elles retirent un numéro des annuaires, ou des annuaires vendus pour la prospection.
#
# **En B to B**, il n’y a pas de liste d’opposition, mais la prospection doit rester cohérente avec l’activité de
# l’entreprise : proposer un logiciel à un informaticien, oui ; des produits alimentaires, non.

# %%
question("A2-X7")

# %%
question("A2-X8")

# %%
question("A2-Q3")

# %%
question("A2-X9")

# %%
question("A2-X10")

# %%
question("A2-Q4")

# %% [markdown] tags=["document"]
# ## 4. La loi du 24 juillet 2020
#
# ### Annexe 4 · Ce que la loi a changé, à l’époque
#
# Quatre ans après l’ouverture de Bloctel, une nouvelle loi (promulguée le 24 juillet 2020, publiée le 25) durcit
# les règles du démarchage téléphonique. En voici six mesures ; un tiret signale ce que l’annexe ne dit pas de la règle
# d’avant.
#
# | La règle | Avant | Avec la loi de 2020 |
# |---|---|---|
# | **Début de l’appel** | dire qui l’on est et pourquoi | se présenter, rappeler le droit de s’inscrire sur Bloctel |
# | **Rénovation énergétique** | — | interdite par téléphone, sauf contrat en cours |
# | **Saisine de Bloctel** | avant la campagne, puis chaque mois | chaque mois si l’activité est habituelle |
# | **Bonnes pratiques** | — | un code à suivre |
# | **Jours et heures** | — | fixés par un décret à paraître |
# | **Contrat conclu en violation** | — | nul |
# | **Amende, personne physique** | 3 000 € | 75 000 € |
# | **Amende, personne morale** | 15 000 € | 375 000 € |
#
# Avant 2020, la saisine se répétait chaque mois au-delà de 30 jours de campagne ; si l’activité n’est pas
# habituelle, la loi la demande avant chaque campagne. Le décret sur les horaires est venu plus tard. La presse de 2016
# citait d’autres montants pour l’appel d’un numéro inscrit : jusqu’à 15 000 € pour une personne, 75 000 € pour une
# société (certitude B).

# %%
question("A2-X11")

# %%
question("A2-Q5")

# %% [markdown] tags=["document"]
# ## 5. Le téléphone depuis le 11 août 2026
#
# ### Document 3 · Appeler aujourd’hui : le droit en vigueur
#
# La logique s’est retournée. Hier, le silence valait accord : on appelait qui n’était pas inscrit. Depuis le **11
# août 2026** (loi n° 2025-594 du 30 juin 2025, code de la consommation, L. 223-1, certitude A), le silence vaut
# refus : on n’appelle un **consommateur** que s’il y a **consenti d’avance**, ou pour un **contrat en cours** en
# rapport. C’est au professionnel de le **prouver**, et Bloctel a disparu.
#
# Le décret n° 2026-662 du 23 juillet 2026 précise la suite (certitude B) : l’accord vaut **un an** au plus et ne se
# reconduit pas tout seul, la preuve se garde **3 ans**, le retrait peut se dire au téléphone ; on appelle du lundi
# au vendredi hors jours fériés, de 10 h à 13 h et de 14 h à 20 h, **4 fois** en 30 jours au plus. Un recours contre
# ce décret a été signalé (certitude C).
#
# Entre **professionnels**, le principe n’a pas changé : pas de consentement exigé, un objet en rapport avec
# l’activité ; et qui a dit non ne se rappelle pas.

# %%
question("A2-X12")

# %%
question("A2-X13")

# %%
question("A2-X14")

# %%
question("A2-X15")

# %%
question("A2-Q6")

# %% [markdown] tags=["entrainement"]
# ## 6. Écrire, enregistrer, vendre : les autres règles
#
# Quelques règles que vous croiserez dans vos révisions, d’après le cours ; l’encadré de chaque exercice donne leur source.
#
# - **E-mail et SMS commerciaux** : accord préalable d’un particulier (opt-in), sauf s’il est déjà client pour des
#   produits analogues ; pour un professionnel, information et droit d’opposition (opt-out). Une diapositive du
#   cours dit l’inverse : à vous de la corriger.
# - **Enregistrer un appel** : ponctuellement, pour la qualité ou la formation, en prévenant le salarié et le
#   client ; 6 mois au plus.
# - **Le numéro du service client** n’est pas surtaxé pour une réclamation.
# - **CGV** : dues aux consommateurs ; **CGU** d’un site : recommandées ; **mentions légales** : obligatoires.
# - **Musique d’attente** : la SACEM perçoit pour les auteurs, la SCPA pour les producteurs. Une œuvre est libre 70 ans
#   après la mort de son auteur, mais pas son enregistrement, s’il est récent.
# - **Rétractation** : 14 jours, sans motif, à compter de la réception d’un bien ; le jour de la réception ne compte
#   pas.

# %%
question("A2-X16")

# %%
question("A2-X17")

# %%
question("A2-X18")

# %% [markdown]
# ## 7. Remettre votre travail
#
# La fiche ressource est lue par votre professeur : votre note reste provisoire jusque-là.

# %%
rendre()
