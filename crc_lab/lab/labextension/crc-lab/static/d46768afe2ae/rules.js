/* Which cells may run without being asked, when a notebook is opened.
 *
 * A notebook may come from anybody. What runs by itself is made only of the workbook's own calls on literals, line by line:
 *   from crc_lab import debut, question
 *   question("A6-Q1")   # a comment
 * Names that only show something may be called; importing or exporting a file and checking an answer wait for a click. */
export const IMPORTS = [
  "charger", "debut", "explorer_rfm", "exporter_excel", "figure", "importer_excel", "lexique", "parcours", "progression",
  "question", "rendre", "verifier",
];
export const CALLS = ["charger", "debut", "explorer_rfm", "figure", "lexique", "parcours", "progression", "question", "rendre"];

const NAME = `(?:${IMPORTS.join("|")})`;
const LITERAL = String.raw`(?:"[^"\\]*"|'[^'\\]*'|-?\d+(?:\.\d+)?|True|False|None)`;
const ARGUMENT = String.raw`(?:[A-Za-z_]\w*[ ]*=[ ]*)?${LITERAL}`;
const ARGUMENTS = String.raw`(?:${ARGUMENT}(?:[ ]*,[ ]*${ARGUMENT})*[ ]*,?[ ]*)?`;
const CALL = String.raw`(?:crc_lab\.)?(?:${CALLS.join("|")})\([ ]*${ARGUMENTS}\)`;
const IMPORT = `(?:import crc_lab|from crc_lab import ${NAME}(?:[ ]*,[ ]*${NAME})*)`;
const LINE = new RegExp(`^(?:${IMPORT}|${CALL})?[ \t]*(?:#.*)?$`);
// Everything but "\n" that Python or IPython may take for the end of a line, and other invisible characters.
const ODD_CHARACTERS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff]/;

export const isSafe = (/** @type {string} */ source) => !ODD_CHARACTERS.test(source) && source.split("\n").every(line => LINE.test(line));

/** Whether the folder of a notebook is out of reach of the kernel's imports, as the launcher of the workbook (or a school's
 * server set up like it) sees to. Elsewhere the list of files tells nothing: Jupyter's own settings hide compiled files.
 * @param {{ env?: Record<string, string>, argv?: string[] } | undefined} spec */
export const isProtected = spec => spec?.env?.PYTHONSAFEPATH === "1" && Boolean(spec.argv?.includes("--InteractiveShellApp.ignore_cwd=True"));

/** Whether Python could import this file in place of a library, when it lies in the notebook's folder. */
export const isModule = (/** @type {string} */ name) => /\.(py|pyw|pyc|pyd|so)$/i.test(name) && name !== "activite.py";
