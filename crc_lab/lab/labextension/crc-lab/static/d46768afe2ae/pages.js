/* From page to page: the order of the workbook, the browser's Back and Forward. */
import { hasBegun } from "./alone.js";
import { isOurs, read } from "./answers.js";
import { curtain, handOver, isData } from "./dom.js";
import { inBrowserAlone } from "./place.js";
import { makePlaces } from "./places.js";

const WELCOME = "00_";
const LATER = 300;  // milliseconds, in which JupyterLab gives its page an address
const MISSING = 6000;  // milliseconds, after which the page of an address, if it is damaged, is not to come
const PATIENCE = 60_000;  // milliseconds, for the card of a question to be there

/** `saved`: until no save of a notebook is under way. @param {Lab} lab @param {(context: NotebookContext) => Promise<void>} saved */
export function makePages({ app, tracker, Notification, PageConfig }, saved) {
  const { commands, shell } = app;
  const { contents } = app.serviceManager;
  const places = makePlaces(contents);
  /** The activities there are, in order. @type {string[]} */
  let activities = [];
  /** The order that the workbook tells (its progress card); that of the names until then. @type {string[]} */
  let order = [];
  /** Where they are; null before the first notebook. @type {string | null} */
  let top = null;

  const rank = (/** @type {string} */ name) => (name.startsWith(WELCOME) ? -1 : order.includes(name) ? order.indexOf(name) : order.length);
  const inOrder = (/** @type {string[]} */ names) => names.sort((one, other) => rank(one) - rank(other) || one.localeCompare(other));

  /** @param {string} folder @param {{ path: string, activity: string }} [shown] */
  async function activitiesIn(folder, shown) {
    const known = order.length ? [...order, ...activities.filter(isWelcome)] : [];
    return inOrder(await places.activitiesOf(folder, known, shown));
  }

  /** What comes before and after a page, if anything, and whether there is a welcome page. @param {Panel} panel */
  async function around({ context }) {
    top = await places.workbookOf(context.path);
    const { activite } = read(context);
    activities = await activitiesIn(top, { path: context.path, activity: activite });
    const at = activities.indexOf(activite);
    return { before: at > 0, after: at >= 0 && at < activities.length - 1, home: Boolean(welcome()) };
  }

  const isWelcome = (/** @type {string} */ name) => name.startsWith(WELCOME);
  const welcome = () => activities.find(isWelcome);

  /* ---- Going there --------------------------------------------------------------------------------------------- */
  /** Show an activity, and one of its questions. @param {string | undefined} activity @param {string} [question] */
  async function open(activity, question) {
    let path = activity && await places.notebookOf(activity);
    if (activity && !path) {  // a folder that was renamed meanwhile
      activities = await activitiesIn(top || "");
      path = await places.notebookOf(activity);
    }
    if (path) await show(path, question);
    else Notification.info("Le carnet de cette activité n’est pas dans ce dossier. Fermez le cahier, puis rouvrez-le : il y sera remis.", { autoClose: 8000 });
  }

  /** @param {string} path @param {string} [question] */
  async function show(path, question) {
    await goTo(path);
    if (question) await scrollTo(question);
  }

  /** Show a notebook in the place of the one that is in front; who clicks twice goes to one page after the other. @param {string} path */
  function goTo(path) {
    going = going.then(() => replaceBy(path)).catch(error => { console.warn("crc-lab :", error); });
    return going;
  }
  let going = Promise.resolve();

  /** The notebook that is left is saved and closed, and its kernel rests; in a browser alone, where one kernel takes long to
   * start and much room, it serves the next notebook. @param {string} path */
  async function replaceBy(path) {
    const left = tracker.currentWidget;
    if (path === left?.context.path) return;
    document.dispatchEvent(new CustomEvent("crc-garder"));
    await left?.context.save().catch(() => {});
    const kernel = inBrowserAlone ? living(left) : null;
    await commands.execute("docmanager:open", { path, ...(kernel ? { kernel: { id: kernel.id, name: kernel.name } } : {}) });
    if (left && kernel) left.sessionContext.kernelPreference = { ...left.sessionContext.kernelPreference, shutdownOnDispose: false };
    if (left) leave(left);
    for (const widget of [...shell.widgets("main")]) if (widget.id.startsWith("launcher")) widget.close();
  }

  /** Close a notebook that was left, once all of it is on disk: one whose cards were still being drawn takes a moment. @param {Panel} left */
  async function leave(left) {
    const { context } = left;
    for (const limit = Date.now() + PATIENCE; Date.now() < limit;) {
      await saved(context);
      if (left.isDisposed || tracker.currentWidget === left) return;
      if (!context.model.dirty) return left.close();
      await new Promise(resolve => setTimeout(resolve, 500));
      if (!left.isDisposed && context.model.dirty) await context.save().catch(() => {});
    }
  }

  /** The kernel of a panel, when it can serve. @param {Panel | null} panel */
  function living(panel) {
    const kernel = panel?.sessionContext.session?.kernel;
    return kernel && hasBegun(kernel) && kernel.status !== "dead" ? kernel : null;
  }

  /** Bring the card of a question into view, with the focus on its title, as soon as it is there. @param {string} question */
  async function scrollTo(question) {
    const panel = tracker.currentWidget;
    if (!panel) return;
    const limit = Date.now() + PATIENCE;
    while (tracker.currentWidget === panel && Date.now() < limit) {
      const cell = panel.content.widgets.find(({ model }) => model.sharedModel.getSource().includes(`"${question}"`));
      if (cell) await panel.content.scrollToCell(cell, "start").catch(() => {});  // cells out of view may not be drawn
      const title = panel.node.querySelector(`[data-crc-question="${CSS.escape(question)}"] h3`);
      if (title instanceof HTMLElement) {
        title.tabIndex = -1;
        title.scrollIntoView({ block: "start" });
        title.focus({ preventScroll: true });
        return;
      }
      await new Promise(resolve => setTimeout(resolve, 250));
    }
  }

  /** One page further. @param {Panel} panel @param {number} way 1 or -1 */
  const step = ({ context }, way) => open(activities[activities.indexOf(read(context).activite) + way]);

  function home() {
    const shown = tracker.currentWidget;
    if (shown && read(shown.context).activite === welcome()) shown.content.node.scrollTo({ top: 0 });
    else open(welcome());
  }

  /** Nothing is open: the welcome page of the folder shown, or of the last page. */
  async function homeAgain() {
    if (top === null) {
      top = "";
      activities = await activitiesIn(top);
    }
    if (!tracker.currentWidget && welcome()) await open(welcome());
  }

  /* ---- The browser's address ----------------------------------------------------------------------------------- */
  // JupyterLab names the page in its address, but forgets to when it shows again those of the last time; JupyterLite never does.
  const file = () => (inBrowserAlone
    ? new URLSearchParams(location.search).get("path")
    : /\/tree\/(.+)$/.exec(decodeURIComponent(location.pathname))?.[1]) || "";
  const named = () => (file().endsWith(".ipynb") ? file() : "");

  /** The address of a page that has just come in front, when nobody else gives it. @param {Panel} panel */
  function nameInAddress({ context }) {
    setTimeout(() => {
      const { path } = context;
      if (tracker.currentWidget?.context !== context || named() === path) return;
      const address = new URL(location.href);
      if (inBrowserAlone) address.searchParams.set("path", path);
      else address.pathname = `${address.pathname.replace(/\/(?:tree\/.*)?$/, "")}/tree/${path.split("/").map(encodeURIComponent).join("/")}`;
      if (named()) history.pushState(null, "", address); else history.replaceState(null, "", address);
    }, LATER);
  }

  // Back and Forward show the page of their address, and make no other entry in the history.
  const push = history.pushState.bind(history);
  history.pushState = (data, title, url) => {
    const same = url && new URL(url, location.href).href === location.href;
    if (same) history.replaceState(data, title, url); else push(data, title, url);
  };
  window.addEventListener("popstate", () => {
    const path = named();
    if (path && top !== null) goTo(path);
  });

  /* ---- What the cards ask -------------------------------------------------------------------------------------- */
  document.addEventListener("crc-parcours", event => {
    const { detail } = /** @type {CustomEvent} */ (event);
    order = detail.ordre || [];
    inOrder(activities);
  });
  document.addEventListener("crc-ouvrir", event => {
    const { detail } = /** @type {CustomEvent} */ (event);
    const { activite, fichier, q } = detail;
    detail.ok = true;
    if (!fichier) open(activite, q);
    else if (/^[^/]+\/[^/]+\.ipynb$/.test(fichier) && !fichier.startsWith("..")) show([top, fichier].filter(Boolean).join("/"), q);
  });
  /** The server is the workbook's own. @param {SettingRegistry | null} settings */
  const isWorkbook = async settings => Boolean((await settings?.load("crc-lab:plugin"))?.composite.accueil);

  /** The data file whose address was typed, if any. */
  let typed = "";

  /** Before JupyterLab reads its address: it would show the table of a data file, and its list of files, in English. @param {SettingRegistry | null} settings */
  async function takeAddress(settings) {
    if (!isData(file()) || !await isWorkbook(settings)) return;
    typed = file();
    const address = new URL(location.href);
    if (inBrowserAlone) address.searchParams.delete("path"); else address.pathname = address.pathname.replace(/\/tree\/.*$/, "");
    history.replaceState(null, "", address);
    PageConfig.setOption("treePath", "");
  }

  /** A data file is downloaded, as where a link leads to it. @param {string} path */
  async function downloadInstead(path) {
    if (!await contents.get(path, { content: false }).then(() => true, () => false)) return;
    await handOver(await contents.getDownloadUrl(path), path);
    Notification.info(`« ${path.split("/").pop()} » est téléchargé : ouvrez-le avec votre tableur.`, { autoClose: 8000 });
  }

  /** The address names no page, or one that is missing or damaged. What JupyterLab shows in between is behind a curtain. @param {SettingRegistry | null} settings */
  async function begin(settings) {
    if (!await isWorkbook(settings)) return;
    const raise = curtain(), asked = named();
    const there = (/** @type {string} */ path) => {
      const context = tracker.currentWidget?.context;
      return Boolean(context?.isReady && (!path || context.path === path) && (!isOurs(context) || document.body.classList.contains("crc-cahier")));
    };
    /** @param {string} path */
    async function comes(path) {
      const limit = Date.now() + MISSING;
      while (!there(path) && Date.now() < limit) await new Promise(resolve => setTimeout(resolve, 50));
    }
    try {
      await app.restored;
      if (typed) await downloadInstead(typed);
      if (asked && await contents.get(asked, { content: false }).then(() => true, () => false)) await comes(asked);
      if ([...shell.widgets("main")].every(({ id }) => id.startsWith("launcher"))) await homeAgain();
      await comes("");
    } finally {
      raise();
    }
  }

  return { around, begin, takeAddress, goTo, step, home, homeAgain, nameInAddress };
}
