# %% [markdown]
# # R9 · Canaux et parcours

# %% [markdown] tags=["entrainement"]
# **20 points · environ 1 h 30**

# %% [markdown]
# Les **Cabanes d’Auvrelle** louent douze cabanes dans les arbres, en forêt. On les trouve à l’accueil du domaine, sur
# leur site, dans leur application, sur une place de marché de voyages, dans un catalogue de coffrets cadeaux, par
# téléphone et sur les réseaux. **Mme Tixier**, la directrice, veut que tout cela forme une seule maison.

# %% [markdown] tags=["entrainement"]
# Comptez 1 h 15 pour les questions notées, le reste pour les exercices.
#
# Avant ce module : R7, données et CRM. Compétences travaillées : maîtriser la relation omnicanale, animer la relation
# digitale.
#
# À la fin, vous saurez :
#
# - reconnaître un canal, et dire si des canaux se parlent ;
# - suivre un client du rêve au souvenir ;
# - calculer ce qui reste d’une vente selon le canal ;
# - réparer un parcours, et mettre un site dans les règles.
#
# Les questions marquées **noté** font la note ; les autres, marquées **Entraînement**, servent à s’entraîner, sans note.

# %%
from crc_lab import debut, figure, progression, question, rendre

debut("19_canaux")
progression()

# %% [markdown]
# ## 1. Des canaux

# %% [markdown] tags=["entrainement"]
# Un **canal** est un lieu, réel ou non, où un client et une marque se rencontrent.
#
# | L’entreprise est… | Quand… |
# |---|---|
# | en **canal simple** | elle n’en a qu’un |
# | **multicanal** | elle en a plusieurs, sans lien entre eux |
# | en **cross canal** | des passerelles mènent de l’un à l’autre |
# | **omnicanal** | tout communique : le client ne recommence jamais |
#
# Deux passerelles ont un nom : on repère en ligne et l’on achète sur place (*web-to-store*), ou l’inverse
# (*store-to-web*).

# %%
question("R9-X1")

# %%
question("R9-Q1")

# %%
question("R9-X3")

# %%
question("R9-Q2")

# %% [markdown]
# ## 2. Le parcours du voyageur

# %% [markdown] tags=["entrainement"]
# **L’expérience client** est ce que le client perçoit de **l’ensemble** de ses contacts, pas d’un seul. Un voyageur rêve,
# prépare, compare, réserve, séjourne, puis recommande ou déconseille : à chaque moment, une attente différente.

# %%
question("R9-X2")

# %%
question("R9-Q3")

# %% [markdown] tags=["entrainement"]
# Terminez d’abord la question qui précède : voici le parcours entier.

# %% tags=["entrainement"]
figure("19-parcours")

# %% [markdown]
# ## 3. Ce que rapporte chaque canal
#
# ### Annexe 1 · Réservations 2026 par canal
#
# | canal | nuits | prix moyen d’une nuit (€) | commission (%) | coût annuel du canal (€) |
# |---|---|---|---|---|
# | site | 620 | 145 | 0 | 13 400 |
# | place de marché | 540 | 150 | 18 | 0 |
# | téléphone | 240 | 148 | 0 | 9 600 |
# | coffrets cadeaux | 200 | 120 | 25 | 1 000 |
#
# Visites du site : 31 000 ; abonnés aux réseaux : 8 400 ; charges de ménage par nuit, quel que soit le canal : 38 €.

# %%
question("R9-Q4")

# %% [markdown]
# ## 4. Réparer
#
# ### Annexe 2 · Ce que disent les clients
#
# > « Vu à 139 € sur la place de marché, 145 € sur votre site. »
# >
# > « J’ai réservé par téléphone ; à l’accueil, personne n’avait mon nom. »
# >
# > « Votre page dit “petit déjeuner compris”, le coffret dit “en option”. »
# >
# > « J’ai commencé sur mon téléphone ; sur l’ordinateur, tout était à refaire. »
# >
# > « Après mon séjour, aucun message. »

# %%
question("R9-Q5")

# %% [markdown]
# ## 5. Le site dans les règles
#
# ### Annexe 3 · Le site aujourd’hui
#
# - Pas de conditions de vente.
# - Mentions légales réduites au nom du domaine.
# - Photos trouvées sur un moteur de recherche.
# - Musique d’un album récent sur la vidéo d’accueil.
# - Formulaire demandant nom, e-mail, date de naissance et profession « pour la newsletter ».

# %%
question("R9-X4")

# %%
question("R9-Q6")

# %% [markdown]
# ## 6. Conclure

# %%
question("R9-Q7")

# %% [markdown]
# ## 7. Remettre votre travail
#
# La conclusion est lue par votre professeur : votre note reste provisoire jusque-là.

# %%
rendre()
