// Keyboard and mouse on the table, when no editor is open.

const PAGE = 10;

/** `act`: {mark(r, c), pick(r), sort(column)} in positions of the data; missing ones do nothing. */
export function addInput(data, view, grid, editing, act) {
  let dragging = false;
  let moved = false;

  function keydown(event) {
    if (event.target.closest("input, select")) return;
    const { key } = event;
    const command = (event.ctrlKey || event.metaKey) && !event.getModifierState("AltGraph");
    const to = (r, c) => grid.select(r, c, { extend: event.shiftKey });
    const [lastRow, lastColumn] = [view.rows.length - 1, view.columns.length - 1];
    const top = event.shiftKey ? 0 : -1;
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
    const letters = {
      a: () => { grid.anchor = { r: 0, c: 0 }; grid.select(lastRow, lastColumn, { extend: true, focus: false }); },
      z: () => (event.shiftKey ? editing.history.redo() : editing.history.undo()),
      y: () => editing.history.redo(),
    };
    if (event.altKey && key.length > 1) return;
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

  function mousedown(event) {
    const at = grid.where(event.target);
    if (!at || event.button !== 0 || event.target.closest("input, select")) return;
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

  function mouseover(event) {
    if (!dragging) return;
    if (!(event.buttons & 1)) { dragging = false; return; }
    const at = grid.where(event.target);
    if (!at || at.r < 0 || (at.r === grid.r && at.c === grid.c)) return;
    moved = true;
    grid.select(at.r, at.c, { extend: true, focus: false });
  }

  function click(event) {
    const at = grid.where(event.target);
    dragging = false;
    if (!at || moved || event.shiftKey || event.target.closest("input, select")) return;
    if (at.r < 0) {
      grid.select(-1, at.c);
      act.sort(view.columns[at.c]);
    } else if (act.mark && event.detail % 2 === 1) {
      act.mark(view.rows[at.r], view.columns[at.c]); // a double-click marks once
    } else if (act.pick && at.c === 0 && event.detail % 2 === 1) act.pick(view.rows[at.r]);
  }

  function dblclick(event) {
    const at = grid.where(event.target);
    if (at && at.r >= 0 && !event.target.closest("input, select") && !act.mark && !act.pick) editing.open();
  }

  for (const [type, listener] of Object.entries({ keydown, mousedown, mouseover, click, dblclick })) {
    grid.table.addEventListener(type, listener);
  }
}
