# %% [markdown]
# # R10 · Sujet blanc A : Ondelvive
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
# Avant ce sujet : les neuf modules. Bloquez trois heures, sans cours ni téléphone, et travaillez comme le jour de
# l’épreuve.
#
# À la fin, vous saurez :
#
# - attaquer un dossier : trouver la bonne annexe, écarter le décor, calculer, conclure ;
# - tenir trois heures et quarante points ;
# - défendre une position avec des chiffres, en une page.
#
# Les questions marquées **noté** font la note ; les autres, marquées **Entraînement**, servent à s’entraîner, sans note.
# Faites « Neuf capacités, neuf preuves » et « Attaquer un dossier » avant de lancer vos trois heures : « Examen
# blanc », dans la carte ci-dessous, cache indices et verdicts jusqu’à la fin, et compte le temps.

# %%
from crc_lab import debut, progression, question, rendre

debut("20_sujet_a")
progression()

# %% [markdown] tags=["entrainement"]
# ## Avant de composer
#
# Trois heures pour 40 points, c’est **quatre minutes et demie par point**. Par exemple :
#
# | Ce que l’on fait | Temps |
# |---|---|
# | lire le sujet entier, les points d’abord | 15 min |
# | les trois dossiers | 1 h 50 |
# | la réflexion commerciale structurée | 45 min |
# | relire : les unités, les accords, les questions oubliées | 10 min |
#
# Un calcul seul ne suffit pas : on le compare à un objectif, puis on en tire quelque chose à faire.
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
question("R10-X1")

# %%
question("R10-X2")

# %% [markdown]
# ## La situation
#
# **Ondelvive** entretient et dépanne piscines et spas, depuis neuf agences de l’Ouest. En avril 2026, elle a ouvert à
# Vannes un plateau de relation client. Vous assistez **Maud Kerlan**, sa responsable, fin novembre 2026.
#
# | | Ce que l’on vous demande | Points |
# |---|---|---|
# | Dossier 1 | organiser l’accueil des demandes | 14 |
# | Dossier 2 | encadrer l’équipe | 10 |
# | Dossier 3 | traiter une réclamation | 6 |
# | Réflexion | répondre à une question de Maud Kerlan | 10 |

# %% [markdown]
# ### Annexe A1 · L’entreprise
#
# 85 salariés, 11 400 contrats d’entretien (10 200 particuliers, 1 200 campings et hôtels), chiffre d’affaires 9,8 M€,
# dont 31 % de produits. Plateau : six conseillers et une responsable, du lundi au vendredi de 9 h à 18 h, avec des
# renforts tôt, tard ou le samedi en fin de saison. Numéro non surtaxé. Un e-mail sur deux reçoit une réponse en
# 24 heures. En hiver, les conseillers proposent au téléphone le contrat « Hivernage » aux clients sous contrat.

# %% [markdown]
# ### Annexe A2 · Appels entrants d’octobre 2026
#
# | semaine | reçus | répondus | répondus en 30 s au plus | réglés au 1er contact | e-mails |
# |---|---|---|---|---|---|
# | 41 | 1 860 | 1 674 | 1 395 | 1 206 | 410 |
# | 42 | 1 950 | 1 716 | 1 365 | 1 200 | 455 |
# | 43 | 2 100 | 1 764 | 1 302 | 1 191 | 470 |
# | 44 | 2 190 | 1 746 | 1 227 | 1 143 | 505 |
#
# Objectifs 2026 : décroché 90 %, 75 % d’appels répondus en 30 secondes (sur les reçus), 72 % de demandes réglées au
# premier contact. Visites du site : 18 400.

# %% [markdown]
# ### Annexe A3 · Temps d’octobre (appels répondus)
#
# Conversation 1 656 000 s ; garde 138 000 s ; saisie 483 000 s. Présence de l’équipe : 780 heures ; attente d’appel :
# 55 heures. Le lundi de 9 h à 10 h, on attend 78 appels ; occupation visée 85 %. Loyer du plateau : 1 400 € par mois.

# %% [markdown]
# ### Annexe A4 · Les six conseillers, octobre
#
# | conseiller | appels | durée de traitement (s) | réglés au 1er contact | satisfaction (%) | contrats Hivernage |
# |---|---|---|---|---|---|
# | Anaïs | 1 260 | 300 | 970 | 90 | 34 |
# | Basile | 1 080 | 345 | 700 | 84 | 12 |
# | Coralie | 1 190 | 318 | 850 | 88 | 27 |
# | Driss | 1 320 | 262 | 760 | 71 | 9 |
# | Élodie | 1 010 | 372 | 760 | 93 | 22 |
# | Fanny (arrivée le 21 septembre) | 1 040 | 410 | 700 | 79 | 6 |
#
# Prime mensuelle : 2 € par contrat à partir du 11e ; 50 € si 72 % au moins de demandes réglées au premier contact ; 40 €
# si 85 % au moins de satisfaction.

# %% [markdown]
# ### Annexe A5 · Horaires, semaine du 23 au 28 novembre
#
# Une heure de pause est déduite chaque jour.
#
# | conseiller | relevé |
# |---|---|
# | Anaïs | 35 h ; jeudi fini à 20 h 30, vendredi repris à 7 h |
# | Basile | 35 h ; lundi de 8 h à 20 h, puis trois jours de 8 heures |
# | Coralie | 35 h ; cinq jours de 7 heures |
# | Driss | 41 h ; cinq jours de 7 heures et le samedi 6 heures |
# | Élodie | 39 h ; quatre jours de 8 heures et le vendredi 7 heures |
# | Fanny | 35 h, un jour sur deux plus court ; a aussi travaillé le dimanche 22, au salon de la piscine, puis du lundi au samedi |
#
# Rappels : 10 h par jour au plus ; 11 h de repos entre deux journées ; six jours de suite au plus ; heures supplémentaires
# majorées de 25 % pour les huit premières, 50 % ensuite. Taux horaire de Driss : 13,50 €.

# %% [markdown]
# ### Annexe A6 · Motifs d’appel et offres reçues
#
# | motif | part des appels |
# |---|---|
# | « Où en est mon technicien ? » | 34 % |
# | réglage et analyse de l’eau | 22 % |
# | panne urgente | 18 % |
# | facture | 14 % |
# | nouveau contrat | 12 % |
#
# D’après un confrère, 40 % des deux premiers motifs peuvent se régler sans conseiller (SMS de suivi, guide en ligne).
#
# - *Prestataire à Nantes* : 4,10 € l’appel traité, 1 000 appels facturés par mois au moins, mise en place 3 500 €, 85 %
#   d’appels répondus en 30 s.
# - *Prestataire hors de France* : 2,35 € l’appel, 2 000 appels facturés au moins, mise en place 6 000 €, 80 %.
# - *Embauche d’un conseiller* : 2 300 € par mois charges comprises, quatre semaines de formation.
#
# Coût actuel du plateau : 24 150 € par mois.

# %% [markdown]
# ### Annexe A7 · Enquête d’octobre, 300 réponses
#
# Recommandation : 126 notes de 9 ou 10, 90 de 7 ou 8, 84 de 0 à 6. Parmi les 70 clients qui disent avoir attendu plus de
# deux minutes : 14, 21 et 35.
#
# > « Très compétents, quand on arrive à les avoir. »

# %% [markdown]
# ### Annexe A8 · Message de M. Le Goff, camping de l’Anse
#
# Client depuis 2019. Mercredi 25 novembre, 8 h.
#
# > « Votre technicien devait venir lundi, personne, pas un appel. Mon bassin couvert est vert, je l’ai fermé, j’ai
# > quarante enfants vendredi. Contrat pro à 145 € par mois : remboursez-moi l’année ou je pars ! »
#
# Contrat : passage le jour convenu ; à défaut, avoir de 20 % de la mensualité. Vérifié : la visite de lundi a été effacée
# du planning par erreur ; une technicienne est libre aujourd’hui à 14 h.

# %%
question("R10-X3")

# %% [markdown]
# ## Dossier 1 · Organiser l’accueil des demandes (14 points)

# %%
question("R10A-Q1")

# %%
question("R10A-Q2")

# %%
question("R10A-Q3")

# %%
question("R10A-Q4")

# %% [markdown]
# ## Dossier 2 · Encadrer l’équipe (10 points)

# %%
question("R10A-Q5")

# %%
question("R10A-Q6")

# %%
question("R10A-Q7")

# %% [markdown]
# ## Dossier 3 · Traiter une réclamation (6 points)

# %%
question("R10A-Q8")

# %%
question("R10A-Q9")

# %% [markdown]
# ## Réflexion commerciale structurée (10 points)

# %%
question("R10-X4")

# %%
question("R10A-Q10")

# %% [markdown]
# ## Remettre votre copie
#
# Les quatre réponses rédigées font 22 des 40 points : votre professeur les lit et les note. Votre
# note reste provisoire jusque-là.

# %%
rendre()
