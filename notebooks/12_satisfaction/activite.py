# %% [markdown]
# # R2 · Mesurer la satisfaction

# %% [markdown] tags=["entrainement"]
# **20 points · environ 1 h 30**

# %% [markdown]
# **Vélombrie** loue des vélos électriques au mois, à Rennes, Nantes et Tours. En octobre 2026, une enquête est partie par
# e-mail chez les abonnés. Vous la dépouillez pour la directrice, **Mme Hélias** : les clients sont-ils contents, que
# valent-ils, et pourquoi certains s’en vont-ils ?

# %% [markdown] tags=["entrainement"]
# Comptez 1 h 10 pour les questions notées, le reste pour les exercices.
#
# Avant ce module : R1, le tableau de bord du plateau. Compétence travaillée : apprécier la performance, ici la
# satisfaction et la valeur d’un client.
#
# À la fin, vous saurez :
#
# - calculer un NPS, un CSAT et un CES, et dire ce que chacun mesure ;
# - estimer ce que rapporte un client sur la durée, et combien s’en vont ;
# - bâtir un questionnaire, et choisir le canal et le moment de l’envoyer ;
# - lire des résultats agence par agence, puis conseiller une directrice.
#
# Les questions marquées **noté** font la note ; les autres, marquées **Entraînement**, servent à s’entraîner, sans note.

# %%
from crc_lab import debut, figure, progression, question, rendre

debut("12_satisfaction")
progression()

# %% [markdown]
# ## 1. Trois scores, trois questions

# %% [markdown] tags=["entrainement"]
# | Score | La question posée | Le calcul |
# |---|---|---|
# | **NPS** | nous recommanderiez-vous ? (de 0 à 10) | part des promoteurs − part des détracteurs |
# | **CSAT** | êtes-vous satisfait de ce point ? | réponses « très satisfait » et « satisfait » ÷ réponses |
# | **CES** | quel effort avez-vous dû faire ? | moyenne des notes ; ici, 1 est très faible, 5 très élevé |
#
# Pour le NPS, de 0 à 6 on est **détracteur**, à 7 ou 8 **passif**, à 9 ou 10 **promoteur**. Les passifs ne comptent ni
# pour ni contre, mais ils restent dans le total. Le résultat est un nombre **sans unité**, de −100 à +100.
#
# Ce que le client a écrit, mot pour mot, est un **verbatim**. Les cours citent aussi trois sigles anglais : **CXM**, la
# conduite de l’expérience client ; **EFM**, la gestion des retours dans toute l’entreprise ; **VOC**, la voix du client.
#
# Deux réflexes : divisez par ceux qui ont répondu à **cette** question, et lisez l’échelle avant de dire « c’est bon » ou
# « c’est mauvais ».

# %% tags=["entrainement"]
figure("12-nps")

# %%
question("R2-X1")

# %%
question("R2-X2")

# %% [markdown]
# ### Annexe 1 · L’enquête d’octobre
#
# 400 e-mails envoyés, 140 réponses ; certaines questions ont été sautées.
#
# **« Recommanderiez-vous Vélombrie ? »** Nombre de réponses pour chaque note :
#
# | Note | 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 |
# |---|---|---|---|---|---|---|---|---|---|---|---|
# | Rennes | 0 | 0 | 0 | 1 | 1 | 3 | 5 | 7 | 10 | 18 | 15 |
# | Nantes | 1 | 0 | 1 | 0 | 1 | 2 | 4 | 6 | 9 | 13 | 11 |
# | Tours | 1 | 1 | 1 | 2 | 2 | 4 | 2 | 6 | 6 | 3 | 4 |
#
# **Satisfaction sur la prise en main du vélo** (138 réponses) :
#
# | Très satisfait | Plutôt satisfait | Plutôt pas satisfait | Pas du tout satisfait |
# |---|---|---|---|
# | 52 | 49 | 22 | 15 |
#
# **Effort pour obtenir un dépannage** (136 réponses). L’échelle va de 1 (aucun effort) à 5 (effort considérable) :
#
# | Note | 1 | 2 | 3 | 4 | 5 |
# |---|---|---|---|---|---|
# | Réponses | 41 | 48 | 27 | 14 | 6 |

# %%
question("R2-Q1")

# %%
question("R2-Q2")

# %% [markdown]
# ## 2. Ce que vaut un abonné

# %% [markdown] tags=["entrainement"]
# **La valeur d’un client sur la durée** (LTV) = durée de vie × fréquence × panier moyen. C’est un chiffre d’affaires ;
# multiplié par le taux de marge, c’est un profit, que l’on peut comparer au coût d’acquisition. Gardez les mêmes unités :
# des mois avec des mois, des années avec des années.
#
# **L’attrition** (le taux de perte) = clients perdus ÷ clients du **début** de la période. Son complément à 100 % est le
# taux de fidélisation. Ceux qui arrivent en cours de route n’entrent ni dans l’un ni dans l’autre.

# %% [markdown]
# ### Annexe 2 · Le portefeuille d’abonnés
#
# | Troisième trimestre | |
# |---|---|
# | abonnés au 1er juillet | 1 250 |
# | arrivées | 110 |
# | départs | 85 |
#
# | | Navetteurs | Week-end |
# |---|---|---|
# | durée moyenne de l’abonnement | 14 mois | 6 mois |
# | factures | une par mois, de 49 € | une par mois, de 29 € |
# | caution | | 15 €, rendue |
#
# Taux de marge : 32 %. Coût d’acquisition d’un abonné : 62 €. Un vélo coûte 1 480 € et dure cinq ans.
#
# | | Rennes | Nantes | Tours |
# |---|---|---|---|
# | Délai moyen de dépannage | 1 jour | 2 jours | 6 jours |

# %%
question("R2-Q3")

# %%
question("R2-Q4")

# %% [markdown]
# ## 3. Refaire le questionnaire

# %% [markdown] tags=["entrainement"]
# **Quatre formes de questions.** La personne répond par oui ou non, par un nombre, par un choix dans une liste, ou avec
# ses mots. Plus la réponse est libre, plus elle apprend, et plus elle est longue à dépouiller.
#
# **Deux moments.** *À chaud*, aussitôt après : l’émotion est là, la question doit être courte. *À froid*, plus tard :
# l’avis d’ensemble, on peut en demander davantage. Le canal suit : un écran de téléphone ne se lit pas comme une
# page, et une voix obtient ce qu’un formulaire n’obtient pas.

# %%
question("R2-X4")

# %%
question("R2-Q5")

# %%
question("R2-X3")

# %% [markdown]
# ## 4. Trois agences, une conclusion
#
# Reprenez le tableau des notes de l’**annexe 1**, ligne par ligne.

# %%
question("R2-Q6")

# %% [markdown] tags=["entrainement"]
# Terminez d’abord la question qui précède : voici les trois agences côte à côte.

# %% tags=["entrainement"]
figure("12-agences")

# %% [markdown]
# ### Annexe 3 · Verbatims
#
# | Agence | Note | Ce que dit l’abonné |
# |---|---|---|
# | Tours | 2 | « Cinq jours sans vélo, personne ne répond. » |
# | Tours | 6 | « J’adore le vélo, mais l’atelier est débordé. » |
# | Nantes | 9 | « Très bien expliqué. » |
# | Rennes | 10 | « Dépanné le jour même ! » |

# %%
question("R2-Q7")

# %% [markdown]
# ## 5. Remettre votre travail
#
# La conclusion est lue par votre professeur : votre note reste provisoire jusque-là.

# %%
rendre()
