// The copy to hand in: the notebook as it is on the screen, without what it does not need. No DOM here.
import { isBlank } from "./dom.js";

const EXAM = /^examen(?:\/|$)/; // what a mock exam left: the student's own (crc_lab.core.sheet.is_exam)
const NOT_IN_FILES = /[\\/:*?"<>|\u0000-\u001f]/g;
const LONGEST_NAME = 60;

/** @param {Json} notebook as JupyterLab holds it @param {{ nom: string, identifiant: string }} eleve */
export function cleanCopy(notebook, eleve) {
  const sheet = notebook.metadata.crc_lab;
  const crc_lab = { ...sheet, eleve, reponses: without(sheet.reponses, (name) => EXAM.test(name)) };
  const metadata = { ...without(notebook.metadata, (name) => name === "widgets"), crc_lab };
  return { ...notebook, metadata, cells: notebook.cells.map(withoutOutputs) };
}

/** @param {Json} cell */
function withoutOutputs(cell) {
  if (cell.cell_type !== "code") return cell;
  return { ...cell, metadata: without(cell.metadata, (name) => name === "execution"), outputs: [], execution_count: null };
}

/** @param {Json} object @param {(name: string) => boolean} drop @returns {Json} */
function without(object, drop) {
  return Object.fromEntries(Object.entries(object || {}).filter(([name]) => !drop(name)));
}

/** « 06_scorer – Garnier Inès »: what a file is, then whose, without what a file name cannot hold. @param {string[]} what @param {string} name */
export function fileName(what, name) {
  const whose = name.replace(NOT_IN_FILES, " ").replace(/\s+/g, " ").trim().slice(0, LONGEST_NAME).replace(/^[. ]+|[. ]+$/g, "");
  return [...what, whose].filter(Boolean).join(" – ");
}

/** How many answers a copy holds, of the marked questions and of the others, which marked ones are left, and when the last answer was given. @param {Json} copy @param {Progress[]} questions */
export function contents(copy, questions) {
  const { reponses } = copy.metadata.crc_lab;
  const given = questions.filter(({ id }) => reponses[id] && !isBlank(reponses[id].valeur));
  const times = given.map(({ id }) => Date.parse(reponses[id].date)).filter((time) => !Number.isNaN(time));
  return {
    marked: given.filter(({ entrainement }) => !entrainement).length,
    left: questions.filter((question) => !question.entrainement && !given.includes(question)).map(({ rang }) => rang),
    exercises: given.filter(({ entrainement }) => entrainement).length,
    last: times.length ? new Date(Math.max(...times)) : null,
  };
}
