// Run by Node when a site is made: node compile.mjs PYODIDE LIBRARIES PROGRAM NOTEBOOKS LAY BEGIN COMPILING OUT
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

process.on("uncaughtException", (error) => { // Node itself would print the whole of Pyodide first
  console.error(String(error.message || error.stack).slice(-2000));
  process.exit(1);
});
const [pyodide, libraries, program, notebooks, lay, begin, compiling, out] = process.argv.slice(2);
const LIBRARIES = "/lib/crc-bibliotheques.zip"; // where python.js puts them
const read = (path) => new Uint8Array(readFileSync(path));
const { loadPyodide } = await import(pathToFileURL(join(pyodide, "pyodide.mjs")).href);
const quiet = () => {};
const python = await loadPyodide({ stdout: quiet, stderr: quiet, env: { PYTHONHASHSEED: "0" } });
python.FS.writeFile(LIBRARIES, read(libraries));
const packages = python.runPython(lay)(LIBRARIES);
python.unpackArchive(read(program), "wheel", { extractDir: packages });
python.runPython(begin);
python.runPython(readFileSync(compiling, "utf-8"));
for (const notebook of notebooks.split(",")) python.globals.get("run")(notebook);
writeFileSync(out, python.globals.get("compiled")(LIBRARIES).toJs());
