# %% [markdown]
# # R6 · Encadrer le plateau

# %% [markdown] tags=["entrainement"]
# **20 points · environ 2 h 15**

# %% [markdown]
# **Patounelle** assure la santé des chiens et des chats. Son plateau de Dijon prend les appels des assurés de 8 h à
# 20 h, du lundi au samedi. **Mme Ferrière**, la responsable, vous confie la semaine du 30 novembre 2026 : combien de
# conseillers, à quelles heures, pour quel salaire, et comment leur donner envie de rester ?

# %% [markdown] tags=["entrainement"]
# Comptez 1 h 30 pour les questions notées, le reste pour les exercices.
#
# Avant ce module : R1, le tableau de bord du plateau. Compétence travaillée : encadrer et animer une équipe de
# téléacteurs.
#
# À la fin, vous saurez :
#
# - passer d’un nombre d’appels à un nombre de conseillers, heure par heure ;
# - bâtir un planning qui respecte la loi et tient compte de chacun ;
# - calculer une paie avec des heures supplémentaires et une prime ;
# - mesurer les départs et la ponctualité, et dire ce qu’un départ coûte ;
# - choisir la bonne réunion, le bon objectif, le bon accompagnement.
#
# Les questions marquées **noté** font la note ; les autres, marquées **Entraînement**, servent à s’entraîner, sans note.

# %%
from crc_lab import debut, figure, progression, question, rendre

debut("16_equipe")
progression()

# %% [markdown]
# ## 1. Combien de conseillers ?

# %% [markdown] tags=["entrainement"]
# **Dimensionner**, c’est prévoir assez de monde pour que le client n’attende pas, et pas trop pour que personne ne
# tourne en rond. Trois pas :
#
# 1. **la charge** : le nombre d’appels × la durée de traitement, c’est-à-dire la conversation, la garde **et** la
#    saisie ;
# 2. **le temps utile** : un conseiller occupé à 80 % ne donne que 48 minutes par heure, car il attend aussi des appels
#    et souffle un peu ;
# 3. **l’effectif** : la charge ÷ le temps utile, arrondi à l’entier **supérieur**, heure par heure.
#
# Pourquoi arrondir chaque heure ? Parce qu’un conseiller de trop à 15 heures ne prend pas les appels de 10 heures.

# %% [markdown]
# ### Annexe 1 · Prévision du mercredi 2 décembre
#
# Un appel dure 250 s, plus 20 s de garde et 30 s de saisie. Occupation visée : 80 %. Seize postes sont équipés. L’an
# dernier, 361 appels le même jour.
#
# | Heure | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18 | 19 |
# |---|---|---|---|---|---|---|---|---|---|---|---|---|
# | Appels | 24 | 41 | 52 | 44 | 31 | 27 | 33 | 45 | 43 | 35 | 29 | 20 |

# %%
figure("16-appels")

# %%
question("R6-Q1")

# %% [markdown]
# ## 2. Qui travaille, et quand ?

# %% [markdown] tags=["entrainement"]
# Un planning ne fait pas ce qu’il veut. Le signe dit la certitude : ● établie, ◐ précise mais à relire.
#
# | La règle | Le maximum, ou le minimum |
# |---|---|
# | ● durée légale | 35 h par semaine |
# | ● une journée | 10 h au plus |
# | ● le repos entre deux journées | 11 h au moins |
# | ● les jours de suite | six au plus |
# | ● les heures supplémentaires | 220 par an, sauf accord |
#
# **Pour remplir une grille**, commencez par ceux qui ont le moins de choix : qui ne peut venir que le matin, qui doit
# partir tôt, qui n’a pas le droit de venir. Placez ensuite les autres là où il manque quelqu’un, et regardez les pauses
# en dernier : deux personnes indispensables ne se reposent pas ensemble.

# %%
question("R6-X1")

# %% [markdown]
# ### Annexe 2 · Mardi 1er décembre : le besoin, l’équipe, les règles
#
# Le besoin est déjà calculé.
#
# | Heure | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16 | 17 | 18 | 19 |
# |---|---|---|---|---|---|---|---|---|---|---|---|---|
# | Besoin | 2 | 4 | 5 | 4 | 3 | 3 | 4 | 4 | 4 | 3 | 3 | 2 |
#
# | | Conseiller | Heures | Situation |
# |---|---|---|---|
# | P1 | Aïcha, référente | 7 | libre de 8 h à 20 h |
# | P2 | Bruno, référent | 7 | doit finir à 19 h : il prend le train |
# | P3 | Chloé | 7 | libre de 8 h à 20 h |
# | P4 | David | 7 | a terminé lundi à 22 h (renfort du soir) |
# | P5 | Emma | 5 | en cours le matin, libre à 13 h |
# | P6 | Farid | 5 | en cours l’après-midi, libre jusqu’à 14 h |
# | P7 | Gaëlle | 5 | part à 18 h au plus tard |
# | P8 | Hugo | 4 | libre de 8 h à 20 h |
# | P9 | Inès | 7 | a travaillé du mercredi 25 au lundi 30, dimanche compris (salon animalier) |
#
# Les règles :
#
# 1. à chaque heure, autant de conseillers que le besoin au moins ;
# 2. chacun fait exactement ses heures, d’un seul tenant ;
# 3. qui fait 7 heures prend une heure de pause commençant à 11, 12, 13 ou 14 h, après deux heures de travail au moins et
#    avant deux heures de travail au moins ;
# 4. le repos et les jours de travail sont ceux de la loi ;
# 5. un référent est là à chaque heure, pause comprise.

# %%
question("R6-Q2")

# %% [markdown]
# ## 3. La paie et la prime

# %% [markdown] tags=["entrainement"]
# Les heures supplémentaires se comptent **par semaine**. Sans accord, de la 36e à la 43e heure, chacune est payée 25 %
# de plus ; à partir de la 44e, 50 % de plus. Un accord peut fixer un autre taux, jamais moins de 10 %.
#
# > 35 h au taux normal + les 8 premières × 1,25 + les suivantes × 1,50
#
# **Une prime** se lit comme un contrat : qu’est-ce qui la déclenche, à partir de combien, jusqu’où ?

# %%
question("R6-X2")

# %% [markdown]
# ### Annexe 3 · Nadia, conseillère
#
# | Nadia | |
# |---|---|
# | Taux horaire brut | 13,20 € |
# | Accord sur les heures supplémentaires | aucun |
# | Semaine du 23 novembre | 44 heures |
#
# | Novembre | | Prime du mois | |
# |---|---|---|---|
# | appels traités | 340 | satisfaction de 85 % au moins | 60 € |
# | réglés au premier contact | 258 | résolution de 75 % au moins | 40 € |
# | avis reçus | 64 | chaque contrat, à partir du 21e | 1,50 € |
# | dont satisfaits ou très satisfaits | 56 | en tout, au plus | 150 € |
# | contrats « Confort » vendus | 46 | | |
# | lettres de félicitations | 3 | | |

# %%
question("R6-Q3")

# %% [markdown]
# ## 4. Recruter, garder

# %% [markdown] tags=["entrainement"]
# Un plateau perd souvent beaucoup de monde, et chaque départ coûte un recrutement et une formation. On regarde :
#
# - **la rotation** (turnover) : la moyenne des entrées et des sorties ÷ l’effectif du début de l’année ;
# - **l’adhésion horaire** : les prises de poste à l’heure ÷ les prises de poste prévues. C’est la **ponctualité** ;
# - **la conformité horaire** : les heures faites ÷ les heures planifiées. C’est la **quantité** ;
# - **la part des salariés en contact** avec le public ÷ tout l’effectif du site, à la même date.
#
# Avant de recruter, on décide du besoin : un poste créé, un départ à remplacer, une compétence qui manque.

# %%
question("R6-X4")

# %%
question("R6-X3")

# %% [markdown]
# ### Annexe 4 · Effectifs 2026
#
# | Le plateau en 2026 | |
# |---|---|
# | Conseillers au 1er janvier | 40 |
# | Entrées de l’année | 19 |
# | Départs de l’année | 17 |
# | Effectif du site le 1er novembre | 42 personnes, dont 34 en contact avec les assurés |
# | Prises de poste prévues en novembre | 200, dont 186 à l’heure |
# | Heures planifiées en novembre | 1 365, dont 1 330 faites |
# | Recruter et former une personne | 3 200 € |

# %%
question("R6-Q4")

# %%
question("R6-X5")

# %% [markdown]
# ## 5. Animer

# %% [markdown] tags=["entrainement"]
# **Un bon objectif** est *atteignable* (on peut y arriver), *clair* (on sait ce qui est compté) et *équitable* (on ne
# demande pas à un débutant ce que fait un ancien). Il se récompense : une prime, un cadeau, un voyage, un titre.
#
# **Avant de réunir**, posez-vous trois questions : une personne ou toute l’équipe ? annoncer, faire le point ou
# écouter ? pour aujourd’hui, pour le mois ou pour l’année ?

# %%
question("R6-X6")

# %%
question("R6-Q5")

# %% [markdown]
# ## 6. Conclure
#
# ### Annexe 5 · Quatre conseillers, novembre
#
# | Conseiller | Appels | Durée moyenne de traitement (s) | Résolution (%) | Satisfaction (%) | Ancienneté |
# |---|---|---|---|---|---|
# | Lila | 352 | 296 | 77,3 | 89,0 | 4 ans |
# | Oscar | 455 | 205 | 58,2 | 69,0 | 2 ans |
# | Paule | 250 | 402 | 79,6 | 91,0 | 6 ans |
# | Rayan | 265 | 385 | 61,5 | 74,0 | 5 semaines |

# %%
question("R6-Q6")

# %% [markdown]
# ## 7. Remettre votre travail
#
# La conclusion est lue par votre professeur : votre note reste provisoire jusque-là.

# %%
rendre()
