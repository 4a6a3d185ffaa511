# %% [markdown]
# # R5 · Écrire au client

# %% [markdown] tags=["entrainement"]
# **20 points · environ 1 h 30**

# %% [markdown]
# **Papeloune** imprime des faire-part, des cartes et des carnets personnalisés, vendus en ligne aux particuliers et aux
# entreprises. La saison des mariages approche : avant elle, vous relisez ce que le service clients écrit. Un écrit
# reste, se transfère et se montre ; autant qu’il soit bon.

# %% [markdown] tags=["entrainement"]
# Comptez 1 h 10 pour les questions notées, le reste pour les exercices.
#
# Avant ce module : R4, traiter les réclamations. Compétence travaillée : entretenir la relation client à distance, à
# l’écrit.
#
# À la fin, vous saurez :
#
# - choisir des destinataires et un objet, écrire un courriel que l’on peut montrer ;
# - répondre sur un chat sans être sec ni familier ;
# - juger une lettre de prospection, et un SMS ;
# - comparer deux envois par leurs résultats.
#
# Les questions marquées **noté** font la note ; les autres, marquées **Entraînement**, servent à s’entraîner, sans note.

# %%
from crc_lab import debut, progression, question, rendre

debut("15_ecrire")
progression()

# %% [markdown]
# ## 1. Le courriel

# %% [markdown] tags=["entrainement"]
# | Dans un courriel… | La règle |
# |---|---|
# | **les destinataires** | *À* : qui doit agir ; *Cc* : qui doit savoir ; *Cci* : des personnes dont on ne montre pas l’adresse |
# | **l’objet** | court et vrai : le sujet, la référence, la date utile |
# | **le texte** | des phrases écrites, un vouvoiement, une date pour chaque promesse |
# | **la forme** | ni majuscules, ni rouge, ni émoticône |
# | **la pièce jointe** | si elle est annoncée, elle est là |
# | **la signature** | un nom, une fonction, un autre moyen de vous joindre |
#
# Et jamais de faute rejetée sur un autre : le client a acheté chez vous, pas chez votre fournisseur.

# %%
question("R5-X5")

# %% [markdown]
# ### Annexe 1 · Courriel de Manon à Mme Royer
#
# Commande PL-3310. Pièces jointes : aucune.
#
# > **Cc :** `tous-clients@papeloune.example`
# >
# > **Objet :** URGENT !!! super nouvelle pour vous
# >
# > BONJOUR MADAME ROYER,
# >
# > Nous avons bien reçu votre message du 20 novembre. T’inquiète pas, on regarde ça asap et on revient vers vous très
# > vite. Votre commande PL-3310 compte 80 faire-part et 80 enveloppes. Le retard vient de l’imprimeur, qui a encore
# > fait n’importe quoi. Les enveloppes sont parties le 23 novembre, les faire-part partiront le 27. Le bon de livraison
# > est joint à ce message :-) Nous vous remercions de votre patience.
# >
# > Cdt,
# >
# > Manon

# %%
question("R5-Q1")

# %%
question("R5-Q2")

# %% [markdown]
# ## 2. Le chat

# %% [markdown] tags=["entrainement"]
# Sur un chat, on se **présente**, on écrit **bref mais rédigé**, on répond à **toute** la question, et l’on prend congé.
# Un « ok » seul laisse le client deviner. Avant le conseiller, d’autres répondent souvent : une page, un menu, un
# programme, d’autres clients.

# %%
question("R5-X4")

# %% [markdown]
# ### Annexe 2 · Chat du 24 novembre
#
# > **Client :** Bonjour, mes carnets sont-ils faits en papier recyclé ? J’en veux 50 pour mon association.
# >
# > **Conseiller :** ok
# >
# > **Conseiller :** oui c recyclé mdr
# >
# > **Conseiller :** Les carnets Plume sont en papier recyclé à 100 %.
# >
# > **Conseiller :** REGARDEZ LA FICHE PRODUIT
# >
# > **Conseiller :** Pour 50 carnets, le prix est de 3,90 € l’un, livraison comprise.
# >
# > **Conseiller :** Vous avez qu’à commander
# >
# > **Conseiller :** Souhaitez-vous un devis au nom de votre association ?
# >
# > **Conseiller :** A+

# %%
question("R5-Q3")

# %% [markdown]
# ## 3. Écrire à beaucoup de monde

# %% [markdown] tags=["entrainement"]
# **Le publipostage** envoie la même lettre à tous, avec le nom de chacun. Trois décisions avant d’écrire : une offre,
# **un** objectif, une cible. Puis on parle du lecteur plutôt que de soi, on prouve ce que l’on dit, et l’on met une idée
# par phrase.
#
# **Ce que demande la loi.** Le signe dit la certitude : ● établie.
#
# - ● Écrire à un **particulier** par e-mail ou SMS pour vendre : il faut son accord préalable, sauf s’il est déjà client
#   et qu’on lui propose des produits analogues.
# - ● Écrire à un **professionnel** : il est informé, peut refuser facilement, et l’objet est en rapport avec son métier.
# - ● **Toujours** : dire qui écrit, et donner un moyen simple de ne plus rien recevoir.

# %%
question("R5-X3")

# %%
question("R5-X1")

# %%
question("R5-X2")

# %% [markdown]
# ### Annexe 3 · Lettre de publipostage, envoi de septembre
#
# > Madame, Monsieur,
# >
# > Notre société est le leader incontesté du papier depuis trois générations. Nous voulons vendre nos calendriers,
# > faire connaître notre marque et recruter des revendeurs.
# >
# > Vos clients gardent votre calendrier sous les yeux toute l’année. Nos prix sont les meilleurs. Cinquante calendriers
# > à votre nom : 4,20 € pièce, livrés avant le 10 décembre.
# >
# > Bien que notre gamme, dont la qualité, que chacun reconnaît, permette, quand on le souhaite, de personnaliser, ce qui
# > n’est pas rien, tous les formats, n’hésitez pas.
# >
# > Renvoyez le coupon avant le 15 octobre : l’impression de votre logo vous est offerte.
# >
# > La direction

# %%
question("R5-Q4")

# %% [markdown]
# ## 4. Compter

# %% [markdown] tags=["entrainement"]
# Un envoi se juge sur ceux qui l’ont **reçu**. Le taux de commande divise les commandes par les lettres distribuées, sans
# les retours ; ouvertures et désinscriptions se rapportent aux e-mails envoyés. Et le retour sur investissement compare
# un gain à un coût : (gain − coût) ÷ coût, où le gain est la **marge**, pas le chiffre d’affaires.

# %% [markdown]
# ### Annexe 4 · Résultats des envois 2026
#
# | | Septembre : lettres | Janvier : e-mails |
# |---|---|---|
# | envois | 2 000 | 5 000 |
# | coût | 0,95 € pièce | 180 € en tout |
# | retours « adresse inconnue » | 38 | |
# | ouverts | | 1 350 |
# | clics | | 95 |
# | commandes | 24, de 210 € en moyenne | 19, de 180 € |
# | marge | 40 % | |
# | désinscriptions | | 60 |

# %%
question("R5-Q5")

# %% [markdown]
# ## 5. Réécrire, conclure

# %%
question("R5-Q6")

# %%
question("R5-Q7")

# %% [markdown]
# ## 6. Remettre votre travail
#
# Le courriel réécrit et la conclusion sont lus par votre professeur : votre note reste provisoire jusque-là.

# %%
rendre()
