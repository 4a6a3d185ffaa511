// The tools above a grid: search, sort, filter, columns shown, undo and redo, and the count of what is seen.
import { button, carefulButton, count, fill, h, uid } from "./dom.js";
import { T } from "./texts.js";

const FEW = 3; // values that a chip names

/**
 * `act`: what the buttons do; `extra()`: more words for the count.
 * @param {GridData} data @param {GridView} view @param {Steps} history
 * @param {Record<"refresh" | "rebuild" | "undo" | "redo" | "clear" | "whole", () => unknown> & { extra(): string, amount(): string }} act
 * @param {GridHooks} hooks
 */
export function makeTools(data, view, history, act, hooks) {
  const searchId = uid("chercher");
  const search = h("input", {
    id: searchId, type: "search", autocomplete: "off", placeholder: T.searchHint,
    on: { input: () => { view.search = search.value; act.refresh(); } },
  });
  const sort = h("select", { on: { change: () => { sortBy(sort.value === "" ? null : { column: Number(sort.value), way: 1 }); } } });
  const way = button("▲", () => { if (view.sort) sortBy({ ...view.sort, way: -view.sort.way }); }, "petit");
  const filterColumn = h("select", { on: { change: listValues } });
  const filterValue = h("select", { disabled: true, "aria-label": T.filterValue, on: { change: applyFilter } });
  const chips = h("span", { class: "puces" });
  const total = h("span", { class: "compte", role: hooks.quiet ? null : "status" });
  const undo = button(T.undo, act.undo, "petit discret", { title: "Ctrl + Z" });
  const redo = button(T.redo, act.redo, "petit discret", { title: "Ctrl + Y" });
  const columns = columnChooser(data, view, () => { fillLists(); act.rebuild(); });
  const groups = groupChooser(data, view, () => { fillLists(); act.rebuild(); });
  let shownFilters = 0; // in the lists
  const asked = view.first;
  const more = button("", act.whole, "petit discret", { hidden: !asked });
  let values = /** @type {string[]} */ ([]); // what can be chosen in filterValue
  const label = (/** @type {string} */ text, /** @type {Node} */ control) => h("label", null, h("span", { text }), control);
  const node = h("div", { class: "outils" },
    h("div", { class: "groupe" }, h("label", { for: searchId }, h("span", { text: T.search }), search),
      label(T.sortBy, sort), way, ...(hooks.filter === false ? [] : [label(T.filter, filterColumn), filterValue]), groups ? label(T.show, groups.node) : null, columns.node),
    h("div", { class: "groupe" }, total, more, chips, h("span", { class: "pousse" }), undo, redo,
      carefulButton(T.clearAll, () => { const what = act.amount(); return what && fill(T.clearSure, { what }); }, act.clear, "petit discret", hooks.say)));

  /** @param {GridView["sort"]} next */
  function sortBy(next) {
    view.sort = next;
    act.refresh();
  }

  function fillLists() {
    const listed = view.columns.map((c) => h("option", { value: c, text: data.title(c) }));
    sort.replaceChildren(h("option", { value: "", text: T.fileOrder }), ...listed);
    filterColumn.replaceChildren(h("option", { value: "", text: T.noFilter }), ...listed.map((option) => option.cloneNode(true)));
    listValues();
  }

  function listValues() {
    const c = filterColumn.value === "" ? -1 : Number(filterColumn.value);
    filterValue.disabled = c < 0;
    values = c < 0 ? [] : data.distinct(c);
    filterValue.replaceChildren(h("option", { value: "-1", text: c < 0 ? "—" : T.allValues }),
      ...values.map((text, position) => h("option", { value: position, text: data.text(c, text) || T.empty })));
    const [current, another] = view.filters.get(c) || [];
    filterValue.value = current === undefined || another !== undefined ? "-1" : String(values.indexOf(current));
  }

  function applyFilter() {
    const c = Number(filterColumn.value);
    if (filterValue.value === "-1") view.filters.delete(c);
    else view.filters.set(c, [values[Number(filterValue.value)]]);
    act.refresh();
  }

  function showChips() {
    chips.replaceChildren(...[...view.filters].map(([c, kept]) => {
      const named = kept.map((value) => data.text(c, value) || T.empty);
      const text = `${data.title(c)} = ${named.length > FEW ? count(named.length, T.values) : named.join(", ") || T.nothing}`;
      return h("button", {
        type: "button", class: "puce", "aria-label": fill(T.removeFilter, { text }),
        on: { click: () => { view.filters.delete(c); listValues(); act.refresh(); filterColumn.focus(); } },
      }, `${text} `, h("span", { "aria-hidden": "true", text: "✕" }));
    }));
  }

  fillLists();
  return {
    node,
    /** Show what the view has become. */
    update() {
      sort.value = view.sort ? String(view.sort.column) : "";
      if (sort.selectedIndex < 0) sort.value = "";
      const down = view.sort !== null && view.sort.way < 0;
      way.disabled = !view.sort;
      way.textContent = down ? "▼" : "▲";
      way.setAttribute("aria-label", down ? T.descending : T.ascending);
      undo.disabled = !history.canUndo();
      redo.disabled = !history.canRedo();
      const some = (/** @type {number} */ n, /** @type {number} */ all, /** @type {Plural} */ whole, /** @type {Plural} */ part) =>
        (n === all ? count(n, whole) : fill(count(n, part), { total: all }));
      const rows = some(view.rows.length, data.rows.length, T.records, T.someRecords);
      const shown = some(view.columns.length, data.columns.length, T.columns, T.someColumns);
      const text = [rows, shown, act.extra()].filter(Boolean).join(" · ");
      if (total.textContent !== text) total.textContent = text;
      more.textContent = view.first ? count(data.rows.length, T.showAll) : fill(T.showAsked, { n: asked });
      if (view.filters.size !== shownFilters) listValues();
      shownFilters = view.filters.size;
      showChips();
      groups?.update();
      columns.update();
    },
  };
}

/** Show these columns (the key always): a sort or a filter on a column that goes away goes with it. @param {GridData} data @param {GridView} view @param {(c: number) => boolean} keep */
function showColumns(data, view, keep) {
  view.shown = new Set(data.columns.map((column, c) => c).filter((c) => c === 0 || keep(c)));
  if (view.sort && !view.shown.has(view.sort.column)) view.sort = null;
  for (const c of [...view.filters.keys()]) if (!view.shown.has(c)) view.filters.delete(c);
}

/** « Montrer » : all the columns, or those of one group; nothing when the columns have no groups. @param {GridData} data @param {GridView} view @param {() => void} changed */
function groupChooser(data, view, changed) {
  const names = [...new Set(data.columns.flatMap((column) => column.groupe || []))];
  if (names.length < 2) return null;
  const member = (/** @type {number} */ c, /** @type {string} */ name) => name === "*" || data.columns[c].groupe === name;
  const node = h("select", { class: "montrer", on: { change: () => { showColumns(data, view, (c) => member(c, node.value)); changed(); } } },
    h("option", { value: "*", text: T.allColumns }), names.map((name) => h("option", { value: name, text: name })),
    h("option", { value: "", text: T.someOfThem, disabled: true }));
  return {
    node,
    update() {
      const shown = ["*", ...names].find((name) => data.columns.every((column, c) => c === 0 || view.shown.has(c) === member(c, name)));
      node.value = shown ?? "";
    },
  };
}

/** « Colonnes » : one check box per column, by group when groups are given. @param {GridData} data @param {GridView} view @param {() => void} changed */
function columnChooser(data, view, changed) {
  /** @type {HTMLInputElement[]} */
  const boxes = data.columns.map((column, c) => h("input", {
    type: "checkbox", checked: view.shown.has(c), disabled: c === 0, on: { change: () => set((k) => (k === c ? boxes[c].checked : view.shown.has(k))) },
  }));
  const summary = h("summary");
  const groups = /** @type {Map<string, number[]>} */ (new Map());
  data.columns.forEach((column, c) => {
    const group = column.groupe || "";
    groups.set(group, [...(groups.get(group) || []), c]);
  });
  const lists = [...groups].map(([group, members]) => h("fieldset", null,
    h("legend", { text: group || (groups.size > 1 ? T.otherColumns : T.columnsShown) }),
    members.map((c) => h("label", { class: "case" }, boxes[c], h("span", { text: data.title(c) })))));
  const quick = h("div", { class: "groupe" },
    button(T.all, () => set(() => true), "petit"), button(T.none, () => set(() => false), "petit"),
    data.answers.length ? button(T.toFill, () => set((c) => data.answers.includes(c)), "petit") : null);
  const node = h("details", { class: "menu", on: { keydown: escape } }, summary, h("div", { class: "panneau" }, quick, lists));

  /** @param {KeyboardEvent} event */
  function escape(event) {
    if (event.key !== "Escape" || !node.open) return;
    node.open = false;
    summary.focus();
  }

  /** @param {(c: number) => boolean} keep */
  function set(keep) {
    showColumns(data, view, keep);
    changed();
  }

  return {
    node,
    update() {
      boxes.forEach((box, c) => { box.checked = view.shown.has(c); });
      summary.textContent = fill(T.columnsMenu, { n: view.columns.length, total: data.columns.length });
    },
  };
}
