"""« crc-lab site --verifier ADRESSE »: what a web host does to a published site, said so that it can be mended."""

from __future__ import annotations

import hashlib
import json
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from autograder.site.check import MANIFEST
from autograder.site.parts import SiteProblem

_PATIENCE = 60
_SCRIPTS = ("text/javascript", "application/javascript", "application/x-javascript")
_ISOLATING = ("Cross-Origin-Embedder-Policy", "Cross-Origin-Opener-Policy")
_HIDDEN = (".htaccess", "web.config", ".nojekyll")
"""Files for the host itself, which gives them to nobody."""


@dataclass(frozen=True)
class Given:
    """What the host gave: the status, the headers, the content."""

    status: int
    headers: Mapping[str, str]
    content: bytes


Fetch = Callable[[str], Given]


def fetch(address: str) -> Given:
    """Ask for one file; raises :class:`SiteProblem` when nobody answers."""
    try:
        with urllib.request.urlopen(address, timeout=_PATIENCE) as answer:
            return Given(answer.status, dict(answer.headers.items()), answer.read())
    except urllib.error.HTTPError as error:
        return Given(error.code, dict(error.headers.items()), b"")
    except (OSError, ValueError) as error:
        why = getattr(error, "reason", error)
        raise SiteProblem(address, f"l’adresse ne répond pas ({why}). Vérifiez-la dans un navigateur.") from None


def problems(address: str, ask: Fetch = fetch) -> Iterator[str]:
    """What is wrong at this address, a French sentence each; nothing when the site works there.

    Raises :class:`SiteProblem` when there is no site of ours at this address.
    """
    base = urllib.parse.urljoin(address if address.endswith((".html", "/")) else f"{address}/", ".")
    listed = _manifest(base, ask)
    page = ask(base + "lab/index.html")
    if isolating := [name for name in _ISOLATING if name.lower() in map(str.lower, page.headers)]:
        yield (
            f"L’hébergeur envoie l’en-tête « {isolating[0]} » : Python ne démarre pas avec lui. Retirez-le pour ce "
            "dossier."
        )
    for name, (size, digest) in listed.items():
        if name in _HIDDEN:
            continue
        given = ask(base + urllib.parse.quote(name))
        if said := _wrong(name, given, int(str(size)), str(digest)):
            yield said


def _manifest(base: str, ask: Fetch) -> Mapping[str, list[object]]:
    given = ask(base + MANIFEST)
    try:
        listed = json.loads(given.content)
        if given.status == 200 and isinstance(listed, dict) and "index.html" in listed:
            return listed
    except ValueError:
        pass
    raise SiteProblem(
        base,
        f"le fichier {MANIFEST} n’y est pas. Donnez l’adresse de la première page du cahier, et publiez le dossier "
        "entier, sans en ôter de fichier.",
    )


def _wrong(name: str, given: Given, size: int, digest: str) -> str:
    if given.status != 200:
        advice = " L’hébergeur refuse ce type de fichier : demandez-lui de l’autoriser." if given.status == 403 else ""
        return f"« {name} » n’est pas donné (code {given.status}).{advice or ' Publiez de nouveau le dossier entier.'}"
    kind = next((value for key, value in given.headers.items() if key.lower() == "content-type"), "").split(";")[0]
    if name.endswith(".js") and kind.strip().lower() not in _SCRIPTS:
        return f"« {name} » est donné comme « {kind} » et non comme « text/javascript » : le navigateur le refuse."
    if name.endswith(".html") and kind.strip().lower() != "text/html":
        return f"« {name} » est donné comme « {kind} » et non comme une page : il se télécharge."
    if len(given.content) != size or hashlib.sha256(given.content).hexdigest() != digest:
        return f"« {name} » n’est pas le fichier fabriqué (coupé, ou d’une autre version) : publiez-le de nouveau."
    return ""
