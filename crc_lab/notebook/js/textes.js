// A list of short texts, one input each.
import { fill, h, uid } from "./dom.js";
import { textLine } from "./texte.js";
import { T } from "./texts.js";

/** @type {Mount} */
export function textes({ spec, labelledby, changed }) {
  const labels = spec.etiquettes || [];
  const size = Math.max(spec.nb_textes || 0, labels.length, 1);
  const lines = Array.from({ length: size }, () => {
    const id = uid("texte");
    return { id, ...textLine({ id, changed, wide: true }) };
  });
  let rest = /** @type {Json[]} */ ([]); // texts beyond the inputs shown (an answer given by code): kept, never lost
  const node = h("div", { class: size > 6 ? "textes nombreux" : "textes", role: "group", "aria-labelledby": labelledby }, lines.map((line, position) =>
    h("div", { class: "champ" },
      h("label", { for: line.id, text: labels[position] || fill(T.answerNumber, { n: position + 1 }) }), line.input, line.note)));
  return {
    node,
    value: () => [...lines.map((line) => line.input.value), ...rest],
    fill: (value) => {
      const list = Array.isArray(value) ? value : value === null || value === undefined ? [] : [value];
      lines.forEach((line, position) => line.fill(list[position]));
      rest = list.slice(lines.length);
    },
    mark: (notes) => lines.forEach((line, position) => line.mark(notes?.[position])),
  };
}
