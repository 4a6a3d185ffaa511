"""Find the header line of a table, wherever it was moved, whatever the case, the accents and the usual wordings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from crc_lab.core.text import fold
from crc_lab.excel.grid import Grid, RawCell, trim

MAX_HEADER_ROW = 200

SYNONYMS: Mapping[str, tuple[str, ...]] = {
    "id_contact": (
        "N°",
        "id",
        "n° contact",
        "n° fiche",
        "numéro",
        "numéro de contact",
        "fiche",
        "identifiant",
        "contact n°",
    ),
    "type_contact": ("type", "nature", "type client"),
    "civilite": ("civ", "titre"),
    "nom": ("nom de famille", "noms"),
    "prenom": ("prénoms",),
    "raison_sociale": ("entreprise", "société", "nom de l’entreprise", "enseigne"),
    "activite": ("secteur", "secteur d’activité"),
    "effectif": ("salariés", "nombre de salariés", "nb salariés"),
    "siret": ("n° siret", "numéro siret"),
    "code_ape": ("ape", "naf", "code naf"),
    "numero_voie": ("n° voie", "n° rue", "numéro rue", "n° de rue", "numéro adresse"),
    "indice_repetition": ("indice", "bis ter", "répétition"),
    "type_voie": ("voie", "nature voie"),
    "nom_voie": ("rue", "nom rue", "libellé voie"),
    "complement": ("complément adresse",),
    "code_postal": ("cp", "postal"),
    "ville": ("commune", "localité"),
    "telephone": ("tél", "tel", "n° téléphone", "numéro téléphone", "portable", "mobile"),
    "email": ("e-mail", "mail", "courriel", "adresse mail", "adresse e-mail", "adresse électronique"),
    "date_naissance": ("naissance", "né le", "date naiss"),
    "sexe": ("genre",),
    "optin_email": (
        "opt-in e-mail",
        "opt-in email",
        "opt in mail",
        "consentement mail",
        "consentement email",
        "accord e-mail",
    ),
    "optin_sms": ("opt-in sms", "consentement sms", "accord sms"),
    "optin_tel": ("opt-in téléphone", "opt-in tel", "consentement tel", "consentement téléphone", "accord téléphone"),
    "date_consentement_tel": ("date consentement", "date consentement téléphone", "date opt-in tel"),
    "origine": ("source", "origine contact"),
    "date_creation": ("création", "date création fiche"),
    "date_dernier_achat": ("dernier achat", "date achat"),
    "nb_achats_12m": ("nb achats", "nombre achats", "nb achats 12 mois", "nombre achats 12 mois", "achats 12 mois"),
    "panier_moyen": ("panier", "montant moyen", "panier moyen €"),
    "alerte": ("alertes", "annotation", "remarque"),
    "R": ("récence", "r récence", "note r", "note récence", "points r", "récence r"),
    "F": ("fréquence", "f fréquence", "note f", "note fréquence", "points f", "fréquence f"),
    "M": ("montant", "m montant", "note m", "note montant", "points m", "montant m"),
    "score": ("score rfm", "total", "total rfm", "score total", "somme", "note rfm", "rfm"),
    "segment": ("segment rfm", "segment client", "catégorie", "groupe", "type client rfm"),
}
"""Usual wordings of the columns of the case, compared without case, accents, punctuation and small words."""

_SMALL_WORDS = frozenset({"a", "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "par", "sur"})


@dataclass(frozen=True)
class Header:
    """The header line found in ``grid``: its row, the column of each known name, names met twice, headers not known."""

    grid: Grid
    row: int
    columns: Mapping[str, int]
    repeated: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def find_header(grid: Grid, key: str, answers: Sequence[str], given: Sequence[str]) -> Header | None:
    """The line of ``grid`` that names ``key`` and the most ``answers``; None when no line names both."""
    best: Header | None = None
    for row, cells in grid.by_row.items():
        if row > MAX_HEADER_ROW:
            break
        header = _match(grid, row, cells, key, answers, given)
        if header is not None and (best is None or len(header.columns) > len(best.columns)):
            best = header
    return best


def _match(
    grid: Grid, row: int, cells: Mapping[int, RawCell], key: str, answers: Sequence[str], given: Sequence[str]
) -> Header | None:
    texts = {
        column: trim(cell.value) for column, cell in cells.items() if isinstance(cell.value, str) and trim(cell.value)
    }
    names = [key, *(name for name in answers if name != key)]
    shown = [name for name in given if name != key]
    taken = _take(texts, [*names, *shown], _exact)
    if sum(name in taken for name in shown) * 2 < len(shown):
        # Not our template: « Panier moyen » is then the student's own wording of an answer column.
        taken = {name: column for name, column in taken.items() if name not in shown}
    found = dict(taken)
    for same in (fold, _reduced):
        left = {column: text for column, text in texts.items() if column not in found.values()}
        found |= _take(left, [name for name in names if name not in found], same, synonyms=same is _reduced)
    if key not in found or not any(name in found for name in answers if name != key):
        return None
    columns = {name: column for name, column in found.items() if name in names}
    known = {_reduced(name) for name in (*names, *shown)}
    others = [text for column, text in texts.items() if column not in found.values()]
    repeated = tuple(name for name in columns if any(_reduced(text) == _reduced(name) for text in others))
    unknown = tuple(text for text in others if _reduced(text) not in known)
    return Header(grid, row, columns, repeated, unknown)


def _take(
    texts: Mapping[int, str], names: Iterable[str], form: Callable[[str], str], *, synonyms: bool = False
) -> dict[str, int]:
    """For each of ``names``, the first column whose text has the same ``form`` (or that of a synonym)."""
    found: dict[str, int] = {}
    forms = {column: form(text) for column, text in texts.items()}
    for name in names:
        wanted = [form(name), *(form(word) for word in SYNONYMS.get(name, ()) if synonyms)]
        for word in wanted:
            column = next((c for c, text in forms.items() if text == word and text and c not in found.values()), None)
            if column is not None:
                found[name] = column
                break
    return found


def _exact(text: str) -> str:
    return " ".join(text.split())


def _reduced(text: str) -> str:
    return " ".join(word for word in fold(text).split() if word not in _SMALL_WORDS)
