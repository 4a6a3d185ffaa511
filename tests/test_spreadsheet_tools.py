"""The spreadsheet's tools that activity 3 names work on its own file: more than half of the columns are filled, and
nothing is typed cell by cell (corrections C20)."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl

from crc_lab.core.grading import grade
from crc_lab.core.resources import activity_folder, datasets_folder
from tests.excel_cases import through_libreoffice
from tests.sample_copies import loaded

ENGLISH = {
    "SI": "IF", "ESTNUM": "ISNUMBER", "CHERCHE": "SEARCH", "SIERREUR": "IFERROR", "MINUSCULE": "LOWER",
    "SUPPRESPACE": "TRIM", "DROITE": "RIGHT", "SUBSTITUE": "SUBSTITUTE", "GAUCHE": "LEFT", "STXT": "MID", "OU": "OR",
    "MAJUSCULE": "UPPER", "SOMMEPROD": "SUMPRODUCT", "LIGNE": "ROW", "REPT": "REPT", "MAX": "MAX",
}  # fmt: skip
COLUMNS = {
    "le type de contact": "type_contact", "l’e-mail : le mot qui contient @": "email",
    "la date de création : le dernier mot": "date_creation", "l’origine": "origine", "le SIRET": "siret",
    "la date de naissance": "date_naissance", "la ville : ce qui suit le dernier chiffre": "ville",
    "le code postal : le mot d’avant": "code_postal", "l’alerte NPAI": "alerte",
    "l’accord pour l’e-mail": "optin_email",
    "le téléphone, l’e-mail ôté": "telephone",
}  # fmt: skip
COPIED = {"date_dernier_achat": "H", "nb_achats_12m": "I", "panier_moyen": "J"}
ROWS, LEFT_WRONG = 12, 1
"""The records of the extract; how many of them may have to be read again in one column."""


def test_the_tools_of_activity_3_fill_more_than_half_of_the_columns_of_its_file(tmp_path: Path) -> None:
    source = (activity_folder("03_structurer") / "activite.py").read_text(encoding="utf-8").replace("\u00a0", " ")
    told = dict(re.findall(r"^# \| ([^|]+) \| `(=.+)` \|$", source, re.MULTILINE))
    french = {column: told[label] for label, column in COLUMNS.items()}
    french |= {f"optin_{one}": french["optin_email"].replace("mail ", f"{one} ") for one in ("sms", "tel")}
    book = openpyxl.load_workbook(datasets_folder() / "marielle_nature_contacts.xlsx")
    sheet = book["Contacts"]
    for at, formula in enumerate(french.values(), start=12):
        words = set(re.findall(r"([A-Z]+)\(", formula))
        assert words <= set(ENGLISH), words - set(ENGLISH)
        named = re.sub(r"\b([A-Z]+)\(", lambda word: f"{ENGLISH[word[1]]}(", formula)
        english = re.sub(r'"[^"]*"|;', lambda part: "," if part[0] == ";" else part[0], named)
        for row in range(2, ROWS + 2):
            sheet.cell(row, at, re.sub(r"\b([A-J])2\b", rf"\g<1>{row}", english)).number_format = "General"
    book.save(tmp_path / "contacts.xlsx")
    rewritten = through_libreoffice(tmp_path, tmp_path / "contacts.xlsx") / "contacts.xlsx"
    computed = openpyxl.load_workbook(rewritten, data_only=True)
    lines = computed["Contacts"].iter_rows(min_row=2, max_row=ROWS + 1, values_only=True)
    names = ["id_contact", *french, *COPIED, "pays"]
    filled = [
        [
            str(line[0]),
            *(str(cell or "") for cell in line[11 : 11 + len(french)]),
            *(str(cell or "") for cell in line[7:10]),
            "FRANCE",
        ]
        for line in lines
    ]
    activity = loaded("03_structurer")
    question = activity.activity.question("A3-Q2")
    assert question is not None
    assert question.table is not None
    result = grade(question, {"colonnes": names, "lignes": filled}, activity.keys["A3-Q2"])
    wrong = [(cell.row, cell.column) for cell in result.cells if cell.state == "faux"]
    by_column = {name: sum(column == name for _, column in wrong) for name in names}
    assert {name: count for name, count in by_column.items() if count > LEFT_WRONG} == {}
    asked = [column.name for column in question.table.columns if column.answer]
    assert len(names) - 1 > len(asked) / 2
    assert result.points > 6
