"""Reading a file: bounded whatever it holds, one code and one sentence for each refusal, cells that leave a print."""

from __future__ import annotations

import json
import re
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.intake.handed import Refused
from autograder.intake.integrity import MAX_CELLS
from autograder.intake.reading import MAX_ANSWER, MAX_ANSWERS, MAX_DEPTH, MAX_TEXT, MAX_VALUES, lightened, read_sheet
from crc_lab.core.grading import grade
from crc_lab.core.resources import workbook_root
from crc_lab.core.sheet import AnswerSheet
from crc_lab.core.text import MAX_TEXT as LOOKED_AT
from crc_lab.core.text import compile_pattern, normalise
from tests.sample_copies import A3, A4, A6, given_cells, key_answers, loaded, notebook, sheet

SAMPLE = notebook(sheet())


def codes(content: bytes) -> list[str]:
    """The codes of what is strange in a file, or of its refusal, which is said in whole sentences."""
    try:
        return [incident.code for incident in read_sheet(content).incidents]
    except Refused as refusal:
        return [refusal.code] if refusal.text.endswith((".", ").")) else ["PHRASE-COUPEE"]


# --- damaged away from the answers ------------------------------------------------------------------------------------

ACCENTS = notebook(sheet(answers={"A6-Q1": "« l’été » à Béziers"}), given_cells()).decode()
AT = ACCENTS.index('"crc_lab"')
DAMAGED = {
    "a quote too many in a cell": (ACCENTS[:900] + '"' + ACCENTS[901:], "CARNET-ABIME"),
    "a piece lost": (ACCENTS[:900] + ACCENTS[1500:], "CARNET-ABIME"),
    "a sheet that slipped into a cell": ('{"cells": [{"cell_type": "code", "source": "", ' + ACCENTS[AT - 13 :], None),
    "a line break in a text": (ACCENTS.replace("progression()", "progression\n()", 1), None),
    "another document after": (ACCENTS + '\n{"cells": []}', "CARNET-SUITE"),
    "nulls after": (ACCENTS + "\x00" * 40, "CARNET-SUITE"),
    "saved twice in UTF-8": (ACCENTS.encode().decode("cp1252", "replace").replace("\ufffd", ""), "CARNET-ENCODAGE"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_notebook_damaged_elsewhere_gives_its_answers(name: str):
    text, code = DAMAGED[name]
    read = read_sheet(text.encode())
    if name != "saved twice in UTF-8":
        assert read.sheet["reponses"]["A6-Q1"]["valeur"] == "« l’été » à Béziers"
    assert (code in [one.code for one in read.incidents]) == (code is not None)


@pytest.mark.parametrize("encoding", ["cp1252", "mac_roman"])
def test_older_encodings_give_their_accents_back(encoding: str):
    read = read_sheet(ACCENTS.encode(encoding, "replace"))
    assert read.sheet["reponses"]["A6-Q1"]["valeur"] == "« l’été » à Béziers"
    assert [one.code for one in read.incidents] == ["CARNET-ENCODAGE"]


def test_unreadable_signs_are_said_where_they_are():
    away = ACCENTS.encode().replace(b"progression", b"progr\xffession", 1)
    (told,) = read_sheet(away).incidents
    assert (told.code, "Aucune réponse n’est touchée" in told.text) == ("CARNET-OCTETS", True)
    inside = ACCENTS.replace("Béziers", "B@ziers").encode().replace(b"B@ziers", b"B\xe9ziers")
    (told,) = read_sheet(inside).incidents
    assert (told.code, "A6-Q1" in told.text) == ("CARNET-OCTETS", True)


def test_a_sign_pasted_wrong_in_one_answer_is_the_students_own():
    read = read_sheet(notebook(sheet(answers={"A6-Q1": "cafÃ©"}), given_cells()))
    assert (read.sheet["reponses"]["A6-Q1"]["valeur"], read.incidents) == ("cafÃ©", ())


def test_two_sheets_in_a_damaged_notebook_are_not_chosen_between():
    other = json.dumps(sheet(answers={"A6-Q1": "autre"}), ensure_ascii=False)
    assert codes((ACCENTS[:AT] + '"crc_lab": ' + other + "} {" + ACCENTS[AT:]).encode()) == ["CARNET-ILLISIBLE"]


def test_damage_inside_the_sheet_is_refused():
    assert codes((ACCENTS[: AT + 30] + '"' + ACCENTS[AT + 31 :]).encode())[0] in ("CARNET-ILLISIBLE", "CARNET-TRONQUE")


# --- whatever the bytes -----------------------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(SAMPLE) - 1), st.binary(max_size=4)), max_size=8), st.integers(0, 2000))
def test_a_damaged_notebook_is_read_or_refused_and_nothing_else(changes: list[tuple[int, bytes]], cut: int):
    content = bytearray(SAMPLE)
    for at, new in changes:
        content[at : at + 2] = new
    found = codes(bytes(content[: len(content) - cut]))
    assert len(found) <= 4
    assert "PHRASE-COUPEE" not in found


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes):
    assert codes(content) not in ([], ["PHRASE-COUPEE"])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["version", "activite", "edition", "variante", "eleve", "reponses", "x"]), JSON),
    JSON,
)
def test_a_sheet_of_any_shape_is_light_and_can_be_written_again(changes: dict[str, Any], extra: Any):
    read = read_sheet(notebook(sheet() | changes | {"autre": extra}, given_cells()))
    json.dumps(read.sheet, allow_nan=False)
    if isinstance(read.sheet.get("eleve"), dict):
        assert all(isinstance(item, (str, int, float)) for item in read.sheet["eleve"].values())


@pytest.mark.parametrize("activity", [A3, A4, A6])
def test_an_honest_sheet_goes_through_untouched(activity: str):
    meta = sheet(activity, mode="eleve", autorun=True)
    assert read_sheet(notebook(meta)).sheet == meta
    assert lightened(meta) == (meta, [])


# --- weight -----------------------------------------------------------------------------------------------------------


def answer(value: Any) -> dict[str, Any]:
    return {"valeur": value, "source": "carte", "essais": 1, "indices": 0, "date": ""}


def light(**answers: Any) -> tuple[dict[str, Any], list[str]]:
    """The values that are left, and the codes of what is told."""
    kept, told = lightened({"reponses": {name.replace("_", "-"): answer(value) for name, value in answers.items()}})
    assert all(incident.text.endswith(".") for incident in told)
    return {name: item["valeur"] for name, item in kept["reponses"].items()}, [incident.code for incident in told]


def deep(levels: int) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = [value]
    return value


def test_a_long_text_is_cut_and_still_said_to_be_too_long():
    kept, told = light(A3_Q1="a" * 10_000_000)
    assert (len(kept["A3-Q1"]), told) == (MAX_TEXT, [])
    question = loaded(A3).activity.question("A3-Q1")
    assert question is not None
    assert grade(question, [kept["A3-Q1"]]).messages[0].code == "FORMAT-LONGUEUR"


@pytest.mark.parametrize(
    "value",
    [
        deep(MAX_DEPTH),
        deep(5_00),
        [["1"] * 10] * (MAX_ANSWER // 20),
        [None] * MAX_ANSWER,
        ["a" * 50_000] * (MAX_ANSWER // 50_000 + 1),
        {"a" * 300_000: 1, "b" * 100_000: 1},
    ],
    ids=["deep", "deeper", "many", "nothing but values", "long", "long names"],
)
def test_a_heavy_answer_is_left_out_alone(value: Any):
    kept, told = light(A6_Q1=value, A6_X1="b")
    assert (kept, told) == ({"A6-Q1": None, "A6-X1": "b"}, ["REPONSE-TROP-LOURDE"])


def test_heavy_answers_are_one_line():
    _, told = lightened({"reponses": {f"A6-X{number}": answer(deep(20)) for number in range(50)}})
    assert [incident.code for incident in told] == ["REPONSE-TROP-LOURDE"]
    assert len(told[0].text) < 250


@pytest.mark.parametrize("name", ["A6-Q1", "R1-Q5", "R10A-Q10", "R10-X1"])
def test_a_million_answers_do_not_hide_the_honest_ones(name: str):
    answers: dict[str, Any] = {f"A6-X{number}": 1 for number in range(2 * MAX_ANSWERS)}
    kept, told = lightened({"reponses": {**answers, "n'importe quoi": answer("x"), name: answer("y")}})
    assert (list(kept["reponses"]), [incident.code for incident in told]) == ([name], ["REPONSES-TROP-NOMBREUSES"])


def test_a_heavy_extra_key_is_left_out_and_a_light_one_kept():
    kept, told = lightened(
        {"version": 1, "x": deep(900), "y": {"a": [1]}, "k" * 5_000: 1, "eleve": {"nom": {}, "id": 7}}
    )
    assert (kept, told) == ({"version": 1, "y": {"a": [1]}, "eleve": {"id": 7}}, [])


# --- values and numbers -----------------------------------------------------------------------------------------------


def test_millions_of_values_are_refused_before_they_are_read():
    assert codes(b'{"cells": [' + b"[]," * (MAX_VALUES // 2 + 10) + b"[]]}") == ["CARNET-TROP-CHARGE"]


@pytest.mark.parametrize(
    "text", [",[{" * 400_000, "\\\\" * 500_000 + ",[{" * 400_000, '\\"' * 500_000 + "," * 1_200_000]
)
def test_signs_inside_texts_are_no_values(text: str):
    content = json.dumps({"cells": [], "metadata": {"crc_lab": sheet(), "x": "@"}}).replace('"@"', f'"{text}"')
    assert read_sheet(content.encode()).sheet == sheet()


@pytest.mark.parametrize("shift", range(4))
def test_an_escape_cut_in_two_by_the_counting_is_still_an_escape(shift: int):
    text = "a" * shift + '\\"' * 700_000 + "," * 1_200_000
    content = f'{{"x": "{text}", "metadata": {{"crc_lab": {json.dumps(sheet())}}}, "cells": []}}'
    assert read_sheet(content.encode()).sheet == sheet()


def test_infinite_numbers_stay_text():
    meta = json.dumps(sheet())[:-1] + ', "a": 1e400, "b": -1e999, "c": 1e-400, "d": 1' + "0" * 400 + ".5}"
    read = read_sheet(f'{{"cells": [], "metadata": {{"crc_lab": {meta}}}}}'.encode()).sheet
    assert (read["a"], read["b"], read["c"], read["d"][-2:]) == ("1e400", "-1e999", 0.0, ".5")


# --- cells ------------------------------------------------------------------------------------------------------------


def test_the_prints_follow_the_cells_in_order():
    read = read_sheet(SAMPLE)
    assert read.cells is not None
    assert [cell.id for cell in read.cells] == [cell["id"] for cell in given_cells()]
    (question,) = [cell for cell in read.cells if cell.question == "A6-Q1"]
    assert (question.name, question.points, question.flags) == ("A6-Q1", 20, (True, False, True, False))


def test_cells_inside_outputs_and_answers_are_no_cells():
    inner = {"cell_type": "code", "source": "1", "metadata": {}}
    cells = [{**inner, "outputs": [{"data": {"application/json": {"cells": [inner] * 5}}}]}]
    read = read_sheet(notebook(sheet(extra=inner), cells))
    assert read.cells is not None
    assert len(read.cells) == 1


def test_thousands_of_cells_are_not_compared():
    cells = [{"cell_type": "code", "source": str(number)} for number in range(MAX_CELLS + 1)]
    assert read_sheet(notebook(sheet(), cells)).cells is None


def test_a_sidecar_has_no_cells():
    assert read_sheet(json.dumps(sheet()).encode()).cells == ()


# --- regular expressions ----------------------------------------------------------------------------------------------


def patterns(value: Any, name: str = "") -> Iterator[str]:
    """Every ``motifs`` and ``interdits`` of a key file, however deep."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from patterns(item, key)
    elif isinstance(value, list):
        for item in value:
            if isinstance(item, str) and name in ("motifs", "interdits"):
                yield item
            else:
                yield from patterns(item, name)


def bank_patterns() -> list[str]:
    found: set[str] = set()
    for name in ("exercices.toml", "corrige.toml"):
        for path in (workbook_root() / "notebooks").glob(f"*/{name}"):
            found.update(patterns(tomllib.loads(path.read_text(encoding="utf-8"))))
    return sorted(found)


def hostile_texts(pattern: str) -> Iterator[str]:
    """Texts of the longest length that make a search start often, go far and fail: the pattern's own words repeated."""
    words = re.findall(r"[a-z0-9]{1,}", pattern.replace("\\w", "").replace("\\b", "")) or ["a"]
    yield from ((" ".join(words[:-1] or words) + " ") * LOOKED_AT, " ".join(words) * LOOKED_AT, "a " * LOOKED_AT)
    for word in dict.fromkeys(words):
        yield from (
            (word + " ") * LOOKED_AT,
            word * LOOKED_AT,
            word[0] * LOOKED_AT + "!",
            (word[:-1] + " ") * LOOKED_AT,
        )


def test_the_bank_has_patterns_to_try():
    assert len(bank_patterns()) > 30


@pytest.mark.parametrize("pattern", bank_patterns())
def test_no_pattern_of_the_bank_is_slow_on_the_worst_texts(pattern: str):
    compiled = compile_pattern(pattern)
    for text in hostile_texts(pattern):
        prepared = normalise(text)
        assert len(prepared) <= LOOKED_AT
        start = time.process_time()
        compiled.search(prepared)
        assert time.process_time() - start < 1, text[:60]  # a hard cap: the slowest takes some milliseconds


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([A3, A4, A6]), st.integers(0, 5), JSON)
def test_an_answer_of_any_shape_gets_a_result(activity: str, which: int, value: Any):
    questions = loaded(activity).activity.questions
    question = questions[which % len(questions)]
    result = grade(question, value, loaded(activity).key(question.id))
    assert 0 <= result.points <= result.max_points


def test_a_sheet_survives_the_longest_way_round():
    meta = sheet(A4, {**key_answers(A4), "A4-Q2": deep(8)})
    first = AnswerSheet.from_metadata(read_sheet(notebook(meta)).sheet)
    assert AnswerSheet.from_metadata(json.loads(json.dumps(first.to_metadata()))) == first


def test_no_temporary_file_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    read_sheet(SAMPLE)
    assert list(tmp_path.iterdir()) == []
