// Undo and redo. A step is a list of changes that `apply(changes, way)` knows how to play (way: "apres" or "avant").
import { sameJson } from "./dom.js";

const LIMIT = 500;
const REMEMBERED = 50;

/**
 * `memory`: where the steps outlive the page (`key`), as long as `state()` is still what they led to.
 * @param {(changes: Change[], way: Way) => void} apply @param {() => void} onChange @param {{ key: string, state(): Json }} memory @returns {Steps}
 */
export function makeHistory(apply, onChange, memory) {
  const done = /** @type {Change[][]} */ ([]);
  let undone = /** @type {Change[][]} */ ([]);
  /** @type {(from: Change[][], to: Change[][], way: Way) => boolean} */
  const move = (from, to, way) => {
    const step = from.pop();
    if (!step) return false;
    to.push(step);
    apply(step, way);
    remember();
    onChange();
    return true;
  };

  /** Steps that play themselves cannot be written: what came before one is not remembered either. */
  function remember() {
    const since = done.findLastIndex((step) => step.some((change) => change.play));
    const steps = done.slice(since + 1).slice(-REMEMBERED);
    try {
      sessionStorage.setItem(memory.key, JSON.stringify({ etat: memory.state(), pas: steps }));
    } catch {
      // full, or refused by the browser: undoing ends with the page
    }
  }

  return {
    /** Record a step that has already been played. */
    record(changes) {
      if (!changes.length) return;
      done.push(changes);
      if (done.length > LIMIT) done.shift();
      undone = [];
      remember();
      onChange();
    },
    /** The page was reloaded: what was done before can be undone again. */
    recall() {
      try {
        const { etat, pas } = JSON.parse(sessionStorage.getItem(memory.key) || "{}");
        if (!done.length && Array.isArray(pas) && sameJson(etat, memory.state())) done.push(...pas);
      } catch {
        // not ours, or refused by the browser
      }
    },
    undo: () => move(done, undone, "avant"),
    redo: () => move(undone, done, "apres"),
    canUndo: () => done.length > 0,
    canRedo: () => undone.length > 0,
  };
}
