// The state of each question, as Python knows it, completed at once by what the cards of the page say.
import { count, fill, isBlank, number, quarter } from "./dom.js";
import { notebookOf } from "./goto.js";
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

/** Short name of a question on its step: « A4-Q1 » → « Q1 ». @param {Progress} question */
export function shortName(question) {
  return question.id.replace(/^A\d+-/, "");
}

/** « 7,5 points sur 10 », or nothing for an unmarked exercise or before a check; in an assessment what it is worth. @param {Progress} question @param {boolean} assessment */
export function pointsText(question, assessment) {
  const checked = ["juste", "partiel", "faux"].includes(question.etat);
  if (!question.sur) return "";
  if (assessment) return fill(T.markedOutOf, { n: number(question.sur) });
  return checked ? `${quarter(question.points)} / ${number(question.sur)}` : count(question.sur, T.points);
}

/** @param {Model} model @returns {boolean} */
export function inAssessment(model) {
  return model.get("activite")?.edition === "evaluation";
}

/** @param {{ etat: string }} question */
export function isAnswered(question) {
  return !["a_faire", "non_repondu"].includes(question.etat);
}

/** The questions of the trait, kept up to date by the events of the cards of the same notebook. @param {Model} model @param {HTMLElement} root @param {() => void} onChange */
export function followStates(model, root, onChange) {
  const live = /** @type {Map<string, Partial<Progress>>} */ (new Map());
  const given = () => /** @type {Progress[]} */ (model.get("questions") || []);
  const list = () => given().map((question) => ({ ...question, ...live.get(question.id) }));
  /** What an event of one of our questions tells, or null. */
  const told = (/** @type {Event} */ event) => {
    const { detail } = /** @type {CustomEvent} */ (event);
    return notebookOf(event.composedPath()[0]) === notebookOf(root) && given().some(({ id }) => id === detail?.q) ? detail : null;
  };
  const answered = (/** @type {Event} */ event) => {
    const detail = told(event);
    if (!detail || detail.reponse_inchangee) return; // a try or a hint is counted, nothing else
    live.set(detail.q, { etat: isBlank(detail.valeur) ? "a_faire" : "repondue", points: 0 });
    onChange();
  };
  const checked = (/** @type {Event} */ event) => {
    const detail = told(event);
    if (!detail) return;
    const etat = String(detail.verdict).toLowerCase();
    live.set(detail.q, inAssessment(model) ? { etat: isAnswered({ etat }) ? "repondue" : etat } : { etat, points: detail.points || 0 });
    onChange();
  };
  const fromPython = () => { live.clear(); onChange(); };
  document.addEventListener("crc-reponse", answered);
  document.addEventListener("crc-retour", checked);
  model.on("change:questions", fromPython);
  return {
    list,
    /** What the notebook itself holds, when Python does not know it yet. @param {Json} sheet */
    fromSheet(sheet) {
      for (const question of list()) {
        const answer = sheet?.reponses?.[question.id];
        if (!isAnswered(question) && answer && !isBlank(answer.valeur)) live.set(question.id, { etat: "repondue" });
      }
      onChange();
    },
    close() {
      document.removeEventListener("crc-reponse", answered);
      document.removeEventListener("crc-retour", checked);
      model.off("change:questions", fromPython);
    },
  };
}
