// A segment: filters that keep some records, and the list of their numbers.
// {"criteres": [["sexe", "=", "H"], …], "fiches": ["3", …]}
import { count, h } from "./dom.js";
import { selectRows } from "./filters.js";
import { button } from "./frame.js";
import { makeRecordList } from "./record_list.js";
import { makeRules } from "./rules.js";
import { TS } from "./texts_segment.js";

/** @type {Mount} */
export function segment({ spec, labelledby, changed, say }) {
  let given = /** @type {Json} */ ({}); // what this version does not know of the answer is kept
  const kept = h("p", { class: "retenues", role: "status" });
  const list = makeRecordList(spec, { say, changed, filter: false, quiet: true });
  const { grid } = list;
  const rules = makeRules(grid.data, { say, changed: (pace) => { apply(); changed(pace); } });
  const take = button(TS.take, () => {
    const found = new Set(grid.view.rows);
    const all = grid.data.rows.filter((row, r) => found.has(r)).map((row) => row[0]);
    list.set(all);
    say(count(all.length, TS.taken));
  });
  const node = h("div", { class: "segment", role: "group", "aria-labelledby": labelledby }, rules.node, kept,
    h("p", { class: "libelle", text: TS.results }), grid.node, h("div", { class: "groupe" }, take), list.node);
  rules.fill([]);
  apply();

  /** The records that the filters keep, shown in the grid and counted. */
  function apply() {
    const wanted = rules.value();
    const { rows, problems } = selectRows(wanted, grid.data.rows, grid.data.columns);
    grid.view.only = new Set(rows);
    grid.refresh();
    const text = wanted.length ? count(rows.length, TS.kept).replace("{total}", String(grid.data.rows.length)) : TS.noRule;
    const whole = problems.length ? `${text} ${TS.notApplied}` : text;
    if (kept.textContent !== whole) kept.textContent = whole;
  }

  return {
    node,
    wide: true,
    value: () => {
      const [criteres, fiches] = [rules.value(), list.ids()];
      return criteres.length || fiches.length ? { ...given, criteres, fiches } : null;
    },
    fill: (value) => {
      given = value && typeof value === "object" ? value : {};
      const rule = (/** @type {Json} */ each) => (Array.isArray(each) && each.length === 3 ? [each] : []);
      rules.fill((Array.isArray(given.criteres) ? given.criteres : []).flatMap(rule));
      list.fill(given.fiches);
      apply();
    },
    mark: (notes, cells) => list.mark(cells),
  };
}
