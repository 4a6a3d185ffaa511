"""The paths given on the command line: those that the shell left to us, and what is wrong with them."""

from __future__ import annotations

import glob
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from autograder.correct.class_settings import Options


def expanded(given: Path) -> list[Path]:
    """``*.ipynb`` where the shell did not expand it (Windows)."""
    pattern = str(given)
    if given.exists() or not any(sign in pattern for sign in "*?"):
        return [given]
    return [Path(name) for name in sorted(glob.glob(pattern))] or [given]  # noqa: PTH207 - the pattern may be absolute


def wrong_paths(inputs: list[Path], output: Path, options: Options) -> str | None:
    """What is wrong with the paths given, in French; None when all is well."""
    missing = [path for path in inputs if not path.exists()]
    if missing:
        names = ", ".join(f"« {path} »" for path in missing)
        return f"Introuvable{'s' if len(missing) > 1 else ''} : {names}. Vérifiez ce que vous avez écrit."
    if output.exists() and not output.is_dir():
        return f"« {output} » est un fichier : donnez un dossier à --sortie."
    if any(path.is_dir() and path.resolve() == output.resolve() for path in inputs):
        return "Le dossier de sortie est aussi une entrée : donnez un autre dossier à --sortie."
    folders = {
        "Le dossier des corrigés": options.keys,
        "Le dossier préparé": options.preparation,
        "Le cours nbgrader": options.course,
    }
    for what, path in folders.items():
        if path is not None and not path.is_dir():
            return f"{what} « {path} » est introuvable."
    files = [("La liste de classe", options.roster), ("Le fichier des notes manuelles", options.manual)]
    files += [("Le formulaire d’évaluation", path) for path in options.worksheets]
    for what, path in files:
        if path is not None and not path.is_file():
            return f"{what} « {path} » est introuvable."
    if options.url is not None and options.course is None and options.preparation is None:
        return "--base va avec --nbgrader (ou --preparation) : donnez aussi le dossier du cours."
    if not inputs:
        return _nothing_to_mark(output, options)
    return None


def _nothing_to_mark(output: Path, options: Options) -> str | None:
    from autograder.register.file import FILE

    if options.fresh:
        return "--recommencer oublie les copies remises avant : donnez celles qui les remplacent (ENTRÉE…)."
    if not (output / FILE).is_file():
        return (
            "Il manque les copies à noter (ENTRÉE…) : le ZIP de Moodle, un dossier ou des fichiers .ipynb. Sans elles, "
            f"« {output} » devrait contenir celles d’une correction précédente ; ce n’est pas le cas."
        )
    return None
