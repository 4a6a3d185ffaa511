# %% [markdown]
# # R7 · Données et CRM

# %% [markdown] tags=["entrainement"]
# **20 points · environ 2 h 30**

# %% [markdown]
# **Rotinelle** vend du mobilier en rotin sur son site, à des particuliers et à des campings, des hôtels et des gîtes. La
# PME gère ses contacts dans un tableur et hésite à prendre un CRM. **M. Ledoux**, le gérant, vous demande de l’éclairer.

# %% [markdown] tags=["entrainement"]
# Comptez 1 h 30 pour les questions notées, le reste pour les exercices.
#
# Avant ce module : les activités 3 à 6 (structurer, qualifier, segmenter, scorer), et la règle des appels vue à
# l’activité 2. Compétences travaillées : exploiter les données client, développer la relation.
#
# À la fin, vous saurez :
#
# - dire qui est qui dans un fichier, du suspect au client, et d’où vient chaque donnée ;
# - suivre les six gestes d’OSICAM ;
# - calculer un score de visite, et décider qui transmettre au commercial ;
# - comparer le coût de deux logiciels, et conseiller une PME sans se laisser impressionner par les promesses.
#
# Les questions marquées **noté** font la note ; les autres, marquées **Entraînement**, servent à s’entraîner, sans note.

# %%
from crc_lab import debut, figure, progression, question, rendre

debut("17_crm")
progression()

# %% [markdown]
# ## 1. La relation, une stratégie et un logiciel

# %% [markdown] tags=["entrainement"]
# **CRM** vient de *customer relationship management* ; en français, **GRC**, gestion de la relation client. Le mot désigne
# deux choses : une **stratégie** (connaître ses clients pour les garder) et le **logiciel** qui l’outille.
#
# L’idée de parler aux clients un à un naît au début des années 1990 ; d’après le cours, le terme se répand en France en
# 1997. Le marché avait changé : trop d’offres, des clients qui comparent, répondent et s’en vont.
#
# | Dans le fichier | Où il en est |
# |---|---|
# | **suspect** | on a son adresse, et rien d’autre |
# | **lead** | il a montré de l’intérêt, et l’on sait qui il est |
# | **prospect froid, tiède, chaud** | il pourrait acheter : sans suivi, suivi sans projet proche, ou en négociation |
# | **client** | il a acheté |
# | **consommateur, utilisateur, usager** | il se sert du produit, de l’outil, d’un service public ; ce n’est pas toujours lui qui paie |

# %%
question("R7-X1")

# %%
question("R7-X2")

# %%
question("R7-Q1")

# %% [markdown]
# ## 2. D’où viennent les données ?

# %% [markdown] tags=["entrainement"]
# - **Interne**, ou donnée client : l’entreprise l’a observée ou recueillie elle-même.
# - **Externe** : elle l’a achetée, louée ou trouvée dans une source publique.
# - **Reconstituée**, ou construite : elle l’a calculée ou déduite.
#
# Le **big data** ajoute trois difficultés : le **volume**, la **vélocité** (la vitesse), la **variété**. On passe toujours par
# les mêmes étapes : collecter, qualifier, quantifier, segmenter, scorer, prédire.

# %%
question("R7-X3")

# %%
question("R7-X4")

# %%
question("R7-X5")

# %%
question("R7-Q2")

# %% [markdown]
# ## 3. OSICAM, la relation en six gestes

# %% [markdown] tags=["entrainement"]
# | | | |
# |---|---|---|
# | **O** | organiser | une seule base, un numéro par client |
# | **S** | segmenter | donner une note (**scorer**), puis choisir à qui l’on parle (**cibler**) |
# | **I** | interagir | écouter, reformuler, s’adapter |
# | **C** | collecter | noter ce que chaque échange apprend |
# | **A** | alimenter | nettoyer et rafraîchir la base |
# | **M** | mesurer | vérifier l’effet sur les clients |

# %%
question("R7-X8")

# %%
question("R7-Q3")

# %% [markdown]
# ## 4. Noter les visiteurs du site
#
# Un score comportemental lit ce que fait un visiteur. Rotinelle regarde trois choses : la **masse**, la **valeur** et la
# **catégorie**.
#
# ### Annexe 1 · Grille du score de visite
#
# Un point n’est compté qu’une seule fois par action et par page citée.
#
# | Critère | Points |
# |---|---|
# | **Masse** : pages vues pendant la période | 1 par page, 10 au plus |
# | **Valeur** : `inscription_newsletter` / `telechargement_catalogue` / `ajout_panier` / `envoi_devis` | 3 / 5 / 6 / 10, une fois chacune |
# | **Catégorie**, pages chaudes : `tarifs-pro`, `livraison`, `demande-devis` | 4 par page différente |
# | **Catégorie**, pages tièdes : `catalogue`, `guide-entretien`, `avis-clients`, `blog-deco` | 1 par page différente |
# | Pages éliminatoires : `recrutement`, `sav`, `espace-presse` | visiteur écarté du score commercial |
#
# **Décision** : 25 points et plus, transmis au commercial ; de 12 à 24, scénario d’e-mails ; moins de 12, rien. Une page
# éliminatoire, et le visiteur est écarté, quel que soit son score (le SAV transmet au service clients).
#
# ### Annexe 2 · Les fichiers
#
# | Fichier | Ce qu’il contient |
# |---|---|
# | [pages_vues.csv](../datasets/pages_vues.csv) | **73 pages vues** du 23 au 27 novembre 2026, une ligne par page ; `duree_s`, `source` et `appareil` n’entrent pas dans la grille |
# | [visiteurs.csv](../datasets/visiteurs.csv) | les **dix visiteurs** : nom, type, e-mail autorisé ou non, date d’accord pour le téléphone |
#
# Ces visiteurs sont identifiés et ont accepté la mesure d’audience. Les fichiers sont dans le dossier `datasets`. Ouvrez-les
# dans un tableur par **Données → À partir d’un fichier texte/CSV**, séparateur point-virgule. Un filtre sur `visiteur`, ou un
# tableau croisé (visiteur en lignes, page en colonnes), vous évitera de compter à la main.

# %%
question("R7-Q4")

# %% [markdown] tags=["entrainement"]
# Terminez d’abord la question qui précède : voici d’où viennent les dix scores.

# %% tags=["entrainement"]
figure("17-scores")

# %% [markdown]
# ## 5. Choisir un outil
#
# ### Annexe 3 · Deux offres de CRM
#
# Pour **6 utilisateurs**, sur **3 ans**.
#
# | | Licence | SaaS |
# |---|---|---|
# | Logiciel | 900 € par utilisateur, payés une fois | 32 € par utilisateur et par mois |
# | Serveur | 2 400 € | compris |
# | Maintenance | 18 % du prix des licences, chaque année | mises à jour comprises |
# | Mise en service | – | 600 € |
# | Formation | 1 200 € | 1 200 € |
# | Accès | au bureau | partout |
#
# Rotinelle emploie 14 personnes, dont 2 saisonniers. Le tableur actuel ne coûte rien.

# %%
question("R7-X6")

# %%
question("R7-X7")

# %%
question("R7-Q5")

# %% [markdown]
# ## 6. Passer du score au contact
#
# Un score élevé dit que la personne s’intéresse à l’offre. Il ne donne pas le droit de l’appeler.

# %%
question("R7-Q6")

# %% [markdown]
# ## 7. Conclure
#
# ### Annexe 4 · Constats de M. Ledoux
#
# > « Trois fichiers, trois orthographes pour le même camping. La vendeuse du salon garde ses fiches pour elle. On a rappelé
# > un client le lendemain de sa réclamation, sans le savoir. En novembre, 14 demandes de devis : 5 sans réponse au bout
# > d’une semaine. »

# %%
question("R7-Q7")

# %% [markdown]
# ## 8. Remettre votre travail
#
# La conclusion est lue par votre professeur : votre note reste provisoire jusque-là.

# %%
rendre()
