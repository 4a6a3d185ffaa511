// Cells to circle in red, as on paper: [["1", "ville"], …].
import { count } from "../dom.js";
import { makeGrid } from "../grid.js";
import { inGrid } from "../rows.js";
import { T } from "../texts.js";

/** @type {Kind} */
export const cellules = {
  mount({ spec, changed, say }) {
    let others = /** @type {Json[]} */ ([]); // marks on a record or a column that is not shown here: kept
    let opened = false;
    const grid = makeGrid(spec, "mark", {
      say, changed: () => changed("now"), extra: ({ marks }) => count(marks.size, T.circledCells),
    });
    return {
      node: grid.node,
      width: "full",
      value: () => {
        const { data } = grid;
        const pairs = [...grid.marks].map((key) => key.split(":").map(Number))
          .sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([r, c]) => [data.rows[r][0], data.columns[c].nom]);
        return [...pairs, ...others];
      },
      setValue: (value) => {
        grid.marks.clear();
        others = [];
        for (const pair of Array.isArray(value) ? value : []) {
          const [r, c] = [grid.data.row(pair?.[0]), grid.data.column(pair?.[1])];
          if (r >= 0 && c > 0) grid.marks.add(`${r}:${c}`);
          else others.push(pair);
        }
        grid.table.setNotes([]);
        if (!opened) grid.editing.history.recall();
        opened = true;
        grid.update();
      },
      setFeedback: (_notes, cells) => grid.table.setNotes(cells),
      ...inGrid(grid),
    };
  },
};
