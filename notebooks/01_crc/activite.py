# %% [markdown]
# # Activité 1 · Comprendre le fonctionnement d’un CRC

# %% [markdown] tags=["entrainement"]
# **20 points · environ 1 h 30**

# %% [markdown]
# Avant de toucher au fichier, faites connaissance avec la maison. Vous êtes stagiaire chez **Omnicom**, et la
# marque qui lui confie ses contacts s’appelle **Marielle Nature**. Qui fait quoi, pour qui, et par quels canaux ?

# %% [markdown] tags=["entrainement"]
# Comptez 40 minutes pour les questions notées, le reste pour les exercices.
#
# À la fin de cette activité, vous saurez :
#
# - présenter un centre de relation client (CRC), ses prestations et ses métiers ;
# - dire ce qui distingue un CRC d’un centre d’appels ;
# - citer les outils de la relation à distance : CRM, logiciel de phoning, SaaS ;
# - nommer les canaux d’une relation omnicanale.
#
# Les questions marquées **noté** font la note ; les autres, marquées **Entraînement**, servent à s’entraîner, sans note.

# %%
from crc_lab import debut, figure, progression, question, rendre

debut("01_crc")
progression()

# %% [markdown] tags=["document"]
# ## 1. Le prestataire et le commanditaire
#
# ### Annexe 1 · Omnicom et Marielle Nature
#
# #### Omnicom
#
# Omnicom est un centre de relation client installé à **Gennevilliers**, aux portes de Paris, depuis **15 ans**.
# D’autres entreprises lui confient ce qu’elles ne veulent ou ne peuvent pas faire elles-mêmes : tenir leurs
# fichiers et parler, à distance, avec leurs prospects et leurs clients. Ces entreprises, surtout des PME de la
# **cosmétique** et de la **parapharmacie**, sont ses **commanditaires**. On y croise aussi des clients de
# l’automobile, de la banque et de l’assurance, de la mode et du retail (le commerce de détail), ou du voyage.
#
# Suivez une campagne. Un commanditaire arrive souvent avec un fichier de prospection mal tenu : Omnicom commence
# par le qualifier. Ses téléprospecteurs appellent ensuite les contacts et prennent des rendez-vous, qualifiés eux
# aussi, pour les commerciaux de la marque. Quand l’affaire peut se conclure à distance, ses télévendeurs vendent
# directement. Et lorsque les acheteurs rappellent, écrivent ou se plaignent, ses téléconseillers suivent la
# relation, pour que le client reste.
#
# #### Marielle Nature
#
# Marielle Nature est une **PME** qui vend des cosmétiques bio **fabriqués en France**, et se veut éthique et durable.
# Elle a trois boutiques, à **Paris, Nantes et Lille**, et un projet : vendre en ligne, aux particuliers comme aux
# professionnels (salons de coiffure, instituts d’esthétique, parapharmacies). Ses contacts viennent de trois
# sources : les salons, les cartes de fidélité des boutiques, les demandes envoyées par le site.
#
# Elle attend deux choses d’Omnicom : une base de contacts de qualité **et conforme au droit**, puis une meilleure
# connaissance de ses clients, par la segmentation et la notation.

# %%
question("A1-X8")

# %% [markdown] tags=["entrainement"]
# ## 2. Pourquoi externaliser ?
#
# **Externaliser**, c’est confier à un prestataire une tâche que l’on pourrait faire soi-même. Une PME s’y décide :
#
# - parce qu’il lui **manque** quelque chose : des compétences, des moyens financiers, des connaissances
#   juridiques ;
# - parce qu’elle **cherche** quelque chose : une expertise (bases de données, prospection, service après-vente), et
#   des équipements coûteux (logiciel de phoning, CRM).
#
# Le travail change de mains, pas la responsabilité : le commanditaire reste responsable de ce qui est fait en son
# nom.

# %%
question("A1-X7")

# %% [markdown]
# ## 3. Trois stades : centre d’appels, centre de contacts, CRC
#
# Le métier a grandi par étapes. Au début, on répondait au téléphone, en masse. Puis les canaux se sont ajoutés.
# Enfin les missions : le CRC ne se contente plus de traiter des demandes, il travaille la relation.

# %% tags=["entrainement"]
figure("01-stades")

# %%
question("A1-X1")

# %% [markdown]
# Retenez surtout la dernière marche : au troisième stade, le téléopérateur est considéré comme un membre de la
# **force de vente** du commanditaire. Il travaille sur un plateau ouvert (*open space*), un casque sur les
# oreilles, mais ce n’est pas le casque qui fait le CRC.

# %%
question("A1-Q1a")

# %%
question("A1-Q1b")

# %% [markdown]
# ## 4. La place du CRC, ses domaines, ses métiers

# %% tags=["entrainement"]
figure("01-place")

# %% [markdown] tags=["entrainement"]
# Le travail d’un CRC se partage en **trois domaines** :
#
# | Domaine | Qui prend l’initiative ? | Exemples |
# |---|---|---|
# | **Bases de données** | aucun échange à engager : on travaille le fichier | structurer, qualifier (RNVP, sirétisation), segmenter, scorer |
# | **Appels sortants** | le CRC | se renseigner, prospecter, prendre des rendez-vous, vendre, enquêter |
# | **Appels entrants** | le client | conseiller, renseigner, fidéliser, SAV, réclamation, impayé |
#
# « Appels » est un mot hérité : un message de tchat est un contact entrant, un e-mail de prospection un contact
# sortant.

# %%
question("A1-X2")

# %% [markdown] tags=["entrainement"]
# Trois métiers portent ces domaines. Le **téléprospecteur** (on dit aussi téléopérateur) prépare la base et obtient
# des rendez-vous pour les commerciaux ; le **télévendeur** vend pour le compte du commanditaire ; le
# **téléconseiller** oriente les utilisateurs, répond à leurs questions, et leur vend parfois une option.

# %%
question("A1-X3")

# %%
question("A1-Q1c")

# %% [markdown] tags=["entrainement"]
# ## 5. Les outils : CRM, phoning, SaaS
#
# - Le **CRM** (*customer relationship management*, en français **GRC**, gestion de la relation client) réunit ce
#   que l’entreprise sait de chaque client, garde l’historique des échanges, l’analyse, et prépare les actions
#   suivantes. Il récupère les fichiers Excel, et fait définir le type de chaque champ. C’est un logiciel, et d’abord une stratégie : vendre en gérant la relation.
# - Le **logiciel de phoning**, souvent un module du CRM, offre au téléopérateur un écran unique : la base à
#   appeler, la fiche du contact, les rendez-vous, les rappels, le planning. Lui aussi sait reprendre les fichiers Excel
#   des commanditaires, et il oblige à définir le **type** de chaque champ (texte, nombre, date), ce qui uniformise
#   les saisies. En reliant l’appel, la base et l’équipe, il a aidé les centres d’appels à devenir des CRC.
# - Le **SaaS** (*software as a service*, logiciel en tant que service) est une façon de louer ces logiciels : ils
#   s’ouvrent dans un navigateur, avec une connexion et des codes d’accès. Le prestataire informatique les fait
#   tourner sur ses serveurs, y garde les données, les met à jour et les protège. Le commanditaire peut ainsi suivre
#   sa campagne sans rien installer.

# %%
question("A1-X9")

# %%
question("A1-X4")

# %%
question("A1-X5")

# %%
question("A1-X10")

# %% [markdown]
# ## 6. Des canaux reliés
#
# Un **canal** est un chemin par lequel un client et une marque se parlent. En avoir plusieurs ne suffit pas : si la
# conseillère ignore ce que le client a écrit la veille à une autre, il doit tout répéter.

# %% tags=["entrainement"]
figure("01-canaux")

# %% [markdown]
# - **Multicanal** : plusieurs canaux, chacun de son côté.
# - **Cross canal** : des passerelles ; on commence par l’un, on finit par l’autre.
# - **Omnicanal** : tous les canaux sont reliés à la même mémoire (le CRM) ; le client passe de l’un à l’autre sans
#   recommencer.

# %%
question("A1-X11")

# %%
question("A1-X6")

# %%
question("A1-Q2")

# %% [markdown]
# ## 7. Remettre votre travail
#
# Vous savez maintenant qui est qui. Avant d’appeler qui que ce soit, il reste à connaître les règles : c’est
# l’activité 2.

# %%
rendre()
