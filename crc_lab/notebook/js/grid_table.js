// The table itself: role=grid, one roving tab stop, painting of cells, cursor and block selection.
import { fill, h, uid } from "./dom.js";
import { T } from "./texts.js";

/** `options`: mode ("edit" | "mark" | "pick"), label, isMarked(r, c), isPicked(r). Rows and columns of `at` are the view's. */
export function makeTable(data, view, options) {
  const statusId = uid("ligne");
  const notes = new Map(); // "r:c" → {etat, texte}
  const table = h("table", { role: "grid", "aria-label": options.label, "aria-multiselectable": "true" });
  const frame = h("div", { class: "fenetre" }, table);
  const trs = new Map();
  const self = { table, frame, statusId, notes, r: 0, c: 0, anchor: null, onMove: () => {} };

  self.key = (r, c) => `${r}:${c}`;
  self.rowAt = (r) => view.rows[r];
  self.columnAt = (c) => view.columns[c];
  self.cell = (r, c) => (r < 0 ? table.tHead.rows[0].cells[c] : trs.get(view.rows[r])?.cells[c]);
  self.where = (node) => {
    const cell = node.closest?.("td, th");
    if (!cell || !table.contains(cell)) return null;
    return { r: cell.closest("thead") ? -1 : view.rows.indexOf(Number(cell.parentNode.dataset.row)), c: cell.cellIndex, cell };
  };

  function paint(cell, r, c) {
    const text = data.rows[r][c];
    const note = notes.get(self.key(r, c));
    const picked = c === 0 && options.mode === "pick";
    cell.textContent = picked ? `${options.isPicked(r) ? "☑" : "☐"} ${text}` : text;
    const editable = options.mode === "edit" && data.editable(r, c);
    const marked = options.mode === "mark" && options.isMarked(r, c);
    const classes = [
      !text && !editable ? "vide" : "", editable ? "saisie" : "", marked ? "marque" : "",
      note ? `note-${note.etat}` : "", data.choices(c) && editable ? "liste" : "",
    ];
    cell.className = classes.filter(Boolean).join(" ");
    if (marked) cell.setAttribute("aria-description", T.circled);
    else cell.removeAttribute("aria-description");
    if (note?.etat === "faux") cell.setAttribute("aria-invalid", "true");
    else cell.removeAttribute("aria-invalid");
    if (picked) cell.parentNode?.setAttribute("aria-selected", String(options.isPicked(r)));
    if (options.mode === "mark" && c > 0) cell.setAttribute("aria-selected", String(marked));
  }

  self.paint = (r, c) => {
    const at = view.columns.indexOf(c);
    const tr = trs.get(r);
    if (at >= 0 && tr) paint(tr.cells[at], r, c);
  };
  self.paintAll = () => trs.forEach((tr, r) => view.columns.forEach((c, at) => paint(tr.cells[at], r, c)));

  self.paintHeads = () => view.columns.forEach((c, at) => {
    const cell = table.tHead.rows[0].cells[at];
    const way = view.sort?.column === c ? view.sort.way : 0;
    cell.setAttribute("aria-sort", way > 0 ? "ascending" : way < 0 ? "descending" : "none");
    cell.querySelector(".tri").textContent = way > 0 ? "▲" : way < 0 ? "▼" : "";
    cell.classList.toggle("filtre", view.filters.has(c));
  });

  /** Rows in the order of the view; the nodes are moved, not made again. */
  self.arrange = () => {
    table.tBodies[0].replaceChildren(...view.rows.map((r, at) => {
      const tr = trs.get(r);
      tr.setAttribute("aria-rowindex", at + 2);
      return tr;
    }));
    table.setAttribute("aria-rowcount", view.rows.length + 1);
    self.paintHeads();
    self.select(Math.min(self.r, view.rows.length - 1), self.c, { focus: false });
  };

  /** Make the whole table: at the start, when columns come and go, when rows are added. */
  self.build = () => {
    trs.clear();
    const head = h("tr", { "aria-rowindex": 1 }, view.columns.map((c, at) => {
      const column = data.columns[c];
      const fills = options.mode === "edit" && data.editable(0, c);
      return h("th", { scope: "col", role: "columnheader", tabindex: -1, "aria-colindex": at + 1, title: column.aide || null, class: fills ? "a-remplir" : null },
        fills ? h("span", { class: "crayon", "aria-hidden": "true", text: "✎ " }) : null,
        h("span", { text: column.titre || column.nom }), fills ? h("span", { class: "vh", text: T.toFillColumn }) : null,
        h("span", { class: "tri", "aria-hidden": "true" }));
    }));
    data.rows.forEach((row, r) => {
      const added = data.added.includes(r);
      trs.set(r, h("tr", { "data-row": r, class: added ? "ajoutee" : null }, view.columns.map((c, at) => {
        const given = options.mode === "edit" && !data.editable(r, c) ? "true" : null;
        const cell = h(c === 0 ? "th" : "td", {
          scope: c === 0 ? "row" : null, role: c === 0 ? "rowheader" : "gridcell", tabindex: -1, "aria-colindex": at + 1, "aria-readonly": given,
        });
        paint(cell, r, c);
        return cell;
      })));
    });
    table.replaceChildren(h("thead", null, head), h("tbody"));
    table.setAttribute("aria-colcount", view.columns.length);
    self.c = Math.min(self.c, view.columns.length - 1);
    self.anchor = null;
    self.arrange();
  };

  /** The block between the anchor and the cursor, in the view's rows and columns (the header is never in it). */
  self.block = () => {
    const from = self.anchor || { r: self.r, c: self.c };
    const [top, bottom] = [Math.max(0, Math.min(from.r, self.r)), Math.max(from.r, self.r)];
    return { top, bottom, left: Math.min(from.c, self.c), right: Math.max(from.c, self.c), single: !self.anchor };
  };

  function showBlock() {
    for (const cell of table.querySelectorAll(".choisie")) {
      cell.classList.remove("choisie");
      if (options.mode !== "mark") cell.removeAttribute("aria-selected");
    }
    const { top, bottom, left, right, single } = self.block();
    if (single) return;
    for (let r = top; r <= bottom; r += 1) {
      for (let c = left; c <= right; c += 1) {
        const cell = self.cell(r, c);
        cell?.classList.add("choisie");
        if (options.mode !== "mark") cell?.setAttribute("aria-selected", "true");
      }
    }
  }

  /** Move the cursor; `extend` keeps the anchor (block), otherwise the block is dropped. */
  self.select = (r, c, { extend = false, focus = true } = {}) => {
    const old = table.querySelector("[tabindex='0']");
    if (extend && !self.anchor) self.anchor = { r: Math.max(0, self.r), c: self.c };
    if (!extend) self.anchor = null;
    self.r = Math.max(extend ? 0 : -1, Math.min(view.rows.length - 1, r));
    self.c = Math.max(0, Math.min(view.columns.length - 1, c));
    const cell = self.cell(self.r, self.c);
    if (old && old !== cell) {
      old.tabIndex = -1;
      old.removeAttribute("aria-describedby");
    }
    cell.tabIndex = 0;
    cell.setAttribute("aria-describedby", statusId);
    showBlock();
    self.onMove();
    if (!focus) return;
    frame.style.setProperty("--tete", `${table.tHead.offsetHeight + 2}px`);
    frame.style.setProperty("--cle", `${table.tHead.rows[0].cells[0].offsetWidth + 2}px`);
    cell.focus({ preventScroll: true });
    cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  };

  self.setNotes = (list) => {
    notes.clear();
    for (const note of list || []) {
      const [r, c] = [data.row(note.ligne), data.column(note.colonne)];
      if (r >= 0 && c >= 0) notes.set(self.key(r, c), note);
    }
    self.paintAll();
  };
  self.forget = (r, c) => notes.delete(self.key(r, c));
  self.name = (r, c) => fill(T.cellName, { row: data.rows[r][0], column: data.columns[c].titre || data.columns[c].nom });
  return self;
}
