/* In a browser alone, answers are nowhere else until they are in a file: a quiet line says so, after ten of them or twenty
 * minutes, and again later. Never a dialog. */
import { button, element } from "./dom.js";
import { PREFIX } from "./place.js";

const ANSWERS = 10, DELAY = 20 * 60_000, EVERY = 30_000;
const KEY = `${PREFIX}rappel`;
export const STYLE = `
  #crc-rappel { position: fixed; z-index: 900; left: 0; right: 0; bottom: 0; display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: center;
    justify-content: center; padding: 6px 12px; border-top: 1px solid var(--jp-border-color1); background: var(--jp-layout-color2);
    color: var(--jp-ui-font-color1); font: 14px/1.4 var(--jp-ui-font-family); }
  #crc-rappel[hidden] { display: none; }
  #crc-rappel button { min-height: 32px; padding: 4px 12px; border: 1px solid currentcolor; border-radius: 6px; background: none; color: inherit;
    font: inherit; cursor: pointer; }`;

/** What was answered since the last copy, and since when: { questions: string[], depuis: number }. */
function sinceCopy() {
  try {
    const { questions = [], depuis = 0 } = JSON.parse(localStorage.getItem(KEY) || "{}");
    return { questions: /** @type {string[]} */ (questions), depuis: Number(depuis) };
  } catch {
    return { questions: [], depuis: 0 };
  }
}

/** @param {{ questions: string[], depuis: number }} state */
function store(state) {
  try {
    localStorage.setItem(KEY, JSON.stringify(state));
  } catch (error) {
    console.warn("crc-lab :", error);
  }
}

/** `download` makes a copy of the page in front. @param {() => Promise<unknown>} download */
export function makeReminder(download) {
  const begin = () => { store({ questions: [], depuis: 0 }); look(); };
  const node = element("div", { id: "crc-rappel", role: "status", hidden: "" },
    element("span", {}, "Vos réponses sont dans ce navigateur seulement : gardez-en une copie."),
    button("Télécharger ma copie", download), button("Plus tard", begin));
  document.body.append(node);

  function look() {
    const { questions, depuis } = sinceCopy();
    node.hidden = !questions.length || (questions.length < ANSWERS && Date.now() - depuis < DELAY);
  }

  document.addEventListener("crc-reponse", event => {
    const { q, activite } = /** @type {CustomEvent} */ (event).detail || {};
    const { questions, depuis } = sinceCopy();
    store({ questions: [...new Set([...questions, `${activite}/${q}`])], depuis: depuis || Date.now() });
    look();
  });
  // The hand-in card has just made a copy.
  document.addEventListener("crc-feuille", event => { if (/** @type {CustomEvent} */ (event).detail?.entier) begin(); });
  setInterval(look, EVERY);
  look();
  return { made: begin };
}
