# %% [markdown]
# # R3 · Jouer des appels

# %% [markdown] tags=["entrainement"]
# **20 points · environ 2 h 30**

# %% [markdown]
# **Bocarel** compose des coffrets d’épicerie fine pour des entreprises et des particuliers, et livre une box chaque
# mois. Vous êtes **Lina Ferrand**, conseillère : le téléphone sonne, ou c’est vous qui appelez. Ici, on ne récite pas
# un guide d’appel, on joue l’appel.

# %% [markdown] tags=["entrainement"]
# Comptez 1 h 30 pour les questions notées, le reste pour les exercices.
#
# Avant ce module : les activités 1 (le centre de relation client) et 2 (la réglementation). Compétence travaillée :
# créer et entretenir la relation client à distance ; elle vous servira aussi à l’oral E4.
#
# À la fin, vous saurez :
#
# - choisir la méthode de l’appel (CROC, CERC, 4C) et dire où vous en êtes ;
# - passer un standard et répondre à une objection sans tricher ;
# - calmer un client furieux, temps après temps ;
# - dire qui l’on a le droit d’appeler, et ce qu’il faut écrire après un accord.
#
# Les questions marquées **noté** font la note ; les autres, marquées **Entraînement**, servent à s’entraîner, sans note.

# %%
from crc_lab import debut, progression, question, rendre

debut("13_appels")
progression()

# %% [markdown] tags=["entrainement"]
# ## 1. Quelle méthode pour quel appel ?
#
# | Situation | Méthode | Les étapes |
# |---|---|---|
# | **J’appelle pour obtenir quelque chose** : qualifier, prendre rendez-vous | **CROC** | contact, raison, objectif, congé |
# | **J’appelle pour vendre** | **4C** | contacter, connaître, convaincre, conclure |
# | **On m’appelle** | **CERC** | contact, écoute, réponse, conclusion |
#
# **Un client furieux** se traite en neuf temps : laisser parler, compatir, faire préciser, noter, demander à réparer,
# explorer l’attente, s’engager, informer, remercier.
#
# **Un refus d’être rappelé arrête tout** : on le note, on s’excuse, on raccroche poliment.

# %%
question("R3-X2")

# %%
question("R3-X3")

# %% [markdown]
# ## 2. Ce que la loi demande
#
# ### Annexe 1 · Extrait à garder près du téléphone
#
# Le signe dit la certitude : ● établie, ◐ précise mais à relire.
#
# - ● **Appeler un consommateur** : il faut son accord préalable, libre et précis ; l’entreprise en garde la preuve, et
#   il peut le retirer à tout moment. La principale exception : un contrat en cours, et une offre en rapport avec lui.
# - ◐ Cet accord vaut **un an au plus** ; on appelle du lundi au vendredi, de 10 h à 13 h et de 14 h à 20 h, hors jours
#   fériés ; **quatre appels au plus en trente jours**.
# - ● **Appeler un professionnel** : pas d’accord à demander, mais l’objet de l’appel est en rapport avec son métier.
# - ● **Toujours** : dire son nom, son entreprise et l’objet commercial dès le début ; le numéro affiché est joignable.
# - ● **Vendre par téléphone à un consommateur** : il n’est engagé qu’après avoir accepté l’offre **par écrit**, et il a
#   quatorze jours pour se rétracter.

# %%
question("R3-X8")

# %%
question("R3-X9")

# %%
question("R3-X10")

# %% [markdown]
# ## 3. Appeler pour un rendez-vous

# %%
question("R3-X6")

# %%
question("R3-X5")

# %%
question("R3-Q1")

# %%
question("R3-X1")

# %%
question("R3-X7")

# %% [markdown]
# ## 4. On vous appelle

# %%
question("R3-Q2")

# %%
question("R3-Q3")

# %% [markdown]
# ## 5. Vendre, interroger

# %%
question("R3-X4")

# %%
question("R3-Q4")

# %%
question("R3-Q5")

# %% [markdown]
# ## 6. Conclure
#
# ### Annexe 2 · Deux semaines d’appels B to B de Bocarel
#
# | Appels | | Objections des décideurs | |
# |---|---|---|---|
# | appels émis | 240 | pas le temps | 52 |
# | conversations avec un décideur | 108 | déjà un fournisseur | 31 |
# | rendez-vous obtenus | 27 | trop cher | 15 |
# | documentations envoyées | 39 | autres | 10 |
# | refus | 42 | | |
#
# Temps passé : 30 heures. Rendez-vous suivis d’une commande : 9, de 620 € en moyenne.

# %%
question("R3-Q6")

# %% [markdown]
# ## 7. Remettre votre travail
#
# La conclusion est lue par votre professeur : votre note reste provisoire jusque-là.

# %%
rendre()
