// Filters on the rows of a table: column, operator, value. The same rules as crc_lab/filters.py, for the live count.
import { foldWords, readDate, readNumber } from "./values.js";

const AMOUNTS = ["<", "≤", "=", "≥", ">", "entre", "≠", "vide", "rempli"];
/** The operators of a column, by its type, in the order of the card. */
export const OPERATORS = {
  texte: ["=", "≠", "parmi", "commence", "contient", "vide", "rempli"],
  nombre: AMOUNTS,
  date: AMOUNTS,
};
const ALIASES = { "<=": "≤", ">=": "≥", "!=": "≠", "<>": "≠", "==": "=", "⩽": "≤", "⩾": "≥", est: "=", parmis: "parmi" };
const READERS = { nombre: [readNumber, "NOMBRE"], date: [readDate, "DATE"] };
const COMPARE = {
  "<": (a, b) => a < b, "≤": (a, b) => a <= b, "=": (a, b) => a === b, "≥": (a, b) => a >= b, ">": (a, b) => a > b,
};

/** What stands between the two values of « entre » ; the card writes « ; ». */
export const BOUNDS = /\s*;\s*|\s+(?:et|à|au)\s+/;

/** The operator as the card knows it. */
export function canonicalOperator(text) {
  const bare = String(text).trim();
  return Object.hasOwn(ALIASES, bare) ? ALIASES[bare] : bare;
}

/** True for an operator that needs no value. */
export function needsNoValue(operator) {
  return operator === "vide" || operator === "rempli";
}

/**
 * Apply `rules` ([column, operator, value]) to `rows`; `columns`: [{nom, type}] in the order of the cells.
 * Returns {rows: positions kept, problems: [[position of the rule, reason]]}: an unreadable rule filters nothing.
 */
export function selectRows(rules, rows, columns) {
  const tests = [];
  const problems = [];
  rules.forEach(([name, operator, value], position) => {
    if (!String(name).trim() && !String(value).trim()) return;
    const at = columnAt(String(name), columns);
    const test = at < 0 ? "COLONNE" : makeTest(canonicalOperator(operator), String(value), columns[at].type || "texte");
    if (typeof test === "string") problems.push([position, test]);
    else tests.push([at, test]);
  });
  const kept = rows.map((row, r) => r).filter((r) => tests.every(([at, test]) => test(String(rows[r][at] ?? ""))));
  return { rows: kept, problems };
}

function columnAt(name, columns) {
  const exact = columns.findIndex((column) => column.nom === name);
  return exact >= 0 ? exact : columns.findIndex((column) => foldWords(column.nom) === foldWords(name));
}

/** The test of one cell, or the reason why there is none. */
function makeTest(operator, value, type) {
  if (!OPERATORS[type].includes(operator)) return "OPERATEUR";
  if (operator === "vide") return (cell) => !cell.trim();
  if (operator === "rempli") return (cell) => Boolean(cell.trim());
  if (!value.trim()) return "VALEUR";
  return type === "texte" ? textTest(operator, value) : amountTest(operator, value, ...READERS[type]);
}

function textTest(operator, value) {
  const wanted = foldWords(value);
  if (operator === "parmi") {
    const several = value.split(/[;,]/).map(foldWords).filter(Boolean);
    return several.length ? (cell) => several.includes(foldWords(cell)) : "VALEUR";
  }
  if (!wanted) return "VALEUR";
  return {
    "=": (cell) => foldWords(cell) === wanted,
    "≠": (cell) => foldWords(cell) !== wanted,
    commence: (cell) => foldWords(cell).startsWith(wanted),
    contient: (cell) => foldWords(cell).includes(wanted),
  }[operator];
}

/** Numbers and dates: an empty or unreadable cell passes no comparison, but it does differ from any value. */
function amountTest(operator, value, read, trouble) {
  if (operator === "entre") {
    const bounds = value.trim().split(BOUNDS).map(read);
    if (bounds.length !== 2) return "BORNES";
    if (bounds.includes(null)) return trouble;
    const [low, high] = bounds[0] <= bounds[1] ? bounds : [bounds[1], bounds[0]];
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
