"""« Ma fiche », one page of an activity, and « avant et après », what was made of the case: what they say."""

import io
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook

from crc_lab.core.bank import load_activity
from crc_lab.core.errors import BankProblems, CrcError
from crc_lab.core.keys import COURSE_LINES
from crc_lab.core.model import Table
from crc_lab.core.resources import activity_folder, activity_ids, datasets_folder
from crc_lab.core.rooms import outcomes
from crc_lab.core.sheet import Answer, Student
from crc_lab.excel import MIME, tables_book
from crc_lab.marielle.before_after import BEFORE_AFTER, GUESTS, SCORES
from crc_lab.notebook import handin
from crc_lab.notebook.cards import Cards
from crc_lab.notebook.handin import answer_text, offers_summary, outcome_tables, rule_of, summary_page
from crc_lab.notebook.session import Session
from tests.loaded import loaded_activity

INES = Student("Garnier Inès")
WITH_A_COURSE = [name for name in activity_ids() if not name.startswith("00")]


@pytest.fixture(autouse=True)
def no_server(monkeypatch):
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)


def session(tmp_path, activity="04_qualifier", **answers):
    """An activity with these answers (question, without its « A4- »: value), each checked once."""
    found = Session(activity, tmp_path)
    for name, value in answers.items():
        kept = Answer(value, tries=1, date="2026-11-22T10:04:00+01:00")
        found.sheet = found.sheet.with_answer(f"A{activity[1]}-{name}", kept)
    return found


def plain(html):
    return re.sub(r"\s+", " ", re.sub(r"<(style|script)>.*?</\1>|<[^>]*>", " ", html, flags=re.DOTALL)).replace(
        "\u00a0", " "
    )


@pytest.mark.parametrize("activity", WITH_A_COURSE)
def test_every_activity_has_its_course_in_ten_lines_and_a_page(activity, tmp_path):
    found = Session(activity, tmp_path)
    assert len(found.course) == len(set(found.course)) == COURSE_LINES
    page = plain(summary_page(found, INES))
    assert all(line.replace("\u00a0", " ") in page for line in map(plain, found.course))
    assert "Vérifiez vos réponses" in page
    assert "Garnier Inès" in page


def test_the_page_tells_answers_mistakes_and_the_rule_that_corrects_them(tmp_path):
    found = session(tmp_path, Q3={"taux": "9,09", "conforme": "oui"}, Q2=[["1", "2"]])
    found.sheet = found.sheet.with_answer("A4-Q4", Answer({"o1": "nettoyer"}))
    page = plain(summary_page(found, INES))
    answers, mistakes = page.split("Mes erreurs, et la règle qui corrige")
    assert "9,09" in answers
    assert "1 et 2" in answers or "1, 2" in answers or "1 – 2" in answers
    assert "à vérifier" in answers, "an answer that was not checked gets no verdict"
    assert "A4-Q3" in mistakes
    assert "A4-Q2" in mistakes
    assert "A4-Q4" not in mistakes
    assert "→" not in mistakes
    assert rule_of(found.keys["A4-Q3"].explanation).replace("\u00a0", " ") in mistakes
    assert "Dernière réponse le 22/11/2026" in page


def test_a_right_answer_leaves_no_mistake_and_what_a_student_types_is_escaped(tmp_path):
    found = session(tmp_path, "03_structurer", Q1=["particuliers", "professionnels"])
    assert "Aucune erreur" in summary_page(found, INES)
    found = session(tmp_path, "03_structurer", Q1=["<script>alert(1)</script>", "x"])
    html = summary_page(found, Student("<img src=x>"))
    assert "<script>alert" not in html
    assert "<img" not in html


def test_an_assessment_and_a_mock_exam_under_way_have_no_page(tmp_path):
    found = session(tmp_path)
    assert offers_summary(found)
    found.start_exam()
    assert not offers_summary(found)
    with pytest.raises(CrcError, match="pas de fiche"):
        summary_page(found, INES)
    sheet = {"version": 1, "activite": "04_qualifier", "edition": "evaluation", "reponses": {}}
    (tmp_path / "tp.ipynb").write_text(json.dumps({"metadata": {"crc_lab": sheet}}), encoding="utf-8")
    assert not offers_summary(Session("04_qualifier", tmp_path))


def test_during_an_exam_over_the_page_is_still_that_of_the_training(tmp_path):
    found = session(tmp_path, Q3={"taux": "8,33", "conforme": "non"})
    found.start_exam()
    found.record("A4-Q3", {"taux": "5", "conforme": "oui"})
    found.end_exam()
    page = plain(summary_page(found, INES))
    assert "8,33" in page.split("Mes réponses")[1]
    assert "2 / 2" in page


def test_a_table_is_told_by_what_is_filled(tmp_path):
    rows = [["1", "10", "20", "20", "50", "Très bons clients"], ["3", "", "", "", "", ""]]
    question = Session("06_scorer", tmp_path).question("A6-Q1")
    text = answer_text(question, {"colonnes": ["id_contact", "R", "F", "M", "score", "segment"], "lignes": rows}, 200)
    assert text.replace("\u00a0", " ") == "1 ligne remplie. 1 : 10, 20, 20, 50, Très bons clients"
    assert (
        len(answer_text(question, {"colonnes": ["id_contact", "R"], "lignes": [[str(n), "10"] for n in range(60)]}, 90))
        <= 90
    )


@pytest.mark.parametrize("lines", [["x"] * 11, "un texte", [3], ["x" * 171], [""]])
def test_a_course_that_one_page_cannot_hold_is_refused(lines, tmp_path):
    for name in ("exercices.toml", "corrige.toml"):
        text = (activity_folder("00_accueil") / name).read_text("utf-8")
        if name == "corrige.toml":
            text = text.replace('activite = "00_accueil"', f'activite = "00_accueil"\nretenir = {json.dumps(lines)}')
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(BankProblems, match="retenir"):
        load_activity(tmp_path, datasets_folder())


# ---- before and after


def workbook(tmp_path, **sheets):
    """Notebooks side by side, with these answers by activity; the session of activity 7."""
    for activity, answers in sheets.items():
        name = next(one for one in activity_ids() if one.endswith(activity))
        kept = {
            question: {"valeur": value, "essais": 1, "date": "2026-11-22T10:00:00+01:00"}
            for question, value in answers.items()
        }
        path = tmp_path / name / f"{name}.ipynb"
        path.parent.mkdir()
        path.write_text(
            json.dumps({"metadata": {"crc_lab": {"version": 1, "activite": name, "reponses": kept}}}), "utf-8"
        )
    (tmp_path / "07_cibler").mkdir(exist_ok=True)
    return Session("07_cibler", tmp_path / "07_cibler")


def key(question):
    loaded = loaded_activity(next(n for n in outcomes() if n[1] == question[1]))
    return loaded.keys[question].answer


def told(tables):
    return {row[0]: tuple(cell.replace("\u00a0", " ") for cell in row[1:]) for row in tables[BEFORE_AFTER].rows}


def test_nothing_done_gives_nothing_away(tmp_path):
    tables = outcome_tables(workbook(tmp_path))
    assert list(tables) == [BEFORE_AFTER]
    lines = told(tables)
    assert lines["Cases rouges"] == ("des cases à corriger : combien ?", "à faire : activité 4")
    assert lines["NPAI et PND"] == ("à calculer", "à faire : activité 4")
    assert all(after.startswith("à faire") for _, after in lines.values())


def test_the_whole_case_well_done_is_told_from_the_students_own_answers(tmp_path):
    found = workbook(
        tmp_path,
        structurer={"A3-Q2": key("A3-Q2")},
        qualifier={name: key(name) for name in ("A4-Q1", "A4-Q2", "A4-Q3")},
        segmenter={"A5-Q2": key("A5-Q2")},
        scorer={"A6-Q1": key("A6-Q1")},
        cibler={name: key(name) for name in ("A7-Q3", "A7-Q4")},
    )
    tables = outcome_tables(found)
    lines = told(tables)
    assert lines["Cases rouges"] == ("45 cases à corriger", "45 cases trouvées, 0 reste à trouver")
    assert lines["Doublons"][1] == "4 doublons fusionnés sur 4"
    assert lines["NPAI et PND"] == ("8,33 % (ma réponse)", "0 % : 3 adresses non valides mises de côté")
    assert lines["Scores RFM"][1].startswith("49 clients notés : 9 très bons")
    assert lines["Invités à la vente privée"][1].startswith("9 invités (E-mail 8, SMS 3")
    assert [row[0] for row in tables[GUESTS].rows] == ["1", "4", "13", "18", "22", "35", "40", "47", "51"]
    assert tables[GUESTS].rows[0][1:6] == ("Élise DURAND", "PARIS", "50", "Très bons clients", "oui")
    assert len(tables[SCORES].rows) == 49


def test_wrong_and_odd_answers_are_told_as_they_are(tmp_path):
    found = workbook(
        tmp_path,
        qualifier={"A4-Q1": [["3", "civilite"], ["3", "pays"]], "A4-Q2": "?", "A4-Q3": {"taux": 5}},
        cibler={"A7-Q3": {"fiches": ["999", 1, 1]}, "A7-Q4": []},
    )
    tables = outcome_tables(found)
    lines = told(tables)
    assert lines["Cases rouges"] == ("45 cases à corriger", "1 case trouvée, 44 restent à trouver")
    assert lines["Doublons"][1] == "à faire : activité 4"
    assert lines["NPAI et PND"][0] == "à calculer"
    assert lines["Invités à la vente privée"][1] == "2 invités"
    assert [row[:2] for row in tables[GUESTS].rows] == [("999", ""), ("1", "Élise DURAND")]


def test_the_card_offers_both_shows_the_table_and_exports_it_with_the_name(tmp_path):
    cards = Cards(workbook(tmp_path, cibler={"A7-Q3": key("A7-Q3")}))
    card, sent = cards.hand_in_card(), []
    card.send = lambda content, buffers=None: sent.append((content, buffers))
    assert card.offre == {"fiche": True, "bilan": True}
    assert Cards(Session("01_crc", tmp_path)).hand_in_card().offre == {"fiche": True, "bilan": False}
    for kind in ("bilan", "bilan_excel", "fiche"):
        card._receive(card, {"type": kind, "nom": "Garnier / Inès", "identifiant": ""}, [])
    shown, book, page = (item for item in sent if item[0]["type"] not in ("recu", "fini"))
    assert "Invités à la vente privée" in shown[0]["html"]
    assert book[0] == {"type": "telecharger", "mime": MIME}  # the page gives it a name
    sheets = load_workbook(io.BytesIO(book[1][0]))
    assert sheets.sheetnames == [BEFORE_AFTER, GUESTS]
    assert sheets[GUESTS]["A1"].value == "Marielle Nature, avant et après : Garnier / Inès"
    assert [cell.value for cell in sheets[GUESTS][4]][:3] == [1, "Élise DURAND", "PARIS"]
    assert page[0] == {"type": "page"}
    assert page[1][0].startswith(b"<!doctype html>")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Garnier / Inès", "Ma fiche – 07_cibler – Garnier Inès"),
        ("", "Ma fiche – 07_cibler"),
        ('. a\t"b" <c>:|?* . ', "Ma fiche – 07_cibler – a b c"),
        ("é" * 80, f"Ma fiche – 07_cibler – {'é' * 60}"),
    ],
)
def test_a_file_is_named_after_what_it_is_and_whose_without_what_no_file_name_holds(typed, name):
    if (node := shutil.which("node")) is None:
        pytest.skip("Node is not installed")
    script = f"""
        import {{ fileName }} from "./copy.js";
        console.log(fileName(["Ma fiche", "07_cibler"], {json.dumps(typed)}));
    """
    folder = Path(handin.__file__).parent / "js"
    done = subprocess.run(
        [node, "--input-type=module", "-e", script], cwd=folder, capture_output=True, text=True, check=True
    )
    assert done.stdout == f"{name}\n"


def test_what_a_student_types_is_never_a_formula_and_a_zero_at_the_start_stays():
    book = load_workbook(
        io.BytesIO(tables_book({"T": Table(("N°", "x"), (("01000", "=1+1"), ("12", "+33"), ("", "\x07")))}, "=A1"))
    )
    sheet = book["T"]
    assert [sheet[name].data_type for name in ("A1", "A4", "B4", "A5")] == ["s", "s", "s", "n"]
    assert (sheet["A4"].value, sheet["B4"].value) == ("01000", "=1+1")
