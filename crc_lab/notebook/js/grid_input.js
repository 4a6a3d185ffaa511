// Keyboard and mouse on the table, when no editor is open.
import { listen } from "./dom.js";

const PAGE = 10;

/**
 * `act`: what marks a cell, picks a row, sorts by a column, in positions of the data; missing ones do nothing.
 * @param {GridData} data @param {GridView} view @param {GridTable} grid @param {Editing} editing
 * `fill`: Ctrl + D, Ctrl + R; `head(key)`: Alt and an arrow on a title, true when it did something.
 * @param {{ sort(c: number): void, fill?: { down(): void, right(): void }, head(key: string): boolean, mark?: ((r: number, c: number) => void), pick?: (r: number) => void }} act
 */
export function addInput(data, view, grid, editing, act) {
  let dragging = false;
  let moved = false;
  const inEditor = (/** @type {Event} */ event) => event.target instanceof Element && event.target.closest("input, select") !== null;

  /** @param {KeyboardEvent} event */
  function keydown(event) {
    if (inEditor(event)) return;
    const { key } = event;
    const command = (event.ctrlKey || event.metaKey) && !event.getModifierState("AltGraph");
    const to = (/** @type {number} */ r, /** @type {number} */ c) => grid.select(r, c, { extend: event.shiftKey });
    const [lastRow, lastColumn] = [view.rows.length - 1, view.columns.length - 1];
    const top = event.shiftKey ? 0 : -1;
    /** @type {Record<string, () => unknown>} */
    const moves = {
      ArrowUp: () => to(command ? 0 : Math.max(top, grid.r - 1), grid.c),
      ArrowDown: () => to(command ? lastRow : grid.r + 1, grid.c),
      ArrowLeft: () => to(grid.r, command ? 0 : grid.c - 1),
      ArrowRight: () => to(grid.r, command ? lastColumn : grid.c + 1),
      Home: () => to(command ? 0 : grid.r, 0),
      End: () => to(command ? lastRow : grid.r, lastColumn),
      PageUp: () => to(Math.max(0, grid.r - PAGE), grid.c),
      PageDown: () => to(grid.r + PAGE, grid.c),
      Delete: () => editing.empty(),
      Backspace: () => editing.empty(),
      Enter: () => enter(event),
      F2: () => enter(event),
      " ": () => space(),
      Escape: () => grid.select(grid.r, grid.c),
    };
    /** @type {Record<string, () => unknown>} */
    const letters = {
      a: () => { grid.anchor = { r: 0, c: 0 }; grid.select(lastRow, lastColumn, { extend: true, focus: false }); },
      z: () => (event.shiftKey ? editing.history.redo() : editing.history.undo()),
      y: () => editing.history.redo(),
      ...(act.fill && !event.shiftKey ? { d: act.fill.down, r: act.fill.right } : {}),
    };
    if (event.altKey && key.length > 1) {
      if (grid.r < 0 && act.head(key)) event.preventDefault();
      return;
    }
    if (key === "Dead" || key === "Process") {
      if (grid.r >= 0) editing.open(""); // « ^ » then « e » : the composition goes on in the editor
      return;
    }
    if (command && letters[key.toLowerCase()]) letters[key.toLowerCase()]();
    else if (moves[key]) moves[key]();
    else if (!command && key.length === 1 && grid.r >= 0) editing.open(key);
    else return;
    event.preventDefault();
  }

  /** @param {KeyboardEvent} event */
  function enter(event) {
    if (grid.r < 0) act.sort(view.columns[grid.c]);
    else if (act.mark || act.pick) space();
    else if (!editing.open() && event.key === "Enter") grid.select(grid.r + 1, grid.c);
  }

  function space() {
    const [r, c] = [view.rows[grid.r], view.columns[grid.c]];
    if (grid.r < 0) act.sort(c);
    else if (act.mark) act.mark(r, c);
    else if (act.pick) act.pick(r);
  }

  /** @param {MouseEvent} event */
  function mousedown(event) {
    const at = grid.where(event.target);
    if (!at || event.button !== 0 || inEditor(event)) return;
    event.preventDefault(); // no text selection: the block is ours
    moved = false;
    if (at.r < 0) return;
    const again = at.r === grid.r && at.c === grid.c && !event.shiftKey && document.activeElement === at.cell;
    editing.close(true);
    grid.select(at.r, at.c, { extend: event.shiftKey });
    dragging = !event.shiftKey;
    // A drop-down cell opens at the second click; the others at a double-click.
    if (again && event.detail === 1 && data.choices(view.columns[at.c])) {
      dragging = false;
      editing.open();
    }
  }

  /** @param {MouseEvent} event */
  function mouseover(event) {
    if (!dragging) return;
    if (!(event.buttons & 1)) { dragging = false; return; }
    const at = grid.where(event.target);
    if (!at || at.r < 0 || (at.r === grid.r && at.c === grid.c)) return;
    moved = true;
    grid.select(at.r, at.c, { extend: true, focus: false });
  }

  /** @param {MouseEvent} event */
  function click(event) {
    const at = grid.where(event.target);
    dragging = false;
    if (!at || moved || event.shiftKey || inEditor(event)) return;
    if (at.r < 0) {
      grid.select(-1, at.c);
      act.sort(view.columns[at.c]);
    } else if (act.mark && event.detail % 2 === 1) {
      act.mark(view.rows[at.r], view.columns[at.c]); // a double-click marks once
    } else if (act.pick && at.c === 0 && event.detail % 2 === 1) act.pick(view.rows[at.r]);
  }

  /** @param {MouseEvent} event */
  function dblclick(event) {
    const at = grid.where(event.target);
    if (at && at.r >= 0 && !inEditor(event) && !act.mark && !act.pick) editing.open();
  }

  listen(grid.table, { keydown, mousedown, mouseover, click, dblclick });
}
