"""The ``crc-lab`` command. It parses and calls; every heavy import waits for the command that needs it."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path
from typing import Annotated

import typer

from autograder.correct.given_paths import expanded, wrong_paths
from autograder.correct.options import (
    Agreed,
    ClassList,
    Copies,
    Correspondence,
    Course,
    Database,
    Day,
    Folders,
    Fresh,
    HandMarks,
    Keys,
    OneStudent,
    Output,
    Prepared,
    Pseudonyms,
    Retention,
    Worksheets,
)
from autograder.french_cli import FrenchCommand, FrenchGroup
from crc_lab.core.errors import CrcError

NOTHING_DONE, USAGE = 1, 2
_PROF = frozenset({"jinja2", "jupytext", "nbformat", "nbgrader", "rich", "tomli_w", "xlsxwriter"})

app = typer.Typer(
    name="crc-lab",
    cls=FrenchGroup,
    help="Le cahier d’exercices interactif du BTS NDRC (étude de cas Marielle Nature).",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    no_args_is_help=False,
)


def _version(wanted: bool) -> None:
    if wanted:
        from crc_lab import __version__

        print(f"crc-lab {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", help="afficher la version", callback=_version, is_eager=True, show_default=False),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="en cas d’erreur, afficher le détail technique", show_default=False)
    ] = False,
) -> None:
    pass


@app.command("ouvrir", cls=FrenchCommand)
def _open(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="DOSSIER", help="où mettre le cahier (par défaut : cahier-crc)", show_default=False),
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            "--port", metavar="N", help="numéro de port (par défaut : le premier qui est libre)", min=1, max=65535
        ),
    ] = None,
    no_browser: Annotated[
        bool, typer.Option("--sans-navigateur", help="donner seulement l’adresse", show_default=False)
    ] = False,
) -> int:
    """Ouvrir le cahier dans JupyterLab.

    Les carnets sont copiés dans le dossier la première fois. Un carnet déjà rempli n’est jamais remplacé.
    """
    from crc_lab.lab.open_lab import open_workbook

    return open_workbook(folder, port=port, browser=not no_browser)


@app.command("corriger", cls=FrenchCommand)
def _correct(
    output: Output,
    inputs: Copies = None,
    preparation: Prepared = None,
    roster: ClassList = None,
    keys: Keys = None,
    manual: HandMarks = None,
    course: Course = None,
    url: Database = None,
    worksheets: Worksheets = None,
    pseudonyms: Pseudonyms = False,
    correspondence: Correspondence = False,
    fresh: Fresh = False,
) -> int:
    """Noter des copies : notes, rapport de classe et retours aux élèves.

    Aucune cellule n’est exécutée : seules les réponses enregistrées sont lues. Un fichier abîmé n’arrête jamais les
    autres, il est signalé.

    Le dossier de sortie garde tout ce qui a été remis (registre.sqlite3) : donnez-lui les copies au fur et à mesure,
    elles s’ajoutent aux précédentes. Sans ENTRÉE, tout est noté de nouveau, par exemple après avoir changé un corrigé :
    differences.txt dit alors qui a changé, sur quelle question, et pourquoi.

    Dans le dossier de sortie : classe.html (le rapport), notes.xlsx, retours/ (une page par élève), resultats.json,
    reponses-ouvertes.xlsx (les réponses à lire et à noter) et moodle/ (ce qui se dépose dans Moodle).
    """
    given = [path for one in inputs or () for path in expanded(one)]
    from autograder.correct.class_settings import Options

    options = Options(
        keys=keys,
        roster=roster,
        preparation=preparation,
        course=course,
        url=url,
        worksheets=tuple(path for one in worksheets or () for path in expanded(one)),
        manual=manual,
        pseudonyms=pseudonyms,
        correspondence=correspondence,
        fresh=fresh,
    )
    problem = wrong_paths(given, output, options)
    if problem:
        print(problem, file=sys.stderr)
        return USAGE
    from autograder.correct.command import correct

    return correct(given, output, options)


@app.command("preparer", cls=FrenchCommand)
def _prepare(
    roster: Annotated[
        Path,
        typer.Option(
            "--classe", metavar="FICHIER", help="la liste de la classe (CSV ou Excel, de Moodle, Pronote ou de vous)"
        ),
    ],
    output: Annotated[
        Path, typer.Option("--sortie", metavar="DOSSIER", help="où préparer l’évaluation (un nouveau dossier)")
    ],
    activities: Annotated[
        str,
        typer.Option(
            "--activites",
            metavar="LISTE",
            help="les activités, séparées par des virgules : 03_structurer,06_scorer ou 3,6 (par défaut : toutes)",
            show_default=False,
        ),
    ] = "",
    subject: Annotated[
        str,
        typer.Option(
            "--sujet",
            metavar="NOM",
            help="le nom du sujet, pour distinguer deux épreuves de la même classe",
            show_default=False,
        ),
    ] = "",
) -> int:
    """Préparer une évaluation : sujets sans corrigé, corrigés, cours nbgrader.

    Dans le dossier : LISEZ-MOI.html (le mode d’emploi), sujets/ (un ZIP par activité, pour les élèves), corriges/ et
    nbgrader/ (pour le professeur), classe.csv.

    La même commande met le dossier à jour sans rien perdre.
    """
    if not roster.is_file():
        print(f"Introuvable : « {roster} ». Donnez à --classe le fichier qui contient la liste.", file=sys.stderr)
        return USAGE
    from autograder.prepare.command import prepare
    from crc_lab.core.errors import UnknownName

    try:
        return prepare(roster, output, activities=activities, subject=subject)
    except UnknownName as error:
        print(error, file=sys.stderr)
        return USAGE


@app.command("purger", cls=FrenchCommand)
def _purge(
    folders: Folders,
    retention: Retention = None,
    student: OneStudent = None,
    day: Day = None,
    agreed: Agreed = False,
    url: Database = None,
) -> int:
    """Effacer les données personnelles d’une classe, une fois leur conservation finie, ou celles d’un élève.

    Le RGPD (article 5, 1, e) demande de ne pas garder des données personnelles plus longtemps qu’il n’est nécessaire.
    Il ne fixe pas de durée : c’est à vous, avec votre établissement, de la choisir et de savoir dire pourquoi. Par
    exemple, le temps que les notes soient rendues et que chacun ait pu les contester.

    Ce qui serait effacé est d’abord listé : copies, notes, rapports, retours, pseudonymes, liste de classe, ce que
    nbgrader garde des élèves. Sujets et corrigés restent. Rien n’est effacé avant la fin de la conservation, ni sans
    --oui (ou « oui » tapé au terminal), et jamais un fichier que crc-lab n’a pas écrit.

    Un élève peut demander l’effacement de ses données (RGPD, article 17) : avec --eleve, et sans attendre, ses copies,
    ses notes, sa page, son pseudonyme et ses lignes disparaissent. Les fichiers de la classe sont refaits sans lui.
    """
    from autograder.privacy.purge import WrongDuration, purge, purge_student, read_day, read_duration

    if (retention is None) == (student is None):
        print(
            "Donnez « --conservation » (toute la classe) ou « --eleve » (un seul élève), l’un des deux.",
            file=sys.stderr,
        )
        return USAGE
    try:
        duration, today = read_duration(retention) if retention else None, read_day(day)
    except WrongDuration as error:
        print(error, file=sys.stderr)
        return USAGE
    missing = [folder for folder in folders if not folder.is_dir()]
    if missing:
        print(f"Introuvable : « {missing[0]} ». Donnez le dossier de --sortie.", file=sys.stderr)
        return USAGE
    ask = input if sys.stdin.isatty() else None
    if duration is not None:
        return purge(folders, duration, today, agreed=agreed, url=url, ask=ask)
    from autograder.correct.command import correct_again

    return purge_student(folders, student or "", correct_again, agreed=agreed, url=url, ask=ask)


@app.command("demo", cls=FrenchCommand)
def _demo(
    output: Annotated[
        Path, typer.Option("--sortie", metavar="DOSSIER", help="où écrire la démonstration (par défaut : demo-crc)")
    ] = Path("demo-crc"),
    seed: Annotated[int, typer.Option("--graine", metavar="N", help="autre nombre, autre classe (par défaut : 1)")] = 1,
    students: Annotated[
        int, typer.Option("--eleves", metavar="N", help="nombre d’élèves, de 1 à 500 (par défaut : 30)", min=1, max=500)
    ] = 30,
    no_browser: Annotated[
        bool, typer.Option("--sans-navigateur", help="ne pas ouvrir le rapport", show_default=False)
    ] = False,
) -> int:
    """Essayer la correction sur une classe inventée.

    Des copies d’élèves fictifs (excellentes, avec des erreurs courantes, vides, abîmées) sont fabriquées comme Moodle
    les livrerait, puis notées.
    """
    from autograder.demo.command import run_demo

    return run_demo(output, seed=seed, students=students, browser=not no_browser)


@app.command("construire", cls=FrenchCommand)
def _build(
    check: Annotated[
        bool, typer.Option("--check", help="ne rien écrire, dire seulement ce qui n’est pas à jour", show_default=False)
    ] = False,
) -> int:
    """Fabriquer les carnets à partir de leurs sources."""
    from autograder.prepare.build import build

    return build(check)


def main(arguments: list[str] | None = None) -> int:
    """Run ``crc-lab`` and return its exit code: 0 done, 1 nothing could be done, 2 wrong usage, 130 interrupted."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in given
    given = [item for item in given if item != "--debug"]
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # an old console may lack a sign
    try:
        return int(app(given, prog_name="crc-lab", standalone_mode=False) or 0)
    except CrcError as error:
        if debug:
            traceback.print_exc()
        print(error, file=sys.stderr)
        return NOTHING_DONE
    except ModuleNotFoundError as error:
        if debug or error.name not in _PROF:
            return _unexpected(error, debug)
        print(f"Il manque « {error.name} » pour cette commande : « pip install crc-lab[prof] ».", file=sys.stderr)
        return NOTHING_DONE
    except BrokenPipeError:
        return 0
    except Exception as error:  # a traceback helps nobody here
        return _unexpected(error, debug)


def _unexpected(error: Exception, debug: bool) -> int:
    if debug:
        traceback.print_exc()
    print(
        f"crc-lab s’est arrêté sur une erreur imprévue ({type(error).__name__} : {error}).\n"
        "Relancez la même commande avec --debug, et envoyez ce qui s’affiche aux auteurs (page « Issues » du projet).",
        file=sys.stderr,
    )
    return NOTHING_DONE


if __name__ == "__main__":
    sys.exit(main())
