// A form to inspect: the form on one side, the list of what it must say on the other, then a conclusion.
import { choices } from "./choix.js";
import { count, fill, h, uid } from "./dom.js";
import { makeForm } from "./form_view.js";
import { showNote } from "./note.js";
import { T } from "./texts.js";

/** @type {Mount} */
export function formulaire({ spec, changed, say, annexes, annex }) {
  const form = spec.formulaire || { titre: "", conclusion: "", zones: [] };
  const mentions = (spec.gauche || []).map((item) => makeMention(item, touched));
  const others = choices({ spec: { options: spec.options }, labelledby: uid("autres"), changed: () => touched() }, "checkbox");
  const yesNo = { options: [{ id: "oui", texte: T.conclusionYes }, { id: "non", texte: T.conclusionNo }] };
  const conclusionId = uid("conclusion");
  const conclusion = choices({ spec: yesNo, labelledby: conclusionId, changed: () => touched() }, "radio");
  const tally = h("p", { class: "aide" });
  const view = makeForm({ form, mentions: mentions.map(({ id, text }) => ({ id, text })), others: spec.options || [], onState: setFromZone });

  const othersTitle = h("p", { class: "libelle", id: others.node.getAttribute("aria-labelledby"), text: T.otherFaults });
  const node = h("div", { class: "inspection" },
    h("p", { class: "aide", text: T.formHelp }),
    h("div", { class: "deux" }, view.node,
      h("div", { class: "mentions" }, h("p", { class: "libelle", text: T.mentionsTitle }), mentions.map((mention) => mention.node), tally,
        spec.options?.length ? [othersTitle, others.node] : null)),
    h("div", { class: "conclusion" }, h("p", { class: "libelle", id: conclusionId, text: form.conclusion }), conclusion.node));
  conclusion.node.classList.add("en-ligne");
  refresh();

  /** @param {string} zone @param {string} id @param {string} state */
  function setFromZone(zone, id, state) {
    const mention = mentions.find((each) => each.id === id);
    if (mention) {
      mention.set(state, zone);
      say(fill(T.zoneSaid, { mention: mention.text, state: STATES[state] }));
    } else {
      others.fill([...new Set([...others.value(), id])]);
    }
    touched();
  }

  function touched() {
    refresh();
    changed("now");
    annex({ constats: Object.fromEntries(mentions.filter((each) => each.state()).map((each) => [each.id, each.found()])) });
  }

  function refresh() {
    const done = mentions.filter((mention) => mention.state()).length;
    tally.textContent = fill(count(done, T.examined), { total: mentions.length });
    view.show(mentions.filter((mention) => mention.zone()).map((mention) => [mention.zone(), `${mention.id} ${STATES[mention.state()]}`]));
  }

  return {
    node,
    wide: true,
    /** Only what is missing or not valid is the answer; what was found present is kept beside it. */
    value: () => {
      const faults = [...mentions.filter((mention) => ["absente", "invalide"].includes(mention.state())).map((mention) => mention.id), ...others.value()];
      const concluded = conclusion.value() ?? "";
      return concluded || faults.length ? { conclusion: concluded, manquements: faults } : null;
    },
    fill: (value) => {
      const faults = (Array.isArray(value?.manquements) ? value.manquements : []).map(String);
      const found = annexes().constats || {};
      for (const mention of mentions) {
        const known = found[mention.id];
        const missing = faults.includes(mention.id);
        if (known && missing === (known.etat !== "presente")) mention.set(known.etat, known.zone);
        else mention.set(missing ? "absente" : "", "");
      }
      others.fill(faults);
      conclusion.fill(value?.conclusion ?? null);
      refresh();
    },
    mark: (notes) => {
      for (const mention of mentions) mention.mark(notes?.[mention.id]);
      others.mark(notes);
      conclusion.mark(Object.fromEntries(["oui", "non"].map((id) => [id, notes?.[`conclusion.${id}`]]).filter(([, note]) => note)));
    },
  };
}

/** @type {Record<string, string>} */
const STATES = { presente: T.mentionPresent, absente: T.mentionAbsent, invalide: T.mentionInvalid };

/** One mention: present, absent or not valid, and perhaps the zone where it was found. @param {Option} item @param {() => void} touched */
function makeMention(item, touched) {
  const titleId = uid("mention");
  const group = uid("etat");
  const note = h("small", { class: "note-champ" });
  let place = "";
  const inputs = Object.entries(STATES).map(([state, label]) => ({
    state,
    label,
    input: h("input", { type: "radio", name: group, value: state, on: { change: () => { place = ""; showNote(note, null); touched(); } } }),
  }));
  const state = () => inputs.find(({ input }) => input.checked)?.state || "";
  return {
    id: String(item.id),
    text: item.texte,
    node: h("div", { class: "mention", role: "radiogroup", "aria-labelledby": titleId },
      h("p", { id: titleId, class: "mention-titre" }, h("b", { text: `${item.id} ` }), item.texte),
      h("div", { class: "etats" }, inputs.map(({ input, label }) => h("label", null, input, ` ${label}`))), note),
    state,
    zone: () => (state() ? place : ""),
    found: () => (place ? { etat: state(), zone: place } : { etat: state() }),
    set: (/** @type {string} */ wanted, /** @type {string | undefined} */ zone) => {
      for (const each of inputs) each.input.checked = each.state === wanted;
      place = zone || "";
      showNote(note, null);
    },
    mark: (/** @type {Note | undefined} */ found) => showNote(note, found),
  };
}
