// One quick question: the field of its kind, then the verdict and the reason. Nothing of it is marked.
import { button, fill, h, isBlank, setAttribute, uid } from "./dom.js";
import { makeField } from "./field.js";
import { T } from "./texts.js";

const TEXTS = {
  check: "Valider",
  dontKnow: "Je ne sais pas",
  answerFirst: "Répondez d’abord, ou cliquez sur « Je ne sais pas ».",
  pairAll: "Il reste un choix à faire.",
  rightAnswer: "Réponse : {text}.",
  course: "À relire : {source}.",
  last: "Voir le bilan",
  keys: "Au clavier : flèches ou chiffres pour choisir, Entrée pour valider, puis pour passer à la suite.",
};

/**
 * The nodes of a question: to answer, or answered (`carte.reponse`).
 * @param {Flashcard} carte @param {{ ask(message: Message): void, tell(text: string, look?: string): void, last: boolean }} given
 */
export function questionPage(carte, { ask, tell, last }) {
  const title = uid("flash");
  const { champ, reponse } = carte;
  const spec = { .../** @type {Spec} */ (champ), id: carte.nom };
  const field = makeField({ spec, labelledby: title, changed: () => tell(""), say: () => {}, annexes: () => ({}), annex: () => {} });
  if (spec.options?.length === 2) field.node.classList.add("en-ligne");
  const answer = h("form", { class: "reponse-flash", on: { submit: (event) => { event.preventDefault(); check(); }, keydown: pick } }, field.node);
  const page = [h("p", { class: "mot", id: title, text: carte.recto }), answer];
  if (reponse) {
    field.setValue(reponse.valeur);
    field.setFeedback(reponse.notes);
    answer.inert = true; // answered: it is only read
    return [h("div", { class: "face recto" }, page), verdict(carte),
      h("div", { class: "groupe" }, button(last ? TEXTS.last : T.nextQuestion, () => ask({ type: "suite" }), "principal", { "data-focus": true }))];
  }
  answer.append(h("div", { class: "groupe" }, h("button", { type: "submit", class: "principal", text: TEXTS.check }), button(TEXTS.dontKnow, () => give(null))));
  const first = field.control || field.node.querySelector("input, select");
  if (first) setAttribute(first, "data-focus", "true");
  return [h("div", { class: "face recto" }, page), h("p", { class: "aide", text: TEXTS.keys })];

  function check() {
    const value = field.value();
    const all = spec.gauche?.every((one) => value[one.id]) ?? true;
    if (isBlank(value) || !all) tell(isBlank(value) ? TEXTS.answerFirst : TEXTS.pairAll, "alerte");
    else give(value);
  }

  /** @param {Json} valeur */
  function give(valeur) {
    tell("");
    ask({ type: "reponse", carte: carte.nom, valeur });
  }

  /** A digit ticks the option of that rank; Enter validates, in a list or on an option too. @param {KeyboardEvent & { target: HTMLElement }} event */
  function pick(event) {
    const option = spec.options?.[Number(event.key) - 1];
    const typing = event.ctrlKey || event.altKey || event.metaKey;
    if (option && !typing) field.setValue(option.id);
    else if (event.key === "Enter" && !typing && event.target.matches("input, select")) check();
    else return;
    event.preventDefault();
  }
}

/** @param {Flashcard} carte */
function verdict({ reponse, verso, source }) {
  const right = Boolean(reponse?.juste);
  return h("div", { class: `retour ${right ? "juste" : "faux"}` }, h("div", null,
    h("p", null, h("b", { class: "verdict", text: right ? T.signRight : T.signWrong }), right ? "" : ` ${fill(TEXTS.rightAnswer, { text: verso })}`),
    h("p", { text: reponse?.raison }), source ? h("p", { class: "aide", text: fill(TEXTS.course, { source }) }) : null));
}
