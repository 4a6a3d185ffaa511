// Going to the card of a question, from the progress card and from the hand-in card.
import { fill } from "./dom.js";
import { ask } from "./store.js";
import { T } from "./texts.js";

/** The part of the page that belongs to the same notebook as `node`. @param {EventTarget} node @returns {Element | Document} */
export function notebookOf(node) {
  return (node instanceof Element && node.closest(".jp-NotebookPanel, .jp-Notebook")) || document;
}

/** Scroll to the card of `question` and put the focus in it; `say` is told when it cannot be found. @param {HTMLElement} root @param {string} question @param {Say} say */
export function goTo(root, question, say) {
  if (ask(root, "crc-aller", { q: question }).ok === true) return;
  const card = notebookOf(root).querySelector(`[data-crc-question="${CSS.escape(question)}"]`);
  if (!card) return say(fill(T.cardNotSeen, { q: question }));
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  card.scrollIntoView({ behavior: calm ? "auto" : "smooth", block: "start" });
  const title = card.querySelector("h3");
  if (!title) return;
  title.tabIndex = -1;
  title.focus({ preventScroll: true });
}
