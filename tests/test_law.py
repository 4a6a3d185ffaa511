"""The law in one file: its entries are complete, dated and sourced; the boxes of the questions come from there."""

from __future__ import annotations

import datetime as dt
import re
import tomllib

import pytest

from crc_lab.core.bank import load_activity
from crc_lab.core.errors import BankProblems
from crc_lab.core.law import DETAIL, LAW_FILE, box, lines_of, read_law, to_read_again
from crc_lab.core.problems import Problems
from crc_lab.core.resources import activity_ids, datasets_folder, workbook_root

MISTAKES = Problems()
LAW = read_law(datasets_folder(), MISTAKES)
SOURCE = (datasets_folder() / LAW_FILE).read_text("utf-8")
ENTRY = """
version = 1
date = 2026-11-22
[certitudes]
A = "établie"
[entrees.essai]
titre = "Essai"
texte = "Un texte."
certitude = "A"
source = "un article"
"""


def law_of(names, note=""):
    told = []
    text = box(names, note, LAW, told.append)
    assert told == []
    return text


def questions():
    for name in activity_ids():
        raw = tomllib.loads((workbook_root() / "notebooks" / name / "exercices.toml").read_text("utf-8"))
        yield from raw["question"]


def test_the_law_file_has_no_mistake():
    assert MISTAKES.found == []
    assert LAW.date == dt.date(2026, 11, 22)
    assert list(LAW.certainties) == ["A", "B", "C"]


def test_every_entry_is_used_by_a_question():
    used = {name for question in questions() if isinstance(question.get("droit"), list) for name in question["droit"]}
    assert used == set(LAW.entries)


def test_no_question_writes_its_own_law():
    assert [question["id"] for question in questions() if not isinstance(question.get("droit", []), list)] == []


def test_the_law_is_written_as_french_is():
    assert re.findall(r".{0,20}\w'\w.{0,20}", SOURCE) == []
    assert re.findall(r".{0,20} [:;?!»](?:\s|$).{0,20}|.{0,20}« .{0,20}", SOURCE) == []
    assert all(entry["texte"].strip().endswith(".") for entry in LAW.entries.values())
    assert all(entry["titre"][0].isupper() or entry["titre"][0] == "«" for entry in LAW.entries.values())


def test_a_rule_is_a_line_and_names_its_source():
    for name, entry in LAW.entries.items():
        assert 0 < len(entry["court"]) <= 115, name
        assert not entry["source"].startswith(("sources ", "source ")), f"{name}: name it"
        assert "concordant" not in entry["source"], f"{name}: name it"
    assert set(LAW.signs) == set(LAW.certainties)
    assert LAW.signs["B"] == LAW.signs["C"] != LAW.signs["A"]


def test_a_box_has_three_lines_at_most_and_the_rest_on_demand():
    for question in questions():
        names = question.get("droit")
        if isinstance(names, list):
            short, mark, detail = law_of(names).partition(DETAIL)
            assert mark
            assert short.count("\n- ") == min(3, len(names)), question["id"]
            assert detail.count("- **") == len(names)


@pytest.mark.parametrize(("after", "told"), [(0, False), (183, False), (184, True), (730, True), (-30, False)])
def test_the_teacher_is_reminded_of_a_law_checked_six_months_ago(after, told):
    text = to_read_again(LAW, LAW.date + dt.timedelta(days=after))
    assert bool(text) == told
    assert not told or "vérifié le 22/11/2026" in text


def test_what_is_uncertain_says_so():
    for name, entry in LAW.entries.items():
        box = law_of([name])
        assert f"Certitude {entry['certitude']}\u00a0: {LAW.certainties[entry['certitude']]}." in box
        assert f"Source\u00a0: {entry['source']}." in box


def test_a_box_says_the_day_the_rule_its_date_its_certainty_and_its_source():
    short, _, detail = law_of(["bloctel-fin", "horaires"]).partition(DETAIL)
    first, _, *lines = short.splitlines()
    assert first == "**Droit au 22/11/2026**"
    assert lines == [
        "- **✓ établi**\u00a0· Bloctel n’existe plus\u00a0: la liste a disparu le 11 août 2026\u00a0; "
        "il faut un consentement préalable.",
        "- **○ à confirmer**\u00a0· Jours, heures et fréquence\u00a0: du lundi au vendredi, 10 h-13 h et 14 h-20 h, "
        "4 fois en 30 jours.",
    ]
    rule, hours = detail.splitlines()
    assert rule.startswith("- **Bloctel n’existe plus.** ")
    assert "*(Depuis le 11/08/2026. Certitude A\u00a0: établie. Source\u00a0: loi n°\u00a02025-594" in rule
    assert "*Réserve\u00a0: la règle des 60 jours" in hours
    assert law_of([]) == ""
    assert law_of(["bloctel-fin"], "Ici, rien ne change.").partition(DETAIL)[0].endswith("\n\nIci, rien ne change.")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('titre = "Essai"\n', "", "entrée « essai » : le champ « titre » manque"),
        ('source = "un article"', "", "entrée « essai » : le champ « source » manque"),
        ('certitude = "A"', 'certitude = "Z"', "certitude « Z » inconnue ; possibles : A"),
        ("date = 2026-11-22", 'date = "22 novembre"', "le champ « date »"),
        ('source = "un article"', 'source = "x"\ndepuis = "2026"', "le champ « depuis » doit être une date"),
        ('source = "un article"', 'source = "x"\nlien = "y"', "le champ « lien » n’existe pas"),
        ("[certitudes]", "[certitudes", "ligne 4"),
    ],
)
def test_a_mistake_in_the_law_file_is_told(tmp_path, old, new, said):
    path = tmp_path / LAW_FILE
    path.write_text(ENTRY.replace(old, new), "utf-8")
    problems = Problems()
    read_law(tmp_path, problems)
    assert said in " ".join(problems.found)


def test_the_law_file_may_be_missing(tmp_path):
    problems = Problems()
    assert read_law(tmp_path, problems).entries == {}
    (missing,) = problems.found
    assert "introuvable" in missing


EXERCISES = """
version = 1
activite = "01_t"
numero = 1
titre = "T"
points = 0
duree = "1 h"
[[question]]
id = "T-X1"
genre = "texte"
titre = "T"
enonce = "?"
entrainement = true
droit = {droit}
[[question.critere]]
id = "c"
libelle = "C"
controle = "textes_courts"
"""


def load(folder, names, law=ENTRY):
    (folder / "exercices.toml").write_text(EXERCISES.replace("{droit}", names), "utf-8")
    if law:
        (folder / LAW_FILE).write_text(law, "utf-8")
    return load_activity(folder, folder).activity.questions[0].law


def test_a_question_shows_the_entries_that_it_names_or_its_own_text(tmp_path):
    box = load(tmp_path, '["essai"]')
    assert box.startswith(f"**Droit au 22/11/2026**\n\n- Essai{DETAIL}- **Essai.** Un texte. *(Certitude A")
    assert load(tmp_path, '"Un texte à part."') == "Un texte à part."


@pytest.mark.parametrize(
    ("names", "law", "said"),
    [
        ('["essai", "autre"]', ENTRY, "T-X1 : l’entrée de droit « autre » n’existe pas dans droit.toml"),
        ('["essai"]', "", "droit.toml : fichier introuvable"),
        ('["essai"]', ENTRY.replace('titre = "Essai"\n', ""), "droit.toml, ligne 6 : entrée « essai »"),
        ("12", ENTRY, "le champ « droit » doit être un texte ou une liste"),
    ],
)
def test_a_box_that_cannot_be_made_is_a_mistake_of_the_files(tmp_path, names, law, said):
    with pytest.raises(BankProblems) as problems:
        load(tmp_path, names, law)
    assert said in str(problems.value)


def test_what_a_marked_page_shows_of_the_law_is_its_lines():
    text = law_of(["bloctel-fin", "horaires", "recours", "prefixes"], "Une note.")
    found = lines_of(text)
    assert [sign for sign, _ in found] == ["✓ établi", "○ à confirmer", "○ à confirmer"]
    assert found[0][1].startswith("Bloctel n’existe plus")
    assert lines_of("**Droit**\n\n- **Un texte d’avant.** Sans lignes.") == ()
