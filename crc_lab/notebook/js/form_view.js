// The form itself, as its visitors would see it. Nothing can be filled in: each zone can be pointed at instead.
import { fill, h, uid } from "./dom.js";
import { button } from "./frame.js";
import { T } from "./texts.js";

/**
 * `onState(zone id, mention id, "presente" | "invalide")`; show([[zone id, text]]) tags the zones.
 * @param {{ form: FormSpec, mentions: { id: string, text: string }[], others: Option[], onState: (zone: string, id: string, state: string) => void }} given
 */
export function makeForm({ form, mentions, others, onState }) {
  const zones = (form.zones || []).map((zone, position) => makeZone(zone, position + 1, open));
  let chooser = /** @type {{ zone: DrawnZone, box: HTMLElement } | null} */ (null);
  const node = h("div", { class: "formulaire", role: "group", "aria-label": fill(T.formToInspect, { title: form.titre }) },
    h("p", { class: "formulaire-titre", text: form.titre }),
    form.sous_titre ? h("p", { class: "formulaire-sous-titre", text: form.sous_titre }) : null,
    zones.map((zone) => zone.node));

  /** @param {DrawnZone} zone */
  function open(zone) {
    const again = chooser?.zone === zone;
    close();
    if (again) return;
    const select = h("select", { id: uid("choix") }, h("option", { value: "", text: T.choose }),
      [...mentions.map(({ id, text }) => [id, `${id} ${text}`]), ...others.map(({ id, texte }) => [id, texte])]
        .map(([id, text]) => h("option", { value: String(id), text })));
    const warning = h("span", { class: "aide", role: "status" });
    const say = (/** @type {string} */ state) => () => {
      if (!select.value) { warning.textContent = T.zoneNone; select.focus(); return; }
      const id = select.value;
      close();
      zone.button.focus();
      onState(zone.id, id, state);
    };
    const box = h("div", { class: "choix-zone", on: { keydown: (event) => { if (event.key === "Escape") { close(); zone.button.focus(); } } } },
      h("label", { for: select.id, text: fill(T.zoneQuestion, { n: zone.number }) }), select,
      h("div", { class: "groupe" }, button(T.zonePresent, say("presente"), "petit"), button(T.zoneInvalid, say("invalide"), "petit"),
        button(T.zoneClose, () => { close(); zone.button.focus(); }, "petit discret")), warning);
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
    node,
    show: (/** @type {string[][]} */ tags) => {
      for (const zone of zones) zone.tag.textContent = tags.filter(([id]) => id === zone.id).map(([, text]) => text).join(", ");
    },
  };
}

/** @typedef {{ id: string, number: number, button: HTMLElement, tag: HTMLElement, node: HTMLElement }} DrawnZone */

/** One zone: what the form shows, its number (a button), what was said of it. A click anywhere in it points at it. @param {Zone} zone @param {number} number @param {(zone: DrawnZone) => void} open */
function makeZone(zone, number, open) {
  const words = /** @type {Record<string, string>} */ ({
    champ: fill(T.zoneField, { text: zone.obligatoire ? fill(T.zoneRequired, { text: zone.texte }) : zone.texte }),
    case: fill(zone.cochee ? T.zoneChecked : T.zoneUnchecked, { text: zone.texte }),
    bouton: fill(T.zoneButton, { text: zone.texte }),
  });
  const pointer = h("button", {
    type: "button", class: "zone-numero", "aria-expanded": "false", "aria-label": fill(T.zoneName, { n: number, text: words[zone.genre] || zone.texte }),
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
