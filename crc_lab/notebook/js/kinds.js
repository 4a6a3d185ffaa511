// Every kind of answer a card can show.
import { cellules } from "./cellules.js";
import { coches } from "./coches.js";
import { FIELDS, unknownField } from "./fields.js";
import { formulaire } from "./formulaire.js";
import { paires } from "./paires.js";
import { parties } from "./parties.js";
import { tableau } from "./tableau.js";
import { trous } from "./trous.js";

const TABLES = { tableau, cellules, paires };

/**
 * The field of a question: {node, value(), fill(value), mark(notes, cells)}, and perhaps large (no margin), wide, unknown,
 * flush() (validate what is being typed), settle() (what is shown becomes the answer: « Vérifier » was clicked).
 * `context`: spec, labelledby, changed("now" | "typing"), say(text), annexes() and annex(values) (see crc_lab/notebook/widgets.py).
 */
export function makeField(context) {
  const make = { ...FIELDS, ...TABLES, parties, trous, formulaire, coches }[context.spec.genre] || unknownField;
  return make(context);
}
