"""The shapes of settings: what each accepts, and what is said of the rest; where a mistake stands in a TOML file."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from crc_lab.core import settings as s
from crc_lab.core.grading import Check
from crc_lab.core.model import Column, Criterion, Option, Part, Question, Table, TableSpec
from crc_lab.core.problems import Lines, UnreadableToml, parse_toml
from crc_lab.core.resources import activity_ids, workbook_root
from crc_lab.core.rooms import checks, kinds
from crc_lab.core.settings import Place, Setting, Shape
from crc_lab.kinds.choices import Options, Sides
from crc_lab.kinds.parts import Parts

TABLE = Table(("id", "ville", "age"), (("1", "Lille", "30"), ("2", "Nantes", "41")))
SPEC = TableSpec(
    "base", "id", (Column("id"), Column("ville"), Column("age", kind="nombre"), Column("note", answer=True))
)


def place(kind: str = "choix", spec: Any = None, given: dict[str, Any] | None = None, **params: Any) -> Place:
    """A criterion « c » of a question about the table above."""
    criterion = Criterion("c", "", "x", 1, params)
    question = Question("Q", kind, "", "", 1, (criterion,), spec=spec, table=SPEC, data={"base": TABLE})
    other = Question("R", "choix", "", "", 1, ())
    return Place(
        question, criterion, {**params, **(given or {})}, {"base": TABLE}, ("E1",), {"Q": question, "R": other}
    )


AB = Options((Option("a", "A"), Option("bleu", "Bleu")))
HERE = place(spec=AB)
SIDES = place("association", Sides((Option("g", "G"),), (Option("d", "D"),)))
FRUITS = s.table_of({"valeur": s.VALUE}, {"code": s.CODE, "note": s.TEXT}, any_of=("code", "note"))

RIGHT: list[tuple[Shape, Any, Place]] = [
    (s.TEXT, "a", HERE), (s.FLAG, False, HERE), (s.integer(1), 1, HERE), (s.number(0, 1), 1, HERE),
    (s.VALUE, 8, HERE), (s.VALUE, "8,33", HERE), (s.VALUE, "-8.33", HERE), (s.SPREAD, "0,05", HERE),
    (s.one_of("a", "b"), "b", HERE), (s.DATE, "2026-11-01", HERE), (s.PATTERN, "ach(at|ete)", HERE),
    (s.list_of(s.TEXT), [], HERE), (s.mapping(s.OPTION, s.CODE), {"a": "E1"}, HERE),
    (FRUITS, {"valeur": 1, "code": "E1"}, HERE), (s.OPTION, "vrai", place("vrai_faux", Options())),
    (s.LEFT, "g", SIDES), (s.RIGHT, "d", SIDES), (s.COLUMN, "ville", HERE), (s.ASKED, "note", HERE),
    (s.RECORD, "2", HERE), (s.DATA, "base", HERE), (s.QUESTION, "R", HERE), (s.CODE, "E1", HERE),
    (s.columns_of("table"), "age", place(given={"table": "base"})),
    (s.RULES, [["ville", "=", "lille"], ["age", "≥", "18"], ["ville", "parmi", "Lille;Nantes"]], HERE),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "value", "where"), RIGHT)
def test_what_has_the_shape_is_accepted(shape: Shape, value: Any, where: Place) -> None:
    assert list(shape.look(value, where)) == []


WRONG: list[tuple[Shape, Any, str]] = [
    (s.TEXT, " ", "il faut un texte"),
    (s.TEXT, 3, "il faut un texte, et non « 3 »."),
    (s.FLAG, "oui", "il faut « true » ou « false », et non « oui »."),
    (s.integer(1), True, "il faut un nombre entier, au moins 1, et non true."),
    (s.integer(1), 0, "au moins 1"),
    (s.integer(1), "4", "et non « 4 ». Écrivez 4, sans guillemets."),
    (s.number(0, 1), "0,5", "il faut un nombre de 0 à 1, et non « 0,5 ». Écrivez 0.5, sans guillemets."),
    (s.number(0, 1), 1.5, "il faut un nombre de 0 à 1"),
    (s.VALUE, "huit", "il faut un nombre (12.5, ou « 12,5 » entre guillemets droits), et non « huit »."),
    (s.VALUE, ["8"], "et non une liste."),
    (s.SPREAD, -1, "il faut un nombre positif"),
    (s.one_of("extrait", "complet"), "complets", "Vouliez-vous dire « complet » ? Noms possibles : extrait, complet."),
    (s.DATE, "01/11/2026", "n’est pas une date : écrivez AAAA-MM-JJ."),
    (s.PATTERN, "(achat", "motif « (achat » illisible"),
    (s.list_of(s.TEXT), "a", "il faut une liste, et non « a »."),
    (s.list_of(s.TEXT, least=1), [], "la liste est vide."),
    (s.list_of(s.TEXT, distinct=True), ["a", "a"], "« a » figure deux fois."),
    (s.mapping(s.OPTION, s.CODE), {"blue": "E1"}, "n’est pas une option de la question. Vouliez-vous dire « bleu »"),
    (s.mapping(s.OPTION, s.CODE), {"a": "E2"}, "« E2 » n’est pas un message qui a un texte."),
    (s.mapping(s.OPTION, s.CODE), "a", "il faut une table, et non « a »."),
    (FRUITS, {"valeur": 1}, "il faut au moins l’un des champs code, note."),
    (FRUITS, {"code": "E1"}, "le champ « valeur » manque"),
    (FRUITS, {"valeur": 1, "cod": "E1"}, "le champ « cod » n’existe pas. Vouliez-vous dire « code » ?"),
    (FRUITS, 3, "il faut une table de champs (valeur, code, note), et non « 3 »."),
    (s.COLUMN, "vile", "n’est pas une colonne du tableau. Vouliez-vous dire « ville » ?"),
    (s.ASKED, "ville", "n’est pas une colonne à remplir."),
    (s.RECORD, "3", "n’est pas un numéro de fiche du tableau."),
    (s.DATA, "bases", "n’est pas un fichier déclaré sous [donnees]. Vouliez-vous dire « base » ?"),
    (s.QUESTION, "Q", "n’est pas une autre question de l’activité."),
    (s.RULES, [["ville", "="]], "une règle s’écrit [colonne, comparaison, valeur]"),
    (s.RULES, [["vile", "=", "Lille"]], "ne se lit pas (colonne). Vouliez-vous dire « ville » ?"),
    (s.RULES, [["age", "≥", "vingt"]], "la règle « age ≥ vingt » ne se lit pas (nombre)."),
    (s.RULES, [["ville", "≠", "Lile"]], "aucune fiche ne porte « Lile ». Vouliez-vous dire « Lille » ?"),
    (s.RULES, "ville", "il faut une liste, et non « ville »."),
]  # fmt: skip


@pytest.mark.parametrize(("shape", "value", "said"), WRONG)
def test_the_rest_is_refused_with_what_to_write(shape: Shape, value: Any, said: str) -> None:
    (mistake,) = shape.look(value, HERE)
    assert said in mistake.text


def test_settings_that_are_unknown_missing_or_misshapen_are_all_told_with_their_place() -> None:
    declared = (
        Setting("attendus", s.integer(1), "…", required=True),
        Setting("erreurs", s.list_of(s.mapping(s.OPTION, s.CODE)), "…"),
    )
    given = {"atendus": 2, "erreurs": [{"a": "E1"}, {"a": "E7"}]}
    found = [(mistake.path, mistake.text) for mistake in s.mistakes(declared, place(spec=AB, given=given))]
    assert [path for path, _ in found] == [("atendus",), ("erreurs", 1, "a"), ()]
    assert [text for _, text in found] == [
        "le réglage « atendus » n’existe pas. Vouliez-vous dire « attendus » ? Noms possibles : attendus, erreurs.",
        "« E7 » n’est pas un message qui a un texte. Vouliez-vous dire « E1 » ? Noms possibles : E1.",
        "le réglage « attendus » manque (un nombre entier, au moins 1).",
    ]


def test_a_part_gives_its_own_options_and_the_nearest_of_many_names_are_shown() -> None:
    spec = Parts((Part("p", "choix", "", spec=AB),))
    assert list(s.OPTION.look("bleu", place("parties", spec, partie="p"))) == []
    many = s.reference("un nom", lambda _place: [f"nom{number}" for number in range(100)])
    (mistake,) = many.look("nom7x", HERE)
    assert "Vouliez-vous dire « nom7 » ?" in mistake.text
    assert mistake.text.endswith("…")
    assert mistake.text.count("nom") < 30


# --- every check declares what it reads -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(checks()))
def test_a_check_says_what_it_looks_at_and_declares_each_setting_once(name: str) -> None:
    check: Check = checks()[name]
    assert check.about.endswith(".")
    names = [setting.name for setting in check.declared]
    assert len(set(names)) == len(names)
    assert all(setting.about.endswith((".", ").")) and setting.shape.french for setting in check.declared)
    assert set(check.kinds) <= set(kinds())


def test_every_setting_that_the_code_reads_is_declared() -> None:
    """The names given to ``context.param`` in the rooms of checks."""
    declared = {setting.name for check in checks().values() for setting in check.declared}
    sources = [path for room in ("checks", "marielle") for path in (workbook_root() / "crc_lab" / room).glob("*.py")]
    read = {name for path in sources for name in re.findall(r'\.param\("(\w+)"', path.read_text(encoding="utf-8"))}
    assert len(read) > 30
    assert read <= declared


# --- places in TOML files -------------------------------------------------------------------------------------------


def walked(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for name, item in inside for found in [(*path, name), *walked(item, (*path, name))]]


@pytest.mark.parametrize("activity", activity_ids())
def test_every_value_of_every_file_of_the_workbook_has_a_line(activity: str) -> None:
    for path in (workbook_root() / "notebooks" / activity).glob("*.toml"):
        content = path.read_bytes()
        rows = content.decode().split("\n")
        lines = Lines(content)
        assert set(lines) == set(walked(tomllib.loads(content.decode())))
        for place, line in lines.items():
            if isinstance(place[-1], str):
                assert place[-1] in rows[line - 1], (path, place)


SAMPLE = b'''# tete
a = 1
[t."A4-Q3".criteres]
x.y = { z = [
  "un # pas un commentaire",
  """deux
lignes = 3""",
], "w k" = 2 }
[[q]]
id = "1"
[q.s]
n = 2026-11-01
[[q]]
id = "2"  # [faux]
'''


def test_the_line_of_a_value_is_found_whatever_its_way() -> None:
    lines = Lines(SAMPLE)
    expected = {("a",): 2, ("t", "A4-Q3", "criteres"): 3, ("t", "A4-Q3", "criteres", "x", "y", "z"): 4}
    expected |= {("t", "A4-Q3", "criteres", "x", "y", "z", 1): 6, ("t", "A4-Q3", "criteres", "x", "y", "w k"): 8}
    expected |= {("q", 0, "id"): 10, ("q", 0, "s", "n"): 12, ("q", 1, "id"): 14}
    assert {place: lines[place] for place in expected} == expected
    assert lines.near(("q", 1, "absent", 3)) == 13
    assert lines.near(("nulle part",)) == 0
    assert Lines(SAMPLE.replace(b"\n", b"\r\n")) == lines


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a = 1\nb = 0,1", 2, "« 0,1 » ne se lit pas : un nombre s’écrit avec un point (0.1), sans virgule"),
        ("a = { x = 0,5 }", 1, "(0.5)"),
        ('a = "un\n', 1, "il manque un guillemet droit"),
        ("a = « un »", 1, "entre guillemets droits, et non « » ou “ ”"),
        ("a = [1\nb = 2", 2, "une liste n’est pas fermée"),
        ("a = 1\na = 2", 2, "déclarée deux fois"),
        ("[x]\n[x]", 2, "déclarée deux fois"),
        ("a 1", 1, "il manque le signe ="),
        ("a = oui", 1, "un texte s’écrit entre guillemets droits"),
        ('a = "\\d"', 1, "une barre oblique inverse s’écrit deux fois"),
        ("a = 1 2", 1, "quelque chose de trop"),
        ("[a", 1, "cette ligne ne se lit pas"),
    ],
)
def test_a_file_that_cannot_be_read_says_its_line_and_what_to_mend(text: str, line: int, reason: str) -> None:
    with pytest.raises(UnreadableToml) as caught:
        parse_toml(text.encode())
    assert caught.value.line == line
    assert reason in caught.value.reason


def test_a_file_that_is_not_utf_8_says_its_line() -> None:
    with pytest.raises(UnreadableToml) as caught:
        parse_toml('a = 1\nb = "é"'.encode("latin-1"))
    assert (caught.value.line, caught.value.reason) == (2, "le fichier n’est pas enregistré en UTF-8")
    assert parse_toml(b"\xef\xbb\xbfa = 1\r\n") == {"a": 1}


def test_the_author_s_table_names_every_check() -> None:
    page = (Path(workbook_root()) / "docs" / "auteur.md").read_text(encoding="utf-8")
    assert [name for name in checks() if f"\n### `{name}`\n" not in page] == []
