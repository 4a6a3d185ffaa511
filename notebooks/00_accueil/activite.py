# %% [markdown]
# # Le cahier Marielle Nature
#
# Chez **Omnicom**, un centre de relation client, vous rangez, corrigez et faites parler le fichier de **Marielle Nature**,
# une marque de cosmétiques bio. Vous n’avez **rien à programmer**.

# %%
from crc_lab import debut, parcours, question, rendre

debut("00_accueil")
parcours()

# %% [markdown]
# <details><summary><strong>Comment ça marche</strong> (une minute)</summary>
#
# Chaque question est une **carte** : cliquez, choisissez dans une liste, écrivez (12,5 avec une virgule, c’est parfait),
# ou remplissez une grille, comme dans un tableur. Le copier-coller depuis Excel fonctionne. Tout se fait aussi au clavier.
#
# - **Vérifier** dit tout de suite ce qui est juste et ce qui ne l’est pas, autant de fois que vous voulez. Les **indices**
#   aident ; **Voir le corrigé** explique. Essayez d’abord : c’est en cherchant qu’on retient.
# - **Vos réponses s’enregistrent seules**, dans le fichier du cahier (`.ipynb`) : « ✓ enregistré à 10:42 », en haut de la
#   carte. Si elle affiche ⚠, appuyez sur **Ctrl + S**.
# - **Rien ne s’affiche ?** Cliquez sur **Tout relancer** : vos réponses reviennent avec les cartes.
# - **Pour rendre** : **Télécharger ma copie**, dans la dernière carte de chaque activité. Votre nom, vos réponses et leur
#   heure y restent ; rien n’est envoyé sur internet. Les personnes du fichier de Marielle Nature sont inventées.
# - Chaque activité part d’un fichier correct, fourni : faites-les dans l’ordre, c’est mieux, ou seulement celle qu’on
#   vous demande. L’épreuve E5 porte aussi sur le site, le e-commerce et les contenus en ligne : ce cahier n’en parle pas.
#
# </details>

# %% [markdown]
# ## Un essai, sans note

# %%
question("A0-Q1")

# %%
question("A0-Q2")

# %% [markdown]
# ### Où sont mes réponses ?
#
# | La carte affiche… | Ce que cela veut dire | Que faire |
# |---|---|---|
# | ✓ enregistré à 10:42 | la réponse est dans le fichier | rien, continuez |
# | ⚠ pas encore enregistré | l’enregistrement automatique n’a pas abouti | appuyez sur **Ctrl + S** |
# | ⚠ non enregistré | l’extension du cahier ne répond pas | ouvrez-le par `crc-lab ouvrir`, ou prévenez le professeur |
# | gardé à côté du carnet | elle est dans un fichier `.reponses.json` voisin | gardez et rendez les deux fichiers |

# %% [markdown]
# ## Pour les curieux : pandas
#
# Ceux qui aiment programmer peuvent répondre avec du code. `charger` ouvre un fichier du cahier, `verifier` donne une
# réponse :
#
# ```python
# from crc_lab import charger, verifier
#
# base = charger("base_qualifiee")
# ...
# verifier("A6-Q1", resultat)
# ```
#
# « Afficher le code », dans le menu « Aide », montre les cellules de code. Ce n’est demandé nulle part, et ne rapporte
# pas un point de plus.

# %% [markdown]
# ## Un dernier essai : la remise
#
# Voici la carte que vous retrouverez à la fin de chaque activité. Ici, rien n’est noté : inutile de rendre ce
# fichier.

# %%
rendre()
