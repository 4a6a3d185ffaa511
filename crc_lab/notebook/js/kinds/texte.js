// One short text.
import { textLine } from "../fields.js";

/** @type {Kind} */
export const texte = {
  mount({ spec, labelledby, changed }) {
    const line = textLine({ labelledby, changed, wide: true, width: spec.largeur, lines: spec.lignes });
    return { ...line, setFeedback: (notes) => line.setNote(notes?.texte) };
  },
};
