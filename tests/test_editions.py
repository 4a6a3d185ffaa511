"""The two editions of a page: what each one has, how its parts are numbered, and that it has all that it names."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from autograder.prepare.editions import cells_of, part_numbers, reference_problems, renumbered, renumbered_values
from crc_lab.core.bank import LoadedActivity
from crc_lab.core.resources import activity_folder, activity_ids
from tests.sample_copies import loaded

LAW, SECOND = "02_reglementation", "14_reclamations"


def source_of(activity: str) -> str:
    return (activity_folder(activity) / "activite.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("activity", activity_ids())
def test_every_page_has_all_that_it_names_in_both_editions(activity: str) -> None:
    assert reference_problems(loaded(activity), source_of(activity)) == ()


def test_the_cells_of_a_source_are_known_by_their_tags_and_lines() -> None:
    source = '# %% [markdown] tags=["document"]\n# ## 1. Un\n#\n# Texte.\n\n# %%\nquestion("A1-Q1a")\n'
    document, code = cells_of(source)
    assert (document.line, document.is_code, document.is_document) == (2, False, True)
    assert document.text.startswith("## 1. Un\n\nTexte.")
    assert (code.shown, code.is_code) == (["A1-Q1a"], True)
    assert document.belongs("evaluation")
    assert document.belongs("entrainement")


def test_the_parts_of_an_assessment_follow_one_another_and_so_do_the_references() -> None:
    numbers = part_numbers(["## 1. Un\n\ntexte", "## 3. Trois", "## 6. Six"])
    assert numbers == {1: 1, 3: 2, 6: 3}
    assert renumbered("## 3. Trois\n\nVoyez la partie 6, puis les parties 1 et 6.", numbers) == (
        "## 2. Trois\n\nVoyez la partie 3, puis les parties 1 et 3."
    )
    assert renumbered("3 parties, la partie 9", numbers) == "3 parties, la partie 9"
    assert renumbered_values({"enonce": ["D’après la partie 6"], "points": 6}, numbers) == {
        "enonce": ["D’après la partie 3"],
        "points": 6,
    }


PLANTED = {
    "a document kept for training": (
        LAW, '# %% [markdown] tags=["document"]\n# ## 3.', '# %% [markdown] tags=["entrainement"]\n# ## 3.',
        ["exercices.toml, ligne", "A2-Q3", "« annexe 3 » n’est pas dans le carnet de l’évaluation"],
    ),
    "an annexe that nobody has": (
        LAW, "# Avant 2020, la saisine", "# L’annexe 12 le dit. Avant 2020, la saisine",
        [f"{LAW}/activite.py, ligne", "« annexe 12 » n’est pas dans le carnet de l’entraînement"],
    ),
    "a document that nobody has": (
        LAW, "c’est le document 3.", "ce sont les documents 3 et 7.",
        ["activite.py, ligne", "« document 7 » n’est pas dans le carnet de l’entraînement"],
    ),
    "a part that nobody has": (
        LAW, "# Avant 2020, la saisine", "# Voyez la partie 9. Avant 2020, la saisine",
        ["« partie 9 » n’est pas dans le carnet de l’entraînement"],
    ),
    "a part of the course, in an assessment": (
        LAW, "# Avant 2020, la saisine", "# Voyez la partie 6. Avant 2020, la saisine",
        ["« partie 6 » n’est pas dans le carnet de l’évaluation"],
    ),
    "an exercise, in an assessment": (
        LAW, "# Avant 2020, la saisine", "# Comme à l’exercice A2-X14. Avant 2020, la saisine",
        ["« A2-X14 » n’est pas dans le carnet de l’évaluation"],
    ),
    "a question that nobody has": (
        LAW, "# Avant 2020, la saisine", "# Comme à la question A2-Q9. Avant 2020, la saisine",
        ["« A2-Q9 » n’est pas dans le carnet de l’entraînement"],
    ),
    "the lexicon, which no subject has": (
        LAW, "# Avant 2020, la saisine", "# Ouvrez le lexique. Avant 2020, la saisine",
        ["« lexique » n’est pas dans le carnet de l’évaluation"],
    ),
    "something above that is not there": (
        LAW, "# Avant 2020, la saisine", "# Relisez le bulletin ci-dessus. Avant 2020, la saisine",
        ["« Relisez le bulletin ci-dessus » n’est pas dans le carnet de l’entraînement"],
    ),
    "something below that is above": (
        LAW, "# Avant 2020, la saisine", "# Relisez le règlement d’Opposetel ci-dessous. Avant 2020, la saisine",
        ["« Relisez le règlement d’Opposetel ci-dessous » n’est pas"],
    ),
    "parts that do not follow one another": (
        LAW, "# ## 5. Le téléphone", "# ## 8. Le téléphone",
        [f"{LAW}/activite.py, ligne", "les parties ne se suivent pas (1, 2, 3, 4, 8, 6, 7)"],
    ),
    "an annexe of the second half": (
        SECOND, "# ### Annexe 2 ·", "# ### Annexe 5 ·",
        ["exercices.toml, ligne", "R4-Q5", "« annexe 2 » n’est pas dans le carnet de l’entraînement"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_what_a_page_names_and_does_not_have_is_told_with_its_file_and_line(name: str) -> None:
    activity, before, after, said = PLANTED[name]
    source = source_of(activity)
    plain = source.replace("\u00a0", " ")
    assert plain.count(before) == 1
    told = [one.replace("\u00a0", " ") for one in reference_problems(loaded(activity), plain.replace(before, after))]
    assert any(all(part in one for part in said) for one in told), told


def test_a_hint_that_names_a_missing_document_is_told_at_its_own_line() -> None:
    whole = loaded(LAW)
    question = whole.activity.question("A2-Q5")
    assert question is not None
    hinted = replace(question, hints=(question.hints[0], "Relisez l’annexe 44."))
    others = tuple(hinted if one.id == "A2-Q5" else one for one in whole.activity.questions)
    changed = LoadedActivity(replace(whole.activity, questions=others), whole.keys, whole.course, whole.source)
    told = reference_problems(changed, source_of(LAW))
    lines = (activity_folder(LAW) / "exercices.toml").read_text(encoding="utf-8").splitlines()
    line = next(at for at, text in enumerate(lines, start=1) if "loi sur les trottinettes" in text)
    assert len(told) == 2
    assert all(re.search(rf"exercices\.toml, ligne {line}, A2-Q5 : « annexe 44 »", one) for one in told)
