// True or false (or the two or three options given), with a reason.
import { h } from "../dom.js";
import { choices, textLine } from "../fields.js";

const TEXTS = {
  yesTrue: "Vrai",
  noFalse: "Faux",
  reason: "Pourquoi ?",
};

/** @type {Kind} */
export const vrai_faux = {
  mount({ spec, labelledby, changed }) {
    const options = spec.options?.length ? spec.options : [{ id: "vrai", texte: TEXTS.yesTrue }, { id: "faux", texte: TEXTS.noFalse }];
    const choice = choices({ spec: { options }, labelledby, changed }, "radio");
    const reason = textLine({ label: TEXTS.reason, changed, wide: true });
    choice.node.classList.add("en-ligne");
    return {
      node: h("div", { class: "vrai-faux" }, choice.node, reason.node),
      value: () => {
        const [choix, raison] = [choice.value() ?? "", reason.value()];
        return choix || raison ? { choix, raison } : null;
      },
      setValue: (value) => {
        choice.setValue(typeof value === "string" ? value : value?.choix);
        reason.setValue(value?.raison);
      },
      setFeedback: (notes) => {
        choice.setFeedback(notes);
        reason.setNote(notes?.raison);
      },
    };
  },
};
