// The state of each question, as Python knows it, completed at once by what the cards of the page say.
import { count, fill, isBlank, number } from "./dom.js";
import { hear } from "./notebook.js";
import { afterClick } from "./press.js";
import { T } from "./texts.js";

/** State → class, sign, words. @type {Record<string, string[]>} */
const STATES = {
  a_faire: ["", "", T.stateTodo],
  non_repondu: ["", "", T.stateTodo],
  repondue: ["fait", "", T.stateDone],
  juste: ["juste", "✓", T.stateRight],
  partiel: ["partiel", "~", T.statePartly],
  faux: ["faux", "✗", T.stateWrong],
  a_relire: ["fait", "…", T.stateToBeRead],
  erreur: ["partiel", "!", T.stateUnreadable],
};

/** @param {Progress} question */
export function stateOf(question) {
  return STATES[question.etat] || STATES.a_faire;
}

/** « 7,5 points sur 10 », or nothing for an unmarked exercise or before a check; in an assessment what it is worth. @param {Progress} question @param {boolean} assessment */
export function pointsText(question, assessment) {
  const checked = ["juste", "partiel", "faux"].includes(question.etat) || question.points > 0;
  if (!question.sur) return "";
  if (assessment) return fill(T.markedOutOf, { n: number(question.sur) });
  return checked ? `${number(question.points)} / ${number(question.sur)}` : count(question.sur, T.points);
}

/** @param {Model} model @returns {boolean} */
export function inAssessment(model) {
  return model.get("activite")?.edition === "evaluation";
}

/** @param {{ etat: string }} question */
export function isAnswered(question) {
  return !["a_faire", "non_repondu"].includes(question.etat);
}

/** The questions of the trait, kept up to date by the events of the cards of the same notebook. @param {Shell} shell @param {() => void} onChange */
export function followStates({ model, root, follow, atEnd }, onChange) {
  const live = /** @type {Map<string, Partial<Progress>>} */ (new Map());
  const list = () => /** @type {Progress[]} */ (model.get("questions") || []).map((question) => ({ ...question, ...live.get(question.id) }));
  const learn = (/** @type {string} */ name, /** @type {Partial<Progress>} */ state) => {
    const known = list().find(({ id, cle }) => (cle || id) === name);
    if (!known || Object.entries(state).every(([key, value]) => known[/** @type {keyof Progress} */ (key)] === value)) return;
    live.set(known.id, state);
    afterClick(onChange);
  };
  atEnd(hear(root, "crc-reponse", ({ q, valeur, reponse_inchangee }) => {
    if (reponse_inchangee) return; // a try or a hint is counted, nothing else
    learn(q, { etat: isBlank(valeur) ? "a_faire" : "repondue", points: 0 });
  }));
  atEnd(hear(root, "crc-retour", ({ q, verdict, points = 0 }) => {
    const etat = String(verdict).toLowerCase();
    learn(q, inAssessment(model) ? { etat: isAnswered({ etat }) ? "repondue" : etat } : { etat, points });
  }));
  follow({ questions: () => { live.clear(); onChange(); } });
  return {
    list,
    /** What the notebook itself holds, when Python does not know it yet. @param {Json} sheet */
    fromSheet(sheet) {
      for (const question of list()) {
        const answer = sheet?.reponses?.[question.cle || question.id];
        if (!isAnswered(question) && answer && !isBlank(answer.valeur)) live.set(question.id, { etat: "repondue" });
      }
      onChange();
    },
  };
}
