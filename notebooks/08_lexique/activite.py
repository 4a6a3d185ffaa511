# %% [markdown]
# # Retenir les mots : lexique et cartes mémoire
#
# **Sans note · 5 minutes par jour**
#
# Un métier, ce sont aussi des mots. À l’examen comme en entreprise, on attend de vous le mot juste : un **prospect**
# n’est pas un **suspect**, un **NPAI** n’est pas un **PND**.
#
# À la fin de cette page, vous saurez :
#
# - retrouver vite la définition d’un mot du cahier ;
# - vous en souvenir, en quelques minutes par jour, sans tout relire.

# %%
from crc_lab import debut, lexique, progression, question, rendre

debut("08_lexique")
progression()

# %% [markdown]
# ## 1. Cartes mémoire
#
# On retient mieux en **cherchant** qu’en relisant, et mieux en **espaçant** qu’en répétant le même soir. Ces cartes
# font les deux : chacune revient juste avant que vous ne l’oubliiez, de plus en plus rarement si vous la savez.
#
# 1. Lisez le recto, cherchez la réponse **dans votre tête**, puis retournez la carte.
# 2. Notez-vous honnêtement : « À revoir » si vous n’aviez pas trouvé, « Difficile », « Bien » ou « Facile » sinon.
#    Sous chaque bouton, vous lisez quand la carte reviendra.
# 3. Arrêtez-vous quand vous voulez : rien n’est perdu, et tout recommence demain où vous en étiez.
#
# Cinq à dix cartes nouvelles par jour suffisent. Ces notes ne comptent nulle part : elles ne servent qu’à choisir la
# date.

# %%
question("A8-CARTES")

# %% [markdown]
# ## 2. Des mots voisins
#
# Certains mots se ressemblent tant qu’on les échange. Essayez de les remettre à leur place.

# %%
question("A8-X1")

# %% [markdown]
# ## 3. Tout le lexique
#
# Tapez quelques lettres d’un mot ou de sa définition. Sous chaque définition, vous lisez dans quel cours le mot est
# étudié.

# %%
lexique()

# %% [markdown]
# ## 4. Garder ses progrès
#
# Vos cartes s’enregistrent dans ce carnet, comme vos autres réponses : gardez ce fichier, et ouvrez toujours le même.

# %%
rendre()
