// A list of record numbers: typed, or ticked in the grid of the file. Used by segment and fiches.
import { count, fill, h, uid } from "./dom.js";
import { makeGrid } from "./grid.js";
import { T } from "./texts.js";

const TEXTS = {
  list: "Votre liste de fiches",
  listHelp: "Les numéros, séparés par des espaces ou des virgules. Vous pouvez aussi cocher un numéro dans le tableau.",
  listed: ["{n} fiche dans votre liste", "{n} fiches dans votre liste"],
  unknownRecords: "Ces numéros n’existent pas dans le fichier : {list}.",
};

const SEPARATORS = /[\s,;]+/;
const WORDS = /^(n°|n|no|fiches?|et)$/i;

/** A list and its grid. @param {Spec} spec @param {{ changed: (pace: Pace) => void, say: Say, filter?: boolean, quiet?: boolean }} hooks */
export function makeRecordList(spec, hooks) {
  const listId = uid("liste");
  const helpId = uid("aide");
  const listed = h("small", { id: helpId, class: "aide" });
  const list = h("textarea", {
    id: listId, rows: 2, spellcheck: "false", autocomplete: "off", "aria-describedby": helpId,
    on: { input: () => { show(); hooks.changed("typing"); }, blur: () => hooks.changed("now") },
  });
  const ids = () => list.value.split(SEPARATORS).filter((part) => part && !WORDS.test(part)).map((part) => part.replace(/^0+(?=\d)/, ""));
  const grid = makeGrid(spec, "pick", {
    ...hooks, changed: () => hooks.changed("now"),
    pick: (id) => set(toggled(id)), clear: () => set([]), amount: () => (ids().length ? count(ids().length, T.records) : ""),
    isPicked: (id) => ids().includes(id), extra: () => count(ids().length, TEXTS.listed),
  });

  /** @param {string} id */
  function toggled(id) {
    const before = ids();
    return before.includes(id) ? before.filter((each) => each !== id) : [...before, id];
  }

  /** The whole list at once; can be undone. @param {string[]} next */
  function set(next) {
    const before = list.value;
    const after = next.join(", ");
    const play = (/** @type {Way} */ way) => { list.value = way === "avant" ? before : after; show(); };
    grid.editing.perform([{ play }]);
    hooks.changed("now");
  }

  function show() {
    const unknown = [...new Set(ids().filter((id) => grid.data.row(id) < 0))];
    listed.className = unknown.length ? "note-champ faux" : "aide";
    listed.textContent = unknown.length ? fill(TEXTS.unknownRecords, { list: unknown.slice(0, 8).join(", ") })
      : `${TEXTS.listHelp} ${count(new Set(ids()).size, TEXTS.listed)}.`;
    grid.table.setNotes([]);
    grid.update();
  }

  show();
  return {
    grid, ids, set,
    node: h("div", { class: "champ" }, h("label", { for: listId, class: "libelle", text: TEXTS.list }), list, listed),
    setValue: (/** @type {Json} */ given) => {
      list.value = (Array.isArray(given) ? given : []).join(", ");
      show();
    },
  };
}
