/* What happens when a notebook of the workbook is opened: its cards appear, its code is hidden; and two buttons. */
import { handOver } from "./alone.js";
import { giveName, isOurs, read, serve } from "./answers.js";
import { makeBar, STYLE as BAR_STYLE } from "./bar.js";
import { watchElsewhere } from "./elsewhere.js";
import { speakFrench } from "./french.js";
import { watchHidden } from "./hidden.js";
import { listens, STYLE as PATIENCE_STYLE, watchStart } from "./patience.js";
import { inBrowserAlone } from "./place.js";
import { isModule, isProtected, isSafe } from "./rules.js";
import { makeSaving } from "./saving.js";

const STYLE = `
  .crc-eleve .jp-CodeCell .jp-Cell-inputWrapper, .crc-eleve .jp-InputPrompt, .crc-eleve .jp-OutputPrompt,
  .crc-eleve .jp-cell-toolbar, .crc-eleve .jp-Notebook-footer { display: none !important; }
  /* a click on these would fold a card away */
  .crc-eleve .jp-OutputArea-promptOverlay { display: none; }
  .crc-eleve .jp-Collapser { visibility: hidden; }
  .crc-eleve .jp-mod-active .jp-MarkdownOutput { border-color: transparent; }
  .crc-eleve .jp-Notebook.jp-mod-commandMode .jp-Cell.jp-mod-active:focus-visible {
    box-shadow: -3px 0 0 0 var(--jp-border-color1); }
  .crc-eleve .jp-MarkdownCell .jp-RenderedMarkdown { max-width: 920px; }  /* the width of the cards */
  .crc-eleve .crc-attente .jp-Cell-outputWrapper { display: none; }
  .crc-eleve .crc-attente::after { content: "Préparation de la question…"; display: block; padding: 12px;
    color: var(--jp-ui-font-color2); font-family: var(--jp-ui-font-family); }
  .crc-retrouver { padding: 4px 12px; color: var(--jp-ui-font-color2); font-family: var(--jp-ui-font-family); }
  .crc-retrouver button { padding: 6px 14px; border: 1px solid currentcolor; border-radius: 6px; background: none; color: inherit; font: inherit; cursor: pointer; }
  .crc-masquee .jp-Cell-outputWrapper { display: none; }
  .crc-ailleurs { position: absolute; inset: 0; z-index: 100; padding: 25vh 16px 0; text-align: center; font-size: 18px;
    background: color-mix(in srgb, var(--jp-layout-color1) 88%, transparent); color: var(--jp-ui-font-color1); }
  .crc-ailleurs button { padding: 8px 20px; border: 0; border-radius: 6px; font: inherit; cursor: pointer;
    background: var(--jp-brand-color1); color: var(--jp-ui-inverse-font-color1); }
  .crc-bandeau { position: fixed; bottom: 16px; left: 50%; transform: translateX(-50%); z-index: 10000; width: max-content;
    max-width: min(640px, 90vw); padding: 12px 16px; border-left: 5px solid var(--jp-error-color1);
    background: var(--jp-layout-color1); color: var(--jp-ui-font-color1); box-shadow: var(--jp-elevation-z6);
    font-family: var(--jp-ui-font-family); font-size: var(--jp-ui-font-size2); }`;
/* anywidget gives the code of a card two seconds to start (AbortSignal.timeout in its Runtime); after that the card is
   shown but never hears from Python again. A slow computer that opens thirty cards needs more. */
const ANYWIDGET_LIMIT = 2000, PATIENCE = 120_000;
const RELAUNCH = "crc-lab:tout-relancer";
const SHOW_CODE = "crc-lab:afficher-code";

function givePatience() {
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  AbortSignal.timeout = delay => timeout(delay === ANYWIDGET_LIMIT ? PATIENCE : delay);
}

/** JupyterLab goes on when what is given back is settled. @param {Lab} lab */
export function activate(lab) {
  givePatience();
  speakFrench(lab);
  const { app, tracker, executor, Notification, fastForwardIcon, codeIcon } = lab;
  const { commands, shell } = app;
  const { contents, kernels } = app.serviceManager;
  const { fileOf, later, saved } = makeSaving(lab);
  const bar = makeBar(lab, { relaunch: () => commands.execute(RELAUNCH), toggleCode: () => commands.execute(SHOW_CODE), saved });
  const opened = new WeakSet();
  const runs = new WeakMap();

  /* ---- Running ------------------------------------------------------------------------------------------------ */
  const sourceOf = (/** @type {Cell} */ cell) => cell.model.sharedModel.getSource();
  const codeCells = (/** @type {Panel} */ { content }) => content.widgets.filter(cell => cell.model.type === "code" && sourceOf(cell).trim());
  const kernelOf = (/** @type {Panel} */ { sessionContext }) => sessionContext.session && sessionContext.session.kernel;

  const isOwn = (/** @type {Cell} */ cell) => isSafe(sourceOf(cell));
  /** Say in the place of each cell that its card is on its way. @param {Cell[]} cells */
  const announce = cells => cells.forEach(cell => cell.addClass("crc-attente"));
  const silence = (/** @type {Cell[]} */ cells) => cells.forEach(cell => cell.removeClass("crc-attente"));

  /** Wait (30 s at most) until the kernel listens: one that just died or was restarted may still be on its way. @param {Panel} panel */
  async function listening(panel) {
    for (let tries = 0; tries < 120 && !panel.isDisposed; tries++) {
      if (listens(panel)) return;
      await new Promise(resolve => setTimeout(resolve, 250));
    }
  }

  /** Whether the cell was sent to its end; an error stays in its output. @param {Panel} panel @param {Cell} cell */
  const runCell = ({ content, sessionContext }, cell) => executor.runCell({
    cell, notebook: content.model, notebookConfig: content.notebookConfig, sessionContext,
    onCellExecuted: () => {}, onCellExecutionScheduled: () => {},
  }).catch(() => true);

  /** Run the cells one after the other; an error in one stops nothing else. @param {Panel} panel @param {Cell[]} cells */
  async function run(panel, cells) {
    const thisRun = {};
    runs.set(panel, thisRun);  // a later run takes the place of this one
    announce(cells.filter(isOwn));
    await listening(panel);
    if (inBrowserAlone) await handOver(panel);
    for (const cell of cells) {
      if (panel.isDisposed || runs.get(panel) !== thisRun) return;
      if (!await runCell(panel, cell)) {  // the kernel went away meanwhile
        await listening(panel);
        await runCell(panel, cell);
      }
      silence([cell]);
    }
  }

  /** Whether the server knows nothing of the kernel any more, whatever the page believes; false when it does not answer. @param {Kernel} kernel */
  async function isLost(kernel) {
    await kernels.refreshRunning().catch(() => {});
    return ![...kernels.running()].some(({ id }) => id === kernel.id);
  }

  /** A kernel that has just begun: the same restarted, or another one in the place of one that is dead or lost. @param {Panel} panel @param {Kernel | null} kernel */
  async function freshKernel({ sessionContext }, kernel) {
    if (kernel && kernel.status !== "dead" && !await isLost(kernel)) {
      if (["autorestarting", "restarting", "starting", "unknown"].includes(kernel.status)) return;  // it is new
      try {
        await sessionContext.restartKernel();
        return;
      } catch (error) {
        console.warn("crc-lab :", error);
      }
    }
    await sessionContext.shutdown().catch(() => {});  // the server may have lost the session too
    await sessionContext.changeKernel({ name: (kernel && kernel.name) || sessionContext.prevKernelName || "python3" });
  }

  /** @param {Panel} panel */
  async function relaunch(panel) {
    runs.delete(panel);
    await freshKernel(panel, kernelOf(panel));
    await run(panel, codeCells(panel));
  }

  /** Go on in this page with a notebook that was opened elsewhere meanwhile: its answers, its kernel if it is still there. @param {Panel} panel */
  async function resume(panel) {
    await panel.context.save().catch(() => {});  // takes the answers given there
    const kernel = kernelOf(panel);
    if (!kernel || kernel.status === "dead" || await isLost(kernel)) await freshKernel(panel, kernel);
    await run(panel, codeCells(panel).filter(isOwn));
  }

  /** The name of something, in the notebook's folder, that Python could import in place of a library; else "". @param {string} path */
  async function shadow(path) {
    /** @type {(folder: string) => Promise<{ name: string, path: string, type: string }[]>} */
    const listing = async folder => (await contents.get(folder, { content: true })).content;
    for (const { name, path: inside, type } of await listing(path.split("/").slice(0, -1).join("/"))) {
      if (type !== "directory" ? isModule(name) : (await listing(inside)).some(file => isModule(file.name))) return name;
    }
    return "";
  }

  /** @param {Panel} panel */
  async function open(panel) {
    const { context, sessionContext } = panel;
    await context.ready;
    if (!isOurs(context)) return;
    fileOf(context);
    watchElsewhere(panel, () => resume(panel));
    watchStart(panel, () => relaunch(panel));
    const { mode, autorun } = read(context);
    const forBeginners = mode === "eleve";
    showCode(panel, !forBeginners);
    if (forBeginners) {
      makeRoom();
      // JupyterLab calls it a feed, which it is not, and in English.
      const cellsNode = panel.node.querySelector(".jp-WindowedPanel-viewport");
      cellsNode?.setAttribute("role", "group");
      cellsNode?.setAttribute("aria-label", "Le carnet");
      // On disk before the first answer: what the browser keeps of it then finds its notebook again.
      if (context.canSave && giveName(context)) context.save().catch(() => {});
    }
    const cells = codeCells(panel);
    const own = cells.filter(isOwn);
    const mayRun = autorun !== false && !opened.has(context);  // a second view of the same notebook runs nothing again
    opened.add(context);
    if (mayRun) {
      announce(own);
      own.forEach(cell => cell.model.clearExecution());  // cards of a kernel that is gone
    }
    bar.show();
    await panel.revealed;
    refreshButtons();
    await sessionContext.ready;
    const spec = await kernelOf(panel)?.spec;
    if (!mayRun) return;
    if (!spec || spec.language !== "python") { silence(own); return; }
    // JupyterLab shows the first 140 characters of a notification.
    const invite = (/** @type {string} */ text) => Notification.info(text, {
      autoClose: false, actions: [{ label: "Tout relancer", callback: () => relaunch(panel) }],
    });
    if (!inBrowserAlone && !isProtected(spec)) {  // a browser holds nothing of the computer's
      silence(own);
      invite("Rien n’a été lancé : hors de « crc-lab ouvrir », le carnet d’autrui peut lancer un programme caché. S’il est à vous : « Tout relancer ».");
      return;
    }
    const culprit = await shadow(context.path).catch(() => "?");
    if (culprit) {
      silence(own);
      invite(`Rien n’a été lancé : « ${culprit.slice(0, 24)} » est à côté de ce carnet et pourrait lire vos fichiers. Ne relancez que s’il est de vous.`);
      return;
    }
    await run(panel, own);
    bar.again();
    followWidths(panel);
    watchHidden(panel, own, cell => run(panel, [cell]));
    if (context.model.dirty && context.canSave) context.save().catch(() => {});  // or leaving would ask for a confirmation
    if (own.length < cells.length) {
      invite("Du code ajouté n’a pas été lancé : il pourrait lire ou effacer vos fichiers (notes, copies). Carnet d’un élève : ne le relancez pas.");
    }
  }

  /** A text wider than the page, for a table that it holds, is scrolled by keys too. @param {Panel} panel */
  function followWidths({ node }) {
    const observer = new ResizeObserver(entries => {
      for (const { target } of entries) {
        if (target.scrollWidth > target.clientWidth) target.setAttribute("tabindex", "0"); else target.removeAttribute("tabindex");
      }
    });
    for (const text of node.querySelectorAll(".jp-MarkdownOutput")) observer.observe(text);
  }

  /* ---- Beginner mode and buttons ------------------------------------------------------------------------------ */
  /** @param {Panel} panel @param {boolean} shown */
  function showCode(panel, shown) {
    panel.toggleClass("crc-eleve", !shown);
    for (const cell of panel.content.widgets) {
      cell.readOnly = !shown || cell.model.getMetadata("editable") === false;
      if (cell.model.type === "code") cell.inputHidden = !shown;
    }
    refreshButtons();
    if (tracker.currentWidget === panel) bar.show();
  }

  /** Fold the file list away, once: the width is for the cards, and its icon stays in sight. */
  let roomMade = false;
  function makeRoom() {
    if (!roomMade) app.restored.then(() => shell.collapseLeft?.());
    roomMade = true;
  }

  const refreshButtons = () => [RELAUNCH, SHOW_CODE].forEach(id => commands.notifyCommandChanged(id));
  const isCurrent = (/** @type {(panel: Panel) => boolean} */ test) => Boolean(tracker.currentWidget?.context.isReady && test(tracker.currentWidget));
  commands.addCommand(RELAUNCH, {
    label: "Tout relancer",
    caption: "Redémarrer Python et relancer toutes les cellules (vos réponses sont conservées)",
    icon: fastForwardIcon,
    isVisible: () => isCurrent(panel => isOurs(panel.context)),
    execute: () => tracker.currentWidget && relaunch(tracker.currentWidget),
  });
  commands.addCommand(SHOW_CODE, {
    label: () => (isCurrent(panel => panel.hasClass("crc-eleve")) ? "Afficher le code" : "Masquer le code"),
    caption: () => (isCurrent(panel => panel.hasClass("crc-eleve")) ? "Afficher le code" : "Masquer le code"),
    icon: codeIcon,
    isVisible: () => isCurrent(panel => read(panel.context).mode === "eleve"),
    execute: () => tracker.currentWidget && showCode(tracker.currentWidget, tracker.currentWidget.hasClass("crc-eleve")),
  });

  /* ---- Start -------------------------------------------------------------------------------------------------- */
  const style = document.createElement("style");
  style.textContent = STYLE + BAR_STYLE + PATIENCE_STYLE;
  document.head.append(style);
  app.restored.then(() => { if (![...shell.widgets("right")].length) shell.collapseRight?.(); });
  serve(tracker, later);
  tracker.currentChanged.connect(refreshButtons);
  const watch = (/** @type {Panel} */ panel) => open(panel).catch(error => {
    silence(panel.content.widgets);
    console.warn("crc-lab :", error);
  });
  tracker.forEach(watch);
  tracker.widgetAdded.connect((_, panel) => { watch(panel); });
  return bar.ready;
}
