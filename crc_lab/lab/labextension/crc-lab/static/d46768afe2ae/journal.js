/* What the browser itself keeps of an answer, from the very moment it is given until it is on disk: a page may be killed, a
 * computer may stop. An entry belongs to one notebook (the name that its sheet bears, see answers.js) in one place.
 *
 * In a browser alone there is no disk, and an entry stays: it holds all the answers of an activity, in plain sight of the
 * first page of the site, which shows them, hands them over and takes them back. */
import { merge, read } from "./answers.js";
import { inBrowserAlone, PREFIX as PLACE } from "./place.js";

const PREFIX = `${PLACE}journal:`;
const keyOf = (/** @type {NotebookContext} */ context) => `${PREFIX}${inBrowserAlone ? "" : read(context).carnet}:${context.path}`;
const time = (/** @type {Json} */ answer) => Date.parse(answer && answer.date) || 0;

/** What is kept under a key; {} when the browser keeps nothing. @param {string} key @returns {Sheet} */
function entry(key) {
  try {
    return JSON.parse(localStorage.getItem(key) || "{}");
  } catch {
    return {};
  }
}

/** @param {string} key @param {Sheet} kept */
function store(key, kept) {
  try {
    if (Object.keys(kept.reponses || {}).length || kept.eleve) localStorage.setItem(key, JSON.stringify(kept));
    else localStorage.removeItem(key);
  } catch (error) {
    console.warn("crc-lab :", error);  // full, or refused by the browser: the file is still written within two seconds
  }
}

/** An answer (or, without `q`, the student's name) was just written in the sheet. @param {NotebookContext} context @param {string | null} q */
export function keep(context, q) {
  const key = keyOf(context);
  const { reponses = {}, eleve, activite, sujet } = read(context);
  /** @type {Sheet} */
  const kept = { ...entry(key), ...(inBrowserAlone ? { activite, sujet } : {}) };
  store(key, q ? { ...kept, reponses: { ...kept.reponses, [q]: reponses[q] } } : { ...kept, eleve });
}

/** This state of the sheet is on disk: only what is more recent stays (another window may have written it). @param {NotebookContext} context @param {Sheet} saved */
export function forget(context, saved) {
  if (inBrowserAlone) return;
  const key = keyOf(context);
  const { reponses = {}, eleve } = entry(key);
  const newer = Object.entries(reponses).filter(([q, answer]) => time(answer) > time((saved.reponses || {})[q]));
  const sameName = JSON.stringify(eleve) === JSON.stringify(saved.eleve);
  store(key, { reponses: Object.fromEntries(newer), ...(eleve && !sameName ? { eleve } : {}) });
}

/** Put in the notebook what a page that ended suddenly had no time to save; whether there was anything. @param {NotebookContext} context */
export const recover = context => merge(context, entry(keyOf(context)));

/** All that this browser holds, by the path of the notebook. @returns {Record<string, Sheet>} */
export function everything() {
  const start = `${PREFIX}:`;
  const keys = Object.keys(localStorage).filter(key => key.startsWith(start));
  return Object.fromEntries(keys.map(key => [key.slice(start.length), entry(key)]));
}

/** Tell of each notebook for which another window of this browser has just kept something. @param {(isOf: (context: NotebookContext) => boolean) => void} told */
export function hearOthers(told) {
  window.addEventListener("storage", ({ key, newValue }) => { if (key?.startsWith(PREFIX) && newValue) told(context => keyOf(context) === key); });
}
