"""Honest copies damaged at random away from their answers: how many get their right mark.

    python benchmarks/abimes.py [--copies 1000] [--graine 1] [--voir]

Each copy is a notebook of one marked activity, with its cells, answered with or without mistakes; its right mark is
that of its answers. One or two things happen to it, drawn at random: bytes changed, lost or put in among the cells,
something before or after, another order of keys, other line ends, another encoding, another name, one or several ZIPs,
other software's metadata, a cut after the answers, noise around. All the copies are one class, marked in one run.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from autograder.demo import mistakes_of, model_answers, slip, spoil  # noqa: E402 - the checkout first
from autograder.intake.keys import Bank  # noqa: E402
from autograder.marking.batch import mark_class  # noqa: E402
from benchmarks.corriger import marked_activities, notebook  # noqa: E402
from crc_lab.core.bank import LoadedActivity, load_activity  # noqa: E402
from crc_lab.core.resources import activity_folder, datasets_folder  # noqa: E402

Files = dict[str, bytes]
Damage = Callable[[bytes, random.Random], bytes]


@dataclass(frozen=True)
class Copy:
    """One honest copy: whose it is, its activity, its answers, its file."""

    student: str
    activity: str
    content: bytes


# --- what happens to the bytes ----------------------------------------------------------------------------------------


def among_cells(content: bytes, chance: random.Random) -> int:
    """A place before the answers, which JupyterLab writes after the cells."""
    return chance.randrange(20, content.index(b'"crc_lab"') - 200)


def changed_bytes(content: bytes, chance: random.Random) -> bytes:
    found = bytearray(content)
    for _ in range(chance.randint(1, 20)):
        found[among_cells(content, chance)] = chance.randrange(256)
    return bytes(found)


def flipped_bits(content: bytes, chance: random.Random) -> bytes:
    found = bytearray(content)
    for _ in range(chance.randint(1, 8)):
        found[among_cells(content, chance)] ^= 1 << chance.randrange(8)
    return bytes(found)


def lost_bytes(content: bytes, chance: random.Random) -> bytes:
    at = among_cells(content, chance)
    return content[:at] + content[at + chance.randint(1, 180) :]


def zeroed_bytes(content: bytes, chance: random.Random) -> bytes:
    at, number = among_cells(content, chance), chance.randint(1, 180)
    return content[:at] + bytes(number) + content[at + number :]


def inserted_bytes(content: bytes, chance: random.Random) -> bytes:
    at = among_cells(content, chance)
    return content[:at] + chance.randbytes(chance.randint(1, 40)) + content[at:]


def appended(content: bytes, chance: random.Random) -> bytes:
    rest = chance.choice([
        b"}", b"\n}\n", bytes(chance.randint(1, 4096)), content, content[-chance.randint(5, 3000) :], b"</body></html>",
        chance.randbytes(chance.randint(1, 200)), "\n\nEnvoyé de mon téléphone\n".encode(), b'{"cells": []}', b"\x1a",
    ])  # fmt: skip
    return content + rest


def prefixed(content: bytes, chance: random.Random) -> bytes:
    return (
        chance.choice([b"\xef\xbb\xbf", b"\xef\xbb\xbf" * 2, b"\n\n", b" \t", b"\r\n\xef\xbb\xbf", b"\x00" * 4])
        + content
    )


def other_line_ends(content: bytes, chance: random.Random) -> bytes:
    return content.replace(b"\n", chance.choice([b"\r\n", b"\r", b"\n\n", b" \n"]))


def wrapped_lines(content: bytes, chance: random.Random) -> bytes:
    """Long lines of the cells cut, as some mail programs do."""
    end = content.index(b'"crc_lab"') - 200
    found = bytearray(content[:end])
    for at in sorted((among_cells(content, chance) for _ in range(chance.randint(1, 10))), reverse=True):
        spaces = found.find(b" ", at)
        if spaces > 0:
            found[spaces : spaces + 1] = b"\r\n"
    return bytes(found) + content[end:]


def other_encoding(content: bytes, chance: random.Random) -> bytes:
    """One that has every sign of the answers; a sign of the cells that it lacks becomes « ? »."""
    text = content.decode()
    answers = json.dumps(json.loads(text)["metadata"]["crc_lab"], ensure_ascii=False)
    names = ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "mac_roman", "cp850", "double"]
    name = chance.choice(names)
    try:
        if name == "double":
            return text.encode().decode("cp1252", "surrogateescape").encode("utf-8", "surrogateescape")
        answers.encode(name)
    except UnicodeError:
        name = "utf-16"
    return text.encode(name, "replace")


def cut_after_answers(content: bytes, chance: random.Random) -> bytes:
    document = json.loads(content)
    first = {"metadata": document.pop("metadata"), **document}
    text = json.dumps(first, ensure_ascii=False, indent=1).encode()
    start = text.index(b'"cells"')
    return text[: chance.randrange(start, len(text) - 1)]


# --- what happens to the document -------------------------------------------------------------------------------------


def _of_document(change: Callable[[dict[str, Any], random.Random], Any]) -> Damage:
    def apply(content: bytes, chance: random.Random) -> bytes:
        document = json.loads(content)
        found = change(document, chance) or document
        indent = chance.choice([None, 1, 2, 4])
        return json.dumps(found, ensure_ascii=chance.random() < 0.3, indent=indent).encode("utf-8", "surrogatepass")

    return apply


def shuffled_keys(value: Any, chance: random.Random) -> Any:
    if isinstance(value, dict):
        items = [(name, shuffled_keys(item, chance)) for name, item in value.items()]
        chance.shuffle(items)
        return dict(items)
    return [shuffled_keys(item, chance) for item in value] if isinstance(value, list) else value


def more_metadata(document: dict[str, Any], chance: random.Random) -> None:
    extra = {
        "colab": {"provenance": []}, "kaggle": {"accelerator": "none"}, "deepnote_notebook_id": "a1", "toc": {},
        "jupytext": {"formats": "ipynb,py"}, "vscode": {"interpreter": {"hash": "0" * 64}}, "widgets": {"state": {}},
        "Créé par": "élève", "nbgrader": None, "language_info": None,
    }  # fmt: skip
    for name in chance.sample(sorted(extra), 4):
        document["metadata"][name] = extra[name]
    for cell in document["cells"]:
        cell["metadata"]["id"] = "x"
    document["auteur"] = "élève"


def other_cells(document: dict[str, Any], chance: random.Random) -> None:
    cells = document["cells"]
    kind = chance.randrange(6)
    if kind == 0:
        document["cells"] = []
    elif kind == 1:
        chance.shuffle(cells)
    elif kind == 2:
        cells += [dict(cell) for cell in cells]
    elif kind == 3:
        del cells[: len(cells) // 2]
    elif kind == 4:
        cells[0]["source"] = "Mes notes de cours : l’été, « 3,62E+13 »\x00\u200b\ud83d"
    else:
        document["cells"] = None


def old_format(document: dict[str, Any], _: random.Random) -> None:
    document["worksheets"] = [{"cells": document.pop("cells"), "metadata": {}}]
    document["nbformat"] = 3


# --- what happens to the file -----------------------------------------------------------------------------------------


def renamed(name: str, content: bytes, chance: random.Random) -> Files:
    stem = name.removesuffix(".ipynb")
    return {chance.choice([
        f"{name} (1)", stem, f"{stem}.txt", f"{stem}.json.txt", f"{name}.download", f"{stem}.invalid", f"{name}.html",
        f"~{name}", f"{stem}.IPYNB.crdownload", f"{stem}.docx", f"{stem}.pdf", f"{stem}.zip", f"{stem}.xlsx", "tp.py",
        f".{name}", "Copie de mon travail (final) (2)", f"{'très long ' * 20}{name}", "carnet", "é.ipynb.json",
        "Nouveau document.txt", f"{stem}.json", f"{name}.txt", f"{name}.bak", f"{stem} - Copie.ipynb", "travail.csv",
    ]): content}  # fmt: skip


def zipped(name: str, content: bytes, chance: random.Random) -> Files:
    inside: Files = {f"{chance.choice(['', 'cahier-crc/', 'a/b/c/d/'])}{name}": content}
    for _ in range(chance.randint(1, 3)):
        if chance.random() < 0.4:
            inside[f"__MACOSX/._{name}"] = bytes.fromhex("0005160700020000")
        inside = {
            chance.choice(["travail.zip", "TP.ZIP", "mon travail", "cahier.ipynb", "travail.zip (1)"]): _zip(inside)
        }
    return inside


def noisy(name: str, content: bytes, chance: random.Random) -> Files:
    """The copy in a folder with what lies around on a computer."""
    around: Files = {
        "mon_env/pyvenv.cfg": b"home = C:\\Python\n", "mon_env/Lib/site-packages/nbformat/x.ipynb": b"{}",
        "node_modules/a/package.json": b"{}", ".git/HEAD": b"ref", ".ipynb_checkpoints/x-checkpoint.ipynb": b"{}",
        "Thumbs.db": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", f"._{name}": b"\x00\x05\x16\x07", ".DS_Store": b"Bud1",
        "capture.png": b"\x89PNG\r\n\x1a\n", "notes.docx": b"PK\x03\x04", "lien.url": b"[InternetShortcut]\r\nURL=x",
        "vide.txt": b"", "crc-lab/pyproject.toml": b"[project]\n", "crc-lab/crc_lab/__init__.py": b"",
        "crc-lab/tests/cases/copie.ipynb": content.replace("Élève".encode(), b"Autre"),
    }  # fmt: skip
    kept = chance.sample(sorted(around), chance.randint(2, len(around)))
    product = "crc-lab/tests/cases/copie.ipynb" in kept
    kept += ["crc-lab/pyproject.toml", "crc-lab/crc_lab/__init__.py"] if product else []
    place = "crc-lab/notebooks/" if product else ""
    return {f"{place}{name}": content} | {one: around[one] for one in kept}


def _zip(files: Files) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


BYTES: dict[str, Damage] = {
    "octets changés": changed_bytes,
    "bits changés": flipped_bits,
    "octets perdus": lost_bytes,
    "octets à zéro": zeroed_bytes,
    "octets ajoutés": inserted_bytes,
    "suivi de restes": appended,
    "précédé de marques": prefixed,
    "autres fins de ligne": other_line_ends,
    "lignes coupées": wrapped_lines,
    "autre encodage": other_encoding,
    "coupé après les réponses": cut_after_answers,
    "clés mélangées": _of_document(shuffled_keys),
    "informations ajoutées": _of_document(more_metadata),
    "autres cellules": _of_document(other_cells),
    "ancien format": _of_document(old_format),
}
FILES: dict[str, Callable[[str, bytes, random.Random], Files]] = {
    "renommé": renamed,
    "zippé": zipped,
    "avec du bruit": noisy,
}


# --- the class --------------------------------------------------------------------------------------------------------


@cache
def loaded(activity: str) -> LoadedActivity:
    return load_activity(activity_folder(activity), datasets_folder())


def honest(rank: int, chance: random.Random) -> Copy:
    activity = chance.choice(marked_activities_once())
    models = model_answers(loaded(activity))
    answers = {question.id: models[question.id] for question in loaded(activity).activity.marked}
    if chance.random() < 0.5:
        answers = slip(spoil(answers, chance.choice(mistakes_of(loaded(activity)))), chance, chance.uniform(0, 0.2))
    student = f"Élève {rank:04}"
    return Copy(student, activity, notebook(activity, answers, student).encode())


@cache
def marked_activities_once() -> list[str]:
    return marked_activities()


def write(folder: Path, files: Files) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def marks(folder: Path) -> dict[str, list[float]]:
    """The marks of each student, by the name in the sheet."""
    found: dict[str, list[float]] = {}
    for one in mark_class([folder], Bank()).copies:
        found.setdefault(one.person.name, []).append(one.points)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--copies", type=int, default=1_000)
    parser.add_argument("--graine", type=int, default=1)
    parser.add_argument("--voir", action="store_true", help="dit les copies qui n’ont pas leur note")
    options = parser.parse_args()
    chance = random.Random(options.graine)
    start, kinds = time.perf_counter(), {}
    with tempfile.TemporaryDirectory() as place:
        whole, damaged = Path(place, "entieres"), Path(place, "abimees")
        for rank in range(options.copies):
            copy = honest(rank, chance)
            name, content = f"{copy.activity}.ipynb", copy.content
            write(whole / copy.student, {name: content})
            done = []
            for kind in chance.sample(sorted(BYTES), 1) if chance.random() < 0.8 else ():
                content, done = BYTES[kind](content, chance), [kind]
            files: Files = {name: content}
            if not done or chance.random() < 0.3:
                kind = chance.choice(sorted(FILES))
                files, done = FILES[kind](name, content, chance), [*done, kind]
            write(damaged / copy.student, files)
            kinds[copy.student] = done
        expected, found = marks(whole), marks(damaged)
    number, right = Counter[str](), Counter[str]()
    wrong = []
    for student, done in kinds.items():
        same = found.get(student) == expected[student]
        for kind in done:
            number[kind] += 1
            right[kind] += same
        if not same:
            wrong.append(f"  {student} : {' + '.join(done)} : {found.get(student)} au lieu de {expected[student]}")
    print(f"{'Dégât':<28}{'copies':>8}{'justes':>8}")
    for kind in (*BYTES, *FILES):
        print(f"{kind:<28}{number[kind]:>8}{right[kind]:>8}")
    good = options.copies - len(wrong)
    print(f"{'Toutes les copies':<28}{options.copies:>8}{good:>8}   ({time.perf_counter() - start:.0f} s)")
    if options.voir:
        print("\n".join(wrong))
    strangers = sorted(set(found) - set(expected))
    if strangers:
        print(f"Élèves inventés : {', '.join(strangers[:5])} ({len(strangers)})")
    return 1 if wrong or strangers else 0


if __name__ == "__main__":
    raise SystemExit(main())
