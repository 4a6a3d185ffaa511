// Undo and redo. A step is a list of changes that `apply(changes, way)` knows how to play (way: "apres" or "avant").

const LIMIT = 500;

export function makeHistory(apply, onChange) {
  let done = [];
  let undone = [];
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
