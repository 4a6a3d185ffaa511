"""The first page of a site, in plain HTML: the map, « Reprendre ma copie », what is kept where."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import NamedTuple

from autograder.site.ahead import heavy
from autograder.site.host import hashed
from autograder.site.lite import MARKING, PYODIDE_FOLDER
from autograder.site.wheel import Subject
from crc_lab.core.bank import EXERCISES
from crc_lab.core.resources import activity_ids, workbook_root
from crc_lab.core.rooms import roads
from crc_lab.core.text import french

_FIRST = Path(__file__).with_name("first")
WELCOME = "00_accueil"
TITLE = "Cahier de relation client, BTS NDRC"
_TRAINING = {
    "intro": "Des cartes à remplir, corrigées tout de suite, dans ce navigateur : rien à installer, aucun compte.",
    "enter": "Ouvrir le cahier",
    "keys": "Ce site est celui de l’entraînement : il contient les corrigés, que chaque carte montre après un essai. "
    "Une évaluation se fait avec un autre site, qui n’en contient aucun.",
}
_ASSESSMENT = {
    "intro": "Une évaluation, dans ce navigateur : rien à installer, aucun compte.",
    "enter": "Ouvrir le sujet",
    "keys": "Ce site ne contient aucun corrigé : les cartes disent si une réponse est bien remplie, et les points "
    "viennent à la correction. L’heure affichée est celle de cet ordinateur ; la limite est celle du devoir Moodle.",
}


_PROGRAMS = frozenset({"css", "js", "site", "parts"})


class Place(NamedTuple):
    """An activity of the site: where its notebook is, and its title (« Activité 6 · Scorer la base… »)."""

    path: str
    title: str


def training_page(storage: str, deposit: str = "") -> str:
    """The page of the training site. ``storage``: see :func:`autograder.site.lite.build`; ``deposit``: an address."""
    root, places = workbook_root(), {}
    for name in activity_ids():
        if (root / "notebooks" / name / f"{name}.ipynb").is_file():
            places[name] = _place(name, (root / "notebooks" / name / EXERCISES).read_text("utf-8"))
    return _page(TITLE, _TRAINING, storage, "", places, deposit, _map(places))


def subject_page(subject: Subject, storage: str, deposit: str = "") -> str:
    """The page of an assessment site: one activity, no map."""
    text = subject.files[EXERCISES].decode("utf-8")
    place = _place(subject.activity, text)
    name = str(tomllib.loads(text).get("sujet", ""))
    return _page(f"Évaluation : {place.title}", _ASSESSMENT, storage, name, {subject.activity: place}, deposit, "")


def write_marking(site: Path, python: str) -> None:
    """Write the page « Corriger » and its worker; ``python``: see :func:`autograder.site.host.fit_any_host`.

    It has the keys of the workbook: it is never in the site of an assessment.
    """
    worker = (_FIRST / "marking-worker.js").read_text("utf-8")
    worker = worker.replace("__PYTHON__", f"./{PYODIDE_FOLDER}/{python}").replace("__PACKAGES__", json.dumps(MARKING))
    (site / "corriger-travail.js").write_text(worker, encoding="utf-8")
    name = hashed(site, "corriger-travail.js")
    texts = {
        "title": "Corriger une classe",
        "parts": json.dumps({"worker": name}),
        "js": (_FIRST / "marking.js").read_text("utf-8"),
    }
    (site / "corriger.html").write_text(_filled("marking.html", texts), encoding="utf-8")


def fetching_early(page: str, site: Path) -> str:
    """The same first page, which has the browser fetch Python while one reads it."""
    links = (f'<link rel="prefetch" href="{PYODIDE_FOLDER}/{name}">\n' for name in heavy(site / PYODIDE_FOLDER))
    return page.replace("</head>", f"{''.join(links)}</head>", 1)


def _filled(template: str, texts: Mapping[str, str]) -> str:
    """The page, below the head of all, with these texts in it, and the no-break spaces that French wants; programs are
    left as they are."""
    page = french("".join((_FIRST / name).read_text("utf-8") for name in ("head.html", template)))
    for name, text in {"css": (_FIRST / "page.css").read_text("utf-8"), **texts}.items():
        page = page.replace(f"{{{{ {name} }}}}", text if name in _PROGRAMS else french(text))
    return page


def _place(name: str, exercises: str) -> Place:
    told = tomllib.loads(exercises)
    number, title = told.get("numero", 0), str(told.get("titre", name))
    return Place(f"{name}/{name}.ipynb", f"Activité {number} · {title}" if number else title)


def _page(
    title: str,
    texts: Mapping[str, str],
    storage: str,
    subject: str,
    places: Mapping[str, Place],
    deposit: str,
    map_: str,
) -> str:
    where = (
        f'déposez-la <a href="{escape(deposit, quote=True)}">dans le devoir de votre professeur</a>.'
        if deposit
        else "déposez-la dans le devoir Moodle, ou là où votre professeur l’attend."
    )
    first = WELCOME if WELCOME in places else next(iter(places))
    site = {
        "storage": storage,
        "subject": subject,
        "activities": {name: place._asdict() for name, place in places.items()},
    }
    parts = {
        "title": escape(title),
        "intro": texts["intro"],
        "enter": texts["enter"],
        "keys": texts["keys"],
        "welcome": places[first].path,
        "handing": f"Pour rendre : <b>Télécharger ma copie</b>, dans la dernière carte de l’activité, puis {where}",
        "map": map_,
        "teachers": ""
        if subject
        else '<p>Enseignants : <a href="corriger.html">corriger une classe dans ce navigateur</a>.</p>',
        "site": json.dumps(site, ensure_ascii=False).replace("<", "\\u003c"),
        "js": (_FIRST / "page.js").read_text("utf-8"),
    }
    return _filled("page.html", parts)


def _map(places: Mapping[str, Place]) -> str:
    """The activities as the workbook's map orders them, both halves; those that it does not name come last."""
    drawn = [(road.title, [stage.activity for stage in road.stages]) for road in roads()]
    named = {WELCOME, *(name for _, names in drawn for name in names)}
    if left := [name for name in places if name not in named]:
        drawn.append(("Et aussi", left))
    lists = (
        f'<h3>{escape(title)}</h3>\n<ul class="carte">\n'
        f"{''.join(_line(name, places[name]) for name in names if name in places)}</ul>\n"
        for title, names in drawn
    )
    return f'<section aria-labelledby="carte">\n<h2 id="carte">Les activités</h2>\n{"".join(lists)}</section>\n'


def _line(name: str, place: Place) -> str:
    link = f'<a href="lab/index.html?path={place.path}">{escape(place.title)}</a>'
    return f'<li>{link} <span class="etat" data-etat="{name}"></span></li>\n'
