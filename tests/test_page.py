"""A text copied from the page is told from an answer, whatever was changed in it."""

from __future__ import annotations

import pytest

from crc_lab.core.bank import load_activity
from crc_lab.core.grading import grade
from crc_lab.core.model import TO_CHECK, Verdict
from crc_lab.core.resources import activity_folder, datasets_folder
from crc_lab.core.text import Page
from tests.loaded import loaded_activity

HINT = "Comparez les trois stades : centre d’appels, centre de contacts, CRC."
LONG = (
    "Suivez une campagne. Un commanditaire arrive souvent avec un fichier de prospection mal tenu : Omnicom commence "
    "par le **qualifier**. Ses téléprospecteurs appellent ensuite les contacts et prennent des "
    "rendez-vous, qualifiés eux aussi."
)
TO_COMPLETE = "Omnicom est un centre de … situé à …, qui travaille pour des PME du secteur de la …"
PAGE = Page(
    {"passage 1": f"## Une campagne, du fichier au rendez-vous\n{LONG}", "indice": HINT, "à compléter": TO_COMPLETE}
)


@pytest.mark.parametrize(
    "text",
    [
        LONG,
        LONG.upper().replace(",", " ;"),
        "- " + LONG.replace(". ", "\n- "),
        f"Je pense que {LONG} C’est mon avis.",
        LONG.replace("souvent", "parfois").replace("ensuite", "après").replace("aussi", "également"),
        HINT,
        HINT.replace("Comparez les", "comparer"),
        TO_COMPLETE,
        "Une campagne : du fichier au rendez-vous",
    ],
)
def test_a_passage_a_hint_a_heading_are_known_again(text: str) -> None:
    assert PAGE.holds(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "centre d’appels",
        "Omnicom commence par le qualifier",
        "Il qualifie un fichier de prospection mal tenu, puis ses téléprospecteurs prennent des rendez-vous",
        TO_COMPLETE.replace("centre de …", "centre de relation client").replace("à …", "à Gennevilliers")[:-1]
        + "cosmétique",
        "Un CRC ne se contente pas d’appeler : il gère tous les canaux, pour le compte de plusieurs marques.",
    ],
)
def test_what_one_writes_with_the_words_of_the_page_is_an_answer(text: str) -> None:
    assert not PAGE.holds(text)


def test_a_copy_earns_nothing_alone_is_told_and_left_to_the_teacher() -> None:
    loaded = loaded_activity("01_crc")
    question, key = loaded.activity.question("A1-Q1b"), loaded.keys["A1-Q1b"]
    assert question is not None
    passage = next(text for text in question.page.texts.values() if "Suivez une campagne" in text)
    result = grade(question, [passage, "", "", ""], key)
    assert (result.points, result.verdict) == (0, Verdict.FAUX)
    assert {"RECOPIE", TO_CHECK} <= {message.code for message in result.messages}
    own = "qualification de fichiers"
    assert grade(question, [own, passage, "", ""], key).points == grade(question, [own, "", "", ""], key).points > 0


def test_cells_that_a_student_added_to_the_notebook_are_not_the_page(tmp_path) -> None:
    folder = activity_folder("01_crc")
    for name in ("exercices.toml", "corrige.toml"):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    mine = '{"cell_type": "markdown", "id": "c-000000000000", "metadata": {}, "source": ["ma réponse à moi"]}, '
    text = (folder / "01_crc.ipynb").read_text(encoding="utf-8").replace('"cells": [', '"cells": [' + mine, 1)
    (tmp_path / "01_crc.ipynb").write_text(text, encoding="utf-8")
    texts = load_activity(tmp_path, datasets_folder()).activity.questions[0].page.texts.values()
    assert any("Suivez une campagne" in one for one in texts)
    assert not any("ma réponse à moi" in one for one in texts)
