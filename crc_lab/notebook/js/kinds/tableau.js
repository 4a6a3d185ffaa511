// A table to fill: cells are text, one line per record.
import { count, sameJson } from "../dom.js";
import { makeGrid } from "../grid.js";

const TEXTS = {
  filled: ["{n} case remplie", "{n} cases remplies"],
  addedRows: ["{n} ligne ajoutée", "{n} lignes ajoutées"],
};

/** @type {Kind} */
export const tableau = {
  mount({ spec, changed, say }) {
    let shown = /** @type {Json} */ (null); // the answer as it was given: an answer that nobody touches is never rewritten
    let touched = false;
    let filling = false;
    const grid = makeGrid(spec, "edit", {
      say,
      changed: () => {
        if (filling) return;
        touched = true;
        changed("now");
      },
      extra: ({ data }) => {
        const filled = data.rows.reduce((sum, row) => sum + data.answers.filter((c) => row[c].trim()).length, 0);
        return [count(filled, TEXTS.filled), data.added.length ? count(data.added.length, TEXTS.addedRows) : ""].filter(Boolean).join(" · ");
      },
    });
    const value = () => (touched ? grid.data.value() : shown);

    /** An imported answer can be undone like anything else, as long as it has the same rows. @param {string[][]} before @param {number} added */
    function recordReplacement(before, added) {
      const { rows, answers } = grid.data;
      if (rows.length !== before.length || added) return;
      const changes = rows.flatMap((row, r) => answers.filter((c) => row[c] !== before[r][c])
        .map((c) => ({ r, c, avant: before[r][c], apres: row[c] })));
      filling = true;
      grid.editing.history.record(changes);
      filling = false;
    }

    return {
      node: grid.node,
      width: "full",
      value,
      flush: grid.flush,
      setValue: (given) => {
        if (sameJson(given, value())) return;
        grid.editing.close(false);
        shown = given ?? null;
        touched = false;
        const added = grid.data.added.length;
        const before = grid.data.rows.map((row) => [...row]);
        grid.data.load(given);
        recordReplacement(before, added);
        grid.table.setNotes([]);
        grid.rebuild();
      },
      setFeedback: (_notes, cells) => grid.table.setNotes(cells),
    };
  },
};
