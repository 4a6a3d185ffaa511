/* The links of the welcome page: another notebook opens in this page, at the question that is named. */

/** @param {Lab} lab @param {(path: string) => Promise<unknown>} goTo shows a notebook */
export function followLinks({ tracker }, goTo) {
  document.addEventListener("crc-ouvrir", event => {
    const { detail } = /** @type {CustomEvent} */ (event);
    const [element] = event.composedPath();
    const panel = element instanceof Node && tracker.find(candidate => candidate.node.contains(element));
    if (!panel || !/^[^/]+\/[^/]+\.ipynb$/.test(detail?.fichier) || detail.fichier.startsWith("..")) return;
    detail.ok = true;
    const top = panel.context.path.split("/").slice(0, -2);
    const path = [...top, detail.fichier].join("/");
    goTo(path).then(() => (detail.q ? show(path, String(detail.q)) : undefined)).catch(error => { console.warn("crc-lab :", error); });
  });

  /** Bring the card of a question into view, with the focus on its title, as soon as it is there. @param {string} path @param {string} question */
  async function show(path, question) {
    for (let tries = 0; tries < 240; tries++) {
      await new Promise(resolve => setTimeout(resolve, 250));
      const panel = tracker.currentWidget;
      if (panel?.context.path !== path) { if (tries > 40) return; continue; }  // the person went elsewhere
      const cell = panel.content.widgets.find(({ model }) => model.sharedModel.getSource().includes(`"${question}"`));
      const title = panel.node.querySelector(`[data-crc-question="${CSS.escape(question)}"] h3`);
      if (title instanceof HTMLElement) {
        if (cell) await panel.content.scrollToCell(cell, "start").catch(() => {});
        title.tabIndex = -1;
        title.scrollIntoView({ block: "start" });
        title.focus({ preventScroll: true });
        return;
      }
      if (cell && tries % 8 === 0) await panel.content.scrollToCell(cell, "start").catch(() => {});  // cells out of view are not drawn
    }
  }
}
