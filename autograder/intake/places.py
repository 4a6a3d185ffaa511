"""What a file is, by its first bytes and else by its name; whose it is, by the place where it lay.

Browsers, mail and phones rename, contents stay: a name only helps where the bytes say nothing (a text is a CSV, a
program or a note by its name alone).

The place is Moodle's folder or nbgrader's tree, else the names of files and folders. The outermost place that knows its
student wins: what a student puts in a folder or an archive of their own (somebody else's folder included) says nothing
more.

Moodle's « Télécharger tous les travaux remis » writes ``{Full name}_{id}_assignsubmission_{type}``, as a folder (a
trailing ``_`` before Moodle 4.1) or in front of the file's own name when the archive is flat. Blind marking writes
« Participant » for the name; team work the group's name and id, or « Default group » without any id. Sources:
``mod/assign/classes/downloader.php`` and ``mod/assign/feedback/file/importziplib.php``.
"""

from __future__ import annotations

import codecs
import html
import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import PurePath, PurePosixPath

from autograder.intake import Guess, phrase
from crc_lab.core.text import clean_line

HEAD = 4_096
"""Bytes that are enough to know a file."""


class Form(Enum):
    """What the bytes say; the value ends the name of the sentence, PAS-UN-CARNET.…, of what is no copy."""

    UNKNOWN = ""
    """Text without a shape of its own, or nothing that we know: the name decides."""
    EMPTY = "vide"
    JSON = "json"
    SHEET = "reponses"
    """JSON whose first keys are those of a sheet of answers: what is saved beside a notebook."""
    ZIP = "zip"
    WORKBOOK = "classeur"
    DOCUMENT = "document"
    """A word processor's or a presentation's: docx, odt, pptx, RTF, Pages."""
    RAR = "rar"
    SEVEN = "7z"
    PACKED = "compresse"
    """gzip, bzip2, xz, zstd, tar, cab…"""
    PDF = "pdf"
    IMAGE = "image"
    FILM = "film"
    PAGE = "page"
    OLD_OFFICE = "ancien"
    """Office before 2007: xls, doc, ppt."""
    SHORTCUT = "raccourci"
    """The address of a file that stayed elsewhere: on a site, in a cloud, in Git's large file storage."""


_SIGNATURES: tuple[tuple[bytes, Form], ...] = (
    (b"PK\x03\x04", Form.ZIP),
    (b"PK\x05\x06", Form.ZIP),
    (b"Rar!\x1a\x07", Form.RAR),
    (b"7z\xbc\xaf\x27\x1c", Form.SEVEN),
    (b"\x1f\x8b\x08", Form.PACKED),
    (b"BZh", Form.PACKED),
    (b"\x28\xb5\x2f\xfd", Form.PACKED),  # zstd
    (b"\x1f\x9d", Form.PACKED),  # compress
    (b"MSCF\x00", Form.PACKED),  # cab
    (b"LZIP\x01", Form.PACKED),
    (b"\xfd7zXZ\x00", Form.PACKED),
    (b"%PDF-", Form.PDF),
    (b"{\\rtf", Form.DOCUMENT),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Form.OLD_OFFICE),
    (b"\xff\xd8\xff", Form.IMAGE),
    (b"\x89PNG\r\n\x1a\n", Form.IMAGE),
    (b"GIF87a", Form.IMAGE),
    (b"GIF89a", Form.IMAGE),
    (b"II*\x00", Form.IMAGE),
    (b"MM\x00*", Form.IMAGE),
    (b"\x4c\x00\x00\x00\x01\x14\x02\x00", Form.SHORTCUT),  # .lnk of Windows
    (b"version https://git-lfs.github.com/", Form.SHORTCUT),
    (b"[InternetShortcut]", Form.SHORTCUT),
    (b"[Desktop Entry]", Form.SHORTCUT),
    (b"\x1aE\xdf\xa3", Form.FILM),
    (b"OggS\x00", Form.FILM),
    (b"ID3", Form.FILM),
    (b"fLaC", Form.FILM),
    (b"8BPS\x00", Form.IMAGE),  # Photoshop
)
_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif")
"""Pictures of phones, told from films by the brand that follows « ftyp »."""
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
          (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))  # fmt: skip
IDLE = " \t\r\n\x0b\x0c\x00\ufeff\u200b\u00a0"
"""What may stand before or after a document without being part of it."""
_PAGE = re.compile(
    r"<!doctype html|<(?:html|head|meta|body|table|title|script)\b|<\?xml[^>]*>\s*<!?(?:doctype )?html", re.I
)
_SAVED_PAGE = re.compile(r"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?(?:MIME-Version|Content-Type):", re.I)
"""A page saved with its pictures in one file (.mhtml): the headers of a message come first."""
_LINK_PLIST = re.compile(r"<!doctype plist.*<key>URL</key>", re.I | re.DOTALL)
_SHEET = re.compile(r'\{\s*"(?:version|activite|edition|variante|eleve|reponses)"\s*:')
_JSON = re.compile(r'\{\s*(?:["}]|\Z)')
_CLOUD = re.compile(r'\{[^{\[]*"(?:doc_id|resource_key|resourceId|docId)"|\{[^{\[]*"url"\s*:\s*"https?:')
_BOOK = re.compile(r"xl/workbook\d*\.(?:xml|bin)")
_BINARY_PLIST = b"bplist00"
_OF_OFFICE = re.compile(
    rb"\[content_types\]\.xml|_rels/|docprops/|customxml/|xl/|word/|ppt/|mimetype|index/|metadata/|data/|preview|"
    rb"buildversionhistory|meta-inf/|content\.xml", re.I
)  # fmt: skip


def form_of(head: bytes, whole: bool = True) -> Form:
    """The form of a file that begins with ``head`` (:data:`HEAD` bytes; ``whole``: there is nothing more)."""
    found = next((form for sign, form in _SIGNATURES if head.startswith(sign)), None)
    if found is not None:
        return found
    if head[4:8] == b"ftyp":
        return Form.IMAGE if head[8:12] in _BRANDS else Form.FILM
    if head.startswith(b"RIFF"):
        return Form.IMAGE if head[8:12] == b"WEBP" else Form.FILM
    if head.startswith(b"BM") and head[6:10] == bytes(4):
        return Form.IMAGE  # bmp
    if head[257:262] == b"ustar":
        return Form.PACKED
    if head.startswith(_BINARY_PLIST):
        # iCloud's placeholder names the file; a .webloc holds its address
        return Form.SHORTCUT if b"NSURL" in head or b"URL" in head or b"http" in head else Form.UNKNOWN
    return _form_of_text(_text(head), whole)


def _form_of_text(text: str, whole: bool) -> Form:
    start = text.lstrip(IDLE)
    if not start:
        return Form.EMPTY if whole else Form.UNKNOWN
    if start[0] == "<":
        if _LINK_PLIST.match(start[start.find("<!") :] if start.startswith("<?xml") else start):
            return Form.SHORTCUT
        return Form.PAGE if _PAGE.match(start) else Form.UNKNOWN
    if start.startswith(("{\\rtf", "%PDF-")):
        return Form.DOCUMENT if start[0] == "{" else Form.PDF
    if start.startswith(("[InternetShortcut]", "[Desktop Entry]", "version https://git-lfs")):
        return Form.SHORTCUT
    if _SAVED_PAGE.match(start) and re.search("text/html", start, re.I):
        return Form.PAGE
    if _JSON.match(start):
        if _CLOUD.match(start) and '"cells"' not in start:
            return Form.SHORTCUT
        return Form.SHEET if _SHEET.match(start) else Form.JSON
    return Form.UNKNOWN


def _text(head: bytes) -> str:
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return head[len(mark) :].decode(encoding, "ignore")
    if b"\x00" in head[:2] and head[:2].strip(b"\x00"):  # UTF-16 without its mark
        return head.replace(b"\x00", b"").decode("latin-1")
    return head.decode("utf-8", "replace")


def perhaps_of_office(head: bytes) -> bool:
    """True for a ZIP whose first file is such as Office and its like write: they are ZIPs too."""
    return head.startswith(b"PK\x03\x04") and bool(_OF_OFFICE.match(head[30:200]))


def form_of_zip(content: bytes) -> Form:
    """What a ZIP is by the names in it: a workbook, a document, else an archive; unknown when it does not open."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = {name.lower().lstrip("/") for name in archive.namelist()}
            said = archive.read("mimetype")[:100] if "mimetype" in names else b""
    except Exception:  # zipfile lets many exceptions out on a damaged file
        return Form.UNKNOWN
    if b"spreadsheet" in said or any(_BOOK.fullmatch(name) for name in names):
        return Form.WORKBOOK
    if any(name.endswith(".iwa") for name in names):  # Numbers, else Pages or Keynote
        return Form.WORKBOOK if any("calculationengine" in name for name in names) else Form.DOCUMENT
    others = {"word/document.xml", "ppt/presentation.xml"} & names
    return Form.DOCUMENT if others or b"opendocument" in said or b"epub" in said else Form.ZIP


# --- by its name, and by the place where it lay -----------------------------------------------------------------------


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
    r"desktop\.ini|icon\r|.*\.whl|(?:exercices|corrige|recopie)\.toml|activite\.py|exemples\.csv|(?:lecture|preuves)\.json",
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
