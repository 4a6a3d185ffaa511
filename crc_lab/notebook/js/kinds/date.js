// A day, kept as typed.
import { textLine } from "../fields.js";

const TEXTS = { example: "jj/mm/aaaa" };

/** @type {Kind} */
export const date = {
  mount({ labelledby, changed }) {
    const line = textLine({ labelledby, changed, width: 12 });
    line.control.setAttribute("placeholder", TEXTS.example);
    return { ...line, setFeedback: (notes) => line.setNote(notes?.texte) };
  },
};
