"""What a file is by its first bytes, whatever its name says: browsers, mail and phones rename, contents stay.

A name only helps where the bytes say nothing (a text is a CSV, a program or a note by its name alone).
"""

from __future__ import annotations

import codecs
import io
import re
import zipfile
from enum import Enum

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
    """gzip, bzip2, xz, tar."""
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
