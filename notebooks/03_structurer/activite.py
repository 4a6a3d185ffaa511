# %% [markdown]
# # Activité 3 · Structurer la base de données

# %% [markdown] tags=["entrainement"]
# **20 points · environ 2 h 30**

# %% [markdown]
# **Marielle Nature** vend des cosmétiques bio fabriqués en France dans ses boutiques de Paris, Nantes et Lille. Elle ouvre
# maintenant la vente en ligne, aux particuliers comme aux professionnels de la beauté. Son fichier de contacts, lui, a
# été rempli au fil des mois, par plusieurs personnes, chacune à sa façon. Elle vous le confie : vous travaillez chez
# **Omnicom**, son centre de relation client.

# %% [markdown] tags=["entrainement"]
# Comptez une heure pour les questions notées, le reste pour le cours et les exercices.
#
# À la fin de cette activité, vous saurez :
#
# - dire quelles familles d’informations contient un fichier clients ;
# - choisir le bon type pour chaque champ (texte, nombre, date, liste) ;
# - transformer un fichier en vrac en une base que l’on peut trier, filtrer et importer ;
# - écrire une adresse aux normes postales.
#
# Les questions marquées **noté** font la note ; les autres, marquées **Entraînement**, servent à s’entraîner, sans note.

# %%
from crc_lab import debut, figure, progression, question, rendre

debut("03_structurer")
progression()

# %% [markdown] tags=["document"]
# ## 1. Le fichier de Marielle Nature
#
# Les 60 contacts viennent de trois endroits : les **salons** professionnels (comme celui d’Alençon, en avril 2026),
# les **cartes de fidélité** des boutiques et les **demandes reçues par le site**. Marielle Nature attend deux choses :
# une base **de qualité et conforme à la loi**, puis une meilleure **connaissance de ses clients** (segments, scores)
# pour préparer ses campagnes.
#
# ### Annexe 5 · Un extrait du fichier
#
# Voici deux fiches, telles qu’elles arrivent. Le fichier entier est
# [marielle_nature_contacts.xlsx](../datasets/marielle_nature_contacts.xlsx) : 60 lignes, 10 colonnes.
#
# | Colonne | Fiche n° 1 | Fiche n° 4 |
# |---|---|---|
# | Contact | Madame Elise Durand | L’Atelier Lumière (Mme Sophie RENARD) |
# | Adresse | 12 bis rue des Lilas 75019 PARIS | 8 pl. du Général de Gaulle 59000 LILLE |
# | Coordonnées | 06 39 98 12 34 - elise.durand@example.com | 03 53 01 22 10 ; contact@atelier-lumiere.example |
# | Profil | née le 14/03/1985 | salon de coiffure, 4 salariés, SIRET 00001234400016 |
# | Source | carte fidélité Paris 10/01/2024 | salon Alençon 13/04/2026 |
# | Consentement | mail oui / sms oui / tel non | *(vide)* |
# | Dernier achat | 12/09/2026 | 15/10/2026 |
# | Nb achats 12 mois | 6 | 8 |
# | Panier moyen | 112,50 € | 240,00 |
#
# *(Personnes et entreprises inventées ; les numéros appartiennent à des tranches réservées à la fiction.)*

# %% [markdown]
# ## 2. Pourquoi structurer ?
#
# Essayez de répondre avec ce fichier : *combien de clientes à Lille ? qui a acheté depuis l’été ? quels instituts
# appeler ?* On ne peut **ni trier, ni filtrer, ni compter**, car chaque cellule mélange plusieurs informations, et la
# même information s’écrit de dix façons.
#
# Une **base de données** est un ensemble structuré : **une ligne par contact, une colonne par information, une seule
# façon d’écrire**. Un logiciel peut alors l’importer, la trier, y retrouver quelqu’un.

# %%
figure("03-adresse")

# %%
question("A3-X5")

# %% [markdown]
# ## 3. Que contient la base ?

# %%
question("A3-Q1")

# %% [markdown]
# ## 4. À chaque champ son type
#
# Importer un fichier dans un logiciel de phoning ou un CRM, c’est relier chaque colonne à un **champ**. Le **type** du
# champ dit ce qu’on a le droit d’y écrire :
#
# | Type | Ce qu’on y met | Ce qu’on y gagne |
# |---|---|---|
# | **Texte** | noms, adresses, et tout numéro qui ne se calcule pas | rien ne se perd, pas même un zéro au début |
# | **Nombre** | quantités et montants | calculer, classer, comparer |
# | **Date** | un jour précis, toujours dans le même format | trier, mesurer une durée |
# | **Liste** | quelques valeurs décidées à l’avance | pas de variante, donc des filtres fiables |
#
# Le format de date `AAAA-MM-JJ` a un avantage : rangé par ordre alphabétique, il est aussi dans l’ordre du temps.

# %%
question("A3-X4")

# %% [markdown] tags=["entrainement"]
# Avant de dessiner le vrai fichier, faites l’expérience d’une grille plus simple, celle que l’on tracerait
# sur une feuille.

# %%
question("A3-X6")

# %% [markdown]
# ## 5. La structure cible : 33 colonnes
#
# C’est beaucoup, mais elles forment sept familles. Chacune vient d’une colonne du fichier, sauf les achats, qui en
# réunissent trois.
#
# | Colonne du fichier | Colonnes à remplir |
# |---|---|
# | N° | N° (recopié, déjà rempli dans la grille) |
# | Contact | Type de contact, Civilité, Nom, Prénom, Raison sociale, Alerte |
# | Adresse, la voie | Numéro de voie, Indice, Type de voie, Nom de la voie, Complément d’adresse |
# | Adresse, la commune | Code postal, Ville, Pays |
# | Coordonnées | Téléphone, E-mail |
# | Profil | Date de naissance, Âge, Sexe ; pour une entreprise Activité, Effectif, SIRET, Code APE |
# | Source | Origine, Date de création |
# | Consentement | Accepte l’e-mail, Accepte le SMS, Accepte le téléphone, Date de l’accord téléphone |
# | Dernier achat, Nb achats 12 mois, Panier moyen | Dernier achat, Achats sur 12 mois, Panier moyen |
#
# Un **particulier** laisse vides les colonnes d’entreprise ; une **entreprise** laisse vides l’âge et la date de
# naissance.
#
# ### La règle d’or : on range, on ne corrige pas
#
# Une ville mal orthographiée, un code postal à quatre chiffres, un 31 février : vous les verrez, et c’est bon signe.
# Pour le moment, **recopiez-les tels quels dans la bonne colonne**. Si l’on range et corrige en même temps, on ne sait
# plus ce que disait le fichier d’origine. La correction, c’est l’activité 4.
#
# En revanche, la **forme** change : majuscules, abréviations développées, date et téléphone au bon format, « Mlle »
# devient « Mme », « cinq » devient 5.
#
# ### La norme d’écriture
#
# | Information | Comment l’écrire |
# |---|---|
# | civilité | M. ou Mme ; Mlle et Madame deviennent Mme |
# | nom, raison sociale | MAJUSCULES, sans accent |
# | prénom | une majuscule, puis des minuscules, accents gardés |
# | voie | le numéro seul ; BIS ou TER à part ; le type en entier ; le reste en MAJUSCULES, sans accent ni ponctuation |
# | code postal, SIRET, téléphone | en texte, sans perdre un zéro |
# | ville | MAJUSCULES, sans accent ni tiret |
# | e-mail | minuscules, sans espace, recopié même s’il est faux |
# | dates | AAAA-MM-JJ, ou JJ/MM/AAAA |
# | accords | oui, non, inconnu ; sans objet pour un professionnel |
# | ce que le fichier ne dit pas | rien : la case reste vide |

# %% [markdown]
# ### Trois façons de faire, une seule note
#
# **Dans la carte.** Tapez, ou collez un bloc depuis un tableur. Les colonnes à choix ont une liste. Le menu
# « Colonnes » montre ou cache celles que vous voulez, rangées par famille.
#
# **Dans Excel.** Ouvrez le fichier de départ et téléchargez le modèle depuis la carte. Écrivez une formule à droite du
# fichier (ligne 2, cellule au format Standard), étirez-la vers le bas, puis collez les **valeurs** dans la feuille
# « Réponse » du modèle, dont les cellules sont déjà au format Texte. Ces outils ont été essayés sur ce fichier ; ensemble,
# ils remplissent plus de la moitié des colonnes, et l’on relit les fiches qui sortent du rang.
#
# | Pour… | Dans Excel, ligne 2 du fichier de départ |
# |---|---|
# | le type de contact | `=SI(ESTNUM(CHERCHE("SIRET";E2));"PROFESSIONNEL";"PARTICULIER")` |
# | l’e-mail : le mot qui contient @ | `=SIERREUR(MINUSCULE(SUPPRESPACE(DROITE(SUBSTITUE(GAUCHE(D2;CHERCHE(" ";D2&" ";CHERCHE("@";D2))-1);" ";REPT(" ";60));60)));"")` |
# | la date de création : le dernier mot | `=SUPPRESPACE(DROITE(SUBSTITUE(F2;" ";REPT(" ";60));60))` |
# | l’origine | `=SI(GAUCHE(F2;4)="cart";"CARTE_FIDELITE";SI(GAUCHE(F2;4)="site";"SITE_WEB";"SALON"))` |
# | le SIRET | `=SIERREUR(SUBSTITUE(STXT(E2;CHERCHE("SIRET";E2)+6;20);" ";"");"")` |
# | la date de naissance | `=SI(GAUCHE(E2;2)="né";DROITE(E2;10);"")` |
# | la ville : ce qui suit le dernier chiffre | `=MAJUSCULE(SUPPRESPACE(STXT(C2;SOMMEPROD(MAX(ESTNUM(STXT(C2;LIGNE($1:$99);1)*1)*LIGNE($1:$99)))+1;60)))` |
# | le code postal : le mot d’avant | `=SUPPRESPACE(DROITE(SUBSTITUE(GAUCHE(C2;SOMMEPROD(MAX(ESTNUM(STXT(C2;LIGNE($1:$99);1)*1)*LIGNE($1:$99))));" ";REPT(" ";60));60))` |
# | l’alerte NPAI | `=SI(ESTNUM(CHERCHE("NPAI";B2));"NPAI";"")` |
# | l’accord pour l’e-mail | `=SI(ESTNUM(CHERCHE("SIRET";E2));"SANS_OBJET";SI(ESTNUM(CHERCHE("mail oui";G2));"OUI";SI(OU(ESTNUM(CHERCHE("mail non";G2));G2="rien coché");"NON";"INCONNU")))` |
# | les deux autres accords | la même formule, avec `sms` puis `tel` à la place de `mail` |
# | le téléphone, l’e-mail ôté | `=SUBSTITUE(SUBSTITUE(SUBSTITUE(SUBSTITUE(SUBSTITUE(SUBSTITUE(SI(ESTNUM(CHERCHE("@";D2));SUBSTITUE(D2;SUPPRESPACE(DROITE(SUBSTITUE(GAUCHE(D2;CHERCHE(" ";D2&" ";CHERCHE("@";D2))-1);" ";REPT(" ";60));60));"");D2);" ";"");".";"");"-";"");"/";"");";";"");",";"")` |
# | le pays, et ce qui est déjà seul dans sa colonne (trois colonnes d’achats) | recopier, ou étirer |
# | la voie, le nom, le prénom | **Remplissage instantané** : deux exemples, puis Ctrl + E, et relire |
# | couper une cellule à ses espaces | onglet **Données**, **Convertir**, séparateur Espace, après avoir collé la colonne à part |
# | l’âge au 1er novembre 2026, d’après une date en `A2` | `=DATEDIF(A2;DATE(2026;11;1);"y")` |
#
# Deux pièges. Coller dans une cellule au format Standard fait disparaître les zéros du début : gardez le format
# **Texte** dans la feuille « Réponse ». Et dans une cellule au format Texte, une formule ne se calcule pas : écrivez-la
# ailleurs, dans la feuille « Brouillon » du modèle par exemple.

# %% [markdown] tags=["entrainement"]
# **En Python, pour les curieux.** Insérez une cellule et essayez :
#
# ```python
# import pandas as pd
# from crc_lab import charger, verifier
#
# brut = charger("contacts_bruts").head(12)
# df = pd.DataFrame({"id_contact": brut["N°"]})
# df["email"] = brut["Coordonnées"].str.extract(r"(\S+@\S+)")
# df["code_postal"] = brut["Adresse"].str.extract(r"(\d{4,5})\D*$")
# # … à vous pour la suite, puis :
# verifier("A3-Q2", df)
# ```

# %% [markdown] tags=["evaluation"]
# **En Python, pour les curieux.** Insérez une cellule, préparez un tableau, puis donnez-le :
#
# ```python
# import pandas as pd
# from crc_lab import charger, verifier
#
# brut = charger("contacts_bruts").head(12)
# df = pd.DataFrame({"id_contact": brut["N°"]})
# # … à vous pour les colonnes, puis :
# verifier("A3-Q2", df)
# ```

# %% [markdown]
# `verifier` remplace la réponse de la carte par votre tableau. L’ordre des lignes et des colonnes ne compte pas. Une
# colonne porte son titre (« Code postal ») ou le nom qu’elle a dans les fichiers (`code_postal`), comme vous voulez.

# %%
question("A3-Q2")

# %% [markdown] tags=["entrainement"]
# ## 6. L’adresse postale : la RNVP
#
# Une base bien rangée se transforme vite en étiquettes. La **RNVP** (restructuration, normalisation, validation
# postale) met les adresses au format que lisent les machines de tri. Elle suit la norme AFNOR **NF Z 10-011** (version
# de janvier 2013), dont voici l’essentiel :
#
# | Ligne | Particulier | Entreprise |
# |---|---|---|
# | 1 | civilité, prénom, nom | raison sociale |
# | 2 | étage, appartement | contact ou service |
# | 3 | bâtiment, résidence | bâtiment, zone d’activité |
# | 4 | numéro et voie | numéro et voie |
# | 5 | lieu-dit, boîte postale | boîte postale |
# | 6 | code postal et localité | code postal et localité |
#
# - **6 lignes au plus** (7 avec le pays, pour l’étranger), les lignes vides disparaissent ;
# - **38 caractères au plus par ligne**, espaces compris ; on n’abrège que si la ligne dépasse ;
# - pas de ponctuation à partir de la ligne 4, pas d’italique, rien de souligné, aligné à gauche ;
# - la dernière ligne en majuscules. **Dans ce cahier, tout est en majuscules sans accent.**

# %%
question("A3-X1")

# %%
question("A3-X2")

# %% [markdown] tags=["entrainement"]
# ## 7. Une colonne qui a disparu
#
# Jusqu’à l’été 2026, un fichier d’appels portait souvent une colonne de plus : le numéro est-il inscrit sur
# **Bloctel**, la liste d’opposition au démarchage téléphonique ? Cet exercice montre comment on la remplissait, et
# pourquoi elle ne suffit plus.

# %%
question("A3-X3")

# %% [markdown]
# ## Pour finir
#
# Le fichier est rangé : on peut le trier, le filtrer, l’importer. Il reste faux par endroits, et c’est normal. La
# suite est la **qualification** (activité 4), qui part d’une base rangée correctement et fournie à tous : une erreur
# d’ici ne vous suivra pas.

# %%
rendre()
