"""The site, by its pieces: Pyodide's list, what changes for any host, no key, what a host does wrong, the first page.

None of this needs JupyterLite nor the network; the whole is built and worked in by ``tests/e2e/test_site.py``.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from autograder.cli import main as crc_lab
from autograder.prepare.content import activity_content, archive
from autograder.prepare.leaks import LeakFound
from autograder.site import ahead, check, host, lite, page
from autograder.site.command import make_site
from autograder.site.lock import entry, normal, write_lock
from autograder.site.parts import PYODIDE_FILES, SiteProblem, parts
from autograder.site.published import Given, problems
from autograder.site.wheel import NAME, packed, read_subject, subject_wheel, training_wheel, without, zipped
from crc_lab.core.bank import load_activity
from crc_lab.core.errors import CrcError
from crc_lab.core.resources import activity_folder, activity_ids, datasets_folder

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def subject(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A subject as « preparer » gives it to students."""
    path = tmp_path_factory.mktemp("sujets") / "06_scorer.zip"
    path.write_bytes(archive("06_scorer", activity_content("06_scorer", "essai").files))
    return path


def wheel(folder: Path, name: str, requires: tuple[str, ...] = (), tag: str = "py3-none-any") -> Path:
    lines = ["Metadata-Version: 2.1", f"Name: {name}", "Version: 1.0", *(f"Requires-Dist: {one}" for one in requires)]
    path = folder / f"{name}-1.0-{tag}.whl"
    with zipfile.ZipFile(path, "w") as archive_:
        archive_.writestr(f"{name}/__init__.py", "")
        archive_.writestr(f"{name}-1.0.dist-info/METADATA", "\n".join([*lines, ""]))
    return path


# --- Pyodide's list ---------------------------------------------------------------------------------------------------


def test_the_list_names_each_wheel_its_hash_and_what_it_needs(tmp_path: Path) -> None:
    (tmp_path / "pyodide-lock.json").write_text(json.dumps({"info": {"abi": "x"}, "packages": {"numpy": {}}}))
    one = wheel(tmp_path, "one", ("Two_x>=1", "jedi", "windows ; sys_platform == 'win32'", "docs ; extra == 'all'"))
    wheel(tmp_path, "two_x")
    assert write_lock(tmp_path) == ["one", "two-x"]
    lock = json.loads((tmp_path / "pyodide-lock.json").read_text())
    assert lock["info"] == {"abi": "x"}
    assert set(lock["packages"]) == {"one", "two-x"}, "what only an index has is not in the list"
    found = lock["packages"]["one"]
    assert found["sha256"] == hashlib.sha256(one.read_bytes()).hexdigest()
    assert (found["depends"], found["imports"]) == (["two-x"], ["one"])
    write_lock(tmp_path, ["one"])
    (found,) = json.loads((tmp_path / "pyodide-lock.json").read_text())["packages"].values()
    assert found["depends"] == [], "the other one comes by another way"


def test_a_wheel_that_is_not_pure_or_asks_for_what_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SiteProblem, match="il lui manque « numpy »"):
        entry(wheel(tmp_path, "one", ("numpy>=2",)), ["one"])
    with pytest.raises(SiteProblem, match="pas en Python pur"):
        entry(wheel(tmp_path, "two", tag="cp314-cp314-win_amd64"), ["two"])


def test_what_no_page_needs_of_a_wheel_is_left_behind() -> None:
    needed = [
        "pygments/lexer.py", "pygments/lexers/__init__.py", "pygments/lexers/_mapping.py", "pygments/lexers/python.py",
        "anywidget/__init__.py", "anywidget-1.dist-info/METADATA", "one/labextension.py",
    ]  # fmt: skip
    left = [
        "pygments/lexers/rust.py", "pygments/lexers/_lua_builtins.py", "anywidget/nbextension/index.js",
        "anywidget-1.data/data/share/jupyter/labextensions/x.js", "ipywidgets/widgets/tests/data/logo.png",
    ]  # fmt: skip
    content = zipped(dict.fromkeys((*needed, *left), b"x"))
    assert sorted(inside(without(content, lite._UNUSED))) == sorted(needed)


def test_the_locks_pin_what_the_two_sides_share_at_the_same_version() -> None:
    def pins(name: str) -> dict[str, str]:
        return dict(re.findall(r"(?m)^([a-z0-9.-]+)==([^ ]+)", (ROOT / "requirements" / name).read_text("utf-8")))

    built, given = pins("site.lock"), pins("navigateur.lock")
    assert {"jupyterlite-core", "jupyterlite-pyodide-kernel", "jupyterlab-language-pack-fr-fr"} <= set(built)
    for name in ("anywidget", "ipywidgets"):
        assert built[name] == given[name], f"{name}: the page and Python speak the same version"
    assert not {"numpy", "pandas", "matplotlib"} & set(given), "they have no pure wheel"


def test_another_pyodide_is_refused_and_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograder.site.parts._kept", lambda place, *_: place)
    with pytest.raises(SiteProblem, match=r"il y manque pyodide\.mjs"):
        parts(tmp_path)
    for name in PYODIDE_FILES:
        (tmp_path / name).touch()
    (tmp_path / "package.json").write_text('{"version": "0.1"}')
    with pytest.raises(SiteProblem, match=r"c’est Pyodide 0\.1"):
        parts(tmp_path)


# --- any host ---------------------------------------------------------------------------------------------------------

MAIN = (
    'a="pyodide.asm.mjs";b=fetch("pyodide.asm.wasm");c="python_stdlib.zip";'
    "n?l=await WebAssembly.instantiateStreaming(n,s):l=await WebAssembly.instantiate(await t,s)"
)


LATER = "0-codes.csv"


def built(site: Path, main: str = MAIN) -> Path:
    """A site as JupyterLite leaves it, with small files."""
    folder = site / lite.PYODIDE_FOLDER
    folder.mkdir(parents=True)
    for name in PYODIDE_FILES:
        (folder / name).write_text(f"{name} itself")
    (folder / "pyodide.mjs").write_text(main)
    wheel(folder, "one")
    (folder / "pyodide-lock.json").write_text("{}")
    write_lock(folder)
    for name in (NAME, ahead.LIBRARIES, LATER):
        (folder / name).write_bytes(packed({name: b""}))
    workers = site / host.WORKERS
    workers.mkdir(parents=True)
    (workers / "comlink.worker.0123.js").write_text("addEventListener")
    config = lite._config([], "essai")
    (site / "jupyter-lite.json").write_text(json.dumps(config))
    (site / "lab").mkdir()
    (site / "lab/index.html").write_text(f"<!-- x --><html><head>{host._TITLE}</head>{' '.join(host._SAID)}</html>")
    (site / "service-worker.js").write_text("self")
    return site


def test_no_file_type_is_left_that_a_host_may_not_know_and_names_follow_the_content(tmp_path: Path) -> None:
    site = built(tmp_path / "site")
    started = host.fit_any_host(site, {"crc_lab/_cahier/codes.csv": LATER})
    names = {path.name for path in (site / lite.PYODIDE_FOLDER).iterdir()}
    assert {Path(name).suffix for name in names} == {".js", ".wasm", ".zip", ".json", ".csv"}
    assert all(re.search(r"-[0-9a-f]{8}\.\w+$", name) for name in names)
    assert not (site / "service-worker.js").exists()
    kernel = json.loads((site / "jupyter-lite.json").read_text())["jupyter-config-data"]["litePluginSettings"][
        lite.KERNEL
    ]
    folder = site / lite.PYODIDE_FOLDER
    entry_, lock = (Path(name).name for name in (kernel["pyodideUrl"], kernel["loadPyodideOptions"]["lockFileURL"]))
    (main,) = (name for name in names if name.startswith("pyodide-") and name.endswith(".js"))
    text = {name: (folder / name).read_text() for name in (main, lock, started, entry_)}
    assert "=await __crcCode(n,s)" in text[main]
    told = {*re.findall(r'"(py[^"]+\.\w+)"', text[main]), entry_, started, lock, main}
    told |= {one["file_name"] for one in json.loads(text[lock])["packages"].values()}
    told |= set(re.findall(r'"([\w.-]+-[0-9a-f]{8}\.(?:zip|csv))"', text[started]))
    assert told == names, "each name is that of a file"
    assert f'"./{main}"' in text[started]
    assert f'"./{started}"' in text[entry_]
    first = page.fetching_early("<head></head>", site)
    early = re.findall(r'<link rel="prefetch" href="([^"]+)">', first)
    assert len(early) == 4
    assert all((site / name).is_file() for name in early)
    assert "</head>" in first
    (worker,) = re.findall(r'import "([^"]+worker[^"]+)"', text[entry_])
    assert (folder / worker).is_file()
    page_ = (site / "lab/index.html").read_text()
    assert "JupyterLite" not in page_
    assert "Ouverture du cahier…" in page_
    assert entry_ in page_
    assert Path(worker).name in page_
    check.write_manifest(site)


@pytest.mark.parametrize("gone", ["pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "instantiateStreaming"])
def test_a_pyodide_that_has_changed_stops_the_build(tmp_path: Path, gone: str) -> None:
    with pytest.raises(SiteProblem, match="Pyodide"):
        host.fit_any_host(built(tmp_path / "site", MAIN.replace(gone, "other")), {})


def test_settings_that_name_another_place_are_refused(tmp_path: Path) -> None:
    site = built(tmp_path / "site")
    (site / "index.html").write_text('<a href="https://moodle.example/devoir">rendre</a>')
    with pytest.raises(SiteProblem, match="une adresse d’ailleurs s’y trouve"):
        check.nothing_from_elsewhere(site)
    check.nothing_from_elsewhere(site, "https://moodle.example/devoir")
    config = json.loads((site / "jupyter-lite.json").read_text())
    config["jupyter-config-data"]["litePluginSettings"][lite.KERNEL]["disablePyPIFallback"] = False
    (site / "jupyter-lite.json").write_text(json.dumps(config))
    with pytest.raises(SiteProblem, match="Python n’y vient pas du site"):
        check.nothing_from_elsewhere(site, "https://moodle.example/devoir")


# --- what is in the wheels --------------------------------------------------------------------------------------------


def inside(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive_:
        return {name: archive_.read(name) for name in archive_.namelist()}


def test_the_training_wheel_holds_the_workbook_whole_and_nothing_of_the_teacher() -> None:
    files = inside(training_wheel())
    for activity in activity_ids():
        assert f"crc_lab/_cahier/notebooks/{activity}/exercices.toml" in files
    assert "crc_lab/marielle/pictures/pictures.toml" in files
    assert "crc_lab/notebook/alone.py" in files
    assert not [name for name in files if name.startswith(("autograder", "crc_lab/lab/"))]
    assert training_wheel() == training_wheel()


def test_a_subjects_site_says_nothing_of_the_key_and_a_planted_value_is_found(subject: Path, tmp_path: Path) -> None:
    given = read_subject(subject)
    assert subject_wheel(given) == subject_wheel(read_subject(subject))
    files = inside(subject_wheel(given))
    assert "crc_lab/_cahier/notebooks/06_scorer/exercices.toml" in files
    assert not [name for name in files if "corrige.toml" in name or "corriges" in name or name.startswith("autograder")]
    loaded = load_activity(activity_folder("06_scorer"), datasets_folder())
    site = keyless(tmp_path / "site", subject_wheel(given), lite.subject_files(given))
    assert check.no_key(site, loaded) > 3
    (site / "files/06_scorer/note.json").write_text(json.dumps(loaded.keys["A6-Q1"].explanation))
    with pytest.raises(LeakFound, match=r"note\.json"):
        check.no_key(site, loaded)


@pytest.mark.parametrize("name", ["crc_lab/core/model.py", "crc_lab/_cahier/notebooks/06_scorer/activite.txt"])
def test_a_value_of_the_key_inside_the_wheel_is_found(subject: Path, tmp_path: Path, name: str) -> None:
    loaded = load_activity(activity_folder("06_scorer"), datasets_folder())
    files = inside(subject_wheel(read_subject(subject)))
    files[name] = files.get(name, b"") + f"\n# {loaded.keys['A6-Q1'].explanation}".encode()
    content = packed({one: text for one, text in files.items() if ".dist-info/" not in one})
    with pytest.raises(LeakFound):
        check.no_key(keyless(tmp_path / "site", content, {}), loaded)


def test_a_compiled_module_is_searched_unless_it_is_the_students_program(subject: Path, tmp_path: Path) -> None:
    loaded = load_activity(activity_folder("06_scorer"), datasets_folder())
    secret = loaded.keys["A6-Q1"].explanation.encode()
    name = "crc_lab/core/model.py"
    files = {one: text for one, text in inside(subject_wheel(read_subject(subject))).items() if one != name}
    content = ahead.with_compiled({**files, name: b"x = 1"}, {f"{name}c": b"\x00" + secret})
    assert name not in inside(content), "the module is in the place of its source"
    site = keyless(tmp_path / "site", content, {})
    assert check.no_key(site, loaded, [hashlib.sha256(b"\x00" + secret).digest()])
    with pytest.raises(LeakFound):
        check.no_key(site, loaded)


def test_libraries_are_one_file_and_two_that_differ_are_refused() -> None:
    one, same, other = (
        packed({"shared/x.py": text, f"{name}/y.py": b""}) for name, text in (("a", b"1"), ("b", b"1"), ("c", b"2"))
    )
    found = ahead.libraries([one, same])
    assert {"shared/x.py", "a/y.py", "b/y.py", "piplite/piplite.py"} <= set(found)
    with pytest.raises(SiteProblem, match=r"shared/x\.py"):
        ahead.libraries([one, other])


def test_heavy_data_of_the_workbook_wait_until_they_are_read() -> None:
    files = inside(training_wheel())
    waiting = ahead.late(files)
    assert "crc_lab/_cahier/datasets/codes_postaux.csv" in waiting
    assert "crc_lab/_cahier/notebooks/01_crc/lecture.json" in waiting
    left = sum(len(text) for name, text in files.items() if name not in waiting)
    assert left < 0.6 * sum(map(len, files.values()))
    assert not [name for name in waiting if name.endswith((".py", ".toml", ".ipynb"))]


def test_a_file_of_the_keys_anywhere_is_refused(tmp_path: Path) -> None:
    loaded = load_activity(activity_folder("06_scorer"), datasets_folder())
    files = {"crc_lab/_cahier/notebooks/06_scorer/corrige.toml": b"version = 1"}
    with pytest.raises(SiteProblem, match="corrigé est dans le site"):
        check.no_key(keyless(tmp_path / "site", packed(files), {}), loaded)


def keyless(site: Path, content: bytes, files: dict[str, bytes]) -> Path:
    (site / "static").mkdir(parents=True)
    (site / "static" / NAME.replace(".whl", "-01234567.zip")).write_bytes(content)
    for name, text in files.items():
        path = site / "files" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    return site


def test_what_is_not_one_subject_without_key_is_refused(subject: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "x.zip"
    wrong.write_bytes(b"PK no")
    with pytest.raises(SiteProblem, match="ZIP lisible"):
        read_subject(wrong)
    two = inside(subject.read_bytes()) | {"07_cibler/exercices.toml": b""}
    wrong.write_bytes(packed(two))
    with pytest.raises(SiteProblem, match="un seul"):
        read_subject(wrong)
    with zipfile.ZipFile(wrong, "w") as archive_:
        for name, text in (inside(subject.read_bytes()) | {"06_scorer/corrige.toml": b"x"}).items():
            archive_.writestr(name, text)
    with pytest.raises(SiteProblem, match="contient un corrigé"):
        read_subject(wrong)


def test_a_folder_with_something_else_in_it_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "vacances.jpg").touch()
    with pytest.raises(CrcError, match="autre chose"):
        make_site(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["vacances.jpg"]


def test_the_command_says_what_is_missing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert crc_lab(["site"]) == 2
    assert crc_lab(["site", "--sortie", str(tmp_path / "x"), "--sujet", str(tmp_path / "y.zip")]) == 2
    said = capsys.readouterr().err.replace("\u00a0", " ")
    assert "l’un des deux" in said
    assert "Donnez à --sujet un ZIP" in said


# --- a published site -------------------------------------------------------------------------------------------------


class Web:
    """A web host in memory: ``files`` by address, ``types`` by suffix, headers for all."""

    def __init__(self, site: Path) -> None:
        self.files = {
            path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()
        }
        self.types = {".js": "text/javascript; charset=utf-8", ".html": "text/html"}
        self.headers: dict[str, str] = {}

    def __call__(self, address: str) -> Given:
        name = unquote(address.removeprefix("https://lycee.example/cahier/"))
        kind = self.types.get(Path(name).suffix, "application/octet-stream")
        found = self.files.get(name)
        return Given(200 if found is not None else 404, {**self.headers, "Content-Type": kind}, found or b"")


@pytest.fixture
def web(tmp_path: Path) -> Web:
    site = built(tmp_path / "site")
    host.fit_any_host(site, {})
    (site / "index.html").write_text("<p>")
    check.write_manifest(site)
    return Web(site)


def said(web: Web) -> list[str]:
    return [one.replace("\u00a0", " ") for one in problems("https://lycee.example/cahier", web)]


def test_a_host_that_gives_every_file_has_nothing_to_mend(web: Web) -> None:
    assert said(web) == []


def test_what_a_host_does_wrong_is_told_with_the_file_and_the_remedy(web: Web) -> None:
    (script,) = (name for name in web.files if name.endswith(".js") and "asm" in name)
    (python,) = (name for name in web.files if "python_stdlib" in name)
    web.types[".js"] = "text/plain"
    assert any(f"« {script} » est donné comme « text/plain »" in one for one in said(web))
    web.types[".js"] = "application/javascript"
    del web.files[python]
    web.files["index.html"] += b"publicite"
    web.headers["cross-origin-embedder-policy"] = "require-corp"
    found = " ".join(said(web))
    assert "« Cross-Origin-Embedder-Policy » : Python ne démarre pas avec lui" in found
    assert f"« {python} » n’est pas donné (code 404)" in found
    assert "« index.html » n’est pas le fichier fabriqué" in found


def test_an_address_without_our_site_is_told(web: Web) -> None:
    web.files = {}
    with pytest.raises(SiteProblem, match="l’adresse de la première page"):
        said(web)


# --- the first page ---------------------------------------------------------------------------------------------------


class Links(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name == "href" and value and tag == "a"]


def test_the_first_page_leads_to_every_activity_of_both_halves_once() -> None:
    text = page.training_page("essai", "https://moodle.example/devoir?id=1&x=2")
    wanted = {f"lab/index.html?path={name}/{name}.ipynb" for name in activity_ids()}
    *links, deposit, teachers = Links(text).found
    assert sorted(links) == sorted(wanted)
    assert (deposit, teachers) == ("https://moodle.example/devoir?id=1&x=2", "corriger.html")
    assert "{{" not in text
    assert "il contient les corrigés" in text
    shown = text.partition("<main>")[2].partition("</main>")[0]
    assert "\u00a0:" in shown
    assert not re.search(r"« | [:;?!»]", shown), "no sign goes to the line alone"


def test_the_page_of_a_subject_has_no_map_and_says_that_no_key_is_there(subject: Path) -> None:
    text = page.subject_page(read_subject(subject), "essai")
    assert Links(text).found == ["lab/index.html?path=06_scorer/06_scorer.ipynb"]
    assert "ne contient aucun corrigé" in text
    assert '"subject": "essai"' in text


def test_two_subjects_never_share_what_the_browser_keeps(subject: Path) -> None:
    given = read_subject(subject)
    other = type(given)(given.activity, {**given.files, "x": b"y"})
    assert given.mark != other.mark
    assert normal("Two_x") == "two-x"
