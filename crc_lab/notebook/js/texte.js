// One short text. `textLine` is the input shared by every kind that is typed.
import { h, uid } from "./dom.js";
import { showNote } from "./note.js";

/** @type {Mount} */
export function texte({ spec, labelledby, changed }) {
  const line = textLine({ labelledby, changed, wide: true, width: spec.largeur, lines: spec.lignes });
  const node = h("div", { class: "champ" }, line.input, line.note);
  return { node, value: () => line.input.value, fill: line.fill, mark: (notes) => line.mark(notes?.texte) };
}

/**
 * An input (or a text area of some `lines`) with a note under it after checking. Nothing typed is ever changed: spaces, commas, zeros stay.
 * @param {{ changed: Context["changed"], id?: string, labelledby?: string, wide?: boolean, width?: number, decimal?: boolean, lines?: number }} given
 */
export function textLine({ id, labelledby, changed, wide, width, decimal, lines = 1 }) {
  const noteId = uid("note");
  const input = h(lines > 1 ? "textarea" : "input", {
    type: lines > 1 ? null : "text", rows: lines > 1 ? lines : null, id, "aria-labelledby": labelledby, autocomplete: "off", spellcheck: decimal ? "false" : "true",
    "aria-describedby": noteId, inputmode: decimal ? "decimal" : null,
    class: wide ? "large" : null, size: width || (decimal ? 9 : null),
    on: { input: () => { mark(); changed("typing"); }, blur: () => changed("now") },
  });
  const note = h("small", { id: noteId, class: "note-champ" });

  /** @param {Note} [found] */
  function mark(found) {
    showNote(note, found, input);
  }

  return {
    input, note, mark,
    fill: (/** @type {Json} */ value) => {
      mark();
      input.value = value === null || value === undefined ? "" : String(value);
    },
  };
}
