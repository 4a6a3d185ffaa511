// What fields are made of: a line to type in, a list of options, and what the check says of them.
import { h, setAttribute, uid } from "./dom.js";
import { T } from "./texts.js";

const ARROW = 40; // pixels of a list that are not for its text
const SHORT = 14; // letters of options that stand side by side
/** @type {Record<string, string>} */
const SIGNS = { faux: T.signWrong, accepte: T.signAccepted, doute: T.signUnread, partiel: T.signHalf };

/** « ✗ À revoir. Il manque le second type. » In words and with a sign, not only in colour. @param {Note} note */
export function noteText(note) {
  const sign = SIGNS[note.etat] || T.signRight;
  return [sign, note.texte].filter(Boolean).join(" ");
}

/** Show a note (or none) in `node`; `input` is the field it speaks of. @param {HTMLElement} node @param {Note | null} [note] @param {HTMLElement} [input] */
export function showNote(node, note, input) {
  node.className = note ? `note-champ ${note.etat}` : "note-champ";
  node.textContent = note ? noteText(note) : "";
  if (input) setAttribute(input, "aria-invalid", note?.etat === "faux" && "true");
}

/** A node with this note, or nothing. @param {Note} [note] */
export function noteNode(note) {
  return note ? h("small", { class: `note-champ ${note.etat}`, text: noteText(note) }) : null;
}

/** What an answer holds besides `known`: kept as it is. @param {Json} value @param {string[]} known @returns {Json} */
export function besides(value, known) {
  return Object.fromEntries(Object.entries(value || {}).filter(([id]) => !known.includes(id)));
}

/**
 * An input (or a text area of some `lines`) with its label, its unit, and a note under it after checking. Nothing typed is
 * ever changed: spaces, commas, zeros stay.
 * @param {{ changed: Context["changed"], label?: string, labelledby?: string, wide?: boolean, width?: number, decimal?: boolean, lines?: number, unit?: string }} given
 */
export function textLine({ label, labelledby, changed, wide, width, decimal, lines = 1, unit }) {
  const [id, noteId] = [uid("champ"), uid("note")];
  const control = h(lines > 1 ? "textarea" : "input", {
    id, type: lines > 1 ? null : "text", rows: lines > 1 ? lines : null, "aria-labelledby": labelledby, "aria-describedby": noteId,
    autocomplete: "off", spellcheck: String(!decimal), inputmode: decimal ? "decimal" : null,
    class: wide ? "large" : null, size: width || (decimal ? 9 : null),
    on: { input: () => { setNote(); changed("typing"); }, blur: () => changed("now") },
  });
  const note = h("small", { id: noteId, class: "note-champ" });
  const node = h("div", { class: "champ" }, label ? h("label", { for: id, text: label }) : null,
    unit ? h("span", { class: "avec-unite" }, control, h("span", { class: "unite", text: unit })) : control, note);

  /** @param {Note} [found] */
  function setNote(found) {
    showNote(note, found, control);
  }

  return {
    node, control, note, setNote,
    value: () => control.value,
    setValue: (/** @type {Json} */ value) => {
      setNote();
      control.value = value === null || value === undefined ? "" : String(value);
    },
    setFeedback: (/** @type {Notes | undefined} */ notes) => setNote(notes?.texte),
  };
}

/** A drop-down list of options, and a note under it after checking. @param {Option[]} options @param {Context["changed"]} changed @param {Props} [props] */
export function dropDown(options, changed, props) {
  const noteId = uid("note");
  const control = h("select", { "aria-describedby": noteId, ...props, on: { change: () => { setNote(); changed("now"); } } },
    h("option", { value: "", text: T.choose }), options.map((option) => h("option", { value: String(option.id), text: option.texte })));
  const note = h("small", { id: noteId, class: "note-champ" });
  const whole = wholeChoice(control);

  /** @param {Note} [found] */
  function setNote(found) {
    showNote(note, found, control);
  }

  return {
    control, note, setNote,
    whole: whole.node,
    value: () => control.value,
    setValue: (/** @type {Json} */ value) => {
      setNote();
      control.value = value ?? "";
      if (control.selectedIndex < 0) control.value = "";
      whole.show();
    },
  };
}

/** What is chosen in a list that is too narrow to show it whole: its text, under the list. @param {HTMLSelectElement} select */
export function wholeChoice(select) {
  const node = h("small", { class: "choix-entier", "aria-hidden": "true" });
  const pen = document.createElement("canvas").getContext("2d");
  const show = () => {
    const text = select.value && select.selectedOptions[0] ? select.selectedOptions[0].text : "";
    if (pen) pen.font = getComputedStyle(select).font;
    const cut = pen && select.clientWidth && pen.measureText(text).width > select.clientWidth - ARROW;
    node.textContent = cut ? text : "";
  };
  new ResizeObserver(show).observe(select);
  select.addEventListener("change", show);
  return { node, show };
}

/** A field for the number of a record; Enter does what the button beside it does. @param {string} label @param {() => void} typed @param {() => void} enter */
export function recordField(label, typed, enter) {
  const id = uid("fiche");
  const input = h("input", {
    id, type: "text", inputmode: "numeric", size: 6, autocomplete: "off",
    on: { input: typed, keydown: (event) => { if (event.key === "Enter") { event.preventDefault(); enter(); } } },
  });
  return { input, node: h("label", { for: id }, h("span", { text: label }), input) };
}

/** Radio buttons or check boxes with a note under each option after checking. @param {Pick<Context, "labelledby" | "changed"> & { spec: { options?: Option[] } }} context @param {"radio" | "checkbox"} type @returns {Field} */
export function choices({ spec, labelledby, changed }, type) {
  const group = uid("choix");
  const items = (spec.options || []).map((option) => {
    const input = h("input", { type, name: group, value: String(option.id), on: { change: () => { clear(); changed("now"); } } });
    const note = h("small", { class: "note-option" });
    const label = h("label", { class: "choix" }, input,
      h("span", null, option.texte, note));
    return { id: String(option.id), input, label, note };
  });

  function clear() {
    for (const item of items) {
      item.label.classList.remove("ok", "ko");
      item.note.textContent = "";
    }
  }

  const inLine = type === "radio" && items.length <= 3 && items.every(({ label }) => (label.textContent || "").length <= SHORT);
  return {
    node: h("div", { class: inLine ? "liste-choix en-ligne" : "liste-choix", role: type === "radio" ? "radiogroup" : "group", "aria-labelledby": labelledby }, items.map((item) => item.label)),
    value: () => {
      const chosen = items.filter((item) => item.input.checked).map((item) => item.id);
      return type === "radio" ? chosen[0] ?? null : chosen;
    },
    setValue: (value) => {
      clear();
      const wanted = (Array.isArray(value) ? value : [value ?? []].flat()).map(String);
      for (const item of items) item.input.checked = wanted.includes(item.id);
    },
    setFeedback: (notes) => {
      clear();
      for (const item of items) {
        const note = notes?.[item.id];
        if (!note) continue;
        item.label.classList.add(note.etat === "faux" ? "ko" : "ok");
        item.note.textContent = noteText(note);
      }
    },
  };
}

/** @type {Record<string, number[]>} */
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** Arrow keys go from box to box, as in a table; Tab and Space do what they always do. @param {KeyboardEvent & { target: HTMLElement }} event @param {HTMLTableSectionElement} body */
export function stepInTable(event, body) {
  const step = STEPS[event.key];
  const cell = event.target.closest("td");
  if (!step || !cell) return;
  event.preventDefault();
  const at = [...body.rows].findIndex((line) => line.contains(cell));
  body.rows[at + step[0]]?.cells[cell.cellIndex + step[1]]?.querySelector("input")?.focus();
}
