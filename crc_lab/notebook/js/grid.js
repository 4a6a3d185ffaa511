// A grid put together: values, view, table, editing, clipboard, tools. Used by tableau, cellules and paires.
import { count, fill, h } from "./dom.js";
import { makeData, makeView } from "./grid_data.js";
import { addClipboard } from "./grid_clip.js";
import { makeEditing } from "./grid_edit.js";
import { addFill } from "./grid_fill.js";
import { addHeads } from "./grid_heads.js";
import { addInput } from "./grid_input.js";
import { makeTable } from "./grid_table.js";
import { makeTools } from "./grid_tools.js";
import { noteText } from "./fields.js";
import { makeRule } from "./grid_rule.js";
import { T } from "./texts.js";

/** @param {Spec} spec @param {GridMode} mode cells are filled, cells are circled, or rows are chosen @param {GridHooks} hooks */
export function makeGrid(spec, mode, hooks) {
  const data = makeData(spec.tableau);
  const view = makeView(data, spec.tableau?.visibles, spec.tableau?.demandees);
  const marks = /** @type {Set<string>} */ (new Set()); // "r:c"
  const table = makeTable(data, view, {
    mode, label: spec.titre || spec.id, isMarked: (r, c) => marks.has(`${r}:${c}`), isPicked: hooks.isPicked,
  });
  const status = h("p", { class: "ligne-etat", id: table.statusId });
  const editing = makeEditing(data, view, table, {
    key: `crc-lab:pas:${spec.activite}:${spec.id}`, marks, say: hooks.say, refused, closed: describe, leave,
    changed: (pace) => { tools.update(); describe(); hooks.changed(pace); },
  });
  const { pick } = hooks;
  const [refresh, rebuild] = [() => redraw(table.arrange), () => redraw(table.build)];
  const tools = makeTools(data, view, editing.history, {
    refresh, rebuild,
    undo: () => { editing.close(true); if (!editing.history.undo()) hooks.say(T.nothingToUndo); },
    redo: () => { editing.close(true); editing.history.redo(); },
    clear: hooks.clear || (mode === "edit" ? editing.clear : clearMarks),
    amount: hooks.amount || amount,
    extra: () => hooks.extra?.({ data, marks }) ?? "",
    whole: () => whole(view.first > 0),
  }, hooks);
  const tell = (/** @type {string} */ text) => { hooks.say(text); status.textContent = text; };
  const heads = addHeads(data, view, table, { say: hooks.say, refresh, filter: hooks.filter !== false });
  addInput(data, view, table, editing, {
    sort, head: heads.press, fill: mode === "edit" ? addFill(data, view, table, editing, tell) : undefined, mark: mode === "mark" ? mark : undefined, pick: pick && ((r) => pick(data.rows[r][0])),
  });
  addClipboard(data, view, table, editing, tell, () => whole(true));
  let visited = false;
  table.onMove = describe;
  table.frame.addEventListener("focusin", () => { visited = true; describe(); }, { once: true });
  table.build();
  tools.update();
  const work = h("div", { class: "travail" }, tools.node, table.frame, status, keyboardHelp(mode), heads.node);
  const rule = spec.regle ? makeRule(spec.regle) : null;
  const node = h("div", { class: `grille${rule ? " deux-colonnes" : ""}` }, work, rule);

  /** All the rows, or those that are asked for. @param {boolean} all */
  function whole(all) {
    view.first = all ? 0 : spec.tableau?.demandees || 0;
    refresh();
  }

  /** A row that is not asked for has an answer: it is shown. */
  function showAnswered() {
    const answered = (/** @type {string[]} */ row) => data.answers.some((c) => row[c].trim());
    if (view.first && data.rows.slice(view.first).some(answered)) view.first = 0;
  }

  /** @param {() => void} draw */
  function redraw(draw) {
    editing.close(true);
    view.refresh();
    draw();
    tools.update();
  }

  /** Sort by a column: up, down, then the order of the file. @param {number} c */
  function sort(c) {
    const way = view.sort?.column === c ? view.sort.way : 0;
    view.sort = way === 0 ? { column: c, way: 1 } : way === 1 ? { column: c, way: -1 } : null;
    refresh();
    const name = data.title(c);
    hooks.say(fill(way === 0 ? T.sortedUp : way === 1 ? T.sortedDown : T.unsorted, { name }));
  }

  function amount() {
    const n = mode === "mark" ? marks.size : data.filled();
    return n ? count(n, mode === "mark" ? T.circledCells : T.filledCells) : "";
  }

  /** The line under the grid: where the cursor is, the whole text of the cell, why it is wrong, how to fill it. */
  function describe() {
    const [r, c] = [view.rows[table.r], view.columns[table.c]];
    status.className = "ligne-etat";
    if (!visited) {
      status.textContent = { edit: T.startEdit, mark: T.startMark, pick: T.startPick }[mode];
      return;
    }
    if (r === undefined) {
      status.replaceChildren(h("b", { text: data.title(c) }), ` · ${[data.help(c), T.headerHelp].filter(Boolean).join(" · ")}`);
      return;
    }
    const { top, bottom, left, right, single } = table.block();
    if (!single) {
      const [rows, columns] = [bottom - top + 1, right - left + 1];
      status.replaceChildren(h("b", { text: count(rows * columns, T.chosenCells) }), ` · ${fill(T.blockSize, { rows, columns })}`);
      return;
    }
    const note = table.notes.get(table.key(r, c));
    const text = data.text(c, data.rows[r][c]);
    const choices = mode === "edit" && data.choices(c);
    const given = choices ? fill(T.choicesAre, { list: choices.map((choice) => data.text(c, choice)).join(", ") }) : "";
    if (note) status.classList.add(note.etat);
    const parts = [text || T.empty, note ? noteText(note) : data.help(c) || given];
    status.replaceChildren(h("b", { text: table.name(r, c) }), ` · ${parts.filter(Boolean).join(" · ")}`);
  }

  function refused() {
    const text = mode === "edit" ? T.givenCell : T.readOnlyGrid;
    hooks.say(text);
    status.textContent = text;
  }

  /** Tab went past the last cell to fill (or Shift+Tab before the first): to what comes after the grid, or before. @param {number} step */
  function leave(step) {
    const side = step > 0 ? Node.DOCUMENT_POSITION_FOLLOWING : Node.DOCUMENT_POSITION_PRECEDING;
    const around = /** @type {NodeListOf<HTMLElement>} */ (node.querySelectorAll("button:not(:disabled), summary"));
    const found = [...around].filter((each) => !table.frame.contains(each) && table.frame.compareDocumentPosition(each) & side);
    found.at(step > 0 ? 0 : -1)?.focus();
  }

  /** @param {number} r @param {number} c */
  function mark(r, c) {
    if (c === 0) return hooks.say(T.keyNotMarked);
    const key = `${r}:${c}`;
    const on = !marks.has(key);
    editing.perform([{ mark: key, r, c, avant: !on, apres: on }]);
    hooks.say(`${on ? T.marked : T.unmarked} ${count(marks.size, T.circledCells)}.`);
  }

  function clearMarks() {
    const changes = [...marks].map((key) => {
      const [r, c] = key.split(":").map(Number);
      return { mark: key, r, c, avant: true, apres: false };
    });
    editing.perform(changes);
    hooks.say(count(changes.length, T.erased));
  }

  return {
    node, data, view, table, marks, editing,
    refresh, rebuild, showAnswered,
    update: tools.update,
    /** What is being typed is validated (before saving, checking, handing in). */
    flush() {
      if (!editing.active) return;
      editing.close(true);
      table.select(table.r, table.c);
    },
  };
}

/** @param {GridMode} mode */
function keyboardHelp(mode) {
  const lines = [...T.helpMove, ...(mode === "edit" ? T.helpEdit : mode === "mark" ? T.helpMark : T.helpPick), ...T.helpBlock];
  return h("details", { class: "aide-clavier" }, h("summary", { text: T.keyboardHelp }),
    h("dl", null, lines.map(([keys, what]) => h("div", null, h("dt", null, h("kbd", { text: keys })), h("dd", { text: what })))));
}
