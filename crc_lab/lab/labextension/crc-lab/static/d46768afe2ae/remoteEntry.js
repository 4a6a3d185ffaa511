/* The JupyterLab plugin of crc-lab: a module federation container written by hand, with no build step.
 *
 * plugin.js    what happens when a notebook is opened, beginner mode, buttons
 * answers.js   the answers of the cards, kept in the notebook's own metadata (`metadata.crc_lab`)
 * saving.js    … and on disk
 * journal.js   … and in the browser, until they are
 * elsewhere.js the same notebook opened in another tab
 * bar.js       the bar above a notebook, in the place of JupyterLab's menus (its pieces: dom.js)
 * pages.js     … from page to page, Back and Forward
 * places.js    … which activity is where, whatever its folder is called
 * display.js   … theme, size of the text, font
 * quiet.js     … keys, right button and links, which JupyterLab would take for its own
 * french.js    what JupyterLab would say in English
 * alone.js     in a browser alone: what Python is told of the notebooks
 * reminder.js  … and the person, of the copies to download
 * patience.js  Python that does not start
 * place.js     behind a server, or in a browser alone
 * hidden.js    a card that was folded away or wiped off, and the way back
 * rules.js     which cells may run without being asked
 *
 * Browsers keep scripts: the name of this folder is the hash of its content. After an edit, run
 * `python tools/plugin.py` (tests/test_labextension.py checks it). */
(() => {
  "use strict";
  const here = /** @type {HTMLScriptElement} */ (document.currentScript).src;
  /** @type {Record<string, Record<string, { loaded?: unknown, get(): Promise<() => Record<string, any>> }>>} */
  let scope = {};

  /** A module of JupyterLab itself: the copy that is already loaded, when there are several. @param {string} name */
  async function shared(name) {
    const versions = Object.values(scope[name] || {});
    return (await (versions.find(version => version.loaded) || versions[0]).get())();
  }

  async function extension() {
    const names = ["notebook", "apputils", "services", "ui-components", "settingregistry", "translation", "coreutils"].map(name => `@jupyterlab/${name}`);
    const [notebook, apputils, services, icons, { ISettingRegistry }, translation, { PageConfig }, { Widget }] = await Promise.all([...names, "@lumino/widgets"].map(shared));
    const { activate } = /** @type {typeof import("./plugin.js")} */ (await import(new URL("./plugin.js", here).href));
    return { __esModule: true, default: [{
      id: "crc-lab:plugin",
      autoStart: true,
      requires: [notebook.INotebookTracker, notebook.INotebookCellExecutor],
      optional: [ISettingRegistry, translation.ITranslator],
      /** @param {any} app @param {any} tracker @param {any} executor @param {any} settings @param {any} translator */
      activate: (app, tracker, executor, settings, translator) =>
        activate(/** @type {any} */ ({ app, tracker, executor, settings, translator, nullTranslator: translation.nullTranslator, ...apputils, ...services, ...icons, Widget, PageConfig })),
    }] };
  }

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB["crc-lab"] = {
    init: (/** @type {typeof scope} */ given) => { scope = given; },
    get: async () => { const loaded = await extension(); return () => loaded; },
  };
})();
