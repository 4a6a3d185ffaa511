// Undo and redo. A step is a list of changes that `apply(changes, way)` knows how to play (way: "apres" or "avant").

const LIMIT = 500;

/** @param {(changes: Change[], way: Way) => void} apply @param {() => void} onChange @returns {Steps} */
export function makeHistory(apply, onChange) {
  const done = /** @type {Change[][]} */ ([]);
  let undone = /** @type {Change[][]} */ ([]);
  /** @type {(from: Change[][], to: Change[][], way: Way) => boolean} */
  const move = (from, to, way) => {
    const step = from.pop();
    if (!step) return false;
    to.push(step);
    apply(step, way);
    onChange();
    return true;
  };
  return {
    /** Record a step that has already been played. */
    record(changes) {
      if (!changes.length) return;
      done.push(changes);
      if (done.length > LIMIT) done.shift();
      undone = [];
      onChange();
    },
    undo: () => move(done, undone, "avant"),
    redo: () => move(undone, done, "apres"),
    canUndo: () => done.length > 0,
    canRedo: () => undone.length > 0,
  };
}
