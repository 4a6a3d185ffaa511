/* Where the workbook is: behind a Jupyter server, or in a browser alone (JupyterLite), with nobody else to keep anything. */
const config = document.getElementById("jupyter-config-data");

export const inBrowserAlone = Boolean(config?.dataset.jupyterLiteRoot);

/** What the browser keeps of this site, and of no other of the same host, begins with this name. */
export const PREFIX = inBrowserAlone ? `crc-lab:${JSON.parse(config?.textContent || "{}").contentsStorageName || "cahier"}:` : "crc-lab:";

/** The first page of the site: the map, « Reprendre ma copie », « Ce n’est pas moi ». @param {string} [part] */
export const firstPage = (part = "") => new URL(`${config?.dataset.jupyterLiteRoot}/index.html${part}`, location.href).href;
