// A list of short texts, one input each.
import { fill, h } from "../dom.js";
import { textLine } from "../fields.js";

const TEXTS = {
  answerNumber: "Réponse {n}",
};

/** @type {Kind} */
export const textes = {
  mount({ spec, labelledby, changed }) {
    const labels = spec.etiquettes || [];
    const size = Math.max(labels.length, 1);
    const lines = Array.from({ length: size }, (_, at) => textLine({ label: labels[at] || fill(TEXTS.answerNumber, { n: at + 1 }), changed, wide: true }));
    let rest = /** @type {Json[]} */ ([]); // texts beyond the inputs shown (an answer given by code): kept, never lost
    return {
      node: h("div", { class: size > 6 ? "textes nombreux" : "textes", role: "group", "aria-labelledby": labelledby }, lines.map((line) => line.node)),
      value: () => [...lines.map((line) => line.value()), ...rest],
      setValue: (value) => {
        const list = Array.isArray(value) ? value : [value ?? []].flat();
        lines.forEach((line, at) => line.setValue(list[at]));
        rest = list.slice(lines.length);
      },
      setFeedback: (notes) => lines.forEach((line, at) => line.setNote(notes?.[at])),
    };
  },
};
