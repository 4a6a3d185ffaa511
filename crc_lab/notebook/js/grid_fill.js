// Filling neighbours with what the block holds: the handle at its corner, Ctrl + D (down), Ctrl + R (right).
import { count, listen } from "./dom.js";
import { T } from "./texts.js";

const CORNER = 11; // pixels of the corner that is the handle

/**
 * @param {GridData} data @param {GridView} view @param {GridTable} grid @param {Editing} editing @param {Say} say
 * @returns {{ down(): void, right(): void }} what the keys do
 */
export function addFill(data, view, grid, editing, say) {
  let from = /** @type {Block | null} */ (null); // what is being dragged
  let to = /** @type {Block | null} */ (null);

  /** Copy the rows and columns of `source`, again and again, over `target`; only cells to fill change. @param {Block} source @param {Block} target */
  function copy(source, target) {
    const [height, width] = [source.bottom - source.top + 1, source.right - source.left + 1];
    const again = (/** @type {number} */ at, /** @type {number} */ start, /** @type {number} */ size) => start + ((((at - start) % size) + size) % size);
    const cells = /** @type {Write[]} */ ([]);
    for (let r = target.top; r <= target.bottom; r += 1) {
      for (let c = target.left; c <= target.right; c += 1) {
        const [row, column] = [view.rows[r], view.columns[c]];
        const text = data.rows[view.rows[again(r, source.top, height)]][view.columns[again(c, source.left, width)]];
        if (data.editable(row, column)) cells.push({ r: row, c: column, text: data.canonical(column, text).text });
      }
    }
    say(cells.length ? count(editing.write(cells), T.filledDown) : T.givenCell);
  }

  /** The first row (or column) of the block over the others; of one row (or column) alone, what stands before it. @param {"top" | "left"} start @param {"bottom" | "right"} end */
  function fill(start, end) {
    editing.close(true);
    const block = grid.block();
    const first = block[start] === block[end] ? block[start] - 1 : block[start];
    if (first < 0) return say(T.nothingBefore);
    copy({ ...block, [start]: first, [end]: first }, block);
  }

  /** The cell at the end of the block, when the pointer is on its handle. @param {MouseEvent} event */
  function onHandle(event) {
    const at = grid.where(event.target);
    if (!at || !at.cell.classList.contains("coin")) return null;
    const box = at.cell.getBoundingClientRect();
    return box.right - event.clientX <= CORNER && box.bottom - event.clientY <= CORNER ? at : null;
  }

  /** @param {MouseEvent} event */
  function mousedown(event) {
    if (event.button !== 0 || !onHandle(event)) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // the block stays as it is
    from = grid.block();
    to = null;
    document.addEventListener("mouseup", drop, { once: true });
  }

  /** The block grows one way only: the farther one. @param {MouseEvent} event */
  function mousemove(event) {
    if (!from) {
      grid.table.classList.toggle("sur-poignee", onHandle(event) !== null);
      return;
    }
    const at = grid.where(event.target);
    if (!at || at.r < 0) return;
    const [down, right] = [Math.max(at.r - from.bottom, from.top - at.r, 0), Math.max(at.c - from.right, from.left - at.c, 0)];
    to = !down && !right ? null
      : down >= right ? { ...from, top: Math.min(from.top, at.r), bottom: Math.max(from.bottom, at.r) }
        : { ...from, left: Math.min(from.left, at.c), right: Math.max(from.right, at.c) };
    paint();
  }

  function drop() {
    const [source, target] = [from, to];
    from = to = null;
    paint();
    if (!source || !target) return;
    copy(source, target);
    grid.select(target.top, target.left);
    grid.select(target.bottom, target.right, { extend: true, focus: false });
  }

  function paint() {
    for (const cell of grid.table.querySelectorAll(".cible")) cell.classList.remove("cible");
    if (!to) return;
    for (let r = to.top; r <= to.bottom; r += 1) for (let c = to.left; c <= to.right; c += 1) grid.cell(r, c)?.classList.add("cible");
  }

  listen(grid.table, { mousedown, mousemove });
  return { down: () => fill("top", "bottom"), right: () => fill("left", "right") };
}
