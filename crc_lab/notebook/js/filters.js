// Filters on the rows of a table: column, operator, value. The same rules as crc_lab/core/filters.py, for the live count.
import { foldWords, readDate, readNumber } from "./values.js";

const AMOUNTS = ["<", "≤", "=", "≥", ">", "entre", "≠", "vide", "rempli"];
/** The operators of a column, by its type, in the order of the card. @type {Record<ColumnType, string[]>} */
export const OPERATORS = {
  texte: ["=", "≠", "parmi", "commence", "contient", "vide", "rempli"],
  nombre: AMOUNTS,
  date: AMOUNTS,
};
/** @type {Record<string, string>} */
const ALIASES = { "<=": "≤", ">=": "≥", "!=": "≠", "<>": "≠", "==": "=", "⩽": "≤", "⩾": "≥", est: "=", parmis: "parmi" };
/** @typedef {bigint | string} Amount */
/** @type {Record<string, [(text: string) => Amount | null, string]>} */
const READERS = { nombre: [readNumber, "NOMBRE"], date: [readDate, "DATE"] };
/** @type {Record<string, (a: Amount, b: Amount) => boolean>} */
const COMPARE = {
  "<": (a, b) => a < b, "≤": (a, b) => a <= b, "=": (a, b) => a === b, "≥": (a, b) => a >= b, ">": (a, b) => a > b,
};

/** What stands between the two values of « entre » ; the card writes « ; ». */
export const BOUNDS = /\s*;\s*|\s+(?:et|à|au)\s+/;

/** The operator as the card knows it. @param {string} text */
export function canonicalOperator(text) {
  const bare = text.trim();
  return Object.hasOwn(ALIASES, bare) ? ALIASES[bare] : bare;
}

/** True for an operator that needs no value. @param {string} operator */
export function needsNoValue(operator) {
  return operator === "vide" || operator === "rempli";
}

/**
 * Apply `rules` ([column, operator, value]) to `rows`. An unreadable rule filters nothing: `problems` says where and why.
 * @param {string[][]} rules @param {string[][]} rows @param {Column[]} columns in the order of the cells
 */
export function selectRows(rules, rows, columns) {
  const tests = /** @type {[number, Test][]} */ ([]);
  const problems = /** @type {[number, string][]} */ ([]);
  for (const [position, [name, operator, value]] of rules.entries()) {
    if (!name.trim() && !value.trim()) continue;
    const at = columnAt(name, columns);
    const test = at < 0 ? "COLONNE" : makeTest(canonicalOperator(operator), value, columns[at].type || "texte");
    if (typeof test === "string") problems.push([position, test]);
    else tests.push([at, test]);
  }
  const kept = rows.map((row, r) => r).filter((r) => tests.every(([at, test]) => test(rows[r][at] ?? "")));
  return { rows: kept, problems };
}

/** @typedef {(cell: string) => boolean} Test */
/** @param {string} name @param {Column[]} columns */
function columnAt(name, columns) {
  const exact = columns.findIndex((column) => column.nom === name);
  return exact >= 0 ? exact : columns.findIndex((column) => foldWords(column.nom) === foldWords(name));
}

/** The test of one cell, or the reason why there is none. @param {string} operator @param {string} value @param {ColumnType} type @returns {Test | string} */
function makeTest(operator, value, type) {
  if (!OPERATORS[type].includes(operator)) return "OPERATEUR";
  if (needsNoValue(operator)) return (cell) => !cell.trim() === (operator === "vide");
  if (!value.trim()) return "VALEUR";
  return type === "texte" ? textTest(operator, value) : amountTest(operator, value, ...READERS[type]);
}

/** @param {string} operator @param {string} value @returns {Test | string} */
function textTest(operator, value) {
  const wanted = foldWords(value);
  if (operator === "parmi") {
    const several = value.split(/[;,]/).map(foldWords).filter(Boolean);
    return several.length ? (cell) => several.includes(foldWords(cell)) : "VALEUR";
  }
  if (!wanted) return "VALEUR";
  const tests = /** @type {Record<string, Test>} */ ({
    "=": (cell) => foldWords(cell) === wanted,
    "≠": (cell) => foldWords(cell) !== wanted,
    commence: (cell) => foldWords(cell).startsWith(wanted),
    contient: (cell) => foldWords(cell).includes(wanted),
  });
  return tests[operator];
}

/**
 * Numbers and dates: an empty or unreadable cell passes no comparison, but it does differ from any value.
 * @param {string} operator @param {string} value @param {(text: string) => Amount | null} read @param {string} trouble @returns {Test | string}
 */
function amountTest(operator, value, read, trouble) {
  if (operator === "entre") {
    const bounds = value.trim().split(BOUNDS).map(read);
    const [first, last] = bounds;
    if (bounds.length !== 2) return "BORNES";
    if (first === null || last === null) return trouble;
    const [low, high] = first <= last ? [first, last] : [last, first];
    return (cell) => {
      const amount = read(cell);
      return amount !== null && low <= amount && amount <= high;
    };
  }
  const wanted = read(value);
  if (wanted === null) return trouble;
  if (operator === "≠") return (cell) => read(cell) !== wanted;
  return (cell) => {
    const amount = read(cell);
    return amount !== null && COMPARE[operator](amount, wanted);
  };
}
