// Keys typed in a card belong to the card. JupyterLab must not see them (d d would delete the cell), but Ctrl+S saves.

const SAVE = (/** @type {KeyboardEvent} */ event) => (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "s";

/** `before`: called on Ctrl+S, so that what is being typed is in the file that is saved. @param {HTMLElement} root @param {() => void} before */
export function keepKeys(root, before) {
  root.dataset.lmSuppressShortcuts = "true";
  root.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (!SAVE(event) || event.repeat) return;
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
