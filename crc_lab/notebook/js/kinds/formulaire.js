// A form to inspect: the form on one side, the list of what it must say on the other, then a conclusion.
import { button, count, fill, h, uid } from "../dom.js";
import { choices, showNote, wholeChoice } from "../fields.js";
import { T } from "../texts.js";

const TEXTS = {
  formToInspect: "Formulaire à examiner : {title}",
  formHelp: "Cliquez sur une zone du formulaire (au clavier : Tab, puis Entrée) pour dire à quelle mention elle répond, ou répondez directement dans la liste.",
  zoneName: "Zone {n} : {text}",
  zoneField: "champ à remplir « {text} »",
  zoneRequired: "{text}, obligatoire",
  zoneChecked: "case à cocher, déjà cochée : {text}",
  zoneUnchecked: "case à cocher, vide : {text}",
  zoneButton: "bouton « {text} »",
  zoneQuestion: "À quelle mention répond la zone {n} ?",
  zonePresent: "La mention y est",
  zoneInvalid: "Elle y est, mais n’est pas valable",
  zoneClose: "Fermer",
  zoneNone: "Choisissez d’abord une mention.",
  zoneSaid: "{mention} : {state}.",
  mentionsTitle: "Les mentions, une par une",
  mentionPresent: "présente",
  mentionAbsent: "absente",
  mentionInvalid: "non valable",
  otherFaults: "Autres remarques sur ce formulaire",
  conclusionYes: "Oui",
  conclusionNo: "Non",
  examined: ["{n} mention examinée sur {total}", "{n} mentions examinées sur {total}"],
};

/** @type {Record<string, string>} */
const STATES = { presente: TEXTS.mentionPresent, absente: TEXTS.mentionAbsent, invalide: TEXTS.mentionInvalid };

/** @type {Kind} */
export const formulaire = {
  mount({ spec, changed, say, annexes, annex }) {
    const form = spec.formulaire || { titre: "", conclusion: "", zones: [] };
    const mentions = (spec.gauche || []).map((item) => makeMention(item, touched));
    const [othersId, conclusionId] = [uid("autres"), uid("conclusion")];
    const others = choices({ spec, labelledby: othersId, changed: touched }, "checkbox");
    const yesNo = { options: [{ id: "oui", texte: TEXTS.conclusionYes }, { id: "non", texte: TEXTS.conclusionNo }] };
    const conclusion = choices({ spec: yesNo, labelledby: conclusionId, changed: touched }, "radio");
    const tally = h("p", { class: "aide" });
    const view = makeForm(form, mentions, spec.options || [], setFromZone);
    conclusion.node.classList.add("en-ligne");
    refresh();

    /** @param {string} zone @param {string} id @param {string} state */
    function setFromZone(zone, id, state) {
      const mention = mentions.find((each) => each.id === id);
      if (mention) {
        mention.set(state, zone);
        say(fill(TEXTS.zoneSaid, { mention: mention.text, state: STATES[state] }));
      } else {
        others.setValue([...new Set([...others.value(), id])]);
      }
      touched();
    }

    function touched() {
      refresh();
      changed("now");
      annex({ constats: Object.fromEntries(mentions.filter((each) => each.state()).map((each) => [each.id, each.found()])) });
    }

    function refresh() {
      tally.textContent = fill(count(mentions.filter((mention) => mention.state()).length, TEXTS.examined), { total: mentions.length });
      view.show(mentions.filter((mention) => mention.zone()).map((mention) => [mention.zone(), `${mention.id} ${STATES[mention.state()]}`]));
    }

    return {
      node: h("div", { class: "inspection" },
        h("p", { class: "aide", text: TEXTS.formHelp }),
        h("div", { class: "deux" }, view.node,
          h("div", { class: "mentions" }, h("p", { class: "libelle", text: TEXTS.mentionsTitle }), mentions.map((mention) => mention.node), tally,
            spec.options?.length ? [h("p", { class: "libelle", id: othersId, text: TEXTS.otherFaults }), others.node] : null)),
        h("div", { class: "conclusion" }, h("p", { class: "libelle", id: conclusionId, text: form.conclusion }), conclusion.node)),
      width: "wide",
      annexes: ["constats"],
      /** Only what is missing or not valid is the answer; what was found present is kept beside it. */
      value: () => {
        const faults = [...mentions.filter((mention) => ["absente", "invalide"].includes(mention.state())).map((mention) => mention.id), ...others.value()];
        const concluded = conclusion.value() ?? "";
        return concluded || faults.length ? { conclusion: concluded, manquements: faults } : null;
      },
      setValue: (value) => {
        const faults = (Array.isArray(value?.manquements) ? value.manquements : []).map(String);
        const found = annexes().constats || {};
        for (const mention of mentions) {
          const known = found[mention.id];
          const missing = faults.includes(mention.id);
          if (known && missing === (known.etat !== "presente")) mention.set(known.etat, known.zone);
          else mention.set(missing ? "absente" : "");
        }
        others.setValue(faults);
        conclusion.setValue(value?.conclusion);
        refresh();
      },
      setFeedback: (notes = {}) => {
        for (const mention of mentions) mention.mark(notes[mention.id]);
        others.setFeedback(notes);
        conclusion.setFeedback({ oui: notes["conclusion.oui"], non: notes["conclusion.non"] });
      },
    };
  },
};

/** One mention: present, absent or not valid, and perhaps the zone where it was found. @param {Option} item @param {() => void} touched */
function makeMention(item, touched) {
  const titleId = uid("mention");
  const group = uid("etat");
  const note = h("small", { class: "note-champ" });
  let place = "";
  const inputs = Object.keys(STATES).map((value) => h("input", {
    type: "radio", name: group, value, on: { change: () => { place = ""; showNote(note); touched(); } },
  }));
  const state = () => inputs.find((input) => input.checked)?.value || "";
  return {
    id: String(item.id),
    text: item.texte,
    node: h("div", { class: "mention", role: "radiogroup", "aria-labelledby": titleId },
      h("p", { id: titleId, class: "mention-titre" }, h("b", { text: `${item.id} ` }), item.texte),
      h("div", { class: "etats" }, inputs.map((input) => h("label", null, input, ` ${STATES[input.value]}`))), note),
    state,
    zone: () => (state() ? place : ""),
    found: () => (place ? { etat: state(), zone: place } : { etat: state() }),
    set: (/** @type {string} */ wanted, zone = "") => {
      for (const input of inputs) input.checked = input.value === wanted;
      place = zone;
      showNote(note);
    },
    mark: (/** @type {Note | undefined} */ found) => showNote(note, found),
  };
}

/** @typedef {{ id: string, number: number, button: HTMLElement, tag: HTMLElement, node: HTMLElement }} DrawnZone */

/**
 * The form as its visitors would see it. Nothing can be filled in: each zone can be pointed at instead.
 * `onState(zone, mention, state)`; show([[zone, text]]) tags the zones.
 * @param {FormSpec} form @param {{ id: string, text: string }[]} mentions @param {Option[]} others
 * @param {(zone: string, id: string, state: string) => void} onState
 */
function makeForm(form, mentions, others, onState) {
  const zones = (form.zones || []).map((zone, position) => makeZone(zone, position + 1, open));
  const named = [...mentions.map(({ id, text }) => [id, `${id} ${text}`]), ...others.map(({ id, texte }) => [String(id), texte])];
  let chooser = /** @type {{ zone: DrawnZone, box: HTMLElement } | null} */ (null);

  /** @param {DrawnZone} zone */
  function open(zone) {
    const again = chooser?.zone === zone;
    close();
    if (again) return;
    const select = h("select", { id: uid("choix") }, h("option", { value: "", text: T.choose }), named.map(([value, text]) => h("option", { value, text })));
    const warning = h("span", { class: "aide", role: "status" });
    const leave = () => { close(); zone.button.focus(); };
    const say = (/** @type {string} */ state) => () => {
      if (!select.value) { warning.textContent = TEXTS.zoneNone; select.focus(); return; }
      leave();
      onState(zone.id, select.value, state);
    };
    const box = h("div", { class: "choix-zone", on: { keydown: (event) => { if (event.key === "Escape") leave(); } } },
      h("label", { for: select.id, text: fill(TEXTS.zoneQuestion, { n: zone.number }) }), select, wholeChoice(select).node,
      h("div", { class: "groupe" }, button(TEXTS.zonePresent, say("presente"), "petit"), button(TEXTS.zoneInvalid, say("invalide"), "petit"),
        button(TEXTS.zoneClose, leave, "petit discret")), warning);
    zone.node.append(box);
    zone.button.setAttribute("aria-expanded", "true");
    chooser = { zone, box };
    select.focus();
  }

  function close() {
    if (!chooser) return;
    chooser.box.remove();
    chooser.zone.button.setAttribute("aria-expanded", "false");
    chooser = null;
  }

  return {
    node: h("div", { class: "formulaire", role: "group", "aria-label": fill(TEXTS.formToInspect, { title: form.titre }) },
      h("p", { class: "formulaire-titre", text: form.titre }),
      form.sous_titre ? h("p", { class: "formulaire-sous-titre", text: form.sous_titre }) : null,
      zones.map((zone) => zone.node)),
    show: (/** @type {string[][]} */ tags) => {
      for (const zone of zones) zone.tag.textContent = tags.filter(([id]) => id === zone.id).map(([, text]) => text).join(", ");
    },
  };
}

/** One zone: what the form shows, its number (a button), what was said of it. A click anywhere in it points at it. @param {Zone} zone @param {number} number @param {(zone: DrawnZone) => void} open */
function makeZone(zone, number, open) {
  const words = /** @type {Record<string, string>} */ ({
    champ: fill(TEXTS.zoneField, { text: zone.obligatoire ? fill(TEXTS.zoneRequired, { text: zone.texte }) : zone.texte }),
    case: fill(zone.cochee ? TEXTS.zoneChecked : TEXTS.zoneUnchecked, { text: zone.texte }),
    bouton: fill(TEXTS.zoneButton, { text: zone.texte }),
  });
  const pointer = h("button", {
    type: "button", class: "zone-numero", "aria-expanded": "false", "aria-label": fill(TEXTS.zoneName, { n: number, text: words[zone.genre] || zone.texte }),
    text: String(number),
  });
  const tag = h("span", { class: "zone-dit" });
  const node = h("div", { class: "zone" }, h("div", { class: "zone-corps", on: { click: () => { open(made); } } }, content(zone), tag, pointer));
  const made = { id: String(zone.id), number, button: pointer, tag, node };
  return made;
}

/** The zone is drawn with real controls that nobody can fill (inert): the name of the zone's button says what they are. @param {Zone} zone */
function content(zone) {
  if (zone.genre === "champ") {
    return h("span", { class: "zone-champ", inert: true }, h("span", { text: `${zone.texte}${zone.obligatoire ? " *" : ""}` }), h("input", { type: "text" }));
  }
  if (zone.genre === "case") {
    return h("span", { class: "zone-case", inert: true }, h("input", { type: "checkbox", checked: Boolean(zone.cochee) }), h("span", { text: zone.texte }));
  }
  return h("span", { class: zone.genre === "bouton" ? "zone-bouton" : "zone-texte", inert: true, text: zone.texte });
}
