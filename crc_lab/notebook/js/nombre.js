// A number, kept as typed: « 4,75 » stays « 4,75 ».
import { h } from "./dom.js";
import { textLine } from "./texte.js";

/** @type {Mount} */
export function nombre({ spec, labelledby, changed }) {
  const line = textLine({ labelledby, changed, decimal: true, width: spec.largeur });
  const unit = spec.unite ? h("span", { class: "unite", text: spec.unite }) : null;
  const node = h("div", { class: "champ" }, h("span", { class: "avec-unite" }, line.input, unit), line.note);
  return { node, value: () => line.input.value, fill: line.fill, mark: (notes) => line.mark(notes?.texte) };
}
