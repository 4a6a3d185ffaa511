"""Notebooks written by hand, where JSON itself is the weapon. Each one has the answer sheet of an honest copy."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

type_of_sheet = Mapping[str, Any]
type_of_document = Callable[[type_of_sheet], Iterator[bytes]]


def _around(inside: str, cells: str = "[]") -> type_of_document:
    """``inside``: keys added to the sheet."""

    def make(sheet: type_of_sheet) -> Iterator[bytes]:
        meta = json.dumps(sheet, ensure_ascii=False)[:-1]
        yield f'{{"cells": {cells}, "metadata": {{"crc_lab": {meta}, {inside}}}}}, '.encode()
        yield b'"nbformat": 4, "nbformat_minor": 5}'

    return make


def _raw(*parts: bytes) -> type_of_document:
    return lambda _: iter(parts)


def _many_keys(sheet: type_of_sheet) -> Iterator[bytes]:
    """600 000 answers, then the honest one."""
    others = {name: item for name, item in sheet.items() if name != "reponses"}
    yield b'{"cells": [], "metadata": {"crc_lab": ' + json.dumps(others).encode()[:-1] + b', "reponses": {'
    yield b"".join(b'"A6-X%d": 1, ' % number for number in range(600_000))
    yield json.dumps(sheet["reponses"]).encode()[1:] + b"}}}"


def _spaces(sheet: type_of_sheet) -> Iterator[bytes]:
    yield b" " * (50 << 20)
    yield from _around('"x": 1')(sheet)


_ODD_CELLS = '[{"cell_type": {}, "source": 5, "metadata": 3, "id": []}, null, 7, {"cell_type": "code"}, [[]]]'
_HALF = '"x": "\\ud800", "eleve": {"nom": "In\\udc80s Garnier", "identifiant": "igarnier"}'

DOCUMENTS: dict[str, type_of_document] = {
    "emboitement": _raw(b'{"cells": ', b"[" * 100_000),
    "emboitement_ferme": _around('"x": ' + "[" * 100_000 + "]" * 100_000),
    "emboitement_objets": _around('"x": ' + '{"a":' * 100_000 + "1" + "}" * 100_000),
    "emboitement_leger": _around('"x": ' + "[" * 700 + "]" * 700),
    "listes_vides": lambda _: iter([b'{"cells": [', b"[]," * 19_000_000, b"[]]}"]),
    "nombres": lambda _: iter([b'{"cells": [', b"1," * 28_000_000, b"1]}"]),
    "cles": _many_keys,
    "cle_longue": lambda sheet: _around('"' + "k" * 20_000_000 + '": 1')(sheet),
    "guillemets": lambda _: iter([b'{"cells": ["', b'\\",' * 19_000_000, b'"], "metadata": {}}']),
    "chiffres": _around('"n": ' + "9" * 5_000 + ', "p": ' + "9" * 2_000_000 + ', "q": 1' + "0" * 4_300),
    "infinis": _around('"a": NaN, "b": Infinity, "c": -Infinity, "d": 1e400, "e": -1e999999, "f": 1e-400'),
    "cles_doubles": _around('"edition": "x", "edition": "entrainement", "x": {"a": 1, "a": 2}'),
    "demi_caracteres": _around(_HALF),
    "cellules": lambda sheet: _around('"x": 1', cells="[" + '{"cell_type":"code","source":"a"},' * 400_000 + "0]")(
        sheet
    ),
    "espaces": _spaces,
    "cellules_etranges": _around('"x": {"cell_type": "code", "source": "1"}', cells=_ODD_CELLS),
}
