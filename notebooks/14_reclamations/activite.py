# %% [markdown]
# # R4 · Traiter les réclamations

# %% [markdown] tags=["entrainement"]
# **20 points · environ 1 h 45**

# %% [markdown]
# **Nettelan** vend et entretient des machines de nettoyage pour des commerces, des hôtels et des collectivités. Vous
# rejoignez la cellule réclamations, que dirige **M. Bréhat**. Un client qui se plaint donne une deuxième chance à
# l’entreprise ; celui qui ne dit rien est souvent déjà parti.

# %% [markdown] tags=["entrainement"]
# Comptez 1 h 20 pour les questions notées, le reste pour les exercices.
#
# Avant ce module : R3, jouer des appels. Compétence travaillée : créer et entretenir la relation client à distance.
#
# À la fin, vous saurez :
#
# - écouter et questionner avant de décider qui a raison ;
# - dire sous quel délai répondre, et à quelle phase en est un dossier ;
# - tenir le tableau de bord d’une cellule réclamations ;
# - écrire une réponse qui reconnaît, répare et rassure.
#
# Les questions marquées **noté** font la note ; les autres, marquées **Entraînement**, servent à s’entraîner, sans note.

# %%
from crc_lab import debut, figure, progression, question, rendre

debut("14_reclamations")
progression()

# %% [markdown]
# ## 1. Écouter avant de juger

# %% [markdown] tags=["entrainement"]
# Une **réclamation** est un mécontentement **avec une demande** : la personne attend que l’on fasse quelque chose. Une
# remarque en passant n’en est pas une, mais elle se note aussi.
#
# | | Réclamation **fondée** | Réclamation **non fondée** |
# |---|---|---|
# | D’où vient le problème ? | l’entreprise a mal fait | un mauvais usage, ou de la mauvaise foi |
# | Votre attitude | reconnaître, s’excuser, n’accuser personne | rester neutre, expliquer, conseiller |
# | Ce que l’on fait | réparer, ou compenser | donner un conseil d’utilisation |
# | L’écrit | un message confirme ce qui sera fait | un écrit daté et signé confirme l’explication |
#
# Entre les deux, tant que l’on ne sait pas : **on cherche**. Deux réflexes coûtent cher : rembourser pour avoir la paix,
# et promettre avant d’avoir vérifié.

# %%
question("R4-X6")

# %%
question("R4-X2")

# %%
question("R4-X3")

# %%
question("R4-Q1")

# %%
question("R4-Q2")

# %% [markdown]
# ## 2. La procédure
#
# ### Annexe 1 · Procédure de Nettelan (extrait)
#
# - Les délais se comptent du lundi au vendredi, hors jours fériés ; le jour de réception ne compte pas.
# - Toute réclamation reçoit une réponse en **cinq jours travaillés** au plus.
# - Un cas **urgent et important** : 24 heures.
# - Un cas urgent mais moins important, ou important sans urgence : le délai demandé par le client, ou convenu avec lui.
# - Un cas ni urgent ni important : une semaine.
# - Est **important** ce qui touche un grand compte, ou ce qui arrête une activité.
# - Un geste commercial ne dépasse pas 10 % de la commande.

# %% tags=["entrainement"]
figure("14-urgence")

# %% [markdown] tags=["entrainement"]
# Le cours fixe cinq jours **ouvrables** au plus, samedis compris ; le service de Nettelan, fermé le samedi, compte cinq
# jours **travaillés**. Lisez toujours quels jours une procédure compte.
#
# Un dossier passe par six phases :
#
# | Phase | On se demande… |
# |---|---|
# | **recueil** | le client sait-il que nous l’avons entendu ? |
# | **enregistrement** | de quoi s’agit-il, et que savons-nous déjà de lui ? |
# | **résolution** | qui répond, et que fait-on ? |
# | **clôture** | peut-on classer, le client est-il content ? |
# | **suivi** | combien de cas de cette sorte, depuis quand ? |
# | **exploitation** | que change-t-on pour que cela n’arrive plus ? |

# %%
question("R4-Q3")

# %%
question("R4-Q4")

# %%
question("R4-X1")

# %%
question("R4-X4")

# %%
question("R4-X5")

# %% [markdown]
# ## 3. Le tableau de bord
#
# ### Annexe 2 · Le registre des réclamations
#
# Le fichier [reclamations.csv](../datasets/reclamations.csv) contient les **24 réclamations** reçues du 19 octobre au
# 13 novembre 2026. Le mercredi 11 novembre est férié.
#
# | Colonne | Ce qu’elle dit |
# |---|---|
# | `ref` | le numéro du dossier |
# | `date_reception`, `date_reponse` | le jour où la réclamation est arrivée, celui où l’on a répondu |
# | `client`, `type_client` | qui se plaint : occasionnel, régulier ou grand compte |
# | `canal`, `cause` | par où la réclamation est arrivée, et de quoi il s’agit |
# | `montant_commande`, `compensation` | le montant de la commande et le geste commercial, en euros |
# | `fondee` | oui ou non, après enquête |
# | `recommande` | 1 si le client a dû écrire en recommandé, 0 sinon |
# | `resatisfait` | oui si le client s’est dit de nouveau satisfait |
#
# | Sur la même période | |
# |---|---|
# | commandes livrées | 960 |
# | clients actifs | 640 |
# | contrats d’entretien | 310 |
#
# Un mois plus tôt : 18 réclamations pour 900 commandes.
#
# Le fichier est dans le dossier `datasets`. Ouvrez-le dans un tableur par **Données → À partir d’un fichier
# texte/CSV**, séparateur point-virgule, puis filtrez, triez, comptez ; les dates s’y lisent année, mois, jour.

# %%
question("R4-Q5")

# %% [markdown]
# ## 4. Répondre
#
# ### Annexe 3 · Courriel de Mme Lemoine, 26 novembre, 8 h 12
#
# > « La supérette Lemoine (cliente depuis 2022) a reçu hier l’autolaveuse NT-40, commande 58214, 1 890 €. Votre
# > technicien l’a montée en vingt minutes et il est parti. Ce matin, l’eau coule sous la cuve, le rayon frais est fermé
# > et j’ouvre à 9 heures samedi pour notre anniversaire. Je veux une machine qui marche. Et on m’a compté 39 € de
# > transport, alors que le bon de commande dit “franco de port”. »
#
# **Vérifications faites :** joint mal posé par le technicien ; transport facturé par erreur ; un technicien est libre
# aujourd’hui à 14 h.

# %%
question("R4-X7")

# %%
question("R4-Q6")

# %% [markdown]
# ## 5. Conclure

# %%
question("R4-Q7")

# %% [markdown]
# ## 6. Remettre votre travail
#
# Le courriel et la conclusion sont lus par votre professeur : votre note reste provisoire jusque-là.

# %%
rendre()
