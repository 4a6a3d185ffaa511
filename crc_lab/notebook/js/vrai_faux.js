// True or false (or the two or three options given), with a reason.
import { choices } from "./choix.js";
import { h, uid } from "./dom.js";
import { textLine } from "./texte.js";
import { T } from "./texts.js";

/** @type {Mount} */
export function vrai_faux(context) {
  const options = context.spec.options?.length
    ? context.spec.options
    : [{ id: "vrai", texte: T.yesTrue }, { id: "faux", texte: T.noFalse }];
  const choice = choices({ ...context, spec: { options } }, "radio");
  choice.node.classList.add("en-ligne");
  const id = uid("raison");
  const reason = textLine({ id, changed: context.changed, wide: true });
  const node = h("div", { class: "vrai-faux" }, choice.node,
    h("div", { class: "champ" }, h("label", { for: id, text: context.spec.raison || T.reason }), reason.input, reason.note));
  return {
    node,
    value: () => {
      const [chosen, why] = [choice.value(), reason.input.value];
      return chosen === null && !why ? null : { choix: chosen ?? "", raison: why };
    },
    fill: (value) => {
      choice.fill(typeof value === "string" ? value : value?.choix);
      reason.fill(value?.raison);
    },
    mark: (notes) => {
      choice.mark(notes);
      reason.mark(notes?.raison);
    },
  };
}
