// Matching: one labelled drop-down list per item of the left.
import { h, uid } from "../dom.js";
import { dropDown } from "../fields.js";

const LONG = 36; // letters: what a list beside its item shows whole

/** @type {Kind} */
export const association = {
  mount({ spec, labelledby, changed }) {
    const rows = (spec.gauche || []).map((item) => {
      const id = uid("assoc");
      const list = dropDown(spec.droite || [], changed, { id });
      return { ...list, id: String(item.id), node: h("div", { class: "paire" }, h("label", { for: id, text: item.texte }), list.control, list.whole, list.note) };
    });
    const long = (spec.droite || []).some((option) => option.texte.length > LONG);
    return {
      node: h("div", { class: long ? "association longue" : "association", role: "group", "aria-labelledby": labelledby }, rows.map((row) => row.node)),
      value: () => Object.fromEntries(rows.filter((row) => row.value()).map((row) => [row.id, row.value()])),
      setValue: (value) => rows.forEach((row) => row.setValue(value?.[row.id])),
      setFeedback: (notes) => rows.forEach((row) => row.setNote(notes?.[row.id])),
    };
  },
};
