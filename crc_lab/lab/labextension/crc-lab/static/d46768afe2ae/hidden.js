/* A card that is folded away or wiped off the page (« Effacer les sorties ») leaves a way back in its place. */
const DELAY = 400;  // milliseconds: a cell that runs again is empty for a moment

/** Watch the cells of a notebook; `again` runs one. @param {Panel} panel @param {Cell[]} cells @param {(cell: Cell) => unknown} again */
export function watchHidden(panel, cells, again) {
  for (const cell of cells) watch(cell);

  /** @param {Cell} cell */
  function watch(cell) {
    let hadCard = false;
    let timer = 0;
    let notice = /** @type {HTMLElement | null} */ (null);

    function look() {
      if (panel.isDisposed || cell.isDisposed) return;
      const wiped = !cell.model.outputs?.length;
      hadCard ||= !wiped;
      const away = !cell.hasClass("crc-attente") && hadCard && (wiped || Boolean(cell.outputHidden));
      if (away === Boolean(notice)) return;
      notice?.remove();
      notice = away ? makeNotice() : null;
      if (notice) cell.node.append(notice);
      cell.toggleClass("crc-masquee", away);
    }

    function makeNotice() {
      const show = Object.assign(document.createElement("button"), { type: "button", textContent: "Afficher" });
      show.addEventListener("click", () => {
        cell.outputHidden = false;
        if (!cell.model.outputs?.length) again(cell);
        look();
      });
      const node = document.createElement("p");
      node.className = "crc-retrouver";
      node.append("Carte masquée. ", show);
      return node;
    }

    const observer = new MutationObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(look, DELAY);
    });
    for (const place of cell.node.querySelectorAll(":scope > .jp-Cell-outputWrapper, :scope > .jp-Cell-outputWrapper > .jp-OutputArea")) {
      observer.observe(place, { childList: true });
    }
    look();
  }
}
