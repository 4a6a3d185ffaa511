"""« À décider »: a text in doubt is asked once, without any name, decided, remembered, and never asked again."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from autograder import decisions
from autograder.correct import Options
from autograder.correct.command import correct
from autograder.decisions import (
    FILE,
    PAGE,
    SHEET_FILE,
    Decisions,
    Settled,
    Subject,
    asking,
    reading,
    said,
    subjects,
    writing,
)
from autograder.decisions.exporting import as_exemplars
from autograder.decisions.reading import DecisionProblems, read_decisions
from autograder.exemplars.building import built
from autograder.exemplars.lines import Exemplar, read_exemplars
from crc_lab.__main__ import main
from crc_lab.core.errors import CrcError
from crc_lab.core.grading import grade
from crc_lab.core.resources import activity_folder
from crc_lab.core.text import fold
from crc_lab.reading.reader import Reader, reader_of
from tests.sample_copies import copy, loaded

A1, QUESTION = "01_crc", "A1-Q1b"
KEYS = Options(keys=activity_folder(A1))
SUBJECTS = subjects([loaded(A1)])


def _in_doubt(start: str, words: Iterable[str]) -> str:
    """The first of these words after ``start`` that the reader cannot place, whatever it has learnt."""
    key, question = loaded(A1).keys[QUESTION], loaded(A1).activity.question(QUESTION)
    assert question is not None
    texts = (f"{start}{word}" for word in words)
    return next(text for text in texts if grade(question, [text, "", "", ""], key).criteria[0].in_doubt)


NONSENSE = ("schtroumpf bidule", "zorglub prout", "gloubi boulga", "xylo tartiflette", "krapulax ouistiti", "babar zef")
UNKNOWN, OTHER = _in_doubt("=", NONSENSE), _in_doubt("wagon ", NONSENSE)
"""Two texts that are a doubt: words that no exemplar holds."""


def handed_in(folder: Path, answers: Mapping[str, list[str]]) -> Path:
    """A folder of copies of activity 1, by the name of the student."""
    folder.mkdir(exist_ok=True)
    for number, (name, texts) in enumerate(answers.items()):
        content = copy(A1, {QUESTION: texts}, name=name, identifier=f"eleve{number}")
        (folder / f"{A1}_{number}.ipynb").write_bytes(content)
    return folder


def filled(path: Path, cells: Mapping[tuple[str, str], str]) -> None:
    """The sheet with something typed, by (text, title of the column)."""
    book = openpyxl.load_workbook(path)
    page = book[reading.SHEET]
    at = {cell.value: cell.column for cell in page[1]}
    rows = {page.cell(row, at["Texte"]).value: row for row in range(2, page.max_row + 1)}
    for (text, title), value in cells.items():
        page.cell(rows[text], at[title]).value = value
    book.save(path)


def lines(path: Path) -> list[dict[str, Any]]:
    titles, *rows = openpyxl.load_workbook(path)[reading.SHEET].values
    return [dict(zip(titles, row, strict=True)) for row in rows]


# --- a class, from the first run to the third -------------------------------------------------------------------------


def test_a_text_is_decided_once_for_all_the_copies_that_say_it_and_never_asked_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    output = tmp_path / "resultats"
    texts = ["La vente", UNKNOWN, "", ""]
    copies = handed_in(
        tmp_path / "copies",
        {"Inès Garnier": texts, "Paul Hamidi": [UNKNOWN.upper(), "la vente", "", ""], "Zoé Petit": [OTHER, "", "", ""]},
    )
    assert correct([copies], output, KEYS) == 0
    first = capsys.readouterr().out
    asked = lines(output / SHEET_FILE)
    assert [(line["Texte"], line["Copies"], line["Décision"], line["Portée"]) for line in asked] == [
        ("'" + UNKNOWN, 2, None, "ce texte"),  # heavier: two copies say it; and no formula
        (OTHER, 1, None, "ce texte"),
    ]
    assert "2 textes à décider" in first.replace("\u00a0", " ")
    page = (output / PAGE).read_text(encoding="utf-8")
    assert UNKNOWN in page
    for name in ("Garnier", "Hamidi", "Zoé", "eleve0"):
        assert name not in page
        assert all(name not in str(value) for line in asked for value in line.values())

    filled(output / SHEET_FILE, {("'" + UNKNOWN, "Décision"): "prendre des rendez-vous"})
    assert correct([], output, Options(repeat=True)) == 0
    second = capsys.readouterr().out.replace("\u00a0", " ")
    assert "1 texte vient d’être décidé" in second
    assert "Inès Garnier, activité 1 :" in second
    assert "Paul Hamidi, activité 1 :" in second
    assert "Zoé Petit, activité 1 :" not in second
    assert [line["Texte"] for line in lines(output / SHEET_FILE)] == [OTHER]
    kept = (output / FILE).read_text(encoding="utf-8-sig")
    assert kept.splitlines()[0] == ";".join(decisions.COLUMNS)
    [row] = [*csv.reader(io.StringIO(kept), delimiter=";")][1:]
    assert row[:5] == [QUESTION, "rendez_vous", "'" + UNKNOWN, "enseignant", "2"]

    assert correct([], output, Options(repeat=True)) == 0
    third = capsys.readouterr().out
    assert "décidé." not in third
    assert [line["Texte"] for line in lines(output / SHEET_FILE)] == [OTHER]


def test_the_decisions_of_another_class_serve_and_those_that_cannot_be_taken_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    copies = handed_in(tmp_path / "copies", {"Inès Garnier": [UNKNOWN, OTHER, "", ""]})
    given = tmp_path / "annee-derniere.csv"
    given.write_bytes(
        "question;idees;texte;source;copies;date\r\n"
        f"{QUESTION};rendez_vous;'{UNKNOWN};enseignant;2;2026-11-01\r\n"
        f"{QUESTION};livraison;{OTHER};enseignant;2;2026-11-01\r\n"
        "A9-Q1;autre;d’un autre cours;enseignant;1;2026-11-01\r\n".encode("cp1252", "replace")
    )
    output = tmp_path / "resultats"
    with pytest.raises(DecisionProblems) as caught:
        correct([copies], output, Options(keys=KEYS.keys, decisions=given))
    told = str(caught.value).replace("\u00a0", " ")
    assert "annee-derniere.csv" in told
    assert "ligne 3 : « livraison » n’est pas une idée de A1-Q1b." in told
    assert "suivre la relation client" in told  # the names that may be written

    given.write_bytes(given.read_bytes().replace(b"livraison", b"-"))
    assert correct([copies], output, Options(keys=KEYS.keys, decisions=given)) == 0
    assert "2 textes viennent d’être décidés" in capsys.readouterr().out.replace("\u00a0", " ")
    assert not (output / SHEET_FILE).exists()
    kept = (output / FILE).read_text(encoding="utf-8-sig")
    assert "A9-Q1;autre;d’un autre cours" in kept  # of another course: kept as it is

    filled_with = kept.replace(f"{QUESTION};-;", f"{QUESTION};n’importe quoi;")
    (output / FILE).write_text(filled_with, encoding="utf-8")
    assert correct([], output, Options(repeat=True)) == 0
    told = capsys.readouterr().out.replace("\u00a0", " ")
    assert "« n’importe quoi » n’est pas une idée" in told
    assert [line["Texte"] for line in lines(output / SHEET_FILE)] == [OTHER]


def test_what_is_typed_wrongly_in_the_sheet_is_told_and_still_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    output = tmp_path / "resultats"
    copies = handed_in(tmp_path / "copies", {"Inès Garnier": [UNKNOWN, OTHER, "", ""]})
    correct([copies], output, KEYS)
    filled(
        output / SHEET_FILE,
        {("'" + UNKNOWN, "Décision"): "vendre", (OTHER, "Décision"): "rdv", (OTHER, "Portée"): "tout"},
    )
    capsys.readouterr()
    assert correct([], output, Options(repeat=True)) == 1
    said_wrong = capsys.readouterr().err.replace("\u00a0", " ")
    assert "Décisions « a-decider.xlsx »" in said_wrong
    assert "portée « tout » : choisissez « ce texte » ou « le groupe »" in said_wrong
    [left] = lines(output / SHEET_FILE)
    assert (left["Texte"], left["Décision"], left["Portée"]) == (OTHER, "rdv", "tout")


# --- the sheet --------------------------------------------------------------------------------------------------------

SUBJECT = SUBJECTS[QUESTION]


def asked(text: str, **more: Any) -> asking.Asked:
    values = {"copies": 1, "points": 1.0, "sure": frozenset(), "proposed": frozenset(), "doubts": {"vente": "doute"}}
    return asking.Asked(SUBJECT, text, said(text), **{**values, **more})


def sheet(folder: Path, *texts: asking.Asked) -> Path:
    path = folder / SHEET_FILE
    path.write_bytes(writing.book([asking.Group(1, texts)], {}))
    return path


def decided(path: Path) -> dict[str, str]:
    found = read_decisions(path, SUBJECTS)
    assert not found.problems
    return {one.text: " ".join(sorted(one.labels)) for one in found.settled}


def test_a_decision_of_the_group_is_that_of_its_texts_that_have_none(tmp_path: Path):
    path = sheet(tmp_path, *(asked(text) for text in ("un", "deux", "trois")))
    filled(path, {("un", "Décision"): "vendre", ("un", "Portée"): "le groupe", ("deux", "Décision"): "aucune"})
    assert decided(path) == {"un": "vente", "deux": "", "trois": "vente"}


def test_as_proposed_for_the_group_gives_each_text_its_own_proposal(tmp_path: Path):
    path = sheet(
        tmp_path,
        asked("un", proposed=frozenset({"vente"})),
        asked("deux", proposed=frozenset({"suivi", "rendez_vous"}), sure=frozenset({"A1-E5"})),
        asked("trois"),
    )
    filled(path, {("un", "Décision"): "comme proposé", ("un", "Portée"): "le groupe"})
    assert decided(path) == {"un": "vente", "deux": "A1-E5 rendez_vous suivi", "trois": ""}


@pytest.mark.parametrize(
    ("typed", "labels"),
    [
        ("vendre", "vente"),
        ("Vendre ; suivre la relation client", "suivi vente"),
        ("VENDRE et prendre des rendez vous", "rendez_vous vente"),
        ("rendez_vous vente", "rendez_vous vente"),
        ("qualifier le fichier (à moitié)", "~qualification"),
        ("vendre (à moitié)", "~vente"),
        ("erreur\u00a0: c’est un canal", "A1-E5"),
        ("Aucune", ""),
        ("-", ""),
    ],
)
def test_ideas_are_named_in_french_several_at_once(typed: str, labels: str, tmp_path: Path):
    path = sheet(tmp_path, asked("un"))
    filled(path, {("un", "Décision"): typed})
    assert decided(path) == {"un": labels}


def test_both_cells_of_a_decision_count(tmp_path: Path):
    path = sheet(tmp_path, asked("un"))
    filled(path, {("un", "Décision"): "vendre", ("un", "Et aussi"): "qualifier le fichier"})
    assert decided(path) == {"un": "qualification vente"}


@pytest.mark.parametrize("text", ["=1+1", "+33 appels", "@moi", "1/2", "0033", "un\ndeux", "'cité'", "vrai"])
def test_a_text_comes_back_the_same_whatever_a_spreadsheet_makes_of_it(text: str, tmp_path: Path):
    path = sheet(tmp_path, asked(text))
    shown = lines(path)[0]["Texte"]
    assert not shown.startswith(("=", "+", "@", "-"))
    filled(path, {(shown, "Décision"): "vendre"})
    assert [fold(one) for one in decided(path)] == [fold(text)]
    [again] = [
        *csv.reader(
            io.StringIO(Decisions((Settled(QUESTION, frozenset(), text),)).to_csv().decode("utf-8-sig")), delimiter=";"
        )
    ][1:]
    assert not again[2].startswith(("=", "+", "@", "-"))


def test_two_decisions_of_one_text_are_told(tmp_path: Path):
    path = sheet(tmp_path, asked("la poste"), asked("La Poste !"))
    filled(path, {("la poste", "Décision"): "vendre", ("La Poste !", "Décision"): "aucune"})
    [problem] = read_decisions(path, SUBJECTS).problems
    assert problem.replace("\u00a0", " ").startswith("ligne 3 : ce texte est déjà décidé autrement à la ligne 2.")


@pytest.mark.parametrize("content", [b"rien\r\n", b"\x00\x01", b"PK\x03\x04 casse", b"a;b;c\r\n1;2;3\r\n"])
def test_a_file_that_is_none_is_told(content: bytes, tmp_path: Path):
    path = tmp_path / "decisions.csv"
    path.write_bytes(content)
    with pytest.raises(DecisionProblems, match=r"decisions\.csv"):
        read_decisions(path, SUBJECTS)


# --- groups -----------------------------------------------------------------------------------------------------------


def test_a_group_has_twelve_texts_at_most_and_the_heaviest_comes_first():
    result = _class([f"prout numero{number} {'vente' if number % 2 else 'zorglub'}" for number in range(30)])
    groups = asking.to_decide(result, SUBJECTS, lambda _: loaded(A1).keys[QUESTION].models[QUESTION], lambda _: ())
    assert max(group.size for group in groups) <= asking.LARGEST
    assert sum(group.size for group in groups) == 30
    weights = [group.points for group in groups]
    assert weights == sorted(weights, reverse=True)


def test_the_nearest_known_exemplar_is_shown():
    known = read_exemplars(activity_folder(A1) / "exemples.csv")
    result = _class(["zorglub fichiers zorglub nettoyage"])
    [group] = asking.to_decide(result, SUBJECTS, lambda _: loaded(A1).keys[QUESTION].models[QUESTION], lambda _: known)
    assert "qualifier le fichier" in group.texts[0].nearest_told
    assert "{" not in group.texts[0].nearest_told


def _class(texts: list[str]) -> Any:
    """Copies that leave one text each in doubt."""
    from crc_lab.core.model import CriterionResult, InDoubt, QuestionResult, Verdict

    class Copy:
        def __init__(self, text: str) -> None:
            doubt = InDoubt(QUESTION, "0", text, frozenset(), (("vente", "doute"),), frozenset(), float(len(text)))
            criterion = CriterionResult("c", "c", Verdict.FAUX, 0, 1, in_doubt=(doubt,))
            self.questions = (QuestionResult(QUESTION, Verdict.FAUX, 0, 1, (criterion,)),)

    class Result:
        copies = tuple(Copy(text) for text in texts)

    return Result()


def test_the_latest_decision_of_a_text_counts_and_the_oldest_go_when_there_are_too_many():
    known = Decisions((Settled(QUESTION, frozenset({"vente"}), "la poste"),))
    again = known.with_news([Settled(QUESTION, frozenset({"suivi"}), "La Poste")])
    assert again.for_readers() == {QUESTION: {said("la poste"): "suivi"}}
    many = known.with_news(Settled(QUESTION, frozenset(), f"texte {number}") for number in range(decisions.MOST))
    assert len(many.settled) == decisions.MOST
    assert said("la poste") not in many.for_readers()[QUESTION]


def test_a_subject_knows_the_names_of_all_that_its_question_counts():
    assert isinstance(SUBJECT, Subject)
    assert {"qualification", "rendez_vous", "vente", "suivi", "A1-E5"} <= SUBJECT.labels
    assert reading.accepts("OK")


# --- given on, learnt from --------------------------------------------------------------------------------------------


def test_only_texts_that_tell_nobody_are_exported(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    folder, target = tmp_path / "resultats", tmp_path / "textes.csv"
    correct([handed_in(tmp_path / "copies", {"Inès Garnier": [UNKNOWN, "", "", ""]})], folder, KEYS)
    texts = [
        UNKNOWN, "écrire à ines@ecole.example", "appeler le 06 12 34 56 78", "moi, Inès Garnier, je vends",
        "une amende de 375 000 €", "un {client|prospect}",
    ]  # fmt: skip
    kept = Decisions(tuple(Settled(QUESTION, frozenset({"vente"}), text, 3, "2026-11-20") for text in texts))
    (folder / FILE).write_bytes(kept.to_csv())
    capsys.readouterr()
    assert main(["decisions", str(folder), "--exporter", str(target)]) == 0
    told = capsys.readouterr().out.replace("\u00a0", " ")
    assert "3 textes exportés ; 3 textes laissés de côté" in told
    rows = [*csv.reader(io.StringIO(target.read_text(encoding="utf-8-sig")), delimiter=";")]
    assert rows[0] == ["question", "idees", "texte", "source"]
    assert [row[0::3] for row in rows[1:]] == [[QUESTION, "enseignant"]] * 3
    assert sorted(row[2] for row in rows[1:]) == ["'" + UNKNOWN, "un (client|prospect)", "une amende de 375 000 €"]
    assert main(["decisions", str(tmp_path), "--exporter", str(target)]) != 0
    assert "rien n’y a été décidé encore" in capsys.readouterr().err


def test_what_a_teacher_decided_is_learnt_with_the_exemplars(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "notebooks" / A1
    folder.mkdir(parents=True)
    every = (activity_folder(A1) / "exemples.csv").read_text(encoding="utf-8").splitlines()
    own = [line for line in every[1:] if line.startswith(QUESTION)][::12]
    (folder / "exemples.csv").write_text("\n".join([every[0], *own, ""]), encoding="utf-8")
    decision = as_exemplars([Settled(QUESTION, frozenset({"vente"}), OTHER)])

    def read(more: list[Exemplar]) -> Reader:
        [(_, content, again)] = built(tmp_path, more=more)
        assert again == [QUESTION]
        return reader_of(json.loads(content)["questions"][QUESTION])

    without, learnt = read([]), read(decision)
    assert learnt.read(OTHER).yes == {"vente"}
    near = f"{OTHER} en plus"
    assert without.read(near).likely["vente"] < learnt.read(near).likely["vente"]
    monkeypatch.setitem(sys.modules, "autograder.exemplars.learning", None)
    with pytest.raises(CrcError, match="scikit-learn"):
        read(decision)
