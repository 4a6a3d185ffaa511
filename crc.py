# -*- coding: utf-8 -*-
"""From a bare machine to a running crc-lab, with Python alone: ``python3 crc.py ouvrir``, ``python3 crc.py test``.

The first run makes ``.venv``: the locked, hashed libraries of ``requirements/dev.lock``, then the project, editable. A
stamp, written last, tells the next runs that there is nothing to do: they need no network. Python 2.7 can parse this
file (no f-strings, no annotations), so that an old Python shows a sentence and not a SyntaxError.
"""

from __future__ import unicode_literals

import contextlib
import hashlib
import os
import re
import signal
import subprocess
import sys
import time
import unicodedata

OLDEST = (3, 11)
WINDOWS = os.name == "nt"
STAMP, STAMP_VERSION = ".venv/crc-lab.txt", 1  # the version is to be raised when the installation itself changes
# The environment, its libraries, then what an editable install copies (the code is read in place), and its outcome.
PARTS = ".venv/pyvenv.cfg requirements/[ad]*.lock pyproject.toml crc_lab/lab/*/crc-lab/**/*.* .venv/*/crc-lab*".split()
PIP = "-m pip install --quiet --disable-pip-version-check --no-input --no-user --no-deps --require-hashes -r"
SYNC = "pip sync --quiet --require-hashes --compile-bytecode"
PROJECT = "pip install --quiet --offline --no-deps --no-build-isolation --reinstall-package crc-lab --editable"
HELP, TOO_OLD, NO_VENV, NO_NETWORK, STEP_FAILED, NOT_WRITABLE, INTERRUPTED = """\
Une commande de plus, « test », lance tous les contrôles du projet.
La première fois, les bibliothèques sont installées dans le dossier .venv du projet (connexion à Internet nécessaire,
quelques minutes). Les fois suivantes, tout démarre tout de suite, même hors connexion.
---
crc-lab a besoin de Python {oldest} ou plus récent ; vous avez lancé Python {found}.
{remedy}
(crc-lab needs Python {oldest} or later; this is Python {found}.)
---
Il manque à votre Python le module « venv », qui sert à créer un environnement de travail.
  Debian, Ubuntu, Mint :  sudo apt install python3-venv
  autres systèmes :       réinstallez Python depuis python.org
Puis relancez la même commande.
(Your Python lacks the “venv” module. On Debian or Ubuntu: sudo apt install python3-venv)
---
L’installation n’a pas pu télécharger les bibliothèques : le réseau ne répond pas, ou refuse la connexion.
  1. Vérifiez que l’ordinateur est connecté à Internet, puis relancez la même commande : ce qui a déjà été
     téléchargé ne le sera pas deux fois.
  2. Au lycée, un serveur mandataire (proxy) est peut-être obligatoire : demandez son adresse, et donnez-la dans la
     variable HTTPS_PROXY. Si l’établissement a son propre miroir de paquets Python : PIP_INDEX_URL et UV_DEFAULT_INDEX.
---
L’installation s’est arrêtée à l’étape « {0} ».
Relancez la même commande ; si l’arrêt se répète, supprimez le dossier .venv, puis recommencez.
---
Le dossier {folder} n’est pas modifiable : crc-lab ne peut pas y préparer son environnement de travail.
Copiez le projet dans un dossier à vous (par exemple Documents), puis recommencez.
Détail : {0}
---
Installation interrompue. Relancez la même commande pour la terminer.
""".split("---\n")
NETWORK_SIGNS = (
    r"(?i)error sending request|dns error|(failed to|could not) (fetch|download)|connection ?(refuse|reset|abort|error)"
    r"|timed? ?out|unreachable|name resolution|getaddrinfo|proxyerror|tunnel error|certificate|\b(ssl|tls)\b"
    r"|could not find a version that satisfies the requirement uv=="
)


def say(text, stream=None):
    """Write ``text`` to standard error, without its accents where an old terminal cannot show them."""
    stream = stream or sys.stderr
    encoding = getattr(stream, "encoding", None) or "ascii"
    try:
        text.encode(encoding)
    except UnicodeError:
        plain = text.translate({0x2019: "'", 0x153: "oe", 0xAB: '"', 0xBB: '"', 0x2026: "..."})
        text = unicodedata.normalize("NFKD", plain).encode("ascii", "ignore").decode("ascii")
    stream.write(text.encode(encoding) if str is bytes else text)
    stream.flush()


def imports(python, modules):
    """Whether this Python starts, and has these modules."""
    try:
        return subprocess.call([str(python), "-I", "-c", "import " + modules], stderr=subprocess.PIPE) == 0
    except OSError:
        return False


def too_old(version):
    """Tell someone who started Python ``version`` which one to take, if possible one of this machine; exit code 1."""
    newer = [name for name in map("python3.{0}".format, range(OLDEST[1], 21)) if imports(name, "venv")]
    remedy = "Installez une version récente (python.org, ou votre système), puis relancez la même commande."
    if newer:
        remedy = "Un Python plus récent est installé ici : remplacez le premier mot de la commande par {0}."
    oldest, found = [".".join(map(str, numbers[:3])) for numbers in (OLDEST, version)]
    say(TOO_OLD.format(oldest=oldest, found=found, remedy=remedy.format(*newer[-1:])))
    return 1


class SetupError(Exception):
    """The working environment cannot be made; the message is for the person in front of the screen."""


def script(root, name, windows=WINDOWS):
    """The path of one command of the environment: ``python``, ``uv``, ``crc-lab``…"""
    return root / ".venv" / ("Scripts" if windows else "bin") / (name + ".exe" if windows else name)


def fingerprints(root):
    """A hash of the names and contents of the files of each part."""
    files = [[(str(path), path.read_bytes()) for path in sorted(root.glob(pattern))] for pattern in PARTS]
    return [hashlib.sha256(repr((STAMP_VERSION, part)).encode("utf-8")).hexdigest() for part in files]


def up_to_date(root):
    """How many parts are as the stamp says; none when the environment's Python has gone."""
    stamp = root / STAMP
    written = stamp.read_text(encoding="utf-8").split() if stamp.exists() else []
    same = [old == new for old, new in zip(written, fingerprints(root), strict=False)] + [False]
    return same.index(False) if imports(script(root, "python"), "ssl") else 0


def run_step(root, step, program, options, *last):
    """Run one step of the installation, showing on a terminal the seconds that pass; SetupError when it fails."""
    began, line_end, output = time.monotonic(), "" if sys.stderr.isatty() else "\n", None
    say("  {0}…{1}".format(step, line_end))
    command = [str(part) for part in [program] + options.split() + list(last)]
    child = subprocess.Popen(command, cwd=str(root), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        while output is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                output = child.communicate(timeout=1)[0].decode("utf-8", "replace")
            say("" if line_end else "\r  {0}… {1:.0f} s".format(step, time.monotonic() - began))
    finally:
        child.terminate()  # when it is interrupted
        child.wait()
        say("" if line_end else "\n")
    if child.returncode:
        reason = NO_NETWORK if re.search(NETWORK_SIGNS, output) else STEP_FAILED.format(step)
        detail = ["    {0}\n".format(line.rstrip()[:200]) for line in output.splitlines() if line.strip()][-8:]
        raise SetupError(reason + "".join(["Détail technique :\n"] + detail if detail else []))


def lock(root):
    """What lets one set-up at a time touch ``.venv``: an impatient second launch waits here for the first one."""
    import sqlite3

    path, news = root / ".venv.verrou", "Une installation est déjà en cours : attente de sa fin…\n"
    path.open("ab").close()  # where nothing can be written, the system says so better
    held = sqlite3.connect(str(path), timeout=0)
    while not held.in_transaction:
        try:
            held.execute("BEGIN EXCLUSIVE")  # let go of when the process ends, however it ends
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise OSError(str(error))
            say(news)
            news = ""
            time.sleep(0.5)
    return held


def set_up(root):
    """Make, repair or update ``.venv``; quick and silent when there is nothing to do."""
    if up_to_date(root) == len(PARTS):
        return
    with contextlib.closing(lock(root)):
        whole, began, python, uv = up_to_date(root), time.monotonic(), script(root, "python"), script(root, "uv")
        if whole == len(PARTS):
            return
        say("Préparation de crc-lab (quelques minutes la première fois, avec une connexion à Internet) :\n")
        if whole == 0:  # never finished, moved, made by something else: nothing in it can be relied on
            if not imports(sys.executable, "ensurepip, venv"):
                raise SetupError(NO_VENV)
            run_step(root, "Création de l’environnement de travail (.venv)", sys.executable, "-m venv --clear .venv")
        (root / STAMP).write_text("", encoding="utf-8")
        try:
            if whole < 2 or not uv.exists():
                run_step(root, "Téléchargement de l’installateur", python, PIP, "requirements/amorce.lock")
                run_step(root, "Installation des bibliothèques", uv, SYNC, "requirements/dev.lock", "--python", python)
            run_step(root, "Installation de crc-lab", uv, PROJECT, root, "--python", python)
        except SetupError:  # pip and uv leave the environment whole when they fail: to be updated, not made again
            (root / STAMP).write_text(fingerprints(root)[0], encoding="utf-8")
            raise
        (root / STAMP).write_text("\n".join(fingerprints(root)), encoding="utf-8")
        say("Prêt, en {0:.0f} s.\n".format(time.monotonic() - began))


def main(arguments):
    """Set up, then run ``crc-lab`` in the place of this process (POSIX) or wait for it (Windows); the exit code."""
    import pathlib  # an old Python may lack it

    root = pathlib.Path(__file__).resolve().parent
    if not arguments or arguments[0] in ("-h", "--help", "aide"):
        from crc_lab.__main__ import help_page

        say(help_page("py crc.py" if WINDOWS else "python3 crc.py") + HELP, sys.stdout)
        return 0
    folders = [str(script(root, "python").parent), os.environ.get("PATH", os.defpath)]
    os.environ.update(VIRTUAL_ENV=str(root / ".venv"), PATH=os.pathsep.join(folders))  # where nbgrader finds alembic
    os.environ.pop("PYTHONHOME", None)
    typed = ["py" if WINDOWS else getattr(sys, "orig_argv", ["python3"])[0], sys.argv[0]]  # said again: it has to work
    if arguments[0] != "test":  # the tests type their own commands
        os.environ["CRC_LAB_COMMANDE"] = " ".join('"{0}"'.format(one) if " " in one else one for one in typed)
    os.environ.setdefault("UV_SYSTEM_CERTS", "true")  # a school's proxy may sign with a certificate of its own
    os.environ.setdefault("UV_HTTP_TIMEOUT", "120")
    try:
        set_up(root)
    except (SetupError, OSError, KeyboardInterrupt) as error:
        told = {SetupError: "{0}", KeyboardInterrupt: INTERRUPTED}.get(type(error), NOT_WRITABLE)
        say("\n" + told.format(error, folder=root))
        return 130 if isinstance(error, KeyboardInterrupt) else 1
    command = [str(script(root, "crc-lab"))] + arguments
    if arguments[0] == "test":  # no core waits while another one still has browser tests to run
        os.chdir(str(root))
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # hundreds of commands are started: compiled once
        command = [str(script(root, "python")), "-m", "pytest", "-n", "auto", "--dist", "worksteal"] + arguments[1:]
    if not WINDOWS:
        os.execv(command[0], command)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the command receives Ctrl+C too, and decides how to stop
    return subprocess.call(command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) if sys.version_info >= OLDEST else too_old(sys.version_info))
