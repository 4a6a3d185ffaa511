// A segment: filters that keep some records, and the list of their numbers.
// {"criteres": [["sexe", "=", "H"], …], "fiches": ["3", …]}
import { button, count, fill, h } from "../dom.js";
import { selectRows } from "../filters.js";
import { makeRecordList } from "../record_list.js";
import { inGrid } from "../rows.js";
import { makeRules } from "../rules.js";

const TEXTS = {
  noRule: "Aucun critère : toutes les fiches sont retenues.",
  notApplied: "Un critère ne se lit pas encore : il n’est pas appliqué.",
  kept: ["{n} fiche sur {total} retenue par vos critères.", "{n} fiches sur {total} retenues par vos critères."],
  results: "Les fiches que vos critères retiennent",
  take: "Reprendre ces fiches",
  taken: ["{n} fiche reprise dans votre liste.", "{n} fiches reprises dans votre liste."],
};

/** @type {Kind} */
export const segment = {
  mount({ spec, labelledby, changed, say }) {
    let given = /** @type {Json} */ ({}); // what this version does not know of the answer is kept
    const kept = h("p", { class: "retenues", role: "status" });
    const list = makeRecordList(spec, { say, changed, filter: false, quiet: true });
    const { grid } = list;
    const rules = makeRules(grid.data, { say, changed: (pace) => { apply(); changed(pace); } });
    const take = button(TEXTS.take, () => {
      const found = new Set(grid.view.rows);
      const all = grid.data.rows.filter((row, r) => found.has(r)).map((row) => row[0]);
      list.set(all);
      say(count(all.length, TEXTS.taken));
    });
    rules.setValue([]);
    apply();

    /** The records that the filters keep, shown in the grid and counted. */
    function apply() {
      const wanted = rules.value();
      const { rows, problems } = selectRows(wanted, grid.data.rows, grid.data.columns);
      grid.view.only = new Set(rows);
      grid.refresh();
      const text = wanted.length ? fill(count(rows.length, TEXTS.kept), { total: grid.data.rows.length }) : TEXTS.noRule;
      const whole = problems.length ? `${text} ${TEXTS.notApplied}` : text;
      if (kept.textContent !== whole) kept.textContent = whole;
    }

    return {
      node: h("div", { class: "segment", role: "group", "aria-labelledby": labelledby }, rules.node, kept,
        h("p", { class: "libelle", text: TEXTS.results }), grid.node, h("div", { class: "groupe" }, take), list.node),
      width: "wide",
      value: () => {
        const [criteres, fiches] = [rules.value(), list.ids()];
        return criteres.length || fiches.length ? { ...given, criteres, fiches } : null;
      },
      setValue: (value) => {
        given = value && typeof value === "object" ? value : {};
        const whole = (/** @type {Json} */ rule) => Array.isArray(rule) && rule.length === 3;
        rules.setValue((Array.isArray(given.criteres) ? given.criteres : []).filter(whole));
        list.setValue(given.fiches);
        apply();
      },
      setFeedback: (_notes, cells) => grid.table.setNotes(cells),
      goTo: inGrid(grid).goTo, // which records are shown is for the rules to say
    };
  },
};
