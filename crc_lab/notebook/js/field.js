// The field of a question, whatever its kind.
import { fill, h } from "./dom.js";
import * as kinds from "./kinds.js";
import { T } from "./texts.js";

/** @type {Record<string, Kind>} */
const KINDS = kinds;

/** A kind that this version does not show: the answer already given is kept as it is. @type {Kind} */
const unknown = {
  mount({ spec }) {
    let kept = /** @type {Json} */ (null);
    return {
      node: h("p", { class: "alerte", role: "note", text: fill(T.unknownKind, { kind: spec.genre }) }),
      unknown: true,
      value: () => kept,
      setValue: (value) => { kept = value ?? null; },
      setFeedback: () => {},
    };
  },
};

/** @param {Omit<Context, "part">} context @returns {Field} */
export function makeField(context) {
  const kind = Object.hasOwn(KINDS, context.spec.genre) ? KINDS[context.spec.genre] : unknown;
  return kind.mount({ ...context, part: (spec, labelledby) => makeField({ ...context, spec, labelledby }) });
}
