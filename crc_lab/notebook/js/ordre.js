// Ordering: a list whose items move up and down, by button, by arrow key, or dragged with the mouse.
import { fill, h } from "./dom.js";
import { showNote } from "./note.js";
import { T } from "./texts.js";

/** @type {Mount} */
export function ordre({ spec, labelledby, changed, say }) {
  const options = spec.options || [];
  const list = h("ol", { class: "ordre", "aria-labelledby": labelledby });
  const node = h("div", null, h("p", { class: "aide", text: T.orderHelp }), list);
  let answered = false;
  let dragged = /** @type {HTMLElement | null} */ (null); // the item under the mouse
  const items = new Map(options.map((option) => [String(option.id), makeItem(option)]));
  list.append(...[...items.values()].map((item) => item.line));
  refresh();

  /** @param {Option} option */
  function makeItem(option) {
    const move = (/** @type {number} */ step, /** @type {HTMLElement} */ button) => {
      const at = order().indexOf(String(option.id));
      const other = list.children[at + step];
      if (!other) return;
      if (step < 0) other.before(line);
      else other.after(line);
      rearranged(option);
      if (button.matches(":disabled")) buttons.find((each) => each !== button)?.focus();
      else button.focus();
    };
    const arrow = (/** @type {string} */ text, /** @type {string} */ label, /** @type {number} */ step) => h("button", {
      type: "button", class: "petit", "aria-label": fill(label, { text: option.texte }), text,
      on: {
        click: (event) => move(step, event.currentTarget),
        keydown: (event) => {
          if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
          event.preventDefault();
          move(event.key === "ArrowUp" ? -1 : 1, event.currentTarget);
        },
      },
    });
    const buttons = [arrow("▲", T.moveUp, -1), arrow("▼", T.moveDown, 1)];
    const note = h("small", { class: "note-champ" });
    const line = h("li", { "data-id": String(option.id), draggable: "true", on: dragging(option) },
      h("span", { class: "prise", "aria-hidden": "true", text: "⠿" }), h("span", { class: "texte", text: option.texte }, note), buttons);
    return { note, line };
  }

  /** The list was rearranged: that is an answer. @param {Option} option the one that moved */
  function rearranged(option) {
    answered = true;
    for (const { note } of items.values()) showNote(note);
    refresh();
    say(fill(T.moved, { text: option.texte, n: order().indexOf(String(option.id)) + 1, total: items.size }));
    changed("now");
  }

  /** The item follows the mouse through the list; the answer changes when it is let go. @param {Option} option @returns {Listeners} */
  function dragging(option) {
    let before = "";
    return {
      dragstart: (event) => {
        dragged = event.currentTarget;
        before = order().join();
        dragged.classList.add("pris");
        if (!event.dataTransfer) return;
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", option.texte);
      },
      dragover: (event) => {
        const over = event.currentTarget;
        if (!dragged) return;
        event.preventDefault();
        if (over === dragged) return;
        const { top, height } = over.getBoundingClientRect();
        list.insertBefore(dragged, event.clientY < top + height / 2 ? over : over.nextSibling);
      },
      drop: (event) => event.preventDefault(),
      dragend: () => {
        dragged?.classList.remove("pris");
        dragged = null;
        if (order().join() !== before) rearranged(option);
      },
    };
  }

  function refresh() {
    for (const [position, each] of [...list.children].entries()) {
      const [up, down] = each.querySelectorAll("button");
      up.disabled = position === 0;
      down.disabled = position === list.children.length - 1;
    }
  }

  function order() {
    return [...list.children].map((each) => each.getAttribute("data-id") ?? "");
  }

  return {
    node,
    value: () => (answered ? order() : null),
    /** « Vérifier » takes the order shown as the answer, even when nothing was moved. */
    settle: () => { answered = true; },
    fill: (value) => {
      answered = Array.isArray(value) && value.length > 0;
      const wanted = new Set([...(answered ? value.map(String) : []), ...items.keys()]);
      list.append(...[...wanted].flatMap((id) => items.get(id)?.line ?? []));
      for (const { note } of items.values()) showNote(note);
      refresh();
    },
    mark: (notes) => items.forEach(({ note }, id) => showNote(note, notes?.[id])),
  };
}
