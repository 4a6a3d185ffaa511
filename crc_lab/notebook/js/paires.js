// Pairs of records: typed, or taken by picking two rows of the grid. [["1", "2"], …]
import { count, fill, h, sameJson, uid } from "./dom.js";
import { button } from "./frame.js";
import { makeGrid } from "./grid.js";
import { noteText } from "./note.js";
import { T } from "./texts.js";

/** @type {Mount} */
export function paires({ spec, changed, say }) {
  let pairs = /** @type {string[][]} */ ([]);
  let picked = /** @type {string[]} */ ([]); // at most two ids
  const list = h("ul", { class: "paires" });
  const problem = h("p", { class: "note-champ faux", role: "alert" });
  const inputs = [T.firstRecord, T.secondRecord].map((label) => {
    const id = uid("fiche");
    const input = h("input", {
      id, type: "text", inputmode: "numeric", size: 6, autocomplete: "off",
      on: { input: typed, keydown: (event) => { if (event.key === "Enter") { event.preventDefault(); add(); } } },
    });
    return { input, node: h("label", { for: id }, h("span", { text: label }), input) };
  });
  const form = h("div", { class: "groupe ajout", role: "group", "aria-label": T.addPairGroup },
    inputs.map((each) => each.node), button(T.addPair, add, "petit"));
  const grid = spec.tableau ? makeGrid(spec, "pick", {
    say, changed: () => changed("now"), pick, clear: () => set([]), isPicked: (id) => picked.includes(id), extra: () => count(pairs.length, T.pairs),
  }) : null;
  let notes = /** @type {CellNote[]} */ ([]);
  const node = h("div", { class: "question-paires" },
    h("div", { class: "corps" }, h("p", { class: "aide", text: grid ? T.pairsHelpGrid : T.pairsHelp }), form, problem, list), grid?.node);
  show();

  /** @param {string} id */
  function pick(id) {
    picked = picked.includes(id) ? picked.filter((each) => each !== id) : [...picked, id].slice(-2);
    inputs.forEach(({ input }, position) => { input.value = picked[position] ?? ""; });
    grid?.table.paintAll();
    say(picked.length === 2 ? fill(T.pickedTwo, { a: picked[0], b: picked[1] }) : picked.length ? fill(T.pickedOne, { a: picked[0] }) : T.pickedNone);
  }

  function typed() {
    picked = inputs.map(({ input }) => input.value.trim()).filter(Boolean);
    problem.textContent = "";
    grid?.table.paintAll();
  }

  function add() {
    const [a, b] = inputs.map(({ input }) => input.value.trim());
    const unknown = [a, b].find((id) => grid && id && grid.data.row(id) < 0);
    const text = !a || !b ? T.twoRecords : a === b ? T.sameRecord : unknown ? fill(T.noSuchRecord, { id: unknown })
      : pairs.some((pair) => sameJson([...pair].sort(), [a, b].sort())) ? T.alreadyThere : "";
    problem.textContent = text;
    if (text) return inputs[a ? 1 : 0].input.focus();
    for (const { input } of inputs) input.value = "";
    picked = [];
    set([...pairs, [a, b]]);
    say(fill(T.pairAdded, { a, b }));
    grid?.table.paintAll();
    if (!grid?.node.contains(document.activeElement)) inputs[0].input.focus();
  }

  /** @param {string[][]} next */
  function set(next) {
    const before = pairs;
    pairs = next;
    notes = [];
    grid?.editing.history.record([{ play: (way) => { pairs = way === "avant" ? before : next; show(); } }]);
    show();
    changed("now");
  }

  /** @param {string} id */
  function named(id) {
    const line = grid?.data.rows[grid.data.row(id)];
    return ["raison_sociale", "prenom", "nom"].map((name) => line?.[grid?.data.column(name) ?? -1]).filter(Boolean).join(" ");
  }

  function show() {
    list.replaceChildren(...pairs.map(([a, b], position) => {
      const note = notes.find((each) => sameJson([String(each.ligne), String(each.colonne)].sort(), [a, b].sort()));
      const text = fill(T.pairText, { a, b });
      return h("li", { class: note ? `note-${note.etat}` : null },
        h("span", null, h("b", { text }), ` ${[named(a), named(b)].filter(Boolean).join(" · ")}`,
          note ? h("small", { class: `note-champ ${note.etat}`, text: noteText(note) }) : null),
        button(T.remove, () => { set(pairs.filter((pair, at) => at !== position)); inputs[0].input.focus(); }, "petit discret",
          { "aria-label": fill(T.removePair, { text }) }));
    }));
    if (!pairs.length) list.replaceChildren(h("li", { class: "aide", text: T.noPair }));
    grid?.update();
  }

  return {
    node,
    large: true,
    value: () => pairs.map((pair) => [...pair]),
    fill: (value) => {
      pairs = (Array.isArray(value) ? value : []).filter((pair) => Array.isArray(pair) && pair.length === 2).map((pair) => pair.map(String));
      notes = [];
      show();
    },
    mark: (options, cells) => { notes = cells || []; show(); },
  };
}
