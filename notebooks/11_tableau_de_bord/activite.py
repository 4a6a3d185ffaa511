# %% [markdown]
# # R1 · Le tableau de bord du plateau

# %% [markdown] tags=["entrainement"]
# **20 points · environ 2 h 15**

# %% [markdown]
# **Dormelune** vend de la literie en ligne. Depuis un an, ses appels sont pris par un prestataire, le centre de
# relation client **Escoutille**. Vous êtes l’adjointe ou l’adjoint de la responsable de plateau. Elle reçoit Dormelune
# demain, et elle compte sur vos chiffres.

# %% [markdown] tags=["entrainement"]
# Comptez 1 h 30 pour les questions notées, le reste pour les exercices.
#
# Avant ce module : l’activité 1 (le centre de relation client), les filtres et le tableau croisé dynamique d’un
# tableur. Compétence travaillée : apprécier la performance commerciale à partir d’indicateurs d’activité.
#
# À la fin, vous saurez :
#
# - dire ce que mesure un indicateur, et sur qui on le compte ;
# - calculer les indicateurs d’un plateau à partir d’un journal d’appels ;
# - trouver où est le problème : un jour, une heure, un motif, une personne ;
# - rendre compte à un client avec des chiffres, des causes et des actions.
#
# Les questions marquées **noté** font la note ; les autres, marquées **Entraînement**, servent à s’entraîner, sans note.

# %%
from crc_lab import debut, figure, progression, question, rendre

debut("11_tableau_de_bord")
progression()

# %% [markdown] tags=["entrainement"]
# ## 1. Lire un indicateur
#
# Devant un chiffre, posez toujours quatre questions :
#
# 1. **Qui** compte-t-on ? Les appels entrants, les sortants, ou tous ?
# 2. **En haut** de la division, que compte-t-on ?
# 3. **En bas**, sur quel total ?
# 4. **Quel objectif** ? Un chiffre seul n’est ni bon ni mauvais.
#
# Quatre familles se surveillent ensemble :
#
# | Famille | La question | Des indicateurs |
# |---|---|---|
# | Accessibilité | Réussit-on à nous joindre ? | décroché, abandon, niveau de service, délai de réponse |
# | Qualité | La demande est-elle réglée ? | résolution au premier contact, satisfaction |
# | Productivité | Combien de temps ? | communication, traitement, occupation |
# | Performance commerciale et coûts | Que rapporte un appel, que coûte-t-il ? | transformation, panier moyen, coût par appel |
#
# **Un seul chiffre ne suffit jamais.** Si l’on raccourcit les appels, la durée s’améliore ; mais si les clients
# rappellent parce que rien n’est réglé, le plateau n’a rien gagné.

# %%
question("R1-X1")

# %%
question("R1-X2")

# %%
question("R1-X9")

# %% [markdown]
# ## 2. Le contrat et le journal d’appels
#
# ### Annexe 1 · Extrait du contrat Dormelune – Escoutille
#
# | Indicateur | Objectif |
# |---|---|
# | Taux de décroché | 90 % ou plus |
# | Taux d’abandon | 8 % ou moins |
# | Niveau de service (20 s au plus, sur les appels reçus) | 80 % ou plus |
# | Délai moyen de réponse | 20 s ou moins |
# | Durée moyenne de traitement | 300 s ou moins |
# | Résolution au premier contact | 75 % ou plus |
# | Taux d’occupation (sur présence) | de 65 à 80 % |
# | Taux de transformation | 15 % ou plus |
# | Malus | si deux objectifs manqués ou plus |
#
# | Conditions | |
# |---|---|
# | Heure de présence d’un agent | 18 € |
# | Frais de télécommunication, par jour de production | 4 € |
# | Fiche de prospection | 0,50 € |
# | Logiciel de phoning, compris dans l’heure | 49 € par poste et par mois |
# | Postes équipés sur le plateau | 12 |
# | Chiffre d’affaires de Dormelune en 2025 | 4,2 M€ |
# | Marge de Dormelune sur le linge de lit | 50 % du prix |
#
# Tout n’est pas utile à chaque calcul : à vous de choisir.

# %%
question("R1-X10")

# %% [markdown]
# ### Annexe 2 · Les fichiers
#
# | Fichier | Ce qu’il contient |
# |---|---|
# | [journal_appels.csv](../datasets/journal_appels.csv) | **50 appels**, lundi 5 octobre 2026, de 10 h à 11 h ; agents A1 à A3 pour les entrants, A4 et A5 pour les sortants |
# | [temps_agents.csv](../datasets/temps_agents.csv) | cette heure-là, agent par agent : une heure de présence chacun |
# | [journal_appels_400.csv](../datasets/journal_appels_400.csv) | **400 appels**, du lundi 16 au vendredi 20 novembre 2026, de 10 h à 12 h ; agents C1 à C3 pour les entrants, C4 et C5 pour les sortants |
# | [temps_agents_5j.csv](../datasets/temps_agents_5j.csv) | ces cinq jours, agent par agent |
#
# Les appels sortants vont à des clients qui ont accepté d’être appelés. Un appel abandonné n’a pas d’agent.
#
# | Colonne | Ce qu’elle dit |
# |---|---|
# | `sens`, `statut` | entrant ou sortant ; traité ou abandonné, abouti, non joint ou tombé sur un répondeur |
# | `svi_s` | le temps passé dans le menu vocal, **avant** la file d’attente |
# | `attente_s` | l’attente d’un agent |
# | `communication_s`, `garde_s`, `post_appel_s` | la conversation, la mise en garde, la saisie après l’appel |
# | `resolu_1er_contact`, `redirige_selfcare` | 1 si la demande est réglée d’un coup, 1 si le client est orienté vers la FAQ, le site ou l’agent virtuel |
# | `vente`, `montant_vente` | 1 si l’appel a fait vendre, et le montant en euros |
# | `region` | la région de la personne au bout du fil |
#
# Les durées sont en secondes. Les quatre fichiers sont dans le dossier `datasets`. Ouvrez-les dans un tableur par
# **Données → À partir d’un fichier texte/CSV**, séparateur point-virgule ; dans les montants, le point sépare les
# centimes (`78.00` se lit 78,00 €).

# %%
question("R1-X3")

# %%
question("R1-X4")

# %%
question("R1-X5")

# %% [markdown]
# ## 3. L’heure du 5 octobre

# %%
question("R1-Q1")

# %%
question("R1-Q2")

# %%
question("R1-Q3")

# %%
question("R1-X7")

# %%
question("R1-Q4")

# %% [markdown]
# ## 4. La semaine de la promotion
#
# ### Annexe 3 · Message de Dormelune, 20 novembre
#
# > « Notre promotion de −20 % a démarré lundi à 10 heures par un e-mail à 60 000 clients. Plusieurs n’ont pas réussi à
# > vous joindre, d’autres disent qu’on leur a répondu sans régler leur problème. Que s’est-il passé ? »
#
# La réponse est dans le journal de 400 appels. Cinquante lignes se comptaient à la main ; pour celles-ci, filtrez et
# croisez.

# %%
question("R1-X8")

# %%
question("R1-Q5")

# %%
question("R1-Q6")

# %% [markdown] tags=["entrainement"]
# ### La semaine d’un coup d’œil
#
# Terminez d’abord les deux questions qui précèdent : ces deux images montrent ce que vous venez de compter.

# %% tags=["entrainement"]
figure("11-quarts")

# %% tags=["entrainement"]
figure("11-service")

# %% [markdown]
# ## 5. Le verdict
#
# On revient à l’heure du 5 octobre : le contrat est-il tenu ?

# %%
question("R1-Q7")

# %%
question("R1-X11")

# %% [markdown]
# ## 6. Répondre à Dormelune

# %%
question("R1-X6")

# %%
question("R1-Q8")

# %% [markdown]
# ## 7. Remettre votre travail
#
# La conclusion est lue par votre professeur : votre note reste provisoire jusque-là.

# %%
rendre()
