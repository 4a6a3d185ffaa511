# %% [markdown]
# # R10 · Sujet blanc B : Thélorane
#
# **40 points · 3 h**
#
# L’écrit de l’épreuve E5 « Relation client à distance et digitalisation », en vraie grandeur : trois dossiers (30 points)
# et une réflexion commerciale structurée (10 points). Aucune question de cours : tout se traite avec les annexes, et
# certaines données ne servent à rien, exprès. Aucun texte officiel ne fixe le barème ; celui-ci est une proposition.
#
# **Ce que ce sujet ne demande pas.** Il n’exploite que la relation client à distance, environ un tiers du bloc 2. Un vrai
# sujet demande aussi d’animer un site, d’écrire des contenus et de vendre en ligne : les cours dont part ce cahier n’en
# parlent pas, révisez-les ailleurs.

# %% [markdown] tags=["entrainement"]
# Avant ce sujet : les neuf modules, et le sujet A, où se trouvent les quatre exercices de méthode. Bloquez
# trois heures, sans cours ni téléphone : « Examen blanc », dans la carte du haut, cache indices et verdicts jusqu’à la fin,
# et compte le temps.
#
# À la fin, vous saurez :
#
# - mesurer ce que vaut un client, un programme, une campagne ;
# - dire qui l’on a le droit d’appeler ;
# - relier des canaux qui s’ignorent, et choisir où mettre les moyens.
#
# <details>
# <summary>Votre fiche de formules, celle de R1 (lisez-la, puis repliez-la : le jour de l’épreuve, elle sera dans votre tête)</summary>
#
# - **Décroché** = appels répondus ÷ appels entrants × 100
# - **Abandon** = appels abandonnés ÷ appels entrants × 100
# - **Traitement moyen** = (communication + garde + post-appel) ÷ appels traités
# - **Occupation** (cours) = temps de traitement ÷ temps de présence
# - **Transformation** (cours) = ventes ÷ appels effectués
# - **Coût par appel** = coût de fonctionnement ÷ nombre d’appels
# - **Retour sur investissement** = (gains − coûts) ÷ coûts
#
# </details>

# %%
from crc_lab import debut, progression, question, rendre

debut("21_sujet_b")
progression()

# %% [markdown]
# ## La situation
#
# **Thélorane** vend thés, infusions et accessoires dans quatre boutiques (Nancy, Metz, Reims, Dijon), sur son site, sur
# une place de marché, et à des hôtels et salons de thé. Vous assistez **Sacha Mentel**, responsable de la relation
# client, au 1er décembre 2026.
#
# | | Ce que l’on vous demande | Points |
# |---|---|---|
# | Dossier 1 | mesurer et fidéliser | 12 |
# | Dossier 2 | prospecter à distance | 12 |
# | Dossier 3 | relier les canaux | 6 |
# | Réflexion | répondre à une question de Sacha Mentel | 10 |

# %% [markdown]
# ### Annexe B1 · Ventes 2025
#
# | canal | chiffre d’affaires (€) | commandes ou tickets | expédition par commande (€) | commission (%) |
# |---|---|---|---|---|
# | boutiques | 960 000 | 32 000 | 0 | 0 |
# | site | 540 000 | 12 000 | 5,90 | 0 |
# | place de marché | 150 000 | 5 000 | 5,90 | 15 |
# | professionnels | 350 000 | 1 400 | 14,00 | 0 |
#
# Taux de marge avant ces frais : 55 % (particuliers), 48 % (professionnels). Loyers des boutiques : 148 000 €. Abonnés aux
# réseaux : 26 000.

# %% [markdown]
# ### Annexe B2 · Les clients particuliers
#
# | segment | clients | achats par an | panier (€) | durée de vie (ans) |
# |---|---|---|---|---|
# | fidèles | 2 400 | 6 | 42 | 4 |
# | réguliers | 5 200 | 3 | 38 | 2,5 |
# | occasionnels | 8 000 | 1 | 32 | 1,5 |
#
# Au 1er janvier 2025 : 15 000 clients ; dans l’année, 2 100 perdus, 2 700 gagnés. Acquérir un client coûte 24 € de
# publicité. Prix de vente moyen d’une boîte : 9,80 €.

# %% [markdown]
# ### Annexe B3 · Enquête de novembre
#
# 4 000 e-mails, 500 réponses. Recommandation : 215 notes de 9 ou 10, 160 de 7 ou 8, 125 de 0 à 6. Satisfaction : très
# satisfait 190, plutôt satisfait 200, plutôt pas 70, pas du tout 40.
#
# > « En boutique on m’appelle par mon nom, sur le site je suis une inconnue. »
# >
# > « Ma carte ne marche pas en ligne. »

# %% [markdown]
# ### Annexe B4 · Programme « Feuille d’or » (projet)
#
# 6 000 adhérents, 96 € d’achats par an chacun aujourd’hui. Hausse attendue 12 %. Cadeau : 4,50 € par adhérent et par an.
# Logiciel : 3 600 € par an. Étude déjà payée : 2 500 €.

# %% [markdown]
# ### Annexe B5 · Campagne d’appels aux hôtels, semaine du 16 novembre
#
# Fichier acheté : 1 200 contacts à 0,45 €, dont 8 % inutilisables. Deux téléprospecteurs, 35 heures chacun à 19 €.
# Échantillons : 4 € par rendez-vous. Commande moyenne : 250 €. Stand au salon de Metz : 4 800 €.
#
# | téléprospecteur | appels émis | argumentés | rendez-vous | commandes |
# |---|---|---|---|---|
# | Inès (4 ans d’ancienneté) | 520 | 330 | 58 | 22 |
# | Karim (6 semaines) | 584 | 290 | 35 | 9 |
#
# Écoute d’un appel de Karim :
#
# > « Bonjour, Karim de Thélorane, on fait du thé. Vous en servez ? Non ? Bon, tant pis, au revoir. »

# %% [markdown]
# ### Annexe B6 · Appeler les particuliers pour l’abonnement « Thé du mois » ?
#
# | 2 000 porteurs de carte | |
# |---|---|
# | accords pour le téléphone, recueillis depuis septembre 2026 avec toutes les mentions, prouvés | 380 |
# | accords de plus d’un an | 140 |
# | cases cochées d’avance | 260 |
# | abonnés en cours, sans accord, à qui l’on proposerait une option de leur abonnement | 90 |
# | sans rien | 1 130 |
#
# Règle ● (établie) : accord préalable, prouvé, que l’on peut retirer ; à défaut, contrat en cours et offre en rapport.
# ◐ (précise, à relire) : accord d’un an au plus ; lundi à vendredi, 10 h–13 h et 14 h–20 h, hors jours fériés.

# %% [markdown]
# ### Annexe B7 · Projet de SMS
#
# > THELORANE !!! Notre nouvelle récolte de printemps est arrivée en boutique. Vous avez gagné un cadeau (dès 60 €
# > d’achat). -10 % avec le code FEUILLE jusqu’au 12/12. Répondez vite, c’est la dernière chance avt rupture !!
#
# (aucune mention de désinscription)

# %% [markdown]
# ### Annexe B8 · Parcours de Mme Aubry
#
# Commence un panier sur son téléphone, le retrouve vide sur l’ordinateur ; appelle la boutique, qui ne voit pas la
# commande du site ; vient chercher un thé affiché « disponible », absent du rayon ; sa carte est refusée en ligne. Stock,
# fichier clients et fidélité : trois logiciels séparés.

# %% [markdown]
# ## Dossier 1 · Mesurer et fidéliser (12 points)

# %%
question("R10B-Q1")

# %%
question("R10B-Q2")

# %%
question("R10B-Q3")

# %%
question("R10B-Q4")

# %% [markdown]
# ## Dossier 2 · Prospecter à distance (12 points)

# %%
question("R10B-Q5")

# %%
question("R10B-Q6")

# %%
question("R10B-Q7")

# %%
question("R10B-Q8")

# %% [markdown]
# ## Dossier 3 · Relier les canaux (6 points)

# %%
question("R10B-Q9")

# %%
question("R10B-Q10")

# %%
question("R10B-Q11")

# %% [markdown]
# ## Réflexion commerciale structurée (10 points)

# %%
question("R10B-Q12")

# %% [markdown]
# ## Remettre votre copie
#
# Les quatre réponses rédigées font 18 des 40 points : votre professeur les lit et les note. Votre
# note reste provisoire jusque-là.

# %%
rendre()
