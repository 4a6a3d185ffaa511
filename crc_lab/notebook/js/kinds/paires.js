// Pairs of records: typed, or taken by picking two rows of the grid. [["1", "2"], …]
import { button, count, fill, h, sameJson } from "../dom.js";
import { noteNode, recordField } from "../fields.js";
import { makeGrid } from "../grid.js";
import { inGrid } from "../rows.js";
import { T } from "../texts.js";

const TEXTS = {
  pairsHelp: "Écrivez les numéros de deux fiches, puis ajoutez la paire.",
  pairsHelpGrid: "Écrivez les numéros de deux fiches, ou cliquez sur deux numéros dans le tableau (au clavier : Espace), puis ajoutez la paire.",
  addPairGroup: "Nouvelle paire",
  firstRecord: "Fiche n°",
  secondRecord: "et fiche n°",
  addPair: "Ajouter la paire",
  pairs: ["{n} paire", "{n} paires"],
  pairText: "Fiches n° {a} et {b}",
  pairAdded: "Paire ajoutée : fiches {a} et {b}.",
  pickedNone: "Aucune fiche prise.",
  pickedOne: "Fiche {a} prise : choisissez la seconde.",
  pickedTwo: "Fiches {a} et {b} prises : ajoutez la paire.",
  twoRecords: "Il faut deux numéros de fiche.",
  sameRecord: "Une fiche n’est pas le doublon d’elle-même : choisissez deux fiches différentes.",
  alreadyThere: "Cette paire est déjà dans votre liste.",
  noPair: "Aucune paire pour l’instant.",
  removePair: "Retirer : {text}",
};

/** @type {Kind} */
export const paires = {
  mount({ spec, changed, say }) {
    let pairs = /** @type {string[][]} */ ([]);
    let picked = /** @type {string[]} */ ([]); // at most two ids
    let notes = /** @type {CellNote[]} */ ([]);
    const list = h("ul", { class: "paires" });
    const problem = h("p", { class: "note-champ faux", role: "alert" });
    const fields = [TEXTS.firstRecord, TEXTS.secondRecord].map((text) => recordField(text, typed, add));
    const inputs = fields.map(({ input }) => input);
    const form = h("div", { class: "groupe ajout", role: "group", "aria-label": TEXTS.addPairGroup },
      fields.map(({ node }) => node), button(TEXTS.addPair, add, "petit"));
    const grid = spec.tableau ? makeGrid(spec, "pick", {
      say, changed: () => changed("now"), pick, clear: () => set([]), amount: () => (pairs.length ? count(pairs.length, TEXTS.pairs) : ""), isPicked: (id) => picked.includes(id), extra: () => count(pairs.length, TEXTS.pairs),
    }) : null;
    show();

    /** @param {string} id */
    function pick(id) {
      picked = picked.includes(id) ? picked.filter((each) => each !== id) : [...picked, id].slice(-2);
      inputs.forEach((input, at) => { input.value = picked[at] ?? ""; });
      grid?.table.paintAll();
      const [a, b] = picked;
      say(b ? fill(TEXTS.pickedTwo, { a, b }) : a ? fill(TEXTS.pickedOne, { a }) : TEXTS.pickedNone);
    }

    function typed() {
      picked = inputs.map((input) => input.value.trim()).filter(Boolean);
      problem.textContent = "";
      grid?.table.paintAll();
    }

    function add() {
      const [a, b] = inputs.map((input) => input.value.trim());
      const unknown = [a, b].find((id) => grid && id && grid.data.row(id) < 0);
      const text = !a || !b ? TEXTS.twoRecords : a === b ? TEXTS.sameRecord : unknown ? fill(T.noSuchRecord, { id: unknown })
        : pairs.some((pair) => samePair(pair, [a, b])) ? TEXTS.alreadyThere : "";
      problem.textContent = text;
      if (text) return inputs[a ? 1 : 0].focus();
      for (const input of inputs) input.value = "";
      picked = [];
      set([...pairs, [a, b]]);
      say(fill(TEXTS.pairAdded, { a, b }));
      grid?.table.paintAll();
      if (!grid?.node.contains(document.activeElement)) inputs[0].focus();
    }

    /** @param {string[][]} next */
    function set(next) {
      const before = pairs;
      const play = (/** @type {Way} */ way) => { pairs = way === "avant" ? before : next; show(); };
      notes = [];
      if (grid) grid.editing.perform([{ play }]);
      else play("apres");
      changed("now");
    }

    /** @param {string} id */
    function named(id) {
      const line = grid?.data.rows[grid.data.row(id)];
      return ["raison_sociale", "prenom", "nom"].map((name) => line?.[grid?.data.column(name) ?? -1]).filter(Boolean).join(" ");
    }

    function show() {
      list.replaceChildren(...pairs.map((pair, at) => {
        const [a, b] = pair;
        const note = notes.find(({ ligne, colonne }) => samePair([String(ligne), String(colonne)], pair));
        const text = fill(TEXTS.pairText, { a, b });
        return h("li", { class: note ? `note-${note.etat}` : null },
          h("span", null, h("b", { text }), ` ${[named(a), named(b)].filter(Boolean).join(" · ")}`, noteNode(note)),
          button(T.remove, () => { set(pairs.filter((_, other) => other !== at)); inputs[0].focus(); }, "petit discret",
            { "aria-label": fill(TEXTS.removePair, { text }) }));
      }));
      if (!pairs.length) list.append(h("li", { class: "aide", text: TEXTS.noPair }));
      grid?.update();
    }

    return {
      node: h("div", { class: "question-paires" },
        h("div", { class: "corps" }, h("p", { class: "aide", text: grid ? TEXTS.pairsHelpGrid : TEXTS.pairsHelp }), form, problem, list), grid?.node),
      width: "full",
      value: () => pairs.map((pair) => [...pair]),
      setValue: (value) => {
        pairs = (Array.isArray(value) ? value : []).filter((pair) => Array.isArray(pair) && pair.length === 2).map((pair) => pair.map(String));
        notes = [];
        show();
      },
      setFeedback: (_notes, cells = []) => { notes = cells; show(); },
      goTo: grid ? inGrid(grid).goTo : undefined,
    };
  },
};

/** @param {string[]} one @param {string[]} other */
function samePair(one, other) {
  return sameJson([...one].sort(), [...other].sort());
}
