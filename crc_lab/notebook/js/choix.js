// One choice among several: radio buttons.
import { h, uid } from "./dom.js";
import { noteText } from "./note.js";

/** @type {Mount} */
export function choix(context) {
  return choices(context, "radio");
}

/** Radio buttons or check boxes with a note under each option after checking. Shared with choix_multiple. @param {Pick<Context, "labelledby" | "changed"> & { spec: { options?: Option[] } }} context @param {"radio" | "checkbox"} type @returns {Field} */
export function choices({ spec, labelledby, changed }, type) {
  const group = uid("choix");
  const items = (spec.options || []).map((option) => {
    const input = h("input", { type, name: group, value: String(option.id), on: { change: () => { clear(); changed("now"); } } });
    const note = h("small", { class: "note-option" });
    const label = h("label", { class: "choix" }, input,
      h("span", null, option.texte, option.detail ? h("small", { text: option.detail }) : null, note));
    return { id: String(option.id), input, label, note };
  });
  const node = h("div", { class: "liste-choix", role: type === "radio" ? "radiogroup" : "group", "aria-labelledby": labelledby },
    items.map((item) => item.label));

  function clear() {
    for (const item of items) {
      item.label.classList.remove("ok", "ko");
      item.note.textContent = "";
    }
  }

  return {
    node,
    value: () => {
      const chosen = items.filter((item) => item.input.checked).map((item) => item.id);
      return type === "radio" ? chosen[0] ?? null : chosen;
    },
    fill: (value) => {
      clear();
      const wanted = (Array.isArray(value) ? value : [value]).map(String);
      for (const item of items) item.input.checked = value !== null && value !== undefined && wanted.includes(item.id);
    },
    mark: (notes) => {
      clear();
      for (const item of items) {
        const note = notes?.[item.id];
        if (!note) continue;
        item.label.classList.add(note.etat === "faux" ? "ko" : "ok");
        item.note.textContent = noteText(note);
      }
    },
  };
}
