/* Above a notebook of the workbook: where one is, what comes next, help. JupyterLab's own menus and panels are put aside, for
 * students only (`mode: eleve`); « Outils avancés » brings them back. */
import { fileName, isOurs, read } from "./answers.js";

const PUT_ASIDE = "#jp-top-panel, #jp-menu-panel, #jp-bottom-panel";
const ACTIVITY = /^\d\d_\w+$/;
const HAND_IN = "-a-rendre.ipynb";
const SIZES = ["1", "1.15", "1.3"];
export const STYLE = `
  #crc-barre { display: flex; gap: 4px 14px; align-items: center; min-height: 44px; max-height: 44px; padding: 0 12px; overflow: visible;
    border-bottom: 1px solid var(--jp-border-color1); background: var(--jp-layout-color1); color: var(--jp-ui-font-color1);
    font: 15px var(--jp-ui-font-family); white-space: nowrap; }
  #crc-barre .lieu { overflow: hidden; text-overflow: ellipsis; min-width: 0; }
  #crc-barre .pousse { flex: 1; }
  #crc-barre [hidden] { display: none; }
  #crc-barre button, #crc-barre summary { padding: 6px 10px; border: 0; border-radius: 6px; background: none; color: inherit;
    font: inherit; cursor: pointer; list-style: none; }
  #crc-barre button:hover, #crc-barre summary:hover { background: var(--jp-layout-color2); }
  #crc-barre button:focus-visible, #crc-barre summary:focus-visible { outline: 2px solid var(--jp-brand-color1); }
  #crc-barre .suivant, #crc-barre .suivant:hover { background: var(--jp-brand-color1); color: var(--jp-ui-inverse-font-color1); }
  #crc-barre details { position: relative; }
  #crc-barre .menu { position: fixed; z-index: 1000; margin-top: 4px; right: 12px; display: grid; min-width: 220px; padding: 6px;
    border: 1px solid var(--jp-border-color1); border-radius: 6px; background: var(--jp-layout-color1);
    box-shadow: var(--jp-elevation-z4); }
  #crc-barre .menu button { text-align: left; }
  body.crc-cahier #jp-header-panel, body.crc-cahier #crc-barre { overflow: visible !important; contain: none !important; }
  body.crc-cahier.crc-taille .crc-eleve .jp-Notebook { zoom: var(--crc-taille); }
  @media (max-width: 1000px) { #crc-barre .large { display: none; } }
  @media (max-width: 600px) { #crc-barre { gap: 0; padding: 0 4px; font-size: 14px; } #crc-barre .mot { display: none; } }`;

/** @param {string} name @param {Record<string, string>} [props] @param {(Node | string)[]} children */
function element(name, props = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(props)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

/** @param {string} text @param {() => unknown} action @param {string} [look] */
function button(text, action, look = "") {
  const node = element("button", { type: "button", class: look }, text);
  node.addEventListener("click", () => { node.closest("details")?.removeAttribute("open"); action(); });
  return node;
}

/** A small menu that closes by Escape and by a click elsewhere. @param {string} title @param {Node[]} entries */
function menu(title, ...entries) {
  const node = /** @type {HTMLDetailsElement} */ (element("details", {}, element("summary", {}, title), element("div", { class: "menu" }, ...entries)));
  node.addEventListener("keydown", event => { if (event.key === "Escape") { node.open = false; node.querySelector("summary")?.focus(); } });
  document.addEventListener("pointerdown", event => { if (!node.contains(/** @type {Node} */ (event.target))) node.open = false; });
  return node;
}

/** @param {Lab} lab @param {{ relaunch(): unknown, toggleCode(): unknown }} actions */
export function makeBar({ app, tracker, Widget }, actions) {
  const { commands, shell } = app;
  const { contents } = app.serviceManager;
  let advanced = false;
  /** The activities around the notebook shown, in order: { folder, number }. @type {string[]} */
  let folders = [];
  /** Where they are; null before the first notebook. @type {string | null} */
  let top = null;

  const place = element("span", { class: "lieu" });
  const state = element("span", { class: "large", role: "status" });
  const before = button("← ", () => step(-1));
  before.append(element("span", { class: "mot" }, "Précédent"));
  before.setAttribute("aria-label", "Précédent");
  const after = button("", () => step(1), "suivant");
  after.append(element("span", { class: "mot" }, "Suivant "), "→");
  after.setAttribute("aria-label", "Suivant");
  const node = element("nav", { "aria-label": "Le cahier" },
    button("Accueil", () => home()), place, state, element("span", { class: "pousse" }), before, after,
    button("Enregistrer ma copie", keepCopy, "large"), button("Tout relancer", actions.relaunch, "large"),
    menu("Affichage", button("Thème clair ou sombre", toggleTheme), button("Taille du texte", growText)),
    menu("Aide", button("Mode d’emploi", () => home()), button("Enregistrer ma copie", keepCopy), button("Tout relancer", actions.relaunch),
      button("Afficher ou masquer le code", actions.toggleCode), button("Outils avancés", () => { advanced = !advanced; show(); })));
  const bar = new Widget({ node });
  bar.id = "crc-barre";
  let added = false;

  /* ---- What is put aside -------------------------------------------------------------------------------------- */
  /** @param {LuminoWidget} widget @returns {Generator<LuminoWidget>} */
  function* inside(widget) {
    for (const child of widget.children()) {
      yield child;
      if (child.node.id !== "jp-main-dock-panel") yield* inside(child);
    }
  }

  /** Menus and panels, or the bar, after the notebook that is in front. */
  function show() {
    const panel = tracker.currentWidget;
    if (!panel && top !== null) open(folders[0]);  // closed: back to the welcome page
    const ours = Boolean(panel?.context.isReady && isOurs(panel.context) && read(panel.context).mode === "eleve");
    const simple = ours && !advanced;
    document.body.classList.toggle("crc-cahier", ours);
    if (ours && !added) { shell.add(bar, "header", { rank: 0 }); added = true; }
    bar.setHidden(!ours);
    for (const widget of inside(shell)) if (widget.node.matches(PUT_ASIDE)) widget.setHidden(simple);
    panel?.toolbar.setHidden(simple);
    if (simple) shell.collapseLeft?.();
    for (const side of ["left", "right"]) if (shell.isSideTabBarVisible?.(side) === simple) shell.toggleSideTabBarVisibility?.(side);
    if (ours && panel) describe(panel);
  }

  /* ---- Where one is ------------------------------------------------------------------------------------------- */
  /** @param {Panel} panel */
  async function describe(panel) {
    const { activite = "" } = read(panel.context);
    const number = Number(String(activite).slice(0, 2));
    place.textContent = number ? `Activité ${number}` : "Accueil";
    document.title = `${place.textContent} · cahier`;
    top = topOf(panel.context.path);
    const found = await contents.get(top, { content: true }).then(({ content }) => content, () => []);
    folders = /** @type {{ name: string, type: string }[]} */ (found).filter(({ name, type }) => type === "directory" && ACTIVITY.test(name)).map(({ name }) => name).sort();
    const at = folders.indexOf(activite);
    before.hidden = at < 1;
    after.hidden = at < 0 || at === folders.length - 1;
    follow(panel);
  }

  const topOf = (/** @type {string} */ path) => path.split("/").slice(0, -2).join("/");

  /** « question 4 / 8 »: the one at the height of the eyes. @param {Panel} panel */
  function follow({ node: page }) {
    const cards = [...page.querySelectorAll("[data-crc-question]")];
    const middle = window.innerHeight / 2;
    const at = cards.findLastIndex(card => card.getBoundingClientRect().top < middle);
    const points = page.querySelector(".avancement .note");
    const marks = points && !(/** @type {HTMLElement} */ (points).hidden) ? points.textContent : "";
    state.textContent = [cards.length ? `question ${Math.max(at, 0) + 1} / ${cards.length}` : "", marks].filter(Boolean).join(" · ");
  }

  let due = false;
  document.addEventListener("scroll", () => {
    const panel = tracker.currentWidget;
    if (due || !panel) return;
    due = true;
    requestAnimationFrame(() => { due = false; follow(panel); });
  }, { capture: true, passive: true });
  document.addEventListener("crc-retour", () => setTimeout(() => { if (tracker.currentWidget) follow(tracker.currentWidget); }, 100));

  /* ---- Going from page to page -------------------------------------------------------------------------------- */
  /** The notebook of an activity, whatever its file is called. @param {string} folder */
  async function notebookIn(folder) {
    const { content } = await contents.get(folder, { content: true });
    const names = /** @type {{ name: string, path: string }[]} */ (content).filter(({ name }) => name.endsWith(".ipynb") && !name.endsWith(HAND_IN));
    const usual = names.find(({ name }) => name === `${folder.split("/").pop()}.ipynb`);
    return (usual || names[0])?.path;
  }

  /** @param {string} folder */
  async function open(folder) {
    const path = await notebookIn(top ? `${top}/${folder}` : folder).catch(() => undefined);
    if (path) await goTo(path);
  }

  /** Show a notebook in the place of the one that is in front; who clicks twice goes to one page after the other. @param {string} path */
  function goTo(path) {
    going = going.then(() => replaceBy(path)).catch(error => { console.warn("crc-lab :", error); });
    return going;
  }
  let going = Promise.resolve();

  /** The notebook that is left is saved and closed, and its kernel rests. @param {string} path */
  async function replaceBy(path) {
    const left = tracker.currentWidget;
    if (path === left?.context.path) return;
    document.dispatchEvent(new CustomEvent("crc-garder"));
    await left?.context.save().catch(() => {});
    await commands.execute("docmanager:open", { path });
    if (left && !left.isDisposed && !left.context.model.dirty) left.close();
    for (const widget of [...shell.widgets("main")]) if (widget.id.startsWith("launcher")) widget.close();
  }

  /* The browser's Back and Forward show the page of their address, and make no other entry in its history. */
  const push = history.pushState.bind(history);
  history.pushState = (data, title, url) => {
    const same = url && new URL(url, location.href).href === location.href;
    if (same) history.replaceState(data, title, url); else push(data, title, url);
  };
  window.addEventListener("popstate", () => {
    const [, path] = /\/tree\/(.+\.ipynb)$/.exec(decodeURIComponent(location.pathname)) || [];
    if (path && document.body.classList.contains("crc-cahier")) goTo(path);
  });

  /** @param {number} way */
  function step(way) {
    const { activite } = tracker.currentWidget ? read(tracker.currentWidget.context) : {};
    const next = folders[folders.indexOf(activite) + way];
    if (next) open(next);
  }

  const home = () => { const welcome = folders.find(name => name.startsWith("00")); if (welcome) open(welcome); };

  /* ---- Keep a copy, display ----------------------------------------------------------------------------------- */
  /** The notebook as it is on the screen, without its outputs, under the student's name. */
  async function keepCopy() {
    const panel = tracker.currentWidget;
    if (!panel) return;
    document.dispatchEvent(new CustomEvent("crc-garder"));
    await panel.context.save().catch(() => {});
    const content = panel.context.model.toJSON();
    for (const cell of content.cells) if (cell.outputs) cell.outputs = [];
    const { activite, eleve } = read(panel.context);
    const name = [activite || fileName(panel.context), eleve?.nom].filter(Boolean).join(" – ").replace(/[\\/:*?"<>|]/g, " ");
    download(URL.createObjectURL(new Blob([JSON.stringify(content, null, 1)], { type: "application/x-ipynb+json" })), `${name}.ipynb`);
  }

  /** @param {string} href @param {string} name */
  const download = (href, name) => { Object.assign(document.createElement("a"), { href, download: name }).click(); };

  function toggleTheme() {
    const light = document.body.dataset.jpThemeLight === "true";
    commands.execute("apputils:change-theme", { theme: light ? "JupyterLab Dark" : "JupyterLab Light" });
  }

  const size = () => localStorage.getItem("crc-lab:taille") || SIZES[0];
  function growText() {
    localStorage.setItem("crc-lab:taille", SIZES[(SIZES.indexOf(size()) + 1) % SIZES.length]);
    applySize();
  }
  function applySize() {
    document.body.classList.toggle("crc-taille", size() !== SIZES[0]);
    document.body.style.setProperty("--crc-taille", size());
  }

  /* ---- What JupyterLab would do of a click -------------------------------------------------------------------- */
  const isSimple = () => document.body.classList.contains("crc-cahier") && !advanced;
  // The menu of the right button is the browser's own: paste, spelling.
  window.addEventListener("contextmenu", event => { if (isSimple()) event.stopImmediatePropagation(); }, { capture: true });
  // A data file is downloaded: opened here, it would be a table that nobody can use.
  window.addEventListener("click", event => {
    const link = event.target instanceof Element && event.target.closest(".jp-RenderedMarkdown a");
    if (!isSimple() || !(link instanceof HTMLAnchorElement) || !/\.(xlsx|csv)$/i.test(link.pathname)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    download(link.href, decodeURIComponent(link.pathname.split("/").pop() || ""));
  }, { capture: true });

  applySize();
  tracker.currentChanged.connect(show);
  return { show };
}
