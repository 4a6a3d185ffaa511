// A table of check boxes: who (rows, taken from another answer) and by which way (columns). {"email": ["1", "4"], …}
import { fill, h, uid } from "./dom.js";
import { makeData } from "./grid_data.js";
import { button } from "./frame.js";
import { notebookOf } from "./goto.js";
import { noteText } from "./note.js";
import { ask, whenConnected } from "./store.js";
import { T } from "./texts.js";
import { TS } from "./texts_segment.js";

/** @type {Mount} */
export function coches({ spec, labelledby, changed, say }) {
  const data = makeData(spec.tableau);
  const columns = (spec.droite || []).map((one) => ({ id: String(one.id), text: one.texte, ticked: /** @type {Set<string>} */ (new Set()) }));
  const shown = new Set(spec.tableau?.visibles?.length ? spec.tableau.visibles : data.columns.map((column) => column.nom));
  let others = /** @type {Json} */ ({}); // columns unknown to this version: kept
  let taken = /** @type {string[]} */ ([]); // the records of the other answer
  let added = /** @type {string[]} */ ([]); // those added by hand here
  let notes = /** @type {Map<string, Note>} */ (new Map());
  const body = h("tbody");
  const table = h("table", { class: "coches", "aria-labelledby": labelledby, on: { keydown: arrows } },
    h("thead", null, h("tr", null, h("th", { scope: "col", text: TS.contact }), columns.map((column) => h("th", { scope: "col", text: column.text })))), body);
  const empty = h("p", { class: "alerte", role: "note", text: fill(TS.noRows, { q: spec.lignes_de || "" }) });
  const total = h("p", { class: "compte", role: "status" });
  const addId = uid("fiche");
  const problem = h("small", { class: "note-champ faux", role: "alert" });
  const input = h("input", {
    id: addId, type: "text", inputmode: "numeric", size: 6, autocomplete: "off",
    on: { input: () => { problem.textContent = ""; }, keydown: (event) => { if (event.key === "Enter") { event.preventDefault(); add(); } } },
  });
  const frame = h("div", { class: "fenetre libre" }, table);
  const node = h("div", { class: "question-coches" }, empty, frame, total,
    h("div", { class: "groupe ajout" }, h("label", { for: addId }, h("span", { text: TS.addRecord }), input), button(TS.addIt, add, "petit")), problem);

  function records() {
    const marked = columns.flatMap((column) => [...column.ticked]);
    const wanted = new Set([...taken, ...added, ...marked]);
    return data.rows.map((row, r) => r).filter((r) => wanted.has(data.rows[r][0]));
  }

  function add() {
    const id = input.value.trim().replace(/^0+(?=\d)/, "");
    if (!id) return input.focus();
    if (data.row(id) < 0) {
      problem.textContent = fill(T.noSuchRecord, { id });
      return input.focus();
    }
    added = [...new Set([...added, id])];
    input.value = "";
    show();
    say(fill(TS.recordAdded, { id }));
    const box = body.querySelector(`[data-id="${CSS.escape(id)}"] input`);
    if (box instanceof HTMLElement) box.focus();
  }

  /** @param {number} r */
  function name(r) {
    const cell = (/** @type {string} */ column) => (data.column(column) >= 0 ? data.rows[r][data.column(column)] : "");
    return cell("raison_sociale") || [cell("prenom"), cell("nom")].filter(Boolean).join(" ");
  }

  /** What the file says of a record: « optin_email : OUI · … ». @param {number} r */
  function facts(r) {
    const skipped = new Set(["raison_sociale", "prenom", "nom", data.columns[0].nom]);
    return data.columns.map((column, c) => [column.nom, data.rows[r][c]])
      .filter(([column, text]) => shown.has(column) && !skipped.has(column) && text).map(([column, text]) => fill(TS.fact, { column, text })).join(" · ");
  }

  /** @param {number} r */
  function makeRow(r) {
    const id = data.rows[r][0];
    const cells = columns.map((column) => {
      const note = notes.get(`${id}:${column.id}`);
      const box = h("input", {
        type: "checkbox", checked: column.ticked.has(id), "aria-label": fill(TS.box, { name: name(r), id, column: column.text }),
        on: { change: () => { tick(id, column, box); } },
      });
      const sign = note ? h("small", { class: `note-champ ${note.etat}`, "aria-hidden": "true", text: note.etat === "faux" ? "✗" : "✓" }) : null;
      if (note) box.setAttribute("aria-description", noteText(note));
      return h("td", { class: note ? `note-${note.etat}` : null }, h("label", null, box, sign));
    });
    return h("tr", { "data-id": id }, h("th", { scope: "row" }, h("b", { text: `${id} · ${name(r)}` }), h("small", { text: facts(r) })), cells);
  }

  /** @param {string} id @param {{ id: string, ticked: Set<string> }} column @param {HTMLInputElement} box */
  function tick(id, column, box) {
    if (box.checked) column.ticked.add(id);
    else column.ticked.delete(id);
    notes.delete(`${id}:${column.id}`);
    box.closest("td")?.removeAttribute("class");
    box.nextElementSibling?.remove();
    box.removeAttribute("aria-description");
    count();
    changed("now");
  }

  function count() {
    total.textContent = columns.map((column) => fill(TS.ticked, { column: column.text, n: column.ticked.size })).join(" · ");
  }

  /** Arrow keys go from box to box, as in a table; Tab and Space do what they always do. @param {KeyboardEvent & { target: HTMLElement }} event */
  function arrows(event) {
    /** @type {Record<string, number[]>} */
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const step = steps[event.key];
    const cell = event.target.closest("td");
    if (!step || !cell) return;
    event.preventDefault();
    const at = [...body.rows].findIndex((line) => line.contains(cell));
    body.rows[at + step[0]]?.cells[cell.cellIndex + step[1]]?.querySelector("input")?.focus();
  }

  function show() {
    const rows = records();
    body.replaceChildren(...rows.map(makeRow));
    frame.hidden = !rows.length;
    empty.hidden = rows.length > 0;
    total.hidden = !rows.length;
    count();
  }

  /** The list given at the other question: what the notebook holds, then every change of it. @param {Json} value */
  function follow(value) {
    const list = Array.isArray(value) ? value : Object.values(value || {}).find(Array.isArray);
    taken = (list || []).map((/** @type {Json} */ id) => String(id).trim().replace(/^0+(?=\d)/, ""));
    if (!body.contains(document.activeElement)) show();
  }

  const told = (/** @type {Event} */ event) => {
    const { detail } = /** @type {CustomEvent} */ (event);
    if (detail?.q === spec.lignes_de && notebookOf(event.composedPath()[0]) === notebookOf(node)) follow(detail.valeur);
  };
  if (spec.lignes_de) {
    document.addEventListener("crc-reponse", told);
    whenConnected(node).then((there) => { if (there) follow(ask(node, "crc-relire", { q: spec.lignes_de }).reponse?.valeur); });
  }

  show();
  return {
    node,
    wide: true,
    close: () => document.removeEventListener("crc-reponse", told),
    value: () => {
      const filled = columns.some((column) => column.ticked.size);
      const lists = columns.map((column) => [column.id, records().map((r) => data.rows[r][0]).filter((id) => column.ticked.has(id))]);
      return filled ? { ...others, ...Object.fromEntries(lists) } : null;
    },
    fill: (value) => {
      const known = new Set(columns.map((column) => column.id));
      others = Object.fromEntries(Object.entries(value || {}).filter(([id]) => !known.has(id)));
      for (const column of columns) column.ticked = new Set((Array.isArray(value?.[column.id]) ? value[column.id] : []).map(String));
      notes = new Map();
      show();
    },
    mark: (options, cells) => {
      notes = new Map((cells || []).map((cell) => [`${cell.ligne}:${cell.colonne}`, cell]));
      show();
    },
  };
}
