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

const CANNOT_BE_READ = 29; // EIO, as Emscripten numbers it

/** A file that is asked for when Python first looks at it; without the network, one that cannot be read, until it can. */
function readLater(FS, path, address) {
  FS.writeFile(path, "");
  const { node } = FS.lookupPath(path);
  const load = () => {
    const request = new XMLHttpRequest();
    request.open("GET", address, false);
    request.responseType = "arraybuffer";
    try {
      request.send();
    } catch {
      throw new FS.ErrnoError(CANNOT_BE_READ);
    }
    if (request.status !== 200) throw new FS.ErrnoError(CANNOT_BE_READ);
    const content = new Uint8Array(request.response);
    Object.defineProperties(node, { contents: { value: content, writable: true }, usedBytes: { value: content.length, writable: true } });
    return content;
  };
  Object.defineProperties(node, { contents: { get: load, configurable: true }, usedBytes: { get: () => load().length, configurable: true } });
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
  for (const [folder, name, file] of PARTS.late) {
    python.FS.mkdirTree(`${packages}/${folder}`);
    readLater(python.FS, `${packages}/${folder}/${name}`, HERE + file);
  }
  return python;
}
