"""What the name of a file tells: a notebook, a sidecar, noise, something else; and who it may come from."""

from __future__ import annotations

import re
from pathlib import PurePath, PurePosixPath

from autograder.intake.moodle_names import is_online_text, moodle_name

CHECKPOINTS = ".ipynb_checkpoints"
"""Where Jupyter keeps an older version of each notebook."""
_NOTEBOOK = re.compile(r"\.(?:ipynb(?:\.(?:txt|json))?|json)$", re.IGNORECASE)
_SIDECAR = re.compile(r"\.reponses\.json$", re.IGNORECASE)
# What a computer adds by itself, and the workbook's own files when a student hands in the whole folder.
_IGNORED_FOLDERS = re.compile(r"\..*|__MACOSX|__pycache__|datasets", re.IGNORECASE)
_IGNORED_NAMES = re.compile(r"[.~].*|thumbs\.db|desktop\.ini|(?:exercices|corrige)\.toml|activite\.py", re.IGNORECASE)
_COPY_MARKS = re.compile(
    r"[ _-]*(?:\(\d+\)|copie(?: de)?(?: \d+)?|copy\d*|\d\d_[a-z]+|a\d{1,2}-[qx]\d+[a-z]?\b|a-rendre\b|checkpoint\b)"
    r"[ _-]*",
    re.IGNORECASE,
)
"""What is no part of a person's name in that of a file: marks of copies, activities, questions."""

_LONGEST = 300
"""Characters looked at: no person has a longer name, and a ZIP may hold names of 65 000."""

_OTHER_FILES = {
    "pdf": ("PDF", "C’est un PDF : une impression du carnet ne peut pas être notée."),
    "excel": ("EXCEL", "Ce classeur n’est pas un modèle du cahier : rien n’y dit à quelle question il répond."),
    "csv": ("CSV", "C’est un tableau CSV : rien n’y dit à quelle question il répond."),
    "image": ("IMAGE", "C’est une image : une capture d’écran ne peut pas être notée."),
    "texte": ("TEXTE", "C’est un texte, pas un carnet."),
    "page": ("PAGE-WEB", "C’est une page web, pas un carnet."),
    "en ligne": (
        "TEXTE-EN-LIGNE",
        "L’élève a écrit dans la zone de texte de Moodle : ce texte ne se note pas ici, lisez-le dans Moodle.",
    ),
    "archive": ("ARCHIVE-INCONNUE", "Cette sorte d’archive ne s’ouvre pas ici (seul le ZIP s’ouvre)."),
    "code": ("PROGRAMME", "C’est un programme, pas un carnet."),
    "donnees": ("DONNEES", "C’est un fichier de données, pas un carnet."),
    "": ("AUTRE-FICHIER", "Ce fichier n’est pas un carnet."),
}
_FAMILIES = {
    "pdf": ("pdf",),
    "excel": ("xlsx", "xls", "xlsm", "xlsb", "ods", "numbers"),
    "csv": ("csv", "tsv"),
    "image": ("png", "jpg", "jpeg", "gif", "heic", "webp", "bmp", "svg"),
    "texte": ("docx", "doc", "odt", "rtf", "txt", "md", "pages"),
    "page": ("html", "htm", "mhtml", "url", "webloc"),
    "archive": ("rar", "7z", "gz", "tgz", "tar", "xz", "bz2"),
    "code": ("py", "r", "js", "exe", "bat", "sh"),
    "donnees": ("xml", "toml", "sqlite", "db"),
}
_FAMILY = {extension: family for family, extensions in _FAMILIES.items() for extension in extensions}


def is_archive(path: PurePath) -> bool:
    return path.suffix.lower() == ".zip"


def is_sidecar(path: PurePosixPath) -> bool:
    """Answers saved beside a notebook, where the JupyterLab plugin is absent."""
    return bool(_SIDECAR.search(path.name))


def is_notebook(path: PurePosixPath) -> bool:
    """A notebook, even renamed by a browser or an editor (``.ipynb.txt``, ``.json``)."""
    return bool(_NOTEBOOK.search(path.name)) and not is_sidecar(path)


def is_workbook(path: PurePosixPath) -> bool:
    """A spreadsheet file: perhaps the template of a question, filled."""
    return _family(path) == "excel"


def is_noise(path: PurePosixPath) -> bool:
    """Not worth a word: what systems leave behind, the workbook's own question and data files."""
    found = moodle_name(path.name)
    own = found.rest if found is not None and found.rest else path.name
    return bool(_IGNORED_NAMES.fullmatch(own)) or any(is_noise_folder(part) for part in path.parts[:-1])


def is_noise_folder(name: str) -> bool:
    return bool(_IGNORED_FOLDERS.fullmatch(name))


def is_checkpoint(path: PurePosixPath) -> bool:
    """An older version of a notebook, kept by Jupyter in a folder of its own."""
    return CHECKPOINTS in path.parts[:-1] and is_notebook(path)


def rank(path: PurePosixPath) -> int:
    """The order in a student's folder: what completes a notebook, notebooks, the rest, and last the archives."""
    if is_sidecar(path) or is_workbook(path):
        return 0
    return 1 if is_notebook(path) else 3 if is_archive(path) else 2


def not_a_copy(path: PurePosixPath, *, beside: bool) -> tuple[str, str]:
    """Code and sentence for a file that is no copy; ``beside``: a notebook was handed in with it."""
    code, what = _OTHER_FILES["en ligne" if is_online_text(path) else _family(path)]
    rest = "Le carnet remis à côté, lui, est noté." if beside else "Demandez à l’élève le fichier .ipynb."
    return code, f"{what} {rest}"


def _family(path: PurePosixPath) -> str:
    return _FAMILY.get(path.suffix.lower().lstrip("."), "")


def student_name(path: PurePosixPath) -> str:
    """The name that a file, else its folders, seem to bear, or nothing: ``06_scorer_dupont (1).ipynb`` → dupont."""
    for candidate in (bare_name(path.name), *reversed(path.parts[:-1])):
        name = _COPY_MARKS.sub(" ", candidate[:_LONGEST]).replace("_", " ").strip(" -.")
        if sum(letter.isalpha() for letter in name) >= 2:
            return name
    return ""


def bare_name(name: str) -> str:
    """A file name without any of its extensions."""
    name = name[:_LONGEST]
    while (shorter := PurePosixPath(name).stem) != name:
        name = shorter
    return name
