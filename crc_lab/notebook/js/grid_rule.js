// The rule of the work (a scale, a control sheet, a norm) beside the grid: pinned at its right where there is room, else on demand.
import { h } from "./dom.js";

const WIDE = 1040; // pixels of the grid from which there is room for both

/** @param {Annexe} rule */
export function makeRule({ titre, html }) {
  const text = h("div", { class: "texte-regle", tabindex: 0, role: "region", "aria-label": titre, html });
  const node = h("details", { class: "regle-a-cote" }, h("summary", { text: titre }), text);
  let wide = /** @type {boolean | null} */ (null);
  new ResizeObserver(() => {
    const room = (node.parentElement?.offsetWidth || 0) >= WIDE;
    if (room === wide) return;
    wide = room;
    node.open = room; // until the student folds it, or unfolds it
    node.parentElement?.classList.toggle("au-large", room);
  }).observe(document.body);
  return node;
}
