"""What a file is, by its first bytes and else by its name; whose it is, by the place where it lay.

The place is Moodle's folder or nbgrader's tree, else the names of files and folders. The outermost place that knows its
student wins: what a student puts in a folder or an archive of their own (somebody else's folder included) says nothing
more.

Moodle's « Télécharger tous les travaux remis » writes ``{Full name}_{id}_assignsubmission_{type}``, as a folder (a
trailing ``_`` before Moodle 4.1) or in front of the file's own name when the archive is flat. Blind marking writes
« Participant » for the name; team work the group's name and id, or « Default group » without any id. Sources:
``mod/assign/classes/downloader.php`` and ``mod/assign/feedback/file/importziplib.php``.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import PurePath, PurePosixPath

from autograder.intake.content import Form
from autograder.intake.handed import Guess, phrase
from crc_lab.core.text import clean_line

NOBODY = Guess()
SUBMITTED = "submitted"
"""nbgrader's folder: ``submitted/<student>/<assignment>/<files>``."""
GATHERED = ".ramassage.json"
"""What « ramasser » leaves in the folder that it fills: ``<account of the server>/<activity>/<files>``."""
_COURSE_FILES = frozenset({"nbgrader_config.py", "gradebook.db", "nbgrader.log", ".nbgrader.log"})
_OF_COURSE = frozenset({"source", "release", "autograded", "feedback", "decisions.csv", *_COURSE_FILES})
_LEFT_BY_NBGRADER = frozenset({"timestamp.txt", "submission_secret.txt"})
_ONLINE_FILES = frozenset({"onlinetext.html", "texteenligne.html"})
_UNSEEN = re.compile(r"<\s*(head|style|script|title)\b.*?(?:<\s*/\1\b|\Z)", re.IGNORECASE | re.DOTALL)
_EMBEDDED = re.compile(r"<\s*(?:img|video|audio|object|iframe|a)\b", re.IGNORECASE)
_TAGS = re.compile(r"<[^<>]*>?")
_LONGEST_PAGE = 2_000_000
_NAME = re.compile(r"(?P<name>.+?)(?:_(?P<id>\d+))?_assignsubmission_(?P<type>[a-z]+)(?:_(?P<rest>.*))?", re.DOTALL)
CHECKPOINTS = ".ipynb_checkpoints"
"""Where Jupyter keeps an older version of each notebook."""
_NOTEBOOK = re.compile(r"\.(?:ipynb\b.*|json)$", re.IGNORECASE)
_SIDECAR = re.compile(r"\.reponses\.json$", re.IGNORECASE)
# What a computer adds by itself, and the workbook's own files when a student hands in the whole folder.
_IGNORED_FOLDERS = re.compile(
    r"\..*|__MACOSX|__pycache__|datasets|node_modules|(?:site|dist)-packages|\$RECYCLE\.BIN|System Volume Information",
    re.IGNORECASE,
)
_ENVIRONMENT = ("pyvenv.cfg", "conda-meta/history")
"""What is at the root of a Python environment, whatever it is called."""
_PRODUCT = ("pyproject.toml", "crc_lab/__init__.py")
MARKS = (*_ENVIRONMENT, *_PRODUCT)
"""The files that tell a folder to set aside: looked for by :class:`Noise`."""
_OF_PRODUCT = frozenset({"tests", "crc_lab", "autograder", "docs", "tools", "benchmarks", "requirements", "dist"})
_AT_PRODUCTS_ROOT = re.compile(r"[^.]*|.*\.(?:md|toml|py|ya?ml|txt|lock|cfg)", re.IGNORECASE)
"""The product's own sources and tests, in a folder that holds it whole: nobody hands them in."""
_IGNORED_NAMES = re.compile(
    r"\._.*|~\$.*|\.~.*|\.(?!.*\.(?:ipynb|zip|xlsx|icloud|reponses\.json)$)(?!ipynb$).*|thumbs\.db|ehthumbs\.db|"
    r"desktop\.ini|icon\r|(?:exercices|corrige|recopie)\.toml|activite\.py|exemples\.csv|(?:lecture|preuves)\.json",
    re.IGNORECASE,
)
_COPY_MARKS = re.compile(
    r"[ _-]*(?:\(\d+\)|copie(?: de)?(?: \d+)?|copy\d*|\d\d_[a-z]+|a\d{1,2}-[qx]\d+[a-z]?\b|a-rendre\b|checkpoint\b)"
    r"[ _-]*",
    re.IGNORECASE,
)
"""What is no part of a person's name in that of a file: marks of copies, activities, questions."""

_LONGEST = 300
"""Characters looked at: no person has a longer name, and a ZIP may hold names of 65 000."""

_OTHER_FILES = {
    "PDF": "pdf",
    "EXCEL": "xlsx xls xlsm xlsb ods numbers",
    "CSV": "csv tsv",
    "IMAGE": "png jpg jpeg gif heic webp bmp svg",
    "TEXTE": "docx doc odt rtf txt md pages",
    "PAGE-WEB": "html htm mhtml",
    "RACCOURCI": "url webloc lnk gdoc gsheet gslides desktop icloud cloud paper",
    "ARCHIVE-INCONNUE": "rar 7z gz tgz tar xz bz2",
    "PROGRAMME": "py r js exe bat sh",
    "DONNEES": "xml toml sqlite db",
}
_CODES = {f".{suffix}": code for code, suffixes in _OTHER_FILES.items() for suffix in suffixes.split()}
"""What a file that is no copy is called, by its extension."""
_NAMED_WELL = {
    Form.PDF: "PDF", Form.IMAGE: "IMAGE", Form.PAGE: "PAGE-WEB", Form.DOCUMENT: "TEXTE",
    Form.RAR: "ARCHIVE-INCONNUE", Form.SEVEN: "ARCHIVE-INCONNUE", Form.PACKED: "ARCHIVE-INCONNUE",
}  # fmt: skip
"""The code of a file whose name says what it is."""
_COPIES = {Form.JSON: "NOTEBOOK", Form.SHEET: "SIDECAR", Form.ZIP: "ARCHIVE", Form.WORKBOOK: "WORKBOOK"}


class Kind(Enum):
    """What a file is; the order is that in which the files of a student's folder are read."""

    SIDECAR = "answers saved beside a notebook, where the JupyterLab plugin is absent"
    WORKBOOK = "a spreadsheet: perhaps the template of a question, filled"
    NOTEBOOK = "a notebook, even renamed by a browser or an editor (.ipynb.txt, .docx)"
    ONLINE = "what a student typed in Moodle's own editor, and the pictures that go with it"
    OTHER = "no copy"
    ARCHIVE = "a ZIP"
    NOISE = "not worth a word: what systems leave behind, the workbook's own question and data files"


@dataclass(frozen=True, slots=True)
class MoodleName:
    """One part of a path made by Moodle: the name shown, its id (may be empty), the submission type.

    ``own`` is Moodle's folder name, or prefix in a flat archive, byte for byte; ``rest`` the file's own name after it
    (empty for a folder).
    """

    name: str
    id: str
    type: str
    own: str
    rest: str


def moodle_name(part: str) -> MoodleName | None:
    """What Moodle says in one part of a path; None when Moodle did not write it."""
    found = _NAME.fullmatch(part) if "_assignsubmission_" in part else None
    if found is None:
        return None
    name, number, kind, rest = found.groups("")
    return MoodleName(name.replace("_", " "), number, kind, part[: len(part) - len(rest)], rest)


def says_something(page: bytes) -> bool:
    """True when an online text holds a word, a link or a picture: Moodle also hands over the empty ones."""
    seen = _UNSEEN.sub("", page[:_LONGEST_PAGE].decode("utf-8", "replace"))
    return bool(_EMBEDDED.search(seen)) or any(letter.isalnum() for letter in html.unescape(_TAGS.sub("", seen)))


def kind(path: PurePosixPath, guess: Guess = NOBODY, form: Form = Form.UNKNOWN) -> Kind:
    """What a file of ``guess`` is: by its ``form`` where its bytes say it, else by its name.

    Noise wherever a computer made the folder, and what nbgrader writes.
    """
    found = moodle_name(path.name)
    own = found.rest if found is not None and found.rest else path.name
    left = bool(guess.identifier) and path.name in _LEFT_BY_NBGRADER
    if left or _IGNORED_NAMES.fullmatch(own) or any(map(is_noise_folder, path.parts[:-1])):
        return Kind.NOISE
    if path.name.lower() in _ONLINE_FILES or any(
        one and one.type == "onlinetext" for one in map(moodle_name, path.parts)
    ):
        return Kind.ONLINE
    spreadsheet = _code(path) == "EXCEL"
    if form in _COPIES:
        beside = form is Form.JSON and _SIDECAR.search(path.name)
        return Kind.SIDECAR if beside else Kind[_COPIES[form]]
    if form is not Form.UNKNOWN:  # a spreadsheet that is none has sentences of its own
        empty = form is Form.EMPTY and (_NOTEBOOK.search(path.name) or is_archive(path))
        return Kind.WORKBOOK if spreadsheet else Kind.NOTEBOOK if empty else Kind.OTHER
    if _NOTEBOOK.search(path.name):
        return Kind.SIDECAR if _SIDECAR.search(path.name) else Kind.NOTEBOOK
    if is_archive(path):
        return Kind.ARCHIVE
    return Kind.WORKBOOK if spreadsheet else Kind.OTHER


def is_archive(path: PurePath) -> bool:
    return path.suffix.lower() == ".zip"


def is_noise_folder(name: str) -> bool:
    return bool(_IGNORED_FOLDERS.fullmatch(name))


class Noise:
    """What nobody handed in, in a folder whose ``paths`` (with « / ») are all known: what computers write, Python
    environments of any name, the product's own sources and tests."""

    def __init__(self, paths: Iterable[str]) -> None:
        known = list(paths)
        self._environments = {path[: -len(mark)] for path in known for mark in _ENVIRONMENT if _ends(path, mark)}
        roots = ({path[: -len(mark)] for path in known if _ends(path, mark)} for mark in _PRODUCT)
        self._products = set.intersection(*roots) if known else set()

    def root(self, path: str) -> str | None:
        """The outermost folder (or the file itself) to set aside with this file; None for a file to look at."""
        above, parts = "", path.split("/")
        for part in parts[:-1]:
            if above in self._environments or (part != CHECKPOINTS and is_noise_folder(part)):
                return above or part
            if above in self._products and part.lower() in _OF_PRODUCT:
                return above + part
            above += f"{part}/"
        if above in self._environments:
            return above
        return path if above in self._products and _AT_PRODUCTS_ROOT.fullmatch(parts[-1]) else None


def _ends(path: str, mark: str) -> bool:
    return path == mark or path.endswith(f"/{mark}")


def is_checkpoint(path: PurePosixPath) -> bool:
    """An older version of a notebook, kept by Jupyter in a folder of its own."""
    return CHECKPOINTS in path.parts[:-1] and bool(_NOTEBOOK.search(path.name))


def not_a_copy(path: PurePosixPath, form: Form = Form.UNKNOWN, *, beside: bool) -> tuple[str, str]:
    """Code and sentence for a file that is no copy; ``beside``: a notebook was handed in with it."""
    rest, code = remedy(beside), _code(path)
    if kind(path) is Kind.ONLINE:
        return phrase("TEXTE-EN-LIGNE", rest=rest)
    if form is Form.UNKNOWN or form in _COPIES:
        return phrase(code, rest=rest)
    known, said = misnamed(form, rest)
    return code if _NAMED_WELL.get(form) == code else known, said


def misnamed(form: Form, rest: str) -> tuple[str, str]:
    """Code and sentence for what the bytes say to be no copy, whatever the name."""
    alone = {Form.SHORTCUT: "RACCOURCI", Form.EMPTY: "CARNET-VIDE"}
    return phrase(alone.get(form, f"PAS-UN-CARNET.{form.value}"), rest=rest)


def remedy(beside: bool, ask: str = "Demandez à l’élève le fichier .ipynb.") -> str:
    """What to do about a file that is not read: nothing when there is a notebook ``beside`` it, else to ``ask``."""
    return "Le carnet remis à côté, lui, est noté." if beside else ask


def _code(path: PurePosixPath) -> str:
    return _CODES.get(path.suffix.lower(), "AUTRE-FICHIER")


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


def guess_of(path: PurePosixPath, scope: str, inherited: Guess, above: tuple[str, ...] = (), raw: str = "") -> Guess:
    """The student that a path tells, inside a container called ``scope`` that belongs to ``inherited``.

    ``above``: the folders that lead to the container, outermost first, where they are known; ``raw``: the path byte for
    byte, which may be composed otherwise (NFD).
    """
    if inherited.sure:
        return inherited
    parts = (*above, *path.parts)
    for depth, part in enumerate(parts):
        inner = depth - len(above)
        holder = "/".join((scope, *path.parts[:inner])) if inner >= 0 else (scope, *parts)[depth]
        where = clean_line(holder, 400)
        if (found := moodle_name(part)) is not None:
            return Guess(clean_line(found.name), found.id, where, _as_written(found.own, raw))
        if _is_submitted(parts, depth):
            student = clean_line(parts[depth + 1], 60)
            return Guess(student, "", where, identifier=student)
    name = student_name(path) or inherited.name or bare_name(path.name)
    return Guess(clean_line(name), "", scope, path=clean_line("/".join((inherited.path or scope, *path.parts)), 400))


def group_of(path: PurePosixPath, guess: Guess, label: str) -> str:
    """The student's folder: all the files of a sure place, else those of one folder."""
    if guess.sure:
        return "#".join((guess.scope, guess.name, guess.moodle_id, guess.identifier))
    return f"{label}/{uncovered(path.parent)}"


def uncovered(path: PurePosixPath) -> PurePosixPath:
    """The path without the folder where Jupyter keeps older versions."""
    return PurePosixPath(*(part for part in path.parts if part != CHECKPOINTS))


def course_files(paths: Iterable[PurePosixPath]) -> frozenset[PurePosixPath]:
    """The files of an nbgrader course that nobody handed in: the teacher's sources, what nbgrader made."""
    known = list(paths)
    roots = {
        path.parts[:depth] for path in known for depth in range(len(path.parts)) if _is_submitted(path.parts, depth)
    }
    roots |= {path.parts[:-1] for path in known if path.name in _COURSE_FILES}
    return frozenset(
        path
        for path in known
        for root in roots
        if path.parts[: len(root)] == root and _OF_COURSE.intersection(path.parts[len(root) : len(root) + 1])
    )


def _as_written(own: str, raw: str) -> str:
    """Moodle's folder or prefix as the archive writes it: a path that was read is composed, and cut when too long."""
    found = (moodle_name(part) for part in raw.replace("\\", "/").split("/"))
    return next((one.own for one in found if one is not None), own)


def _is_submitted(parts: tuple[str, ...], depth: int) -> bool:
    return parts[depth] == SUBMITTED and len(parts) >= depth + 4
