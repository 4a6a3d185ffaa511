// Several named fields, each of its own kind: {"taux": "8,33", "conforme": "non"}.
import { h, uid } from "./dom.js";
import { FIELDS, unknownField } from "./fields.js";

const ONE_INPUT = ["nombre", "texte", "ouverte"];

/** @type {Mount} */
export function parties(context) {
  const parts = (context.spec.parties || []).map((part) => {
    const labelId = uid("partie");
    const own = { tableau: context.spec.tableau, ...part };
    const field = (FIELDS[part.genre] || unknownField)({ ...context, spec: own, labelledby: labelId });
    const input = ONE_INPUT.includes(part.genre) ? field.node.querySelector("input, textarea") : null;
    if (input) input.id = uid("champ");
    const label = h(input ? "label" : "p", { id: labelId, for: input?.id, class: "libelle", text: part.libelle || "" });
    const node = h("div", { class: `partie partie-${part.genre}` }, label, field.node);
    return { id: part.id, field, node };
  });
  let others = /** @type {Json} */ ({}); // fields unknown to this version: kept
  return {
    node: h("div", { class: "parties" }, parts.map((part) => part.node)),
    wide: parts.some((part) => part.field.large || part.field.wide),
    value: () => {
      const given = parts.map((part) => [part.id, part.field.value()]).filter(([, value]) => value !== null && value !== "");
      return { ...others, ...Object.fromEntries(given) };
    },
    settle: () => parts.forEach((part) => part.field.settle?.()),
    flush: () => parts.forEach((part) => part.field.flush?.()),
    close: () => parts.forEach((part) => part.field.close?.()),
    fill: (value) => {
      const known = new Set(parts.map((part) => part.id));
      others = Object.fromEntries(Object.entries(value || {}).filter(([id]) => !known.has(id)));
      for (const part of parts) part.field.fill(value?.[part.id] ?? null);
    },
    /** Notes: {"taux": {etat, texte}} for a typed field, {"conforme": {"non": {etat, texte}}} or "conforme.non" for an option. */
    mark: (notes, cells) => parts.forEach((part) => {
      const own = notes?.[part.id];
      const dotted = Object.entries(notes || {}).filter(([key]) => key.startsWith(`${part.id}.`))
        .map(([key, note]) => [key.slice(part.id.length + 1), note]);
      const chosen = part.field.value();
      const nested = own && own.etat === undefined ? own : {};
      const whole = own?.etat ? { texte: own, raison: own, ...(typeof chosen === "string" ? { [chosen]: own } : {}) } : {};
      part.field.mark({ ...whole, ...nested, ...Object.fromEntries(dotted) }, cells);
    }),
  };
}
