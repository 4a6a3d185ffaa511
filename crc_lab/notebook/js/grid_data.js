// The values of a grid and the view of them (search, filters, sort, columns shown). No DOM here.
import { fold } from "./dom.js";
import { bare } from "./values.js";

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const DECIMAL = /^-?\d+\.\d+$/;
const COLLATOR = new Intl.Collator("fr", { numeric: true, sensitivity: "base" });

/** Where the name of a record is: of a company, of a person, or of either as the file has it. */
const NAMES = ["raison_sociale", "prenom", "nom", "Contact"];

/** The key column always comes first. @param {TableSpec} [table] @returns {GridData} */
export function makeData(table) {
  if (!table) throw new Error("tableau absent");
  const names = table.colonnes.map((column) => column.nom);
  const key = Math.max(0, names.indexOf(table.cle));
  const order = [key, ...names.keys()].filter((position, at) => at === 0 || position !== key);
  const columns = order.map((position) => table.colonnes[position]);
  const pick = (/** @type {string[]} */ row) => order.map((position) => String(row[position] ?? ""));
  const given = table.lignes.map(pick);
  const answers = columns.map((column, c) => (c > 0 && column.saisie ? c : -1)).filter((c) => c > 0);

  const words = table.mots || {};
  const named = NAMES.map((name) => columns.findIndex((column) => column.nom === name && !column.saisie));

  /** @type {GridData} */
  const data = {
    columns,
    answers,
    rows: given.map((row) => [...row]),
    added: [],
    extraColumns: [],
    extraCells: new Map(),
    editable: (r, c) => answers.includes(c),
    column: (name) => columns.findIndex((column) => column.nom === name),
    row: (id) => data.rows.findIndex((row) => row[0] === String(id)),
    choices: (c) => (columns[c].choix?.length ? columns[c].choix.map(String) : null),
    title: (c) => columns[c].titre || columns[c].nom,

    text(c, value) {
      const word = words[value];
      if (word !== undefined) return word;
      if (answers.includes(c)) return value; // as it was typed
      if (DAY.test(value)) return value.replace(DAY, "$3/$2/$1");
      return columns[c].type === "nombre" && DECIMAL.test(value) ? value.replace(".", ",") : value;
    },
    help: (c) => (columns[c].aide || "").replace(/[A-Z]+(?:_[A-Z]+)+/g, (code) => words[code] ?? code),

    who(r) {
      const cell = (/** @type {number} */ c) => (c > 0 ? data.rows[r][c] : "");
      const [company, first, last, whole] = named;
      return cell(company) || [cell(first), cell(last)].filter(Boolean).join(" ") || cell(whole);
    },

    filled: () => data.rows.reduce((sum, row) => sum + answers.filter((c) => row[c].trim()).length, 0),

    value() {
      if (!data.added.length && data.rows.every((row) => answers.every((c) => !row[c].trim()))) return null;
      const colonnes = [columns[0].nom, ...answers.map((c) => columns[c].nom), ...data.extraColumns];
      const blank = data.extraColumns.map(() => "");
      const lignes = data.rows.map((row, r) => [row[0], ...answers.map((c) => row[c]), ...(data.extraCells.get(r) || blank)]);
      return { colonnes, lignes };
    },

    load(value) {
      data.rows = given.map((row) => [...row]);
      Object.assign(data, { added: [], extraColumns: [], extraCells: new Map() });
      if (!Array.isArray(value?.colonnes) || !Array.isArray(value?.lignes)) return;
      const heads = /** @type {string[]} */ (value.colonnes.map((/** @type {Json} */ name) => bare(String(name))));
      const where = heads.map((name) => data.column(name));
      const keyAt = Math.max(0, heads.indexOf(columns[0].nom));
      const extras = heads.map((name, at) => (where[at] < 0 ? at : -1)).filter((at) => at >= 0);
      data.extraColumns = extras.map((at) => heads[at]);
      for (const row of data.rows) for (const at of where) if (answers.includes(at)) row[at] = "";
      const taken = new Set();
      for (const line of /** @type {Json[][]} */ (value.lignes.filter(Array.isArray))) {
        const id = bare(String(line[keyAt] ?? ""));
        let r = data.rows.findIndex((row, position) => row[0] === id && !taken.has(position));
        if (r < 0) {
          if (line.every((cell) => !String(cell ?? "").trim())) continue;
          r = data.rows.push(columns.map((column, c) => (c === 0 ? id : ""))) - 1;
          data.added.push(r);
        }
        taken.add(r);
        line.forEach((cell, at) => { if (answers.includes(where[at])) data.rows[r][where[at]] = String(cell ?? ""); });
        if (extras.length) data.extraCells.set(r, extras.map((at) => String(line[at] ?? "")));
      }
    },

    canonical(c, text) {
      const choices = data.choices(c);
      if (!choices || !text.trim()) return { text: choices ? "" : text, known: true };
      const found = choices.find((choice) => [choice, data.text(c, choice)].some((each) => fold(each) === fold(text)));
      return found === undefined ? { text, known: false } : { text: found, known: true };
    },

    distinct(c) {
      return [...new Set(data.rows.map((row) => row[c]))].sort(COLLATOR.compare);
    },
  };
  return data;
}

/** The view: which rows, in which order, and which columns. `first`: how many rows are asked for, 0 for all. @param {GridData} data @param {string[]} [visible] @param {number} [first] */
export function makeView(data, visible = [], first = 0) {
  const wanted = new Set(visible);
  /** @type {GridView} */
  const view = {
    search: "",
    only: null,
    first,
    filters: new Map(),
    widths: new Map(),
    sort: null,
    shown: new Set(data.columns.map((column, c) => (!wanted.size || wanted.has(column.nom) ? c : 0)).concat(0)),
    rows: [],
    columns: [],
    refresh() {
      view.columns = data.columns.map((column, c) => c).filter((c) => view.shown.has(c));
      const words = fold(view.search).split(" ").filter(Boolean);
      const keep = (/** @type {string[]} */ row) =>
        [...view.filters].every(([c, values]) => values.includes(row[c])) &&
        words.every((word) => view.columns.some((c) => fold(row[c]).includes(word) || fold(data.text(c, row[c])).includes(word)));
      const asked = (/** @type {number} */ r) => (view.only ? view.only.has(r) : !view.first || r < view.first);
      view.rows = data.rows.map((row, r) => r).filter((r) => asked(r) && keep(data.rows[r]));
      if (view.sort) {
        const { column, way } = view.sort;
        // Empty cells first when going up: what is missing comes to the top.
        view.rows.sort((a, b) => way * COLLATOR.compare(data.rows[a][column], data.rows[b][column]) || a - b);
      }
    },
  };
  view.refresh();
  return view;
}
