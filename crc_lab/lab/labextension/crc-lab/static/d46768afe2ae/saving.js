/* From the notebook in memory to the file on disk: soon after each answer, one save after the other, failures said aloud. */
import { fileName, isOurs, merge, read } from "./answers.js";
import { forget, hearOthers, keep, recover } from "./journal.js";
import { inBrowserAlone } from "./place.js";

const DELAY = 1500;
const LONGEST = 2000;  // who types without a pause is saved as often as that
const RETRY_DELAYS = [5000, 10000, 20000, 60000];
const MAX_LAST_REQUEST = 60000;  // bytes; browsers refuse more from a page that is being closed
const READ_ONLY = "est en lecture seule : vos réponses ne sont pas enregistrées. Rendez ce fichier modifiable, ou travaillez sur une copie.";
const FAILED = "n’est pas enregistré. Laissez cette page ouverte : un nouvel essai aura lieu dans quelques secondes. Si le cahier a été arrêté, relancez-le.";

const LOOKS = 2;
/** What JupyterLab lets pass without a word: its name is that of a dialog that was cancelled. */
const MEANWHILE = Object.assign(new Error("The file was saved elsewhere meanwhile."), { name: "ModalCancelError" });

/** The cells of a notebook, without their outputs, as one text. @param {Json} notebook */
const cellsOf = notebook => JSON.stringify(notebook.cells.map(
  (/** @type {Json} */ { cell_type, source }) => [cell_type, [source].flat().join("")],
));

/** @param {Lab} lab */
export function makeSaving({ app, Notification, ServerConnection }) {
  const { contents } = app.serviceManager;
  const files = /** @type {Map<NotebookContext, OpenFile>} */ (new Map());

  /** What is known of an open file, which is watched from now on. @param {NotebookContext} context */
  function fileOf(context) {
    const known = files.get(context);
    if (known) return known;
    /** @type {OpenFile} */
    const file = { context, waiting: [], timer: 0, since: 0, failures: 0, banner: null, rescued: false, last: Promise.resolve(), asks: true, cells: cellsOf(context.model.toJSON()) };
    files.set(context, file);
    context.disposed.connect(() => { settle(file, [], true); clearTimeout(file.timer); files.delete(context); });
    const native = context.save.bind(context);
    // JupyterLab lets two saves overlap, and the second then finds that the file has changed: one after the other.
    context.save = () => (file.last = file.last.catch(() => {}).then(() => save(file, native)));
    const ask = context._raiseConflict?.bind(context);  // JupyterLab's own: were it renamed, it would ask at once
    if (ask) context._raiseConflict = (...about) => (file.asks ? ask(...about) : Promise.reject(MEANWHILE));
    // « Rétablir au point de contrôle », « Recharger depuis le disque »: the cells come back, no answer goes.
    const revert = context.revert.bind(context);
    context.revert = async () => {
      const before = read(context);
      await revert();
      if (merge(context, before)) arrived(file);
    };
    if (recover(context)) arrived(file);
    return file;
  }

  /** Until no save is under way or to come: a notebook that is closed before is said, in a dialog, not to be saved. @param {NotebookContext} context */
  async function saved(context) {
    const last = files.get(context)?.last;
    await last?.catch(() => {});
    if (last !== files.get(context)?.last) await saved(context);
  }

  /** Answers came into the notebook from elsewhere: save them, and let the cards show them. @param {OpenFile} file */
  function arrived({ context }) {
    later(context, { element: document.body, q: null, date: null });
    document.dispatchEvent(new CustomEvent("crc-fusion"));
  }

  /** An answer was just given in this notebook: save it soon, and tell its card. @param {NotebookContext} context @param {Answer} answer */
  function later(context, answer) {
    const file = fileOf(context);
    file.waiting = file.waiting.filter(({ element, q }) => element !== answer.element || q !== answer.q);
    file.waiting.push(answer);
    if (answer.date) keep(context, answer.q);
    file.rescued = false;
    file.since ||= Date.now();
    schedule(file, Math.max(0, Math.min(DELAY, file.since + LONGEST - Date.now())));
  }

  /** @param {OpenFile} file @param {number} delay */
  function schedule(file, delay) {
    clearTimeout(file.timer);
    file.timer = setTimeout(() => flush(file), delay);
  }

  /** @param {OpenFile} file */
  function flush(file) {
    clearTimeout(file.timer);
    if (!file.context.isDisposed && file.waiting.length) file.context.save().catch(() => {});
  }

  /** @param {OpenFile} file @param {() => Promise<void>} native */
  async function save(file, native) {
    const { context } = file;
    if (context.isDisposed) return;
    const told = [...file.waiting];
    file.since = 0;
    const before = read(context);
    const cells = cellsOf(context.model.toJSON());
    if (isReadOnly(context)) { settle(file, told, false, READ_ONLY); return; }
    try {
      await write(file, cells, native);
      file.cells = cellsOf(context.model.toJSON());
    } catch (error) {
      settle(file, told, false, FAILED);
      if (file.waiting.length) schedule(file, RETRY_DELAYS[Math.min(file.failures++, RETRY_DELAYS.length - 1)]);
      throw error;
    }
    settle(file, told, true);
    if (!context.isDisposed) forget(context, before);
    // The person may have been asked and have chosen the version on disk: the answers just given are put back.
    if (!context.isDisposed && merge(context, before)) arrived(file);
  }

  /** Another window may save between our look at the file and JupyterLab's: look again, before anybody is asked. @param {OpenFile} file @param {string} cells @param {() => Promise<void>} native */
  async function write(file, cells, native) {
    for (let left = LOOKS; ; left--) {
      await acknowledge(file, cells);
      file.asks = left === 0;
      try {
        return await native();
      } catch (error) {
        if (error !== MEANWHILE) throw error;
      } finally {
        file.asks = true;
      }
    }
  }

  const isReadOnly = (/** @type {NotebookContext} */ context) => Boolean(context.contentsModel && context.contentsModel.writable === false);

  /** The same notebook may have been saved from another window: put its answers and ours together. @param {OpenFile} file @param {string} cells */
  async function acknowledge({ context, cells: knownCells }, cells) {
    const known = context.contentsModel;
    const mark = inBrowserAlone ? "last_modified" : "hash";  // JupyterLite has no hash
    let disk;
    try {
      disk = await contents.get(context.path, { content: false, hash: true });
      if (!known?.[mark] || !disk[mark] || disk[mark] === known[mark] || !isOurs(context)) return;
      disk = await contents.get(context.path, { type: "notebook", format: "json", content: true, hash: true });
    } catch (error) {
      if (/** @type {Json} */ (error).response?.status === 404) return;  // deleted: saving creates it again
      throw error;
    }
    const theirs = disk.content.metadata.crc_lab || {};
    if (theirs.activite !== read(context).activite) return;
    if (merge(context, theirs)) {
      document.dispatchEvent(new CustomEvent("crc-fusion"));
      Notification.info("Ce carnet est ouvert à deux endroits : les réponses ont été réunies. Fermez l’un des deux.", { autoClose: 10000 });
    }
    // Cells changed elsewhere: JupyterLab asks which to keep. Else the version on disk counts as seen (by a method that is
    // JupyterLab's own; were it renamed, JupyterLab would ask as well).
    if ([cells, knownCells].includes(cellsOf(disk.content)) && context._updateContentsModel) context._updateContentsModel(disk);
  }

  /** Tell the cards; on failure their answers stay in the queue, and a banner says why until a save succeeds. @param {OpenFile} file @param {Answer[]} told @param {boolean} ok @param {string} [problem] */
  function settle(file, told, ok, problem) {
    if (ok) file.waiting = file.waiting.filter(answer => !told.includes(answer));
    for (const { element, q, date } of told) element.dispatchEvent(new CustomEvent("crc-enregistre", { detail: { q, ok, date } }));
    if (ok) {
      if (file.banner) file.banner.remove();
      Object.assign(file, { failures: 0, banner: null });
    } else if (!file.banner) {
      file.banner = showBanner(`« ${fileName(file.context)} » ${problem}`);
    }
  }

  /** JupyterLab's own notifications cut long texts, and cannot be shown once the server is gone. @param {string} text */
  function showBanner(text) {
    const banner = document.createElement("div");
    banner.className = "crc-bandeau";
    banner.setAttribute("role", "alert");
    banner.textContent = text;
    document.body.append(banner);
    return banner;
  }

  /** The cards hand over what is being typed. */
  const gather = () => { document.dispatchEvent(new CustomEvent("crc-garder")); };

  /** The page is being closed: one request that outlives it, with what is not on disk yet. @param {OpenFile} file */
  function rescue(file) {
    const { context } = file;
    if (inBrowserAlone || !file.waiting.length || file.rescued || isReadOnly(context)) return;  // the journal has them
    file.rescued = true;
    const content = context.model.toJSON();
    const bodyOf = () => new Blob([JSON.stringify({ type: "notebook", format: "json", content })], { type: "application/json" });
    let body = bodyOf();
    if (body.size > MAX_LAST_REQUEST) {
      for (const cell of content.cells) if (cell.outputs) cell.outputs = [];  // the next opening makes them again
      body = bodyOf();
    }
    const { serverSettings } = app.serviceManager;
    const url = `${serverSettings.baseUrl}api/contents/${context.path.split("/").map(encodeURIComponent).join("/")}`;
    const request = { method: "PUT", body, keepalive: body.size <= MAX_LAST_REQUEST };
    ServerConnection.makeRequest(url, request, serverSettings).catch(() => {});
  }

  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") { gather(); files.forEach(flush); } });
  for (const end of ["beforeunload", "pagehide"]) window.addEventListener(end, () => { gather(); files.forEach(rescue); });
  hearOthers(isOf => files.forEach(({ context }) => {
    if (isOf(context) && recover(context)) document.dispatchEvent(new CustomEvent("crc-fusion"));
  }));
  return { fileOf, later, saved };
}
