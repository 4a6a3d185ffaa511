"""The commands of the notebook: ``debut``, ``question``, ``progression``, ``verifier``, Excel, ``rendre``, ``charger``.

A command never shows a traceback to a student: an expected error becomes a French sentence (:func:`friendly`).
"""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Iterable, Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec

from IPython.display import HTML, display

from crc_lab.core.cells import Remarks, french_type, written
from crc_lab.core.errors import CrcError
from crc_lab.core.feedback import LOOKS, render_html
from crc_lab.core.model import Json
from crc_lab.core.rooms import kinds
from crc_lab.notebook.cards import Cards
from crc_lab.notebook.overview import path_card
from crc_lab.notebook.session import Session

if TYPE_CHECKING:
    import pandas as pd
    from anywidget import AnyWidget


P = ParamSpec("P")
_open: list[Cards] = []
_on_screen: dict[str, tuple[list[Cards], list[AnyWidget]]] = {}
"""The cards shown so far, by name, and the opening of the activity they belong to."""


def show(thing: object) -> None:
    """Display a widget or HTML below the cell."""
    display(thing)  # type: ignore[no-untyped-call]


def show_html(html: str) -> None:
    """Display an HTML fragment; its text was escaped by whoever made it."""
    show(HTML(html))  # type: ignore[no-untyped-call]


def friendly(command: Callable[P, None]) -> Callable[P, None]:
    """Show every error as a French sentence, so that « Tout relancer » goes on to the next cell."""

    @functools.wraps(command)
    def safe(*args: P.args, **kwargs: P.kwargs) -> None:
        name, usage = command.__name__, (inspect.getdoc(command) or "").replace("``", "").partition("\n\n")[0]
        try:
            inspect.signature(command).bind(*args, **kwargs)
        except TypeError:
            _say(f"{name}(…) : il manque quelque chose entre les parenthèses, ou il y a quelque chose en trop. {usage}")
            return
        try:
            command(*args, **kwargs)
        except CrcError as error:
            _say(str(error))
        except Exception as error:  # an English traceback tells a student nothing
            why = f"{name}(…) n’a pas abouti ({type(error).__name__}). Vos réponses sont gardées."
            _say(f"{why} Vérifiez ce qui est entre les parenthèses, puis recommencez. {usage}")

    return safe


def _say(text: str) -> None:
    shown = escape(text).replace("\n", "<br>")
    show_html(f'<div role="alert" style="border-left:4px solid #b3261e;padding:8px 12px">{shown}</div>')


def current() -> Cards:
    """The cards of the activity begun in this kernel; raises :class:`CrcError` when none was."""
    if not _open:
        raise CrcError(
            "Commencez par la première cellule du cahier : elle ouvre l’activité. Cliquez sur « Tout relancer »."
        )
    return _open[0]


def _show_card(name: str, card: AnyWidget) -> None:
    """Show a card in the place of those of the same name made before the activity was opened again.

    A page that is reloaded asks the kernel for every card that was not closed, code included, and each reloading makes
    new ones.
    """
    opening, cards = _on_screen.get(name, ([], []))
    if opening != _open:
        for old in cards:
            old.close()
        cards = []
    _on_screen[name] = ([*_open], [*(one for one in cards if one is not card), card])
    show(card)


@friendly
def debut(activite: str) -> None:
    """Ouvre une activité du cahier (par exemple ``debut("06_scorer")``) et retrouve les réponses déjà données."""
    session = Session(activite)
    _open[:] = [Cards(session)]
    if session.warning:
        _say(session.warning)


@friendly
def question(numero: str) -> None:
    """Montre la carte d’une question, par exemple ``question("A6-Q1")``."""
    name = _number(numero)
    _show_card(name, current().card(name))


@friendly
def progression() -> None:
    """Montre où vous en êtes : questions répondues, vérifiées, points."""
    _show_card("progression", current().progress_card())


@friendly
def rendre() -> None:
    """Prépare la remise : votre nom, ce qui reste à faire, le fichier à rendre."""
    _show_card("rendre", current().hand_in_card())


@friendly
def parcours() -> None:
    """Montre où vous en êtes dans tout le cahier : activités commencées, vérifiées, points."""
    _show_card("parcours", path_card(Path.cwd()))


@friendly
def lexique() -> None:
    """Montre le lexique : tous les mots du cahier, avec leur définition, et un champ pour chercher."""
    _show_card("lexique", current().lexicon_card())


@friendly
def verifier(numero: str, valeur: pd.DataFrame | Json = None) -> None:
    """Vérifie une réponse donnée par du code : ``verifier("A6-Q1", tableau)`` accepte un DataFrame pandas.

    Sans valeur, vérifie la réponse de la carte.
    """
    cards, name = current(), _number(numero)
    value = _plain(valeur, name)
    if value is not None:
        cards.replace_answer(name, value, "code")
    result = cards.check(name)
    style = "border-left:4px solid currentColor;padding:6px 12px;margin:6px 0"
    show_html(
        f'<div class="crc"><div class="retour {LOOKS[result.verdict].colour}" role="status" style="{style}">'
        f"{render_html(result, form_only=cards.session.in_assessment)}</div></div>"
    )


@friendly
def exporter_excel(numero: str, chemin: str | Path | None = None) -> None:
    """Écrit le modèle Excel d’une question (par défaut ``A3-Q2.xlsx`` à côté du cahier)."""
    path = current().write_template(_number(numero), Path(chemin) if chemin else None)
    show_html(
        f"<p>Modèle Excel prêt : <strong>{escape(path.name)}</strong>, dans le dossier du cahier. Remplissez "
        "les cellules jaunes, enregistrez, puis déposez le fichier dans la carte.</p>"
    )


@friendly
def importer_excel(chemin: str | Path, numero: str | None = None, remplacer: bool = False) -> None:
    """Lit une réponse dans un fichier Excel ou CSV et en montre l’aperçu.

    ``remplacer=True`` la garde sans demander.
    """
    cards = current()
    shown, card = cards.import_file(Path(chemin), numero and _number(numero), replace=remplacer)
    show_html(shown)
    if card is not None:
        show(card)


def _number(numero: object) -> str:
    """The number of a question as the activity writes it; raises :class:`CrcError` when it has no such question."""
    if not isinstance(numero, str):
        raise CrcError(
            'Donnez d’abord le numéro de la question, entre guillemets. Exemple : verifier("A6-Q1", tableau).'
        )
    return current().session.question(numero).id


def _plain(value: Any, name: str) -> Json:
    """The JSON value of an answer given by code; a DataFrame becomes a table of text cells."""
    if value is None or isinstance(value, str):
        return value
    question = current().session.question(name)
    if question.table is None or kinds()[question.kind].excel != "table" or "pandas" not in sys.modules:
        return plain(value)
    from crc_lab.excel.reading import original_lines
    from crc_lab.notebook.tables import TABLES, to_plain

    if not isinstance(value, TABLES):
        return plain(value)
    remarks = Remarks()
    table = to_plain(value, question.table.key, original_lines(question), remarks)
    for text in remarks.warnings():
        show_html(f"<p>{escape(text)}</p>")
    return table


# --- what code written in a notebook takes from the workbook and gives to it ------------------------------------------
# Pandas may be missing, in a browser alone: the cards need none of it, and only what is about pandas tables says so.

MAX_DEPTH = 6
NO_PANDAS = (
    "charger(…) a besoin de pandas, qui n’est pas dans cette version du cahier. Aucune question ne le demande : "
    "téléchargez le fichier dans la carte d’une question, et ouvrez-le dans Excel."
)


def charger(nom: str | None = None) -> pd.DataFrame:
    """The data file called ``nom`` as a pandas table: :func:`crc_lab.notebook.tables.load`.

    Raises :class:`CrcError` (French) where pandas is missing.
    """
    try:
        import pandas  # noqa: F401 (only whether it is there)
    except ImportError:
        raise CrcError(NO_PANDAS) from None
    from crc_lab.notebook.tables import load

    return load(nom)


def plain(value: object, depth: int = MAX_DEPTH) -> Json:
    """A value of the answer sheet: numbers and dates as a French person types them, arrays and series as lists.

    Raises :class:`CrcError` (French) for what is no value (a function, a figure…).
    """
    if getattr(value, "ndim", None) == 0 and not isinstance(value, str):  # one number of numpy's
        value = value[()]  # type: ignore[index]
    if isinstance(value, Mapping) and depth:
        return {str(written(name) or name): plain(item, depth - 1) for name, item in value.items()}
    if hasattr(value, "itertuples"):  # a table: its lines
        value = value.itertuples(index=False)
    text = written(value)
    if text is None and isinstance(value, Iterable) and depth and not isinstance(value, bytes):
        return [plain(item, depth - 1) for item in value]
    if text is None:
        raise CrcError(
            f"Une réponse ne peut pas contenir {french_type(value)}. Donnez un texte, un nombre, une liste ou un "
            'tableau. Exemple : verifier("A4-Q3", {"taux": "12,5", "conforme": "oui"}).'
        )
    return text if isinstance(value, str) else text.replace(".", ",")
