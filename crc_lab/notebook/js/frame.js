// The frame of every question card: head, wording, body, buttons, and the places where messages appear.
import { count, fill, h, uid } from "./dom.js";
import { T } from "./texts.js";

const TEXTS = {
  marked: "noté",
  law: "Et aujourd’hui ?",
  detail: "Le détail et les sources",
  rules: ["Et aujourd’hui ? {n} règle", "Et aujourd’hui ? {n} règles"],
};

/** Nodes of a card, empty but for the head and the wording. @param {Spec} spec */
export function makeFrame(spec) {
  const titleId = uid("titre");
  const state = h("span", { class: "etat" });
  const head = h("header", { class: "tete" },
    h("h3", { id: titleId }, h("span", { class: "num", text: String(spec.rang || spec.id) }), ` ${spec.titre || ""}`), worth(spec), state);
  const warning = h("p", { class: "alerte", hidden: true });
  const body = h("div", { class: "corps" });
  if (spec.enonce_html) body.append(h("div", { class: "consigne", html: spec.enonce_html }));
  if (spec.documents?.length) body.append(documents(spec.documents));
  const outside = h("div", { class: "dehors" });
  const bar = h("div", { class: "barre" });
  const feedback = h("div", { class: "retours" });
  const law = spec.droit?.html ? lawBox(spec.droit) : null;
  const card = h("section", { class: "carte", "aria-labelledby": titleId }, head, warning, body, outside, bar, feedback, law);
  return { card, titleId, state, warning, body, outside, bar, feedback, law };
}

/** What the question is worth, and its reference: the name that a program, a file and a teacher's report give it. @param {Spec} spec */
function worth({ id, rang, points, entrainement }) {
  const marked = points && !entrainement;
  return h("span", { class: "pts" }, marked ? h("span", { class: "badge", text: TEXTS.marked }) : null, marked ? ` ${count(points, T.points)}` : T.training, rang ? h("small", { text: ` · ${id}` }) : null);
}

/** What the law says today, in one line that opens; its rules and sources open under them. @param {NonNullable<Spec["droit"]>} droit */
function lawBox(droit) {
  const text = h("div", { html: droit.html });
  const detail = droit.detail ? h("details", {}, h("summary", { text: TEXTS.detail }), h("div", { html: droit.detail })) : null;
  const rules = (detail || text).querySelectorAll("ul > li").length;
  return h("details", { class: "droit", hidden: Boolean(droit.apres) }, h("summary", { text: rules ? count(rules, TEXTS.rules) : TEXTS.law }), text, detail);
}

/** The documents that the question names, each folded: they stay beside the answer while one works. @param {Annexe[]} list */
function documents(list) {
  return h("div", { class: "documents" }, list.map((annexe) => h("details", { class: "menu" }, h("summary", { text: annexe.titre }),
    h("div", { class: "panneau document", tabindex: "0", role: "region", "aria-label": annexe.titre, html: annexe.html }))));
}

/** Say in the head of the card whether the answer is on disk. @param {HTMLElement} node @param {SavingState} state @param {string} [date] */
export function showSaving(node, state, date) {
  const texts = { saving: T.saving, saved: `✓ ${savedText(date)}`, failed: T.notSaved, late: T.notSavedYet, absent: T.notSaved };
  node.className = `etat ${state}`;
  node.textContent = texts[state];
}

/** « enregistré à 10:42 », or the day when it was not today. @param {string} [date] */
function savedText(date) {
  const when = date ? new Date(date) : new Date();
  if (Number.isNaN(when.getTime())) return T.saved;
  const time = when.toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" });
  if (when.toDateString() === new Date().toDateString()) return fill(T.savedAt, { time });
  return fill(T.savedOn, { day: when.toLocaleDateString("fr-FR", { day: "2-digit", month: "2-digit" }), time });
}
