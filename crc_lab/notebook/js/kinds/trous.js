// A text with gaps: its fields stand in the sentences, or one below the other when there is no text.
import { fill, h } from "../dom.js";
import { besides, dropDown, textLine } from "../fields.js";
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
      const given = parts.map((part) => [part.id, part.value()]).filter(([, value]) => value !== "");
      return { ...others, ...Object.fromEntries(given) };
    },
    setValue: (value) => {
      others = besides(value, parts.map((part) => part.id));
      for (const part of parts) part.setValue(value?.[part.id]);
    },
    setFeedback: (notes) => parts.forEach((part) => part.setNote(notes?.[part.id])),
  };
}

/** @param {Spec} part @param {Context["changed"]} changed */
function makeGap(part, changed) {
  const gap = part.options?.length ? dropDown(part.options, changed)
    : textLine({ changed, decimal: part.genre === "nombre", width: 18 });
  gap.control.setAttribute("aria-label", part.libelle || fill(TEXTS.gapName, { id: part.id }));
  return { ...gap, id: part.id, node: h("span", { class: "trou" }, gap.control, "whole" in gap ? gap.whole : null, gap.note) };
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
