// The flashcards: Python says which card and when it comes back; the page shows it, takes the rating, keeps the answer.
import { count, fill, h, makeSpeaker, sameJson } from "./dom.js";
import { button, makeFrame, savedText } from "./frame.js";
import { makeKernel } from "./kernel.js";
import { keepKeys } from "./keys.js";
import { progressTable } from "./memory_stats.js";
import { makeStore } from "./store.js";
import { T } from "./texts.js";
import { TM } from "./texts_memory.js";
import { followTheme } from "./theme.js";

/** The trait `vue`. @typedef {{ etat?: string, faites: number, total: number, annulable?: boolean, stats?: Record<string, Json>, carte?: Flashcard | null }} View */
/** @typedef {{ nom: string, recto: string, verso: string, sens: string, theme?: string, source?: string, intervalles?: Record<string, string> }} Flashcard */

/** @type {Render} */
function render({ model, el }) {
  const root = h("div", { class: "crc", lang: "fr" });
  el.append(root);
  const closeTheme = followTheme(root);
  const spec = /** @type {Spec & { tailles?: number[], themes?: string[] }} */ (model.get("question") || {});
  const viewed = () => /** @type {View} */ (model.get("vue") || {});
  const frame = makeFrame({ ...spec, points: 0 });
  const speaker = makeSpeaker();
  const message = h("p", { class: "message", role: "status" });
  root.dataset.crcQuestion = spec.id;
  root.append(frame.card, speaker.node);
  frame.feedback.append(message);
  const store = makeStore(root, spec.id, spec.activite, showState);
  const kernel = makeKernel(model, { erreur: ({ texte }) => tell(texte, "alerte") }, () => tell(TM.deadKernel, "alerte"));
  let turned = false; // the answer of the card on show is visible
  let asked = ""; // the card whose rating was sent: not twice
  let alive = true;
  /** @type {Record<string, string | number>} */
  let choices = { taille: spec.tailles?.[1] ?? 10, sens: "deux", theme: "" };
  keepKeys(root, () => {});
  root.addEventListener("keydown", onKey);

  /** @param {string} text @param {string} [look] */
  function tell(text, look) {
    message.className = `message ${text ? look || "" : ""}`;
    message.textContent = text || "";
    asked = "";
  }

  /** @param {SavingState} state @param {string} [date] */
  function showState(state, date) {
    const texts = { saving: T.saving, saved: `✓ ${savedText(date)}`, failed: T.notSaved, late: T.notSavedYet, absent: T.notSaved };
    frame.state.className = `etat ${state}`;
    frame.state.textContent = texts[state];
    if (state === "absent") {
      kernel.tell({ type: "sans_plugin" });
      frame.state.textContent = T.savedBeside;
    }
  }

  // ---- what is shown
  /** @param {boolean} focus */
  function show(focus) {
    const view = viewed();
    asked = "";
    const page = view.etat === "fin" ? endPage(view) : view.etat === "question" && view.carte ? cardPage(view, view.carte) : startPage(view);
    frame.body.replaceChildren(...page.filter((each) => each !== null));
    const next = frame.body.querySelector("[data-focus]");
    if (focus && next instanceof HTMLElement) next.focus();
  }

  /** @param {View} view */
  function startPage(view) {
    const { a_revoir: due = 0, nouvelles = 0 } = view.stats || {};
    const text = due ? count(due, TM.welcome) : nouvelles ? TM.nothing : TM.nothingLeft;
    return [h("p", null, h("b", { text })), nouvelles ? h("p", { class: "aide", text: count(nouvelles, TM.fresh) }) : null,
      due || nouvelles ? starter() : null, undoButton(view), progressTable(view.stats || {})];
  }

  function starter() {
    const choose = (/** @type {string} */ name, /** @type {string[][]} */ options) => {
      const select = h("select", { on: { change: () => { choices = { ...choices, [name]: name === "taille" ? Number(select.value) : select.value }; } } },
        options.map(([value, text]) => h("option", { value, text, selected: String(choices[name]) === value })));
      return select;
    };
    const label = (/** @type {string} */ text, /** @type {HTMLElement} */ node) => h("label", null, h("span", { text }), node);
    return h("div", { class: "groupe reglages" },
      label(TM.size, choose("taille", (spec.tailles || []).map((n) => [String(n), String(n)]))),
      label(TM.direction, choose("sens", Object.entries(TM.directions))),
      label(TM.theme, choose("theme", [["", TM.allThemes], ...(spec.themes || []).map((name) => [name, name])])),
      button(TM.start, () => { tell(""); kernel.ask({ type: "session", ...choices }); }, "principal", { "data-focus": true }));
  }

  /** @param {View} view @param {Flashcard} carte */
  function cardPage(view, carte) {
    const question = carte.sens === "terme" ? TM.askTerm : TM.askDefinition;
    const done = fill(TM.position, { n: Math.min(view.faites + 1, view.total), total: view.total });
    const front = h("div", { class: "face recto", role: "group", "aria-label": TM.front },
      h("p", { class: "aide", text: question }), h("p", { class: "mot", text: carte.recto }));
    const back = turned ? h("div", { class: "face verso", role: "group", "aria-label": TM.back, tabindex: -1, "data-focus": true },
      h("p", { class: "mot", text: carte.verso || TM.missing }), carte.source ? h("p", { class: "aide", text: fill(TM.course, { source: carte.source }) }) : null) : null;
    const below = turned ? h("div", { class: "notes", role: "group", "aria-label": TM.rate }, Object.entries(TM.ratings).map(ratingButton(carte)))
      : h("div", { class: "groupe" }, h("button", { type: "button", class: "principal", "data-focus": true, on: { click: turn } }, TM.show, h("small", { text: TM.showKey })));
    return [h("p", { class: "avancee" }, h("b", { text: done }), carte.theme ? ` · ${carte.theme}` : ""),
      h("progress", { max: view.total || 1, value: view.faites || 0, "aria-label": done }), front, back, below,
      h("div", { class: "groupe" }, undoButton(view), button(TM.stop, () => kernel.ask({ type: "arreter" }), "petit discret")),
      h("p", { class: "aide", text: TM.keysHelp })];
  }

  const ratingButton = (/** @type {Flashcard} */ carte) => (/** @type {string[]} */ [value, text]) => h("button", {
    type: "button", class: `note-${value}`, "data-note": value, on: { click: () => rate(Number(value)) },
  }, h("b", { text: `${value} · ${text}` }), h("small", { text: fill(TM.again, { delay: carte.intervalles?.[value] || "?" }) }));

  /** @param {View} view */
  function endPage(view) {
    return [h("p", null, h("b", { text: count(view.faites, TM.done) })),
      h("div", { class: "groupe" }, button(TM.another, () => kernel.ask({ type: "arreter" }), "principal", { "data-focus": true }), undoButton(view)),
      progressTable(view.stats || {})];
  }

  /** @param {View} view */
  function undoButton(view) {
    return view.annulable ? button(TM.undo, undo, "petit discret") : null;
  }

  // ---- what is done
  function turn() {
    turned = true;
    show(true);
    speaker.say(viewed().carte?.verso || TM.missing);
  }

  /** @param {number} note */
  function rate(note) {
    const { carte } = viewed();
    if (!carte || !turned || asked === carte.nom) return;
    asked = carte.nom;
    kernel.ask({ type: "note", carte: carte.nom, note });
  }

  function undo() {
    tell("");
    kernel.ask({ type: "annuler_note" });
    speaker.say(TM.undone);
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    const view = viewed();
    const command = event.ctrlKey || event.metaKey;
    const on = (/** @type {string} */ places) => event.target instanceof Element && event.target.closest(places);
    if (on("select, input, textarea") || event.altKey) return;
    if (command && event.key.toLowerCase() === "z" && view.annulable) undo();
    else if (command || view.etat !== "question") return;
    else if (event.key === " " && !turned && !on("button")) turn();
    else if (turned && /^[1-4]$/.test(event.key)) rate(Number(event.key));
    else return;
    event.preventDefault();
  }

  // ---- what comes from Python
  let before = "";
  function onView() {
    const view = viewed();
    const key = `${view.etat}:${view.carte?.nom}:${view.faites}`;
    if (key === before) return;
    const inside = root.contains(document.activeElement) || asked !== "" || !before;
    before = key;
    turned = false;
    show(inside && root.isConnected && document.activeElement !== document.body ? true : asked !== "");
    if (view.carte) speaker.say(view.carte.recto);
  }

  let looking = false;
  function onValue() {
    if (!looking) queueMicrotask(keep);
    looking = true;
  }

  /** Python rated a card: what it keeps goes to the notebook. */
  function keep() {
    looking = false;
    const valeur = model.get("valeur") ?? null;
    if (alive && valeur && !sameJson(store.read().reponse?.valeur ?? null, valeur)) write(valeur);
  }

  /** @param {Json} valeur */
  function write(valeur) {
    store.write({ valeur, source: "carte", essais: 0, indices: 0, date: model.get("date_valeur") || "" });
  }

  const listeners = { "change:vue": onView, "change:valeur": onValue, "change:date_valeur": onValue };
  for (const [type, listener] of Object.entries(listeners)) model.on(type, listener);
  onView();

  /** The notebook's own value wins unless Python's is later. */
  store.ready().then(() => {
    if (!alive) return;
    const { ok, reponse } = store.read();
    if (ok !== true) return showState("absent");
    const given = model.get("valeur") ?? null;
    const later = (Date.parse(reponse?.date) || 0) > (Date.parse(model.get("date_valeur")) || 0);
    if (reponse && (later || !given)) {
      if (!sameJson(reponse.valeur ?? null, given)) kernel.tell({ type: "relu", reponse });
      showState("saved", reponse.date);
    } else if (given && !sameJson(reponse?.valeur ?? null, given)) write(given);
  });

  return () => {
    alive = false;
    for (const [type, listener] of Object.entries(listeners)) model.off(type, listener);
    kernel.close();
    store.close();
    closeTheme();
  };
}

export default { render };
