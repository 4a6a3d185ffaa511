// Several choices: check boxes.
import { h } from "../dom.js";
import { choices } from "../fields.js";

const TEXTS = {
  severalAnswers: "Plusieurs réponses sont possibles.",
};

/** @type {Kind} */
export const choix_multiple = {
  mount(context) {
    const field = choices(context, "checkbox");
    field.node.prepend(h("p", { class: "aide", text: TEXTS.severalAnswers }));
    return field;
  },
};
