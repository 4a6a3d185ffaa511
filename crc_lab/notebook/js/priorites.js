// Some of the options, in order of priority: ["tres_bons", "bons"].
import { fill, h } from "./dom.js";
import { button } from "./frame.js";
import { noteText } from "./note.js";
import { T } from "./texts.js";
import { TS } from "./texts_segment.js";

/** @type {Mount} */
export function priorites({ spec, labelledby, changed, say }) {
  const options = (spec.options || []).map((option) => ({ id: String(option.id), text: option.texte }));
  const list = h("ol", { class: "ordre", "aria-labelledby": labelledby });
  const left = h("div", { class: "groupe restantes", role: "group", "aria-label": TS.toAdd });
  const node = h("div", { class: "priorites" }, h("p", { class: "aide", text: TS.priorityHelp }), list, left);
  let chosen = /** @type {string[]} */ ([]);
  let notes = /** @type {Notes} */ ({});
  /** @typedef {{ id: string, text: string }} Choice */

  /** `focus`: where the keyboard goes on, the first of these places that exists. @param {string[]} next @param {string} text @param {string[]} focus */
  function set(next, text, ...focus) {
    chosen = next;
    notes = {};
    show();
    const found = focus.map((place) => node.querySelector(place)).find(Boolean);
    if (found instanceof HTMLElement) found.focus();
    say(text);
    changed("now");
  }

  /** @param {Choice} option */
  function add(option) {
    set([...chosen, option.id], fill(TS.placed, { text: option.text, n: chosen.length + 1 }), ".restantes button", ".ordre button:not(:disabled)");
  }

  /** @param {Choice} option */
  function remove(option) {
    set(chosen.filter((id) => id !== option.id), fill(TS.takenOut, { text: option.text }), `.restantes [data-id="${CSS.escape(option.id)}"]`);
  }

  /** @param {Choice} option @param {number} step */
  function move(option, step) {
    const from = chosen.indexOf(option.id);
    const next = chosen.filter((id) => id !== option.id);
    next.splice(from + step, 0, option.id);
    const own = `li[data-id="${CSS.escape(option.id)}"] button`;
    set(next, fill(TS.placed, { text: option.text, n: from + step + 1 }), `${own}[data-pas="${step}"]:not(:disabled)`, `${own}:not(:disabled)`);
  }

  function show() {
    const line = (/** @type {string} */ id, /** @type {number} */ at) => {
      const option = options.find((each) => each.id === id) || { id, text: id };
      /** @type {(text: string, label: string, step: number, off: boolean) => HTMLElement} */
      const arrow = (text, label, step, off) => h("button", {
        type: "button", class: "petit", disabled: off, "data-pas": step, "aria-label": fill(label, { text: option.text }), text,
        on: { click: () => move(option, step) },
      });
      const note = notes[id];
      return h("li", { "data-id": id }, h("span", { class: "texte", text: option.text },
        note ? h("small", { class: `note-champ ${note.etat}`, text: noteText(note) }) : null),
      arrow("▲", T.moveUp, -1, at === 0), arrow("▼", T.moveDown, 1, at === chosen.length - 1),
      button(T.remove, () => remove(option), "petit discret", { "aria-label": fill(TS.takeOut, { text: option.text }) }));
    };
    list.hidden = !chosen.length;
    list.replaceChildren(...chosen.map(line));
    const others = options.filter((option) => !chosen.includes(option.id));
    left.hidden = !others.length;
    left.replaceChildren(...others.map((option) => button(`+ ${option.text}`, () => add(option), "petit",
      { "data-id": option.id, "aria-label": fill(TS.add, { text: option.text }) })));
  }

  show();
  return {
    node,
    value: () => (chosen.length ? [...chosen] : null),
    fill: (value) => {
      chosen = [...new Set((Array.isArray(value) ? value : []).map(String))];
      notes = {};
      show();
    },
    mark: (given) => {
      notes = given || {};
      show();
    },
  };
}
