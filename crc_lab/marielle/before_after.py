"""What the student made of the file of Marielle Nature, from activity 3 to activity 7: before, after, and the guests.

Only the student's own answers are told; a figure that would give one away (how many cells are wrong) is told once the
question was checked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from crc_lab.core.model import Json, Table
from crc_lab.core.resources import read_table
from crc_lab.core.sheet import Answer
from crc_lab.core.text import NBSP, count

BEFORE_AFTER, GUESTS, SCORES = "Avant et après", "Mes invités", "Mes scores"
TO_DO = "à faire : activité{}{}"
ACTIVITIES = ("03_structurer", "04_qualifier", "05_segmenter", "06_scorer", "07_cibler")
"""At the end of which activities it is offered."""
_CHANNELS = {"email": "E-mail", "sms": "SMS", "telephone": "Téléphone", "courrier": "Courrier"}
_WORDS = {
    "Très bons clients": "très bons",
    "Bons clients": "bons",
    "Clients tièdes": "tièdes",
    "Clients inactifs": "inactifs",
}
Keys = Callable[[str], Json]


def before_after(answers: Mapping[str, Answer], key_of: Keys, datasets: Path) -> dict[str, Table]:
    """The tables to show and to export, by title; those that have no line yet are left out.

    ``answers``: those of all the activities, by question; ``key_of(question)``: its model answer, or None.
    """
    values = {name: answer.value for name, answer in answers.items()}
    checked = {name for name, answer in answers.items() if answer.tries}
    steps = _Steps(values, checked, key_of, datasets)
    found = {
        BEFORE_AFTER: Table(("Étape", "Au départ", "Dans mon fichier"), tuple(steps.lines())),
        GUESTS: steps.guests(),
        SCORES: steps.scores(),
    }
    return {title: table for title, table in found.items() if table.rows}


class _Steps:
    """The answers to the questions of the case, read whatever their shape: what cannot be read counts as not done."""

    def __init__(self, values: Mapping[str, Json], checked: set[str], key_of: Keys, datasets: Path) -> None:
        self.values, self.checked, self.key_of = values, checked, key_of
        self.raw = read_table(datasets / "base_restructuree.csv")
        self.qualified = read_table(datasets / "base_qualifiee.csv")
        self.scored = read_table(datasets / "base_scoree.csv").by_key("id_contact")

    def lines(self) -> Iterator[tuple[str, str, str]]:
        whole = len(self.raw.rows)
        yield "Structurer", f"{whole} fiches en vrac, 10 colonnes mêlées", self.structured()
        yield "Cases rouges", self.red_before(), self.red_after()
        yield "Doublons", f"{whole} fiches, avec des doublons", self.duplicates()
        yield "NPAI et PND", self.returns_before(), self.returns_after()
        yield "Segment « soins pour homme »", "tout le fichier, sans choix", self.segment()
        yield "Scores RFM", "aucune note", self.segments()
        yield "Invités à la vente privée", f"tout le fichier : {whole} fiches", self.invited()

    def structured(self) -> str:
        filled = [len([cell for cell in row[1:] if cell.strip()]) for row in self._rows("A3-Q2")]
        rows = [number for number in filled if number]
        if not rows:
            return _to_do(3)
        cells = count(sum(rows), "case remplie", "cases remplies")
        return f"{count(len(rows), 'fiche rangée', 'fiches rangées')}, {cells}"

    def red_before(self) -> str:
        wrong = _pairs(self.key_of("A4-Q1")) if "A4-Q1" in self.checked else set()
        return f"{count(len(wrong), 'case', 'cases')} à corriger" if wrong else "des cases à corriger : combien ?"

    def red_after(self) -> str:
        circled = _pairs(self.values.get("A4-Q1"))
        if not circled:
            return _to_do(4)
        if "A4-Q1" not in self.checked:
            return f"{count(len(circled), 'case entourée', 'cases entourées')}, à vérifier"
        wrong = _pairs(self.key_of("A4-Q1"))
        found, left = len(circled & wrong), len(wrong - circled)
        return f"{count(found, 'case trouvée', 'cases trouvées')}, {count(left, 'reste', 'restent')} à trouver"

    def duplicates(self) -> str:
        pairs = {frozenset(pair) for pair in _pairs(self.values.get("A4-Q2"))}
        if not pairs:
            return _to_do(4)
        if "A4-Q2" not in self.checked:
            return f"{count(len(pairs), 'paire', 'paires')}, à vérifier"
        right = {frozenset(pair) for pair in _pairs(self.key_of("A4-Q2"))}
        found = len(pairs & right)
        return f"{count(found, 'doublon fusionné', 'doublons fusionnés')} sur {len(right)}"

    def returns_before(self) -> str:
        rate = self._part("A4-Q3", "taux")
        if not isinstance(rate, str) or not rate.strip():
            return "à calculer"
        return f"{rate.removesuffix('%').strip()}{NBSP}% (ma réponse)"

    def returns_after(self) -> str:
        if "A4-Q3" not in self.checked:
            return _to_do(4)
        states = Counter(record["statut_fiche"] for record in self.qualified.records())
        away = count(states["ADRESSE_NON_VALIDE"], "adresse non valide mise", "adresses non valides mises")
        return f"0{NBSP}% : {away} de côté"

    def segment(self) -> str:
        chosen = _ids(self._part("A5-Q2", "c", "fiches"))
        return f"{count(len(chosen), 'fiche', 'fiches')} sur {len(self.qualified.rows)}" if chosen else _to_do(5)

    def segments(self) -> str:
        given = Counter(row[-1] for row in self._scored_rows())
        named = [f"{given[name]} {_WORDS[name]}" for name in _WORDS if given[name]]
        total = sum(given[name] for name in _WORDS)
        return f"{count(total, 'client noté', 'clients notés')} : {', '.join(named)}" if named else _to_do(6)

    def invited(self) -> str:
        guests = _ids(self._part("A7-Q3", "fiches"))
        if not guests:
            return _to_do(7)
        ways = ((name, len(_ids(self._part("A7-Q4", way)))) for way, name in _CHANNELS.items())
        told = ", ".join(f"{name} {number}" for name, number in ways if number)
        return count(len(guests), "invité", "invités") + (f" ({told})" if told else "")

    def guests(self) -> Table:
        """One line a guest: who, where, the score, and by which channels."""
        shown = ("N°", "Nom", "Ville", "Score", "Segment", *_CHANNELS.values())
        ways = {way: set(_ids(self._part("A7-Q4", way))) for way in _CHANNELS}
        rows = []
        for name in _ids(self._part("A7-Q3", "fiches")):
            record = self.scored.get(name, {})
            who = record.get("raison_sociale") or f"{record.get('prenom', '')} {record.get('nom', '')}".strip()
            about = (who, record.get("ville", ""), record.get("score", ""), record.get("segment", ""))
            rows.append((name, *about, *("oui" if name in ways[way] else "" for way in _CHANNELS)))
        return Table(shown, tuple(rows))

    def scores(self) -> Table:
        return Table(("N°", "R", "F", "M", "Score", "Segment"), tuple(self._scored_rows()))

    def _scored_rows(self) -> list[tuple[str, ...]]:
        wanted = ("id_contact", "R", "F", "M", "score", "segment")
        rows = self._rows("A6-Q1", wanted)
        return [row for row in rows if any(cell.strip() for cell in row[1:5])]

    def _rows(self, question: str, wanted: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
        """The rows of a table, or of some of its columns, in the order asked for."""
        value = self.values.get(question)
        if not isinstance(value, Mapping) or not isinstance(value.get("lignes"), list):
            return []
        heads = [str(name) for name in value.get("colonnes") or ()]
        places = [heads.index(name) if name in heads else -1 for name in wanted] or list(range(len(heads)))
        rows = (row for row in value["lignes"] if isinstance(row, list))
        return [tuple(str(row[at]) if 0 <= at < len(row) else "" for at in places) for row in rows]

    def _part(self, question: str, *path: str) -> Any:
        value: Any = self.values.get(question)
        for name in path:
            value = value.get(name) if isinstance(value, Mapping) else None
        return value


def _to_do(activity: int) -> str:
    return TO_DO.format(NBSP, activity)


def _pairs(value: Json) -> set[tuple[str, str]]:
    items = value if isinstance(value, list) else ()
    return {(str(item[0]), str(item[1])) for item in items if isinstance(item, list) and len(item) == 2}


def _ids(value: Json) -> list[str]:
    return list(dict.fromkeys(str(item) for item in value)) if isinstance(value, list) else []


OUTCOMES = dict.fromkeys(ACTIVITIES, before_after)
