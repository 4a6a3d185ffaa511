// Ordering: a list whose items move up and down, by button, by arrow key, or dragged with the mouse.
import { fill, h } from "./dom.js";
import { showNote } from "./note.js";
import { T } from "./texts.js";

export function ordre({ spec, labelledby, changed, say }) {
  const options = spec.options || [];
  const list = h("ol", { class: "ordre", "aria-labelledby": labelledby });
  const node = h("div", null, h("p", { class: "aide", text: T.orderHelp }), list);
  let answered = false;
  let dragged = null; // the item under the mouse
  const items = new Map(options.map((option) => [String(option.id), makeItem(option)]));
  list.append(...[...items.values()].map((item) => item.node));
  refresh();

  function makeItem(option) {
    const move = (step) => (event) => {
      const button = event.currentTarget;
      const ids = order();
      const [from, to] = [ids.indexOf(String(option.id)), ids.indexOf(String(option.id)) + step];
      if (to < 0 || to >= ids.length) return;
      const other = items.get(ids[to]).node;
      if (step < 0) list.insertBefore(item.node, other);
      else list.insertBefore(other, item.node);
      answered = true;
      for (const each of items.values()) mark(each, null);
      refresh();
      (button.disabled ? item.buttons.find((each) => each !== button) : button).focus();
      say(fill(T.moved, { text: option.texte, n: to + 1, total: ids.length, from: from + 1 }));
      changed("now");
    };
    const onKey = (event) => {
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!step) return;
      event.preventDefault();
      move(step)(event);
    };
    const arrow = (text, label, step) => h("button", {
      type: "button", class: "petit", "aria-label": fill(label, { text: option.texte }), text, on: { click: move(step), keydown: onKey },
    });
    const buttons = [arrow("▲", T.moveUp, -1), arrow("▼", T.moveDown, 1)];
    const note = h("small", { class: "note-champ" });
    const item = { buttons, note };
    item.node = h("li", { "data-id": String(option.id), draggable: "true", on: dragging(option) },
      h("span", { class: "prise", "aria-hidden": "true", text: "⠿" }), h("span", { class: "texte", text: option.texte }, note), buttons);
    return item;
  }

  /** The item follows the mouse through the list; the answer changes when it is let go. */
  function dragging(option) {
    let before = [];
    return {
      dragstart: (event) => {
        dragged = items.get(String(option.id)).node;
        before = order();
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", option.texte);
        dragged.classList.add("pris");
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
        if (order().join() === before.join()) return;
        answered = true;
        for (const each of items.values()) mark(each, null);
        refresh();
        say(fill(T.moved, { text: option.texte, n: order().indexOf(String(option.id)) + 1, total: items.size }));
        changed("now");
      },
    };
  }

  function refresh() {
    const nodes = [...list.children];
    nodes.forEach((each, position) => {
      const [up, down] = each.querySelectorAll("button");
      up.disabled = position === 0;
      down.disabled = position === nodes.length - 1;
    });
  }

  const order = () => [...list.children].map((each) => each.dataset.id);

  function mark(item, found) {
    showNote(item.note, found);
  }

  return {
    node,
    value: () => (answered ? order() : null),
    /** « Vérifier » takes the order shown as the answer, even when nothing was moved. */
    settle: () => { answered = true; },
    fill: (value) => {
      answered = Array.isArray(value) && value.length > 0;
      const wanted = (answered ? value.map(String) : options.map((option) => String(option.id))).filter((id) => items.has(id));
      for (const id of [...new Set([...wanted, ...items.keys()])]) list.append(items.get(id).node);
      for (const item of items.values()) mark(item, null);
      refresh();
    },
    mark: (notes) => items.forEach((item, id) => mark(item, notes?.[id])),
  };
}
