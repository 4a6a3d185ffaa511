# %% [markdown]
# # Activité 7 · Cibler la vente privée
#
# Date de référence : **1er novembre 2026**.

# %% [markdown] tags=["entrainement"]
# **20 points · environ 1 h 15**

# %% [markdown]
# C’est l’aboutissement. **Marielle Nature** veut organiser une vente privée avant Noël, dans ses boutiques et en
# ligne. **Omnicom** doit lui dire qui inviter, et comment. Tout ce que vous avez préparé sert : une base fiable, des
# segments, des scores.

# %% [markdown] tags=["entrainement"]
# Comptez 50 minutes pour les questions notées, le reste pour les exercices.
#
# À la fin de cette activité, vous saurez :
#
# - partir d’un objectif pour choisir une cible, et non l’inverse ;
# - lire une cible dans une base scorée ;
# - vérifier, personne par personne, par quel canal on a le droit de l’inviter.
#
# Les questions marquées **noté** font la note ; les autres, marquées **Entraînement**, servent à s’entraîner, sans note.

# %% [markdown]
# La base fournie est la base qualifiée, complétée des scores : une erreur à l’activité 6 ne vous suit pas. La première question, ouverte, est lue
# et notée par votre professeur.

# %%
from crc_lab import debut, progression, question, rendre

debut("07_cibler")
progression()

# %% [markdown] tags=["entrainement"]
# ## 1. D’abord un objectif
#
# Une action commerciale ne s’adresse pas à « tout le monde ». Elle cherche à obtenir **une** chose, et c’est cette
# chose qui désigne les personnes à contacter.
#
# | Objectif | On veut… |
# |---|---|
# | **conquérir** | faire venir des personnes qui n’ont jamais acheté |
# | **développer** | faire acheter davantage ceux qui achètent déjà |
# | **fidéliser** | garder, remercier, récompenser ceux qui comptent |
# | **réactiver** | faire revenir ceux qui n’achètent plus |
#
# Choisir la cible avant l’objectif, c’est écrire une lettre sans savoir ce que l’on veut dire.

# %%
question("A7-X1")

# %% [markdown]
# ## 2. Une vente privée
#
# Une vente privée n’est pas une promotion comme une autre. Elle n’est **pas ouverte à tous** : il faut une
# invitation. Elle compte **peu de places** ou dure peu de temps. Elle donne un **avantage** que les autres n’ont
# pas : des prix, une avant-première, un cadeau, un accueil. Celui qui la reçoit se sent choisi ; celui qui apprend
# qu’elle était ouverte à tous se sent trompé.
#
# Elle a aussi un coût : le lieu, le personnel, les remises, les invitations. Une invitation envoyée à quelqu’un qui
# ne viendra pas est une dépense sans retour.

# %%
question("A7-Q1")

# %% [markdown]
# ## 3. De l’objectif à la cible
#
# Vous disposez des scores calculés à l’activité 6, de 0 à 50, et des quatre segments qu’ils dessinent. Quatre fiches
# n’ont pas de score : ce sont des **prospects**, qui n’ont jamais rien acheté.

# %% [markdown] tags=["document"]
# ### Annexe 8 · Les segments d’après le score (extrait)
#
# | Score R + F + M | Segment |
# |---|---|
# | plus de 40 | très bons clients |
# | de 25 à 40 | bons clients |
# | de 1 à 24 | clients tièdes |
# | 0 | clients inactifs |

# %% [markdown]
# Quand les places sont comptées, l’**ordre** des invitations compte aussi : on commence par le segment le plus utile
# à l’objectif, et l’on ne passe au suivant que s’il reste de la place.

# %%
question("A7-Q2")

# %%
question("A7-Q2b")

# %% [markdown]
# ### La liste
#
# Une cible ne devient une campagne qu’avec des noms. Deux précautions :
#
# - relisez les **limites** de l’annexe 8 : une note égale à la limite n’est pas au-dessus d’elle ;
# - travaillez sur la **bonne base** : la base qualifiée n’a plus de doublons.

# %%
question("A7-Q3")

# %% [markdown]
# ## 4. Par quel canal ?
#
# Une bonne cible que l’on contacte sans en avoir le droit coûte plus cher qu’elle ne rapporte : plaintes, sanctions,
# image abîmée. Pour chaque canal, deux questions : ai-je le **droit** ? ai-je le **moyen** ?
#
# | Canal | Particulier | Professionnel | Le moyen |
# |---|---|---|---|
# | **E-mail** | accord préalable | information et droit de refuser | une adresse électronique |
# | **SMS** | accord préalable | information et droit de refuser | un numéro de **mobile** |
# | **Téléphone** | accord préalable et prouvé | permis | un numéro |
# | **Courrier** | permis, sauf opposition | permis, sauf opposition | une adresse valide |
#
# Deux précisions. Pour le téléphone, l’accord d’un particulier est exigé depuis le 11 août 2026, et vaut un an au
# plus. À un professionnel, on ne propose que ce qui a un rapport avec son métier.
#
# Deux exceptions vues à l’activité 2 : on peut écrire par e-mail ou par SMS à un **client** pour des produits semblables
# à ceux qu’il a achetés, et téléphoner pour un **contrat en cours**. Un achat terminé n’est pas un contrat en cours.
#
# Et pour tous : qui a demandé à ne plus être contacté ne l’est plus, par aucun canal. En France, un numéro qui
# commence par +33 6 ou +33 7 est un mobile ; +33 1 à +33 5, une ligne fixe.

# %%
question("A7-X2")

# %% [markdown]
# ### L’invitation
#
# La carte reprend les invités de votre liste. Cochez les canaux : à la souris, ou au clavier avec Tab, les flèches et
# Espace.

# %%
question("A7-Q4")

# %% [markdown]
# ## 5. Le chemin parcouru
#
# Vous êtes parti d’un fichier de 60 lignes en désordre. Vous l’avez rangé, nettoyé, découpé, noté ; vous en tirez
# quelques invitations, chacune par un canal permis. C’est exactement ce que Marielle Nature attendait d’Omnicom : une
# base de qualité et conforme, et une connaissance de ses clients qui lui sert à décider.

# %% [markdown] tags=["entrainement"]
# Pour retenir les mots de ce parcours, ouvrez le lexique et ses cartes mémoire : cinq minutes par jour suffisent.

# %%
rendre()
