// Matching: one labelled drop-down list per item of the left.
import { h, uid } from "../dom.js";
import { showNote } from "../fields.js";
import { T } from "../texts.js";

/** @type {Kind} */
export const association = {
  mount({ spec, labelledby, changed }) {
    const rows = (spec.gauche || []).map((item) => {
      const [id, noteId] = [uid("assoc"), uid("note")];
      const select = h("select", { id, "aria-describedby": noteId, on: { change: () => { showNote(note, null, select); changed("now"); } } },
        h("option", { value: "", text: T.choose }),
        (spec.droite || []).map((right) => h("option", { value: String(right.id), text: right.texte })));
      const note = h("small", { id: noteId, class: "note-champ" });
      return { id: String(item.id), select, note, node: h("div", { class: "paire" }, h("label", { for: id, text: item.texte }), select, note) };
    });
    return {
      node: h("div", { class: "association", role: "group", "aria-labelledby": labelledby }, rows.map((row) => row.node)),
      value: () => Object.fromEntries(rows.filter((row) => row.select.value).map((row) => [row.id, row.select.value])),
      setValue: (value) => rows.forEach((row) => {
        showNote(row.note, null, row.select);
        row.select.value = value?.[row.id] ?? "";
        if (row.select.selectedIndex < 0) row.select.value = "";
      }),
      setFeedback: (notes) => rows.forEach((row) => showNote(row.note, notes?.[row.id], row.select)),
    };
  },
};
