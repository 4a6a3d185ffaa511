// Matching: one labelled drop-down list per item of the left.
import { h, uid } from "./dom.js";
import { showNote } from "./note.js";
import { T } from "./texts.js";

export function association({ spec, labelledby, changed }) {
  const rows = (spec.gauche || []).map((item) => {
    const id = uid("assoc");
    const noteId = uid("note");
    const select = h("select", { id, "aria-describedby": noteId, on: { change: () => { mark(row, null); changed("now"); } } },
      h("option", { value: "", text: T.choose }),
      (spec.droite || []).map((right) => h("option", { value: String(right.id), text: right.texte })));
    const note = h("small", { id: noteId, class: "note-champ" });
    const row = { id: String(item.id), select, note };
    row.node = h("div", { class: "paire" }, h("label", { for: id, text: item.texte }), select, note);
    return row;
  });

  function mark(row, found) {
    showNote(row.note, found, row.select);
  }

  return {
    node: h("div", { class: "association", role: "group", "aria-labelledby": labelledby }, rows.map((row) => row.node)),
    value: () => Object.fromEntries(rows.filter((row) => row.select.value).map((row) => [row.id, row.select.value])),
    fill: (value) => rows.forEach((row) => {
      mark(row, null);
      row.select.value = value?.[row.id] ?? "";
      if (row.select.selectedIndex < 0) row.select.value = "";
    }),
    mark: (notes) => rows.forEach((row) => mark(row, notes?.[row.id])),
  };
}
