"""``crc-lab ouvrir``: copy the workbook where the person works, start JupyterLab on it, stop it with Ctrl+C.

Everything said here is French and meant for students: what was copied, where to click, how to stop.
"""

from __future__ import annotations

import importlib.util
import signal
import webbrowser
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType

from crc_lab.core.errors import CrcError
from crc_lab.lab.lab_server import LabServer, port_is_free, running_lab
from crc_lab.lab.workbook_copy import PRIVATE, CopyReport, copy_workbook

__all__ = ["CopyReport", "copy_workbook", "open_workbook"]

DEFAULT_FOLDER = "cahier-crc"
Say = Callable[[str], None]
_print: Say = partial(print, flush=True)


def open_workbook(
    folder: Path | None = None, *, port: int | None = None, browser: bool = True, say: Say = _print
) -> int:
    """Copy the workbook into ``folder`` (``cahier-crc/`` by default), start JupyterLab on it, and wait for its end.

    ``port``: that one, or the first free one. ``browser=False``: only show the address. Returns 0 when it was opened,
    1 when it could not be (the reason was said).
    """
    try:
        _need_jupyterlab()
        destination = (folder or _default_folder()).expanduser().resolve()
        for line in describe(copy_workbook(destination)):
            say(line)
        if (already := running_lab(destination)) is not None:
            say("Ce cahier est déjà ouvert, dans une autre fenêtre de commande.")
            say(f"Son adresse : {already.address}")
            if browser:
                webbrowser.open(already.address)
            return 0
        if port is not None and not port_is_free(port):
            raise CrcError(
                f"Le port {port} est déjà pris par un autre programme. Choisissez-en un autre (« --port {port + 1} »), "
                "ou laissez crc-lab en trouver un : relancez sans « --port »."
            )
        return _serve(destination, port, browser, say)
    except CrcError as error:
        say(str(error))
        return 1


def describe(report: CopyReport) -> list[str]:
    """The report, in French, a line for each thing worth knowing."""
    lines = [f"Votre cahier est dans : {report.folder}"]
    if report.assessment:
        return [*lines, "C’est un sujet d’évaluation : il est ouvert tel quel, rien n’y est ajouté."]
    if report.copied:
        count = len(report.copied)
        lines.append(f"{count} fichiers copiés." if count > 1 else f"Fichier copié : {report.copied[0]}.")
    if report.updated:
        lines.append(f"Mis à jour (vous ne les aviez pas modifiés) : {', '.join(report.updated)}.")
    if report.kept:
        lines.append(f"Gardés tels que vous les avez laissés : {', '.join(report.kept)}.")
    if report.renewed:
        lines.append(
            f"Une version plus récente existe pour : {', '.join(report.renewed)}. Les vôtres restent utilisables ; "
            "pour repartir d’un fichier neuf, renommez le vôtre, puis relancez cette commande."
        )
    for name, aside in report.set_aside:
        lines.append(
            f"« {name} » avait été modifié : l’original est remis en place, votre version "
            f"s’appelle maintenant « {aside} »."
        )
    return lines


def _serve(destination: Path, port: int | None, browser: bool, say: Say) -> int:
    server = LabServer(destination, port=port, browser=browser)
    say("Démarrage de JupyterLab (quelques secondes)…")
    previous = _stop_on_signals()
    try:
        lab = server.start()
        if browser and not _has_browser():
            say("Aucun navigateur n’a été trouvé sur cet ordinateur.")
            browser = False
        say("Le cahier s’ouvre dans votre navigateur." if browser else "Le cahier est prêt.")
        say(f"Si besoin, copiez cette adresse dans votre navigateur : {lab.address}")
        say("Pour arrêter : Ctrl+C dans cette fenêtre. Vos réponses sont enregistrées au fur et à mesure.")
        code = server.wait()
        say(f"JupyterLab s’est arrêté (code {code}). Son journal : {server.log}" if code else "Le cahier est fermé.")
        return 1 if code else 0
    except KeyboardInterrupt:
        say("Fermeture du cahier…")
        server.stop()
        name = f'"{destination}"' if " " in str(destination) else str(destination)
        say(f"Le cahier est fermé. Pour y revenir : crc-lab ouvrir {name}")
        return 0
    finally:
        server.stop()
        for number, handler in previous.items():
            signal.signal(number, handler)


def _need_jupyterlab() -> None:
    missing = [name for name in ("jupyterlab", "anywidget") if importlib.util.find_spec(name) is None]
    if missing:
        raise CrcError(
            f"Il manque {' et '.join(missing)} dans cet environnement Python. Installez le cahier en entier : "
            "« python crc.py ouvrir » depuis son dossier, ou « pip install crc-lab »."
        )


def _default_folder() -> Path:
    """``cahier-crc/`` of the current directory; the current directory when it is already a copied workbook."""
    here = Path.cwd()
    return here if (here / PRIVATE / "copie.json").is_file() else here / DEFAULT_FOLDER


def _stop_on_signals() -> dict[signal.Signals, signal.Handlers]:
    """A closed terminal window or a polite kill ends as Ctrl+C does; returns the former handlers."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    names = [name for name in ("SIGTERM", "SIGHUP", "SIGBREAK") if hasattr(signal, name)]
    try:
        return {number: signal.signal(number, interrupt) for number in (signal.Signals[name] for name in names)}  # type: ignore[misc]
    except ValueError:  # not in the main thread: no signals there
        return {}


def _has_browser() -> bool:
    try:
        webbrowser.get()
    except webbrowser.Error:
        return False
    return True
