"""A real JupyterHub under ``/cahier/``: accounts, Moodle, a teacher, an assessment; then « ramasser » and « corriger ».

On demand (some minutes), in an environment that has the wheel, pytest and playwright::

    pip install "crc_lab-….whl[prof,serveur]" pytest playwright && npm install configurable-http-proxy
    CRC_HUB_PROXY=node_modules/.bin/configurable-http-proxy python -m pytest tests/test_hub_real.py

``CRC_HUB_ELEVE``: an environment with JupyterHub and the student's program, without any key, for the assessment.
``CRC_HUB_IMAGES``: a folder where to leave pictures of the pages.
"""

from __future__ import annotations

import contextlib
import html
import http.server
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

pytest.importorskip("jupyterhub", reason="jupyterhub n’est pas installé : voir le début de ce fichier")
jwt = pytest.importorskip("jwt", reason="ltiauthenticator n’est pas installé : voir le début de ce fichier")
rsa = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.rsa")  # comes with it
sync_api = pytest.importorskip("playwright.sync_api", reason="playwright n’est pas installé")
PROXY = os.environ.get("CRC_HUB_PROXY") or shutil.which("configurable-http-proxy")
CHROMIUM = shutil.which("chromium")
if not PROXY or not CHROMIUM:
    pytest.skip("configurable-http-proxy ou chromium manque : voir le début de ce fichier", allow_module_level=True)
STUDENTS = {"igarnier": "Inès Garnier", "kbenali": "Karim Benali"}
FRONT = ".jp-NotebookPanel:not(.lm-mod-hidden)"
LTI = "https://purl.imsglobal.org/spec/lti/claim/"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Hub:
    """A hub with its own folder, stopped at the end with all its servers."""

    def __init__(self, root: Path, settings: str, **given: object) -> None:
        self.root, self.homes, self.port = root, root / "home", free_port()
        self.url = f"http://127.0.0.1:{self.port}/cahier/"
        arguments = "".join(f", {name}={value!r}" for name, value in given.items())
        (root / "jupyterhub_config.py").write_text(
            f"""
c = get_config()  # noqa
c.JupyterHub.bind_url = {self.url!r}
c.JupyterHub.hub_port = {free_port()}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{free_port()}"
c.ConfigurableHTTPProxy.command = [{str(PROXY)!r}]
c.JupyterHub.db_url = "sqlite:///{root / "hub.sqlite"}"
c.JupyterHub.cookie_secret_file = {str(root / "secret")!r}
{settings}
from crc_lab_hub import configurer
configurer(c, {str(self.homes)!r}, essai=True{arguments})
""",
            encoding="utf-8",
        )
        self.log = root / "hub.log"

    def __enter__(self) -> Hub:
        with self.log.open("wb") as log:
            command = [sys.executable, "-m", "jupyterhub", "-f", "jupyterhub_config.py"]
            environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
            self._process = subprocess.Popen(
                command, cwd=self.root, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        limit = time.monotonic() + 120
        while time.monotonic() < limit and self._process.poll() is None:
            with contextlib.suppress(OSError), urllib.request.urlopen(f"{self.url}hub/health", timeout=2):
                return self
            time.sleep(0.2)
        self.__exit__()
        raise AssertionError(self.log.read_text()[-3000:])

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(120)

    def sheet(self, user: str, activity: str, workbook: str = "cahier-crc") -> dict[str, Any]:
        path = self.homes / user / workbook / activity / f"{activity}.ipynb"
        while not (written := path.read_text("utf-8")):  # JupyterLab is saving it
            time.sleep(0.1)
        found: dict[str, Any] = json.loads(written)["metadata"]["crc_lab"]
        return found


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="fr-FR")
    context.set_default_timeout(90_000)
    yield context.new_page()
    context.close()


def picture(page: Any, name: str) -> None:
    if folder := os.environ.get("CRC_HUB_IMAGES"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def log_in(page: Any, hub: Hub, user: str, password: str = "essai", target: str = "") -> None:
    page.goto(f"{hub.url}hub/login?next={urllib.parse.quote(target)}" if target else hub.url)
    page.fill("#username_input", user)
    page.fill("#password_input", password)
    page.click("#login_submit")


def opened(page: Any) -> str:
    """The document that JupyterLab shows: its address says « lab », or « doc » for one document at a time."""
    return str(page.url).partition("/tree/")[2].partition("?")[0]


def english(page: Any) -> list[str]:
    text = page.inner_text("body")
    return re.findall(r"\b(?:the|your|server|sign|log|please|password|username|error|page not)\b", text, re.IGNORECASE)


def cards(page: Any, least: int = 3) -> None:
    page.wait_for_selector(FRONT)
    ready = (
        "n => document.querySelectorAll('[data-crc-question]').length > n && !document.querySelector('.crc-attente')"
    )
    page.wait_for_function(ready, arg=least)


def answer(page: Any, question: str, text: str) -> Any:
    card = page.locator(f'{FRONT} [data-crc-question="{question}"]')
    card.scroll_into_view_if_needed()
    field = card.locator("input[type=text], textarea").first
    field.fill(text)
    field.press("Tab")
    return card


# --- accounts of the hub ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def dummy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    settings = """
c.JupyterHub.authenticator_class = "dummy"
c.DummyAuthenticator.password = "essai"
c.Authenticator.allow_all = True
"""
    with Hub(tmp_path_factory.mktemp("dummy"), settings, professeurs=["prof"]) as hub:
        yield hub


def test_two_students_work_in_their_own_workbook_and_what_they_did_is_marked(
    dummy: Hub, browser: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    from autograder.cli import main

    for user in STUDENTS:
        context = browser.new_context(viewport={"width": 1366, "height": 768}, locale="fr-FR")
        context.set_default_timeout(90_000)
        page = context.new_page()
        page.goto(dummy.url)
        assert page.evaluate("document.documentElement.lang") == "fr"
        assert not english(page)
        picture(page, "connexion")
        log_in(page, dummy, user, "faux")
        assert "ne vont pas ensemble" in page.inner_text(".alert")
        assert not english(page)
        picture(page, "connexion-refusee")
        started = time.monotonic()
        log_in(page, dummy, user)
        with contextlib.suppress(sync_api.Error):
            page.wait_for_selector("#crc-progress", timeout=10_000)
            assert not english(page)
            picture(page, "attente")
        page.wait_for_selector(FRONT)
        print(f"{user}: {time.monotonic() - started:.1f} s from login to the welcome page")
        assert opened(page) == "00_accueil/00_accueil.ipynb"
        picture(page, "accueil")
        page.goto(f"{dummy.url}user/{user}/lab/tree/01_crc/01_crc.ipynb")
        cards(page)
        card = answer(page, "A1-Q1a", f"les appels entrants et sortants de {user}")
        card.get_by_role("button", name="Vérifier", exact=True).click()
        card.locator(".retour .verdict").first.wait_for()
        answer(page, "A1-Q1a", f"tapé par {user} juste avant de fermer")
        page.wait_for_timeout(150)
        page.goto("about:blank")
        limit = time.monotonic() + 10
        while time.monotonic() < limit:
            saved = dummy.sheet(user, "01_crc")["reponses"].get("A1-Q1a", {}).get("valeur")
            if saved == f"tapé par {user} juste avant de fermer":
                break
            time.sleep(0.2)
        assert saved == f"tapé par {user} juste avant de fermer"
        page.goto(f"{dummy.url}user/{user}/formgrader")
        assert page.locator("main").inner_text().startswith("Cette page n’existe pas")
        context.close()

    roster, homes, remises = tmp_path / "eleves.csv", dummy.homes, tmp_path / "remises"
    rows = (f"{user};{name.split()[1]};{name.split()[0]}\n" for user, name in STUDENTS.items())
    roster.write_text(f"identifiant;Nom;Prénom\n{''.join(rows)}zroux;Roux;Zoé\n", encoding="utf-8")
    assert main(["ramasser", str(homes), "--classe", str(roster), "--sortie", str(remises)]) == 0
    said = capsys.readouterr().out
    assert "2 sur 3" in said
    assert sorted(path.relative_to(remises).as_posix() for path in remises.rglob("*.ipynb")) == [
        f"{user}/01_crc/01_crc.ipynb" for user in STUDENTS
    ]
    assert main(["corriger", str(remises), "--classe", str(roster), "--sortie", str(tmp_path / "resultats")]) == 0
    results = json.loads((tmp_path / "resultats/resultats.json").read_bytes())
    assert {one["eleve"]["identifiant"]: one["activite"] for one in results["copies"]} == dict.fromkeys(
        STUDENTS, "01_crc"
    )
    assert not results["rejets"]


def test_nobody_reads_the_server_of_somebody_else(dummy: Hub, page: Any):
    log_in(page, dummy, "kbenali", target="/cahier/user/igarnier/lab")
    page.wait_for_selector("h1")
    assert page.inner_text("h1") in ("Cette page est fermée", "Cette page n’existe pas")
    assert not english(page)
    picture(page, "fermee")


def test_a_teacher_has_all_of_jupyterlab_and_the_formgrader(dummy: Hub, page: Any, tmp_path: Path):
    from autograder.cli import main

    roster = tmp_path / "eleves.csv"
    roster.write_text("identifiant;Nom;Prénom\nigarnier;Garnier;Inès\n", encoding="utf-8")
    prepared = dummy.homes / "prof" / "evaluation"
    prepared.parent.mkdir(parents=True)
    arguments = ["--classe", str(roster), "--sortie", str(prepared), "--activites", "6"]
    assert main(["preparer", *arguments]) == 0
    log_in(page, dummy, "prof")
    page.wait_for_url("**/formgrader**")
    page.wait_for_selector("text=06_scorer")
    picture(page, "formgrader")
    page.goto(f"{dummy.url}user/prof/lab")
    page.wait_for_selector(".lm-MenuBar-itemLabel")
    menus = page.locator(".lm-MenuBar-itemLabel").all_inner_texts()
    assert "Fichier" in menus
    assert not (dummy.homes / "prof" / "cahier-crc").exists()


def test_a_workbook_that_cannot_be_made_is_said_in_french(dummy: Hub, page: Any):
    (dummy.homes / "lou").mkdir(parents=True)
    (dummy.homes / "lou" / "cahier-crc").write_text("un fichier", encoding="utf-8")
    log_in(page, dummy, "lou")
    page.wait_for_selector("[role=alert]")
    assert "est un fichier, à la place d’un dossier" in page.inner_text("main")
    assert not english(page)
    picture(page, "echec")


# --- accounts that students make --------------------------------------------------------------------------------------


def test_students_make_their_account_and_wait_for_the_teacher(page: Any, tmp_path: Path):
    settings = """
c.JupyterHub.authenticator_class = "native"
c.NativeAuthenticator.open_signup = False
c.NativeAuthenticator.minimum_password_length = 8
c.Authenticator.admin_users = {"prof"}
c.Authenticator.allow_all = True
"""

    def sign_up(user: str, again: str = "une phrase longue") -> str:
        page.goto(f"{hub.url}hub/signup")
        assert not english(page)
        page.fill("#username_input", user)
        page.fill("#password_input", "une phrase longue")
        page.fill("#password_confirmation_input", again)
        page.click("#signup_submit")
        assert not english(page)
        return str(page.inner_text(".alert"))

    with Hub(tmp_path, settings) as hub:
        assert "n’a pas été créé" in sign_up("igarnier", "une autre")
        assert "quand votre professeur l’aura acceptée" in sign_up("igarnier")
        picture(page, "compte")
        log_in(page, hub, "igarnier", "une phrase longue")
        assert "n’a pas encore accepté ce compte" in page.inner_text(".alert")
        picture(page, "compte-refuse")
        assert "Votre compte est prêt" in sign_up("prof")
        log_in(page, hub, "prof", "une phrase longue", "/cahier/hub/authorize")
        page.goto(f"{hub.url}hub/authorize/igarnier")
        page.goto(f"{hub.url}hub/logout")
        assert not english(page)
        log_in(page, hub, "igarnier", "une phrase longue")
        page.wait_for_selector(FRONT)
        assert hub.sheet("igarnier", "01_crc")["activite"] == "01_crc"


# --- from Moodle ------------------------------------------------------------------------------------------------------


class Moodle(http.server.ThreadingHTTPServer):
    """The platform of an LTI 1.3 launch: login initiation, id_token (RS256), JWKS; ``forged``: with another key."""

    users: ClassVar = {"42": ("Inès Garnier", "igarnier"), "43": ("Karim Benali", "kbenali")}

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Page)
        self.url, self.hub, self.forged = f"http://127.0.0.1:{self.server_port}", "", False
        self.key, self.other = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
        known = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        self.keys = {"keys": [known | {"kid": "k1", "alg": "RS256", "use": "sig"}]}

    def token(self, user: str, nonce: str) -> str:
        name, login = self.users[user]
        first, last = name.split()
        now = int(time.time())
        content = {
            "iss": self.url, "aud": "cahier", "sub": user, "nonce": nonce, "iat": now, "exp": now + 300,
            "jti": uuid.uuid4().hex, "name": name, "given_name": first, "family_name": last,
            "email": f"{login}@lycee.example", f"{LTI}version": "1.3.0", f"{LTI}deployment_id": "1",
            f"{LTI}message_type": "LtiResourceLinkRequest", f"{LTI}target_link_uri": self.target,
            f"{LTI}roles": ["http://purl.imsglobal.org/vocab/lis/v2/membership#Learner"],
            f"{LTI}resource_link": {"id": "7", "title": "Activité 1"}, f"{LTI}custom": {"login": login},
            f"{LTI}context": {"id": "3", "label": "NDRC1", "title": "BTS NDRC", "type": ["CourseSection"]},
        }  # fmt: skip
        key = self.other if self.forged else self.key
        return str(jwt.encode(content, key, algorithm="RS256", headers={"kid": "k1"}))

    @property
    def target(self) -> str:
        return f"{self.hub}hub/user-redirect/lab/tree/01_crc/01_crc.ipynb"


class _Page(http.server.BaseHTTPRequestHandler):
    server: Moodle

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        url = urllib.parse.urlsplit(self.path)
        asked = dict(urllib.parse.parse_qsl(url.query))
        moodle = self.server
        if url.path == "/mod/lti/certs.php":
            self._send(json.dumps(moodle.keys), "application/json")
        elif url.path == "/mod/lti/auth.php":
            token = moodle.token(asked["login_hint"], asked["nonce"])
            self._form(asked["redirect_uri"], {"state": asked["state"], "id_token": token})
        elif url.path == "/mod/lti/launch.php":
            given = {"iss": moodle.url, "login_hint": asked["u"], "client_id": "cahier", "lti_message_hint": "7"}
            self._form(f"{moodle.hub}hub/lti13/oauth_login", given | {"target_link_uri": moodle.target})
        else:
            self.send_error(404)

    def _form(self, action: str, fields: dict[str, str]) -> None:
        inputs = "".join(f'<input name="{name}" value="{html.escape(value)}">' for name, value in fields.items())
        self._send(f'<form id="f" method="post" action="{action}">{inputs}</form><script>f.submit()</script>')

    def _send(self, text: str, kind: str = "text/html") -> None:
        raw = text.encode()
        self.send_response(200)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)


def test_moodle_opens_the_activity_in_the_account_of_each_student(browser: Any, tmp_path: Path):
    moodle = Moodle()
    threading.Thread(target=moodle.serve_forever, daemon=True).start()
    with Hub(tmp_path, "", moodle=moodle.url, client="cahier") as hub:
        moodle.hub = hub.url
        for number, (_, login) in moodle.users.items():
            context = browser.new_context(locale="fr-FR")
            context.set_default_timeout(90_000)
            page = context.new_page()
            page.goto(hub.url)
            assert "s’ouvre depuis votre cours, dans Moodle" in page.inner_text("main")
            picture(page, "moodle")
            started = time.monotonic()
            page.goto(f"{moodle.url}/mod/lti/launch.php?u={number}")
            cards(page)
            print(f"{login}: {time.monotonic() - started:.1f} s from Moodle to the cards")
            assert (f"/user/{login}/" in page.url, opened(page)) == (True, "01_crc/01_crc.ipynb")
            assert hub.sheet(login, "01_crc")["activite"] == "01_crc"
            context.close()
        moodle.forged = True
        page = browser.new_page()
        page.goto(f"{moodle.url}/mod/lti/launch.php?u=42")
        page.wait_for_selector("h1")
        assert page.inner_text("h1").startswith("Cette page")
        assert not english(page)
        page.close()
    moodle.shutdown()


# --- an assessment ----------------------------------------------------------------------------------------------------


@pytest.mark.skipif("CRC_HUB_ELEVE" not in os.environ, reason="CRC_HUB_ELEVE : un environnement sans corrigé")
def test_an_assessment_runs_on_a_program_that_has_no_key(page: Any, tmp_path: Path):
    from autograder.cli import main

    roster = tmp_path / "eleves.csv"
    roster.write_text("identifiant;Nom;Prénom\nigarnier;Garnier;Inès\n", encoding="utf-8")
    main(["preparer", "--classe", str(roster), "--sortie", str(tmp_path / "evaluation"), "--activites", "1"])
    given = os.environ["CRC_HUB_ELEVE"]
    assert not list(Path(given).rglob("corrige.toml"))
    settings = 'c.JupyterHub.authenticator_class = "dummy"\nc.Authenticator.allow_all = True'
    subject = str(tmp_path / "evaluation/sujets/01_crc.zip")
    (tmp_path / "hub").mkdir()
    with Hub(tmp_path / "hub", settings, eleves=given, sujets=[subject]) as hub:
        log_in(page, hub, "igarnier")
        cards(page, 2)
        assert opened(page) == "01_crc/01_crc.ipynb"
        answer(page, "A1-Q1a", "les appels entrants et sortants")
        picture(page, "epreuve")
        page.wait_for_timeout(3_000)
        sheet = hub.sheet("igarnier", "01_crc", "sujet-crc")
        assert sheet["edition"] == "evaluation"
        assert sheet["reponses"]["A1-Q1a"]["valeur"] == "les appels entrants et sortants"
        remises, results = tmp_path / "remises", tmp_path / "resultats"
        assert main(["ramasser", str(hub.homes), "--classe", str(roster), "--sortie", str(remises)]) == 0
        assert (
            main(["corriger", str(remises), "--preparation", str(tmp_path / "evaluation"), "--sortie", str(results)])
            == 0
        )
        (copy,) = json.loads((results / "resultats.json").read_bytes())["copies"]
        assert copy["eleve"]["identifiant"] == "igarnier"
        assert "provisoire" not in copy
