"""Makers of what the cases hand in: the same bytes each time from the same workbook; nothing large is committed.

``[copie]`` of ``cas.toml`` names one (``fabrique``) and gives its settings.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from tests.adversarial.damage import damage
from tests.adversarial.hostile_excel import WORKBOOKS
from tests.adversarial.hostile_json import DOCUMENTS
from tests.adversarial.hostile_zip import ARCHIVES
from tests.sample_copies import A6, archive, given_notebook, key_answers, moodle, sheet

type_of_files = dict[str, bytes]
MAKERS: dict[str, Callable[..., type_of_files]] = {}
ID = "A6-Q1"
COLUMNS = ("id_contact", "R", "F", "M", "score", "segment")
_NONSENSE = [[str(number), "7", "7", "7", "99", "Clients en or"] for number in range(1, 6)]


def _maker(function: Callable[..., type_of_files]) -> Callable[..., type_of_files]:
    MAKERS[function.__name__.removeprefix("make_")] = function
    return function


def wrong_answers() -> dict[str, Any]:
    """An answer to activity 6 that is worth nothing at all."""
    return {
        ID: {"colonnes": ["id_contact", "R", "F", "M", "score", "segment"], "lignes": [list(row) for row in _NONSENSE]}
    }


def answers_of(which: str, activity: str = A6) -> dict[str, Any]:
    return {"juste": lambda: key_answers(activity), "faux": wrong_answers, "vide": dict}[which]()


def notebook_of(meta: Mapping[str, Any], activity: str = A6) -> dict[str, Any]:
    """The notebook as given in an activity, with that answer sheet."""
    document: dict[str, Any] = json.loads(given_notebook(activity))
    document["metadata"]["crc_lab"] = dict(meta)
    return document


def _dumps(document: Any) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "surrogatepass")


@_maker
def make_carnet(
    *,
    reponses: str = "juste",
    operation: str = "",
    activite: str = A6,
    fichier: str = "",
    feuille: str = "",
    colonnes: Mapping[str, str] | None = None,
    nom: str = "Inès Garnier",
    identifiant: str = "igarnier",
    date: str = "2026-11-20T10:00:00+01:00",
    moodle_id: int = 0,
) -> type_of_files:
    """One notebook. ``feuille``: JSON merged into its sheet (null removes a key); ``colonnes``: the same text in every
    row of these columns of its RFM table; ``operation``: what happens to it."""
    answers = answers_of(reponses, activite)
    if colonnes:
        names = answers[ID]["colonnes"]
        answers[ID] = {
            "colonnes": names,
            "lignes": [
                [colonnes.get(name, text) for name, text in zip(names, row, strict=True)]
                for row in answers[ID]["lignes"]
            ],
        }
    meta = sheet(activite, answers, nom, identifiant, date)
    _merge(meta, json.loads(feuille) if feuille else {})
    name = fichier or f"{activite}.ipynb"
    if moodle_id:
        name = moodle(nom, moodle_id, name)
    return {name: damage(notebook_of(meta, activite), operation)}


def _merge(target: dict[str, Any], changes: Mapping[str, Any]) -> None:
    for name, item in changes.items():
        if item is None:
            target.pop(name, None)
        elif isinstance(item, dict) and isinstance(target.get(name), dict):
            _merge(target[name], item)
        else:
            target[name] = item


@_maker
def make_carnets(*, copies: list[dict[str, Any]]) -> type_of_files:
    """Several of them."""
    found: type_of_files = {}
    for one in copies:
        found |= make_carnet(**one)
    return found


# --- values -----------------------------------------------------------------------------------------------------------


def _letters(length: int) -> str:
    return "a" * length


def _value(which: str) -> Any:
    """A pathological answer to a table or to a list of texts."""
    columns = list(COLUMNS)
    if which == "texte":
        return _letters(10_000_000)
    if which == "profond":
        found: Any = "x"
        for _ in range(800):
            found = [found]
        return found
    if which == "lignes":
        return {"colonnes": columns, "lignes": [[str(number), *"10203"] for number in range(100_000)]}
    if which == "colonnes":
        return {"colonnes": [f"c{number}" for number in range(200_000)], "lignes": []}
    if which == "cases":
        return {"colonnes": columns, "lignes": [["1", *(["1" * 200_000] * 5)]] * 8}
    if which == "objets":
        keys = ("__class__", "__init__", "__globals__", "__proto__", "constructor", "__reduce__", "py/object")
        return {key: {"__class__": {"__init__": "os.system"}, "py/reduce": ["os.system", "id"]} for key in keys}
    if which == "accents":
        return ["a" + "\u0301" * 40_000, "\ufdfa" * 40_000]
    return {"liste": [], "nombre": 12, "booleen": True, "objet": {}, "vide": "", "listes": [[[]]], "nul": None}[which]


@_maker
def make_valeur(*, valeur: str, activite: str = A6, question: str = ID) -> type_of_files:
    """A notebook whose answer to one question is pathological; its other answers are right."""
    answers = {**key_answers(activite), question: _value(valeur)}
    return {f"{activite}.ipynb": _dumps(notebook_of(sheet(activite, answers), activite))}


@_maker
def make_motifs(*, texte: str, fois: int) -> type_of_files:
    """A list of texts made to slow a regular expression down, in the question of activity 3 that has patterns."""
    answers = {**key_answers("03_structurer"), "A3-Q1": [texte * (40_000 // len(texte)) + str(n) for n in range(fois)]}
    return {"03_structurer.ipynb": _dumps(notebook_of(sheet("03_structurer", answers), "03_structurer"))}


# --- files and archives -----------------------------------------------------------------------------------------------


@_maker
def make_json(*, quoi: str) -> type_of_files:
    """A notebook written by hand, where JSON itself is the weapon."""
    return {f"{A6}.ipynb": b"".join(DOCUMENTS[quoi](sheet()))}


@_maker
def make_zip(*, quoi: str) -> type_of_files:
    """A Moodle archive: an honest copy, and a student whose file is hostile."""
    honest = _dumps(notebook_of(sheet()))
    name, content = ARCHIVES[quoi](honest)
    return {"devoir.zip": archive({moodle("Inès Garnier", 1): honest, moodle("Zoé Piège", 9, name): content})}


@_maker
def make_excel(*, quoi: str) -> type_of_files:
    """The workbook alone, without the notebook."""
    name, content = WORKBOOKS[quoi]
    return {f"garnier/{name}": content()}


# --- sheets forged or damaged by hand --------------------------------------------------------------------------------


def _one(meta: dict[str, Any], activity: str = A6) -> type_of_files:
    return {f"{activity}.ipynb": _dumps(notebook_of(meta, activity))}


@_maker
def make_apprises() -> type_of_files:
    """Two right rows, as learnt from a test that names them, and nothing else."""
    rows = [row for row in key_answers(A6)[ID]["lignes"] if row[0] in ("5", "9")]
    return _one(sheet(answers={ID: {"colonnes": list(COLUMNS), "lignes": rows}}))


@_maker
def make_sans_feuille() -> type_of_files:
    return {f"{A6}.ipynb": given_notebook(A6).replace('"crc_lab"', '"autre"').encode()}


@_maker
def make_secours() -> type_of_files:
    """A notebook without any answer, and the sidecar that holds them."""
    return {
        f"garnier/{A6}.ipynb": _one(sheet(answers={}))[f"{A6}.ipynb"],
        f"garnier/{A6}.reponses.json": _dumps(sheet()),
    }


@_maker
def make_ecritures() -> type_of_files:
    """The right table, written in other ways that are just as right."""
    answer = key_answers(A6)[ID]
    rows = []
    for number, *notes, total, segment in answer["lignes"]:
        written = [f"\u00a0{note},0 " if note else "" for note in notes]
        plain = segment.upper().replace("È", "E")
        rows.append([f"fiche n° {number}", *written, f"{total} points" if total else "", plain])
    columns = ["Fiche", "Récence", "FRÉQUENCE", "m", "Total", "Segment client"]
    return _one(sheet(answers={ID: {"colonnes": columns, "lignes": rows[::-1]}}))


@_maker
def make_indices() -> type_of_files:
    """Two assessment copies with the same right answer: one asked for the hint that costs, the other hides it."""
    found: type_of_files = {}
    for name, hints in (("Inès Garnier", 2), ("Zoé Petit", 0)):
        meta = sheet(name=name, identifier=name.split()[1].lower(), edition="evaluation")
        meta["reponses"][ID]["indices"] = hints
        found[moodle(name, 31 + hints)] = _dumps(notebook_of(meta))
    return found


@_maker
def make_autre_variante() -> type_of_files:
    """Answers that would be right for another file (each note is that of the next customer): said so, then hidden."""
    answer = key_answers(A6)[ID]
    rows = answer["lignes"]
    shifted = [[row[0], *after[1:]] for row, after in zip(rows, [*rows[1:], rows[0]], strict=True)]
    meta = sheet(answers={ID: {**answer, "lignes": shifted}})
    hidden = sheet(answers={ID: {**answer, "lignes": shifted}}, name="Zoé Petit", identifier="zpetit")
    return {f"dite/{A6}.ipynb": _one(meta | {"variante": "B"})[f"{A6}.ipynb"]} | {
        f"cachee/{A6}.ipynb": _one(hidden)[f"{A6}.ipynb"]
    }


_NO_TABLES = ({"colonnes": 1}, {"colonnes": [], "lignes": [1]})
_WRONG_TYPES = (None, True, 12, 1.5, "texte", [], {}, [[]], [{}], [1, 2], *_NO_TABLES)


@_maker
def make_mauvais_types() -> type_of_files:
    """Every question of the three activities, with every wrong type in turn."""
    found: type_of_files = {}
    for activity in ("03_structurer", "04_qualifier", A6):
        for number, value in enumerate(_WRONG_TYPES):
            who = f"Élève {activity[:2]}-{number:02}"
            meta = sheet(activity, dict.fromkeys(key_answers(activity), value), who, f"e{activity[:2]}{number}")
            found[f"{who}/{activity}.ipynb"] = _dumps(notebook_of(meta, activity))
    return found


@_maker
def make_inconnues(*, nombre: int) -> type_of_files:
    answers = {f"A9-Q{number}": "x" for number in range(nombre)}
    return _one(sheet(answers={**answers, **key_answers(A6)}))


# --- text that means something to somebody else ----------------------------------------------------------------------

CANARY = "CANARI"
"""A word of each injected text, looked for in what is produced."""
INJECTIONS = {
    "html": (
        f"<script>document.title='{CANARY}'</script>",
        f"\"><img src=x onerror=alert('{CANARY}')>",
        f"</title></style><svg onload={CANARY}()>",
        f"[{CANARY}](javascript:alert(1))",
        f"<a href='javascript:{CANARY}'>a</a>",
    ),
    "formule": (
        f"=HYPERLINK(\"http://example.org/{CANARY}\")",
        f"+{CANARY}+cmd|' /C calc'!A0",
        f"-2+3+{CANARY}",
        f"@SUM({CANARY})",
        f"\t=1+1;{CANARY}",
    ),
    "csv": (f'{CANARY}";"20";"', f"{CANARY},20,20", f"{CANARY}\n20;20", f"{CANARY}\r\n=1+1", f"'{CANARY}'' ;\u2028"),
    "gabarit": (
        f"{{{{ {CANARY} * 7 }}}}",
        f"{{% include '/etc/passwd' %}}{CANARY}",
        f"{CANARY}{{0.__class__.__init__.__globals__}}",
        f"%s%n{CANARY}",
        f"${{{CANARY}}}",
    ),
    "controle": (
        f"{CANARY}\x00\x01\x1b[31m",
        f"\u202e{CANARY}\u202c\u2066",
        f"{CANARY}\ud800",
        f"{CANARY}\ufffe\uffff\u0085",
        f"{CANARY}\u200b\ufeff",
    ),
}  # fmt: skip


@_maker
def make_injection(*, quoi: str) -> type_of_files:
    """The five texts of one sort, everywhere a student writes: name, identifier, file, answers, keys, dates."""
    found: type_of_files = {}
    for number, text in enumerate(INJECTIONS[quoi]):
        answers: dict[str, Any] = {ID: {"colonnes": [*COLUMNS, text], "lignes": [[text] * 7, ["1", *[text] * 6]]}}
        found |= _injected(f"{number}-6", A6, answers, text)
        table = {"colonnes": ["id_contact", "nom", text], "lignes": [["1", text, text]]}
        answers = {"A3-Q1": [text, text], "A3-Q2": table}
        found |= _injected(f"{number}-3", "03_structurer", answers, text)
        fields = {"taux": text, "conforme": text, text: text}
        answers = {"A4-Q1": [[text, text], ["2", text]], "A4-Q2": [[text, "2"], ["1", text]], "A4-Q3": fields}
        answers |= {"A4-Q4": {"o1": text, text: "nettoyer"}}
        found |= _injected(f"{number}-4", "04_qualifier", answers, text)
        found |= _injected(f"{number}-v", "04_qualifier", answers, text, variante=text)
        found |= _injected(f"{number}-a", A6, {}, text, activite=text)
    return found


def _injected(place: str, activity: str, answers: dict[str, Any], text: str, **more: Any) -> type_of_files:
    meta = sheet(activity, answers, f"{text} {place}", f"{place}{text}", text, edition=text) | more
    meta["reponses"][text] = {"valeur": text, "source": text, "essais": text, "indices": text}
    meta["reponses"][f"abimee{text}"] = text
    name = "".join(letter for letter in text if letter.isprintable() and letter not in "/\x00") or "x"
    return {f"{place}/{name[:80]}.ipynb": _dumps(notebook_of(meta, activity))}
