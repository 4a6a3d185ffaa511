/* Where the workbook is: behind a Jupyter server, or in a browser alone (JupyterLite), with nobody else to keep anything. */
export const inBrowserAlone = Boolean(document.querySelector("[data-jupyter-lite-root]"));
