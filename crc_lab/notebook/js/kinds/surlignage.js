// Passages to pick out of a text, each perhaps with a category. {"a": "registre", "c": "releve"}
import { count, fill, h, uid } from "../dom.js";
import { besides, showNote } from "../fields.js";
import { T } from "../texts.js";

const TEXTS = {
  help: "Cliquez sur les passages à relever (au clavier : Tab, puis Entrée). Un second clic les retire.",
  picked: ["{n} passage relevé", "{n} passages relevés"],
  quoted: "« {text} »",
  list: "Passages relevés",
  category: "Catégorie de « {text} »",
  none: "Rien n’est encore relevé.",
};

const PICKED = "releve"; // no category chosen

/** @type {Kind} */
export const surlignage = {
  mount({ spec, labelledby, changed, say }) {
    const pieces = /** @type {Option[]} */ (/** @type {Json} */ (spec).passages);
    const categories = /** @type {Option[]} */ (/** @type {Json} */ (spec).categories);
    const known = pieces.filter((piece) => piece.id);
    let others = /** @type {Json} */ ({}); // passages unknown to this version: kept
    let picked = /** @type {Map<string, string>} */ (new Map());
    let notes = /** @type {Notes} */ ({});
    const marks = new Map(known.map((piece) => [piece.id, h("button", {
      type: "button", class: "passage", "aria-pressed": "false", text: piece.texte, on: { click: () => toggle(piece.id) },
    })]));
    const text = h("div", { class: "texte-a-relire", role: "group", "aria-labelledby": labelledby },
      pieces.map((piece) => marks.get(piece.id) ?? h("span", { text: piece.texte })));
    const total = h("p", { class: "compte", role: "status" });
    const list = h("ul", { class: "textes releves", "aria-label": TEXTS.list });

    /** @param {string} id */
    function toggle(id) {
      if (!picked.delete(id)) picked.set(id, PICKED);
      delete notes[id];
      show();
      say(total.textContent || "");
      changed("now");
    }

    /** @param {Option} piece */
    function line(piece) {
      const id = uid("categorie");
      const note = h("small", { class: "note-champ" });
      const select = /** @type {HTMLSelectElement | null} */ (categories.length ? h("select", {
        id, "aria-label": fill(TEXTS.category, { text: piece.texte }),
        on: { change: () => { picked.set(piece.id, select?.value || PICKED); delete notes[piece.id]; showNote(note, null, select || undefined); changed("now"); } },
      }, h("option", { value: "", text: T.choose }), categories.map((one) => h("option", { value: one.id, text: one.texte }))) : null);
      if (select) select.value = (picked.get(piece.id) || "").replace(PICKED, "");
      showNote(note, notes[piece.id], select || undefined);
      return h("li", null, h("span", { text: fill(TEXTS.quoted, { text: piece.texte.trim() }) }), select, note);
    }

    function show() {
      for (const [id, mark] of marks) {
        mark.setAttribute("aria-pressed", String(picked.has(id)));
        mark.className = notes[id] && picked.has(id) ? `passage ${notes[id].etat}` : "passage";
      }
      list.replaceChildren(...known.filter((piece) => picked.has(piece.id)).map(line));
      list.hidden = !categories.length && !Object.keys(notes).length;
      total.textContent = picked.size ? count(picked.size, TEXTS.picked) : TEXTS.none;
    }

    show();
    return {
      node: h("div", { class: "surlignage" }, h("p", { class: "aide", text: TEXTS.help }), text, total, list),
      value: () => {
        const found = { ...others, ...Object.fromEntries(known.filter((piece) => picked.has(piece.id)).map((piece) => [piece.id, picked.get(piece.id) || PICKED])) };
        return Object.keys(found).length ? found : null;
      },
      setValue: (value) => {
        const given = Array.isArray(value) ? Object.fromEntries(value.map((id) => [id, PICKED])) : value || {};
        others = besides(given, known.map((piece) => piece.id));
        picked = new Map(known.filter((piece) => piece.id in given).map((piece) => [piece.id, String(given[piece.id] || PICKED)]));
        notes = {};
        show();
      },
      setFeedback: (found) => {
        notes = { ...found };
        show();
      },
    };
  },
};
