"""The options of ``corriger`` and ``purger``: their names and what their help pages say of them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Output = Annotated[
    Path,
    typer.Option("--sortie", metavar="DOSSIER", help="où écrire les notes et les retours (créé s’il n’existe pas)"),
]
Copies = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="ENTRÉE…",
        help="le ZIP de Moodle, un dossier, des carnets .ipynb : un ou plusieurs ; aucun pour noter de nouveau ce "
        "qui a déjà été remis",
        show_default=False,
    ),
]
Prepared = Annotated[
    Path | None,
    typer.Option(
        "--preparation",
        metavar="DOSSIER",
        help="un dossier fait par « crc-lab preparer » : corrigés, liste de classe et nbgrader en une fois",
        show_default=False,
    ),
]
ClassList = Annotated[
    Path | None,
    typer.Option("--classe", metavar="FICHIER", help="la liste de classe (CSV ou Excel)", show_default=False),
]
Keys = Annotated[
    Path | None,
    typer.Option(
        "--corriges", metavar="DOSSIER", help="vos corrigés (par défaut : ceux du cahier)", show_default=False
    ),
]
HandMarks = Annotated[
    Path | None,
    typer.Option(
        "--notes-manuelles",
        metavar="FICHIER",
        help="reponses-ouvertes.xlsx où vous avez écrit des points",
        show_default=False,
    ),
]
Course = Annotated[
    Path | None,
    typer.Option(
        "--nbgrader",
        metavar="DOSSIER",
        help="un cours nbgrader : y lire les notes du formgrader, y écrire toutes les notes",
        show_default=False,
    ),
]
Database = Annotated[
    str | None,
    typer.Option(
        "--base",
        metavar="ADRESSE",
        help="l’adresse SQLAlchemy du carnet de notes, s’il n’est pas dans le dossier du cours",
        show_default=False,
    ),
]
Worksheets = Annotated[
    list[Path] | None,
    typer.Option(
        "--formulaire-moodle",
        metavar="FICHIER",
        help="le formulaire d’évaluation téléchargé de Moodle, à remplir (dans une copie) ; un par devoir",
        show_default=False,
    ),
]
Pseudonyms = Annotated[
    bool,
    typer.Option(
        "--pseudonymes",
        help="écrire aussi, dans pseudonymes/, les mêmes résultats avec « Élève 01 » à la place des noms",
        show_default=False,
    ),
]
Correspondence = Annotated[
    bool,
    typer.Option("--correspondance", help="écrire qui est qui dans correspondance.csv", show_default=False),
]
Fresh = Annotated[
    bool,
    typer.Option("--recommencer", help="oublier les copies remises avant celles-ci", show_default=False),
]
Folders = Annotated[
    list[Path],
    typer.Argument(
        metavar="DOSSIER…", help="des dossiers de « crc-lab corriger » (--sortie) ou de « crc-lab preparer »"
    ),
]
Retention = Annotated[
    str | None,
    typer.Option(
        "--conservation",
        metavar="DURÉE",
        help="combien de temps vous gardez les données, après la dernière correction : « 12 mois », « 90 jours », "
        "« 1 an »",
        show_default=False,
    ),
]
OneStudent = Annotated[
    str | None,
    typer.Option(
        "--eleve",
        metavar="ÉLÈVE",
        help="effacer un seul élève, qui l’a demandé : son nom ou son identifiant",
        show_default=False,
    ),
]
Day = Annotated[
    str | None,
    typer.Option(
        "--au",
        metavar="DATE",
        help="à quelle date compter : 2027-07-01 (par défaut : aujourd’hui)",
        show_default=False,
    ),
]
Agreed = Annotated[
    bool, typer.Option("--oui", help="effacer ; sinon, la liste est seulement montrée", show_default=False)
]
