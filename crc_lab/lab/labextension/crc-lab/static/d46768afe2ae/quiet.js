/* What JupyterLab would do of a key, of the right button and of a link, where the page is kept simple: nothing that a person
 * has not asked for. */
import { handOver, isData } from "./dom.js";

/** Where the link of a text leads in the workbook; "" elsewhere. @param {HTMLAnchorElement} link */
function pathOf({ dataset: { commandlinkerArgs }, pathname }) {
  try {
    return JSON.parse(commandlinkerArgs || "{}").path || decodeURIComponent(pathname);
  } catch {
    return "";
  }
}

/** @param {Lab["app"]["commands"]} commands @param {{ isSimple(): boolean, hasCode(): boolean, save(): unknown, goTo(path: string): unknown }} page `hasCode`: the code is shown */
export function keepQuiet(commands, { isSimple, hasCode, save, goTo }) {
  const isSave = (/** @type {KeyboardEvent} */ { ctrlKey, metaKey, shiftKey, altKey, key }) => (ctrlKey || metaKey) && !shiftKey && !altKey && key.toLowerCase() === "s";
  // Of JupyterLab's shortcuts, those that run code where it is shown, and that save; the browser's are all there.
  const isForCode = (/** @type {KeyboardEvent} */ { key }) => hasCode() && ["Enter", "Escape", "Tab"].includes(key);
  const process = commands.processKeydownEvent.bind(commands);
  commands.processKeydownEvent = event => { if (!isSimple() || isForCode(event)) process(event); };
  window.addEventListener("keydown", event => {
    if (!isSimple() || !isSave(event)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!event.repeat) save();
  }, { capture: true });
  // The menu of the right button is the browser's own: paste, spelling.
  document.body.addEventListener("contextmenu", event => { if (isSimple()) event.stopPropagation(); });
  // A data file is downloaded: opened here, it would be a table that nobody can use. A notebook takes the place of this one.
  window.addEventListener("click", event => {
    const link = event.target instanceof Element && event.target.closest(".crc-eleve a");
    if (!isSimple() || !(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const path = pathOf(link);
    const isPage = path.endsWith(".ipynb") && Boolean(link.dataset.commandlinkerArgs);
    if (!isData(path) && !isPage) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (isPage) goTo(path); else handOver(link.href, path);
  }, { capture: true });
}
