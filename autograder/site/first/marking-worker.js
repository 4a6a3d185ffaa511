// Python in a worker, for the page « Corriger »: the files of the page in, those of the command out.
import { start as startPython } from "__PYTHON__";

const PACKAGES = __PACKAGES__; // besides what the cards have
let starting = null;

async function start() {
  const python = await startPython({ packages: PACKAGES });
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
