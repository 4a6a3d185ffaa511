// Some of the options, in order of priority: ["tres_bons", "bons"].
import { button, fill, h } from "../dom.js";
import { noteNode } from "../fields.js";
import { T } from "../texts.js";

const TEXTS = {
  priorityHelp: "Ajoutez vos choix dans l’ordre : le premier est celui qui passe avant les autres. Les flèches changent l’ordre.",
  toAdd: "Choix possibles",
  add: "Ajouter : {text}",
  placed: "{text} : position {n}.",
  takeOut: "Retirer : {text}",
  takenOut: "{text} : retiré.",
};

/** @typedef {{ id: string, text: string }} Choice */

/** @type {Kind} */
export const priorites = {
  mount({ spec, labelledby, changed, say }) {
    const options = (spec.options || []).map((option) => ({ id: String(option.id), text: option.texte }));
    const list = h("ol", { class: "ordre", "aria-labelledby": labelledby });
    const left = h("div", { class: "groupe restantes", role: "group", "aria-label": TEXTS.toAdd });
    const node = h("div", { class: "priorites" }, h("p", { class: "aide", text: TEXTS.priorityHelp }), list, left);
    let chosen = /** @type {string[]} */ ([]);

    /** `focus`: where the keyboard goes on, the first of these places that exists. @param {string[]} next @param {string} text @param {string[]} focus */
    function set(next, text, ...focus) {
      chosen = next;
      show();
      const found = focus.map((place) => node.querySelector(place)).find(Boolean);
      if (found instanceof HTMLElement) found.focus();
      say(text);
      changed("now");
    }

    /** @param {Choice} option */
    function add({ id, text }) {
      set([...chosen, id], fill(TEXTS.placed, { text, n: chosen.length + 1 }), ".restantes button", ".ordre button:not(:disabled)");
    }

    /** @param {Choice} option */
    function remove({ id, text }) {
      set(chosen.filter((each) => each !== id), fill(TEXTS.takenOut, { text }), `.restantes [data-id="${CSS.escape(id)}"]`);
    }

    /** @param {Choice} option @param {number} step */
    function move({ id, text }, step) {
      const to = chosen.indexOf(id) + step;
      const own = `li[data-id="${CSS.escape(id)}"] button`;
      const next = chosen.filter((each) => each !== id);
      next.splice(to, 0, id);
      set(next, fill(TEXTS.placed, { text, n: to + 1 }), `${own}[data-pas="${step}"]:not(:disabled)`, `${own}:not(:disabled)`);
    }

    /** @param {Notes} [notes] */
    function show(notes = {}) {
      const line = (/** @type {string} */ id, /** @type {number} */ at) => {
        const option = options.find((each) => each.id === id) || { id, text: id };
        const { text } = option;
        const arrow = (/** @type {string} */ sign, /** @type {string} */ label, /** @type {number} */ step) => button(sign, () => move(option, step), "petit",
          { disabled: !(at + step in chosen), "data-pas": step, "aria-label": fill(label, { text }) });
        return h("li", { "data-id": id }, h("span", { class: "texte", text }, noteNode(notes[id])), arrow("▲", T.moveUp, -1), arrow("▼", T.moveDown, 1),
          button(T.remove, () => remove(option), "petit discret", { "aria-label": fill(TEXTS.takeOut, { text }) }));
      };
      const others = options.filter((option) => !chosen.includes(option.id));
      list.hidden = !chosen.length;
      list.replaceChildren(...chosen.map(line));
      left.hidden = !others.length;
      left.replaceChildren(...others.map((option) => button(`+ ${option.text}`, () => add(option), "petit",
        { "data-id": option.id, "aria-label": fill(TEXTS.add, { text: option.text }) })));
    }

    show();
    return {
      node,
      value: () => (chosen.length ? [...chosen] : null),
      setValue: (value) => {
        chosen = [...new Set((Array.isArray(value) ? value : []).map(String))];
        show();
      },
      setFeedback: show,
    };
  },
};
