// A day, kept as typed.
import { textLine } from "../fields.js";

const TEXTS = { example: "jj/mm/aaaa" };

/** @type {Kind} */
export const date = {
  mount({ spec, labelledby, changed }) {
    const line = textLine({ labelledby, changed, width: spec.largeur || 12 });
    line.control.setAttribute("placeholder", TEXTS.example);
    return { ...line, setFeedback: (notes) => line.setNote(notes?.texte) };
  },
};
