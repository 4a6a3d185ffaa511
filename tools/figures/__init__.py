"""The figures of the narrative, drawn when the workbook is built: ``crc-lab construire`` calls :func:`build`.

To add one: a function without argument that draws and returns :func:`~tools.figures.style.drawn`, and its line in
``FIGURES``. A figure is drawn again when what draws it or the data it reads change (their digest is kept with the
texts), not at each build: the bytes of an image may change with the version of the library that draws it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import tomli_w

from crc_lab.marielle.figures import PICTURES, TEXTS, Picture, described
from tools.figures import charts, drawings, revision

FIGURES: dict[str, Callable[[], Picture]] = {
    "01-stades": drawings.three_stages,
    "01-place": drawings.place,
    "01-canaux": drawings.channels,
    "03-adresse": drawings.one_cell_seven_columns,
    "04-valeurs-manquantes": charts.missing_values,
    "05-segmenter-scorer": drawings.split_or_rank,
    "05-tri-filtre": drawings.sort_or_filter,
    "06-dates": charts.purchase_dates,
    "06-grille": charts.grid,
    "06-notes": charts.marks,
    "06-scores": charts.scores,
    **revision.FIGURES,
}
FOLDER = PICTURES.relative_to(PICTURES.parents[2])
"""Where the images are, in a checkout."""
AFTER = {"06-notes": ("06_scorer", "A6-Q1"), "06-scores": ("06_scorer", "A6-Q1"), **revision.RESULTS}
"""The figures that show answers: their activity, whose assessment does not show them, and the question before them."""


def build(root: Path) -> dict[Path, bytes]:
    """The files of the figures, by their path under ``root``: the texts, and each image that has to be drawn again."""
    if not (root / FOLDER).is_dir():
        return {}
    now = digest(root)
    known = described() if TEXTS.is_file() else {}
    texts, made = {}, {}
    for name, draw in FIGURES.items():
        old = known.get(name, {})
        if old.get("digest") == now and (root / FOLDER / f"{name}.svg").is_file():
            texts[name] = old
            continue
        one = draw()
        after = dict(zip(("after", "question"), AFTER[name], strict=True)) if name in AFTER else {}
        texts[name] = {"alt": one.alt, "caption": one.caption, "width": one.width, **after, "digest": now}
        made[FOLDER / f"{name}.svg"] = one.image
    return {**made, FOLDER / TEXTS.name: tomli_w.dumps(texts).encode()}


def digest(root: Path) -> str:
    """What the figures are made of: the drawings and the data that they read."""
    found = hashlib.sha256()
    read = [
        *sorted(Path(__file__).parent.glob("[a-z]*.py")),
        *(root / "datasets" / name for name in (*charts.READ, *revision.READ)),
    ]
    for path in read:
        found.update(path.read_bytes())
    return found.hexdigest()[:16]
