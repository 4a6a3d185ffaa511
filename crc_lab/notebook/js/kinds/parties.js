// Several named fields, each of its own kind: {"taux": "12,5", "conforme": "oui"}.
import { h, uid } from "../dom.js";
import { besides } from "../fields.js";

/** @type {Kind} */
export const parties = {
  mount({ spec, part }) {
    const parts = (spec.parties || []).map((own) => {
      const labelId = uid("partie");
      const field = part({ tableau: spec.tableau, ...own }, labelId);
      if (field.control) field.control.id ||= uid("champ");
      const label = h(field.control ? "label" : "p", { id: labelId, for: field.control?.id, class: "libelle", text: own.libelle || "" });
      return { id: own.id, field, node: h("div", { class: `partie partie-${own.genre}` }, label, field.node) };
    });
    let others = /** @type {Json} */ ({}); // fields unknown to this version: kept
    return {
      node: h("div", { class: "parties" }, parts.map(({ node }) => node)),
      width: parts.some(({ field }) => field.width) ? "wide" : undefined,
      annexes: parts.flatMap(({ field }) => field.annexes || []),
      value: () => {
        const given = parts.map(({ id, field }) => [id, field.value()]).filter(([, value]) => value !== null && value !== "");
        return { ...others, ...Object.fromEntries(given) };
      },
      settle: () => parts.forEach(({ field }) => field.settle?.()),
      flush: () => parts.forEach(({ field }) => field.flush?.()),
      goTo: parts.some(({ field }) => field.goTo) ? (row, columns) => parts.some(({ field }) => field.goTo?.(row, columns)) : undefined,
      close: () => parts.forEach(({ field }) => field.close?.()),
      setValue: (value) => {
        others = besides(value, parts.map(({ id }) => id));
        for (const { id, field } of parts) field.setValue(value?.[id] ?? null);
      },
      /** Notes: {"taux": {etat, texte}} for a typed field, {"conforme": {"oui": {etat, texte}}} or "conforme.oui" for an option. */
      setFeedback: (notes = {}, cells) => parts.forEach(({ id, field }) => {
        const own = notes[id];
        const dotted = Object.entries(notes).filter(([key]) => key.startsWith(`${id}.`)).map(([key, note]) => [key.slice(id.length + 1), note]);
        const chosen = field.value();
        const whole = own?.etat ? { texte: own, raison: own, ...(typeof chosen === "string" ? { [chosen]: own } : {}) } : own;
        field.setFeedback({ ...whole, ...Object.fromEntries(dotted) }, cells);
      }),
    };
  },
};
