"""What nobody may read in a subject: everything that the key of an activity adds to its questions.

A secret is a run of words (case, accents and punctuation ignored), a number, or a pattern searched as it is written.
What the questions themselves say (wording, hints, options, the data shown) is no secret. Neither is an ordinary word:
a pattern that is one, or an answer of one short word, would be found in any text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crc_lab.core.bank import LoadedActivity
from crc_lab.core.model import Activity, Json, Key, Question
from crc_lab.core.rooms import checks, kinds
from crc_lab.core.text import without_accents
from crc_lab.french.ideas import PATTERN_LISTS

WORDS, NUMBER, RAW = "mots", "nombre", "motif"
_SENTENCE = re.compile(r"[\n.;:?!|]+")
_PLACE = re.compile(r"\{[^}]*\}")
_DECIMAL = re.compile(r"-?\d{1,12}[.,]\d{1,12}")
_NO_SECRET = frozenset({"controle", "partie", "table", "source", "id", "part", "points", "tolerance"})
_PATTERNS = frozenset({*PATTERN_LISTS, "mots"})
_META = re.compile(r"[\\.?*+()\[\]|^$]")
_WORD = re.compile(r"[a-z0-9]+")
LONG, LONG_OF_EXERCISE, WHOLE, ROW = 7, 8, 6, 3
"""Words in a row that make a text recognisable (that of an exercise is course text too), or that make a whole sentence
so; cells that make a row of a table so."""


@dataclass(frozen=True, slots=True)
class Secret:
    """``text`` is what is searched, by ``sort``; ``question`` and ``what`` say where it comes from."""

    sort: str
    text: str
    question: str
    what: str


def words(text: str) -> str:
    """The words of a text, each between two spaces: what runs of words are searched in."""
    return f" {' '.join(_WORD.findall(without_accents(text).casefold()))} "


def secrets(loaded: LoadedActivity) -> tuple[Secret, ...]:
    """Every secret of an activity, each once."""
    said = said_by(loaded.activity)
    known, plain = words(said), without_accents(said)
    found: dict[tuple[str, str], Secret] = {}
    for secret in _all(loaded):
        if not _is_said(secret, known, plain):
            found.setdefault((secret.sort, secret.text), secret)
    return tuple(found.values())


def said_by(activity: Activity) -> str:
    """Everything that the marked questions say, the data they show included."""
    return "\n".join(text for question in activity.marked for text in _said(question))


def _said(question: Question) -> Iterator[str]:
    yield from (question.id, question.title, question.prompt, question.law, *question.hints)
    yield from kinds()[question.kind].said(question.spec)
    yield from (f"{criterion.id} {criterion.label} {criterion.check}" for criterion in question.criteria)
    codes = {code for criterion in question.criteria for code in checks()[criterion.check].keyless_codes}
    yield from (f"{code} {text}" for code, text in question.messages.items() if code in codes)
    if question.table is not None:
        for column in question.table.columns:
            yield " ".join((column.name, column.help, *column.choices))
        yield from (" ; ".join(row) for row in question.data[question.table.source].rows)


def _is_said(secret: Secret, known: str, plain: str) -> bool:
    if secret.sort == WORDS:
        return secret.text in known
    return pattern(secret).search(plain) is not None


def pattern(secret: Secret) -> re.Pattern[str]:
    """What finds a number or a pattern in a text whose accents were taken off."""
    if secret.sort == NUMBER:
        whole, _, digits = secret.text.replace(",", ".").partition(".")
        return re.compile(rf"(?<![\d.,-]){re.escape(whole)}[.,]{re.escape(digits)}(?!\d)")
    return re.compile(re.escape(secret.text))


def _all(loaded: LoadedActivity) -> Iterator[Secret]:
    for name, key in loaded.keys.items():
        question = loaded.activity.question(name)
        if question is None:
            continue
        least = LONG_OF_EXERCISE if question.training else LONG
        yield from _of_text(name, "explication", key.explanation, least)
        for code, text in key.messages.items():
            yield Secret(WORDS, words(code), name, "code d’erreur")
            yield from _of_text(name, "message", _PLACE.sub("\n", text))
        for reason in kinds()[question.kind].reasons(question.spec):
            yield from _of_text(name, "remarque", reason)
        for criterion in question.criteria:
            hidden = {k: v for k, v in criterion.params.items() if k not in checks()[criterion.check].params}
            yield from _of_settings(name, hidden)
        yield from _of_settings(name, key.criteria)
        if not question.training:
            yield from _of_answer(question, key)
            for table in key.tables.values():
                yield from _of_rows(name, "table de référence", table.rows)


def _of_text(question: str, what: str, text: str, least: int = LONG) -> Iterator[Secret]:
    """Every run of ``least`` words of its sentences: half a sentence given away is a leak too."""
    for sentence in _SENTENCE.split(text):
        found = words(sentence).split()
        size = WHOLE if len(found) == WHOLE and least == LONG else least
        for start in range(len(found) - size + 1):
            yield Secret(WORDS, f" {' '.join(found[start : start + size])} ", question, what)


def _of_settings(question: str, settings: Json, name: str = "") -> Iterator[Secret]:
    """Patterns, accepted variants, known errors and remarks, however deep."""
    if isinstance(settings, Mapping):
        for key, item in settings.items():
            yield from _of_settings(question, item, str(key))
    elif isinstance(settings, (list, tuple)):
        for item in settings:
            yield from _of_settings(question, item, name)
    elif isinstance(settings, (str, int, float)) and not isinstance(settings, bool):
        text = str(settings)
        if name in _PATTERNS:
            if _META.search(text) and len(text) > 4:
                yield Secret(RAW, without_accents(text), question, "motif")
        elif name not in _NO_SECRET:
            yield from _of_value(question, "réglage du corrigé", text)


def _of_value(question: str, what: str, text: str) -> Iterator[Secret]:
    """A number with decimals, or words that are not common: two of them, or a long one."""
    if _DECIMAL.fullmatch(text.strip()):
        yield Secret(NUMBER, text.strip(), question, what)
        return
    found = words(text)
    if len(found.split()) >= 2 and len(found) > 8:
        yield Secret(WORDS, found, question, what)


def _of_answer(question: Question, key: Key) -> Iterator[Secret]:
    answer, name = key.answer, question.id
    if isinstance(answer, dict) and "lignes" in answer:
        yield from _of_rows(name, "réponse", answer["lignes"])
    elif isinstance(answer, dict):
        texts = kinds()[question.kind].names(question.spec)
        for item, value in answer.items():
            yield from _of_value(name, "réponse", str(value))
            if isinstance(value, str) and item in texts and value in texts:  # by their ids or by their wordings
                yield Secret(WORDS, words(f"{item} {value}"), name, "réponse")
                yield Secret(WORDS, words(f"{texts.get(item, item)} {texts.get(value, value)}"), name, "réponse")
    elif isinstance(answer, list):
        flat = [text for item in answer for text in (item if isinstance(item, list) else [item])]
        if len(flat) > 1:
            yield Secret(WORDS, words(" ".join(map(str, flat))), name, "réponse")
        for item in answer:
            parts = list(map(str, item)) if isinstance(item, list) else [str(item)]
            yield from _of_value(name, "réponse", " ".join(parts))
            if question.kind == "paires" and min(map(len, parts)) > 1:  # « 1 et 2 » would be found anywhere
                yield from (Secret(WORDS, words(link.join(parts)), name, "réponse") for link in (" ", " et "))
    elif answer is not None:
        yield from _of_text(name, "réponse", str(answer))
        yield from _of_value(name, "réponse", str(answer))


def _of_rows(question: str, what: str, rows: Iterable[Iterable[str]]) -> Iterator[Secret]:
    """Each row as a run of cells, with and without its first cell (the number of the record)."""
    for row in rows:
        cells = [str(cell) for cell in row]
        for part, least in ((cells, ROW), (cells[1:], ROW + 1)):
            if sum(bool(cell.strip()) for cell in part) >= least:
                yield Secret(WORDS, words(" ".join(part)), question, what)


def texts_of(value: Any) -> Iterator[str]:
    """Every text and name in a JSON or TOML value, in order: what its file says, without its syntax."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield str(name)
            yield from texts_of(item)
    elif isinstance(value, (list, tuple)):
        if value and all(isinstance(item, str) for item in value):
            yield "".join(value)  # the lines of a cell
        for item in value:
            yield from texts_of(item)
    elif value is not None:
        yield str(value)
