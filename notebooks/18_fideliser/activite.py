# %% [markdown]
# # R8 · Fidéliser

# %% [markdown] tags=["entrainement"]
# **20 points · environ 1 h 45**

# %% [markdown]
# **Terrabelline** a quatre jardineries et un site. Les ventes stagnent : **Mme Savary**, la directrice commerciale,
# hésite entre recruter des clients et garder les siens. Elle vous demande de l’aider à choisir, chiffres à l’appui.

# %% [markdown] tags=["entrainement"]
# Comptez 1 h 20 pour les questions notées, le reste pour les exercices.
#
# Avant ce module : R2, mesurer la satisfaction. Compétence travaillée : entretenir la relation dans la durée.
#
# À la fin, vous saurez :
#
# - comparer ce que coûtent une conquête et une fidélisation, sans mélanger les deux ;
# - dire si une carte de fidélité rapporte plus qu’elle ne coûte ;
# - distinguer un client qui rachète d’un client qui aime ;
# - choisir l’action qui convient à chaque client.
#
# Les questions marquées **noté** font la note ; les autres, marquées **Entraînement**, servent à s’entraîner, sans note.

# %%
from crc_lab import debut, figure, progression, question, rendre

debut("18_fideliser")
progression()

# %% [markdown]
# ## 1. Garder, ou conquérir ?

# %% [markdown] tags=["entrainement"]
# Garder un client coûte en général moins cher que d’en gagner un : de deux à cinq fois moins, dit le cours, sans donner
# d’étude que l’on puisse vérifier. Cinq règles vont avec cette idée :
#
# 1. garder coûte moins que conquérir ;
# 2. tous les clients ne se valent pas ;
# 3. un client satisfait n’est pas toujours fidèle ;
# 4. ce que l’on sait de ses clients vaut de l’or ;
# 5. une remise seule n’attache personne.
#
# **Fidéliser défend un portefeuille.** Sans nouveaux clients, la clientèle vieillit : une entreprise en bonne santé fait
# les deux.

# %%
question("R8-X1")

# %%
question("R8-X3")

# %%
question("R8-X2")

# %%
question("R8-X7")

# %% [markdown]
# ### Annexe 1 · Terrabelline en 2025
#
# | | |
# |---|---|
# | clients au 1er janvier | 24 000 |
# | clients perdus dans l’année | 2 880 |
# | clients gagnés dans l’année | 3 360 |
# | panier moyen | 42 € |
# | achats par client et par an | 3,5 |
# | taux de marge | 38 % |
# | publicité de conquête | 168 000 € |
# | actions de fidélisation | 43 200 € |
# | loyers | 310 000 € |
#
# Un client fidèle depuis cinq ans vient 5 fois par an, avec un panier de 48 €.
#
# ### Annexe 2 · Le projet de carte « Racines »
#
# | | |
# |---|---|
# | porteurs la première année | 6 000 |
# | ce que chacun dépensait par an | 147 € |
# | hausse attendue de leurs achats | 12 % |
# | chèques cadeaux, par porteur et par an | 3 € |
# | logiciel et animation, par an | 9 500 € |
# | fabrication (carte sur téléphone) | gratuite |
# | stand de lancement, déjà payé en 2025 | 4 000 € |
#
# ### Annexe 3 · Trois outils, trois extraits
#
# > **Enquête.** « 12 % de réponses, plutôt des très contents et des très fâchés ; en magasin, le vendeur tend lui-même le
# > questionnaire. »
# >
# > **Carte.** « Nos clients ont en moyenne six cartes dans leur téléphone ; à Vannes, la caisse a refusé le chèque d’une
# > cliente. »
# >
# > **Club.** « 180 passionnés, quatre soirées par an avec un pépiniériste, 62 € par membre ; ils envoient photos et
# > conseils. »

# %%
question("R8-X8")

# %%
question("R8-Q1")

# %% [markdown]
# ## 2. Compter

# %%
question("R8-Q2")

# %%
question("R8-Q3")

# %% [markdown] tags=["entrainement"]
# Terminez d’abord la question qui précède : voici à partir de quelle hausse la carte est rentable.

# %% tags=["entrainement"]
figure("18-carte")

# %%
question("R8-X6")

# %% [markdown]
# ## 3. À chaque client son action

# %% [markdown] tags=["entrainement"]
# **Deux fidélités.** *Comportementale* : il rachète, pour une raison ou une autre. *Attitudinale* : il aime la marque, qu’il
# achète ou non. On peut avoir l’une sans l’autre.
#
# **Deux stratégies.** *Récompenser* les gros acheteurs, ou *intensifier* les achats de tous.
#
# **Quatre orientations**, client par client :
#
# | Orientation | On se dit… |
# |---|---|
# | **(re)conquête** | il n’est pas (ou plus) client : allons le chercher |
# | **fidélisation** | il vient, il compte : gardons-le |
# | **rationalisation** | il vient, mais nous coûte trop : servons-le autrement |
# | **abandon** | il coûte plus qu’il ne rapportera jamais : laissons-le partir |

# %%
question("R8-X4")

# %%
question("R8-X5")

# %%
question("R8-Q4")

# %%
question("R8-Q5")

# %% [markdown]
# ## 4. Conclure

# %%
question("R8-Q6")

# %% [markdown]
# ## 5. Remettre votre travail
#
# La conclusion est lue par votre professeur : votre note reste provisoire jusque-là.

# %%
rendre()
