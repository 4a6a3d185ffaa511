"""What nobody may read in a subject (all that the key of an activity adds to its questions), and the search of it.

It is searched in every file of the subject: notebooks, TOML, data, inside XLSX too.

A secret is a run of words (case, accents and punctuation ignored), a number, or a pattern searched as it is written.
What the questions themselves say (wording, hints, options, the data and the documents shown) is no secret. Neither is
an ordinary word: a pattern that is one, or an answer of one short word, would be found in any text.
"""

from __future__ import annotations

import io
import json
import re
import tomllib
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from crc_lab.core.bank import KEYS, READING, LoadedActivity
from crc_lab.core.errors import CrcError
from crc_lab.core.model import Activity, Json, Key, Question
from crc_lab.core.rooms import checks, kinds
from crc_lab.core.shown import DOCUMENT
from crc_lab.core.text import clean_line, listing, without_accents

WORDS, NUMBER, RAW = "mots", "nombre", "motif"
_TAG = re.compile(r"<[^>]*>")
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_SENTENCE = re.compile(r"[\n.;:?!|]+")
_PLACE = re.compile(r"\{[^}]*\}")
_DECIMAL = re.compile(r"-?\d{1,12}[.,]\d{1,12}")
_NO_SECRET = frozenset({"controle", "partie", "table", "source", "id", "part", "points", "tolerance"})
_PATTERNS = frozenset({"motifs", "mots"})
_META = re.compile(r"[\\.?*+()\[\]|^$]")
_WORD = re.compile(r"[a-z0-9]+")
LONG, LONG_OF_EXERCISE, WHOLE, ROW = 7, 8, 6, 3
"""Words in a row that make a text recognisable (that of an exercise is course text too), or that make a whole sentence
so; cells that make a row of a table so."""

_Found = tuple[str, str, str]
"""A secret without its question: sort, text, what it is in the key."""


@dataclass(frozen=True, slots=True)
class Secret:
    """``text`` is what is searched, by ``sort``; ``question`` and ``what`` say where it comes from."""

    sort: str
    text: str
    question: str
    what: str

    @property
    def needed(self) -> frozenset[str]:
        """The words without which no text says it: most texts are put aside by one that they lack, at no cost."""
        return frozenset(self.text.split()) if self.sort == WORDS else frozenset()

    def is_in(self, run: str, plain: str) -> bool:
        """True for a text that says it; ``run``: the :func:`words` of the text, ``plain``: the text without accents."""
        if self.sort == WORDS:
            return self.text in run
        if self.sort == RAW:
            return self.text in plain
        whole, _, digits = self.text.replace(",", ".").partition(".")
        if f"{whole},{digits}" not in plain and f"{whole}.{digits}" not in plain:
            return False  # said at once, where a pattern would be tried at each sign
        return re.search(rf"(?<![\d.,-]){re.escape(whole)}[.,]{re.escape(digits)}(?!\d)", plain) is not None


@dataclass(frozen=True, slots=True)
class Leak:
    """A ``secret`` found in a ``file``."""

    file: str
    secret: Secret

    def __str__(self) -> str:
        text = clean_line(self.secret.text, 60)
        return f"{self.file} : « {text} » ({self.secret.what} de {self.secret.question})"


class LeakFound(CrcError):
    """A subject that says some of its key; ``leaks``: what and where."""

    def __init__(self, activity: str, leaks: tuple[Leak, ...]) -> None:
        super().__init__(activity, leaks)
        self.activity, self.leaks = activity, leaks

    def __str__(self) -> str:
        shown = "\n".join(f"  • {leak}" for leak in self.leaks[:10])
        more = f"\n  … et {len(self.leaks) - 10} autres." if len(self.leaks) > 10 else ""
        return (
            f"Le sujet de l’activité « {self.activity} » donnerait des réponses, il n’est donc pas préparé :\n"
            f'{shown}{more}\nRéservez ces passages d’activite.py à l’entraînement (tags=["entrainement"]), ou '
            "retirez-les d’exercices.toml."
        )


def find_leaks(files: Mapping[str, bytes], *keyed: LoadedActivity) -> tuple[Leak, ...]:
    """Every secret of the activities ``keyed`` that can be read in ``files`` (name → content), in the order of the
    files."""
    wanted, leaks = [(secret, secret.needed) for one in keyed for secret in secrets(one)], []
    for name, content in files.items():
        if name.rsplit("/", 1)[-1] in (KEYS, READING):
            every = [question for one in keyed for question in one.keys]
            leaks.append(Leak(name, Secret(RAW, KEYS, listing(every, 3), "corrigé entier")))
        text = readable(name, content)
        run, plain = words(text), without_accents(text)
        known = frozenset(run.split())
        leaks += [Leak(name, secret) for secret, needed in wanted if needed <= known and secret.is_in(run, plain)]
    return tuple(leaks)


# --- what can be read in a file ---------------------------------------------------------------------------------------


def readable(name: str, content: bytes) -> str:
    """All that a person could read in a file: as it is written, then what its format says (without escapes, lines put
    together), each with and without its tags."""
    if name.endswith((".xlsx", ".zip")) and zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return "\n".join(readable(item, packed.read(item)) for item in packed.namelist())
    texts = [content.decode("utf-8", "replace")]
    if name.endswith(".svg"):  # its numbers are places on the drawing; matplotlib says its words in comments
        return "\n".join((unescape(_TAG.sub(" ", texts[0])), *_COMMENT.findall(texts[0])))
    if name.endswith((".ipynb", ".json", ".toml")):
        parse = tomllib.loads if name.endswith(".toml") else json.loads
        texts.append("\n".join(_texts_of(parse(texts[0]))))
    return "\n".join(line for text in texts for line in (text, unescape(_TAG.sub(" ", text))))


def words(text: str) -> str:
    """The words of a text, each between two spaces: what runs of words are searched in."""
    return f" {' '.join(_WORD.findall(without_accents(text).casefold()))} "


def _texts_of(value: Any) -> Iterator[str]:
    """Every text and name in a JSON or TOML value, in order: what its file says, without its syntax."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield str(name)
            yield from _texts_of(item)
    elif isinstance(value, list):
        if value and all(isinstance(item, str) for item in value):
            yield "".join(value)  # the lines of a cell
        for item in value:
            yield from _texts_of(item)
    elif value is not None:
        yield str(value)


# --- secrets ----------------------------------------------------------------------------------------------------------


def secrets(loaded: LoadedActivity) -> tuple[Secret, ...]:
    """Every secret of an activity, each once."""
    said = said_by(loaded.activity)
    run, plain = words(said), without_accents(said)
    found: dict[tuple[str, str], Secret] = {}
    for name, key in loaded.keys.items():
        if (question := loaded.activity.question(name)) is not None:
            for sort, text, what in _of_question(question, key):
                secret = Secret(sort, text, name, what)
                if (sort, text) not in found and not secret.is_in(run, plain):
                    found[sort, text] = secret
    return tuple(found.values())


def answer_secrets(question: Question, answer: Json) -> Iterator[Secret]:
    """What the answer of one question says that a text could give away, whatever the question itself says."""
    yield from (Secret(sort, text, question.id, what) for sort, text, what in _of_answer(question, answer))


def said_by(activity: Activity) -> str:
    """Everything that the marked questions say, the data they show and the documents they are asked about included."""
    pages = (question.page.texts for question in activity.marked[:1])
    documents = [text for texts in pages for name, text in texts.items() if name.startswith(f"{DOCUMENT} ")]
    return "\n".join([*documents, *(text for question in activity.marked for text in _said(question))])


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


def _of_question(question: Question, key: Key) -> Iterator[_Found]:
    yield from _of_text("explication", key.explanation, LONG_OF_EXERCISE if question.training else LONG)
    for code, text in key.messages.items():
        yield WORDS, words(code), "code d’erreur"
        yield from _of_text("message", _PLACE.sub("\n", text))
    for reason in kinds()[question.kind].reasons(question.spec):
        yield from _of_text("remarque", reason)
    for criterion in question.criteria:
        known = checks()[criterion.check].params
        yield from _of_settings({name: item for name, item in criterion.params.items() if name not in known})
    yield from _of_settings(key.criteria)
    if not question.training:
        yield from _of_answer(question, key.answer)
        for table in key.tables.values():
            yield from _of_rows("table de référence", table.rows)


def _of_text(what: str, text: str, least: int = LONG) -> Iterator[_Found]:
    """Every run of ``least`` words of its sentences: half a sentence given away is a leak too."""
    for sentence in _SENTENCE.split(text):
        found = words(sentence).split()
        size = WHOLE if len(found) == WHOLE and least == LONG else least
        for start in range(len(found) - size + 1):
            yield WORDS, f" {' '.join(found[start : start + size])} ", what


def _of_settings(settings: Json, name: str = "") -> Iterator[_Found]:
    """Patterns, accepted variants, known errors and remarks, however deep. A wrong number gives nothing away, and is
    often one that a document tells: the mistake is to take it."""
    if isinstance(settings, Mapping):
        for key, item in settings.items():
            found = _of_settings(item, str(key))
            yield from found if key != "erreurs" else (one for one in found if one[0] != NUMBER)
    elif isinstance(settings, (list, tuple)):
        for item in settings:
            yield from _of_settings(item, name)
    elif isinstance(settings, (str, int, float)) and not isinstance(settings, bool):
        text = str(settings)
        if name in _PATTERNS:
            if _META.search(text) and len(text) > 4:
                yield RAW, without_accents(text), "motif"
        elif name not in _NO_SECRET:
            yield from _of_value("réglage du corrigé", text)


def _of_value(what: str, text: str) -> Iterator[_Found]:
    """A number with decimals, or words that are not common: two of them, or a long one."""
    found = words(text)
    if _DECIMAL.fullmatch(text.strip()):
        yield NUMBER, text.strip(), what
    elif len(found.split()) >= 2 and len(found) > 8:
        yield WORDS, found, what


def _of_answer(question: Question, answer: Json) -> Iterator[_Found]:
    what, together = "réponse", []
    if isinstance(answer, dict) and "lignes" in answer:
        yield from _of_rows(what, answer["lignes"])
    elif isinstance(answer, dict):
        texts = kinds()[question.kind].names(question.spec)
        for item, value in answer.items():
            yield from _of_value(what, str(value))
            if isinstance(value, str) and item in texts and value in texts:  # by their ids or by their wordings
                together += [f"{item} {value}", f"{texts[item]} {texts[value]}"]
    elif isinstance(answer, list):
        items = [list(map(str, item)) if isinstance(item, list) else [str(item)] for item in answer]
        if sum(map(len, items)) > 1:
            together.append(" ".join(text for parts in items for text in parts))
        for parts in items:
            yield from _of_value(what, " ".join(parts))
            if question.kind == "paires" and min(map(len, parts)) > 1:  # « 1 et 2 » would be found anywhere
                together += [" ".join(parts), " et ".join(parts)]
    elif answer is not None:
        yield from _of_text(what, str(answer))
        yield from _of_value(what, str(answer))
    yield from ((WORDS, words(text), what) for text in together)


def _of_rows(what: str, rows: Iterable[Iterable[str]]) -> Iterator[_Found]:
    """Each row as a run of cells, with and without its first cell (the number of the record)."""
    for row in rows:
        cells = [str(cell) for cell in row]
        for part, least in ((cells, ROW), (cells[1:], ROW + 1)):
            if sum(bool(cell.strip()) for cell in part) >= least:
                yield WORDS, words(" ".join(part)), what
