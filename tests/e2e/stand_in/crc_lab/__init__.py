"""Stands for ``crc_lab`` in the kernels of the plugin's tests: a card is one text field and the four events."""

import os

import anywidget
import traitlets

_JS = """
function render({ model, el }) {
  const q = model.get("q");
  const send = (type, detail) => {
    const event = new CustomEvent(type, { bubbles: true, composed: true, detail });
    root.dispatchEvent(event);
    return detail;
  };
  const root = document.createElement("div");
  root.className = "essai";
  root.dataset.q = q;
  const field = document.createElement("input");
  root.append(q, " : ", field);
  el.append(root);
  field.addEventListener("change", () => {
    root.dataset.saved = "";
    const asked = send("crc-reponse", { q, valeur: field.value, source: "carte", essais: 1, indices: 0,
      date: new Date().toISOString(), activite: model.get("activite") });
    root.dataset.ok = String(asked.ok);
    root.dataset.path = asked.chemin;
  });
  root.addEventListener("crc-enregistre", event => { root.dataset.saved = String(event.detail.ok); });
  const eleve = { nom: "Inès Garnier", identifiant: "igarnier" };
  root.addEventListener("essai-eleve", () => send("crc-eleve", { eleve }));
  root.addEventListener("essai-feuille", () => { window.feuille = send("crc-feuille", {}); });
  (function restore(tries) {
    if (!root.isConnected) { if (tries) setTimeout(restore, 50, tries - 1); return; }
    const known = send("crc-relire", { q });
    root.dataset.restored = String(known.ok);
    if (known.reponse) field.value = known.reponse.valeur;
  })(100);
}
export default { render };
"""


class Card(anywidget.AnyWidget):
    _esm = _JS
    q = traitlets.Unicode().tag(sync=True)
    activite = traitlets.Unicode().tag(sync=True)


_activity = ""


def debut(activite: str) -> None:
    global _activity
    _activity = activite


def question(numero: str) -> Card:
    return Card(q=numero, activite=_activity)


def progression() -> None:
    """Shows what a test wants to know of this kernel: its process and its path."""
    import sys

    print("PID", os.getpid(), "PATH", repr(sys.path))
