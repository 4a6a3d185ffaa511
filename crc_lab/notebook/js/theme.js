// Light or dark: JupyterLab says it on the body; elsewhere (VS Code, a plain page) the system does.

/** Returns what stops it. @param {HTMLElement} root */
export function followTheme(root) {
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
