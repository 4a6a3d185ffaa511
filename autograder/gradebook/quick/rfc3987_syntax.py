"""Stands in the way of the library of this name in nbgrader's processes (see ``course.environment``).

The library only serves, through jsonschema, to check the syntax of internationalised addresses, and building its
grammars takes more than a second, in nbgrader and again in the ``alembic`` that it starts. Absent, that check is left
out: the server of « ouvrir » does without it too (crc_lab/lab/lab_main.py).
"""

raise ImportError("left out: long to load, and nothing here needs it")
