"""Réglages de nbgrader pour ce cours. Fichier fait par « crc-lab preparer » ; vous pouvez le modifier.

nbgrader le lit de lui-même quand il est lancé depuis ce dossier, en ligne de commande comme dans JupyterLab
(menu Nbgrader, puis Formgrader). La correction lit les réponses des élèves ; elle n’exécute aucune cellule. Elle ne
connaît que les activités de crc-lab : gardez vos autres devoirs nbgrader dans un autre dossier de cours.
"""

from autograder.gradebook.settings import configure

c = get_config()

# Le nom du cours (celui de son dossier dans l’espace d’échange de nbgrader).
c.CourseDirectory.course_id = "ndrc"

# Les notes sont dans gradebook.db, à côté de ce fichier. Pour les garder dans une autre base (PostgreSQL…), donnez son
# adresse SQLAlchemy ; « crc-lab corriger » la lira ici.
# c.CourseDirectory.db_url = "postgresql+psycopg://nom:motdepasse@serveur/notes"

# Si vos élèves reçoivent et rendent leurs carnets par nbgrader : le dossier d’échange, commun à tous.
# c.Exchange.root = "/srv/nbgrader/exchange"

# Où sont les corrigés, par rapport à ce dossier. Ne les donnez jamais aux élèves.
configure(c, __file__, keys="../corriges", prepared="..")
