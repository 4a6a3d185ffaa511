"""The question file of a subject: what a student needs to answer, and nothing that only serves with the key.

Everything is chosen by name, nothing is taken away: a field that nobody thought of stays with the teacher.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import tomli_w

from crc_lab.core.bank import criteria_of, is_training
from crc_lab.core.model import ASSESSMENT
from crc_lab.core.rooms import checks, kinds
from crc_lab.core.sheet import SUBJECT_KEY

_ACTIVITY = ("version", "activite", "numero", "titre", "points", "duree")
_QUESTION = ("id", "genre", "titre", "enonce", "points", "indices", "excel")
_TABLE = ("source", "cle", "lignes", "visibles", "renommer")
_COLUMN = ("nom", "saisie", "choix", "aide", "texte", "groupe", "type")
_CRITERION = ("id", "libelle", "points", "controle", "partie", "depend_de")
_HEAD = "# Questions du sujet « {subject} ». Ce fichier accompagne le carnet : laissez-le à côté de lui.\n\n"


def student_questions(raw: Mapping[str, Any], subject: str, law: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The exercices.toml of a subject, from that of the workbook (as read by :mod:`tomllib`).

    ``law``: the text of each question's law box, by question id: the subject needs no law file.

    Exercises are left out; so are the remarks on options, the settings and the messages that serve with the key only,
    and the data that no question left uses.
    """
    boxes = law or {}
    kept = [item for item in raw.get("question", ()) if not is_training(item)]
    questions = [_question(item, boxes.get(item["id"], "")) for item in kept]
    used = set(_texts(questions))
    return {
        **_kept(raw, _ACTIVITY),
        "edition": ASSESSMENT,
        SUBJECT_KEY: subject,
        "donnees": {name: path for name, path in raw.get("donnees", {}).items() if name in used},
        "question": questions,
    }


def as_toml(questions: Mapping[str, Any]) -> bytes:
    """The file itself, the same bytes each time."""
    head = _HEAD.format(subject=questions[SUBJECT_KEY])
    return (head + tomli_w.dumps(questions, multiline_strings=True)).encode()


def _question(raw: Mapping[str, Any], law: str) -> dict[str, Any]:
    question = _kept(raw, _QUESTION)
    if law:
        question["droit"] = law
    question |= kinds()[raw["genre"]].for_students(raw)
    if "tableau" in raw:
        columns = [_kept(item, _COLUMN) for item in raw["tableau"].get("colonnes", ())]
        question["tableau"] = {**_kept(raw["tableau"], _TABLE), "colonnes": columns}
    if messages := _messages(raw):
        question["messages"] = messages
    question["critere"] = [_criterion(item) for item in criteria_of(raw)]
    return question


def _criterion(raw: Mapping[str, Any]) -> dict[str, Any]:
    """A criterion with the only settings that its check reads without the key (``Check.params``)."""
    return _kept(raw, (*_CRITERION, *checks()[raw["controle"]].params))


def _messages(raw: Mapping[str, Any]) -> dict[str, str]:
    """The messages that the criteria may use without the key."""
    codes = {code for item in criteria_of(raw) for code in checks()[item["controle"]].keyless_codes}
    return {code: text for code, text in raw.get("messages", {}).items() if code in codes}


def _kept(raw: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    wanted = set(names)
    return {name: item for name, item in raw.items() if name in wanted}


def _texts(value: Any) -> Iterable[str]:
    """Every text in ``value``, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
