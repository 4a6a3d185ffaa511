"""From the bytes of a file to the metadata that holds the answer sheet, whatever state the file is in.

Only :mod:`json` is used (``nbformat`` takes a second to import). Cells are dropped as they are read: they are never
looked at, even less run, and a notebook heavy with pictures stays small in memory.
"""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass
from typing import Any

from autograder.archives import Refused

INTERNAL = "ERREUR-INTERNE"
"""Code of our own mistakes: they cost one file or one question, never the batch."""
MAX_DIGITS = 300
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NOT_JSON = (
    (b"%PDF", "C’est un PDF renommé : demandez le carnet .ipynb lui-même."),
    (b"PK\x03\x04", "C’est une archive ou un fichier Office renommé : demandez le carnet .ipynb lui-même."),
    (b"\x89PNG", "C’est une image renommée : demandez le carnet .ipynb lui-même."),
    (b"<", "C’est une page web enregistrée à la place du carnet : demandez le fichier .ipynb lui-même."),
)
_CONFLICT = re.compile(r"^(?:<{7} |={7}$|>{7} )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Incident:
    """Something the teacher should know about a copy that was marked all the same."""

    code: str
    text: str

    def to_json(self) -> dict[str, str]:
        return {"code": self.code, "texte": self.text}


@dataclass(frozen=True, slots=True)
class ReadFile:
    """The raw answer sheet of a file (``metadata.crc_lab``, or a whole sidecar) and what was strange in the file."""

    sheet: Any
    incidents: tuple[Incident, ...] = ()


def read_sheet(content: bytes) -> ReadFile:
    """The raw sheet in ``content``; raises :class:`Refused` with a code and a French sentence, and nothing else."""
    if not content.strip():
        raise Refused(
            "CARNET-VIDE", "Le fichier est vide : rien n’y a été enregistré. Demandez à l’élève de le remettre."
        )
    incidents: list[Incident] = []
    document, twice = _parse(_decode(content, incidents), content)
    if twice:
        text = "Le fichier donne deux fois la même information ; la dernière a été retenue."
        incidents.append(Incident("CARNET-CLES-DOUBLES", text))
    return ReadFile(_sheet(document), tuple(incidents))


def _decode(content: bytes, incidents: list[Incident]) -> str:
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            return content.decode(encoding, "replace")
    if b"\x00" in content[:4]:
        return content.decode("utf-16-le" if content[1:2] == b"\x00" else "utf-16-be", "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        if not content.lstrip().startswith((b"%PDF", b"PK", b"\x89PNG")):
            text = (
                "Le fichier n’est plus en UTF-8 (enregistré par un autre logiciel) : vérifiez les accents des réponses."
            )
            incidents.append(Incident("CARNET-ENCODAGE", text))
        return content.decode("cp1252", "replace")


def _parse(text: str, content: bytes) -> tuple[Any, bool]:
    doubled: list[str] = []

    def keep(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            doubled.append("")
        return {} if "cell_type" in found else found

    try:
        document = json.loads(text, object_pairs_hook=keep, parse_int=_integer, parse_constant=_nothing)
    except json.JSONDecodeError as error:
        raise _unreadable(text, content, error) from None
    except (RecursionError, MemoryError, ValueError):
        raise Refused(
            "CARNET-ILLISIBLE",
            "Le contenu du fichier est trop emboîté pour être celui d’un carnet : il n’a pas été lu.",
        ) from None
    return document, bool(doubled)


def _integer(digits: str) -> int | str:
    """A number of absurd length stays text: converting it would take minutes."""
    return int(digits) if len(digits) <= MAX_DIGITS else digits


def _nothing(_: str) -> None:
    """NaN and Infinity (pandas writes them for an empty cell) are no answers."""


def _unreadable(text: str, content: bytes, error: json.JSONDecodeError) -> Refused:
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")
    for sign, sentence in _NOT_JSON:
        if start.startswith(sign):
            return Refused("PAS-UN-CARNET", sentence)
    if _CONFLICT.search(text):
        return Refused(
            "CARNET-CONFLIT",
            "Le fichier contient deux versions mêlées (conflit de synchronisation) : demandez la version de l’élève.",
        )
    if text.lstrip("\ufeff \t\r\n").startswith("{") and _stops_short(text, error):
        return Refused(
            "CARNET-TRONQUE",
            "Le fichier est coupé avant la fin (envoi ou enregistrement interrompu) : faites-le remettre.",
        )
    return Refused(
        "CARNET-ILLISIBLE", f"Le fichier ne peut pas être lu comme un carnet (erreur à la ligne {error.lineno})."
    )


def _stops_short(text: str, error: json.JSONDecodeError) -> bool:
    return error.msg.startswith("Unterminated string") or error.pos >= len(text.rstrip()) - 5


def _sheet(document: Any) -> Any:
    if not isinstance(document, dict):
        raise Refused("PAS-UN-CARNET", "Le fichier n’est pas un carnet Jupyter.")
    metadata = document.get("metadata")
    if isinstance(metadata, dict) and metadata.get("crc_lab") is not None:
        return metadata["crc_lab"]
    if "reponses" in document and "activite" in document:
        return document
    if "cells" in document or "nbformat" in document:
        raise Refused(
            "FEUILLE-ABSENTE",
            "Ce carnet ne contient pas de feuille de réponses crc-lab : ce n’est pas un carnet du cahier, "
            "ou ses réponses n’ont jamais été enregistrées.",
        )
    raise Refused("PAS-UN-CARNET", "Le fichier n’est pas un carnet Jupyter.")
