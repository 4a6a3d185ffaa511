# %% [markdown]
# # Réviser chaque jour : questions, cartes mémoire, lexique
#
# **Sans note · 5 minutes par jour**

# %%
from crc_lab import debut, lexique, progression, question, rendre

debut("08_lexique")

# %% [markdown]
# ## 1. Cinq questions par jour

# %%
question("A8-QUESTIONS")

# %% [markdown]
# Cinq questions courtes, deux minutes : chacune dit aussitôt si vous avez trouvé, et pourquoi. Une question manquée revient
# à la fin ; une question sue revient juste avant que vous ne l’oubliiez, de plus en plus rarement. Il y en a 150, sur tous
# les cours. Rien n’est noté, rien n’est envoyé. Les nombres s’écrivent comme sur une copie : 2,5 ou 85 %, avec ou sans
# l’unité.
#
# À l’examen comme en entreprise, on attend de vous des réflexes (une formule, un délai, une règle) et le mot juste : un
# **prospect** n’est pas un **suspect**, un **NPAI** n’est pas un **PND**. Avec cette page, vous saurez :
#
# - répondre vite à une question de cours ;
# - retrouver la définition d’un mot du cahier ;
# - vous en souvenir, en quelques minutes par jour, sans tout relire.

# %%
progression()

# %% [markdown]
# ## 2. Cartes mémoire
#
# On retient mieux en **cherchant** qu’en relisant, et mieux en **espaçant** qu’en répétant le même soir. Ces cartes
# font les deux : chacune revient juste avant que vous ne l’oubliiez, de plus en plus rarement si vous la savez.
#
# 1. Lisez le recto, cherchez la réponse **dans votre tête**, puis retournez la carte.
# 2. Notez-vous honnêtement : « À revoir » si vous n’aviez pas trouvé, « Difficile », « Bien » ou « Facile » sinon.
#    Sous chaque bouton, vous lisez quand la carte reviendra.
# 3. Arrêtez-vous quand vous voulez : rien n’est perdu, et tout reprend où vous en étiez.
#
# Le premier jour, dix cartes du thème du jour vous attendent ; ensuite, cinq à dix nouvelles par jour suffisent. Ces notes ne
# comptent nulle part : elles ne servent qu’à choisir la date.

# %%
question("A8-CARTES")

# %% [markdown]
# ## 3. Des mots voisins
#
# Certains mots se ressemblent tant qu’on les échange. Essayez de les remettre à leur place.

# %%
question("A8-X1")

# %% [markdown]
# ## 4. Tout le lexique
#
# Tapez quelques lettres d’un mot ou de sa définition. Sous chaque définition, vous lisez dans quel cours le mot est
# étudié.

# %%
lexique()

# %% [markdown]
# ## 5. Garder ses progrès
#
# Vos questions et vos cartes s’enregistrent dans ce carnet, comme vos autres réponses : gardez ce fichier, et ouvrez toujours le même.

# %%
rendre()
