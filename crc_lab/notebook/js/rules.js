// The lines of the rule builder: one filter each, with the operators that suit its column.
import { button, fill, h, setAttribute, uid } from "./dom.js";
import { BOUNDS, OPERATORS, canonicalOperator, needsNoValue, selectRows } from "./filters.js";

const TEXTS = {
  rules: "Vos critères",
  rulesHelp: "Une fiche est retenue si elle remplit tous les critères. Les majuscules et les accents ne comptent pas ; une date s’écrit 01/11/2025.",
  rule: "Critère {n}",
  column: "Critère {n}, colonne",
  comparison: "Critère {n}, comparaison",
  value: "Critère {n}, valeur",
  lowest: "Critère {n}, première valeur",
  highest: "Critère {n}, seconde valeur",
  and: "et",
  pickColumn: "Colonne…",
  otherColumns: "Autres colonnes",
  addRule: "Ajouter un critère",
  ruleAdded: "Critère {n} ajouté.",
  removeRule: "Retirer le critère {n}",
  ruleRemoved: "Critère {n} retiré.",
  operators: /** @type {Record<ColumnType, Record<string, string>>} */ ({
    texte: { "=": "est", "≠": "n’est pas", parmi: "est l’une de", commence: "commence par", contient: "contient", vide: "est vide", rempli: "est remplie" },
    nombre: { "<": "< moins de", "≤": "≤ au plus", "=": "= égal à", "≥": "≥ au moins", ">": "> plus de", entre: "entre", "≠": "≠ différent de", vide: "est vide", rempli: "est remplie" },
    date: { "<": "< avant le", "≤": "≤ jusqu’au", "=": "= le", "≥": "≥ à partir du", ">": "> après le", entre: "entre le", "≠": "≠ autre que le", vide: "est vide", rempli: "est remplie" },
  }),
  examples: /** @type {Record<string, string>} */ ({ texte: "valeur", nombre: "25 ou 12,5", date: "JJ/MM/AAAA", parmi: "PARIS ; LILLE" }),
  problems: /** @type {Record<string, string>} */ ({
    COLONNE: "La colonne « {column} » n’existe pas dans ce fichier : choisissez-en une dans la liste.",
    OPERATEUR: "Cette comparaison ne va pas avec cette colonne : choisissez-en une dans la liste.",
    VALEUR: "Écrivez la valeur cherchée. Pour les cases sans rien, choisissez « est vide ».",
    NOMBRE: "« {value} » n’est pas un nombre : écrivez par exemple 25 ou 12,5.",
    DATE: "« {value} » n’est pas une date qui existe : écrivez par exemple 01/11/2025.",
    BORNES: "Il faut deux valeurs : la plus petite et la plus grande.",
  }),
  noSuchValue: "Aucune fiche ne porte cette valeur. Dans cette colonne : {list}.",
};

const FEW = 12; // values of a column that can be listed in a sentence
const LISTED = 60; // values that can be proposed while typing

/** @param {GridData} data @param {{ changed: (pace: Pace) => void, say: Say }} hooks */
export function makeRules(data, { changed, say }) {
  const list = h("div", { class: "regles" });
  const add = button(TEXTS.addRule, () => { addRule(); say(fill(TEXTS.ruleAdded, { n: lines.length })); lines.at(-1)?.focus(); changed("now"); }, "petit");
  const node = h("fieldset", { class: "criteres" }, h("legend", { text: TEXTS.rules }), h("p", { class: "aide", text: TEXTS.rulesHelp }), list, add);
  let lines = /** @type {RuleLine[]} */ ([]);

  /** @param {Json[]} [rule] */
  function addRule(rule) {
    /** @type {RuleLine} */
    const line = makeLine(data, {
      changed: (pace) => { describe(); changed(pace); },
      remove: () => remove(line),
    });
    lines.push(line);
    list.append(line.node);
    line.fill(rule);
    number();
  }

  /** @param {RuleLine} line */
  function remove(line) {
    const at = lines.indexOf(line);
    lines.splice(at, 1);
    line.node.remove();
    if (!lines.length) addRule();
    number();
    describe();
    say(fill(TEXTS.ruleRemoved, { n: at + 1 }));
    (lines[at - 1] || lines[0]).focus();
    changed("now");
  }

  function number() {
    lines.forEach((line, at) => line.number(at + 1));
  }

  /** What is wrong with each line, once the student has left it. */
  function describe() {
    for (const line of lines) line.describe();
  }

  return {
    node,
    value: () => lines.map((line) => line.value()).filter(([column, , text]) => column || text),
    setValue(/** @type {Json[][]} */ rules) {
      for (const line of lines) line.node.remove();
      lines = [];
      for (const rule of rules.length ? rules : [undefined]) addRule(rule);
      for (const line of lines) line.leave();
    },
  };
}

/** @typedef {ReturnType<typeof makeLine>} RuleLine */
/** @param {GridData} data @param {{ changed: (pace: Pace) => void, remove: () => void }} hooks */
function makeLine(data, { changed, remove }) {
  const noteId = uid("note");
  const listId = uid("valeurs");
  let other = /** @type {{ column: string, operator: string } | null} */ (null); // a column that this file does not have: kept as it was given
  const commit = { input: () => changed("typing"), blur: () => { left = true; describe(); changed("now"); } };
  const column = h("select", { "aria-describedby": noteId, on: { change: () => { other = null; setColumn(); changed("now"); } } }, columnOptions(data));
  const operator = h("select", { "aria-describedby": noteId, on: { change: () => { showValues(); changed("now"); } } });
  const value = h("input", { type: "text", autocomplete: "off", spellcheck: "false", list: listId, "aria-describedby": noteId, on: commit });
  const and = h("span", { text: TEXTS.and });
  const second = h("input", { type: "text", autocomplete: "off", spellcheck: "false", "aria-describedby": noteId, on: commit });
  const known = h("datalist", { id: listId });
  const away = button("✕", remove, "petit discret");
  const note = h("small", { id: noteId, class: "note-champ" });
  const node = h("div", { class: "regle", role: "group" }, column, operator, h("span", { class: "valeurs" }, value, and, second, known), away, note);
  let left = false;

  const type = () => data.columns[data.column(column.value)]?.type || "texte";
  const between = () => operator.value === "entre";

  /** Another column: its operators, its values. The value stays when the type is the same. @param {string} [wanted] */
  function setColumn(wanted) {
    const kind = type();
    const keep = canonicalOperator(wanted ?? operator.value);
    operator.replaceChildren(...OPERATORS[kind].map((each) => h("option", { value: each, text: TEXTS.operators[kind][each] })));
    operator.value = OPERATORS[kind].includes(keep) ? keep : kind === "texte" ? "=" : "≥";
    const c = data.column(column.value);
    const values = c > 0 ? data.distinct(c).filter(Boolean) : [];
    known.replaceChildren(...(values.length <= LISTED ? values : []).map((text) => h("option", { value: data.text(c, text) })));
    showValues();
  }

  function showValues() {
    const bare = needsNoValue(operator.value);
    value.hidden = bare;
    and.hidden = second.hidden = !between();
    value.placeholder = TEXTS.examples[operator.value] || TEXTS.examples[type()];
    second.placeholder = value.placeholder;
    for (const input of [value, second]) input.inputMode = type() === "nombre" ? "decimal" : "text";
  }

  function read() {
    const text = needsNoValue(operator.value) ? "" : between() && (value.value.trim() || second.value.trim()) ? `${value.value} ; ${second.value}` : value.value;
    return [other ? other.column : column.value, other ? other.operator : operator.value, text];
  }

  function describe() {
    const text = left ? trouble() : "";
    note.className = text ? "note-champ faux" : "note-champ";
    note.textContent = text;
    const wrong = text ? wrongInput() : null;
    for (const input of [value, second]) setAttribute(input, "aria-invalid", input === wrong && "true");
  }

  /** Of the two values of « entre », the one that cannot be read. */
  function wrongInput() {
    const unreadable = (/** @type {HTMLInputElement} */ input) => selectRows([[column.value, "=", input.value]], data.rows, data.columns).problems.length;
    return between() && !unreadable(value) ? second : value;
  }

  /** Why this line filters nothing, or keeps nobody. */
  function trouble() {
    const rule = read();
    const { rows, problems } = selectRows([rule], data.rows, data.columns);
    if (problems.length) return fill(TEXTS.problems[problems[0][1]], { column: rule[0], value: wrongInput().value.trim() });
    const values = rule[0] ? data.distinct(data.column(rule[0])).filter(Boolean) : [];
    if (rows.length || rule[1] !== "=" || type() !== "texte" || values.length > FEW) return "";
    return fill(TEXTS.noSuchValue, { list: values.map((text) => data.text(data.column(rule[0]), text)).join(", ") });
  }

  return {
    node,
    value: read,
    describe,
    focus: () => column.focus(),
    /** The line is complete as it is: what is wrong may be said. */
    leave: () => { left = Boolean(read()[0] || read()[2]); describe(); },
    number(/** @type {number} */ n) {
      const first = between() ? TEXTS.lowest : TEXTS.value;
      const names = [TEXTS.rule, TEXTS.column, TEXTS.comparison, first, TEXTS.highest, TEXTS.removeRule];
      [node, column, operator, value, second, away].forEach((each, at) => each.setAttribute("aria-label", fill(names[at], { n })));
    },
    fill(/** @type {Json[]} */ rule = ["", "=", ""]) {
      const [name, wanted, text] = rule.map((part) => String(part ?? ""));
      const exact = data.column(name) >= 0 ? name : data.columns.find((each) => each.nom.toLowerCase() === name.toLowerCase())?.nom;
      other = exact || !name ? null : { column: name, operator: wanted };
      column.value = exact || "";
      setColumn(wanted);
      const parts = between() ? text.trim().split(BOUNDS) : [];
      value.value = parts.length === 2 ? parts[0] : text;
      second.value = parts.length === 2 ? parts[1] : "";
    },
  };
}

/** The columns of the file, by group when they have groups. @param {GridData} data */
function columnOptions(data) {
  const option = (/** @type {Column} */ column) => h("option", { value: column.nom, text: column.titre || column.nom });
  const groups = /** @type {Map<string, Column[]>} */ (new Map());
  for (const column of data.columns) groups.set(column.groupe || "", [...(groups.get(column.groupe || "") || []), column]);
  const listed = groups.size < 2 ? data.columns.map(option)
    : [...groups].map(([name, columns]) => h("optgroup", { label: name || TEXTS.otherColumns }, columns.map(option)));
  return [h("option", { value: "", text: TEXTS.pickColumn }), ...listed];
}
