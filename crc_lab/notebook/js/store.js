// The answer sheet, kept by the JupyterLab plugin: DOM events on the card, see the seam in crc_lab/notebook/widgets.py.

export function makeStore(root, question, activity, onState) {
  let host = null; // the notebook around the card: JupyterLab takes the cells out of view out of the page
  let pending = null;
  let timer = null;
  let overdue = null;

  const target = () => {
    if (root.isConnected) {
      host = root.closest(".jp-Notebook") || host;
      return root;
    }
    return host && host.isConnected ? host : null;
  };

  const saved = (event) => {
    if (event.detail?.q !== question) return;
    clearTimeout(overdue);
    onState(event.detail.ok ? "saved" : "failed", event.detail.date);
  };

  const listen = (node) => {
    node.removeEventListener("crc-enregistre", saved);
    node.addEventListener("crc-enregistre", saved);
  };

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

/** Dispatch one event of the plugin's protocol and return its detail (ok is true when the plugin answered). */
export function ask(node, type, detail) {
  const sent = { ...detail };
  node.dispatchEvent(new CustomEvent(type, { bubbles: true, composed: true, detail: sent }));
  return sent;
}

/** anywidget renders before the node is in the page: wait until it is (or give up after ten seconds). */
export function whenConnected(node) {
  return new Promise((resolve) => {
    const look = (left) => (node.isConnected || !left ? resolve(node.isConnected) : setTimeout(look, 40, left - 1));
    look(250);
  });
}
