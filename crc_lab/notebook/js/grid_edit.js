// Changing cells: the editor in the cell, emptying, pasting; every change is one step of the history.
import { count, fold, h } from "./dom.js";
import { makeHistory } from "./history.js";
import { T } from "./texts.js";

/**
 * `key`: the name of the grid in the browser; `marks`: "r:c" (mark mode); `refused()`: a given cell is typed in; `closed()`: the editor went away; `leave(step)`: Tab
 * leaves the grid, forwards or backwards.
 * @param {GridData} data @param {GridView} view @param {GridTable} grid
 * @param {{ key: string, marks: Set<string>, say: Say, changed(pace?: Pace): void, refused(): void, closed(): void, leave(step: number): void }} hooks
 * @returns {Editing}
 */
export function makeEditing(data, view, grid, hooks) {
  /** The cell being filled; `quick`: opened by a character, so that arrows leave it. @type {(Position & { input: HTMLInputElement | HTMLSelectElement, cell: HTMLElement, before: string, quick: boolean, buffer: string, since: number }) | null} */
  let editor = null;
  const history = makeHistory((changes, way) => {
    play(changes, way);
    const [first] = changes;
    if (first.play) return;
    const at = { r: view.rows.indexOf(first.r), c: view.columns.indexOf(first.c) };
    if (at.r >= 0 && at.c >= 0) grid.select(at.r, at.c, { focus: grid.table.contains(document.activeElement) });
  }, () => hooks.changed(), { key: hooks.key, state: () => [data.value(), [...hooks.marks].sort()] });

  /** @param {Change[]} changes @param {Way} way */
  function play(changes, way) {
    for (const change of changes) {
      if (change.play) change.play(way);
      else {
        if (change.mark) hooks.marks[change[way] ? "add" : "delete"](change.mark);
        else data.rows[change.r][change.c] = String(change[way]);
        grid.forget(change.r, change.c);
      }
    }
  }

  /** @param {Change[]} changes */
  function perform(changes) {
    play(changes, "apres");
    history.record(changes);
  }

  /** Write cells [{r, c, text}] of the data; unchanged ones are left out. Returns how many changed. @param {Write[]} cells */
  function write(cells) {
    const changes = cells.filter(({ r, c, text }) => data.rows[r][c] !== text)
      .map(({ r, c, text }) => ({ r, c, avant: data.rows[r][c], apres: text }));
    perform(changes);
    return changes.length;
  }

  /** Open the editor on the cursor. `typed`: the character that opened it (it replaces what was there). @param {string} [typed] */
  function open(typed) {
    const [r, c, cell] = [view.rows[grid.r], view.columns[grid.c], grid.cell(grid.r, grid.c)];
    if (editor || r === undefined || !cell) return false;
    if (!data.editable(r, c)) {
      hooks.refused();
      return false;
    }
    const list = data.choices(c);
    const input = list ? selectOf(list, data.rows[r][c], (choice) => data.text(c, choice)) : h("input", { type: "text", autocomplete: "off", spellcheck: "false" });
    input.setAttribute("aria-label", grid.name(r, c));
    input.setAttribute("aria-describedby", grid.statusId);
    editor = { r, c, input, cell, before: data.rows[r][c], quick: typed !== undefined, buffer: "", since: 0 };
    if (!list) input.value = typed ?? data.rows[r][c];
    cell.style.minWidth ||= `${cell.offsetWidth}px`;
    cell.replaceChildren(input);
    cell.classList.add("edition");
    input.focus();
    if (list && typed) typeAhead(typed);
    else if (typed !== undefined) follow();
    else if (input instanceof HTMLInputElement) input.select();
    input.addEventListener("input", follow);
    input.addEventListener("blur", () => close(true));
    input.addEventListener("keydown", (event) => onKey(/** @type {KeyboardEvent} */ (event)));
    return true;
  }

  /** What is in the editor is already part of the answer: the page may go before it is validated. */
  function follow() {
    if (!editor) return;
    data.rows[editor.r][editor.c] = data.canonical(editor.c, editor.input.value).text;
    hooks.changed("typing");
  }

  /** Close the editor, keep what was typed or not. @param {boolean} keep */
  function close(keep) {
    if (!editor) return;
    const { r, c, input, cell, before } = editor;
    const given = data.rows[r][c] !== before;
    editor = null;
    data.rows[r][c] = before; // what was typed is one step, from what was there
    if (!view.widths.has(c)) cell.style.minWidth = "";
    const changed = write([{ r, c, text: keep ? data.canonical(c, input.value).text : before }]);
    if (!changed) grid.paint(r, c);
    if (given && !changed) hooks.changed(); // given up
    hooks.closed();
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (!editor) return;
    const { key } = event;
    const list = editor.input.tagName === "SELECT";
    const go = (/** @type {boolean} */ keep, /** @type {number} */ dr, /** @type {number} */ dc) => {
      event.preventDefault();
      close(keep);
      grid.select(Math.max(0, grid.r + dr), grid.c + dc);
    };
    if (event.isComposing) return;
    if (key === "Escape") go(false, 0, 0);
    else if (key === "Enter") go(true, event.shiftKey ? -1 : 1, 0);
    else if (key === "Tab") tab(event);
    else if (editor.quick && !list && key.startsWith("Arrow")) {
      go(true, Number(key === "ArrowDown") - Number(key === "ArrowUp"), Number(key === "ArrowRight") - Number(key === "ArrowLeft"));
    } else if (list && key.length === 1 && key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      typeAhead(key);
    } else if (list && (key === "Delete" || key === "Backspace")) {
      event.preventDefault();
      editor.input.value = "";
      follow();
    }
  }

  /** Tab validates and opens the next cell to fill; past the last one it leaves the grid. @param {KeyboardEvent} event */
  function tab(event) {
    const step = event.shiftKey ? -1 : 1;
    const next = neighbour(grid.r, grid.c, step);
    event.preventDefault(); // the editor is leaving the page: the browser would not know where Tab starts from
    close(true);
    if (!next) return hooks.leave(step);
    grid.select(next.r, next.c);
    open();
    if (editor) editor.quick = true;
  }

  /** @param {number} r @param {number} c @param {number} step */
  function neighbour(r, c, step) {
    const width = view.columns.length;
    for (let at = r * width + c + step; at >= 0 && at < width * view.rows.length; at += step) {
      const [row, column] = [Math.floor(at / width), at % width];
      if (data.editable(view.rows[row], view.columns[column])) return { r: row, c: column };
    }
    return null;
  }

  /** « 1 » then « 0 » finds « 10 » : the browser's own search would forget the first character. @param {string} character */
  function typeAhead(character) {
    if (!(editor?.input instanceof HTMLSelectElement)) return;
    const now = Date.now();
    editor.buffer = now - editor.since > 1000 ? character : editor.buffer + character;
    editor.since = now;
    const start = fold(editor.buffer);
    const found = [...editor.input.options].find((option) => option.value && [option.value, option.text].some((text) => fold(text).startsWith(start)));
    if (found) {
      editor.input.value = found.value;
      follow();
    } else hooks.say(T.noSuchChoice);
  }

  function empty() {
    const { top, bottom, left, right } = grid.block();
    const cells = /** @type {Write[]} */ ([]);
    for (let r = top; r <= bottom; r += 1) {
      for (let c = left; c <= right; c += 1) {
        const [row, column] = [view.rows[r], view.columns[c]];
        if (data.editable(row, column)) cells.push({ r: row, c: column, text: "" });
      }
    }
    if (!cells.length) return hooks.refused();
    hooks.say(count(write(cells), T.emptied));
  }

  return {
    open, close, empty, write, perform, history,
    get active() { return editor !== null; },
    clear() {
      close(true);
      const cells = data.rows.flatMap((row, r) => data.answers.map((c) => ({ r, c, text: "" })));
      hooks.say(count(write(cells), T.emptied));
    },
  };
}

/** @param {string[]} choices @param {string} current @param {(choice: string) => string} named */
function selectOf(choices, current, named) {
  const all = ["", ...choices, ...(current && !choices.includes(current) ? [current] : [])];
  const select = h("select", null, all.map((choice) => h("option", { value: choice, text: choice ? named(choice) : T.emptyChoice })));
  select.value = current;
  return select;
}
