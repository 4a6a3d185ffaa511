"""Maintainers: the French that people read, checked for its signs and its spelling.

    .venv/bin/python tools/francais.py              # what is to be mended
    .venv/bin/python tools/francais.py --corriger   # no-break spaces and apostrophes put right, in place

What is read is in ``tools/prose.py``. Spelling needs the program ``hunspell`` and its French dictionary
(Debian: ``hunspell hunspell-fr-classical``); ``docs/mots.txt`` holds the words that it does not know, one a line.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tools.dictionary import HOW_TO_GET_IT, WORDS, french_hunspell, own_words, unknown_words
from tools.prose import texts
from tools.typography import faults, mend_files

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    parser = argparse.ArgumentParser(description="Vérifier l’orthographe et la typographie des textes.")
    parser.add_argument("--corriger", action="store_true", help="mettre les espaces insécables et les apostrophes")
    if parser.parse_args().corriger:
        for name in mend_files(ROOT, texts(ROOT)):
            print(f"Corrigé : {name}")
    read = texts(ROOT)
    found = [fault for prose in read for fault in faults(prose)]
    command = french_hunspell()
    if command is None:
        print(f"Orthographe non vérifiée : il manque {HOW_TO_GET_IT}.", file=sys.stderr)
    else:
        words = unknown_words(read, own_words(ROOT / WORDS), command)
        found += [
            f"{place} : « {word} » est inconnu ; corrigez-le, ou ajoutez-le à {WORDS}" for word, place in words.items()
        ]
    print("\n".join(found) or "Rien à corriger.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
