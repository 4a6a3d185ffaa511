# %% [markdown]
# # Activité 6 · Scorer la base avec la méthode RFM
#
# Date de référence : **1er novembre 2026**.

# %% [markdown] tags=["entrainement"]
# **20 points · environ 1 h 30**, dont 50 minutes pour la question notée.

# %% [markdown]
# Le fichier de **Marielle Nature** est rangé (activité 3), fiable (activité 4), découpé en segments (activité 5).
# Chez **Omnicom**, vous allez maintenant le **classer** : donner à chaque client une note qui dit combien il compte
# pour l’entreprise.

# %% [markdown] tags=["entrainement"]
# À la fin de cette activité, vous saurez :
#
# - expliquer ce que mesurent la récence, la fréquence et le montant ;
# - appliquer une grille de notation sans vous tromper sur les limites ;
# - calculer un score, en déduire un segment, et repérer une note impossible ;
# - discuter une grille : pourquoi ces tranches, pourquoi ces points ?
#
# Une question est marquée **noté** ; les autres, marquées **Entraînement**, servent à s’entraîner, sans note. Tout le
# monde part de la même base qualifiée de 53 fiches : une erreur dans une activité précédente ne vous suit pas.

# %% [markdown] tags=["evaluation"]
# Tout le monde part de la même base qualifiée de 53 fiches, fournie ici.

# %%
from crc_lab import debut, explorer_rfm, figure, progression, question, rendre

debut("06_scorer")
progression()

# %% [markdown]
# ## 1. Pourquoi donner une note à un client ?
#
# Une entreprise ne peut ni appeler ni inviter tout le monde. **Scorer**, c’est attribuer à chaque client une note
# calculée toujours de la même façon, pour savoir par qui commencer. Un score élevé laisse penser que la personne fait
# partie de la cible, qu’elle sera intéressée, qu’elle répondra, et qu’elle rapportera.
#
# Un scoring **comportemental** peut noter tout ce que fait un client : ses achats, les pages du site qu’il visite, les
# e-mails qu’il ouvre. La méthode **RFM** regarde seulement ses achats passés :
#
# | Lettre | Critère | La question | Dans le fichier |
# |---|---|---|---|
# | **R** | Récence | *Quand* a-t-il acheté pour la dernière fois ? | Dernier achat |
# | **F** | Fréquence | *Combien de fois* a-t-il acheté depuis un an ? | Achats sur 12 mois |
# | **M** | Montant | *Combien* dépense-t-il en moyenne par achat ? | Panier moyen |
#
# L’âge, le sexe ou la ville n’y entrent pas : ils servent à **segmenter**, pas à scorer.

# %%
question("A6-X1")

# %% [markdown]
# ## 2. Lire une grille sans se tromper
#
# La grille qu’Omnicom applique à Marielle Nature est celle de l’**annexe 8**. Lisez bien ses mots :
#
# - « **strictement moins de** 3 mois » : la limite, 3 mois pile, n’en fait **pas** partie ;
# - « **strictement plus de** 12 mois » : la limite, 12 mois pile, n’en fait **pas** partie ;
# - « **entre** 3 et 12 mois » : il faut bien ranger 3 et 12 quelque part, donc ils sont **ici**.
#
# C’est pareil pour les achats et pour les euros. Et l’on compare **sans arrondir** : un jour ou un centime suffit
# pour changer de tranche.

# %% [markdown] tags=["document"]
# ### La grille de l’annexe 8
#
# | Note | R : dernier achat | F : achats sur un an | M : panier moyen |
# |---|---|---|---|
# | haute | **10** : strictement moins de 3 mois | **20** : plus de 4 | **20** : strictement plus de 100 € |
# | moyenne | **5** : entre 3 et 12 mois | **10** : entre 1 et 4 | **10** : entre 25 et 100 € |
# | basse | **0** : strictement plus de 12 mois | **0** : moins d’un | **0** : strictement moins de 25 € |
#
# | Score R + F + M | Segment |
# |---|---|
# | plus de 40 | très bons clients |
# | de 25 à 40 | bons clients |
# | de 1 à 24 | clients tièdes |
# | 0 | clients inactifs |

# %%
question("A6-X2")

# %%
figure("06-grille")

# %% [markdown] tags=["entrainement"]
# ### Une grille, un métier
#
# L’annexe 7 montre une autre grille, pour un vendeur de dosettes de café. Entraînez-vous avec elle, puis oubliez-la :
# les clients de Marielle Nature se notent avec l’annexe 8.

# %%
question("A6-X3")

# %% [markdown]
# ## 3. Compter les mois : deux dates seuils
#
# « Il y a 3 mois », c’est combien de jours ? 89, 90, 91 ou 92 selon les mois. Diviser un nombre de jours par 30 donne
# donc des erreurs près des limites. Il y a plus simple et plus sûr : **reculer sur le calendrier**, puis comparer des
# dates.
#
# **Un exemple, avec une autre date.** Pour une référence au 15 mars 2026, 3 mois avant, c’est le 15 décembre 2025 ;
# 12 mois avant, c’est le 15 mars 2025. Un achat du 16 décembre 2025 a *moins* de 3 mois. Un achat du 15 décembre 2025
# a 3 mois *pile*. Un achat du 14 mars 2025 a *plus* de 12 mois.
#
# Si le jour n’existe pas, on prend le dernier jour du mois : 3 mois avant le 31 mai 2026, c’est le 28 février 2026.
#
# Dans cette activité, la date de référence est le **1er novembre 2026** pour tout le monde. On n’utilise jamais la
# date du jour : le score d’un client ne doit pas changer selon le moment où vous ouvrez le cahier.

# %% tags=["entrainement"]
figure("06-dates")

# %% [markdown]
# ## 4. Trois précautions avant de noter
#
# - **Un prospect n’est pas un client.** Une fiche sans date, sans achat et sans panier n’a rien à noter : R, F, M et
#   le score restent vides. Un client *inactif*, lui, a déjà acheté, mais il y a longtemps. On ne parle pas de la même
#   façon à l’un et à l’autre.
# - **Une donnée absente n’est pas un zéro.** Si la date d’un client manque, on la cherche (c’était l’activité 4) ; on
#   ne met pas 0 à la place. Dans la base qualifiée, il ne manque plus rien aux 49 clients.
# - **R et F se répondent.** La fréquence compte les achats des 12 derniers mois, le premier et le dernier jour
#   compris. Un client qui a acheté dans l’année a donc au moins 1 achat ; un client dont l’achat date de plus de 12
#   mois en a 0. Si vos notes disent autre chose, l’une des deux est fausse.
#
# Le panier moyen d’un client qui n’a rien acheté depuis un an est celui de ses anciens achats : M peut valoir 10 ou
# 20 même quand F vaut 0.

# %% [markdown]
# ## 5. À vous de noter
#
# Trois façons de répondre, au choix ; elles valent la même note.
#
# **Dans la carte.** Tapez les notes dans le tableau. Les flèches du clavier passent d’une case à l’autre, et vous
# pouvez coller une colonne entière.
#
# **Dans Excel ou LibreOffice.** Téléchargez le modèle, remplissez les cases jaunes, puis renvoyez le fichier dans la
# carte. Les formules sont les bienvenues, et portent le même nom dans les deux logiciels en français :
#
# | Pour | Formule |
# |---|---|
# | reculer de 3 mois | `=MOIS.DECALER(B1;-3)`, où B1 contient la date de référence |
# | choisir entre trois notes | `=SI(première condition;note;SI(deuxième condition;note;dernière note))` |
# | additionner | `=SOMME(I2:K2)` |
#
# La feuille « Brouillon » du modèle est à vous : écrivez-y la date de référence et les deux dates seuils. Si
# `MOIS.DECALER` affiche un grand nombre, donnez à la case le format Date. Si une colonne obtient partout la note la
# plus haute, ses données sont sans doute du texte, et non des dates ou des nombres. N’oubliez pas les prospects :
# `=SI(F2="";"";…)` laisse la case vide quand il n’y a pas de date.

# %% [markdown] tags=["entrainement"]
# **Avec pandas, pour les curieux.** Ajoutez une cellule de code. Voici la fréquence, le reste est à vous :
#
# ```python
# import numpy as np
# from crc_lab import charger, verifier
#
# clients = charger("base qualifiée").dropna(subset=["date_dernier_achat"])
# clients["F"] = np.select([clients["nb_achats_12m"] > 4, clients["nb_achats_12m"] >= 1], [20, 10], 0)
# verifier("A6-Q1", clients)
# ```

# %% [markdown] tags=["evaluation"]
# **Avec pandas, pour les curieux.** Ajoutez une cellule de code, préparez un tableau, puis donnez-le :
#
# ```python
# from crc_lab import charger, verifier
#
# clients = charger("base qualifiée").dropna(subset=["date_dernier_achat"])
# # … à vous pour R, F, M, score et segment, puis :
# verifier("A6-Q1", clients)
# ```

# %%
question("A6-Q1")

# %% [markdown] tags=["entrainement"]
# ## 6. Lire les résultats
#
# Cette partie donne les résultats d’ensemble : terminez d’abord votre tableau.

# %%
question("A6-X4")

# %% tags=["entrainement"]
figure("06-notes")

# %% tags=["entrainement"]
figure("06-scores")

# %% [markdown] tags=["entrainement"]
# ### Des tranches, mais lesquelles ?
#
# Il n’existe pas de grille universelle. Les tranches dépendent du rythme d’achat : on rachète un shampoing plus
# souvent qu’un canapé.

# %%
question("A6-X5")

# %% [markdown] tags=["entrainement"]
# ### Et si l’on changeait la grille ?
#
# Déplacez les limites : à la souris, ou au clavier avec la touche Tab puis les flèches. Regardez qui change de
# segment.
#
# - Passez la limite haute du montant de 100 à 80 euros. Qui y gagne ?
# - Passez la limite basse de la récence de 3 à 6 mois. Combien de clients changent de segment ? Pourquoi si peu ?
# - Combien de « très bons » clients l’entreprise peut-elle vraiment inviter ? Trouvez une grille qui en donne une
#   quinzaine.

# %% tags=["entrainement"]
explorer_rfm()

# %% [markdown] tags=["entrainement"]
# ### À discuter
#
# Pas de note ici, et plusieurs bonnes réponses.
#
# On lit souvent que la récence est le critère le plus important : qui vient d’acheter rachètera plus facilement.
# Pourtant l’annexe 8 lui donne **10 points au plus, contre 20 à la fréquence et 20 au montant**.
#
# 1. Qu’est-ce que ce choix dit de ce qu’Omnicom cherche chez un bon client ?
# 2. Jeanne Picard (fiche 27) n’a rien acheté depuis fin 2024, mais son panier moyen était de 140 euros. Inès Garnier
#    (fiche 15) achète tous les trois mois pour 100 euros. À qui écririez-vous d’abord, et que dit le score ?
# 3. On vous confie une campagne pour **réveiller** les clients endormis. Quelle grille proposeriez-vous ?
#
# ### Ce que l’annexe 8 ne dit pas
#
# Une grille réelle laisse toujours des questions ouvertes ; le tout est de décider, de l’écrire et de s’y tenir.
#
# | L’annexe ne précise pas… | Décision de ce cahier |
# |---|---|
# | la date à partir de laquelle on compte | le 1er novembre 2026 |
# | comment compter les mois | dates seuils, au jour près |
# | si « entre 3 et 12 » comprend 3 et 12 | oui, puisque les autres tranches disent « strictement » |
# | ce que l’on fait des prospects | pas de score ; 0 est accepté |
# | ce que l’on fait d’un client récent | on compte ses achats réels, sans les ramener à l’année |

# %% [markdown]
# ## Et ensuite ?
#
# Vos segments sont prêts. À l’activité 7, vous choisirez qui inviter à une vente privée, et par quel canal chacun
# accepte d’être contacté.

# %%
rendre()
