"""The cards as widgets: traits and messages. No scoring here, no question text (:mod:`crc_lab.notebook.cards`).

The seam between Python and the page (traits, messages, their shapes) is told in ``js/types.d.ts``.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import cache
from typing import Any

import anywidget
import ipywidgets  # type: ignore[import-untyped]
import traitlets

from crc_lab.core.errors import CrcError
from crc_lab.core.sheet import Answer
from crc_lab.notebook.assets import bundle, loader

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
