"""The façade: what a notebook may call, and nothing else."""

from __future__ import annotations

import inspect

import pytest

import crc_lab

VERBS = [
    "charger", "debut", "explorer_rfm", "exporter_excel", "figure", "importer_excel", "lexique", "parcours",
    "progression", "question", "rendre", "verifier",
]  # fmt: skip


def test_the_facade_offers_exactly_the_verbs_of_the_workbook() -> None:
    assert list(crc_lab.__all__) == VERBS


@pytest.mark.parametrize("name", VERBS)
def test_every_verb_can_be_called_and_says_what_it_does(name: str) -> None:
    verb = getattr(crc_lab, name)
    assert callable(verb)
    assert len((inspect.getdoc(verb) or "").strip()) > 20


def test_completion_shows_the_verbs_and_no_inner_name() -> None:
    public = [name for name in dir(crc_lab) if not name.startswith("_")]
    assert public == VERBS


def test_an_unknown_name_is_an_ordinary_attribute_error() -> None:
    with pytest.raises(AttributeError, match="questoin"):
        crc_lab.questoin  # noqa: B018 - the access is what is tested
