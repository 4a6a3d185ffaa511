// The answer sheet, kept by the JupyterLab plugin: DOM events on the card, see the seam in crc_lab/notebook/widgets.py.

/**
 * `onState(state, date)`: "saving", "saved", "failed", "late" (not acknowledged), "absent" (no plugin).
 * @param {HTMLElement} root @param {string} question @param {string | undefined} activity
 * @param {(state: SavingState, date?: string) => void} onState
 */
export function makeStore(root, question, activity, onState) {
  let host = /** @type {Element | null} */ (null); // the notebook around the card: JupyterLab takes the cells out of view out of the page
  let pending = /** @type {Json} */ (null);
  let timer = 0;
  let overdue = 0;

  const target = () => {
    if (root.isConnected) {
      host = root.closest(".jp-Notebook") || host;
      return root;
    }
    return host && host.isConnected ? host : null;
  };

  const saved = (/** @type {Event} */ event) => {
    const { detail } = /** @type {CustomEvent} */ (event);
    if (detail?.q !== question) return;
    clearTimeout(overdue);
    onState(detail.ok ? "saved" : "failed", detail.date);
  };

  const listen = (/** @type {Element} */ node) => {
    node.removeEventListener("crc-enregistre", saved);
    node.addEventListener("crc-enregistre", saved);
  };

  /** @type {(answer: Json) => boolean | null} */
  function write(answer) {
    const node = target();
    if (!node) {
      pending = answer;
      clearTimeout(timer);
      timer = setTimeout(() => pending && write(pending), 400);
      return null;
    }
    pending = null;
    listen(node);
    onState("saving");
    const detail = { q: question, activite: activity, ...answer };
    node.dispatchEvent(new CustomEvent("crc-reponse", { bubbles: true, composed: true, detail }));
    clearTimeout(overdue);
    if (detail.ok === true) overdue = setTimeout(() => onState("late"), 30000);
    else onState("absent");
    return detail.ok === true;
  }

  return {
    write,
    read: () => ask(target() || root, "crc-relire", { q: question }),
    ready: () => whenConnected(root),
    close: () => {
      if (pending && target()) write(pending);
      clearTimeout(timer);
      clearTimeout(overdue);
      host?.removeEventListener("crc-enregistre", saved);
    },
  };
}

/** Dispatch one event of the plugin's protocol and return its detail (ok is true when the plugin answered). @param {Element} node @param {string} type @param {Json} detail @returns {Json} */
export function ask(node, type, detail) {
  const sent = { ...detail };
  node.dispatchEvent(new CustomEvent(type, { bubbles: true, composed: true, detail: sent }));
  return sent;
}

/** anywidget renders before the node is in the page: wait until it is (or give up after ten seconds). @param {Node} node @returns {Promise<boolean>} */
export function whenConnected(node) {
  return new Promise((resolve) => {
    const look = (/** @type {number} */ left) => (node.isConnected || !left ? resolve(node.isConnected) : setTimeout(look, 40, left - 1));
    look(250);
  });
}
