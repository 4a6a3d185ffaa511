// What a column title does besides sorting: its arrow opens a menu (sort, filter), its edge makes the column wider or narrower.
import { button, fill, h, listen } from "./dom.js";
import { T } from "./texts.js";

const EDGE = 7; // pixels of the edge that is dragged
const [NARROWEST, STEP] = [48, 24];

/**
 * @param {GridData} data @param {GridView} view @param {GridTable} grid
 * @param {{ say: Say, refresh(): void, filter: boolean }} hooks `filter`: the menu has one
 */
export function addHeads(data, view, grid, { say, refresh, filter }) {
  let dragged = /** @type {{ c: number, x: number, width: number } | null} */ (null);
  const menu = h("div", { class: "menu-colonne", role: "dialog", hidden: true, on: { keydown: (event) => { if (event.key === "Escape") close(true); } } });
  let open = -1; // the column of the menu

  // ---- the menu
  /** @param {number} c @param {number} at the position of the column in the view */
  function show(c, at) {
    const head = grid.cell(-1, at);
    if (!head) return;
    open = c;
    menu.setAttribute("aria-label", fill(T.columnMenu, { name: data.title(c) }));
    const sort = (/** @type {string} */ text, /** @type {GridView["sort"]} */ next) =>
      button(text, () => { view.sort = next; refresh(); close(true); }, "petit discret", { "aria-pressed": String(view.sort?.column === c && view.sort.way === next?.way) });
    menu.replaceChildren(
      h("p", { class: "libelle", text: data.title(c) }),
      sort(T.sortUp, { column: c, way: 1 }), sort(T.sortDown, { column: c, way: -1 }), sort(T.sortNone, null),
      ...(filter ? [values(c)] : []), button(T.closeMenu, () => close(true), "petit"));
    menu.hidden = false;
    document.addEventListener("mousedown", outside);
    for (const type of ["resize", "scroll"]) window.addEventListener(type, shifted, true);
    place(head);
    menu.querySelector("button")?.focus();
  }

  /** Under the title, inside the grid. @param {HTMLElement} head */
  function place(head) {
    const [grille, box] = [/** @type {HTMLElement} */ (menu.parentElement).getBoundingClientRect(), head.getBoundingClientRect()];
    const left = Math.min(box.left - grille.left, grille.width - menu.offsetWidth - 4);
    menu.style.left = `${Math.max(4, left)}px`;
    menu.style.top = `${box.bottom - grille.top}px`;
  }

  /** The values of the column, each with a box: those that stay. @param {number} c */
  function values(c) {
    const all = data.distinct(c);
    const kept = () => view.filters.get(c);
    const boxes = all.map((text) => h("input", { type: "checkbox", checked: kept()?.includes(text) ?? true, on: { change: keep } }));
    function keep() {
      const chosen = all.filter((text, at) => boxes[at].checked);
      if (chosen.length === all.length) view.filters.delete(c);
      else view.filters.set(c, chosen);
      refresh();
    }
    const every = (/** @type {boolean} */ on) => { for (const box of boxes) box.checked = on; keep(); };
    return h("fieldset", null, h("legend", { text: T.keepValues }),
      h("div", { class: "groupe" }, button(T.allOfThem, () => every(true), "petit"), button(T.noneOfThem, () => every(false), "petit")),
      h("div", { class: "valeurs-colonne", tabindex: 0, role: "group", "aria-label": T.keepValues },
        all.map((text, at) => h("label", { class: "case" }, boxes[at], h("span", { text: data.text(c, text) || T.empty })))));
  }

  /** @param {boolean} [back] the focus goes back to the title */
  function close(back) {
    if (menu.hidden) return;
    menu.hidden = true;
    document.removeEventListener("mousedown", outside);
    for (const type of ["resize", "scroll"]) window.removeEventListener(type, shifted, true);
    const at = view.columns.indexOf(open);
    if (back && at >= 0) grid.select(-1, at);
  }

  /** @param {MouseEvent} event */
  function outside(event) {
    if (event.target instanceof Node && !menu.contains(event.target)) close();
  }

  /** The title is no longer above its menu. @param {Event} event */
  function shifted(event) {
    if (event.target === window || event.target === grid.frame) close();
  }

  // ---- the width
  /** @param {number} c @param {number | null} width null: as wide as what it holds */
  function resize(c, width) {
    if (width === null) view.widths.delete(c);
    else view.widths.set(c, Math.max(NARROWEST, Math.round(width)));
    grid.widen();
  }

  /** The column whose right edge is under the pointer. @param {MouseEvent} event */
  function edge(event) {
    const at = grid.where(event.target);
    return at && at.r < 0 && at.cell.getBoundingClientRect().right - event.clientX <= EDGE ? at : null;
  }

  /** @param {MouseEvent} event */
  function mousedown(event) {
    dragged = null;
    const at = edge(event);
    if (!at || event.button !== 0) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    dragged = { c: view.columns[at.c], x: event.clientX, width: at.cell.offsetWidth };
    const move = (/** @type {MouseEvent} */ moved) => { if (dragged) resize(dragged.c, dragged.width + moved.clientX - dragged.x); };
    document.addEventListener("mousemove", move);
    document.addEventListener("mouseup", () => document.removeEventListener("mousemove", move), { once: true });
  }

  /** Neither the edge nor the arrow sorts. @param {MouseEvent} event */
  function click(event) {
    const at = grid.where(event.target);
    if (!at || at.r >= 0) return;
    const arrow = event.target instanceof Element && event.target.closest(".fleche") !== null;
    if (!arrow && !edge(event) && !dragged) return;
    event.stopImmediatePropagation();
    dragged = null;
    if (!arrow) return;
    grid.select(-1, at.c);
    show(view.columns[at.c], at.c);
  }

  /** @param {MouseEvent} event */
  function dblclick(event) {
    const at = edge(event);
    if (at) resize(view.columns[at.c], null);
  }

  /** @param {MouseEvent} event */
  function mousemove(event) {
    grid.table.classList.toggle("sur-bord", edge(event) !== null);
  }

  listen(grid.table, { mousedown, click, dblclick, mousemove });
  return {
    node: menu,
    /** What Alt and an arrow do on a title; false for nothing. @param {string} key */
    press(key) {
      const c = view.columns[grid.c];
      if (key === "ArrowDown") show(c, grid.c);
      else if (key === "ArrowLeft" || key === "ArrowRight") {
        const head = /** @type {HTMLElement} */ (grid.cell(-1, grid.c));
        resize(c, head.offsetWidth + (key === "ArrowRight" ? STEP : -STEP));
        say(fill(key === "ArrowRight" ? T.wider : T.narrower, { name: data.title(c) }));
      } else return false;
      return true;
    },
  };
}
