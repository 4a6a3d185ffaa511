"""What a filled worksheet has to say, in French: what was written, what was not and why, how to give it to Moodle."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from crc_lab.core.wording import NBSP, count, french, listing

if TYPE_CHECKING:
    from autograder.moodle import MoodleFiles
    from autograder.moodle.worksheet import FilledWorksheet

_NAMES = 40
_SEPARATORS = {",": "virgule", ";": "point-virgule", "\t": "tabulation", ":": "deux-points"}
_ENCODINGS = {
    "utf-8": "UTF-8", "cp1252": "WINDOWS-1252", "mac_roman": "MACINTOSH", "cp850": "CP850",
    "utf-16-le": "UTF-16", "utf-16-be": "UTF-16",
}  # fmt: skip
STALE = (
    "Dans Moodle, au moment de « Déposer un formulaire d’évaluation », cochez « Autorise la modification de données "
    "modifiées plus récemment dans Moodle que dans le formulaire d’évaluation » : sans cela, Moodle saute sans le dire "
    "les élèves dont la note a changé depuis le téléchargement (et, en français, dès le second dépôt, car il ne relit "
    "pas ses propres dates)."
)


def sentences(done: FilledWorksheet) -> tuple[str, ...]:
    """One sentence per thing to know, the most important first."""
    return tuple(french(sentence) for sentence in _sentences(done))


def _sentences(done: FilledWorksheet) -> Iterator[str]:
    yield f"{done.file} : {count(done.filled, 'note écrite', 'notes écrites')} sur {count(done.rows, 'élève')}."
    if done.replaced:
        yield _about(done.replaced, "note déjà dans Moodle est remplacée", "notes déjà dans Moodle sont remplacées")
    if done.provisional:
        yield _about(
            done.provisional,
            "note provisoire n’est pas écrite (une réponse rédigée reste à noter)",
            "notes provisoires ne sont pas écrites (des réponses rédigées restent à noter)",
        )
    if done.locked:
        yield _about(
            done.locked, "note verrouillée dans Moodle est laissée", "notes verrouillées dans Moodle sont laissées"
        )
    for name, why in done.doubts:
        yield f"Ligne laissée telle quelle, à remplir à la main : {name} ({why})."
    if done.otherwise:
        shown = listing([f"{name} ({how})" for name, how in done.otherwise], _NAMES)
        yield f"Reconnus par la liste de classe, sans le numéro de Moodle : {shown}."
    if done.without_copy:
        yield f"Sans copie notée, ligne laissée telle quelle : {listing(list(done.without_copy), _NAMES)}."
    if done.without_row:
        yield f"Copie notée, mais aucune ligne dans ce formulaire : {listing(list(done.without_row), _NAMES)}."
    if not done.has_comments:
        yield "Ce devoir n’a pas de « Feedback par commentaires » : seules les notes sont écrites."
    if done.headers_missing:
        names = listing([f"« {name} »" for name in done.headers_missing])
        yield (
            f"La colonne {names} n’a pas été retrouvée (accents abîmés ?) : Moodle peut refuser ce fichier. "
            "Téléchargez à nouveau le formulaire, et ne l’enregistrez pas avec Excel."
        )
    if done.separator != "," or done.encoding != "utf-8":
        separator, encoding = _SEPARATORS[done.separator], _ENCODINGS[done.encoding]
        yield f"Au dépôt dans Moodle, choisissez le séparateur « {separator} » et l’encodage {encoding}."
    yield STALE


def _about(names: tuple[str, ...], one: str, many: str) -> str:
    number = len(names)
    return f"{number}{NBSP}{one if number == 1 else many} : {listing(list(names), _NAMES)}."


def of_files(files: MoodleFiles) -> tuple[str, ...]:
    """The report of everything that was written for Moodle."""
    told = list(dict.fromkeys(sentence for done in files.worksheets for sentence in sentences(done)))
    for archive in files.archives:
        for name, why in archive.left_out:
            told.append(french(f"Retour à donner vous-même à {name} ({why})."))
    return tuple(told)
