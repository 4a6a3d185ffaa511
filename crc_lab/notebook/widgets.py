"""The cards as widgets: traits and messages. No scoring here, no question text (:mod:`crc_lab.notebook.spec`).

The seam between Python and the page, completed where building the cards asked for it.

Traits of :class:`Carte` (the shapes are those of ``js/types.d.ts``):

- ``question`` (``Spec``): what is shown, from :func:`crc_lab.notebook.spec.question_spec`.
- ``valeur``: the answer in the shape of the sheet. With it travel ``source_valeur`` (``carte``, ``excel``, ``code``)
  and ``date_valeur`` (ISO 8601). Python sets the three at once with ``replace_answer``; the page then stores the answer
  in the notebook too. When a card is shown, the notebook's stored answer wins over the trait unless the trait's date
  is later (an answer imported before the card was on screen).
- ``retour`` (``Back``): what the last check said.
- ``etat`` (``State``): tries, hints, the worked answer, what is stored beside the answer.

Messages from the page, given to the callbacks of :meth:`on_demande` as ``(message, buffers)``:
``verifier`` {valeur}, ``indice`` {niveau}, ``corrige``, ``modele_excel``, ``fichier`` {nom} + one buffer,
``remplacer``, ``annuler`` (the preview was refused), ``annexes`` {annexes}, ``relu`` {reponse} (the notebook's own
answer, with its tries and hints), ``sans_plugin``, ``feuille`` {feuille, chemin, nom} from the progress and hand-in
cards, ``rendre`` {nom, identifiant, feuille, chemin}.
Each is acknowledged at once ({"type": "recu", "de": type}) and again when the callbacks are done ("fini"): without an
acknowledgement for 8 seconds, the page says that the engine does not answer.

Messages to the page: ``telecharger`` {nom, mime} + one buffer, ``apercu`` {html, lignes, colonnes, avertissements},
``erreur`` {texte}. Set a trait for everything else.

DOM events besides those of the plugin: ``crc-retour`` {q, verdict, points, sur} after a check, ``crc-aller`` {q} when a
question is clicked in the progress card (``detail.ok`` when somebody scrolled to it).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import anywidget
import traitlets

from crc_lab.core.errors import CrcError
from crc_lab.core.sheet import Answer
from crc_lab.notebook.assets import script

Request = Callable[[dict[str, Any], list[bytes]], None]
"""A callback: the message of the page, and its binary buffers."""

BROKEN = (
    "Cette demande n’a pas abouti ({name}). Vos réponses sont enregistrées\u00a0; "
    "cliquez sur «\u00a0Tout relancer\u00a0»."
)
_log = logging.getLogger(__name__)


class _Card(anywidget.AnyWidget):  # type: ignore[misc, unused-ignore]
    """What the three cards share: acknowledging messages, calling the callbacks, never raising into the page."""

    def __init__(self, **traits: Any) -> None:
        self._requests: list[Request] = []
        super().__init__(**traits)
        self.on_msg(self._receive)

    def on_demande(self, callback: Request) -> None:
        """Call ``callback(message, buffers)`` for every message of the page, in the order of registration."""
        self._requests.append(callback)

    def update(self, **traits: Any) -> None:
        """Give several traits another value, in one message to the page."""
        with self.hold_sync():
            for name, value in traits.items():
                setattr(self, name, value)

    def error(self, text: str) -> None:
        """Show one French sentence in the card."""
        self.send({"type": "erreur", "texte": text})

    def _receive(self, _widget: object, message: Any, buffers: list[Any]) -> None:
        if not isinstance(message, dict) or not isinstance(message.get("type"), str):
            return
        self.send({"type": "recu", "de": message["type"]})
        try:
            for request in self._requests:
                request(message, [bytes(buffer) for buffer in buffers or ()])
        except CrcError as error:
            self.error(str(error))
        except Exception as error:  # our mistake: the student reads a sentence, the trace goes to the log
            _log.exception("crc-lab: %s", message["type"])
            self.error(BROKEN.format(name=type(error).__name__))
        self.send({"type": "fini", "de": message["type"]})


def answer_traits(answer: Answer | None) -> dict[str, Any]:
    """The traits that hold an answer, or none."""
    kept = answer or Answer(None)
    return {"valeur": kept.value, "source_valeur": kept.source, "date_valeur": kept.date}


class _Answered(_Card):
    """A card whose answer is in the sheet."""

    question = traitlets.Dict().tag(sync=True)
    valeur = traitlets.Any(None, allow_none=True).tag(sync=True)
    source_valeur = traitlets.Unicode("carte").tag(sync=True)
    date_valeur = traitlets.Unicode("").tag(sync=True)

    def replace_answer(self, answer: Answer) -> None:
        """Put another answer in the card and, through the page, in the notebook."""
        self.update(**answer_traits(answer))


class Carte(_Answered):
    """The card of one question, whatever its kind."""

    _esm = script("card.js")
    retour = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)
    etat = traitlets.Dict().tag(sync=True)


class Memoire(_Answered):
    """Flashcards. ``valeur`` is what is kept in the sheet; ``vue`` is what is shown:

    ``etat`` (accueil, question, fin), ``faites``, ``total``, ``annulable``, ``stats`` (of
    :mod:`crc_lab.notebook.flashcards`), ``carte`` {nom, recto, verso, sens, theme, source, intervalles} or None.
    Messages from the page: ``session`` {taille, sens, theme}, ``note`` {carte, note}, ``annuler_note``, ``arreter``,
    ``relu`` {reponse}, ``sans_plugin``. ``question``: ``id``, ``titre``, ``activite``, ``edition``, ``tailles``,
    ``themes``.
    """

    _esm = script("memoire.js")
    vue = traitlets.Dict().tag(sync=True)


class Lexique(_Card):
    """The searchable list of the terms. ``entrees``: [{terme, definition, theme, source}], in the order shown."""

    _esm = script("lexique.js")
    entrees: traitlets.List[Any] = traitlets.List().tag(sync=True)


class Parcours(_Card):
    """The whole workbook. ``lignes``: [{numero, titre, etat, total, repondues, verifiees, points, sur, fichier}];
    ``moyenne``: {note, activites}. Message from the page: ``actualiser``."""

    _esm = script("parcours.js")
    lignes: traitlets.List[Any] = traitlets.List().tag(sync=True)
    moyenne = traitlets.Dict().tag(sync=True)


class Progression(_Card):
    """How far the student is. ``questions``: the lines of ``Session.progress``, in order."""

    _esm = script("progress.js")
    activite = traitlets.Dict().tag(sync=True)
    """``id``, ``titre`` and ``edition``."""
    questions: traitlets.List[Any] = traitlets.List().tag(sync=True)


class Rendre(Progression):
    """Who hands in, what is answered, which file to hand in. ``retour``: {ok, html} once « Préparer » was clicked."""

    _esm = script("handin.js")
    eleve = traitlets.Dict().tag(sync=True)
    """``nom`` and ``identifiant`` known so far; what the notebook holds wins."""
    retour = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)
