"""Typer in French: help pages, usage errors and exit codes.

Typer's own sentences are English and only partly translatable, so the help page is laid out here, and what typer raises
is recognised by the name of its class (the classes moved between modules from one version of typer to the next).
"""

from __future__ import annotations

import difflib
import shutil
import sys
import textwrap
from collections.abc import Sequence
from typing import Any

from typer.core import TyperCommand, TyperGroup

from crc_lab.core.wording import french

USAGE_ERROR, INTERRUPTED = 2, 130
_HELP = ("--help", "afficher cette aide")


def help_text(command: Any, path: str) -> str:
    """The help page of a command or group, reached by ``path`` (« crc-lab corriger »)."""
    arguments = [item for item in command.params if item.param_type_name == "argument"]
    options = [item for item in command.params if item.param_type_name == "option" and not item.hidden]
    options = [item for item in options if "--help" not in item.opts]
    usage = [path, *(_argument_name(item) for item in arguments)]
    usage += [f"{item.opts[0]} {item.metavar}" for item in options if item.required]
    commands = {name: item for name, item in getattr(command, "commands", {}).items() if not item.hidden}
    usage.append("COMMANDE …" if commands else "[OPTIONS]")
    parts = [f"Utilisation : {' '.join(usage)}", *_paragraphs(command.help or "")]
    if commands:
        parts.append(_section("Commandes", [(name, _first_line(item.help)) for name, item in commands.items()]))
    if arguments:
        parts.append(_section("Arguments", [(item.metavar, item.help) for item in arguments]))
    parts.append(_section("Options", [*((_option_name(item), item.help) for item in options), _HELP]))
    if commands:
        parts.append(f"« {path} COMMANDE --help » décrit une commande.")
    return "\n\n".join(parts) + "\n"


def explain(error: Any) -> str | None:
    """The French sentence for a usage error raised by typer; None for any other exception."""
    if not hasattr(error, "format_message") or not hasattr(error, "exit_code"):
        return None
    kind, option = type(error).__name__, getattr(error, "option_name", "")
    param = getattr(error, "param", None)
    if kind == "MissingParameter":
        what = "l’option" if getattr(param, "param_type_name", "") == "option" else "l’argument"
        return f"Il manque {what} « {_name(param)} »."
    if kind in ("NoSuchOption", "NoSuchOptionError"):
        near = sorted(getattr(error, "possibilities", None) or ())
        hint = f" Vouliez-vous dire « {near[0]} » ?" if near else ""
        return f"L’option « {option} » n’existe pas.{hint}"
    if kind == "BadOptionUsage":
        return (
            f"L’option « {option} » ne prend pas de valeur."
            if "does not take" in str(error)
            else f"L’option « {option} » attend une valeur."
        )
    if kind == "BadParameter":
        wanted = (getattr(param, "help", None) or "voir l’aide").split(" (par défaut")[0]
        return f"La valeur donnée à « {_name(param)} » ne convient pas ({wanted})."
    if "unexpected extra argument" in str(error):
        return "Il y a un argument de trop dans cette commande."
    if str(error).startswith("No such command"):
        return "Cette commande n’existe pas."
    return "Cette commande est incomplète ou mal écrite."


class FrenchCommand(TyperCommand):
    """A command with its help page in French."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(help_text(self, ctx.command_path))


class FrenchGroup(TyperGroup):
    """The group of commands: help, usage errors and interruptions in French, exit codes 0, 1, 2, 130."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        formatter.write(help_text(self, ctx.command_path))

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,  # noqa: ARG002 - typer's signature; there is no completion
        standalone_mode: bool = True,
        windows_expand_args: bool = True,  # noqa: ARG002 - the same; wildcards are not expanded
        **extra: Any,
    ) -> Any:
        """As typer's own; a command returns its exit code."""
        given = list(sys.argv[1:] if args is None else args)
        code = self._run(given, prog_name or "crc-lab", extra)
        if standalone_mode:
            sys.exit(code)
        return code

    def _run(self, given: list[str], prog_name: str, extra: dict[str, Any]) -> int:
        if not given:
            given = ["--help"]
        if given[0][:1] != "-" and given[0] not in self.commands:
            near = difflib.get_close_matches(given[0], self.commands, n=1, cutoff=0.5)
            hint = f" Vouliez-vous dire « {near[0]} » ?" if near else ""
            _say(f"La commande « {given[0]} » n’existe pas.{hint}\nCommandes : {', '.join(self.commands)}.")
            return USAGE_ERROR
        try:
            done = super().main(given, prog_name, standalone_mode=False, windows_expand_args=False, **extra)
        except KeyboardInterrupt:
            _say("Interrompu.")
            return INTERRUPTED
        except Exception as error:
            if type(error).__name__ == "Abort":
                _say("Interrompu.")
                return INTERRUPTED
            text = explain(error)
            if text is None:
                raise
            command = f"{prog_name} {given[0]}" if given[0] in self.commands else prog_name
            _say(f"{text}\n« {command} --help » donne la liste de ce qui est possible.")
            return USAGE_ERROR
        if done == INTERRUPTED:
            _say("Interrompu.")
        return done if isinstance(done, int) else 0


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def _name(param: Any) -> str:
    if param is None:
        return "?"
    return str(param.opts[0]) if param.param_type_name == "option" else str(param.metavar)


def _argument_name(param: Any) -> str:
    return str(param.metavar) if param.required else f"[{param.metavar}]"


def _option_name(param: Any) -> str:
    name = ", ".join(param.opts)
    return name if getattr(param, "is_flag", False) or not param.metavar else f"{name} {param.metavar}"


def _first_line(text: str | None) -> str:
    line = french(" ".join((text or "").split("\n\n")[0].split()))
    return line[:1].lower() + line[1:].rstrip(".")


def _paragraphs(text: str) -> list[str]:
    width = _width()
    return [
        textwrap.fill(french(" ".join(part.split())), width, break_on_hyphens=False)
        for part in text.split("\n\n")
        if part.strip()
    ]


def _section(title: str, rows: Sequence[tuple[str, str | None]]) -> str:
    left = max(len(name) for name, _ in rows) + 4
    lines = [f"{title} :"]
    for name, text in rows:
        wrapped = textwrap.wrap(french(text or ""), _width() - left, break_on_hyphens=False) or [""]
        lines.append(f"  {name:<{left - 2}}{wrapped[0]}".rstrip())
        lines.extend(" " * left + line for line in wrapped[1:])
    return "\n".join(lines)


def _width() -> int:
    return max(60, min(110, shutil.get_terminal_size((100, 24)).columns))
