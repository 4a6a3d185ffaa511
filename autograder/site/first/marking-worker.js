// Python in a worker, for the page « Corriger »: the files of the page in, those of the command out.
const PARTS = __PARTS__; // { pyodide, lock, packages }: addresses from this file
let starting = null;

async function start() {
  const here = (address) => new URL(address, import.meta.url).href;
  const { loadPyodide } = await import(here(PARTS.pyodide));
  const python = await loadPyodide({ indexURL: new URL(".", here(PARTS.pyodide)).href, lockFileURL: here(PARTS.lock), packages: PARTS.packages });
  python.runPython("from autograder.correct.in_page import mark_page");
  return python;
}

self.onmessage = async ({ data }) => {
  try {
    starting ||= start();
    const python = await starting;
    postMessage({ etape: "Correction… Gardez cet onglet ouvert." });
    const found = python.globals.get("mark_page")(python.toPy(data));
    const [code, said, files, packed] = found.toJs({ dict_converter: Object.fromEntries });
    found.destroy();
    postMessage({ code, said, files, packed });
  } catch (error) {
    starting = null;
    postMessage({ erreur: error instanceof Error ? error.message.trim().split("\n").pop() : String(error) });
  }
};
