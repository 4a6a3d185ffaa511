// A text with gaps: its fields stand in the sentences, or one below the other when there is no text.
import { fill, h, uid } from "../dom.js";
import { besides, showNote } from "../fields.js";
import { T } from "../texts.js";
import { parties } from "./parties.js";

const TEXTS = {
  gapName: "Case {id}",
};

/** @type {Kind} */
export const trous = { mount: (context) => (context.spec.trame_html ? gapText(context) : parties.mount(context)) };

/** Only fields that are typed or chosen in a list stand in a sentence. @type {Kind["mount"]} */
function gapText({ spec, labelledby, changed }) {
  const node = h("div", { class: "trame", role: "group", "aria-labelledby": labelledby, html: spec.trame_html });
  const parts = (spec.parties || []).map((part) => makeGap(part, changed));
  for (const part of parts) replaceMark(node, `{${part.id}}`, part.node);
  let others = /** @type {Json} */ ({});
  return {
    node,
    value: () => {
      const given = parts.map((part) => [part.id, part.input.value]).filter(([, value]) => value !== "");
      return { ...others, ...Object.fromEntries(given) };
    },
    setValue: (value) => {
      others = besides(value, parts.map((part) => part.id));
      for (const part of parts) {
        showNote(part.note, null, part.input);
        part.input.value = value?.[part.id] ?? "";
      }
    },
    setFeedback: (notes) => parts.forEach((part) => showNote(part.note, notes?.[part.id], part.input)),
  };
}

/** @param {Spec} part @param {Context["changed"]} changed */
function makeGap(part, changed) {
  const noteId = uid("note");
  const note = h("small", { id: noteId, class: "note-champ" });
  const clear = () => { showNote(note, null, input); };
  const name = { "aria-label": part.libelle || fill(TEXTS.gapName, { id: part.id }), "aria-describedby": noteId };
  const input = part.options?.length
    ? h("select", { ...name, on: { change: () => { clear(); changed("now"); } } }, h("option", { value: "", text: T.choose }),
      part.options.map((option) => h("option", { value: String(option.id), text: option.texte })))
    : h("input", {
      ...name, type: "text", autocomplete: "off", size: part.largeur || 18, inputmode: part.genre === "nombre" ? "decimal" : null,
      on: { input: () => { clear(); changed("typing"); }, blur: () => changed("now") },
    });
  return { id: part.id, input, note, node: h("span", { class: "trou" }, input, note) };
}

/** Put `node` in the place of the first `mark` of the text. @param {HTMLElement} root @param {string} mark @param {HTMLElement} node */
function replaceMark(root, mark, node) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = /** @type {Text} */ (walker.currentNode);
    const at = text.data.indexOf(mark);
    if (at < 0) continue;
    const rest = text.splitText(at);
    rest.data = rest.data.slice(mark.length);
    rest.before(node);
    return;
  }
  root.append(node);
}
