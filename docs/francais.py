"""Maintainers: the French that people read, checked for its typography and its spelling.

    .venv/bin/python docs/francais.py              # what is to be mended
    .venv/bin/python docs/francais.py --corriger   # no-break spaces and apostrophes put right, in place

Read: the narrative of the notebooks (``activite.py``), the texts of ``exercices.toml``, ``corrige.toml`` and of the
data files in TOML, the guides. Left out: code, patterns, identifiers, addresses, and the model answers, which are
typed as a student types. Spelling needs the program ``hunspell`` and its French dictionary (Debian: ``hunspell
hunspell-fr``); ``docs/mots.txt`` holds the words that it does not know, one a line.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
WORDS = ROOT / "docs" / "mots.txt"
NBSP = "\u00a0"
SOURCES = (
    "notebooks/*/activite.py",
    "notebooks/*/*.toml",
    "datasets/*.toml",
    "docs/*.toml",
    "docs/*.md",
    "README.fr.md",
)
GENERATED = ("docs/couverture.md",)

_NOT_PROSE = frozenset({
    "motifs", "nies", "partout", "parmi", "interdits", "mots", "reponse", "id", "genre", "controle", "partie", "source",
    "cle", "code", "attendu", "erreurs_de_code", "donnees", "activite", "visibles", "nom", "groupe", "type", "bonne",
    "regles", "reference", "exclus", "cibles", "contacts", "autres", "impose", "prenoms", "filtre", "sans", "table",
    "sinon", "doublon", "bilan", "autre", "reste", "illisible", "valeur", "tolerance", "faux", "oublies", "renommer",
    "couvert", "choix", "critere", "lignes_de", "terme",
})  # fmt: skip
"""Keys of the TOML files whose value is not a sentence."""
_PLACEHOLDER = re.compile(r"\{\w+\}")
_CODE = re.compile(
    r"^```.*?^```|`[^`\n]*`|https?://\S+|\]\([^)\s]*\)|<[^>\n]+>|\$[^$\n]+\$|^\s*\|?[ :|-]+\|[ :|-]*$",
    re.MULTILINE | re.DOTALL,
)
APOSTROPHE = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_A-Z])|(?<=[a-zà-ÿ])'(?=[A-Z])")
"""Not between two capitals: the data of the file are written so (« L'ATELIER LUMIERE »)."""
_FIXES = (
    (re.compile(r"(?<=[^\s|]) ([:;?!»%€])(?![-|])"), rf"{NBSP}\1"),
    (re.compile(r"« (?=\S)"), f"«{NBSP}"),
    (re.compile(r"\b([nN]°) (?=[\w{])"), rf"\1{NBSP}"),
    (re.compile(r"(?<=\d) (?=\d{3}\b)"), NBSP),
    (APOSTROPHE, "’"),
)
_FAULTS = (
    (APOSTROPHE, "apostrophe droite"),
    (re.compile(r"(?<=[^\s|]) [:;?!»%€](?![-|])"), "espace insécable à mettre avant"),
    (re.compile(r"(?<=[\w)])[;?!»](?=\s|$)"), "espace manquante avant"),
    (re.compile(r"«(?! |\u00a0|\u202f)\S|« "), "espace insécable à mettre après «"),
    (re.compile(r"\b[nN]° (?=\w)"), "espace insécable à mettre après n°"),
    (re.compile(r"^ *[:;?!»%](?=\s)", re.MULTILINE), "signe en début de ligne"),
    (re.compile(r"\.\.\."), "trois points au lieu de …"),
    (re.compile(r'"[^"\n]*"'), "guillemets droits"),
)


@dataclass(frozen=True)
class Prose:
    """One text that people read: the file it comes from (relative), a word of where, and the text itself."""

    file: str
    where: str
    text: str

    @property
    def plain(self) -> str:
        """The text with its code, addresses and placeholders blanked, line ends kept."""
        text = _CODE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), self.text)
        return _PLACEHOLDER.sub(lambda found: "0" * len(found[0]), text)


def texts(root: Path = ROOT) -> list[Prose]:
    """Every text of the workbook and of its guides."""
    found: list[Prose] = []
    for pattern in SOURCES:
        for path in sorted(root.glob(pattern)):
            name = path.relative_to(root).as_posix()
            if name not in GENERATED:
                found += [Prose(name, where, text) for where, text in _read(path)]
    return found


def _read(path: Path) -> Iterator[tuple[str, str]]:
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".toml":
        yield from _strings(tomllib.loads(source), ())
    elif path.suffix == ".py":
        for number, cell in enumerate(re.split(r"^# %%", source, flags=re.MULTILINE)):
            if cell.startswith(" [markdown]"):
                yield f"cellule {number}", re.sub(r"^# ?", "", cell.split("\n", 1)[1], flags=re.MULTILINE)
    else:
        yield "", source


def _strings(value: Any, place: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """The sentences of a TOML file, each with the keys that lead to it."""
    if isinstance(value, str):
        yield ".".join(place), value
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "erreurs" and isinstance(item, (dict, list)):
                continue  # {answer = code}, [{motifs, code}]
            if key not in _NOT_PROSE or (isinstance(item, str) and " " in item and key in ("nom",)):
                yield from _strings(item, (*place, str(value.get("id", "")), key) if "id" in value else (*place, key))
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item, place)


def faults(prose: Prose) -> Iterator[str]:
    """Each fault of typography, with a few words around it."""
    text = prose.plain
    for pattern, name in _FAULTS:
        for found in pattern.finditer(text):
            around = text[max(0, found.start() - 25) : found.end() + 15].replace("\n", " ").strip()
            yield f"{prose.file} ({prose.where}) : {name} : …{around}…"


def mended(text: str) -> str:
    """The text with the no-break spaces and apostrophes that French asks for; its code is left alone."""
    pieces, last = [], 0
    for code in _CODE.finditer(text):
        pieces += [_mend(text[last : code.start()]), code[0]]
        last = code.end()
    return "".join([*pieces, _mend(text[last:])])


def _mend(text: str) -> str:
    for pattern, replacement in _FIXES:
        text = pattern.sub(replacement, text)
    return text


def mend_files(root: Path = ROOT) -> list[str]:
    """Put the typography right in the source files; the names of those that changed."""
    changed = []
    for name in sorted({prose.file for prose in texts(root)}):
        path = root / name
        source = after = path.read_text(encoding="utf-8")
        for prose in texts_of(root, name):
            lines = zip(prose.text.splitlines(), mended(prose.text).splitlines(), strict=True)
            for line, better in lines:
                if better != line:
                    after = after.replace(line.strip(), better.strip())
        if after != source:
            path.write_text(after, encoding="utf-8")
            changed.append(name)
    return changed


def texts_of(root: Path, name: str) -> list[Prose]:
    return [Prose(name, where, text) for where, text in _read(root / name)]


def dictionary() -> list[str] | None:
    """The command that reads words and prints the unknown ones; None without hunspell and its French dictionary."""
    program = shutil.which("hunspell")
    if program is None:
        return None
    for name in ("fr_FR", "fr", "fr-classique"):
        done = subprocess.run([program, "-d", name, "-l"], input=b"", capture_output=True, check=False)
        if done.returncode == 0 and b"Can't open" not in done.stderr:
            return [program, "-d", name, "-i", "UTF-8", "-l"]
    return None


def misspelt(all_texts: list[Prose], command: list[str]) -> dict[str, str]:
    """The unknown words, each with the first file that holds it; those of ``docs/mots.txt`` are known."""
    where: dict[str, str] = {}
    for prose in all_texts:
        for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", re.sub(r"\w*[\d_@]\w*", " ", prose.plain)):
            where.setdefault(word, f"{prose.file} ({prose.where})")
    own = own_words()
    asked = [word for word in where if word.casefold() not in own and len(word) > 1]
    done = subprocess.run(command, input="\n".join(asked).encode(), capture_output=True, check=True)
    return {word: where[word] for word in done.stdout.decode().splitlines() if word in where}


def own_words() -> frozenset[str]:
    lines = WORDS.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip().casefold() for line in lines if line.strip() and not line.startswith("#"))


def main() -> int:
    parser = argparse.ArgumentParser(description="Vérifier la typographie et l’orthographe des textes.")
    parser.add_argument("--corriger", action="store_true", help="mettre les espaces insécables et les apostrophes")
    if parser.parse_args().corriger:
        for name in mend_files():
            print(f"Corrigé : {name}")
    read = texts()
    found = [fault for prose in read for fault in faults(prose)]
    command = dictionary()
    if command:
        found += [f"{where} : « {word} » est inconnu" for word, where in misspelt(read, command).items()]
    else:
        print("Orthographe non vérifiée : hunspell ou son dictionnaire français manque.", file=sys.stderr)
    print("\n".join(found) or "Rien à corriger.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
