# %% [markdown]
# # Bienvenue dans le cahier Marielle Nature
#
# Vous entrez chez **Omnicom**, un centre de relation client. **Marielle Nature**, une marque de cosmétiques bio, lui
# confie son fichier de 60 contacts : des cartes de fidélité, un salon professionnel, des demandes venues du site. Il
# est en désordre. À vous de le ranger, de le corriger, puis de repérer les meilleurs clients.
#
# Vous n’avez **rien à programmer**. Cette page se lit en un quart d’heure ; les deux questions d’essai ne sont pas
# notées.

# %%
from crc_lab import debut, parcours, progression, question, rendre

debut("00_accueil")
progression()

# %% [markdown]
# ## Où vous en êtes
#
# [**Répondre aux cinq questions du jour**](../08_lexique/08_lexique.ipynb) : deux minutes, sans
# note, sur tous les cours.
#
# Ce tableau lit les autres carnets de ce dossier, sans jamais y écrire : enregistrez-les (Ctrl +
# S), puis cliquez sur « Actualiser ».

# %%
parcours()

# %% [markdown]
# ## Répondre
#
# Chaque question est une **carte**. Selon la question :
#
# - **cliquez** sur une réponse, ou choisissez dans une liste ;
# - **écrivez** : un mot, un nombre (12,5 avec une virgule, c’est parfait) ;
# - **remplissez une grille**, case par case, comme dans un tableur ; le copier-coller depuis Excel fonctionne ;
# - **travaillez dans Excel** quand la carte le propose : « Télécharger le modèle Excel », remplissez les cases
#   jaunes, enregistrez, puis « Déposer mon fichier Excel ».
#
# Tout se fait aussi au clavier ; chaque grille a son « Aide clavier ».

# %%
question("A0-Q1")

# %%
question("A0-Q2")

# %% [markdown]
# ## Vérifier, s’aider, comprendre
#
# - **Vérifier** dit tout de suite ce qui est juste et ce qui ne l’est pas, fiche par fiche. Vérifiez autant de fois
#   que vous voulez.
# - **Indice 1**, puis **Indice 2** : un coup de pouce, puis un plus grand. Si le second coûte des points, le bouton
#   le dit.
# - **Voir le corrigé** : la réponse et son explication. Essayez d’abord : c’est en cherchant qu’on retient.
#
# Si votre professeur vous a donné un cahier d’**évaluation**, le corrigé n’y est pas : « Vérifier » contrôle la forme
# de la réponse, et le reste est « vérifié à la correction ».
#
# ## Où sont mes réponses ?
#
# Dans le fichier du cahier lui-même (`.ipynb`). Elles s’enregistrent seules, et la carte le dit en haut à droite :
#
# | La carte affiche… | Ce que cela veut dire | Que faire |
# |---|---|---|
# | ✓ enregistré à 10:42 | la réponse est dans le fichier | rien, continuez |
# | ⚠ pas encore enregistré | l’enregistrement automatique n’a pas abouti | appuyez sur **Ctrl + S** |
# | ⚠ non enregistré | l’extension du cahier ne répond pas | ouvrez-le par `crc-lab ouvrir`, ou prévenez le professeur |
# | gardé à côté du carnet | elle est dans un fichier `.reponses.json` voisin | gardez et rendez les deux fichiers |
#
# ## Rien ne s’affiche ?
#
# Cliquez sur **Tout relancer**, en haut de la page, et attendez quelques secondes. Vos réponses ne risquent rien :
# elles reviennent avec les cartes. Si un message parle du « moteur de calcul », même remède.
#
# ## Rendre son travail
#
# À la fin de chaque activité, la carte **Rendre mon travail** montre ce qu’il reste à faire. Écrivez votre nom,
# cliquez sur « Télécharger ma copie », puis déposez le fichier obtenu dans le devoir Moodle, ou là où votre professeur
# l’attend. « Ma fiche » y ouvre une page à imprimer : le cours en dix lignes, vos réponses, vos erreurs.
#
# **Votre nom** reste dans ce fichier, avec vos réponses et l’heure à laquelle vous les avez données : rien n’est
# envoyé sur internet. Celui qui reçoit le fichier peut les lire ; ne le partagez qu’avec votre professeur. Les
# personnes et les entreprises du fichier de Marielle Nature, elles, sont inventées.
#
# ## Les activités
#
# | N° | Activité | Durée |
# |---|---|---|
# | 1 | [Comprendre le fonctionnement d’un CRC](../01_crc/01_crc.ipynb) | 1 h 30 |
# | 2 | [Respecter la réglementation](../02_reglementation/02_reglementation.ipynb) | 2 h 30 |
# | 3 | [Structurer la base de données](../03_structurer/03_structurer.ipynb) | 2 h |
# | 4 | [Qualifier la base de données](../04_qualifier/04_qualifier.ipynb) | 2 h |
# | 5 | [Segmenter la clientèle](../05_segmenter/05_segmenter.ipynb) | 1 h 30 |
# | 6 | [Scorer la base avec la méthode RFM](../06_scorer/06_scorer.ipynb) | 1 h 30 |
# | 7 | [Cibler la vente privée](../07_cibler/07_cibler.ipynb) | 1 h 15 |
# | 8 | [Réviser chaque jour : questions, cartes mémoire, lexique](../08_lexique/08_lexique.ipynb) | 5 min par jour |
#
# **La seconde moitié du cours** : neuf modules, neuf entreprises. On y calcule des indicateurs, on y joue des appels, on
# y traite des réclamations, on y relit des courriels, on y fait un planning.
#
# | N° | Module | Durée |
# |---|---|---|
# | 11 | [Le tableau de bord du plateau](../11_tableau_de_bord/11_tableau_de_bord.ipynb) | 2 h 15 |
# | 12 | [Mesurer la satisfaction](../12_satisfaction/12_satisfaction.ipynb) | 1 h 30 |
# | 13 | [Jouer des appels](../13_appels/13_appels.ipynb) | 2 h 30 |
# | 14 | [Traiter les réclamations](../14_reclamations/14_reclamations.ipynb) | 1 h 45 |
# | 15 | [Écrire au client](../15_ecrire/15_ecrire.ipynb) | 1 h 30 |
# | 16 | [Encadrer le plateau](../16_equipe/16_equipe.ipynb) | 2 h 15 |
# | 17 | [Données et CRM](../17_crm/17_crm.ipynb) | 2 h 30 |
# | 18 | [Fidéliser](../18_fideliser/18_fideliser.ipynb) | 1 h 45 |
# | 19 | [Canaux et parcours](../19_canaux/19_canaux.ipynb) | 1 h 30 |
# | 20 | [Sujet blanc A : Ondelvive](../20_sujet_a/20_sujet_a.ipynb) | 3 h |
# | 21 | [Sujet blanc B : Thélorane](../21_sujet_b/21_sujet_b.ipynb) | 3 h |
#
# Les numéros suivent le cours. Chaque activité part d’un fichier correct, fourni : vous pouvez les faire dans
# l’ordre, c’est mieux, ou seulement celle qu’on vous demande. L’épreuve E5 porte aussi sur le site, le e-commerce et
# les contenus en ligne : ce cahier n’en parle pas.

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
# « Afficher le code », en haut de la page, montre les cellules de code. Ce n’est demandé nulle part, et ne rapporte
# pas un point de plus.

# %% [markdown]
# ## Un dernier essai : la remise
#
# Voici la carte que vous retrouverez à la fin de chaque activité. Ici, rien n’est noté : inutile de rendre ce
# fichier.

# %%
rendre()
