// A message that names a record leads to it; the records to look at again can be shown alone.
import { button, count, fill, h } from "./dom.js";
import { reveal } from "./reveal.js";

const TEXTS = {
  goToRecord: "Aller à la fiche n° {id}",
  goToRow: "Aller à la ligne {id}",
  onlyThese: ["Ne montrer que la fiche à revoir", "Ne montrer que les {n} fiches à revoir"],
  all: "Montrer de nouveau toutes les fiches",
};

/** What a field with a grid does for the two. @param {ReturnType<typeof import("./grid.js").makeGrid>} grid @returns {Required<Pick<Field, "goTo" | "keep">>} */
export function inGrid(grid) {
  const { data, view, table } = grid;
  let before = /** @type {GridView["only"]} */ (null);
  let kept = false;

  /** @param {string[] | null} ids */
  function keep(ids) {
    if (!kept) before = view.only;
    kept = ids !== null;
    view.only = ids ? new Set(ids.map((id) => data.row(id)).filter((r) => r >= 0)) : before;
    grid.refresh();
  }

  /** What hides the record (a search, a filter, the records to look at again) gives way. @param {string} id */
  function uncover(id) {
    const r = data.row(id);
    if (view.rows.includes(r)) return;
    if (kept) keep(null);
    if (view.rows.includes(r)) return;
    view.search = "";
    view.first = 0;
    view.filters.clear();
    if (view.only && !view.only.has(r)) view.only = null;
    grid.refresh();
  }

  return {
    keep,
    goTo(id, columns) {
      if (data.row(id) < 0) return false;
      uncover(id);
      const r = data.row(id);
      const noted = (/** @type {number} */ c) => table.notes.get(table.key(r, c))?.etat === "faux";
      const named = columns.map((name) => view.columns.indexOf(data.column(name))).find((at) => at > 0);
      const marked = view.columns.findIndex(noted);
      table.select(view.rows.indexOf(r), named ?? Math.max(0, marked));
      reveal(table.frame);
      return true;
    },
  };
}

/** The records that the messages of `box` name (`span[data-fiche]`, written by Python) become buttons that lead there. @param {HTMLElement} box @param {Field} field */
export function linkRows(box, field) {
  const { goTo } = field;
  if (!goTo) return;
  for (const mark of box.querySelectorAll("[data-fiche]")) {
    const id = mark.getAttribute("data-fiche") || "";
    const columns = (mark.closest("[data-colonnes]")?.getAttribute("data-colonnes") || "").split("|").filter(Boolean);
    const label = fill(/^\d+$/.test(id) ? TEXTS.goToRecord : TEXTS.goToRow, { id });
    mark.replaceWith(button(mark.textContent || id, () => goTo(id, columns), "lien ligne", { "aria-label": label }));
  }
}

/** A button that shows only the records with a wrong cell, then all of them again; nothing where that says no more. @param {Field} field @param {CellNote[]} [cells] */
export function onlyWrong({ keep }, cells = []) {
  const ids = [...new Set(cells.filter(({ etat }) => etat === "faux").map(({ ligne }) => String(ligne)))];
  if (!keep || !ids.length) return null;
  let on = false;
  const name = () => (on ? TEXTS.all : count(ids.length, TEXTS.onlyThese));
  const node = button(name(), () => {
    on = !on;
    keep(on ? ids : null);
    node.textContent = name();
    node.setAttribute("aria-pressed", String(on));
  }, "petit", { "aria-pressed": "false" });
  return h("div", { class: "groupe" }, node);
}
