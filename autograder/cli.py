"""The teacher's commands: what each takes, what it calls. Every heavy import waits for the command that needs it."""

from __future__ import annotations

import glob
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crc_lab.__main__ import Command, WrongUsage, main
from crc_lab.core.errors import CrcError

__all__ = ["commands", "main"]

# Saves about one second of the commands that read notebooks: see crc_lab/lab/lab_main.py, which does the same.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

_DATABASE = "l’adresse de la base de notes de nbgrader, si elle n’est pas dans le dossier du cours"
_WORKBOOK = "vos propres activités : le dossier où sont notebooks/ et datasets/ (par défaut : le cahier installé)"


def commands() -> dict[str, Command]:
    """The teacher's commands by name; :mod:`crc_lab.__main__` runs them."""
    marking = Command("corriger", "[ENTRÉE…] --sortie DOSSIER [OPTIONS]", correct)
    again = "un ou plusieurs ; aucun pour noter de nouveau ce qui a déjà été remis"
    marking.paths("ENTRÉE…", "*", f"le ZIP de Moodle, un dossier, des carnets .ipynb : {again}")
    add = marking.option
    add("output", "--sortie DOSSIER", "où écrire les notes et les retours (créé s’il n’existe pas)", required=True)
    whole = "un dossier fait par « crc-lab preparer » : corrigés, liste de classe et nbgrader en une fois"
    add("preparation", "--preparation DOSSIER", whole)
    add("roster", "--classe FICHIER", "la liste de classe (CSV ou Excel)")
    add("keys", "--corriges DOSSIER", "vos corrigés (par défaut : ceux du cahier)")
    add("manual", "--notes-manuelles FICHIER", "reponses-ouvertes.xlsx où vous avez écrit des points")
    texts = "a-decider.xlsx rempli, ou le decisions.csv d’une autre classe : les textes que vous avez décidés"
    add("decisions", "--decisions FICHIER", texts)
    off = "une copie du cahier d’entraînement, rendue à la place du sujet, qui doit compter (« tous » : toutes)"
    add("accepted", "--accepter-entrainement ÉLÈVE", off, action="append", default=[])
    course = "un cours nbgrader : y lire les notes du formgrader, y écrire toutes les notes"
    add("course", "--nbgrader DOSSIER", course)
    add("url", "--base ADRESSE", _DATABASE)
    worksheet = "le formulaire d’évaluation téléchargé de Moodle, à remplir (dans une copie) ; un par devoir"
    add("worksheets", "--formulaire-moodle FICHIER", worksheet, action="append", default=[])
    hidden = "écrire aussi, dans pseudonymes/, notes, critères et erreurs avec « Élève 01 » à la place des noms"
    add("pseudonyms", "--pseudonymes", hidden)
    add("correspondence", "--correspondance", "écrire qui est qui dans correspondance.csv")
    add("workbook", "--cahier DOSSIER", _WORKBOOK)
    add("fresh", "--recommencer", "oublier les copies remises avant celles-ci")
    alone = "ne pas reprendre les options de la dernière fois : seules comptent celles de cette commande"
    add("alone", "--options-neuves", alone)

    gathering = Command("ramasser", "COMPTES --sortie DOSSIER [OPTIONS]", gather)
    gathering.paths(
        "COMPTES", "?", "sur le serveur, le dossier où chaque élève a le sien (/home, ou celui de vos réglages)"
    )
    add = gathering.option
    add("output", "--sortie DOSSIER", "où copier les carnets (créé s’il n’existe pas)", required=True)
    add("roster", "--classe FICHIER", "la liste de classe (CSV ou Excel) : seuls ses comptes sont ramassés")
    add("everybody", "--tous", "ramasser aussi les comptes qui ne sont pas dans la liste")

    opening = Command("formgrader", "[DOSSIER] [OPTIONS]", grade_by_hand)
    opening.paths("DOSSIER", "?", "un dossier fait par « crc-lab preparer » (par défaut : celui où vous êtes)")
    opening.serves()

    preparing = Command("preparer", "--classe FICHIER --sortie DOSSIER [OPTIONS]", prepare)
    add = preparing.option
    roster = "la liste de la classe (CSV ou Excel, de Moodle, Pronote ou de vous)"
    add("roster", "--classe FICHIER", roster, required=True)
    add("output", "--sortie DOSSIER", "où préparer l’évaluation (un nouveau dossier)", required=True)
    some = "les activités, séparées par des virgules : 03_structurer,06_scorer ou 3,6 (par défaut : toutes)"
    add("activities", "--activites LISTE", some, default="")
    add("subject", "--sujet NOM", "le nom du sujet, pour distinguer deux épreuves de la même classe", default="")
    add("workbook", "--cahier DOSSIER", f"{_WORKBOOK} ; le dossier préparé s’en souvient")
    add("program", "--programme", "mettre aussi dans le dossier le programme de l’élève, sans corrigé")

    checking = Command("verifier", "[DOSSIER]", check_activities)
    here = "le dossier où sont notebooks/ et datasets/, ou celui d’une seule activité (par défaut : celui où vous êtes)"
    checking.paths("DOSSIER", "?", here)

    giving = Command("programme-eleve", "--sortie DOSSIER", give_program)
    giving.option("output", "--sortie DOSSIER", "où écrire le fichier (créé s’il n’existe pas)", required=True)

    publishing = Command("site", "(--sortie DOSSIER | --verifier ADRESSE) [OPTIONS]", site)
    add = publishing.option
    add("output", "--sortie DOSSIER", "où écrire le site et son ZIP (un nouveau dossier, ou celui d’un site d’avant)")
    add("address", "--verifier ADRESSE", "dire ce que l’hébergeur d’un site publié fait de travers")
    one = "un sujet de « crc-lab preparer » (un ZIP de sujets/) : un site d’évaluation, sans aucun corrigé"
    add("subject", "--sujet FICHIER", one)
    add("keys", "--corriges DOSSIER", "les corrigés de ce sujet (par défaut : ceux du dossier préparé où il est)")
    add("deposit", "--depot ADRESSE", "l’adresse du devoir où rendre, montrée sur la première page", default="")
    add("pyodide", "--pyodide DOSSIER", "le paquet npm « pyodide » décompressé (par défaut : téléchargé par npm)")

    purging = Command("purger", "DOSSIER… (--conservation DURÉE | --eleve ÉLÈVE) [OPTIONS]", erase)
    purging.paths("DOSSIER…", "+", "des dossiers de « crc-lab corriger » (--sortie) ou de « crc-lab preparer »")
    add, examples = purging.option, "« 12 mois », « 90 jours », « 1 an »"
    long = f"combien de temps vous gardez les données, après la dernière correction : {examples}"
    add("retention", "--conservation DURÉE", long)
    add("student", "--eleve ÉLÈVE", "effacer un seul élève, qui l’a demandé : son nom ou son identifiant")
    add("day", "--au DATE", "à quelle date compter : 2027-07-01 (par défaut : aujourd’hui)")
    add("agreed", "--oui", "effacer ; sinon, la liste est seulement montrée")
    add("url", "--base ADRESSE", _DATABASE)

    trying = Command("demo", "[OPTIONS]", demo)
    add, students = trying.option, "nombre d’élèves, de 1 à 500 (par défaut : 30)"
    add("output", "--sortie DOSSIER", "où écrire la démonstration (par défaut : demo-crc)", default=Path("demo-crc"))
    add("seed", "--graine N", "autre nombre, autre classe (par défaut : 1)", default=1)
    add("students", "--eleves N", students, choices=range(1, 501), default=30)
    add("no_browser", "--sans-navigateur", "ne pas ouvrir le rapport")

    deciding = Command("decisions", "[DOSSIER…] --exporter FICHIER", export_decisions)
    where = "des dossiers de « crc-lab corriger » (--sortie), ou leurs decisions.csv (par défaut : celui où vous êtes)"
    deciding.paths("DOSSIER…", "*", where)
    deciding.option("target", "--exporter FICHIER", "où écrire les textes, sans rien de plus", required=True)

    building = Command("construire", "[OPTIONS]", build)
    texts = "un decisions.csv (ou a-decider.xlsx) : apprendre aussi des textes que vous avez décidés"
    building.option("decisions", "--decisions FICHIER", texts)
    building.option("check", "--check", "ne rien écrire, dire seulement ce qui n’est pas à jour")
    building.option("workbook", "--cahier DOSSIER", _WORKBOOK)
    return {
        "corriger": marking, "ramasser": gathering, "formgrader": opening, "preparer": preparing, "verifier": checking,
        "programme-eleve": giving, "site": publishing, "purger": purging, "demo": trying, "decisions": deciding,
        "construire": building,
    }  # fmt: skip


def correct(paths: list[Path], output: Path, worksheets: list[Path], alone: bool, **options: Any) -> int:
    """Noter des copies : notes, rapport de classe et retours aux élèves.

    Aucune cellule n’est exécutée : seules les réponses enregistrées sont lues. Un fichier abîmé n’arrête jamais les
    autres, il est signalé.

    Le dossier de sortie garde tout ce qui a été remis : donnez-lui les copies au fur et à mesure, elles s’ajoutent aux
    précédentes, et les options de la dernière fois sont reprises. Sans ENTRÉE, tout est noté de nouveau, par exemple
    après avoir changé un corrigé : differences.txt dit alors qui a changé, sur quelle question, et pourquoi.

    Dans le dossier de sortie : classe.html (le rapport), notes.xlsx, retours/ (une page par élève), resultats.json,
    reponses-ouvertes.xlsx (les réponses à lire et à noter), a-decider.html et a-decider.xlsx (les textes lus avec un
    doute, à décider une fois pour toutes) et moodle/ (ce qui se dépose dans Moodle).
    """
    given = [path for one in paths for path in _expanded(one)]
    options["accepted"] = tuple(options["accepted"])
    options["worksheets"] = tuple(path for one in worksheets for path in _expanded(one))
    if problem := _wrong_paths(given, output, options):
        raise WrongUsage(problem)
    from autograder.correct import Options
    from autograder.correct.command import correct as mark

    return mark(given, output, Options(**options, repeat=not alone))


def gather(paths: Path | None, output: Path, roster: Path | None, everybody: bool) -> int:
    """Ramasser les carnets des élèves sur le serveur de l’établissement (JupyterHub).

    Dans chaque compte, les carnets des activités notées où il y a au moins une réponse sont copiés dans
    COMPTE/ACTIVITÉ/ du dossier de sortie, que « crc-lab corriger » sait lire. Rien n’est changé chez les élèves, aucun
    lien n’est suivi.

    La même commande met le dossier à jour, et dit qui a répondu à quoi, et qui n’a rien fait. Elle n’efface jamais ce
    qui a été ramassé. Lancez-la avec un compte qui a le droit de lire ceux des élèves.
    """
    if paths is None or not paths.is_dir():
        what = f"Introuvable : « {paths} »." if paths else "Il manque le dossier des comptes."
        raise WrongUsage(f"{what} Donnez celui où chaque élève a le sien, par exemple « crc-lab ramasser /home ».")
    if roster is not None and not roster.is_file():
        raise WrongUsage(f"La liste de classe « {roster} » est introuvable.")
    if output.exists() and not output.is_dir():
        raise WrongUsage(f"« {output} » est un fichier : donnez un dossier à --sortie.")
    from autograder import homes

    return homes.gather(paths, output, roster, everybody=everybody)


def grade_by_hand(paths: Path | None, port: int | None, no_browser: bool) -> int:
    """Ouvrir le formgrader de nbgrader, pour lire et noter des réponses à la main.

    Il s’ouvre dans le navigateur, sur cet ordinateur seulement. Les notes que vous y mettez sont reprises par
    « crc-lab corriger ».
    """
    from autograder.gradebook import open_formgrader

    return open_formgrader(_folder(paths), port=port, browser=not no_browser)


def check_activities(paths: Path | None) -> int:
    """Vérifier vos propres activités, sans rien écrire.

    Chaque question est corrigée comme le serait celle d’un élève : la réponse modèle doit avoir tous ses points, une
    copie vierge aucun, chaque erreur connue son message ; recopier la page ou répondre au hasard ne doit presque rien
    rapporter.
    """
    from autograder.prepare.build import verify

    return verify(_folder(paths))


def _folder(given: Path | None) -> Path:
    folder = given or Path()
    if not folder.is_dir():
        raise WrongUsage(f"Introuvable : « {folder} ». Donnez un dossier.")
    return folder


def prepare(roster: Path, output: Path, activities: str, subject: str, workbook: Path | None, program: bool) -> int:
    """Préparer une évaluation : sujets sans corrigé, corrigés, cours nbgrader.

    Dans le dossier : LISEZ-MOI.html (le mode d’emploi), sujets/ (un ZIP par activité, pour les élèves), corriges/ et
    nbgrader/ (pour le professeur), classe.csv.

    La même commande met le dossier à jour sans rien perdre.
    """
    if not roster.is_file():
        raise WrongUsage(f"Introuvable : « {roster} ». Donnez à --classe le fichier qui contient la liste.")
    from autograder.prepare import command

    return command.prepare(roster, output, activities=activities, subject=subject, workbook=workbook, program=program)


def give_program(output: Path) -> int:
    """Fabriquer le programme de l’élève pour une évaluation : sans aucun corrigé.

    C’est le même programme, moins les questions, les corrigés, les tables de réponses et les commandes du professeur :
    il n’ouvre que des sujets. Installez-le sur les postes de l’épreuve, ou sur le serveur de l’établissement, à la
    place de crc-lab.
    """
    from autograder.prepare.content import write_student_program
    from crc_lab.core.text import reason

    if output.exists() and not output.is_dir():
        raise WrongUsage(f"« {output} » est un fichier : donnez un dossier à --sortie.")
    try:
        path = write_student_program(output)
    except OSError as error:
        raise CrcError(f"Impossible d’écrire dans « {output} » ({reason(error)}).") from None
    print(f"Le programme de l’élève, sans corrigé : {path}")
    print(f"Sur chaque poste de l’épreuve : « pip install {path.name} »")
    return 0


def site(
    output: Path | None,
    address: str | None,
    subject: Path | None,
    keys: Path | None,
    deposit: str,
    pyodide: Path | None,
) -> int:
    """Faire du cahier un site à mettre en ligne : rien à installer pour les élèves, un navigateur suffit.

    Le dossier contient site/ (à publier tel quel, chez n’importe quel hébergeur) et le même en un fichier ZIP (à
    déposer sur Moodle, par exemple). Python et les questions sont dans le site : rien n’est demandé ailleurs.

    Sans --sujet, c’est l’entraînement, corrigés compris. Avec --sujet, c’est une évaluation : une seule activité, dont
    aucune valeur du corrigé ne doit se lire dans le site, sinon il n’est pas gardé.
    """
    if (output is None) == (address is None):
        raise WrongUsage("Donnez « --sortie » (fabriquer le site) ou « --verifier » (un site publié), l’un des deux.")
    from autograder.site import command

    if address is not None:
        return command.verify(address)
    assert output is not None
    if subject is not None and not subject.is_file():
        raise WrongUsage(f"Introuvable : « {subject} ». Donnez à --sujet un ZIP du dossier sujets/.")
    if output.exists() and not output.is_dir():
        raise WrongUsage(f"« {output} » est un fichier : donnez un dossier à --sortie.")
    return command.make_site(output, subject=subject, pyodide=pyodide, keys=keys, deposit=deposit)


def erase(
    paths: list[Path], retention: str | None, student: str | None, day: str | None, agreed: bool, url: str | None
) -> int:
    """Effacer les données personnelles d’une classe, une fois leur conservation finie, ou celles d’un élève.

    Le RGPD (article 5, 1, e) demande de ne pas garder des données personnelles plus longtemps qu’il n’est nécessaire.
    Il ne fixe pas de durée : c’est à vous, avec votre établissement, de la choisir et de savoir dire pourquoi. Par
    exemple, le temps que les notes soient rendues et que chacun ait pu les contester.

    Ce qui serait effacé est d’abord listé : copies, notes, rapports, retours, pseudonymes, liste de classe, ce que
    nbgrader garde des élèves. Sujets et corrigés restent. Rien n’est effacé avant la fin de la conservation, ni sans
    --oui (ou « oui » tapé au terminal), et jamais un fichier que crc-lab n’a pas écrit.

    Un élève peut demander l’effacement de ses données (RGPD, article 17) : avec --eleve, et sans attendre, ses copies,
    ses notes, sa page, son pseudonyme et ses lignes disparaissent. Les fichiers de la classe sont refaits sans lui.
    """
    from autograder import privacy

    if (retention is None) == (student is None):
        raise WrongUsage("Donnez « --conservation » (toute la classe) ou « --eleve » (un seul élève), l’un des deux.")
    try:
        duration, today = privacy.read_duration(retention) if retention else None, privacy.read_day(day)
    except privacy.WrongDuration as error:
        raise WrongUsage(str(error)) from error
    if missing := [path for path in paths if not path.is_dir()]:
        raise WrongUsage(f"Introuvable : « {missing[0]} ». Donnez le dossier de --sortie.")
    if duration is not None:
        return privacy.purge(paths, duration, today, agreed=agreed, url=url)
    from autograder.correct.command import correct_again

    return privacy.purge_student(paths, student or "", correct_again, agreed=agreed, url=url)


def demo(output: Path, seed: int, students: int, no_browser: bool) -> int:
    """Essayer la correction sur une classe inventée.

    Des copies d’élèves fictifs (excellentes, avec des erreurs courantes, vides, abîmées) sont fabriquées comme Moodle
    les livrerait, puis notées.
    """
    from autograder.demo import run_demo

    return run_demo(output, seed=seed, students=students, browser=not no_browser)


def export_decisions(paths: list[Path], target: Path) -> int:
    """Donner les textes que vous avez décidés à qui tient les exemples du cahier.

    Le fichier a la forme d’exemples.csv : la question, les idées, le texte. Aucun nom, aucune copie, aucune date ; un
    texte avec une adresse, un long numéro ou le nom d’un élève de la classe n’y est pas. Rien n’est envoyé : c’est à
    vous de relire ce fichier et de le donner, si vous le voulez bien.
    """
    from autograder.decisions.exporting import export
    from autograder.prepare.build import loaded_activities
    from crc_lab.core.resources import workbook_root

    given = paths or [Path()]
    if missing := [path for path in given if not path.exists()]:
        raise WrongUsage(f"Introuvable : « {missing[0]} ». Donnez le dossier de --sortie, ou un fichier de décisions.")
    if target.is_dir() or any(target.resolve() == path.resolve() for path in given):
        raise WrongUsage("Donnez à --exporter le nom d’un nouveau fichier.")
    return export(given, target, loaded_activities(workbook_root()))


def build(check: bool, workbook: Path | None, decisions: Path | None) -> int:
    """Fabriquer les carnets à partir de leurs sources.

    Avec --decisions, les textes que vous avez décidés s’ajoutent aux exemples d’après lesquels les textes courts sont
    lus : d’autres façons de dire la même chose en profitent. Tout reste sur cet ordinateur.
    """
    from autograder.prepare.build import build as build_all
    from crc_lab.core.rooms import using_workbook

    if decisions is not None and not decisions.is_file():
        raise WrongUsage(f"Introuvable : « {decisions} ». Donnez à --decisions un decisions.csv ou un a-decider.xlsx.")
    with using_workbook(workbook):
        return build_all(check, decisions=decisions)


def _expanded(given: Path) -> list[Path]:
    """``*.ipynb`` where the shell did not expand it (Windows)."""
    pattern = str(given)
    if given.exists() or not any(sign in pattern for sign in "*?"):
        return [given]
    return [Path(name) for name in sorted(glob.glob(pattern))] or [given]  # noqa: PTH207 - the pattern may be absolute


def _wrong_paths(inputs: list[Path], output: Path, options: Mapping[str, Any]) -> str | None:
    """What is wrong with the paths given, in French; None when all is well."""
    if missing := [f"« {path} »" for path in inputs if not path.exists()]:
        return f"Introuvable{'s' if len(missing) > 1 else ''} : {', '.join(missing)}. Vérifiez ce que vous avez écrit."
    if output.exists() and not output.is_dir():
        return f"« {output} » est un fichier : donnez un dossier à --sortie."
    if any(path.is_dir() and path.resolve() == output.resolve() for path in inputs):
        return "Le dossier de sortie est aussi une entrée : donnez un autre dossier à --sortie."
    places = [
        ("Le dossier des corrigés", options["keys"], Path.is_dir),
        ("Le dossier préparé", options["preparation"], Path.is_dir),
        ("Le cours nbgrader", options["course"], Path.is_dir),
        ("Le cahier", options["workbook"], Path.is_dir),
        ("La liste de classe", options["roster"], Path.is_file),
        ("Le fichier des notes manuelles", options["manual"], Path.is_file),
        ("Le fichier des décisions", options["decisions"], Path.is_file),
        *(("Le formulaire d’évaluation", path, Path.is_file) for path in options["worksheets"]),
    ]
    for what, path, is_there in places:
        if path is not None and not is_there(path):
            return f"{what} « {path} » est introuvable."
    from autograder.register import FILE

    known = (output / FILE).is_file()  # then the course may be that of the last time
    if options["url"] is not None and options["course"] is None and options["preparation"] is None and not known:
        return "--base va avec --nbgrader (ou --preparation) : donnez aussi le dossier du cours."
    if not inputs and options["fresh"]:
        return "--recommencer oublie les copies remises avant : donnez celles qui les remplacent (ENTRÉE…)."
    if not inputs and not known:
        return (
            "Il manque les copies à noter (ENTRÉE…) : le ZIP de Moodle, un dossier ou des fichiers .ipynb. Sans elles, "
            f"« {output} » devrait contenir celles d’une correction précédente ; ce n’est pas le cas."
        )
    return None


if __name__ == "__main__":
    sys.exit(main())
