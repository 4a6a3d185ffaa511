"""Which texts state the answer of a question: its own title, wording, hints and box of law, and the story of a subject.

This only warns: a word may be there for a good reason. What is searched is the answer itself, as it is written in the
key: a number of three digits or with decimals, the right option where no wrong one is named beside it, a long word or
several in a row, two things put together, a row of a table; a shorter number, word or option only after « la réponse
est » and the like. The data that a question shows may hold its answer; its options always do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from autograder.prepare.editions import cells_of
from autograder.prepare.leaks import LONG, WORDS, Secret, answer_secrets, words
from crc_lab.core.answers import parse_number
from crc_lab.core.bank import LoadedActivity
from crc_lab.core.model import ASSESSMENT, Json, Key, Question
from crc_lab.core.rooms import kinds
from crc_lab.core.text import clean_line, without_accents

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
