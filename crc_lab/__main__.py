"""The ``crc-lab`` command: ``ouvrir`` for everyone; the teacher's commands are those of ``autograder.cli``.

Argparse reads what was typed; its help pages and its errors are put into French here. Every heavy import waits for the
command that needs it.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import importlib
import inspect
import re
import shutil
import sys
import textwrap
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from crc_lab import __version__
from crc_lab.core.errors import CrcError, UnknownName, as_typed, nearest

NAMES = (
    "ouvrir", "corriger", "ramasser", "formgrader", "preparer", "verifier", "programme-eleve", "site", "purger", "demo",
    "decisions",
    "construire",
)  # fmt: skip
"""All but the first are commands of ``autograder.cli``: known here to be named where it is not installed."""
_ABSENT = "commande du professeur ; pour l’avoir : « pip install crc-lab[prof] »"


class WrongUsage(CrcError):
    """What was typed cannot be done as it is: exit code 2."""


class _Page(argparse.HelpFormatter):
    """Argparse's help page with paragraphs, and « crc-lab » on one line."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        return textwrap.wrap(text, width, break_on_hyphens=False)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return "\n\n".join(indent + "\n".join(self._split_lines(part, width)) for part in text.split("\n\n"))


class Command(argparse.ArgumentParser):
    """One command: its ``usage``, after its name, and ``run``, whose docstring is the help page.

    ``run`` gets the arguments by name and returns the exit code.
    """

    def __init__(self, name: str, usage: str, run: Callable[..., int]) -> None:
        prog, self.run, text = f"crc-lab {name}".strip(), run, inspect.getdoc(run)
        super().__init__(prog, f"{prog} {usage}", text, add_help=False, allow_abbrev=False, exit_on_error=False)
        width = max(60, min(110, shutil.get_terminal_size((100, 24)).columns))
        self.formatter_class = functools.partial(_Page, max_help_position=32, width=width)
        self.arguments, self.options = map(self.add_argument_group, ("Arguments ", "Options "))
        self._told = {"--debug": "", "--help": "afficher cette aide"}
        self.options.add_argument("--help", action="help", help=self._told["--help"])

    def paths(self, metavar: str, number: str, text: str) -> None:
        """Let the command take files or folders, as ``paths``; ``number``: ``?``, ``*`` or ``+``."""
        self.arguments.add_argument("paths", nargs=number, type=Path, metavar=metavar, help=text)

    def option(self, dest: str, syntax: str, text: str, **more: Any) -> None:
        """Add the option that ``syntax`` shows: ``--sortie DOSSIER``, ``--oui`` (a switch)…; ``more``: as argparse."""
        name, _, metavar = syntax.partition(" ")
        kind = {"DOSSIER": Path, "FICHIER": Path, "N": int}.get(metavar, str)
        shape = {"metavar": metavar, "type": kind} if metavar else {"action": "store_true"}
        self.options.add_argument(name, dest=dest, help=text, **(shape | more))
        self._told[name] = text

    def serves(self) -> None:
        """Add the options of a command that starts a server."""
        port = "numéro de port (par défaut : le premier qui est libre)"
        self.option("port", "--port N", port, choices=range(1, 65536))
        self.option("no_browser", "--sans-navigateur", "donner seulement l’adresse")

    def format_help(self) -> str:
        """The help page."""
        return super().format_help().replace("usage:", "Utilisation :", 1)

    def __call__(self, given: list[str]) -> int:
        """Run the command on what was typed after its name; raises :class:`WrongUsage`."""
        end = given.index("--") if "--" in given else len(given)
        files = [f"./{name}" if name.startswith("-") else name for name in given[end + 1 :]]
        try:
            for name in (word.split("=")[0] for word in given[:end] if re.match("--?[A-Za-z]", word)):
                if name not in self._told:  # argparse would first ask for the option that was misspelt
                    self.error(f"L’option « {name} » n’existe pas.{nearest(name, self._told)}")
            values, extra = self.parse_known_intermixed_args([*given[:end], *files])
            if extra:
                self.error("Il y a un argument de trop dans cette commande.")
        except argparse.ArgumentError as error:
            sentence = f"{self._french(error)}\n« {self.prog} --help » donne la liste de ce qui est possible."
            raise WrongUsage(sentence) from None
        return self.run(**vars(values))

    def error(self, message: str) -> NoReturn:
        """What argparse calls when an argument is missing; it leaves, where this raises."""
        raise argparse.ArgumentError(None, message)

    def _french(self, error: argparse.ArgumentError) -> str:
        name, said = error.argument_name, error.message
        if said.startswith("the following"):  # … arguments are required: DOSSIER…, --conservation
            name = said.rpartition(": ")[2].split(", ")[0]
            return f"Il manque {'l’option' if name.startswith('-') else 'l’argument'} « {name} »."
        if said.startswith("expected"):  # … one argument
            return f"L’option « {name} » attend une valeur."
        if said.startswith("ignored"):  # … explicit argument
            return f"L’option « {name} » ne prend pas de valeur."
        if name:  # invalid int value, invalid choice
            return f"La valeur donnée à « {name} » ne convient pas ({self._told[name].split(' (par défaut')[0]})."
        return said


def open_in_jupyterlab(paths: Path | None, port: int | None, no_browser: bool, workbook: Path | None) -> int:
    """Ouvrir le cahier dans JupyterLab.

    Les carnets sont copiés dans le dossier la première fois. Un carnet déjà rempli n’est jamais remplacé.
    """
    from crc_lab.lab.open_lab import open_workbook

    return open_workbook(paths, port=port, browser=not no_browser, workbook=workbook)


def say_version(**_: bool) -> int:
    """Le cahier d’exercices interactif du BTS NDRC (étude de cas Marielle Nature)."""
    print(f"crc-lab {__version__}")
    return 0


def _command(name: str) -> Command:
    """The command of this name; what begins like an option is for the command without a name."""
    opening = Command("ouvrir", "[DOSSIER] [OPTIONS]", open_in_jupyterlab)
    opening.paths("DOSSIER", "?", "où mettre le cahier (par défaut : cahier-crc)")
    opening.serves()
    opening.option(
        "workbook", "--cahier DOSSIER", "un autre cahier que celui de l’installation ; le dossier s’en souvient"
    )
    commands = {"ouvrir": opening}
    if name != "ouvrir":
        with contextlib.suppress(ModuleNotFoundError):  # it imports this side and the standard library, no more
            commands |= importlib.import_module("autograder.cli").commands()
    if name in commands:
        return commands[name]
    if name in NAMES:
        raise CrcError(f"« {name} » est une {_ABSENT}.")
    if not name.startswith("-"):
        raise WrongUsage(f"La commande « {name} » n’existe pas.{nearest(name, NAMES)}\nCommandes : {', '.join(NAMES)}.")
    general = Command("", "COMMANDE …", say_version)
    general.epilog, general.arguments.title = "« crc-lab COMMANDE --help » décrit une commande.", "Commandes "
    for name in NAMES:
        text = str(commands[name].description).split("\n")[0].rstrip(".") if name in commands else _ABSENT
        general.arguments.add_argument(name, nargs="?", help=text[:1].lower() + text[1:])
    general.option("version", "--version", "afficher la version")
    general.option("debug", "--debug", "en cas d’erreur, afficher le détail technique")
    return general


def _sentence(error: Exception) -> str:
    if isinstance(error, CrcError):
        return str(error)
    library = (error.name or "").split(".")[0] if isinstance(error, ModuleNotFoundError) else ""
    if library and library not in {*sys.stdlib_module_names, "crc_lab", "autograder"}:
        return f"Il manque « {library} » pour cette commande : « pip install crc-lab[prof] »."
    return (
        f"crc-lab s’est arrêté sur une erreur imprévue ({type(error).__name__} : {error}).\nRelancez la même commande "
        "avec --debug, et envoyez ce qui s’affiche aux auteurs (page « Issues » du projet)."
    )


def help_page(program: str) -> str:
    """The general help page for who types ``program`` (``crc.py``'s) instead of « crc-lab »."""
    return _command("--help").format_help().replace("crc-lab COMMANDE", f"{program} COMMANDE")


def main(arguments: list[str] | None = None) -> int:
    """Run ``crc-lab`` and return its exit code: 0 done, 1 nothing could be done, 2 wrong usage, 130 interrupted."""
    typed = list(sys.argv[1:] if arguments is None else arguments)
    given = [word for word in typed if word != "--debug"] or ["--help"]
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # an old console may lack a sign
    try:
        return _command(given[0])(given if given[0].startswith("-") else given[1:])
    except SystemExit as shown:  # a help page
        return int(shown.code or 0)
    except BrokenPipeError:
        return 0
    except KeyboardInterrupt:
        text, code = "Interrompu.", 130
    except Exception as error:  # a traceback helps nobody here
        text, code = _sentence(error), 2 if isinstance(error, (WrongUsage, UnknownName)) else 1
        if "--debug" in typed and code == 1:
            traceback.print_exc()
    print(as_typed(text), file=sys.stderr)
    return code


if __name__ == "__main__":
    from crc_lab.__main__ import main as program  # the module that the teacher's commands import, not a second one

    sys.exit(program())
