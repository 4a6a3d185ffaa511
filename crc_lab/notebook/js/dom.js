// Small helpers shared by every module: building nodes, comparing texts, writing French numbers.
// Text always goes through textContent; only `html` (written and escaped by Python) is trusted.
import { T } from "./texts.js";

let serial = 0;

/** An id that is unique in the page, whatever the number of cards (each card is its own copy of this module). @param {string} prefix */
export function uid(prefix) {
  serial += 1;
  return `crc-${prefix}-${Math.random().toString(36).slice(2, 8)}-${serial}`;
}

/**
 * Build a node. `on`: listeners; `text`: textContent; `html`: trusted HTML; false/null attributes are left out.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag @param {Props | null} [props] @param {Child[]} children
 */
export function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "on") listen(node, value);
    else if (name === "html") setTrusted(node, String(value));
    else if (["text", "value", "checked"].includes(name)) Object.assign(node, { [name === "text" ? "textContent" : name]: value });
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  const flat = /** @type {(Node | string | false | null | undefined)[]} */ (children.flat(9));
  node.append(...flat.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

/** Set an attribute, or take it away (false). @param {Element} node @param {string} name @param {string | false} value */
export function setAttribute(node, name, value) {
  if (value === false) node.removeAttribute(name);
  else node.setAttribute(name, value);
}

/** @param {Node} node @param {Listeners} listeners */
export function listen(node, listeners) {
  for (const [type, listener] of Object.entries(listeners)) node.addEventListener(type, /** @type {any} */ (listener));
}

/** A button; `look` is "principal", "discret", "petit" or nothing. @param {string} text @param {() => unknown} action @param {string | null} [look] @param {Props} [props] */
export function button(text, action, look, props) {
  return h("button", { type: "button", class: look || null, on: { click: action }, ...props, text });
}

/**
 * A button that acts at the second click: the first one says what it would do. Leaving it forgets the first.
 * @param {string} text @param {() => string} sure what to say first; "" acts at once @param {() => unknown} action @param {string | null} look @param {Say} say
 */
export function carefulButton(text, sure, action, look, say) {
  let asked = false;
  const forget = () => { asked = false; node.textContent = text; };
  const click = (/** @type {MouseEvent} */ event) => {
    if (event.detail > 1) return; // the second half of a double click: nobody has read the question
    const question = asked ? "" : sure();
    asked = Boolean(question);
    node.textContent = question || text;
    if (question) say(question);
    else action();
  };
  const node = h("button", { type: "button", class: look, text, on: { click, blur: forget } });
  return node;
}

/** The place of one sentence: say(text, look); "" removes it, "alerte" is the look of a trouble. */
export function makeMessage() {
  const node = h("p", { class: "message", role: "status" });
  return {
    node,
    /** @param {string} text @param {string} [look] */
    say(text, look = "") {
      node.className = `message ${text ? look : ""}`;
      node.textContent = text;
    },
  };
}

/** Make these the children of `node`; one that is there already, in its place, does not move: it keeps the focus. @param {Element} node @param {Element[]} wanted */
export function arrange(node, wanted) {
  for (const child of [...node.children]) if (!wanted.includes(child)) child.remove();
  let at = node.firstElementChild;
  for (const child of wanted) {
    if (child === at) at = at.nextElementSibling;
    else node.insertBefore(child, at);
  }
}

/** HTML written by Python. Its tables scroll in their own area, and an empty header cell becomes a plain cell. @param {HTMLElement} node @param {string} html */
function setTrusted(node, html) {
  node.innerHTML = html;
  for (const head of node.querySelectorAll("th")) {
    if (!head.textContent?.trim()) head.replaceWith(document.createElement("td"));
  }
  for (const table of node.querySelectorAll("table")) {
    if (table.closest(".fenetre")) continue;
    const frame = h("div", { class: "fenetre libre", tabindex: 0, role: "group", "aria-label": table.caption?.textContent || T.table });
    table.replaceWith(frame);
    frame.append(table);
  }
}

/** What two texts are compared on: case, accents and outer spaces ignored. @param {unknown} text */
export function fold(text) {
  return String(text ?? "").replace(/œ/g, "oe").replace(/Œ/g, "OE").normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[\s\u00a0\u202f]+/g, " ").trim();
}

/** Replace every {name} of a text of texts.js. @param {string} text @param {Values} values */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** « 1 fiche », « 12 fiches » : `forms` is [singular, plural], with {n}. In French, 0 is singular. @param {number} n @param {Plural} forms */
export function count(n, forms) {
  return fill(Math.abs(n) < 2 ? forms[0] : forms[1], { n: number(n) });
}

/** A number as French people write it, at most two decimals. @param {number} n */
export function number(n) {
  return String(Math.round(n * 100) / 100).replace(".", ",");
}

/** True for equal JSON values, whatever the order of their keys (notebook files are written with sorted keys). @param {Json} a @param {Json} b */
export function sameJson(a, b) {
  const sorted = (/** @type {string} */ key, /** @type {Json} */ value) => (value && typeof value === "object" && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([x], [y]) => (x < y ? -1 : 1))) : value);
  return JSON.stringify(a ?? null, sorted) === JSON.stringify(b ?? null, sorted);
}

/** True when nothing was answered (same rule as crc_lab.core.answers.is_blank; the first column of a table is its key).
 *  @type {(value: Json) => boolean} */
export function isBlank(value) {
  if (value === null || value === undefined) return true;
  if (typeof value === "string") return !value.replace(/[\s\u00a0\u202f]/g, "");
  if (Array.isArray(value)) return value.every(isBlank);
  if (typeof value === "object") {
    if (Array.isArray(value.colonnes) && Array.isArray(value.lignes)) {
      return value.lignes.every((/** @type {Json} */ row) => Array.isArray(row) && row.slice(1).every(isBlank));
    }
    return Object.values(value).every(isBlank);
  }
  return false;
}

/**
 * Now, in local time with its offset, to the millisecond: two answers in one second keep their order. What takes the place of
 * an answer of `after` is later than it, even where the clock that dated that one (a school's server) is ahead.
 * @param {string} [after]
 */
export function isoNow(after = "") {
  const now = new Date(Math.max(Date.now(), (Date.parse(after) || 0) + 1));
  const shift = -now.getTimezoneOffset();
  const two = (/** @type {number} */ n) => String(Math.floor(Math.abs(n))).padStart(2, "0");
  const local = new Date(now.getTime() + shift * 60000).toISOString().slice(0, 23);
  return `${local}${shift < 0 ? "-" : "+"}${two(shift / 60)}:${two(shift % 60)}`;
}

/** True when the first ISO date is later than the second (an unknown date is the earliest). @param {string} a @param {string} b */
export function later(a, b) {
  return (Date.parse(a) || 0) > (Date.parse(b) || 0);
}

/** A live region: say(text) is read by a screen reader, even twice the same text. */
export function makeSpeaker() {
  const node = h("div", { class: "vh", "aria-live": "polite" });
  return {
    node,
    say(/** @type {string} */ text) {
      node.textContent = node.textContent === text ? `${text}\u00a0` : text;
    },
  };
}

/** What runs `work` once, however often it is called before: several traits change together. @param {() => void} work */
export function together(work) {
  let due = false;
  return () => {
    if (!due) queueMicrotask(() => { due = false; work(); });
    due = true;
  };
}

/** Run `work` after a pause in the calls; flush() runs it at once when it is due. @param {() => void} work @param {number} delay */
export function debounce(work, delay) {
  let timer = 0;
  const run = () => {
    clearTimeout(timer);
    timer = 0;
    work();
  };
  return {
    later() {
      clearTimeout(timer);
      timer = setTimeout(run, delay);
    },
    flush() {
      if (timer) run();
    },
  };
}
