// The kinds that stand alone or as one field of `parties`.
import { association } from "./association.js";
import { choix } from "./choix.js";
import { choix_multiple } from "./choix_multiple.js";
import { fill, h } from "./dom.js";
import { fiches } from "./fiches.js";
import { nombre } from "./nombre.js";
import { ordre } from "./ordre.js";
import { ouverte } from "./ouverte.js";
import { priorites } from "./priorites.js";
import { segment } from "./segment.js";
import { texte } from "./texte.js";
import { textes } from "./textes.js";
import { T } from "./texts.js";
import { vrai_faux } from "./vrai_faux.js";

/** @type {Record<string, Mount>} */
export const FIELDS = {
  choix, choix_multiple, vrai_faux, nombre, texte, textes, association, ordre, ouverte, priorites, fiches, segment,
};

/** A kind that this version does not show: the answer already given is kept as it is. @type {Mount} */
export function unknownField({ spec }) {
  let kept = /** @type {Json} */ (null);
  return {
    node: h("p", { class: "alerte", role: "note", text: fill(T.unknownKind, { kind: spec.genre }) }),
    unknown: true,
    value: () => kept,
    fill: (value) => { kept = value ?? null; },
    mark: () => {},
  };
}
