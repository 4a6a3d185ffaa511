"""What a page gives away: what a student can copy from it or answer without looking, and the answers that it states.

Copied, or lazy, an answer earns at most a quarter. The texts are those of the whole activity: passages, wordings,
hints, items, labels, boxes of law. Those that still earn more are listed by name, with a reason, in
``notebooks/recopie.toml`` (``textes``), and so are lazy answers (``paresse``: those that each kind of question offers,
:meth:`crc_lab.core.kind.Kind.lazy`; a ``*`` in a name stands for anything); a name that is no longer needed there is
refused too: the list can only grow shorter.

The texts that state their own answer (``dits``: title, wording, hints and box of law of a question, the story of a
subject) are only told: a word may be there for a good reason. What is searched is the answer itself, as it is written
in the key: a number of three digits or with decimals, the right option where no wrong one is named beside it, a long
word or several in a row, two things put together, a row of a table; a shorter number, word or option only after « la
réponse est » and the like. The data that a question shows may hold its answer; its options always do.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fnmatch import filter as filter_names
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from autograder.prepare.editions import cells_of
from autograder.prepare.leaks import LONG, WORDS, Secret, answer_secrets, words
from crc_lab.core.answers import parse_number
from crc_lab.core.bank import LoadedActivity
from crc_lab.core.errors import CrcError
from crc_lab.core.grading import Context, grade
from crc_lab.core.idle import LEAST
from crc_lab.core.model import ASSESSMENT, TO_CHECK, Criterion, Json, Key, Question
from crc_lab.core.problems import EXERCISES, UnreadableToml, parse_toml
from crc_lab.core.proof import weighed
from crc_lab.core.rooms import checks, kinds
from crc_lab.core.settings import PART
from crc_lab.core.shown import said_by
from crc_lab.core.text import Page, clean_line, without_accents

NUMBER = re.compile(r"(?<![\w,.-])-?\d[\d \u00a0\u202f]*(?:[,.]\d+)?(?![\w])")
_SENTENCE = re.compile(r"[\n.;?!]+(?:\s|$)")
_CUE = "(?:reponse|solution|resultat|trouver|trouvez|obtenez|obtient|font|vaut)"
_LONG_WORD = 7
"""Letters of a word that is not in a text by chance."""
NARRATIVE = "récit"
"""The name of the story among the texts of an activity."""
_OPEN, _JUDGED = "ouverte", "vrai_faux"
_OPTIONS = ("choix", "choix_multiple")
_TYPED = ("texte", "textes", "trous")


def _own_texts(question: Question) -> dict[str, str]:
    """What a question says in sentences, by name."""
    hints = {f"indice {number}": hint for number, hint in enumerate(question.hints, start=1)}
    return {"titre": question.title, "énoncé": question.prompt, "droit": question.law, **hints}


def told_answers(loaded: LoadedActivity, narrative: str = "") -> Iterator[tuple[str, str, str]]:
    """What the texts of an activity tell: (question, name of the text, what it says of the answer).

    ``narrative``: activite.py; of it, the paragraphs that are in the subject too are read, for the marked questions.
    """
    story = list(_paragraphs(narrative))
    for question in loaded.activity.questions:
        if (key := loaded.keys.get(question.id)) is None:
            continue
        secrets = tuple(_secrets(question, key))
        for name, text in _own_texts(question).items():
            if told := _told(question, key, secrets, text):
                yield question.id, name, clean_line(told, 60)
        found = () if question.training else (_told(question, key, secrets, text) for text in story)
        if told := next(filter(None, found), ""):
            yield question.id, NARRATIVE, clean_line(told, 60)


def _paragraphs(narrative: str) -> Iterator[str]:
    """The paragraphs of the cells of text that an assessment has too; a document is there to be read for answers."""
    for cell in cells_of(narrative):
        if not cell.is_code and cell.belongs(ASSESSMENT) and not cell.is_document:
            yield from cell.text.split("\n\n")


def _told(question: Question, key: Key, secrets: Sequence[Secret], text: str) -> str:
    """The part of the answer that ``text`` states, ``secrets`` first; empty when it states none."""
    prose = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("|"))
    run, plain = words(prose), without_accents(prose)
    for secret in secrets:
        if secret.is_in(run, plain):
            return secret.text.strip()
    for kind, spec, answer in _parts(question, key):
        found = _number(answer, prose) if kind == "nombre" else ""
        found = found or (_option(kinds()[kind].names(spec), answer, run) if kind in _OPTIONS else "")
        found = found or (_word(answer, run) if kind in _TYPED else "") or _announced(kind, spec, answer, prose)
        if found:
            return found
    return ""


def _secrets(question: Question, key: Key) -> Iterator[Secret]:
    """What is several words or cells long in the answer; of what is put together or in order, no single item."""
    names = kinds()[question.kind].names(question.spec)
    items = {words(str(text)) for pair in names.items() for text in pair}
    for secret in answer_secrets(question, key.answer):
        short = question.kind == _OPEN and len(secret.text.split()) < LONG
        if secret.sort != WORDS or not (short or secret.text in items):
            yield secret


def _parts(question: Question, key: Key) -> Iterator[tuple[str, Any, Json]]:
    """Each field of a question: its kind, its spec and its model answer."""
    if not question.parts:
        yield question.kind, question.spec, key.answer
    for part in question.parts:
        if isinstance(key.answer, Mapping):
            yield part.kind, part.spec, key.answer.get(part.id)


def _number(answer: Json, prose: str) -> str:
    """The number asked for; one or two digits alone are anywhere by chance."""
    text = str(answer)
    wanted = parse_number(text)
    if wanted is None or (len(re.sub(r"\D", "", text)) < 3 and wanted == wanted.to_integral_value()):
        return ""
    return next((one.strip() for one in NUMBER.findall(prose) if parse_number(one.strip()) == wanted), "")


def _option(options: Mapping[str, str], answer: Json, run: str) -> str:
    """The right options, where a text names them all and no other one."""
    texts = {name: words(text) for name, text in options.items()}
    right = {str(one) for one in (answer if isinstance(answer, list) else [answer])}
    wanted = [texts[one].strip() for one in texts if one in right]
    named = len(" ".join(wanted)) >= _LONG_WORD and all(f" {one} " in run for one in wanted)
    others = [text for one, text in texts.items() if one not in right]
    return " ".join(wanted) if named and not any(text in run for text in others) else ""


def _word(answer: Json, run: str) -> str:
    """A word that has to be typed."""
    items: Sequence[Any] = (
        list(answer.values()) if isinstance(answer, Mapping) else answer if isinstance(answer, list) else [answer]
    )
    typed = [words(str(item)) for item in items if isinstance(item, str)]
    return next((one.strip() for one in typed if len(one.strip()) >= _LONG_WORD and one in run), "")


def _announced(kind: str, spec: Any, answer: Json, prose: str) -> str:
    """A short answer that a sentence announces: « la réponse est non », « vous devez trouver 42 »."""
    texts = kinds()[kind].names(spec)
    if isinstance(answer, Mapping) and kind == _JUDGED:
        answer = answer.get("choix")
    if kind not in (*_TYPED, *_OPTIONS, _JUDGED, "nombre") or not isinstance(answer, str):
        return ""
    meant = _ways({answer: texts.get(answer, answer)})
    others = _ways({one: text for one, text in texts.items() if one != answer}) - meant
    for sentence in _SENTENCE.split(prose):
        run = words(sentence)
        said = next((one for one in meant if re.search(rf" {_CUE} (?:\w+ ){{0,3}}?{re.escape(one)} ", run)), "")
        if said and not any(f" {other} " in run for other in others):
            return said
    return ""


def _ways(items: Mapping[str, str]) -> set[str]:
    """How each item may be named: its wording, and its id when that is a word (« non », never « a »)."""
    found = {words(text).strip() for pair in items.items() for text in pair}
    return {one for one in found if len(one) > 1 or one.isdigit()}


# --- copying ----------------------------------------------------------------------------------------------------------


EXCEPTIONS = Path("notebooks") / "recopie.toml"
_TOLD = ("titre", "énoncé", "droit", "indice 1", "indice 2", "libellés")
"""The texts of a question that may not say an answer, even cut in pieces."""
_MOST_PIECES = 80
_WRAPPED = 60
"""Mean length of the lines of a text that was wrapped: its lines are no items."""
_NUMBER = re.compile(r"\d[\d \u00a0\u202f]*(?:,\d+)?")


def unearned_problems(loaded: LoadedActivity, root: Path) -> tuple[str, ...]:
    """What can be copied, or answered without looking, and earns too much, but for the exceptions of the workbook under
    ``root``: French sentences. Raises :class:`CrcError` for a list of exceptions that cannot be read.
    """
    problems, path = loaded.source.again(), root / EXCEPTIONS
    known = _exceptions(path, "textes")
    for name, text in lazy_problems(loaded, _exceptions(path, "paresse")):
        problems.add(EXERCISES, name, text)
    for question in loaded.activity.questions:
        if (key := loaded.keys.get(question.id)) is None:
            continue
        texts = question.page.texts
        for part, criteria in _text_criteria(question).items():
            name = f"{question.id} {part}".strip()
            shares = {source: _share(question, key, criteria, text) for source, text in texts.items()}
            pieces = dict(_shares_in_pieces(loaded, question, key, part, criteria))
            excused = known.get(name, ())
            for source, share in shares.items():
                if share > MOST and source not in excused:
                    text = f"recopier « {source} » rapporte {100 * share:.0f}\u00a0% des points : changez ce texte, "
                    text += "ou précisez les motifs."
                    problems.add(EXERCISES, question.id, text, criteria[0].id)
            for source, share in pieces.items():
                if share > MOST and source not in excused and source.startswith(f"{question.id} "):
                    text = f"« {source} », mot à mot, rapporte {100 * share:.0f}\u00a0% des points : "
                    text += "dites-le sur un autre exemple, ou posez une question."
                    problems.add(EXERCISES, question.id, text, criteria[0].id)
            for source in excused:
                its_own = source not in pieces or source.startswith(
                    f"{question.id} "
                )  # of others, the reading may vary
                if its_own and max(shares.get(source, 0), pieces.get(source, 0)) <= MOST:
                    where = f"{EXCEPTIONS.as_posix()}, {name}"
                    problems.found.append(f"{where} : « {source} » n’est plus à excuser, retirez-le.")
        for text in (question.title, question.prompt):
            if (number := _said_number(question, key, text)) is not None:
                problems.add(EXERCISES, question.id, f"l’énoncé contient la réponse attendue (« {number} »).")
    return tuple(problems.found)


def telling_warnings(loaded: LoadedActivity, narrative: str, root: Path) -> tuple[str, ...]:
    """The texts that state the answer of a question, but for those excused: French sentences.

    ``narrative``: the text of activite.py. Raises :class:`CrcError` for a list of exceptions that cannot be read.
    """
    known, warnings = _exceptions(root / EXCEPTIONS, "dits"), loaded.source.again()
    told = {(question, name): said for question, name, said in told_answers(loaded, narrative)}
    for (question, name), said in told.items():
        if name not in known.get(question, ()):
            where = "le texte du carnet" if name == NARRATIVE else f"« {name} »"
            text = f"{where} dit la réponse (« {said} ») : changez-le, ou excusez-le dans {EXCEPTIONS.as_posix()}."
            warnings.add(EXERCISES, question, text)
    excused = _exceptions(root / EXCEPTIONS, "textes")
    for name, source, share in shares_in_pieces(loaded):
        if share > MOST and not source.startswith(f"{name.partition(' ')[0]} ") and source not in excused.get(name, ()):
            text = f"« {source} », mot à mot, en rapporte {100 * share:.0f}\u00a0% des points."
            warnings.add(EXERCISES, name.partition(" ")[0], text)
    own = {question.id for question in loaded.activity.questions}
    for question, name in ((question, name) for question, names in known.items() for name in names):
        if question in own and (question, name) not in told:
            warnings.add(EXERCISES, question, f"« {name} » n’est plus à excuser dans {EXCEPTIONS.as_posix()}.")
    return tuple(warnings.found)


def _exceptions(path: Path, sort: str) -> dict[str, tuple[str, ...]]:
    """What is excused of one sort (``textes``, ``paresse``, ``dits``), by question and part; none without a file."""
    if not path.is_file():
        return {}
    try:
        raw = parse_toml(path.read_bytes())
        found = {name: item for name, item in raw.items() if name != "version"}
        if not all(item["raison"].strip() for item in found.values()):
            raise ValueError("raison")
        if not all(item.get("textes") or item.get("paresse") or item.get("dits") for item in found.values()):
            raise ValueError("textes")
        return {name: tuple(item.get(sort, ())) for name, item in found.items()}
    except UnreadableToml as error:
        raise CrcError(f"{path.name}, ligne {error.line} : {error.reason}.") from None
    except (KeyError, TypeError, AttributeError, ValueError):
        raise CrcError(
            f"{path.name} : chaque question a une « raison » et une liste, « textes », « paresse » ou « dits »."
        ) from None


def _text_criteria(question: Question) -> Mapping[str, list[Criterion]]:
    """The criteria that read what a student writes, by part (an empty name for the whole question)."""
    found: dict[str, list[Criterion]] = defaultdict(list)
    for criterion in weighed(question).criteria:
        if checks()[criterion.check].pasted:
            found[str(criterion.params.get(PART, ""))].append(criterion)
    return found


def _share(question: Question, key: Key, criteria: list[Criterion], text: str, surely: bool = False) -> float:
    """The share of the points of ``criteria`` that an answer made of one copied text earns."""
    paste = checks()[criteria[0].check].pasted
    value: Any = paste(Context(question, criteria[0], key), text) if paste else text
    if part := criteria[0].params.get(PART):
        value = {**key.answer, part: value}
    return _earned(question, key, criteria, value, surely)


def shares_in_pieces(loaded: LoadedActivity) -> Iterator[tuple[str, str, float]]:
    """What the texts of the questions say of each answer that is read: (question and part, name of the text, share)."""
    for question in loaded.activity.questions:
        if (key := loaded.keys.get(question.id)) is not None:
            for part, criteria in _text_criteria(question).items():
                for source, share in _shares_in_pieces(loaded, question, key, part, criteria):
                    yield f"{question.id} {part}".strip(), source, share


def _shares_in_pieces(
    loaded: LoadedActivity, question: Question, key: Key, part: str, criteria: list[Criterion]
) -> Iterator[tuple[str, float]]:
    """What the texts of the questions of a subject say of an answer: their pieces, typed one a field by somebody whom
    nothing stops from copying. (name of the text, share of the points). The course and the documents are not read here:
    they are there to be read.
    """
    alone = replace(question, page=Page())
    for other in loaded.activity.questions:
        if other.id != question.id and (other.training or question.training):
            continue
        for name, text in said_by(other):
            if name in _TOLD and (name != "droit" or (other.id == question.id and not loaded.activity.law_after)):
                yield f"{other.id} {name}", _share_in_pieces(alone, key, part, criteria, _pieces(text))


def _pieces(text: str) -> list[str]:
    """A text, cut at its stops and at the lines that are items; a row of a table, at its columns."""
    whole = re.sub(r"\n(?=[^\n|*\d-])", " ", text) if len(text.split("\n")) < len(text) / _WRAPPED else text
    return [piece for piece in re.split(r"[\n.;:!?|–()«»]+|, ", whole) if re.search(r"\w", piece)][:_MOST_PIECES]


def _share_in_pieces(
    question: Question, key: Key, part: str, criteria: list[Criterion], pieces: Sequence[str]
) -> float:
    """The share of the points that the pieces earn which earn something alone, put one in each field."""
    earning = [piece for piece in pieces if _share(question, key, criteria, piece, surely=True) > 0]
    model = key.answer.get(part) if part and isinstance(key.answer, Mapping) else key.answer
    if not earning or not isinstance(model, list):
        return max((_share(question, key, criteria, piece, surely=True) for piece in earning), default=0.0)
    value: Any = earning[: len(model)]
    return _earned(question, key, criteria, {**key.answer, part: value} if part else value)


def _earned(question: Question, key: Key, criteria: list[Criterion], value: Any, surely: bool = False) -> float:
    """The share of the points of ``criteria`` that an answer earns; ``surely``: but for those only proposed."""
    results = {one.id: one for one in grade(weighed(question), value, key).criteria}
    own = [results[one.id] for one in criteria]
    sure = [one for one in own if not surely or all(message.code != TO_CHECK for message in one.teacher + one.messages)]
    return sum(one.points for one in sure) / sum(one.points for one in criteria)


def _said_number(question: Question, key: Key, text: str) -> str | None:
    """The number that a question asks for, when its own text says it; a short one may well be there by chance."""
    prose = "\n".join(line for line in text.splitlines() if not line.startswith("|"))  # data may hold the answer
    said: dict[Decimal | None, str] = {}
    for number in map(str.strip, _NUMBER.findall(prose)):
        said.setdefault(parse_number(number), number)
    for part, kind in {"": question.kind, **{part.id: part.kind for part in question.parts}}.items():
        answer = key.answer if not part else key.answer.get(part) if isinstance(key.answer, dict) else None
        if kind == "nombre" and len(re.sub(r"\D", "", str(answer))) > 2:
            wanted = parse_number(str(answer))
            if wanted is not None and wanted in said:
                return said[wanted]
    return None


# --- without looking at the question ----------------------------------------------------------------------------------


MOST = 0.25
"""The largest share of its points that a question may give for nothing."""


@dataclass(frozen=True, slots=True)
class Lazy:
    """A lazy answer, by its French name, and the ``share`` of the points that it earns."""

    name: str
    share: float


def lazy_answers(question: Question, key: Key, others: Mapping[str, Json]) -> Iterator[Lazy]:
    """What each lazy answer to a question earns; ``others``: the model answers of the activity.

    The points of single choices do not count; no answer is offered where there are no others.
    """
    kind, marked = kinds()[question.kind], weighed(question)
    alone = _single_choices(marked)
    points = sum(criterion.points for criterion in marked.criteria if criterion.id not in alone)
    for name, answer in kind.lazy(question.spec, question, key.answer) if points else ():
        result = grade(marked, answer, key, others)
        earned = sum(criterion.points for criterion in result.criteria if criterion.id not in alone)
        yield Lazy(name, earned / points)


def lazy_problems(loaded: LoadedActivity, excused: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """What earns too much, question by question, but for the answers that are ``excused`` by name, and those that need
    no excuse any more: (question, French sentence)."""
    answers = {name: key.answer for name, key in loaded.keys.items()}
    for question in loaded.activity.questions:
        if (key := loaded.keys.get(question.id)) is None:
            continue
        known = excused.get(question.id, ())
        earning = {one.name: one.share for one in lazy_answers(question, key, answers) if one.share > MOST}
        for name, share in earning.items():
            if not any(fnmatchcase(name, one) for one in known):
                points = f"{100 * share:.0f}\u00a0%"
                yield (
                    question.id,
                    f"répondre sans regarder ({name}) rapporte {points} des points : changez la question.",
                )
        unused = (name for name in known if not filter_names(earning, name))
        yield from ((question.id, f"« {name} » n’est plus à excuser.") for name in unused)


def _single_choices(question: Question) -> frozenset[str]:
    """The criteria that look at one choice, when there are too few of them to make a series."""
    by_part = {part.id: part.kind for part in question.parts}
    found = []
    for criterion in question.criteria:
        kind = kinds()[by_part.get(str(criterion.params.get("partie", "")), question.kind)]
        if kind.single and criterion.check == kind.check:
            found.append(criterion.id)
    return frozenset(found) if len(found) < LEAST else frozenset()
