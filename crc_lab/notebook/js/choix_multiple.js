// Several choices: check boxes.
import { choices } from "./choix.js";
import { h } from "./dom.js";
import { T } from "./texts.js";

/** @type {Mount} */
export function choix_multiple(context) {
  const field = choices(context, "checkbox");
  field.node.prepend(h("p", { class: "aide", text: T.severalAnswers }));
  return field;
}
