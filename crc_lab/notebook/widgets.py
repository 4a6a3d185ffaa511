"""The cards as widgets: traits and messages; and the code that they bring. No scoring here, no question text
(:mod:`crc_lab.notebook.cards`).

The seam between Python and the page (traits, messages, their shapes) is told in ``js/types.d.ts``.

The ES modules of ``js/`` are joined into the scripts that anywidget asks for, and the sheets of ``css/`` into one. The
code of all the cards is one script, :func:`bundle`, which a page gets once; each card brings :func:`loader`, a few
lines that wait for it. No bundler: each file of ``js/`` is a real ES module. The joiner orders those that an entry
needs, gives each a scope of its own, and refuses what it cannot join faithfully. It knows
``import { a, b } from "./x.js";``, ``import * as x``, ``export { a } from…``, and ``export`` before a declaration; no
renaming, no default but the entry's.
"""

from __future__ import annotations

import hashlib
import json
import logging
import posixpath
import re
from collections.abc import Callable, Mapping
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, NamedTuple

import anywidget
import ipywidgets  # type: ignore[import-untyped]
import traitlets

from crc_lab.core.errors import CrcError
from crc_lab.core.sheet import Answer

_HERE = Path(__file__).resolve().parent
_STYLE = """if (!document.getElementById("crc-lab-style")) {
  document.head.append(Object.assign(document.createElement("style"), { id: "crc-lab-style", textContent: %s }));
}
"""
_COMMENT = re.compile(r"/\*\*(?:[^*]|\*(?!/))*\*/[ \t]*|^[ \t]*//[^\n]*\n", re.MULTILINE)
_FROM = re.compile(
    r'^(?P<word>import|export)\s*(?:\{(?P<names>[^}]*)\}|\*\s*as\s+(?P<all>[\w$]+))\s*from\s*"(?P<file>\.[^"]*)";\n?',
    re.MULTILINE,
)
_DECLARED = re.compile(r"^export\s+(?=(?:(?:async\s+)?function\*?|class|const)\s+(?P<name>[\w$]+))", re.MULTILINE)
_LEFT = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


class AssetProblem(Exception):
    """Files that cannot be joined: a mistake of ours, found by the tests."""


class _Module(NamedTuple):
    text: str
    wants: dict[str, list[str]]
    gives: list[str]


CARDS = ("card", "handin", "lexique", "memoire", "parcours", "progress")
"""The modules whose ``card`` is one for anywidget."""
_LOADER = "loader.js"
_MAIN = "main.js"


@cache
def bundle() -> str:
    """The code of all the cards and their styles: a module that offers them to the page that runs it.

    The styles are put in the page once, with it. Given to anywidget (``_css``), they would be put there again by every
    card, and the browser would lay out the whole notebook each time.
    """
    imports = "".join(f'import * as {name} from "./{name}.js";\n' for name in CARDS)
    given = ", ".join(f"{name}: {name}.card" for name in CARDS)
    offered = f'import {{ offer }} from "./{_LOADER}";\nexport default offer("{version()}", {{ {given} }});\n'
    return _STYLE % json.dumps(style()) + join({**modules(), _MAIN: imports + offered}, _MAIN)


@cache
def loader(card: str) -> str:
    """The module of one card, which has the code of :func:`bundle` draw it, once that is in the page."""
    awaited = f'import {{ awaited }} from "./{_LOADER}";\nexport default awaited("{version()}", "{card}");\n'
    return join({**modules(), _MAIN: awaited}, _MAIN)


@cache
def version() -> str:
    """The name of this code: that of another one differs, and both may be in the same page."""
    return hashlib.sha256(json.dumps([dict(modules()), style()], sort_keys=True).encode()).hexdigest()[:16]


@cache
def modules() -> Mapping[str, str]:
    """The modules of ``js/``: {path from there: text}."""
    folder = _HERE / "js"
    return {path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") for path in folder.rglob("*.js")}


@cache
def style() -> str:
    """The sheets of ``css/``, in the order of their names."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((_HERE / "css").glob("*.css")))


def join(modules: Mapping[str, str], entry: str) -> str:
    """One module out of ``modules`` ({path: text}), those that ``entry`` needs, without their comments.

    Raises :class:`AssetProblem` for a missing file or name, and for an import or export of another form than those
    above; :class:`graphlib.CycleError` for modules that import each other.
    """
    read: dict[str, _Module] = {}
    todo = [entry]
    while todo:
        path = todo.pop()
        if path not in modules:
            raise AssetProblem(f"{path}: no such module")
        if path not in read:
            read[path] = _read(path, modules[path], path == entry)
            todo.extend(read[path].wants)
    for path, file, names in ((path, *want) for path, module in read.items() for want in module.wants.items()):
        if missing := set(names) - set(read[file].gives):
            raise AssetProblem(f"{path}: {file} exports no `{min(missing)}`")
    order = list(TopologicalSorter({path: module.wants for path, module in read.items()}).static_order())
    scopes = [
        f"const {_scope(path)} = (() => {{\n{read[path].text}return {{ {', '.join(read[path].gives)} }};\n}})();\n"
        for path in order[:-1]
    ]
    return "".join(f"// ---- {path}\n{text}" for path, text in zip(order, [*scopes, read[entry].text], strict=True))


def _scope(path: str) -> str:
    return "$" + re.sub(r"\W", "_", path.removesuffix(".js"))


def _read(path: str, text: str, is_entry: bool) -> _Module:
    wants: dict[str, list[str]] = {}
    gives: list[str] = []

    def link(found: re.Match[str]) -> str:
        file = posixpath.normpath(posixpath.join(posixpath.dirname(path), found["file"]))
        names = [name.strip() for name in (found["names"] or "").split(",") if name.strip()]
        if any(not re.fullmatch(r"[\w$]+", name) for name in names) or (found["all"] and found["word"] == "export"):
            return found[0]
        wants.setdefault(file, []).extend(names)
        if found["word"] == "export":
            gives.extend(names)
        return f"const {found['all'] or '{ ' + ', '.join(names) + ' }'} = {_scope(file)};\n"

    def declare(found: re.Match[str]) -> str:
        gives.append(found["name"])
        return ""

    text = _DECLARED.sub(declare, _FROM.sub(link, _COMMENT.sub("", text)))
    for left in _LEFT.finditer(text):
        if not (is_entry and left[0].startswith("export default ")):
            raise AssetProblem(f"{path}: cannot be joined: {left[0]}")
    return _Module(text, wants, gives)


# --- the cards --------------------------------------------------------------------------------------------------------

Request = Callable[[dict[str, Any], list[bytes]], None]
"""A callback: the message of the page, and its binary buffers."""

_log = logging.getLogger(__name__)


class _Code(anywidget.AnyWidget):  # type: ignore[misc, unused-ignore]
    """The code of all the cards, on its way to the page: never shown."""

    _esm = bundle()


_code = cache(_Code)
"""One for all the cards of a kernel: with its code in each of them, a notebook of twenty cards would send 4 MB."""


def close_cards() -> None:
    """Close every card of this kernel: the page would ask for them again with those of the next notebook."""
    ipywidgets.Widget.close_all()
    _code.cache_clear()


class _Card(anywidget.AnyWidget):  # type: ignore[misc, unused-ignore]
    """What the cards share: acknowledging messages, calling the callbacks, never raising into the page."""

    def __init__(self, **traits: Any) -> None:
        _code()
        self._requests: list[Request] = []
        self._ours = False
        super().__init__(**traits)
        self.on_msg(self._receive)

    def on_demande(self, callback: Request) -> None:
        """Call ``callback(message, buffers)`` for every message of the page, in the order of registration."""
        self._requests.append(callback)

    def update(self, **traits: Any) -> None:
        """Give several traits another value, in one message to the page."""
        outer, self._ours = self._ours, True
        try:
            with self.hold_sync():
                for name, value in traits.items():
                    setattr(self, name, value)
        finally:
            self._ours = outer

    def error(self, text: str) -> None:
        """Show one French sentence in the card."""
        self.send({"type": "erreur", "texte": text})

    def _receive(self, _widget: object, message: Any, buffers: list[Any]) -> None:
        if not isinstance(message, dict) or not isinstance(message.get("type"), str):
            return
        if message["type"] == "code":
            self.send({"type": "code", "texte": bundle()})
            return
        self.send({"type": "recu", "de": message["type"]})
        try:
            for request in self._requests:
                request(message, [bytes(buffer) for buffer in buffers or ()])
        except CrcError as error:
            self.error(str(error))
        except Exception as error:  # our mistake: the student reads a sentence, the trace goes to the log
            _log.exception("crc-lab: %s", message["type"])
            why = f"Cette demande n’a pas abouti ({type(error).__name__})."
            self.error(f"{why} Vos réponses sont enregistrées ; cliquez sur « Tout relancer ».")
        self.send({"type": "fini", "de": message["type"]})


def answer_traits(answer: Answer | None, name: str = "") -> dict[str, Any]:
    """The traits that hold an answer, or none; ``name``: under which it is kept."""
    kept = answer or Answer(None)
    place = {"cle": name, "date": kept.date}
    return {"valeur": kept.value, "source_valeur": kept.source, "date_valeur": kept.date, "place_valeur": place}


class _Answered(_Card):
    """A card whose answer is in the sheet."""

    question = traitlets.Dict().tag(sync=True)
    valeur = traitlets.Any(None, allow_none=True).tag(sync=True)
    source_valeur = traitlets.Unicode("carte").tag(sync=True)
    date_valeur = traitlets.Unicode("").tag(sync=True)
    place_valeur = traitlets.Dict().tag(sync=True)
    """{cle, date}: under which name the answer is kept, for one may arrive when the card shows another; with its date,
    so that it changes, and is sent, with each answer."""

    def replace_answer(self, answer: Answer, name: str = "") -> None:
        """Put another answer in the card and, through the page, in the notebook."""
        self.update(**answer_traits(answer, name))

    def on_answer(self, callback: Callable[[], None]) -> None:
        """Call ``callback()`` for every answer that the page gives; not for those put in the card here."""
        self.observe(lambda _: None if self._ours else callback(), "valeur")


class Carte(_Answered):
    """The card of one question, whatever its kind."""

    _esm = loader("card")
    retour = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)
    etat = traitlets.Dict().tag(sync=True)


class Memoire(_Answered):
    """Flashcards. ``valeur`` is what is kept in the sheet; ``vue`` is what is shown (see ``js/memoire.js``)."""

    _esm = loader("memoire")
    vue = traitlets.Dict().tag(sync=True)


class Lexique(_Card):
    """The searchable list of the terms. ``entrees``: [{terme, definition, theme, source}], in the order shown."""

    _esm = loader("lexique")
    entrees: traitlets.List[Any] = traitlets.List().tag(sync=True)


class Parcours(_Answered):
    """The map of the workbook. ``vue``: see ``js/types.d.ts``; ``valeur``: the diary, kept in the welcome notebook."""

    _esm = loader("parcours")
    vue = traitlets.Dict().tag(sync=True)


class Progression(_Card):
    """How far the student is. ``questions``: the lines of ``Session.progress``, in order."""

    _esm = loader("progress")
    activite = traitlets.Dict().tag(sync=True)
    """``id``, ``titre`` and ``edition``."""
    questions: traitlets.List[Any] = traitlets.List().tag(sync=True)
    competences: traitlets.List[Any] = traitlets.List().tag(sync=True)
    """What is earned of each skill so far: [{nom, texte, part}], ``part`` in percent."""
    examen = traitlets.Dict().tag(sync=True)
    """The mock exam: see ``Exam`` in ``js/types.d.ts``; empty where there is none to be had."""
    copies: traitlets.List[Any] = traitlets.List().tag(sync=True)
    """The answers of other days that can be taken back: see ``copies.shown``."""


class Rendre(Progression):
    """Who hands in, what is answered, which file to hand in. ``retour``: {ok, html} once « Préparer » was clicked."""

    _esm = loader("handin")
    eleve = traitlets.Dict().tag(sync=True)
    """``nom`` and ``identifiant`` known so far; what the notebook holds wins."""
    offre = traitlets.Dict().tag(sync=True)
    """``fiche`` and ``bilan``: whether there is a page to print, and a before and after of the case."""
    retour = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)
