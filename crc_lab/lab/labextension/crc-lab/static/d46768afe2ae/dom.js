/* Pieces of a page, as the bar makes them. */

/** @template {keyof HTMLElementTagNameMap} Name @param {Name} name @param {Record<string, string>} [props] @param {(Node | string)[]} children */
export function element(name, props = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(props)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

/** A button; that of a menu closes it. @param {string | Node} text @param {() => unknown} action @param {string} [look] */
export function button(text, action, look = "") {
  const node = element("button", { type: "button", class: look }, text);
  node.addEventListener("click", () => { node.closest("details")?.removeAttribute("open"); action(); });
  return node;
}

/** A small menu, which Escape, a click elsewhere and the focus that goes elsewhere close. `short`: its title on a narrow screen. @param {string} title @param {string} short @param {Node[]} entries */
export function menu(title, short, ...entries) {
  const summary = element("summary", { "aria-label": title },
    element("span", { class: "mot" }, title), element("span", { class: "bref", "aria-hidden": "true" }, short));
  const node = element("details", {}, summary, element("div", { class: "menu" }, ...entries));
  const close = (/** @type {Event} */ { target }) => { if (!node.contains(/** @type {Node} */ (target))) node.open = false; };
  node.addEventListener("keydown", event => {
    if (event.key !== "Escape" || !node.open) return;
    node.open = false;
    summary.focus();
  });
  document.addEventListener("pointerdown", close);
  document.addEventListener("focusin", close);
  return node;
}

/** A choice among a few, each shown. @param {string} title @param {string} name @param {Record<string, string>} options value → words @param {(value: string) => unknown} chosen */
export function choice(title, name, options, chosen) {
  const inputs = Object.keys(options).map(value => element("input", { type: "radio", name: `crc-${name}`, value }));
  const node = element("fieldset", {}, element("legend", {}, title),
    ...inputs.map(input => element("label", {}, input, ` ${options[input.value]}`)));
  node.addEventListener("change", ({ target }) => chosen(/** @type {HTMLInputElement} */ (target).value));
  return { node, show: (/** @type {string} */ value) => { for (const input of inputs) input.checked = input.value === value; } };
}

/** Hand a file over. @param {string} href @param {string} name */
export function download(href, name) {
  element("a", { href, download: name }).click();
}

export const isData = (/** @type {string} */ path) => /\.(xlsx|csv)$/i.test(path);

/** Hand a data file over; Excel reads the accents of a text that begins with this mark. @param {string} address @param {string} path of the file */
export async function handOver(address, path) {
  const name = path.split("/").pop() || "";
  const text = name.toLowerCase().endsWith(".csv") && await fetch(address).then(answer => (answer.ok ? answer.text() : ""), () => "");
  download(text ? URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" })) : address, name);
}

/** Say that the workbook is being opened, over what JupyterLab shows meanwhile (its dialogs stay in front); what is given back ends it. */
export function curtain() {
  const node = element("div", { id: "crc-rideau", role: "status" }, "Ouverture du cahier…");
  node.setAttribute("style", "position: fixed; inset: 0; z-index: 9000; display: grid; place-items: center; font: 18px var(--jp-ui-font-family); "
    + "background: var(--jp-layout-color1); color: var(--jp-ui-font-color1)");
  const behind = document.getElementById("main");
  behind?.setAttribute("aria-hidden", "true");
  document.body.append(node);
  return () => { node.remove(); behind?.removeAttribute("aria-hidden"); };
}
