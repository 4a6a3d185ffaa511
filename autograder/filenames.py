"""What the name of a file tells: a notebook, a sidecar, noise, something else; and who it may come from."""

from __future__ import annotations

import re
from pathlib import PurePath, PurePosixPath

MOODLE = re.compile(r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(?P<type>file|onlinetext)_?(?P<rest>.*)")
"""Moodle's names: ``{Full name}_{id}_assignsubmission_file``, as a folder (a trailing ``_`` before 4.1) or in front of
the file's own name when the archive is flat. Source: Moodle's ``mod/assign/feedback/file/importziplib.php``."""
_NOTEBOOK = re.compile(r"\.(?:ipynb(?:\.(?:txt|json))?|json)$", re.IGNORECASE)
_SIDECAR = re.compile(r"\.reponses\.json$", re.IGNORECASE)
# What a computer adds by itself, and the workbook's own files when a student hands in the whole folder.
_IGNORED_FOLDERS = re.compile(r"\..*|__MACOSX|__pycache__|datasets", re.IGNORECASE)
_IGNORED_NAMES = re.compile(r"[.~].*|thumbs\.db|desktop\.ini|(?:exercices|corrige)\.toml|activite\.py", re.IGNORECASE)
_COPY_MARKS = re.compile(r"[ _-]*(?:\(\d+\)|copie(?: de)?(?: \d+)?|copy\d*|\d\d_[a-z]+)[ _-]*", re.IGNORECASE)

_OTHER_FILES = {
    "pdf": ("PDF", "C’est un PDF : une impression du carnet ne peut pas être notée."),
    "excel": ("EXCEL", "C’est un classeur Excel : il s’importe dans la carte de la question, il ne se remet pas seul."),
    "image": ("IMAGE", "C’est une image : une capture d’écran ne peut pas être notée."),
    "texte": ("TEXTE", "C’est un texte, pas un carnet."),
    "page": ("PAGE-WEB", "C’est une page web ou un texte en ligne, pas un carnet."),
    "archive": ("ARCHIVE-INCONNUE", "Cette sorte d’archive ne s’ouvre pas ici (seul le ZIP s’ouvre)."),
    "code": ("PROGRAMME", "C’est un programme, pas un carnet."),
    "donnees": ("DONNEES", "C’est un fichier de données, pas un carnet."),
    "": ("AUTRE-FICHIER", "Ce fichier n’est pas un carnet."),
}
_FAMILIES = {
    "pdf": ("pdf",),
    "excel": ("xlsx", "xls", "xlsm", "ods"),
    "image": ("png", "jpg", "jpeg", "gif", "heic", "webp", "bmp", "svg"),
    "texte": ("docx", "doc", "odt", "rtf", "txt", "md", "pages"),
    "page": ("html", "htm", "mhtml", "url", "webloc"),
    "archive": ("rar", "7z", "gz", "tgz", "tar", "xz", "bz2"),
    "code": ("py", "r", "js", "exe", "bat", "sh"),
    "donnees": ("csv", "tsv", "xml", "toml", "sqlite", "db"),
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


def is_noise(path: PurePosixPath) -> bool:
    """Not worth a word: what systems leave behind, the workbook's own question and data files."""
    found = MOODLE.fullmatch(path.name)
    own = found["rest"] if found and found["rest"] else path.name
    return bool(_IGNORED_NAMES.fullmatch(own)) or any(is_noise_folder(part) for part in path.parts[:-1])


def is_noise_folder(name: str) -> bool:
    return bool(_IGNORED_FOLDERS.fullmatch(name))


def rank(path: PurePosixPath) -> int:
    """The order in a student's folder: sidecars, notebooks, the rest, and last the archives (folders of their own)."""
    return 0 if is_sidecar(path) else 1 if is_notebook(path) else 3 if is_archive(path) else 2


def not_a_copy(path: PurePosixPath, *, beside: bool) -> tuple[str, str]:
    """Code and sentence for a file that is no notebook; ``beside``: a notebook was handed in with it."""
    code, what = _OTHER_FILES[_FAMILY.get(path.suffix.lower().lstrip("."), "")]
    rest = "Le carnet remis à côté, lui, est noté." if beside else "Demandez à l’élève le fichier .ipynb."
    return code, f"{what} {rest}"


def student_name(path: PurePosixPath) -> str:
    """The name that a file, else its folders, seem to bear, or nothing: ``06_scorer_dupont (1).ipynb`` → dupont."""
    for candidate in (bare_name(path.name), *reversed(path.parts[:-1])):
        name = _COPY_MARKS.sub(" ", candidate).replace("_", " ").strip(" -.")
        if sum(letter.isalpha() for letter in name) >= 2:
            return name
    return ""


def bare_name(name: str) -> str:
    """A file name without any of its extensions."""
    while (shorter := PurePosixPath(name).stem) != name:
        name = shorter
    return name
