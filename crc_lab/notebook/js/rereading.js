// The lines that could not be read: the student says which of the expected ideas is in each. A tick counts for the time
// being, is kept beside the answer, and is a proposal to the teacher (crc_lab/core/sheet.py).
import { fill, h, uid } from "./dom.js";
import { T } from "./texts.js";

/**
 * `changed({line: {texte, idees}})` at each tick. show(lines): nothing to show hides it; the same lines are not drawn again.
 * @param {(ticked: Json) => void} changed @param {Say} say
 */
export function makeRereading(changed, say) {
  const node = h("section", { class: "relecture", hidden: true });
  let shown = "";
  let boxes = /** @type {{ line: Unread, idea: string, input: HTMLInputElement }[]} */ ([]);

  /** @param {Unread[]} [lines] */
  function show(lines = []) {
    const key = JSON.stringify(lines, (name, value) => (name === "coches" ? undefined : value));
    if (key !== shown) build(lines);
    shown = key;
    const ticked = new Map(lines.map(({ ligne, coches }) => [ligne, coches]));
    for (const box of boxes) box.input.checked = ticked.get(box.line.ligne)?.includes(box.idea) || false;
  }

  /** @param {Unread[]} lines */
  function build(lines) {
    node.hidden = !lines.length;
    boxes = [];
    node.replaceChildren(...lines.map((line) => {
      const [legend, help] = [uid("relecture"), uid("aide")];
      const list = line.idees.map((idea) => {
        const input = h("input", { type: "checkbox", on: { change: () => tick(idea.texte) } });
        boxes.push({ line, idea: idea.id, input });
        return h("label", { class: "choix" }, input, h("span", { text: idea.texte }));
      });
      const title = line.numero ? fill(T.rereadTitleNumber, { n: line.numero, texte: line.texte }) : fill(T.rereadTitle, { texte: line.texte });
      return h("div", { role: "group", "aria-labelledby": legend, "aria-describedby": help, "data-ligne": line.ligne },
        h("p", { id: legend, class: "libelle", text: title }), h("p", { id: help, class: "aide", text: T.rereadHelp }),
        h("div", { class: "liste-choix" }, list));
    }));
  }

  /** @param {string} name */
  function tick(name) {
    const found = /** @type {Record<string, { texte: string, idees: string[] }>} */ ({});
    for (const { line, idea, input } of boxes) {
      if (input.checked) (found[line.ligne] ||= { texte: line.texte, idees: [] }).idees.push(idea);
    }
    say(fill(T.rereadTicked, { idee: name }));
    changed(found);
  }

  return { node, show };
}

/** The ticks without those of lines that are no more what they were; null when all of them are. @param {Json} ticked @param {Json} value */
export function changedLines(ticked, value) {
  const lines = Object.entries(ticked || {});
  const same = lines.filter(([line, one]) => lineOf(value, line) === one?.texte);
  return same.length === lines.length ? null : Object.fromEntries(same);
}

/** What stands in a line of an answer, as Python names it: "" for a text alone, "0", "b2b.raison". @param {Json} value @param {string} line */
function lineOf(value, line) {
  return line.split(".").filter(Boolean).reduce((/** @type {Json} */ at, part) => at?.[part], value);
}
