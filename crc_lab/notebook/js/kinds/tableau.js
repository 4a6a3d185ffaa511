// A table to fill: cells are text, one line per record.
import { count, sameJson } from "../dom.js";
import { makeGrid } from "../grid.js";
import { inGrid } from "../rows.js";
import { T } from "../texts.js";

const TEXTS = {
  addedRows: ["{n} ligne ajoutée", "{n} lignes ajoutées"],
};

/** @type {Kind} */
export const tableau = {
  mount({ spec, changed, say }) {
    let shown = /** @type {Json} */ (null); // the answer as it was given: an answer that nobody touches is never rewritten
    let touched = false;
    let filling = false;
    let opened = false;
    const grid = makeGrid(spec, "edit", {
      say,
      changed: (pace = "now") => {
        if (filling) return;
        touched = true;
        changed(pace);
      },
      extra: ({ data }) => [count(data.filled(), T.filledCells), data.added.length ? count(data.added.length, TEXTS.addedRows) : ""].filter(Boolean).join(" · "),
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
        const opening = !opened;
        opened = true;
        if (!sameJson(given, value())) replace(given, opening);
        if (opening) grid.editing.history.recall();
        grid.update();
      },
      setFeedback: (_notes, cells) => grid.table.setNotes(cells),
      ...inGrid(grid),
    };

    /** @param {Json} given @param {boolean} opening */
    function replace(given, opening) {
      grid.editing.close(false);
      shown = given ?? null;
      touched = false;
      const added = grid.data.added.length;
      const before = grid.data.rows.map((row) => [...row]);
      grid.data.load(given);
      grid.showAnswered();
      if (!opening) recordReplacement(before, added);
      grid.table.setNotes([]);
      grid.rebuild();
    }
  },
};
