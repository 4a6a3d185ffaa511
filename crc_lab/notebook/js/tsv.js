// Blocks of cells as Excel puts them on the clipboard: tabs, line ends, quotes around what needs them.

/** TSV text of rows of cells. @param {string[][]} rows */
export function writeTsv(rows) {
  const cell = (/** @type {string} */ text) => (/[\t\r\n"]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);
  return rows.map((row) => row.map((text) => cell(String(text ?? ""))).join("\t")).join("\r\n");
}

/** Rows of cells of a TSV text: quotes, doubled quotes, CRLF, and the line end that Excel adds. @param {string} text */
export function readTsv(text) {
  const rows = /** @type {string[][]} */ ([[]]);
  let cell = "";
  let quoted = false;
  let fresh = true; // at the first character of a cell: only there does a quote open
  const end = () => { rows[rows.length - 1].push(cell); cell = ""; fresh = true; };
  for (let at = 0; at < text.length; at += 1) {
    const c = text[at];
    if (quoted) {
      if (c === '"' && text[at + 1] === '"') { cell += '"'; at += 1; }
      else if (c === '"') quoted = false;
      else cell += c;
    } else if (c === '"' && fresh && closes(text, at)) { quoted = true; fresh = false; }
    else if (c === "\t") end();
    else if (c === "\n" || c === "\r") {
      if (c === "\r" && text[at + 1] === "\n") at += 1;
      end();
      rows.push([]);
    } else { cell += c; fresh = false; }
  }
  end();
  const last = rows[rows.length - 1];
  if (rows.length > 1 && last.length === 1 && last[0] === "") rows.pop();
  return rows;
}

/** A quote opens only when a quote closes it before a tab, a line end or the end: « "Le Salon" Paris » stays as it is. @param {string} text @param {number} at */
function closes(text, at) {
  const rest = text.slice(at + 1).match(/^(?:[^"]|"")*"(.?)/s);
  return rest !== null && (rest[1] === "" || /[\t\r\n]/.test(rest[1]));
}
