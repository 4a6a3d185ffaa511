// What every card shares: its place in the page, the theme, its keys, its voice, its end.
import { h, fill, makeSpeaker } from "./dom.js";
import { whenConnected } from "./notebook.js";
import { afterClick } from "./press.js";
import { T } from "./texts.js";

/**
 * A card for anywidget. `start(shell)` builds it, and may return what keeps at once what is being typed: called before the
 * notebook is saved, when the page goes and when the card does.
 * @param {(shell: Shell) => void | (() => void)} start
 */
export function makeCard(start) {
  /** @type {Render} */
  function render({ model, el }) {
    let end = begin(model, el);
    // The same card with another question, or another way to answer it (a mock exam): what was typed is stored by then.
    const again = () => {
      end(true);
      end = begin(model, el);
    };
    let there = true;
    const replaced = () => afterClick(() => { if (there) again(); });
    model.on("change:question", replaced);
    return () => {
      there = false;
      model.off("change:question", replaced);
      end();
    };
  }

  /** @param {Model} model @param {HTMLElement} el */
  function begin(model, el) {
    const root = h("div", { class: "crc", lang: "fr" });
    const speaker = makeSpeaker();
    const ends = [followTheme(root)];
    let alive = true;
    let flush = () => {};
    const hide = () => flush();
    el.append(root);
    keepKeys(root, hide);
    window.addEventListener("pagehide", hide);
    document.addEventListener("crc-garder", hide); // the plugin writes what it has when the page goes: this comes first
    try {
      flush = start({
        model, root,
        say: speaker.say,
        isAlive: () => alive,
        atEnd: (action) => { ends.push(action); },
        follow(traits) {
          const ifAlive = (/** @type {() => void} */ listener) => { if (alive) listener(); };
          for (const [name, listener] of Object.entries(traits)) {
            const told = () => afterClick(() => ifAlive(listener));
            model.on(`change:${name}`, told);
            ends.push(() => model.off(`change:${name}`, told));
          }
        },
        whenShown: (action) => { whenConnected(root).then(() => { if (alive) action(); }); },
      }) || flush;
    } catch (error) {
      console.error("crc-lab:", error);
      root.append(h("p", { class: "alerte", role: "alert", text: fill(T.brokenCard, { error: error instanceof Error ? error.message : String(error) }) }));
    }
    root.append(speaker.node);
    return (replaced = false) => {
      if (!replaced) flush();
      alive = false;
      window.removeEventListener("pagehide", hide);
      document.removeEventListener("crc-garder", hide);
      for (const end of ends) end();
      if (replaced) root.remove();
    };
  }
  return { render };
}

/** Light or dark: JupyterLab says it on the body; elsewhere (VS Code, a plain page) the system does. @param {HTMLElement} root */
function followTheme(root) {
  const media = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const light = document.body.dataset.jpThemeLight;
    const vscode = document.body.dataset.vscodeThemeKind;
    const dark = light ? light === "false" : vscode ? /dark|contrast$/.test(vscode) : media.matches;
    root.dataset.theme = dark ? "sombre" : "clair";
  };
  const observer = new MutationObserver(apply);
  observer.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-vscode-theme-kind"] });
  media.addEventListener("change", apply);
  apply();
  return () => {
    observer.disconnect();
    media.removeEventListener("change", apply);
  };
}

/**
 * Keys typed in a card belong to the card: JupyterLab must not see them (d d would delete the cell), but Ctrl+S saves.
 * `before`: called on Ctrl+S, so that what is being typed is in the file that is saved.
 * @param {HTMLElement} root @param {() => void} before
 */
function keepKeys(root, before) {
  root.dataset.lmSuppressShortcuts = "true";
  root.addEventListener("keydown", (event) => {
    event.stopPropagation();
    const saves = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "s";
    if (!saves || event.repeat) return;
    before();
    // The attribute above also hides Ctrl+S from JupyterLab: hand it over from outside the card.
    const copy = new KeyboardEvent("keydown", {
      key: event.key, code: event.code, keyCode: event.keyCode, which: event.which, ctrlKey: event.ctrlKey,
      metaKey: event.metaKey, bubbles: true, cancelable: true, composed: true,
    });
    if (root.parentElement && !root.parentElement.dispatchEvent(copy)) event.preventDefault();
  });
  for (const type of ["keyup", "keypress", "copy", "cut", "paste"]) {
    root.addEventListener(type, (event) => event.stopPropagation());
  }
}
