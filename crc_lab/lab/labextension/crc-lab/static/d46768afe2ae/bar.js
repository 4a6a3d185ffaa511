/* Above a notebook of the workbook: where one is, what comes next, display, help. JupyterLab's own menus and panels are put
 * aside, for students only (`mode: eleve`); « Outils avancés » brings them back. */
import { fileName, isOurs, read } from "./answers.js";
import { makeDisplay, STYLE as DISPLAY_STYLE } from "./display.js";
import { button, download, element, menu } from "./dom.js";
import { makePages } from "./pages.js";
import { firstPage, inBrowserAlone } from "./place.js";
import { keepQuiet } from "./quiet.js";
import { makeReminder, STYLE as REMINDER_STYLE } from "./reminder.js";

const COPY = inBrowserAlone ? "Télécharger ma copie" : "Enregistrer ma copie";
const ONE_PAGE = "single-document";
const PUT_ASIDE = "#jp-top-panel, #jp-menu-panel, #jp-bottom-panel";
const QUESTION = /^[ \t]*(?:crc_lab\.)?question\(/m;
export const STYLE = `
  #crc-barre { display: flex; gap: 2px 8px; align-items: center; min-height: 48px; max-height: 48px; padding: 0 12px;
    border-bottom: 1px solid var(--jp-border-color1); background: var(--jp-layout-color1); color: var(--jp-ui-font-color1);
    font: 15px var(--jp-ui-font-family); white-space: nowrap; }
  #crc-barre .lieu { flex: 1; min-width: 0; line-height: 1.3; }
  #crc-barre .lieu span { display: block; overflow: hidden; text-overflow: ellipsis; }
  #crc-barre .lieu .titre { font-weight: 600; }
  #crc-barre .lieu .etat { font-size: 13px; color: var(--jp-ui-font-color2); font-variant-numeric: tabular-nums; }
  #crc-barre .lieu .etat:empty { display: none; }
  #crc-barre .vh { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  #crc-barre .passer:not(:focus) { position: absolute; width: 1px; height: 1px; min-height: 0; padding: 0; overflow: hidden; clip-path: inset(50%); }
  body.crc-cahier .jp-skiplink-wrapper { display: none; }
  #crc-barre [hidden], #crc-barre .bref { display: none; }
  #crc-barre button, #crc-barre summary { min-height: 36px; padding: 6px 10px; border: 0; border-radius: 6px; background: none; color: inherit;
    font: inherit; line-height: 24px; cursor: pointer; list-style: none; box-sizing: border-box; }
  #crc-barre summary::-webkit-details-marker { display: none; }
  #crc-barre button:hover, #crc-barre summary:hover, #crc-barre details[open] summary { background: var(--jp-layout-color2); }
  #crc-barre :is(button, summary, input):focus-visible { outline: 2px solid var(--jp-brand-color1); outline-offset: 1px; }
  #crc-barre .suivant, #crc-barre .suivant:hover { background: #1d4e89; color: #fff; }
  #crc-barre .menu { position: fixed; z-index: 1000; top: 52px; right: 12px; display: grid; min-width: 240px; max-width: calc(100vw - 24px);
    max-height: calc(100vh - 72px); overflow: auto; padding: 6px; box-sizing: border-box; white-space: normal;
    border: 1px solid var(--jp-border-color1); border-radius: 6px; background: var(--jp-layout-color1); box-shadow: var(--jp-elevation-z4); }
  #crc-barre .menu button { text-align: left; }
  #crc-barre fieldset { display: grid; gap: 2px; margin: 0; padding: 6px 10px; border: 0; }
  #crc-barre legend { padding: 0; font-weight: 600; }
  #crc-barre label { display: block; padding: 4px 0; cursor: pointer; }
  body.crc-cahier #jp-header-panel, body.crc-cahier #crc-barre { overflow: visible !important; contain: none !important; z-index: 20; }
  @media (max-width: 1100px) { #crc-barre .large { display: none; } }
  @media (max-width: 760px) { #crc-barre { gap: 0; padding: 0 4px; font-size: 14px; }
    #crc-barre .mot { display: none; } #crc-barre .bref { display: inline; }
    #crc-barre button, #crc-barre summary { padding: 6px 8px; } #crc-barre .lieu { padding: 0 4px; }
    #crc-barre .lieu .etat { font-size: 12px; } }
  ${DISPLAY_STYLE}
  ${REMINDER_STYLE}`;

/** @param {Lab} lab @param {{ relaunch(): unknown, toggleCode(): unknown, saved(context: NotebookContext): Promise<void> }} actions */
export function makeBar(lab, actions) {
  const { app, tracker, Widget, settings } = lab;
  const { shell } = app;
  const pages = makePages(lab, actions.saved);
  let advanced = false;

  const title = element("span", { class: "titre" });
  const state = element("span", { class: "etat" });
  const news = element("span", { class: "vh", role: "status" });
  const home = button(element("span", {}, "Accueil"), pages.home);
  const before = button(element("span", { "aria-hidden": "true" }, "← "), () => step(-1));
  before.append(element("span", { class: "mot" }, "Précédent"));
  before.setAttribute("aria-label", "Précédent");
  const after = button(element("span", { class: "mot" }, "Suivant "), () => step(1), "suivant");
  after.append(element("span", { "aria-hidden": "true" }, "→"));
  after.setAttribute("aria-label", "Suivant");
  const code = button("", actions.toggleCode);
  const tools = button("", () => { advanced = !advanced; show(); });
  const skip = button("Aller à la page", () => {
    const page = tracker.currentWidget?.content.node;
    page?.setAttribute("tabindex", "-1");
    page?.focus();
  }, "passer");
  const site = inBrowserAlone ? [
    button("Reprendre ma copie", () => leaveFor("")), button("Ce n’est pas moi", () => leaveFor("#pas-moi")), button("Quitter le cahier", () => leaveFor("")),
  ] : [];
  const node = element("nav", { "aria-label": "Le cahier" }, skip, home, element("div", { class: "lieu" }, title, state), news, before, after,
    button(COPY, keepCopy, "large"), button("Tout relancer", actions.relaunch, "large"),
    menu("Affichage", "Aa", ...makeDisplay(settings)),
    menu("Aide", "?", button("Mode d’emploi", pages.home), button(COPY, keepCopy), ...site, button("Tout relancer", actions.relaunch), code, tools));
  const reminder = inBrowserAlone ? makeReminder(keepCopy) : null;
  const bar = new Widget({ node });
  bar.id = "crc-barre";
  let added = false;

  const hasCode = () => Boolean(tracker.currentWidget && !tracker.currentWidget.hasClass("crc-eleve"));
  const isSimple = () => document.body.classList.contains("crc-cahier") && !advanced;
  const step = (/** @type {number} */ way) => tracker.currentWidget && pages.step(tracker.currentWidget, way);

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
    if (!panel && isSimple()) pages.homeAgain();  // closed: back to the welcome page
    const inFront = !shell.currentWidget || shell.currentWidget === panel;  // nothing else: a file of data, a terminal
    const ours = Boolean(inFront && panel?.context.isReady && isOurs(panel.context) && read(panel.context).mode === "eleve");
    const simple = ours && !advanced;
    document.body.classList.toggle("crc-cahier", ours);
    if (ours && !added) { shell.add(bar, "header", { rank: 0 }); added = true; }
    bar.setHidden(!ours);
    for (const widget of inside(shell)) if (widget.node.matches(PUT_ASIDE)) widget.setHidden(simple);
    panel?.toolbar.setHidden(simple);
    if (simple && inBrowserAlone && shell.mode !== ONE_PAGE) shell.mode = ONE_PAGE;  // JupyterLite has no setting for it
    if (simple) shell.collapseLeft?.();
    for (const side of ["left", "right"]) if (shell.isSideTabBarVisible?.(side) === simple) shell.toggleSideTabBarVisibility?.(side);
    code.textContent = hasCode() ? "Masquer le code" : "Afficher le code";
    tools.textContent = advanced ? "Masquer les outils avancés" : "Outils avancés";
    if (ours && panel) describe(panel).catch(error => console.warn("crc-lab :", error));
  }

  // JupyterLite unfolds the list of files each time its layout is made anew, after everybody else.
  if (inBrowserAlone) shell.layoutModified?.connect(() => { if (isSimple() && !shell.leftCollapsed) shell.collapseLeft?.(); });

  /* ---- Where one is ------------------------------------------------------------------------------------------- */
  // JupyterLab calls the tab after the file and the number of pages open, each time one is saved, opened or closed.
  let tabTitle = "";
  new MutationObserver(() => { if (isSimple() && tracker.currentWidget && tabTitle && document.title !== tabTitle) document.title = tabTitle; })
    .observe(document.head, { subtree: true, childList: true, characterData: true });

  /** @param {Panel} panel */
  async function describe(panel) {
    const heading = titleOf(panel);
    if (title.textContent && title.textContent !== heading) news.textContent = heading;
    title.textContent = heading;
    title.title = heading;
    follow(panel);
    pages.nameInAddress(panel);
    const { before: isBefore, after: isAfter, home: isHome } = await pages.around(panel);
    if (tracker.currentWidget !== panel) return;
    tabTitle = `${heading} – Cahier`;
    document.title = tabTitle;
    const focused = [before, after].find(one => one === document.activeElement);
    home.hidden = !isHome;
    before.hidden = !isBefore;
    after.hidden = !isAfter;
    if (focused?.hidden) (isAfter ? after : before).focus();
  }

  /** The first heading of a notebook. @param {Panel} panel */
  function titleOf({ content, context }) {
    for (const { model } of content.widgets) {
      const [, heading] = (model.type === "markdown" && /^#[ \t]+(.+)$/m.exec(model.sharedModel.getSource())) || [];
      if (heading) return heading.trim();
    }
    return (fileName(context) || "").replace(/\.ipynb$/, "");
  }

  /** « question 4 / 8 », the one at the height of the eyes, and the points of the progress card. @param {Panel} panel */
  function follow({ node: page, content }) {
    const cells = content.widgets.filter(({ model }) => model.type === "code" && QUESTION.test(model.sharedModel.getSource()));
    const drawn = cells.length && !cells.some(cell => cell.node.classList.contains("crc-attente"));  // until then all are at the top
    const middle = window.innerHeight / 2;
    const at = cells.findLastIndex(cell => cell.node.getBoundingClientRect().top < middle);
    const points = page.querySelector(".avancement [data-crc-points]");
    if (points && points !== watched) watch(points);
    const told = points instanceof HTMLElement && !points.hidden ? points.textContent || "" : "";
    state.textContent = [
      drawn ? `question ${Math.max(at, 0) + 1} / ${cells.length}` : "",
      /^[\d,]+ \/ /.test(told) ? `${told} points` : told,
    ].filter(Boolean).join(" · ");
  }

  let watched = /** @type {Node | null} */ (null);
  const observer = new MutationObserver(again);
  /** @param {Node} points */
  function watch(points) {
    observer.disconnect();
    observer.observe(points, { childList: true, characterData: true, subtree: true, attributes: true });
    watched = points;
  }

  let due = false;
  function again() {
    if (due) return;
    due = true;
    requestAnimationFrame(() => {
      due = false;
      if (tracker.currentWidget && !bar.node.hidden) follow(tracker.currentWidget);
    });
  }
  document.addEventListener("scroll", again, { capture: true, passive: true });

  /* ---- Keep a copy -------------------------------------------------------------------------------------------- */
  /** What is being typed too. */
  async function save() {
    document.dispatchEvent(new CustomEvent("crc-garder"));
    await tracker.currentWidget?.context.save().catch(() => {});
  }

  /** To the first page of the site. @param {string} part */
  async function leaveFor(part) {
    await save();
    location.href = firstPage(part);
  }

  /** The notebook as it is on the screen, without its outputs, under the student's name. */
  async function keepCopy() {
    const panel = tracker.currentWidget;
    if (!panel) return;
    await save();
    const content = panel.context.model.toJSON();
    for (const cell of content.cells) if (cell.outputs) cell.outputs = [];
    const { activite, eleve } = read(panel.context);
    const name = [activite || fileName(panel.context), eleve?.nom].filter(Boolean).join(" – ").replace(/[\\/:*?"<>|]/g, " ");
    download(URL.createObjectURL(new Blob([JSON.stringify(content, null, 1)], { type: "application/x-ipynb+json" })), `${name}.ipynb`);
    reminder?.made();
  }

  keepQuiet(app.commands, { isSimple, hasCode, save, goTo: pages.goTo });
  const soon = () => { setTimeout(show); };  // the two change one after the other: in between, nothing is in front
  tracker.currentChanged.connect(soon);
  shell.currentChanged?.connect(soon);
  const warn = (/** @type {unknown} */ error) => console.warn("crc-lab :", error);
  const ready = pages.takeAddress(settings).catch(warn);
  ready.then(() => pages.begin(settings)).catch(warn);
  return { show, again, ready };
}
