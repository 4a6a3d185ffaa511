// Copy and paste through the clipboard events of the browser: no permission is asked, Excel understands.
import { count } from "./dom.js";
import { readTsv, writeTsv } from "./tsv.js";
import { T } from "./texts.js";
import { bare } from "./values.js";

/** `whole()`: all the rows are shown, those that are not asked for too. @param {GridData} data @param {GridView} view @param {GridTable} grid @param {Editing} editing @param {Say} say @param {() => void} whole */
export function addClipboard(data, view, grid, editing, say, whole) {
  /** @param {ClipboardEvent} event @param {boolean} cut */
  function copied(event, cut) {
    if (editing.active || !event.clipboardData) return;
    const { top, bottom, left, right } = grid.block();
    const rows = view.rows.slice(top, bottom + 1).map((r) => view.columns.slice(left, right + 1).map((c) => data.text(c, data.rows[r][c])));
    if (!rows.length) return;
    event.clipboardData.setData("text/plain", writeTsv(rows));
    event.preventDefault();
    if (cut) editing.empty();
    else say(count(rows.length * rows[0].length, T.copied));
  }

  /** @param {ClipboardEvent} event */
  function pasted(event) {
    if (editing.active || !event.clipboardData) return;
    const text = event.clipboardData.getData("text/plain");
    event.preventDefault();
    if (!text || !data.answers.length) return say(T.nothingToPaste);
    say(paste(readTsv(text)));
  }

  /** Paste rows of cells from the top left of the block; one cell alone fills the whole block. Returns what to say. @param {string[][]} rows */
  function paste(rows) {
    const { top, bottom, left, right } = grid.block();
    const alone = rows.length === 1 && rows[0].length === 1;
    const height = alone ? bottom - top + 1 : rows.length;
    const width = alone ? right - left + 1 : Math.max(...rows.map((row) => row.length));
    if (view.first && !view.only && top + height > view.rows.length) whole();
    const cells = /** @type {Write[]} */ ([]);
    let ignored = 0;
    let unlisted = 0;
    for (let i = 0; i < height; i += 1) {
      for (let j = 0; j < width; j += 1) {
        const text = alone ? rows[0][0] : rows[i][j];
        if (text === undefined) continue;
        const [r, c] = [view.rows[top + i], view.columns[left + j]];
        if (r === undefined || c === undefined || !data.editable(r, c)) {
          ignored += 1;
          continue;
        }
        const found = data.canonical(c, bare(text));
        if (!found.known) unlisted += 1;
        cells.push({ r, c, text: found.text });
      }
    }
    editing.write(cells);
    const last = { r: Math.min(view.rows.length, top + height) - 1, c: Math.min(view.columns.length, left + width) - 1 };
    grid.select(top, left);
    if (last.r > top || last.c > left) grid.select(last.r, last.c, { extend: true, focus: false });
    return [
      count(cells.length, T.pasted), ignored ? count(ignored, T.ignored) : "", unlisted ? count(unlisted, T.unlisted) : "",
    ].filter(Boolean).join(" ");
  }

  grid.table.addEventListener("copy", (event) => copied(event, false));
  grid.table.addEventListener("cut", (event) => copied(event, true));
  grid.table.addEventListener("paste", pasted);
}
