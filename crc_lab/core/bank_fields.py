"""The fields of exercices.toml and corrige.toml, and how they become values of the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from crc_lab.core.errors import did_you_mean
from crc_lab.core.model import Column

type_of_fields = Mapping[str, tuple[type | tuple[type, ...], bool]]
_NUMBER = (int, float)

ACTIVITY_FIELDS: type_of_fields = {
    "version": (int, True),
    "activite": (str, True),
    "numero": (int, True),
    "titre": (str, True),
    "points": (_NUMBER, True),
    "duree": (str, True),
    "edition": (str, False),
    "sujet": (str, False),
    "donnees": (dict, False),
    "question": (list, True),
}
QUESTION_FIELDS: type_of_fields = {  # those of its kind come besides
    "id": (str, True),
    "genre": (str, True),
    "titre": (str, True),
    "enonce": (str, True),
    "points": (_NUMBER, False),
    "entrainement": (bool, False),
    "indices": (list, False),
    "tableau": (dict, False),
    "droit": ((str, list), False),
    "droit_note": (str, False),
    "excel": (bool, False),
    "messages": (dict, False),
    "critere": (list, False),
}
TABLE_FIELDS: type_of_fields = {
    "source": (str, True),
    "cle": (str, True),
    "colonnes": (list, True),
    "lignes": (int, False),
    "visibles": (list, False),
    "renommer": (dict, False),
}
CRITERION_FIELDS: type_of_fields = {
    "id": (str, True),
    "libelle": (str, False),
    "points": (_NUMBER, False),
    "controle": (str, False),
}
KEY_FIELDS: type_of_fields = {
    "reponse": (object, True),
    "explication": (str, True),
    "criteres": (dict, False),
    "messages": (dict, False),
    "preuves": (list, False),
}
COLUMN_FIELDS: type_of_fields = {
    "nom": (str, True),
    "saisie": (bool, False),
    "choix": (list, False),
    "aide": (str, False),
    "texte": (bool, False),
    "groupe": (str, False),
    "type": (str, False),
}
OPTION_FIELDS: type_of_fields = {"id": (str, True), "texte": (str, True), "raison": (str, False)}
COLUMN_TYPES = ("texte", "nombre", "date")
_NAMES = {str: "un texte", int: "un nombre entier", bool: "true ou false", list: "une liste", dict: "une table"}


def check_fields(
    raw: Any, fields: type_of_fields, add: Callable[[str], None], *, open_ended: bool = False
) -> dict[str, Any]:
    """The fields that are as they should be; those that are missing, unknown or of another type are said (``add``)."""
    if not isinstance(raw, Mapping):
        add(f"il faut une table de champs ({', '.join(fields)}), et non « {str(raw)[:40]} ».")
        return {}
    sound = {name: value for name, value in raw.items() if name not in fields and open_ended}
    for name, (kind, required) in fields.items():
        if name not in raw:
            if required:
                add(f"le champ « {name} » manque.")
        elif kind is object or (isinstance(raw[name], kind) and (kind is bool or not isinstance(raw[name], bool))):
            sound[name] = raw[name]
        else:
            kinds = kind if isinstance(kind, tuple) else (kind,)
            wanted = "un nombre" if kind == _NUMBER else " ou ".join(_NAMES[one] for one in kinds)
            add(f"le champ « {name} » doit être {wanted}.")
    for name in raw if not open_ended else ():
        if name not in fields:
            add(f"le champ « {name} » n’existe pas. {did_you_mean(name, fields)}")
    return sound


def check_items(raw: Any, fields: type_of_fields, add: Callable[[str], None], what: str) -> list[dict[str, Any]]:
    """The same for a list of tables, ``what`` they are in French; those that lack something are left out."""
    found = []
    for number, item in enumerate(raw if isinstance(raw, (list, tuple)) else (), start=1):
        sound = check_fields(item, fields, partial(_told, add, f"{what} n°\u00a0{number}"))
        if all(name in sound for name, (_, required) in fields.items() if required):
            found.append(sound)
    return found


def _told(add: Callable[[str], None], what: str, text: str) -> None:
    add(f"{what} : {text}")


def build_columns(raw: Any, types: Mapping[str, str], add: Callable[[str], None]) -> tuple[Column, ...]:
    """``types``: what the data package says of the columns; a column's own ``type`` wins."""
    found = []
    for item in check_items(raw, COLUMN_FIELDS, add, "colonne"):
        kind = item.get("type") or types.get(item["nom"], "texte")
        if kind not in COLUMN_TYPES:
            add(f"colonne « {item['nom']} » : type « {kind} » inconnu. {did_you_mean(kind, COLUMN_TYPES)}")
            continue
        choices, name = tuple(map(str, item.get("choix", ()))), item["nom"]
        given, typed = bool(item.get("saisie", False)), bool(item.get("texte", True))
        found.append(Column(name, given, choices, item.get("aide", ""), typed, item.get("groupe", ""), kind))
    return tuple(found)
