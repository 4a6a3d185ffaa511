# -*- coding: utf-8 -*-
"""From a bare machine to a running crc-lab, with Python alone: ``python3 crc.py ouvrir``, ``python3 crc.py test``.

The first run makes ``.venv``, installs the locked and hashed versions of ``requirements/dev.lock`` in it, then the
project itself as an editable install. A stamp in ``.venv`` tells the next runs that there is nothing to do: they need
no network.

This one file is written in syntax that Python 2.7 can parse (no f-strings, no annotations), so that an old Python shows
a sentence and not a SyntaxError. Everything after the version check may use today's standard library.
"""

from __future__ import print_function, unicode_literals

import sys
import unicodedata

OLDEST = (3, 11)

HELP = """\
crc-lab : le cahier d’exercices interactif du BTS NDRC (étude de cas Marielle Nature).

  {python} crc.py ouvrir [DOSSIER]        ouvrir le cahier dans JupyterLab (par défaut dans le dossier cahier-crc)
  {python} crc.py demo                    essayer la correction sur une classe inventée
  {python} crc.py preparer --classe FICHIER --sortie DOSSIER
                                         préparer une évaluation : sujets sans corrigé, corrigés, cours nbgrader
  {python} crc.py corriger ENTRÉE… --sortie DOSSIER
                                         corriger des copies (le ZIP de Moodle, un dossier, des fichiers .ipynb) ; les
                                         suivantes s’ajoutent aux précédentes
  {python} crc.py purger DOSSIER… --conservation DURÉE
                                         effacer les données d’une classe, une fois leur conservation finie
  {python} crc.py construire [--check]    fabriquer les notebooks à partir de leurs sources
  {python} crc.py test [OPTIONS]          lancer tous les contrôles du projet

La première fois, les bibliothèques sont installées dans le dossier .venv du projet (connexion à Internet nécessaire,
quelques minutes). Les fois suivantes, tout démarre tout de suite, même hors connexion.

« {python} crc.py COMMANDE --help » décrit une commande.
"""

TOO_OLD = """\
crc-lab a besoin de Python {oldest} ou plus récent ; vous avez lancé Python {found}.
{remedy}
(crc-lab needs Python {oldest} or later; this is Python {found}.)
"""

NO_VENV = """\
Il manque à votre Python le module « {module} », qui sert à créer un environnement de travail.
  Debian, Ubuntu, Mint :  sudo apt install python3-venv
  autres systèmes :       réinstallez Python depuis python.org
Puis relancez la même commande.
(Your Python lacks the “{module}” module. On Debian or Ubuntu: sudo apt install python3-venv)
"""

NO_NETWORK = """\
L’installation n’a pas pu télécharger les bibliothèques : le réseau ne répond pas, ou refuse la connexion.
  1. Vérifiez que l’ordinateur est connecté à Internet, puis relancez la même commande : ce qui a déjà été
     téléchargé ne le sera pas deux fois.
  2. Au lycée, un serveur mandataire (proxy) est peut-être obligatoire : demandez son adresse, et donnez-la dans la
     variable HTTPS_PROXY. Si l’établissement a son propre miroir de paquets Python : PIP_INDEX_URL et UV_DEFAULT_INDEX.
"""

STEP_FAILED = """\
L’installation s’est arrêtée à l’étape « {step} ».
Relancez la même commande ; si l’arrêt se répète, supprimez le dossier .venv, puis recommencez.
"""

NOT_WRITABLE = """\
Le dossier {folder} n’est pas modifiable : crc-lab ne peut pas y préparer son environnement de travail.
Copiez le projet dans un dossier à vous (par exemple Documents), puis recommencez.
Détail : {detail}
"""

INTERRUPTED = "Installation interrompue. Relancez la même commande pour la terminer.\n"


def say(text, stream=None):
    """Write ``text`` to standard error, without its accents where an old terminal cannot show them."""
    stream = stream or sys.stderr
    encoding = getattr(stream, "encoding", None) or "ascii"
    try:
        raw = text.encode(encoding)
    except UnicodeError:
        plain = unicodedata.normalize("NFKD", text.replace("\u2019", "'").replace("\u0153", "oe"))
        raw = "".join(char for char in plain if not unicodedata.combining(char)).encode(encoding, "replace")
    stream.write(raw if str is bytes else raw.decode(encoding))
    stream.flush()


def dotted(version):
    """``(3, 9, 2)`` -> ``"3.9.2"``."""
    return ".".join(str(number) for number in version)


def too_old_message(version, newer=None):
    """What to say to someone who started Python ``version``; ``newer``: a recent enough Python found here."""
    remedy = "Installez une version récente (python.org, ou votre système), puis relancez la même commande."
    if newer:
        remedy = "Un Python plus récent est installé ici : remplacez le premier mot de la commande par {0}."
    return TOO_OLD.format(oldest=dotted(OLDEST), found=dotted(version[:3]), remedy=remedy.format(newer))


def newer_python():
    """The name of a recent enough Python that starts on this machine, or None."""
    import subprocess

    try:
        from shutil import which
    except ImportError:  # Python 2
        from distutils.spawn import find_executable as which
    for minor in range(20, OLDEST[1] - 1, -1):
        path = which("python3.{0}".format(minor))
        try:
            if path and subprocess.call([path, "-c", "import venv"], stderr=subprocess.PIPE) == 0:
                return "python3.{0}".format(minor)
        except OSError:
            continue
    return None


if __name__ == "__main__" and sys.version_info < OLDEST:
    say(too_old_message(sys.version_info, newer_python()))
    sys.exit(1)


# The version check comes first: an old Python has not all of these.
import contextlib
import hashlib
import importlib.util
import json
import os
import pathlib
import re
import subprocess
import tempfile
import time

WINDOWS = os.name == "nt"
ROOT = pathlib.Path(__file__).resolve().parent
STAMP_VERSION = 1  # to be raised when the installation itself changes: every existing .venv is then brought up to date
NETWORK_SIGNS = re.compile(
    r"error sending request|dns error|failed to fetch|failed to download|connection (refused|reset|aborted|error)"
    r"|timed? ?out|timeout|unreachable|newconnectionerror|name resolution|getaddrinfo|proxyerror|tunnel error"
    r"|certificate|\bssl\b|\btls\b|could not fetch url|could not find a version that satisfies the requirement uv==",
    re.IGNORECASE,
)


class SetupError(Exception):
    """The working environment cannot be made; the message is for the person in front of the screen."""


# --- where things are -----------------------------------------------------------------------------------------------


def scripts_folder(venv, windows=WINDOWS):
    """The folder of the commands of a virtual environment."""
    return venv / ("Scripts" if windows else "bin")


def script(venv, name, windows=WINDOWS):
    """The path of one command of a virtual environment: ``python``, ``uv``, ``crc-lab``…"""
    return scripts_folder(venv, windows) / (name + ".exe" if windows else name)


def child_environment(venv, environ, windows=WINDOWS):
    """The environment variables for a command of ``venv``, as if activated (nbgrader looks for alembic on PATH)."""
    child = {name: value for name, value in environ.items() if name.upper() != "PYTHONHOME"}
    path_name = next((name for name in child if name.upper() == "PATH"), "PATH")
    separator = ";" if windows else ":"
    child[path_name] = separator.join(
        part for part in (str(scripts_folder(venv, windows)), child.get(path_name)) if part
    )
    child["VIRTUAL_ENV"] = str(venv)
    return child


# --- is there anything to do? ---------------------------------------------------------------------------------------


def library_files(root):
    """What decides which libraries are installed."""
    return [root / "requirements" / "amorce.lock", root / "requirements" / "dev.lock"]


def project_files(root):
    """What an editable install copies: project metadata, JupyterLab extension; the code is read in place."""
    extension = (path for path in (root / "crc_lab" / "lab" / "labextension" / "crc-lab").rglob("*") if path.is_file())
    return [root / "pyproject.toml"] + sorted(extension)


def fingerprint(root, files):
    """A hash of the names and contents of these files of the project."""
    digest = hashlib.sha256()
    for path in files:
        content = path.read_bytes()
        digest.update("{0}:{1}\n".format(path.relative_to(root).as_posix(), len(content)).encode("utf-8"))
        digest.update(content)
    return digest.hexdigest()


def venv_version(venv):
    """``"3.12"`` as ``pyvenv.cfg`` says, or None when the environment is not usable (its Python is gone, too old…)."""
    try:
        lines = (venv / "pyvenv.cfg").read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeError):
        return None
    values = {name.strip(): value.strip() for name, _, value in (line.partition("=") for line in lines)}
    found = re.match(r"(\d+)\.(\d+)", values.get("version") or values.get("version_info") or "")
    if not found or not script(venv, "python").exists() or not os.path.isdir(values.get("home", "")):
        return None
    return found.group(0) if tuple(map(int, found.groups())) >= OLDEST else None


def wanted_stamp(root, venv):
    """What the stamp must say for the set-up to be skipped."""
    return {
        "version": STAMP_VERSION,
        "dossier": str(venv),
        "python": venv_version(venv),
        "bibliotheques": fingerprint(root, library_files(root)),
        "projet": fingerprint(root, project_files(root)),
    }


def stamp_path(venv):
    """The stamp is written last: its presence means that the installation went to its end."""
    return venv / "crc-lab.json"


def read_stamp(venv):
    """The stamp's content, or an empty dict."""
    try:
        stamp = json.loads(stamp_path(venv).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(venv, stamp):
    """Write the stamp in one go, so that it is never half there."""
    draft = stamp_path(venv).with_suffix(".tmp")
    draft.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    os.replace(str(draft), str(stamp_path(venv)))


def is_ready(root, venv):
    """True when the installation is complete and up to date."""
    return (
        venv_version(venv) is not None
        and read_stamp(venv) == wanted_stamp(root, venv)
        and script(venv, "crc-lab").exists()
    )


# --- making it ------------------------------------------------------------------------------------------------------


def missing_module():
    """The standard module that this Python lacks to make an environment (Debian ships them apart), or None."""
    for name in ("venv", "ensurepip"):
        if importlib.util.find_spec(name) is None:
            return name
    return None


def pinned_version(root):
    """The version of uv that ``amorce.lock`` pins."""
    found = re.search(r"^uv==(\S+)", (root / "requirements" / "amorce.lock").read_text(encoding="utf-8"), re.MULTILINE)
    if not found:
        raise SetupError("Le fichier requirements/amorce.lock est abîmé : téléchargez à nouveau le projet.\n")
    return found.group(1)


def output_of(command):
    """What a small command prints, or "" when it cannot run or fails."""
    try:
        done = subprocess.run(
            [str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=60
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else ""


def failure_message(step, output):
    """The message for a step that failed, from what its tool printed."""
    reason = NO_NETWORK if NETWORK_SIGNS.search(output) else STEP_FAILED.format(step=step)
    detail = [line.rstrip()[:200] for line in output.splitlines() if line.strip()][-8:]
    return reason + ("Détail technique :\n" + "".join("    {0}\n".format(line) for line in detail) if detail else "")


def run_step(step, command, environ):
    """Run one step of the installation, showing on a terminal the seconds that pass; SetupError when it fails."""
    shown = sys.stderr.isatty()
    began = time.monotonic()
    say("  {0}…{1}".format(step, "" if shown else "\n"))
    with tempfile.TemporaryFile() as log:
        child = subprocess.Popen(
            [str(part) for part in command],
            cwd=str(ROOT),
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            while child.poll() is None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    child.wait(timeout=1)
                if shown:
                    say("\r  {0}… {1:.0f} s".format(step, time.monotonic() - began))
        except BaseException:
            child.terminate()
            child.wait()
            raise
        finally:
            if shown:
                say("\n")
        if child.returncode:
            log.seek(0)
            raise SetupError(failure_message(step, log.read().decode("utf-8", "replace")))


def install_steps(root, venv, has_libraries, has_uv, windows=WINDOWS):
    """The (title, command) pairs that bring a working environment to the locked state.

    ``has_libraries``: only the project has changed; its step needs no network, that of the libraries always does.
    """
    python, uv, locks = script(venv, "python", windows), script(venv, "uv", windows), root / "requirements"
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--no-user"]
    sync = [uv, "pip", "sync", "--quiet", "--python", python, "--require-hashes", "--compile-bytecode"]
    project = [uv, "pip", "install", "--quiet", "--python", python, "--offline", "--no-deps", "--no-build-isolation"]
    steps = []
    if not has_uv:
        bootstrap = pip + ["--no-deps", "--require-hashes", "-r", locks / "amorce.lock"]
        steps.append(("Téléchargement de l’installateur", bootstrap))
    if not has_libraries:
        steps.append(("Installation des bibliothèques", sync + [locks / "dev.lock"]))
    steps.append(("Installation de crc-lab", project + ["--reinstall-package", "crc-lab", "--editable", root]))
    return steps


@contextlib.contextmanager
def alone(root):
    """Let one set-up at a time touch ``.venv``: an impatient second launch waits for the first one."""
    with open(str(root / ".venv.verrou"), "a+b") as handle:
        waiting = False
        while True:
            try:
                lock_file(handle)
                break
            except OSError:
                if not waiting:
                    say("Une installation est déjà en cours : attente de sa fin…\n")
                waiting = True
                time.sleep(0.5)
        yield  # closing the file, or the end of the process, lets go of the lock


def lock_file(handle):
    """Take the lock on an open file or raise OSError at once."""
    if WINDOWS:
        import msvcrt

        handle.seek(0)
        msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def works(venv):
    """True when the environment's Python is recent enough and starts."""
    return venv_version(venv) is not None and bool(output_of([script(venv, "python"), "-c", "import ssl; print(ssl)"]))


def make_venv(venv, environ):
    """Make ``.venv`` anew with the Python that runs this file."""
    module = missing_module()
    if module:
        raise SetupError(NO_VENV.format(module=module))
    command = [sys.executable, "-m", "venv", "--clear", venv]
    run_step("Création de l’environnement de travail (.venv)", command, environ)


def set_up(root, venv, environ):
    """Make, repair or update the environment; quick and silent when there is nothing to do."""
    if is_ready(root, venv):
        return
    with alone(root):
        if is_ready(root, venv):
            return
        began = time.monotonic()
        say("Préparation de crc-lab (quelques minutes la première fois, avec une connexion à Internet) :\n")
        environ = dict(environ)
        environ.setdefault("UV_SYSTEM_CERTS", "true")  # a school's proxy may sign with a certificate of its own
        environ.setdefault("UV_HTTP_TIMEOUT", "120")
        before = read_stamp(venv)
        if before.get("dossier") != str(venv) or not works(venv):
            # never finished, moved from another folder, or made by something else: nothing in it can be relied on
            make_venv(venv, environ)
            before = {}
        with contextlib.suppress(FileNotFoundError):
            stamp_path(venv).unlink()
        has_uv = output_of([script(venv, "uv"), "--version"]).split()[1:2] == [pinned_version(root)]
        has_libraries = has_uv and before.get("bibliotheques") == wanted_stamp(root, venv)["bibliotheques"]
        try:
            for step, command in install_steps(root, venv, has_libraries, has_uv):
                run_step(step, command, child_environment(venv, environ))
        except SetupError:
            if before:  # whole when uv began, and uv leaves it whole when it fails: to be updated, not made again
                write_stamp(venv, {"dossier": str(venv)})
            raise
        write_stamp(venv, wanted_stamp(root, venv))
        say("Prêt, en {0:.0f} s.\n".format(time.monotonic() - began))


# --- running the command --------------------------------------------------------------------------------------------


def command_line(arguments, venv, windows=WINDOWS):
    """The command that ``crc.py arguments`` stands for: ``test`` is pytest (all cores), the rest is for ``crc-lab``."""
    if arguments[0] == "test":
        shared = ["-n", "auto", "--dist", "worksteal"]  # no core waits while another one still has browser tests to run
        return [str(script(venv, "python", windows)), "-m", "pytest"] + shared + arguments[1:]
    return [str(script(venv, "crc-lab", windows))] + arguments


def run(command, environ):
    """Run the command in the place of this process (POSIX) or wait for it (Windows); the exit code is its own."""
    sys.stdout.flush()
    sys.stderr.flush()
    if not WINDOWS:
        os.execve(command[0], command, environ)
    child = subprocess.Popen(command, env=environ)
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:  # the child received it too, and decides how to stop
            continue


def main(arguments):
    """Set up, then run; the exit code."""
    if not arguments or arguments[0] in ("-h", "--help", "aide"):
        say(HELP.format(python="py" if WINDOWS else "python3"), sys.stdout)
        return 0
    venv = ROOT / ".venv"
    try:
        set_up(ROOT, venv, os.environ)
    except SetupError as error:
        say("\n{0}".format(error))
        return 1
    except OSError as error:
        say("\n" + NOT_WRITABLE.format(folder=ROOT, detail=error))
        return 1
    except KeyboardInterrupt:
        say("\n" + INTERRUPTED)
        return 130
    if arguments[0] == "test":
        os.chdir(str(ROOT))
    return run(command_line(arguments, venv), child_environment(venv, os.environ))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
