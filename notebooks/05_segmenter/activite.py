# %% [markdown]
# # Activité 5 · Segmenter la clientèle
#
# Date de référence : **1er novembre 2026**.

# %% [markdown] tags=["entrainement"]
# **20 points · environ 1 h 30**

# %% [markdown]
# La base de **Marielle Nature** est rangée et fiable : 53 fiches, dont 49 clients. On ne parle pourtant pas à un
# jeune homme de Paris comme à une parapharmacie de Lille. Chez **Omnicom**, vous allez découper cette clientèle, puis
# choisir à qui présenter une nouvelle gamme.

# %% [markdown] tags=["entrainement"]
# Comptez 30 minutes pour les questions notées, le reste pour le cours et les exercices.
#
# À la fin de cette activité, vous saurez :
#
# - dire la différence entre segmenter et scorer ;
# - reconnaître les cinq familles de critères ;
# - juger si un segment vaut la peine d’une campagne ;
# - traduire un segment en filtres, et sortir la liste des fiches.
#
# Trois questions sont marquées **noté** (3, 3 et 14 points) ; les autres, marquées **Entraînement**, servent à
# s’entraîner, sans note.

# %% [markdown]
# Tout le monde part de la même base qualifiée : une erreur à l’activité 4 ne vous suit pas.

# %%
from crc_lab import debut, figure, progression, question, rendre

debut("05_segmenter")
progression()

# %% [markdown] tags=["entrainement"]
# ## 1. Segmenter ou scorer ?
#
# **Segmenter**, c’est découper une clientèle en groupes dont les membres se ressemblent et réagiraient de la même
# façon à une offre. Chaque groupe est un **segment** : les étudiantes, les salons de coiffure de moins de dix
# salariés, les clientes parisiennes…
#
# **Scorer**, c’est donner une note à chaque client pour les ranger, du plus prometteur au moins prometteur. La note
# ne dit pas qui il est, elle dit combien il compte.
#
# Les deux travaillent ensemble. Le segment choisit **à qui** l’on parle ; le score dit **par qui** commencer quand il
# n’y a pas de place, de temps ou de budget pour tous. Rien n’interdit non plus de découper la clientèle d’après un
# score : c’est ce que vous ferez à l’activité 6.

# %% tags=["entrainement"]
figure("05-segmenter-scorer")

# %% [markdown] tags=["entrainement"]
# **Un exemple.** Une marque ouvre pour un mois une boutique dans le quartier d’affaires de La Défense. Elle y vend
# une box beauté, chère, faite pour des femmes actives. Écrire à tout le fichier coûterait cher et lasserait ceux que
# l’offre n’intéresse pas. Elle choisit donc un segment : des femmes d’au moins trente ans, qui dépensent déjà au
# moins cent euros par achat. Moins d’envois, plus de réponses.

# %% [markdown] tags=["entrainement"]
# ## 2. Sur quoi découper ? Cinq familles de critères
#
# | Famille | Elle décrit… | Pour qui ? |
# |---|---|---|
# | **sociodémographique** | une personne : ce que dit son état civil ou sa situation | particuliers |
# | **activité et secteur** | un métier, une branche, un type d’établissement | entreprises |
# | **géographique** | un lieu, une distance | tous |
# | **taille** | une dimension que l’on peut compter | entreprises |
# | **comportementale** | ce que le client fait ou veut faire | tous |
#
# Un critère se choisit d’après le produit. L’âge compte pour une crème antirides, peu pour un savon ; le nombre de
# salariés compte pour un flacon d’un litre destiné aux salons.

# %%
question("A5-X1")

# %% [markdown] tags=["entrainement"]
# ### La taille des entreprises
#
# Les fichiers professionnels ne donnent souvent qu’une **tranche d’effectif** : 1 à 9, 10 à 19, 20 à 49, 50 à 99, 100
# à 199, 200 à 499, 500 à 999, 1 000 à 4 999, 5 000 et plus. Lisez bien les limites : une entreprise n’est que dans
# une tranche.

# %%
question("A5-X2")

# %% [markdown] tags=["entrainement"]
# ## 3. Un bon segment
#
# Découper n’est pas difficile ; découper **utilement** l’est davantage. Avant de lancer une campagne, vérifiez cinq
# conditions.
#
# | Un segment doit être… | La question à se poser |
# |---|---|
# | **pertinent** | ces personnes ont-elles besoin de ce produit ? |
# | **homogène** | se ressemblent-elles assez pour recevoir le même message ? |
# | **mesurable** | puis-je les compter avec les colonnes que j’ai ? |
# | **assez grand** | sont-elles assez nombreuses pour payer la campagne ? |
# | **accessible** | puis-je les joindre, et ont-elles accepté d’être contactées ? |
#
# Un segment d’une seule personne n’est pas un segment. Un segment que l’on n’a pas le droit de contacter ne sert à
# rien. Un segment peut aussi être trop large : « tous nos clients » n’oriente aucun message.

# %% [markdown]
# ## 4. Trier, filtrer
#
# Deux gestes du tableur se ressemblent et ne font pas le même travail :
#
# - le **tri** change l’ordre des lignes, et les garde **toutes** ;
# - le **filtre** cache les lignes qui ne remplissent pas une condition : il **sélectionne**.

# %%
figure("05-tri-filtre")

# %% [markdown]
# Plusieurs filtres à la fois s’**ajoutent** : une fiche reste si elle remplit la première condition **et** la
# deuxième **et** la troisième. Chaque filtre a trois parties : une colonne, une comparaison, une valeur.
#
# | On veut… | Colonne | Comparaison | Valeur |
# |---|---|---|---|
# | les clients de Nantes | Ville | est | NANTES |
# | les clients des trois villes où il y a une boutique | Ville | est l’une de | PARIS ; NANTES ; LILLE |
# | les moins de 30 ans | Âge | < moins de | 30 |
# | ceux qui ont acheté cette année | Dernier achat | ≥ à partir du | 01/01/2026 |
# | ceux qui n’ont jamais acheté | Dernier achat | est vide | |
#
# Trois pièges : « plus de 100 » laisse 100 dehors, « au moins 100 » le garde. Une case vide ne passe aucune
# comparaison de nombres ou de dates. Un prénom ne dit pas le sexe : il y a une colonne pour cela.
#
# Dans **Excel** : *Données*, puis *Filtrer*, et la flèche de chaque titre. Dans la carte ci-dessous : choisissez la
# colonne, la comparaison, tapez la valeur ; le nombre de fiches retenues se met à jour.

# %%
question("A5-X3")

# %% [markdown] tags=["document"]
# ## 5. Les critères d’un scoring
#
# ### Annexe 7 · La grille d’un vendeur de dosettes de café
#
# Ce vendeur donne à chaque client, une entreprise, des points qu’il additionne. Le garage Lefort obtient
# 5 + 5 + 5 = **15 points**. Le titre des trois colonnes a été effacé.
#
# | Points | A | B | C |
# |---|---|---|---|
# | **0** | plus de 6 mois | moins de 1 par mois | moins de 20 € |
# | **2** | de 3 à 6 mois | 1 ou 2 par mois | de 20 à 50 € |
# | **5** | moins de 3 mois | plus de 2 par mois | plus de 50 € |

# %% [markdown]
# On peut ensuite faire des segments avec ces points : plus de 10, de 5 à 10, moins de 5. Le scoring devient alors une
# façon de segmenter par le **comportement d’achat**.

# %%
question("A5-Q1")

# %%
question("A5-Q1b")

# %% [markdown]
# ## 6. À vous : une gamme pour les hommes
#
# Marielle Nature sort une gamme de soins pour homme : huile à barbe, baume, gel nettoyant. Elle demande à Omnicom de
# proposer un segment et de sortir la liste des personnes à contacter.
#
# La base contient des **particuliers** et des **professionnels**. Chez un professionnel, la colonne **Sexe** est celle
# du contact qui décroche, pas celle du client : c’est le salon qui achète. La colonne **Statut de la fiche** dit si l’on peut
# écrire à l’adresse, et si la personne s’est opposée à toute sollicitation.
#
# Comptez une demi-heure. Vous pouvez aussi travailler dans Excel avec vos propres filtres, puis recopier ici vos
# critères et votre liste.

# %%
question("A5-Q2")

# %% [markdown]
# ## 7. Et ensuite ?
#
# Vous savez découper une clientèle. À l’activité 6, vous lui donnerez des notes avec la grille de Marielle Nature. À
# l’activité 7, vous mêlerez les deux pour choisir les invités d’une vente privée.

# %%
rendre()
