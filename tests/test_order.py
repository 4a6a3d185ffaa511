"""People are in the order of a class list, by last name, wherever their names come from."""

from __future__ import annotations

import csv
import io
import json
import random
from pathlib import Path

import openpyxl
import pytest

from autograder.identity import Listed, alphabetical, last_and_first
from autograder.moodle.feedback import gradebook_csv
from autograder.reports import WORKBOOK, results_json, write_reports
from tests.sample_copies import A6, archive, copy, mark, moodle


@pytest.mark.parametrize(
    ("name", "last"),
    [
        ("Inès GARNIER", "GARNIER"),
        ("GARNIER Inès", "GARNIER"),
        ("Garnier, Inès", "Garnier"),
        ("Inès Garnier", "Garnier"),
        ("Jean Pierre Martin", "Martin"),
        ("Jean-Baptiste Okafor", "Okafor"),
        ("Ana Garcia Lopez", "Garcia Lopez"),
        ("Zoé de La Tour", "de La Tour"),
        ("Marie Claire de La Tour", "de La Tour"),
        ("Anne de LA TOUR", "de LA TOUR"),
        ("Maëlys Le GUEN", "Le GUEN"),
        ("LE GUEN Maëlys", "LE GUEN"),
        ("Le Goff Élodie", "Le Goff"),
        ("Noé VAN DER BERG", "VAN DER BERG"),
        ("Yasmine El Amrani", "El Amrani"),
        ("Kévin D’Almeida", "D’Almeida"),
        ("Jean P. MARTIN", "MARTIN"),
        ("Groupe A", "Groupe A"),
        ("DUPONT", "DUPONT"),
        ("李雷", "李雷"),
        ("", ""),
    ],
)
def test_the_last_name_is_found_in_a_whole_name(name: str, last: str):
    found, first = last_and_first(name)
    assert found == last
    assert sorted(f"{found} {first}".replace(",", "").split()) == sorted(name.replace(",", "").split())


def test_accents_and_capitals_do_not_change_the_order():
    names = ["Zoé ÉTIENNE", "Ali Etcheverry", "Noé Evrard", "Léa Étienne", "Aya Le Goff", "Bob LE GALL"]
    assert sorted(names, key=alphabetical) == [
        "Ali Etcheverry", "Léa Étienne", "Zoé ÉTIENNE", "Noé Evrard", "Bob LE GALL", "Aya Le Goff",
    ]  # fmt: skip


def test_the_class_list_knows_better_than_the_text():
    listed = Listed("z", "Tour", "Zoé de La")
    assert alphabetical(listed.name, listed) > alphabetical("Ana Silva")
    assert alphabetical("Zoé de La Tour") < alphabetical("Ana Silva")


def test_every_file_lists_people_in_that_order(tmp_path: Path):
    people = ["Zoé ABADIE", "Yann d’Arc", "Aya Benali", "Kévin D’Almeida", "Ali Le Goff", "Bob LEGRAND", "Ana Zola"]
    ordered = ["Zoé ABADIE", "Aya Benali", "Kévin D’Almeida", "Yann d’Arc", "Ali Le Goff", "Bob LEGRAND", "Ana Zola"]
    mixed = random.Random(8).sample(people, len(people))
    files = {
        moodle(name, number, f"{A6}.ipynb"): copy(A6, name=name, identifier="")
        for number, name in enumerate(mixed, start=1)
    }
    result = mark(tmp_path / "c", {"Devoir.zip": archive(files)})
    assert [student.person.name for student in result.students] == ordered
    book = openpyxl.load_workbook(write_reports(result, tmp_path / "r").folder / WORKBOOK)
    for sheet in ("Notes", "Activité 6"):
        assert [row[0] for row in book[sheet].values][1:] == ordered
    page = (tmp_path / "r" / "classe.html").read_text(encoding="utf-8").split("carte-chaleur", 1)[1]
    assert sorted(ordered, key=lambda name: page.index(f">{name}</a>")) == ordered
    assert [one["eleve"]["nom"] for one in json.loads(results_json(result))["copies"]] == ordered
    assert [row[0] for row in csv.reader(io.StringIO(gradebook_csv(result).decode()))][1:] == ordered
