// The state of each question, as Python knows it, completed at once by what the cards of the page say.
import { count, fill, isBlank, number } from "./dom.js";
import { notebookOf } from "./goto.js";
import { T } from "./texts.js";

/** State → class, sign, words. */
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

export function stateOf(question) {
  return STATES[question.etat] || STATES.a_faire;
}

/** Short name of a question on its step: « A4-Q1 » → « Q1 ». */
export function shortName(question) {
  return question.id.replace(/^A\d+-/, "");
}

/** « 7,5 points sur 10 », or nothing for an unmarked exercise or before a check; in an assessment what it is worth. */
export function pointsText(question, assessment) {
  const checked = ["juste", "partiel", "faux"].includes(question.etat) || question.points > 0;
  if (!question.sur) return "";
  if (assessment) return fill(T.markedOutOf, { n: number(question.sur) });
  return checked ? `${number(question.points)} / ${number(question.sur)}` : count(question.sur, T.points);
}

export function inAssessment(model) {
  return model.get("activite")?.edition === "evaluation";
}

export function isAnswered(question) {
  return !["a_faire", "non_repondu"].includes(question.etat);
}

/** The questions of the trait, kept up to date by the events of the cards of the same notebook. */
export function followStates(model, root, onChange) {
  let live = new Map();
  const list = () => (model.get("questions") || []).map((question) => ({ ...question, ...live.get(question.id) }));
  const mine = (event) => notebookOf(event.composedPath()[0]) === notebookOf(root) && (model.get("questions") || []).some(({ id }) => id === event.detail?.q);
  const answered = (event) => {
    if (!mine(event) || event.detail.reponse_inchangee) return; // a try or a hint is counted, nothing else
    live.set(event.detail.q, { etat: isBlank(event.detail.valeur) ? "a_faire" : "repondue", points: 0 });
    onChange();
  };
  const checked = (event) => {
    if (!mine(event)) return;
    const { q, verdict, points } = event.detail;
    const etat = String(verdict).toLowerCase();
    live.set(q, inAssessment(model) ? { etat: isAnswered({ etat }) ? "repondue" : etat } : { etat, points: points || 0 });
    onChange();
  };
  const fromPython = () => { live = new Map(); onChange(); };
  document.addEventListener("crc-reponse", answered);
  document.addEventListener("crc-retour", checked);
  model.on("change:questions", fromPython);
  return {
    list,
    /** What the notebook itself holds, when Python does not know it yet. */
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
