// The notebook around a card: its answer sheet, kept by the JupyterLab plugin, and its other cards. All goes by DOM events,
// see the seam in types.d.ts.
import { fill } from "./dom.js";
import { calm } from "./reveal.js";
import { T } from "./texts.js";

/**
 * The stored answer of one question. `onState(state, date)`: "saving", "saved", "failed", "late" (not acknowledged), "absent" (no plugin).
 * @param {Shell} shell @param {Spec} spec @param {(state: SavingState, date?: string) => void} onState
 */
export function makeStore({ root, atEnd }, spec, onState) {
  let host = /** @type {Element | null} */ (null); // the notebook around the card: JupyterLab takes the cells out of view out of the page
  let pending = /** @type {Json} */ (null);
  let timer = 0;
  let overdue = 0;

  const target = () => {
    if (root.isConnected) {
      host = root.closest(".jp-Notebook") || host;
      return root;
    }
    return host?.isConnected ? host : null;
  };

  const saved = (/** @type {Event} */ event) => {
    const { detail } = /** @type {CustomEvent} */ (event);
    if (detail?.q !== spec.id) return;
    clearTimeout(overdue);
    onState(detail.ok ? "saved" : "failed", detail.date);
  };

  /** @param {Json} answer */
  function write(answer) {
    const node = target();
    pending = node ? null : answer;
    clearTimeout(timer);
    if (!node) {
      timer = setTimeout(() => write(answer), 400);
      return;
    }
    node.removeEventListener("crc-enregistre", saved);
    node.addEventListener("crc-enregistre", saved);
    onState("saving");
    const { ok } = ask(node, "crc-reponse", { q: spec.id, activite: spec.activite, ...answer });
    clearTimeout(overdue);
    if (ok === true) overdue = setTimeout(() => onState("late"), 30000);
    else onState("absent");
  }

  atEnd(() => {
    if (pending && target()) write(pending);
    clearTimeout(timer);
    clearTimeout(overdue);
    host?.removeEventListener("crc-enregistre", saved);
  });
  return { write, read: () => ask(target() || root, "crc-relire", { q: spec.id }) };
}

/** Dispatch one event of the plugin's protocol and return its detail (ok is true when the plugin answered). @param {Element} node @param {string} type @param {Json} detail @returns {Json} */
export function ask(node, type, detail) {
  const sent = { ...detail };
  node.dispatchEvent(new CustomEvent(type, { bubbles: true, composed: true, detail: sent }));
  return sent;
}

/** anywidget renders before the node is in the page: wait until it is (or give up after ten seconds). @param {Node} node @returns {Promise<boolean>} */
export function whenConnected(node) {
  return new Promise((resolve) => {
    const look = (/** @type {number} */ left) => (node.isConnected || !left ? resolve(node.isConnected) : setTimeout(look, 40, left - 1));
    look(250);
  });
}

/** Hear what is told of the questions of the same notebook as `root`; returns what stops it. @param {HTMLElement} root @param {string} type @param {(detail: Json) => void} action */
export function hear(root, type, action) {
  const listener = (/** @type {Event} */ event) => {
    const { detail } = /** @type {CustomEvent} */ (event);
    if (detail && notebookOf(event.composedPath()[0]) === notebookOf(root)) action(detail);
  };
  document.addEventListener(type, listener);
  return () => document.removeEventListener(type, listener);
}

/** The part of the page that belongs to the same notebook as `node`. @param {EventTarget} node @returns {Element | Document} */
function notebookOf(node) {
  return (node instanceof Element && node.closest(".jp-NotebookPanel, .jp-Notebook")) || document;
}

/** What waits for an answer to `question` (a chart that shows it) opens. @param {HTMLElement} root @param {string} question */
export function openAfter(root, question) {
  for (const folded of notebookOf(root).querySelectorAll(`details[data-crc-apres="${CSS.escape(question)}"]`)) folded.setAttribute("open", "");
}

/** The question whose card comes after this one in the page, or "". @param {HTMLElement} root */
export function nextQuestion(root) {
  const cards = [...notebookOf(root).querySelectorAll("[data-crc-question]")];
  return cards[cards.indexOf(root) + 1]?.getAttribute("data-crc-question") || "";
}

/** Scroll to the card of `question` and put the focus in it; `say` is told when it cannot be found. @param {HTMLElement} root @param {string} question @param {Say} say */
export function goTo(root, question, say) {
  if (ask(root, "crc-aller", { q: question }).ok === true) return;
  const card = notebookOf(root).querySelector(`[data-crc-question="${CSS.escape(question)}"]`);
  if (!card) return say(fill(T.cardNotSeen, { q: question }));
  card.scrollIntoView({ behavior: calm() ? "auto" : "smooth", block: "start" });
  const title = card.querySelector("h3");
  if (!title) return;
  title.tabIndex = -1;
  title.focus({ preventScroll: true });
}
