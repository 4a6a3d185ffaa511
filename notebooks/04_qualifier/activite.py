# %% [markdown]
# # Activité 4 · Qualifier la base de données

# %% [markdown] tags=["entrainement"]
# **20 points · environ 3 heures**, dont 1 h 15 pour les questions notées.
#
# Votre base est rangée (activité 3). Rangée ne veut pas dire juste : il manque des e-mails, un âge est impossible,
# une cliente figure deux fois. Vous travaillez chez **Omnicom** ; avant de lancer la moindre campagne pour **Marielle
# Nature**, vous devez rendre ce fichier fiable.
#
# À la fin de cette activité, vous saurez :
#
# - repérer les cases incomplètes ou à corriger dans un fichier clients ;
# - distinguer un doublon d’un homonyme, et fusionner deux fiches sans rien perdre ;
# - mesurer la qualité d’un fichier (NPAI, PND) et la comparer à un objectif ;
# - contrôler une entreprise avec son SIRET et le répertoire Sirene.
#
# Les questions marquées **noté** font la note ; les autres, marquées **Entraînement**, servent à s’entraîner, sans note.
# Tout le monde part de
# la même base restructurée, fournie ici : une erreur à l’activité 3 ne vous suit pas.

# %% [markdown] tags=["evaluation"]
# Votre base est rangée (activité 3). Rangée ne veut pas dire juste. Vous travaillez chez **Omnicom** ; avant de lancer
# la moindre campagne pour **Marielle Nature**, vous devez rendre ce fichier fiable. Tout le monde part de la même base
# restructurée, fournie ici.

# %%
from crc_lab import debut, figure, progression, question, rendre

debut("04_qualifier")
progression()

# %% [markdown]
# ## 1. Pourquoi qualifier ?
#
# Qualifier un fichier, c’est le **nettoyer, le mettre à jour, l’enrichir et le vérifier** pour que chaque contact
# soit exact et joignable. Un fichier vieillit même si l’on n’y touche pas : environ **12 % des Français déménagent
# chaque année**.
#
# Le courrier est le premier à le montrer. D’après le cours, deux étiquettes reviennent avec les plis (sur les siennes,
# La Poste écrit aujourd’hui PND, et coche un motif) :
#
# | | Signification | Ce qui est en cause |
# |---|---|---|
# | **NPAI** | n’habite pas (ou plus) à l’adresse indiquée | la personne est partie, l’adresse existe |
# | **PND** | pli non distribuable | l’adresse est fausse ou incomplète : le facteur le dit sur son étiquette |
#
# Chaque pli perdu coûte l’impression, l’affranchissement et une vente. L’objectif de qualité fixé ici : **moins de
# 5 % de NPAI et de PND**.

# %%
question("A4-X4")

# %% [markdown] tags=["entrainement"]
# ### Ce qu’Omnicom propose à ses clients
#
# - **Intégrer** au fichier des bulletins d’adhésion, des coupons, des jeux-concours.
# - **Vérifier** les fiches par des appels téléphoniques.
# - **RNVP** : restructuration, normalisation et validation postale des adresses.
# - **Sirétisation** : rapprochement des entreprises avec le répertoire Sirene.
# - **Enrichir** : ajouter les informations qui manquent (date de naissance, activité, effectif…).

# %%
question("A4-X8")

# %% [markdown] tags=["document"]
# ## 2. La fiche de contrôle
#
# Contrôlez **colonne par colonne** : c’est plus rapide et plus sûr que ligne par ligne.
#
# **Cases obligatoires**
#
# | Contact | Cases qui doivent être remplies |
# |---|---|
# | tous | numéro, type et nom de la voie, code postal, ville, téléphone, e-mail, origine, date de création |
# | particulier, en plus | civilité, nom, prénom, âge, sexe |
# | professionnel, en plus | raison sociale, activité, effectif, SIRET |
# | client (il a déjà acheté), en plus | date du dernier achat, nombre d’achats sur 12 mois, panier moyen |
#
# Tout le reste est **facultatif** : une case vide n’y est pas une faute. Un **prospect** (ni date d’achat, ni panier,
# ni achat) n’a rien à remplir dans les trois colonnes d’achat. Pour une entreprise, le nom d’un interlocuteur est
# facultatif.
#
# **Valeurs à contrôler**
#
# | Colonne | Règle |
# |---|---|
# | Code postal | 5 chiffres, et celui de la ville (référentiel ci-dessous) |
# | Ville | elle figure dans le référentiel |
# | Téléphone | +33 suivi de 9 chiffres |
# | E-mail | un seul @, puis un domaine qui contient un point |
# | Civilité, Prénom | une seule personne par fiche ; un prénom entier, pas une initiale |
# | dates | une vraie date, complète, et pas après le **1er novembre 2026** (notre date de référence) |
# | Âge | entre 16 et 110 ans |
# | SIRET | 14 chiffres et une clé de Luhn juste (le contrôle est donné ci-dessous) |
# | Achats sur 12 mois | un nombre entier : au moins 1 si le dernier achat date du 1er novembre 2025 ou d’après, 0 sinon |
# | Panier moyen | un montant exact et positif : 500 € au plus (particulier), 5 000 € au plus (professionnel) |
# | Accepte l’e-mail, le SMS, le téléphone | pour un particulier, INCONNU est à compléter ; pour un professionnel, SANS_OBJET est normal |
#
# <details>
# <summary>Le référentiel postal (25 couples code postal et ville)</summary>
#
# | Code postal | Ville |
# |---|---|
# | 14000 | CAEN |
# | 31000 | TOULOUSE |
# | 33000 | BORDEAUX |
# | 35000 | RENNES |
# | 44000 | NANTES |
# | 44200 | NANTES |
# | 44600 | SAINT NAZAIRE |
# | 49000 | ANGERS |
# | 59000 | LILLE |
# | 59100 | ROUBAIX |
# | 61000 | ALENCON |
# | 69003 | LYON |
# | 69006 | LYON |
# | 72000 | LE MANS |
# | 75003 | PARIS |
# | 75011 | PARIS |
# | 75012 | PARIS |
# | 75015 | PARIS |
# | 75019 | PARIS |
# | 75020 | PARIS |
# | 78000 | VERSAILLES |
# | 80000 | AMIENS |
# | 92230 | GENNEVILLIERS |
# | 93100 | MONTREUIL |
# | 94300 | VINCENNES |
#
# </details>
#
# <details>
# <summary>Le contrôle de clé des SIRET du fichier (pour ne pas le calculer à la main)</summary>
#
# | Fiche | SIRET du fichier | Chiffres | Clé de Luhn |
# |---|---|---|---|
# | 4 | 00001234400016 | 14 | juste |
# | 7 | 0000456740001 | 13 | — |
# | 10 | 00007890700011 | 14 | juste |
# | 19 | 00001119700019 | 14 | juste |
# | 22 | 00002222800019 | 14 | juste |
# | 25 | 00002525400012 | 14 | juste |
# | 30 | 00003030400018 | 14 | juste |
# | 34 | 00003434800011 | 14 | juste |
# | 38 | 00003838000010 | 14 | juste |
# | 42 | 00004242400030 | 14 | fausse |
# | 47 | 00004747200014 | 14 | juste |
# | 48 | 00004848800019 | 14 | juste |
# | 51 | 00005151600011 | 14 | juste |
# | 52 | 00002525400012 | 14 | juste |
# | 58 | 00005858600017 | 14 | juste |
#
# </details>

# %% [markdown]
# ### Le faire dans Excel ou LibreOffice
#
# La grille de la question sait trier, chercher et filtrer. Pour travailler dans un tableur, ouvrez
# `datasets/base_restructuree.csv` par **Données → À partir d’un fichier texte/CSV**, séparateur point-virgule, et
# choisissez **Texte** pour toutes les colonnes : sinon les zéros du début d’un SIRET disparaissent.
#
# | Outil | À quoi il sert ici |
# |---|---|
# | **Trier** une colonne | les cases vides et les valeurs étranges se rassemblent |
# | **Filtrer** | chaque valeur y figure une fois : les coquilles sautent aux yeux, les cases vides aussi |
# | **Mise en forme conditionnelle** | Valeurs en double : les téléphones identiques se colorent |
# | `=NBCAR(P2)` | compte les caractères : 5 pour un code postal, 14 pour un SIRET, 12 pour un téléphone en +33 |
# | `=NB.SI(S:S;S2)` | compte combien de fois une valeur revient : 2 ou plus signale un doublon possible |
# | `=NB.VIDE(T2:T61)` | compte les cases vides d’une colonne |
#
# Adaptez la lettre de la colonne à votre feuille. Beaucoup de cases sont vides dans ce fichier, et la plupart ont **le
# droit** de l’être : voyez la figure.

# %%
figure("04-valeurs-manquantes")

# %% [markdown]
# ## 3. À vous : les cases à corriger

# %%
question("A4-Q1")

# %% [markdown] tags=["entrainement"]
# ## 4. Les doublons
#
# Le même contact peut entrer deux fois dans le fichier : au salon, puis sur le site. « Mme É. Durand » et « Madame
# Élise Durand » ne s’écrivent pas pareil, et c’est pourtant la même cliente : deux courriers, deux appels, et des
# calculs faux.
#
# Pour en être sûr, il faut une **clé commune** : identité et adresse ensemble, téléphone, e-mail ou SIRET. Le nom
# seul ne suffit pas : des **homonymes** existent, et une famille partage son adresse.

# %% [markdown] tags=["evaluation"]
# ## 4. Les doublons
#
# Le même contact peut entrer deux fois dans le fichier : au salon, puis sur le site. Les deux fiches ne s’écrivent pas
# toujours pareil, et c’est pourtant la même personne : deux courriers, deux appels, et des calculs faux.
#
# Pour en être sûr, il faut une **clé commune** : identité et adresse ensemble, téléphone, e-mail ou SIRET. Le nom
# seul ne suffit pas : des **homonymes** existent, et une famille partage son adresse.

# %%
question("A4-X5")

# %%
question("A4-Q2")

# %% [markdown] tags=["entrainement"]
# ### Fusionner : la règle de survivance
#
# Une seule fiche survit, et elle réunit le meilleur des deux :
#
# - le **plus petit numéro** ;
# - la **création la plus ancienne** et le **dernier achat le plus récent** ;
# - le nombre d’achats et le panier de la fiche qui **compte le plus d’achats** : on **n’additionne pas** ;
# - pour chaque consentement, la **réponse exprimée la plus récente**, à défaut la plus restrictive.

# %%
question("A4-X6")

# %% [markdown]
# ## 5. La qualité du fichier en chiffres

# %%
question("A4-Q3")

# %%
question("A4-X7")

# %% [markdown]
# ## 6. Contrôler les entreprises : la sirétisation
#
# **Sirene** est le répertoire des entreprises, tenu par l’Insee. Chaque entreprise y a un **SIREN** (9 chiffres),
# chacun de ses établissements un **SIRET** (le SIREN suivi de 5 chiffres), et un **code APE** qui dit son activité
# principale. *Sirétiser* un fichier, c’est le rapprocher de Sirene pour corriger les numéros, repérer les doublons et
# retirer les entreprises fermées.
#
# Un SIRET mal recopié se voit sans rien consulter, grâce à sa **clé de Luhn** : en partant de la droite, on double un
# chiffre sur deux, on retranche 9 aux doubles qui dépassent 9, on additionne tout ; le total doit être un multiple de
# 10.
#
# > Exemple avec 0000 1234 4000 16. De droite à gauche : 6 **1** 0 **0** 0 **4** 4 **3** 2 **1** 0 **0** 0 **0**.
# > Doublés (en gras) : 2 + 0 + 8 + 6 + 2 + 0 + 0 = 18. Les autres : 6 + 0 + 0 + 4 + 2 + 0 + 0 = 12. Total : 30,
# > multiple de 10, la clé est juste.
#
# (Les numéros de ce cahier sont inventés : aucun SIREN réel ne commence par 0000.)

# %%
question("A4-X10")

# %%
question("A4-X1")

# %%
question("A4-X2")

# %% [markdown] tags=["entrainement"]
# Voici un extrait (inventé) du répertoire Sirene. État **A** : en activité ; **F** : fermé.
#
# | SIRET | Dénomination | Code APE | État | Cessation | Code postal | Ville |
# |---|---|---|---|---|---|---|
# | 00001234400016 | L'ATELIER LUMIERE | 96.02A | A |  | 59000 | LILLE |
# | 00004567400017 | INSTITUT BELLE PEAU | 96.02B | A |  | 69006 | LYON |
# | 00007890700011 | PARAPHARMACIE DU CENTRE | 47.75Z | A |  | 92230 | GENNEVILLIERS |
# | 00001119700019 | COIFF & CO | 96.02A | A |  | 14000 | CAEN |
# | 00002222800019 | PARAPHARM LOIRE | 47.75Z | A |  | 44600 | SAINT NAZAIRE |
# | 00002525400012 | STUDIO ZEN ESTHETIQUE | 96.02B | A |  | 61000 | ALENCON |
# | 00003030400018 | SALON MECHE REBELLE | 96.02A | A |  | 59000 | LILLE |
# | 00003434800011 | ESTHETIQUE RIVE DROITE | 96.02B | A |  | 33000 | BORDEAUX |
# | 00003838000010 | PARA & BIEN-ETRE | 47.75Z | A |  | 93100 | MONTREUIL |
# | 00004242400010 | COIFFURE L'INSTANT | 96.02A | A |  | 72000 | LE MANS |
# | 00004747200014 | INSTITUT FLEUR DE THE | 96.02B | A |  | 35000 | RENNES |
# | 00004848800019 | BARBER STREET | 96.02A | F | 2026-06-30 | 59000 | LILLE |
# | 00005151600011 | PARAPHARMACIE VAUBAN | 47.75Z | A |  | 59000 | LILLE |
# | 00005858600017 | HAIR DU TEMPS | 96.02A | A |  | 75015 | PARIS |
# | 00009001900019 | BOULANGERIE DES HALLES | 10.71C | A |  | 44000 | NANTES |
# | 00009002700012 | STUDIO ZEN YOGA | 85.51Z | A |  | 61000 | ALENCON |

# %%
question("A4-X3")

# %% [markdown] tags=["entrainement"]
# ### Et pour les adresses : la RNVP
#
# **R**estructuration, **n**ormalisation, **v**alidation **p**ostale : on sépare les éléments de l’adresse, on les
# écrit selon la norme (AFNOR NF Z 10-011), puis on vérifie que l’adresse existe. L’essentiel de la norme :
#
# - six lignes au plus, **38 caractères au plus** par ligne ;
# - de la personne vers la ville : nom, étage ou service, bâtiment ou résidence, numéro et voie, lieu-dit, code postal
#   et ville ;
# - ni virgule ni point à partir de la ligne de la voie, dernière ligne en majuscules.

# %%
question("A4-X9")

# %% [markdown] tags=["entrainement"]
# ## 7. Trois familles d’opérations
#
# ### Annexe 6 · Nettoyer, mettre à jour, vérifier
#
# | Famille | On part de… | Exemples |
# |---|---|---|
# | **Nettoyer** | ce qui se voit dans le fichier | supprimer les doublons, corriger les fautes de saisie |
# | **Mettre à jour et enrichir** | ce que disent les contacts | motifs de refus, dates de rappel, contacts à écarter |
# | **Vérifier** | une source extérieure | l’**obsolète** (déménagement), l’**inexact** (numéro faux) |

# %% [markdown] tags=["evaluation"]
# ## 7. Trois familles d’opérations
#
# ### Annexe 6 · Nettoyer, mettre à jour, vérifier
#
# | Famille | On part de… |
# |---|---|
# | **Nettoyer** | ce qui se voit dans le fichier |
# | **Mettre à jour et enrichir** | ce que disent les contacts |
# | **Vérifier** | une source extérieure |

# %%
question("A4-Q4")

# %% [markdown] tags=["entrainement"]
# ## 8. Décider, fiche par fiche
#
# Les téléconseillers ont appelé, les tickets de caisse ont été consultés, Sirene et le référentiel postal aussi. Il
# reste à décider.

# %%
question("A4-X11")

# %% [markdown] tags=["entrainement"]
# ### La base qualifiée
#
# De 60 fiches, il en reste **53** : 49 valides, 3 avec une adresse non valide, 1 opposition. Les décisions, fiche par
# fiche, et les 43 corrections apportées se lisent dans le corrigé de la question qui précède.
#
# Retenez le principe : on ne supprime que ce qui ne servira plus jamais. Un client dont l’adresse est perdue reste un
# client, et une personne qui s’oppose reste dans le fichier, justement pour ne plus jamais être sollicitée.
#
# Cette base qualifiée est le point de départ des activités suivantes : elle vous y est fournie.

# %% [markdown]
# ## Remettre votre travail

# %%
rendre()
