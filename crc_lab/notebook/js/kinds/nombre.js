// A number, kept as typed: « 4,75 » stays « 4,75 ».
import { textLine } from "../fields.js";

/** @type {Kind} */
export const nombre = {
  mount: ({ spec, labelledby, changed }) => textLine({ labelledby, changed, decimal: true, unit: spec.unite }),
};
