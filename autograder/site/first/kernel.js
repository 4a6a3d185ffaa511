// Python for the cards: a worker that begins at once, and becomes JupyterLab's own kernel when it is asked to.
import { start } from "./__PYTHON__";
import "__WORKER__"; // JupyterLab's, which listens, and imports this very file for `loadPyodide`

let hear = { stdout() {}, stderr() {} };
const begun = start({ stdout: (text) => hear.stdout(text), stderr: (text) => hear.stderr(text) }).then((python) => {
  python.runPython(__BEGIN__);
  return python;
});
begun.catch(() => {}); // told to the kernel, which asks below

/** In the place of Pyodide's own: what Python says from now on goes where `given` says. */
export function loadPyodide(given) {
  hear = given;
  return begun;
}
