// A table of check boxes: who (rows, taken from another answer) and by which way (columns). {"email": ["1", "4"], …}
import { button, fill, h } from "../dom.js";
import { besides, noteText, recordField, stepInTable } from "../fields.js";
import { makeData } from "../grid_data.js";
import { ask, hear, whenConnected } from "../notebook.js";
import { T } from "../texts.js";

const TEXTS = {
  contact: "Invité",
  noRows: "Donnez d’abord votre liste à la question {q} : ses fiches apparaîtront ici. Vous pouvez aussi ajouter une fiche ci-dessous.",
  addRecord: "Ajouter la fiche n°",
  addIt: "Ajouter",
  recordAdded: "Fiche n° {id} ajoutée.",
  fact: "{column} : {text}",
  box: "{name} (fiche n° {id}), {column}",
  ticked: "{column} : {n}",
};

const bareId = (/** @type {Json} */ id) => String(id).trim().replace(/^0+(?=\d)/, "");

/** @type {Kind} */
export const coches = {
  mount({ spec, labelledby, changed, say }) {
    const data = makeData(spec.tableau);
    const columns = (spec.droite || []).map((one) => ({ id: String(one.id), text: one.texte, ticked: /** @type {Set<string>} */ (new Set()) }));
    const shown = new Set(spec.tableau?.visibles?.length ? spec.tableau.visibles : data.columns.map((column) => column.nom));
    let others = /** @type {Json} */ ({}); // columns unknown to this version: kept
    let taken = /** @type {string[]} */ ([]); // the records of the other answer
    let added = /** @type {string[]} */ ([]); // those added by hand here
    let notes = /** @type {Map<string, Note>} */ (new Map());
    const body = h("tbody");
    const table = h("table", { class: "coches", "aria-labelledby": labelledby, on: { keydown: (event) => stepInTable(event, body) } },
      h("thead", null, h("tr", null, h("th", { scope: "col", text: TEXTS.contact }), columns.map((column) => h("th", { scope: "col", text: column.text })))), body);
    const frame = h("div", { class: "fenetre libre" }, table);
    const empty = h("p", { class: "alerte", role: "note", text: fill(TEXTS.noRows, { q: spec.lignes_de || "" }) });
    const total = h("p", { class: "compte", role: "status" });
    const problem = h("small", { class: "note-champ faux", role: "alert" });
    const { input, node: field } = recordField(TEXTS.addRecord, () => { problem.textContent = ""; }, add);
    const node = h("div", { class: "question-coches" }, empty, frame, total,
      h("div", { class: "groupe ajout" }, field, button(TEXTS.addIt, add, "petit")), problem);

    function records() {
      const wanted = new Set([...taken, ...added, ...columns.flatMap((column) => [...column.ticked])]);
      return data.rows.filter(([id]) => wanted.has(id));
    }

    function add() {
      const id = bareId(input.value);
      const known = data.row(id) >= 0;
      if (id && !known) problem.textContent = fill(T.noSuchRecord, { id });
      if (!known) return input.focus();
      added = [...new Set([...added, id])];
      input.value = "";
      show();
      say(fill(TEXTS.recordAdded, { id }));
      const box = body.querySelector(`[data-id="${CSS.escape(id)}"] input`);
      if (box instanceof HTMLElement) box.focus();
    }

    /** @param {string[]} row */
    function name(row) {
      const cell = (/** @type {string} */ column) => row[data.column(column)] ?? "";
      return cell("raison_sociale") || [cell("prenom"), cell("nom")].filter(Boolean).join(" ");
    }

    /** What the file says of a record: « optin_email : OUI · … ». @param {string[]} row */
    function facts(row) {
      const skipped = ["raison_sociale", "prenom", "nom", data.columns[0].nom];
      return data.columns.map((column, c) => ({ name: column.nom, column: data.title(c), text: data.text(c, row[c]) }))
        .filter(({ name: each, text }) => shown.has(each) && !skipped.includes(each) && text).map((fact) => fill(TEXTS.fact, fact)).join(" · ");
    }

    /** @param {string[]} row */
    function makeRow(row) {
      const [id] = row;
      const cells = columns.map((column) => {
        const note = notes.get(`${id}:${column.id}`);
        const box = h("input", {
          type: "checkbox", checked: column.ticked.has(id), "aria-label": fill(TEXTS.box, { name: name(row), id, column: column.text }),
          "aria-description": note && noteText(note), on: { change: () => { tick(id, column, box); } },
        });
        const sign = note ? h("small", { class: `note-champ ${note.etat}`, "aria-hidden": "true", text: note.etat === "faux" ? "✗" : "✓" }) : null;
        return h("td", { class: note ? `note-${note.etat}` : null }, h("label", null, box, sign));
      });
      return h("tr", { "data-id": id }, h("th", { scope: "row" }, h("b", { text: `${id} · ${name(row)}` }), h("small", { text: facts(row) })), cells);
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
      total.textContent = columns.map((column) => fill(TEXTS.ticked, { column: column.text, n: column.ticked.size })).join(" · ");
    }

    function show() {
      const rows = records();
      body.replaceChildren(...rows.map(makeRow));
      frame.hidden = !rows.length;
      total.hidden = !rows.length;
      empty.hidden = rows.length > 0;
      count();
    }

    /** The list given at the other question: what the notebook holds, then every change of it. @param {Json} value */
    function follow(value) {
      const list = Array.isArray(value) ? value : Object.values(value || {}).find(Array.isArray);
      taken = (list || []).map(bareId);
      if (!body.contains(document.activeElement)) show();
    }

    const { lignes_de } = spec;
    let stop = () => {};
    if (lignes_de) {
      stop = hear(node, "crc-reponse", ({ q, valeur }) => { if (q === lignes_de) follow(valeur); });
      whenConnected(node).then((there) => { if (there) follow(ask(node, "crc-relire", { q: lignes_de }).reponse?.valeur); });
    }

    show();
    return {
      node,
      width: "wide",
      close: stop,
      value: () => {
        const filled = columns.some((column) => column.ticked.size);
        const lists = columns.map((column) => [column.id, records().map(([id]) => id).filter((id) => column.ticked.has(id))]);
        return filled ? { ...others, ...Object.fromEntries(lists) } : null;
      },
      setValue: (value) => {
        others = besides(value, columns.map((column) => column.id));
        for (const column of columns) column.ticked = new Set((Array.isArray(value?.[column.id]) ? value[column.id] : []).map(String));
        notes.clear();
        show();
      },
      goTo(id) {
        const box = body.querySelector(`[data-id="${CSS.escape(id)}"] input`);
        if (box instanceof HTMLElement) box.focus();
        return box !== null;
      },
      setFeedback: (_notes, cells = []) => {
        notes = new Map(cells.map((cell) => [`${cell.ligne}:${cell.colonne}`, cell]));
        show();
      },
    };
  },
};
