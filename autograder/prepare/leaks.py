"""The search of every secret of an activity in the files of its subject: notebooks, TOML, data, inside XLSX too."""

from __future__ import annotations

import io
import json
import re
import tomllib
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape

from autograder.prepare.secrets import RAW, WORDS, Secret, pattern, secrets, texts_of, words
from crc_lab.core.bank import KEYS, LoadedActivity
from crc_lab.core.errors import CrcError
from crc_lab.core.text import without_accents
from crc_lab.core.wording import clean_line, listing

_TAG = re.compile(r"<[^>]*>")
_ARCHIVES = (".xlsx", ".zip")


@dataclass(frozen=True, slots=True)
class Leak:
    """A ``secret`` found in a ``file``."""

    file: str
    secret: Secret

    def __str__(self) -> str:
        text = clean_line(self.secret.text, 60)
        return f"{self.file} : « {text} » ({self.secret.what} de {self.secret.question})"


class LeakFound(CrcError):
    """A subject that says some of its key; ``leaks``: what and where."""

    def __init__(self, activity: str, leaks: tuple[Leak, ...]) -> None:
        super().__init__(activity, leaks)
        self.activity, self.leaks = activity, leaks

    def __str__(self) -> str:
        shown = "\n".join(f"  • {leak}" for leak in self.leaks[:10])
        more = f"\n  … et {len(self.leaks) - 10} autres." if len(self.leaks) > 10 else ""
        return (
            f"Le sujet de l’activité « {self.activity} » donnerait des réponses, il n’est donc pas préparé :\n"
            f'{shown}{more}\nRéservez ces passages d’activite.py à l’entraînement (tags=["entrainement"]), ou '
            "retirez-les d’exercices.toml."
        )


def find_leaks(files: Mapping[str, bytes], loaded: LoadedActivity) -> tuple[Leak, ...]:
    """Every secret of ``loaded`` that can be read in ``files`` (name → content), in the order of the files."""
    wanted = secrets(loaded)
    leaks = []
    for name, content in files.items():
        if name.rsplit("/", 1)[-1] == KEYS:
            leaks.append(Leak(name, Secret(RAW, KEYS, listing([*loaded.keys], 3), "corrigé entier")))
        text = readable(name, content)
        run, plain = words(text), without_accents(text)
        leaks += [
            Leak(name, secret)
            for secret in wanted
            if (secret.text in run if secret.sort == WORDS else pattern(secret).search(plain))
        ]
    return tuple(leaks)


def readable(name: str, content: bytes) -> str:
    """All that a person could read in a file: as it is written, then what its format says once it is read."""
    if name.endswith(_ARCHIVES) and zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return "\n".join(readable(item, packed.read(item)) for item in packed.namelist())
    text = content.decode("utf-8", "replace")
    return f"{text}\n{_parsed(name, text)}\n{unescape(_TAG.sub(' ', text))}"


def _parsed(name: str, text: str) -> str:
    """What the file says once its format is read: without escapes, lines put together."""
    if name.endswith((".ipynb", ".json")):
        said = "\n".join(texts_of(json.loads(text)))
    elif name.endswith(".toml"):
        said = "\n".join(texts_of(tomllib.loads(text)))
    else:
        return ""
    return f"{said}\n{unescape(_TAG.sub(' ', said))}"
