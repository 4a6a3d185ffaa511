"""The cards as widgets: traits and messages. No scoring here, no question text (:mod:`crc_lab.notebook.spec`).

The seam between Python and the page, completed where building the cards asked for it.

Traits of :class:`Carte`:

- ``question``: what is shown, from :func:`crc_lab.notebook.spec.question_spec`. Optional keys besides: ``cout_indice2``
  (percent of the points that the second hint costs; shown on its button); for a column: ``titre``, ``aide`` (shown
  under the grid and on hovering the title), ``groupe`` (« Montrer » and the column chooser).
- ``valeur``: the answer in the shape of the sheet. With it travel ``source_valeur`` (``carte``, ``excel``, ``code``)
  and ``date_valeur`` (ISO 8601). Python sets the three at once with :meth:`Carte.replace_answer`; the page then stores
  the answer in the notebook too. When a card is shown, the notebook's stored answer wins over the trait unless the
  trait's date is later (an answer imported before the card was on screen).
- ``retour``: after a check: ``verdict``, ``points``, ``sur``, ``html`` (:func:`crc_lab.core.feedback.render_html`),
  ``cellules`` [{ligne, colonne, etat, texte}] (for pairs: the two ids as ligne and colonne), ``options``
  {key: {etat, texte}} where key is the option, the left item, the position of a short text (``"0"``), the part
  (``"taux"``), or the option of a part (``"conforme.non"``); ``texte`` and ``raison`` for a text alone and a reason.
  ``etat``: juste, faux or accepte.
- ``etat``: ``essais``, ``indices``, ``indices_html``, ``corrige_disponible``, ``corrige_html``, ``sans_plugin``,
  ``message``, ``grilles`` [{id, titre, lignes: [{points, texte}]}] (the rubrics of an open question, once tried),
  ``annexes`` (what is stored beside the answer and never marked: ``auto_evaluation`` {rubric: [line numbers from 0]},
  ``constats`` {item: {etat, zone?}} of a form).

Messages from the page, given to the callbacks of :meth:`on_demande` as ``(message, buffers)``:
``verifier`` {valeur}, ``indice`` {niveau}, ``corrige``, ``modele_excel``, ``fichier`` {nom} + one buffer,
``remplacer``, ``annuler`` (the preview was refused), ``annexes`` {annexes}, ``relu`` {reponse} (the notebook's own
answer, with its tries and hints), ``sans_plugin`` (``etat["sans_plugin"]`` is already set), ``feuille`` {feuille,
chemin, nom} from the progress and hand-in cards, ``rendre`` {nom, identifiant, feuille, chemin}.
Each is acknowledged at once ({"type": "recu", "de": type}) and again when the callbacks are done ("fini"): without an
acknowledgement for 8 seconds, the page says that the engine does not answer.

Messages to the page: ``telecharger`` {nom, mime} + one buffer, ``apercu`` {html, lignes, colonnes, avertissements},
``erreur`` {texte}. Set a trait for everything else.

DOM events besides those of the plugin: ``crc-retour`` {q, verdict, points, sur} after a check, ``crc-aller`` {q} when a
question is clicked in the progress card (``detail.ok`` when somebody scrolled to it).
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

import anywidget
import traitlets

from crc_lab.core.errors import CrcError
from crc_lab.core.model import Json
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

    def error(self, text: str) -> None:
        """Show one French sentence in the card."""
        self.send({"type": "erreur", "texte": text})

    def _receive(self, _widget: object, message: Any, buffers: list[Any]) -> None:
        if not isinstance(message, dict) or not isinstance(message.get("type"), str):
            return
        self.send({"type": "recu", "de": message["type"]})
        self._before(message)
        try:
            for request in self._requests:
                request(message, [bytes(buffer) for buffer in buffers or ()])
        except CrcError as error:
            self.error(str(error))
        except Exception as error:  # our mistake: the student reads a sentence, the trace goes to the log
            _log.exception("crc-lab: %s", message["type"])
            self.error(BROKEN.format(name=type(error).__name__))
        self.send({"type": "fini", "de": message["type"]})

    def _before(self, message: dict[str, Any]) -> None:
        """What a card does by itself with a message, before the callbacks."""


class Carte(_Card):
    """The card of one question, whatever its kind."""

    _esm = script("card.js")
    question = traitlets.Dict().tag(sync=True)
    valeur = traitlets.Any(None, allow_none=True).tag(sync=True)
    source_valeur = traitlets.Unicode("carte").tag(sync=True)
    date_valeur = traitlets.Unicode("").tag(sync=True)
    retour = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)
    etat = traitlets.Dict().tag(sync=True)

    def replace_answer(self, value: Json, source: str, date: str = "") -> None:
        """Put another answer in the card (``source``: excel or code) and, through the page, in the notebook.

        ``date`` is ISO 8601, now when it is not given.
        """
        with self.hold_sync():
            self.date_valeur = date or dt.datetime.now().astimezone().isoformat(timespec="milliseconds")
            self.source_valeur = source
            self.valeur = value

    def _before(self, message: dict[str, Any]) -> None:
        if message["type"] == "sans_plugin":
            self.etat = {**self.etat, "sans_plugin": True}


class Memoire(_Card):
    """Flashcards. ``valeur`` is what is kept in the sheet; ``vue`` is what is shown:

    ``etat`` (accueil, question, fin), ``faites``, ``total``, ``annulable``, ``stats`` (of
    :mod:`crc_lab.notebook.flashcards`), ``carte`` {nom, recto, verso, sens, theme, source, intervalles} or None.
    Messages from the page: ``session`` {taille, sens, theme}, ``note`` {carte, note}, ``annuler_note``, ``arreter``,
    ``relu`` {reponse}, ``sans_plugin``.
    """

    _esm = script("memoire.js")
    question = traitlets.Dict().tag(sync=True)
    """``id``, ``titre``, ``activite``, ``edition``, ``tailles``, ``themes``."""
    valeur = traitlets.Any(None, allow_none=True).tag(sync=True)
    date_valeur = traitlets.Unicode("").tag(sync=True)
    vue = traitlets.Dict().tag(sync=True)

    def replace_answer(self, value: Json, date: str) -> None:
        """Give the page another value to keep in the notebook."""
        with self.hold_sync():
            self.date_valeur = date
            self.valeur = value


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


class Rendre(_Card):
    """Who hands in, what is answered, which file to hand in. ``retour``: {ok, html} once « Préparer » was clicked."""

    _esm = script("handin.js")
    activite = traitlets.Dict().tag(sync=True)
    questions: traitlets.List[Any] = traitlets.List().tag(sync=True)
    eleve = traitlets.Dict().tag(sync=True)
    """``nom`` and ``identifiant`` known so far; what the notebook holds wins."""
    retour = traitlets.Dict(default_value=None, allow_none=True).tag(sync=True)
