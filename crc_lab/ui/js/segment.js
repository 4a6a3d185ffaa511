// A segment: filters that keep some records, and the list of their numbers.
// {"criteres": [["sexe", "=", "H"], …], "fiches": ["3", …]}
import { count, fill, h, uid } from "./dom.js";
import { selectRows } from "./filters.js";
import { button } from "./frame.js";
import { makeGrid } from "./grid.js";
import { makeRules } from "./rules.js";
import { TS } from "./texts_segment.js";

const SEPARATORS = /[\s,;]+/;
const WORDS = /^(n°|n|no|fiches?|et)$/i;

export function segment({ spec, labelledby, changed, say }) {
  let given = { criteres: [], fiches: [] }; // the answer as it was given: what is not touched is not rewritten
  const listId = uid("liste");
  const listHelp = uid("aide");
  const kept = h("p", { class: "retenues", role: "status" });
  const listed = h("small", { id: listHelp, class: "aide" });
  const list = h("textarea", {
    id: listId, rows: 2, spellcheck: "false", autocomplete: "off", "aria-describedby": listHelp,
    on: { input: () => { showList(); changed("typing"); }, blur: () => changed("now") },
  });
  const ids = () => list.value.split(SEPARATORS).filter((part) => part && !WORDS.test(part)).map((part) => part.replace(/^0+(?=\d)/, ""));
  let grid = null;
  grid = makeGrid(spec, "pick", {
    say, filter: false, quiet: true, changed: () => changed("now"),
    pick: (r) => set(toggled(grid.data.rows[r][0])), clear: () => set([]),
    isPicked: (r) => Boolean(grid) && ids().includes(grid.data.rows[r][0]), extra: () => count(grid ? ids().length : 0, TS.listed),
  });
  const rules = makeRules(grid.data, { say, changed: (pace) => { apply(); changed(pace); } });
  const take = button(TS.take, () => {
    const found = grid.view.rows.map((r) => grid.data.rows[r][0]);
    const all = grid.data.rows.map((row) => row[0]).filter((id) => found.includes(id));
    set(all);
    say(count(all.length, TS.taken));
  });
  const node = h("div", { class: "segment", role: "group", "aria-labelledby": labelledby }, rules.node, kept,
    h("p", { class: "libelle", text: TS.results }), grid.node,
    h("div", { class: "groupe" }, take),
    h("div", { class: "champ" }, h("label", { for: listId, class: "libelle", text: TS.list }), list, listed));
  rules.fill([]);
  apply();

  function toggled(id) {
    const before = ids();
    return before.includes(id) ? before.filter((each) => each !== id) : [...before, id];
  }

  /** The whole list at once; can be undone. */
  function set(next) {
    const before = list.value;
    const after = next.join(", ");
    const play = (way) => { list.value = way === "avant" ? before : after; showList(); };
    play("apres");
    grid.editing.history.record([{ play }]);
    changed("now");
  }

  function showList() {
    const unknown = [...new Set(ids().filter((id) => grid.data.row(id) < 0))];
    listed.className = unknown.length ? "note-champ faux" : "aide";
    listed.textContent = unknown.length ? fill(TS.unknownRecords, { list: unknown.slice(0, 8).join(", ") })
      : `${TS.listHelp} ${count(new Set(ids()).size, TS.listed)}.`;
    grid.table.setNotes([]);
    grid.update();
  }

  /** The records that the filters keep, shown in the grid and counted. */
  function apply() {
    const wanted = rules.value();
    const { rows, problems } = selectRows(wanted, grid.data.rows, grid.data.columns);
    grid.view.only = new Set(rows);
    grid.refresh();
    const text = wanted.length ? count(rows.length, TS.kept).replace("{total}", grid.data.rows.length) : TS.noRule;
    const whole = problems.length ? `${text} ${TS.notApplied}` : text;
    if (kept.textContent !== whole) kept.textContent = whole;
  }

  return {
    node,
    wide: true,
    value: () => {
      const criteres = rules.value();
      const fiches = ids();
      return criteres.length || fiches.length ? { ...given, criteres, fiches } : null;
    },
    fill: (value) => {
      given = value && typeof value === "object" ? value : {};
      const rule = (each) => (Array.isArray(each) && each.length === 3 ? [each] : []);
      rules.fill((Array.isArray(given.criteres) ? given.criteres : []).flatMap(rule));
      list.value = (Array.isArray(given.fiches) ? given.fiches : []).join(", ");
      apply();
      showList();
    },
    mark: (notes, cells) => grid.table.setNotes(cells),
  };
}
