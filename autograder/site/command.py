"""« crc-lab site »: from the workbook, or one subject, to a folder and a ZIP that any web host serves."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from autograder.prepare.content import DATASETS
from autograder.site import check, host, lite, page, published
from autograder.site.parts import SiteProblem, parts
from autograder.site.wheel import Subject, read_subject, subject_wheel, training_wheel, zipped
from crc_lab.core.bank import EXERCISES, KEYS, LoadedActivity, load_activity
from crc_lab.core.errors import CrcError
from crc_lab.core.resources import workbook_root
from crc_lab.core.sheet import write_atomically

SITE, STORAGE = "site", "crc-lab-entrainement"
TRAINING_ZIP = "cahier-crc-navigateur.zip"


def make_site(
    output: Path,
    *,
    subject: Path | None = None,
    pyodide: Path | None = None,
    keys: Path | None = None,
    deposit: str = "",
) -> int:
    """Make the site in ``output`` (``site/`` and its ZIP), that of the training edition or of one ``subject``.

    ``pyodide``: see :func:`autograder.site.parts.parts`; ``keys``: the folder of the keys that the subject is searched
    for; ``deposit``: where students hand in. Raises :class:`CrcError` (French); nothing is written then.
    """
    _refuse_foreign(output)
    given = read_subject(subject) if subject else None
    loaded = (
        _key_of(given, keys or (subject.resolve().parent.parent / "corriges" if subject else None)) if given else None
    )
    fetched = parts(pyodide)
    print("Fabrication du site…")
    with tempfile.TemporaryDirectory() as folder:
        if given is not None:
            storage = f"crc-lab-{given.mark}"
            built = lite.build(Path(folder), fetched, subject_wheel(given), lite.subject_files(given), storage)
            first = page.subject_page(given, storage, deposit)
        else:
            wheel = training_wheel()
            built = lite.build(Path(folder), fetched, wheel, lite.training_files(), STORAGE, marking=True)
            first = page.training_page(STORAGE, deposit)
        site = built.site
        python = host.fit_any_host(site, built.program.later)
        if given is None:
            page.write_marking(site, python)
        (site / "index.html").write_text(page.fetching_early(first, site), encoding="utf-8")
        check.nothing_from_elsewhere(site, deposit)
        searched = check.no_key(site, loaded, built.program.proved) if loaded else 0
        listed = check.write_manifest(site)
        packed = zipped(
            {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}
        )
        if len(packed) > check.MOST:
            raise SiteProblem(output.name, f"{_size(len(packed))} en un ZIP : plus que les {_size(check.MOST)} voulus.")
        name = f"evaluation-{given.activity}-navigateur.zip" if given else TRAINING_ZIP
        _replace(output, site, name, packed)
    whole = sum(int(str(size)) for size, _ in listed.values())
    print(f"Le site : {output / SITE} ({len(listed)} fichiers, {_size(whole)})")
    print(f"Le même, en un fichier à déposer : {output / name} ({_size(len(packed))})")
    if loaded is not None:
        print(f"Aucune valeur du corrigé ne se lit dans le site ({searched} fichiers cherchés, un par un).")
    else:
        print("C’est l’entraînement : les corrigés sont dans le site. Pour une évaluation : « crc-lab site --sujet ».")
    print("Une fois publié : « crc-lab site --verifier ADRESSE »")
    return 0


def verify(address: str) -> int:
    """Say what the host of a published site does wrong; 0 when nothing, 1 otherwise."""
    found = list(published.problems(address))
    if address.startswith("http://"):
        print("L’adresse commence par http:// : le cahier marche, mais préférez https:// si l’hébergeur le permet.")
    if not found:
        print("Tout est en ordre : chaque fichier du site est donné comme il faut.")
        return 0
    print(f"{len(found)} point{'s' if len(found) > 1 else ''} à corriger chez l’hébergeur :")
    for sentence in found[:20]:
        print(f"  • {sentence}")
    if len(found) > 20:
        print(f"  … et {len(found) - 20} autres du même genre.")
    return 1


def _key_of(subject: Subject, keys: Path | None) -> LoadedActivity:
    """The activity with its key, from the prepared folder that the subject lies in, else from the workbook."""
    prepared = keys / subject.activity if keys else None
    if keys and prepared and (prepared / KEYS).is_file():
        return load_activity(prepared, keys / DATASETS)
    folder = workbook_root() / "notebooks" / subject.activity
    if not ((folder / KEYS).is_file() and (folder / EXERCISES).is_file()):
        raise CrcError(
            f"Le corrigé de l’activité « {subject.activity} » est introuvable : sans lui, rien ne prouve qu’aucune "
            "réponse n’est dans le site. Laissez le sujet dans le dossier préparé, à côté de corriges/."
        )
    return load_activity(folder, workbook_root() / DATASETS)


def _refuse_foreign(output: Path) -> None:
    """A folder that holds something else than a site of ours is not written in."""
    if not output.exists():
        return
    ours = {SITE, TRAINING_ZIP}
    others = [
        path.name for path in output.iterdir() if path.name not in ours and not path.name.endswith("-navigateur.zip")
    ]
    if others or ((output / SITE).exists() and not (output / SITE / check.MANIFEST).is_file()):
        name = others[0] if others else SITE
        raise SiteProblem(str(output), f"ce dossier contient autre chose (« {name} ») : donnez un nouveau dossier.")


def _replace(output: Path, site: Path, name: str, packed: bytes) -> None:
    output.mkdir(parents=True, exist_ok=True)
    fresh = output / f".{SITE}.nouveau"
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(site, fresh)
    shutil.rmtree(output / SITE, ignore_errors=True)
    fresh.rename(output / SITE)
    write_atomically(output / name, packed)


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} Mo".replace(".", ",")
