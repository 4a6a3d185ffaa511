// Every kind of answer a card can show.
import { cellules } from "./cellules.js";
import { coches } from "./coches.js";
import { FIELDS, unknownField } from "./fields.js";
import { formulaire } from "./formulaire.js";
import { paires } from "./paires.js";
import { parties } from "./parties.js";
import { tableau } from "./tableau.js";
import { trous } from "./trous.js";

/** @type {Record<string, Mount>} */
const KINDS = { ...FIELDS, tableau, cellules, paires, parties, trous, formulaire, coches };

/** The field of a question. @type {Mount} */
export function makeField(context) {
  return (KINDS[context.spec.genre] || unknownField)(context);
}
