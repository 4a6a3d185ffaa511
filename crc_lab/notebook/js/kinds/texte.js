// One short text.
import { textLine } from "../fields.js";

/** @type {Kind} */
export const texte = {
  mount: ({ spec, labelledby, changed }) => textLine({ labelledby, changed, wide: true, lines: spec.lignes }),
};
