"""A plain page that shows cards with a fake model, a fake plugin and a fake Python: for tests/e2e/test_cards_*.py."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crc_lab.core.tablefile import read_table
from crc_lab.notebook.assets import script

HERE = Path(__file__).parent
DATASETS = HERE.parents[1] / "datasets"
ADDRESS = "https://cahier.test/"
NBSP = "\u00a0"


class Harness:
    """The page, and short ways to the card called ``name`` (the id of its question by default)."""

    def __init__(self, page: Any) -> None:
        self.page = page
        page.route(
            f"{ADDRESS}**",
            lambda route: route.fulfill(body=(HERE / "harness.html").read_text("utf-8"), content_type="text/html"),
        )
        page.goto(ADDRESS)

    def card(self, question: dict[str, Any], **traits: Any) -> Any:
        """Show one question; the other traits are those of :class:`crc_lab.notebook.widgets.Carte`."""
        spec = {
            "activite": "06_scorer",
            "points": 2,
            "edition": "entrainement",
            "indices": 0,
            "enonce_html": "<p>Répondez.</p>",
            **question,
        }
        values = {
            "question": spec,
            "valeur": None,
            "source_valeur": "carte",
            "date_valeur": "",
            "retour": None,
            "etat": {},
            **traits,
        }
        return self.show(spec["id"], "card.js", values)

    def show(self, name: str, entry: str, traits: dict[str, Any] | None) -> Any:
        """Mount a card in an element of this id; without ``traits``, a second view of the card mounted last.

        ``entry`` is one of the scripts of ``js/``, or a text that takes its place.
        """
        before = self._read(name)
        text = script(entry) if entry.endswith(".js") else entry
        self.page.evaluate("([name, script, traits]) => essai.mount(name, script, traits)", [name, text, traits])
        for _ in range(
            60 if entry in ("card.js", text) else 0
        ):  # a card asks for its stored answer, however slow the machine
            if self._read(name) > before:
                break
            self.page.wait_for_timeout(50)
        self.page.wait_for_timeout(80)
        return self.page.locator(f"#{name}")

    def _read(self, name: str) -> int:
        """How many times the card of this question has asked for its stored answer."""
        asked = "name => essai.events.filter(([type, detail]) => type === 'crc-relire' && detail.q === name).length"
        return int(self.page.evaluate(asked, name))

    def set(self, name: str, **traits: Any) -> None:
        """Python sets traits."""
        self.page.evaluate("([name, traits]) => essai.models[name].fromPython(traits)", [name, traits])

    def tell(self, name: str, message: dict[str, Any]) -> None:
        """Python sends a message."""
        self.page.evaluate("([name, message]) => essai.models[name].message(message, [])", [name, message])

    def trait(self, name: str, trait: str) -> Any:
        return self.page.evaluate("([name, trait]) => essai.models[name].get(trait)", [name, trait])

    def stored(self, name: str) -> Any:
        """The answer that the plugin holds, or None."""
        return self.page.evaluate("name => essai.reponses[name]?.valeur ?? null", name)

    def sent(self, kind: str | None = None) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = self.page.evaluate("essai.sent")
        return [message for message in messages if kind is None or message["type"] == kind]

    def switch(self, **values: Any) -> None:
        """plugin, saving, kernel (True, False: silent, "broken": raises), reponses…"""
        self.page.evaluate("values => Object.assign(essai, values)", values)

    def theme(self, light: bool) -> None:
        self.page.evaluate("light => { document.body.dataset.jpThemeLight = String(light) }", light)
        self.page.wait_for_timeout(200)

    def violations(self) -> list[str]:
        """What axe-core finds, one line per rule."""
        if not self.page.evaluate("typeof window.axe === 'object'"):
            self.page.add_script_tag(content=(HERE / "vendor" / "axe.min.js").read_text("utf-8"))
        found = self.page.evaluate(
            "axe.run(document, { resultTypes: ['violations'] }).then(result => result.violations)"
        )
        return [f"{rule['id']}: {rule['help']} {[node['html'][:120] for node in rule['nodes'][:3]]}" for rule in found]


def cells(card: Any, row: str, column: str) -> Any:
    """The cell of a grid: ``row`` is the text of the row header, ``column`` that of the column header."""
    heads = [
        text.removeprefix("✎ ").removesuffix(f"{NBSP}(à remplir)").removesuffix(" (à remplir)").rstrip("▲▼")
        for text in card.locator("thead th").all_text_contents()
    ]
    line = card.locator("tbody tr").filter(has=card.page.locator(f"th[scope=row]:text-matches('^[☐☑]?\\\\s*{row}$')"))
    return line.locator("td, th").nth(heads.index(column))


def keys(page: Any, *names: str) -> None:
    for name in names:
        page.keyboard.press(name)


def paste(page: Any, text: str) -> None:
    """Put a text on the clipboard as another program would, then press Ctrl+V."""
    page.evaluate(
        """text => new Promise(done => {
          const holder = document.createElement("textarea");
          const active = document.activeElement;
          holder.value = text;
          document.body.append(holder);
          holder.select();
          document.execCommand("copy");
          holder.remove();
          active.focus();
          done();
        })""",
        text,
    )
    page.keyboard.press("Control+v")


def focused(page: Any) -> str:
    return page.evaluate("document.activeElement.textContent || document.activeElement.value || ''")


def row_of(stored: Any, row: str) -> dict[str, str]:
    return next(dict(zip(stored["colonnes"], line, strict=True)) for line in stored["lignes"] if line[0] == row)


def table(
    name: str,
    key: str,
    *,
    fill: dict[str, list[str]] | None = None,
    columns: list[str] | None = None,
    visible: list[str] | None = None,
    rows: int = 0,
) -> dict[str, Any]:
    """A spec ``tableau`` on a real data file: given columns, then the columns to ``fill`` (with their choices)."""
    source = read_table(DATASETS / name)
    shown = columns or list(source.columns)
    places = [source.columns.index(column) for column in shown]
    fill = fill or {}
    return {
        "cle": key,
        "colonnes": [{"nom": column, "saisie": False} for column in shown]
        + [{"nom": column, "saisie": True, "choix": choices} for column, choices in fill.items()],
        "lignes": [[row[place] for place in places] + [""] * len(fill) for row in source.rows[: rows or None]],
        "visibles": visible or [],
    }


SEGMENTS = ["Très bons clients", "Bons clients", "Clients tièdes", "Clients inactifs", "Prospect (sans objet)"]


def rfm_question(**more: Any) -> dict[str, Any]:
    """The scoring of activity 6 on the qualified file: 53 rows, five columns to fill."""
    given = [
        "id_contact",
        "raison_sociale",
        "prenom",
        "nom",
        "ville",
        "date_dernier_achat",
        "nb_achats_12m",
        "panier_moyen",
    ]
    fill = {"R": ["0", "5", "10"], "F": ["0", "10", "20"], "M": ["0", "10", "20"], "score": [], "segment": SEGMENTS}
    return {
        "id": "A6-Q1",
        "genre": "tableau",
        "titre": "Calculez le score RFM de chaque client",
        "points": 20,
        "indices": 2,
        "excel": True,
        "enonce_html": "<p>Appliquez la grille de l’annexe 8. Date de référence : "
        "<strong>1<sup>er</sup> novembre 2026</strong>. "
        "Notez R, F et M, additionnez, puis choisissez le segment.</p>",
        "tableau": table("base_qualifiee.csv", "id_contact", fill=fill, columns=given),
        **more,
    }


def cells_question(**more: Any) -> dict[str, Any]:
    """The cells to circle of activity 4: 60 rows, 33 columns."""
    return {
        "id": "A4-Q1",
        "genre": "cellules",
        "titre": "Entourez en rouge les cases incomplètes ou à corriger",
        "points": 10,
        "indices": 2,
        "enonce_html": "<p>Contrôlez le fichier colonne par colonne. "
        "Cliquez sur une case pour l’entourer, recliquez pour effacer.</p>",
        "tableau": table("base_restructuree.csv", "id_contact"),
        **more,
    }


def pairs_question(**more: Any) -> dict[str, Any]:
    shown = [
        "id_contact",
        "raison_sociale",
        "prenom",
        "nom",
        "numero_voie",
        "nom_voie",
        "code_postal",
        "telephone",
        "email",
        "siret",
    ]
    return {
        "id": "A4-Q2",
        "genre": "paires",
        "titre": "Repérez les doublons",
        "points": 4,
        "indices": 2,
        "enonce_html": "<p>Deux fiches décrivent parfois le même contact. Donnez chaque paire.</p>",
        "tableau": table("base_restructuree.csv", "id_contact", visible=shown),
        **more,
    }


CHOICE = {
    "id": "A2-X1",
    "genre": "choix",
    "titre": "Faut-il saisir Bloctel avant une campagne ?",
    "enonce_html": "<p>À destination des professionnels (B to B).</p>",
    "options": [
        {"id": "a", "texte": "Oui, toujours"},
        {"id": "b", "texte": "Non, mais l’offre doit être en rapport avec l’activité de l’entreprise"},
        {"id": "c", "texte": "Non, aucune règle ne s’applique"},
    ],
}
SEVERAL = {
    "id": "A1-X2",
    "genre": "choix_multiple",
    "titre": "Quels canaux sont écrits ?",
    "points": 0,
    "entrainement": True,
    "options": [
        {"id": "mail", "texte": "L’e-mail"},
        {"id": "tel", "texte": "Le téléphone"},
        {"id": "sms", "texte": "Le SMS"},
    ],
}
TRUE_FALSE = {"id": "A2-X3", "genre": "vrai_faux", "titre": "Un SIRET se range dans une colonne de nombres"}
NUMBER = {"id": "A4-X3", "genre": "nombre", "titre": "Quel est le taux de NPAI ?", "unite": "%"}
TEXT = {"id": "A1-Q1a", "genre": "texte", "titre": "Quel est le métier d’Omnicom ?"}
TEXTS = {
    "id": "A3-Q1",
    "genre": "textes",
    "titre": "Quels types d’informations contient la base ?",
    "points": 3,
    "indices": 1,
    "etiquettes": ["Premier type", "Second type"],
}
MATCHING = {
    "id": "A4-Q4",
    "genre": "association",
    "titre": "Classez les opérations",
    "points": 4,
    "gauche": [
        {"id": "o1", "texte": "Supprimer la fiche 37, identique à la 13"},
        {"id": "o2", "texte": "Corriger « LILE » en « LILLE »"},
        {"id": "o3", "texte": "Enregistrer la date de rappel demandée par un prospect"},
    ],
    "droite": [
        {"id": "nettoyer", "texte": "Nettoyer"},
        {"id": "mettre_a_jour", "texte": "Mettre à jour et enrichir"},
        {"id": "verifier", "texte": "Vérifier"},
    ],
}
ORDER = {
    "id": "A6-X1",
    "genre": "ordre",
    "titre": "Les quatre étapes de la méthode RFM",
    "options": [
        {"id": "note", "texte": "Attribuer une note à chaque tranche"},
        {"id": "choix", "texte": "Choisir les critères"},
        {"id": "somme", "texte": "Additionner les trois notes"},
        {"id": "tranche", "texte": "Découper chaque critère en tranches"},
    ],
}
OPEN = {"id": "A7-Q1", "genre": "ouverte", "titre": "De quel objectif dépend la cible ?", "points": 6}
PARTS = {
    "id": "A4-Q3",
    "genre": "parties",
    "titre": "Le fichier respecte-t-il l’objectif de moins de 5 % ?",
    "points": 2,
    "indices": 1,
    "parties": [
        {"id": "taux", "genre": "nombre", "libelle": "Taux de NPAI et de PND", "unite": "%"},
        {
            "id": "conforme",
            "genre": "choix",
            "libelle": "L’objectif est-il tenu ?",
            "options": [{"id": "oui", "texte": "Oui"}, {"id": "non", "texte": "Non"}],
        },
    ],
}
SIMPLE = (CHOICE, SEVERAL, TRUE_FALSE, NUMBER, TEXT, TEXTS, MATCHING, ORDER, OPEN, PARTS)

LINES = [
    {
        "id": "A4-Q1",
        "titre": "Entourez les cases à corriger",
        "entrainement": False,
        "etat": "partiel",
        "points": 7.5,
        "sur": 10,
    },
    {"id": "A4-Q2", "titre": "Repérez les doublons", "entrainement": False, "etat": "juste", "points": 4, "sur": 4},
    {"id": "A4-Q3", "titre": "Le taux de NPAI", "entrainement": False, "etat": "repondue", "points": 0, "sur": 2},
    {"id": "A4-Q4", "titre": "Classez les opérations", "entrainement": False, "etat": "a_faire", "points": 0, "sur": 4},
    {"id": "A4-X1", "titre": "La clé de Luhn", "entrainement": True, "etat": "faux", "points": 0, "sur": 0},
]
