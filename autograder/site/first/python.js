// Python in a worker, with the student's program and the libraries: for the cards (kernel.js) and for « Corriger ».
// PARTS: { lock, libraries, program: files beside this one; checks: what they must be; late: [[folder, name, file]] }
import { loadPyodide } from "./__PYODIDE__";

const PARTS = __PARTS__;
const HERE = new URL(".", import.meta.url).href;
const LIBRARIES = "/lib/crc-bibliotheques.zip"; // imported from the ZIP itself: nothing to unpack

async function bytes(name) {
  const answer = await fetch(HERE + name, { integrity: PARTS.checks[name] });
  if (!answer.ok) throw new Error(`${name} : ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

/** Pyodide, ready to import crc_lab; `given`: its own options. */
export async function start(given) {
  const asked = Promise.all([bytes(PARTS.libraries), bytes(PARTS.program)]);
  asked.catch(() => {}); // told below, after what Pyodide itself has to say
  const python = await loadPyodide({ indexURL: HERE, lockFileURL: HERE + PARTS.lock, ...given });
  const [libraries, program] = await asked;
  python.FS.writeFile(LIBRARIES, libraries);
  const packages = python.runPython(__LAY__)(LIBRARIES);
  python.unpackArchive(program, "wheel", { extractDir: packages });
  for (const [folder, name, file] of PARTS.late) { // asked for when it is first read
    python.FS.mkdirTree(`${packages}/${folder}`);
    python.FS.createLazyFile(`${packages}/${folder}`, name, HERE + file, true, false);
  }
  return python;
}
