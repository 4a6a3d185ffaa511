// The table itself: role=grid, one roving tab stop, painting of cells, cursor and block selection.
import { fill, h, setAttribute, uid } from "./dom.js";
import { T } from "./texts.js";

/** The edges of the block: top, bottom, left, right. */
const EDGES = ["bord-haut", "bord-bas", "bord-gauche", "bord-droit"];
/** What the cursor and the mouse say of a cell: painting it changes nothing of that. */
const STATES = ["choisie", "ici", "coin", "cible", ...EDGES];

/**
 * `isMarked(r, c)`: the cell is circled; `isPicked(id)`: the record is chosen.
 * @param {GridData} data @param {GridView} view
 * @param {{ mode: GridMode, label: string, isMarked(r: number, c: number): boolean, isPicked?(id: string): boolean }} options
 */
export function makeTable(data, view, options) {
  const statusId = uid("ligne");
  const notes = /** @type {Map<string, Note>} */ (new Map()); // "r:c"
  const head = h("tr", { "aria-rowindex": 1 });
  const thead = h("thead", null, head);
  const body = h("tbody");
  const table = h("table", { role: "grid", "aria-label": options.label, "aria-multiselectable": "true" }, thead, body);
  const frame = h("div", { class: "fenetre" }, table);
  const trs = /** @type {Map<number, HTMLTableRowElement>} */ (new Map());

  /** @param {HTMLTableCellElement} cell @param {number} r @param {number} c */
  function paint(cell, r, c) {
    const text = data.rows[r][c];
    const note = notes.get(self.key(r, c));
    const picked = c === 0 && options.isPicked ? options.isPicked(text) : null;
    const shown = data.text(c, text);
    cell.textContent = picked === null ? shown : `${picked ? "☑" : "☐"} ${shown}`;
    if (c === 0) setAttribute(cell, "data-nom", data.who(r) || false);
    const editable = options.mode === "edit" && data.editable(r, c);
    const marked = options.mode === "mark" && options.isMarked(r, c);
    const classes = [
      !text && !editable ? "vide" : "", editable ? "saisie" : "", marked ? "marque" : "",
      note ? `note-${note.etat}` : "", data.choices(c) && editable ? "liste" : "",
    ];
    cell.className = [...classes, ...STATES.filter((state) => cell.classList.contains(state))].filter(Boolean).join(" ");
    setAttribute(cell, "aria-description", marked && T.circled);
    setAttribute(cell, "aria-invalid", note?.etat === "faux" && "true");
    if (picked !== null) cell.parentElement?.setAttribute("aria-selected", String(picked));
    if (options.mode === "mark" && c > 0) cell.setAttribute("aria-selected", String(marked));
  }

  /** On hovering a title: the name that Excel and pandas know, and how to fill it. @param {number} c */
  function hint(c) {
    const { nom } = data.columns[c];
    return [nom === data.title(c) ? "" : nom, data.help(c)].filter(Boolean).join(" · ") || null;
  }

  function paintHeads() {
    view.columns.forEach((c, at) => {
      const cell = head.cells[at];
      const way = view.sort?.column === c ? view.sort.way : 0;
      cell.setAttribute("aria-sort", way > 0 ? "ascending" : way < 0 ? "descending" : "none");
      cell.querySelector(".tri")?.replaceChildren(way > 0 ? "▲" : way < 0 ? "▼" : "");
      cell.classList.toggle("filtre", view.filters.has(c));
    });
  }

  function showBlock() {
    for (const cell of table.querySelectorAll(".ici, .coin")) cell.classList.remove("ici", "coin");
    for (const cell of table.querySelectorAll(".choisie")) {
      cell.classList.remove("choisie", ...EDGES);
      if (options.mode !== "mark") cell.removeAttribute("aria-selected");
    }
    const { top, bottom, left, right, single } = self.block();
    for (let c = left; c <= right; c += 1) self.cell(-1, c)?.classList.add("ici");
    for (let r = top; r <= bottom && self.r >= 0; r += 1) self.cell(r, 0)?.classList.add("ici");
    const corner = options.mode === "edit" && self.r >= 0 ? self.cell(bottom, right) : undefined;
    if (corner && data.editable(view.rows[bottom], view.columns[right])) corner.classList.add("coin");
    if (single) return;
    for (let r = top; r <= bottom; r += 1) {
      for (let c = left; c <= right; c += 1) {
        const cell = self.cell(r, c);
        cell?.classList.add("choisie", ...EDGES.filter((edge, at) => [r === top, r === bottom, c === left, c === right][at]));
        if (options.mode !== "mark") cell?.setAttribute("aria-selected", "true");
      }
    }
  }

  /** @type {GridTable} */
  const self = {
    table, frame, statusId, notes, r: 0, c: 0, anchor: null,
    onMove() {},
    key: (r, c) => `${r}:${c}`,
    cell: (r, c) => (r < 0 ? head : trs.get(view.rows[r]))?.cells[c],

    where(node) {
      const cell = node instanceof Element ? node.closest("td, th") : null;
      if (!(cell instanceof HTMLTableCellElement) || !table.contains(cell)) return null;
      const row = /** @type {HTMLTableRowElement} */ (cell.parentElement);
      return { r: row === head ? -1 : view.rows.indexOf(Number(row.dataset.row)), c: cell.cellIndex, cell };
    },

    paint(r, c) {
      const cell = trs.get(r)?.cells[view.columns.indexOf(c)];
      if (cell) paint(cell, r, c);
    },
    paintAll: () => trs.forEach((tr, r) => view.columns.forEach((c, at) => paint(tr.cells[at], r, c))),

    arrange() {
      body.replaceChildren(...view.rows.flatMap((r, at) => {
        const tr = trs.get(r);
        tr?.setAttribute("aria-rowindex", String(at + 2));
        return tr ? [tr] : [];
      }));
      table.setAttribute("aria-rowcount", String(view.rows.length + 1));
      paintHeads();
      self.select(Math.min(self.r, view.rows.length - 1), self.c, { focus: false });
    },

    build() {
      trs.clear();
      head.replaceChildren(...view.columns.map((c, at) => {
        const fills = options.mode === "edit" && data.editable(0, c);
        return h("th", {
          scope: "col", role: "columnheader", tabindex: -1, "aria-colindex": at + 1, title: hint(c), "data-colonne": data.columns[c].nom, class: fills ? "a-remplir" : null,
        },
        fills ? h("span", { class: "crayon", "aria-hidden": "true", text: "✎ " }) : null,
        h("span", { text: data.title(c) }), fills ? h("span", { class: "vh", text: T.toFillColumn }) : null,
        h("span", { class: "tri", "aria-hidden": "true" }), h("span", { class: "fleche", "aria-hidden": "true" }));
      }));
      data.rows.forEach((row, r) => {
        trs.set(r, h("tr", { "data-row": r, class: data.added.includes(r) ? "ajoutee" : null }, view.columns.map((c, at) => {
          const cell = h(c === 0 ? "th" : "td", {
            scope: c === 0 ? "row" : null, role: c === 0 ? "rowheader" : "gridcell", tabindex: -1, "aria-colindex": at + 1,
            "aria-readonly": options.mode === "edit" && !data.editable(r, c) ? "true" : null,
          });
          paint(cell, r, c);
          return cell;
        })));
      });
      table.setAttribute("aria-colcount", String(view.columns.length));
      self.c = Math.min(self.c, view.columns.length - 1);
      self.anchor = null;
      self.widen();
      self.arrange();
    },

    widen() {
      view.columns.forEach((c, at) => {
        const width = view.widths.get(c);
        for (const row of [head, ...trs.values()]) {
          const { style } = row.cells[at];
          style.minWidth = style.maxWidth = style.width = width === undefined ? "" : `${width}px`;
        }
      });
    },

    block() {
      const from = self.anchor || self;
      const [top, bottom] = [Math.max(0, Math.min(from.r, self.r)), Math.max(from.r, self.r)];
      return { top, bottom, left: Math.min(from.c, self.c), right: Math.max(from.c, self.c), single: !self.anchor };
    },

    select(r, c, { extend = false, focus = true } = {}) {
      const old = table.querySelector("[tabindex='0']");
      if (extend && !self.anchor) self.anchor = { r: Math.max(0, self.r), c: self.c };
      if (!extend) self.anchor = null;
      self.r = Math.max(extend ? 0 : -1, Math.min(view.rows.length - 1, r));
      self.c = Math.max(0, Math.min(view.columns.length - 1, c));
      const cell = self.cell(self.r, self.c);
      if (old instanceof HTMLElement && old !== cell) {
        old.tabIndex = -1;
        old.removeAttribute("aria-describedby");
      }
      if (!cell) return;
      cell.tabIndex = 0;
      cell.setAttribute("aria-describedby", statusId);
      showBlock();
      self.onMove();
      if (!focus) return;
      frame.style.setProperty("--tete", `${thead.offsetHeight + 2}px`);
      frame.style.setProperty("--cle", `${head.cells[0].offsetWidth + 2}px`);
      cell.focus({ preventScroll: true });
      cell.scrollIntoView({ block: "nearest", inline: "nearest" });
    },

    setNotes(list = []) {
      notes.clear();
      for (const note of list) {
        const [r, c] = [data.row(note.ligne), data.column(note.colonne)];
        if (r >= 0 && c >= 0) notes.set(self.key(r, c), note);
      }
      self.paintAll();
    },
    forget(r, c) {
      notes.delete(self.key(r, c));
      self.paint(r, c);
    },
    name: (r, c) => fill(T.cellName, { row: data.rows[r][0], column: data.title(c) }),
  };
  return self;
}
