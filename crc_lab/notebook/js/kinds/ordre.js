// Ordering: a list whose items move up and down, by button, by arrow key, or dragged with the mouse.
import { fill, h } from "../dom.js";
import { showNote } from "../fields.js";
import { T } from "../texts.js";

const TEXTS = {
  orderHelp: "Remettez les étapes dans l’ordre avec les boutons ▲ et ▼ (au clavier : flèches haut et bas sur un bouton), ou faites-les glisser à la souris.",
  moved: "{text} : position {n} sur {total}.",
};

/** @type {Kind} */
export const ordre = {
  mount({ spec, labelledby, changed, say }) {
    const options = spec.options || [];
    const list = h("ol", { class: "ordre", "aria-labelledby": labelledby });
    let answered = false;
    let dragged = /** @type {HTMLElement | null} */ (null); // the item under the mouse
    const items = new Map(options.map((option) => [String(option.id), makeItem(option)]));
    setValue(null);

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

    /** The list was rearranged: that is an answer. @param {Option} option the one that moved */
    function rearranged(option) {
      answered = true;
      refresh();
      say(fill(TEXTS.moved, { text: option.texte, n: order().indexOf(String(option.id)) + 1, total: items.size }));
      changed("now");
    }

    function refresh() {
      for (const { note } of items.values()) showNote(note);
      for (const [at, each] of [...list.children].entries()) {
        const [up, down] = each.querySelectorAll("button");
        up.disabled = at === 0;
        down.disabled = at === list.children.length - 1;
      }
    }

    function order() {
      return [...list.children].map((each) => each.getAttribute("data-id") ?? "");
    }

    /** @param {Json} value */
    function setValue(value) {
      answered = Array.isArray(value) && value.length > 0;
      const wanted = new Set([...(answered ? value.map(String) : []), ...items.keys()]);
      list.append(...[...wanted].flatMap((id) => items.get(id)?.line ?? []));
      refresh();
    }

    return {
      node: h("div", null, h("p", { class: "aide", text: TEXTS.orderHelp }), list),
      value: () => (answered ? order() : null),
      settle: () => { answered = true; },
      setValue,
      setFeedback: (notes) => items.forEach(({ note }, id) => showNote(note, notes?.[id])),
    };
  },
};
