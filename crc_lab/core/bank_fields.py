"""The fields of exercices.toml and corrige.toml, and how they become values of the model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

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
    "critere": (list, True),
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
    "libelle": (str, True),
    "points": (_NUMBER, False),
    "controle": (str, True),
}
KEY_FIELDS: type_of_fields = {
    "reponse": (object, True),
    "explication": (str, True),
    "criteres": (dict, False),
    "messages": (dict, False),
}
_NAMES = {str: "un texte", int: "un nombre entier", bool: "true ou false", list: "une liste", dict: "une table"}


def check_fields(
    raw: Mapping[str, Any], fields: type_of_fields, add: Callable[[str], None], *, open_ended: bool = False
) -> None:
    """Say (through ``add``) which fields are missing, unknown or of the wrong type."""
    for name, (kind, required) in fields.items():
        if name not in raw:
            if required:
                add(f"le champ « {name} » manque.")
        elif kind is not object and (not isinstance(raw[name], kind) or (kind is int and isinstance(raw[name], bool))):
            kinds = kind if isinstance(kind, tuple) else (kind,)
            wanted = "un nombre" if kind == _NUMBER else " ou ".join(_NAMES[one] for one in kinds)
            add(f"le champ « {name} » doit être {wanted}.")
    if not open_ended:
        for name in raw:
            if name not in fields:
                add(f"le champ « {name} » n’existe pas ; champs possibles : {', '.join(fields)}.")


def build_columns(raw: Iterable[Mapping[str, Any]], types: Mapping[str, str]) -> tuple[Column, ...]:
    """``types``: what the data package says of the columns; a column's own ``type`` wins."""
    return tuple(
        Column(
            str(item["nom"]),
            bool(item.get("saisie", False)),
            tuple(item.get("choix", ())),
            str(item.get("aide", "")),
            bool(item.get("texte", True)),
            str(item.get("groupe", "")),
            str(item.get("type") or types.get(str(item["nom"]), "texte")),
        )
        for item in raw
    )
