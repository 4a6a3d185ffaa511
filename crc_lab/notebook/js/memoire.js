// The flashcards: Python says which card and when it comes back; the page shows it, takes the rating, keeps the answer.
import { button, count, fill, h, makeMessage, sameJson, together } from "./dom.js";
import { makeFrame, showSaving } from "./frame.js";
import { makeKernel } from "./kernel.js";
import { makeStore } from "./notebook.js";
import { makeCard } from "./shell.js";
import { T } from "./texts.js";

const TEXTS = {
  welcome: ["{n} carte à revoir aujourd’hui.", "{n} cartes à revoir aujourd’hui."],
  nothing: "Rien à revoir aujourd’hui. Revenez demain, ou découvrez de nouvelles cartes.",
  nothingLeft: "Rien à revoir aujourd’hui, et vous avez déjà vu toutes les cartes. Revenez demain.",
  fresh: ["{n} carte jamais vue.", "{n} cartes jamais vues."],
  size: "Combien de cartes ?",
  direction: "On me montre…",
  directions: { deux: "tantôt le mot, tantôt la définition", definition: "le mot, je cherche la définition", terme: "la définition, je cherche le mot" },
  start: "Commencer",
  undo: "Annuler la dernière note",
  undone: "Note annulée : la carte est de nouveau devant vous.",
  askDefinition: "Que veut dire ce mot ?",
  askTerm: "Quel est ce mot ?",
  show: "Voir la réponse",
  showKey: " (espace)",
  front: "Recto",
  back: "Réponse",
  missing: "Cette carte n’est plus dans le lexique. Donnez-lui n’importe quelle note pour continuer.",
  rate: "Avez-vous trouvé ?",
  ratings: { 1: "À revoir", 2: "Difficile", 3: "Bien", 4: "Facile" },
  again: "dans {delay}",
  course: "Dans le cours : {source}.",
  position: "Carte {n} sur {total}",
  stop: "Arrêter là",
  keysHelp: "Au clavier : Espace montre la réponse, 1 à 4 donnent la note, Ctrl + Z l’annule.",
  deadKernel: "Le moteur de calcul ne répond pas : la note n’a pas été prise. Cliquez sur « Tout relancer », vos progrès sont gardés.",
  done: ["Session finie : {n} carte revue.", "Session finie : {n} cartes revues."],
  another: "Une autre session",
  statistics: "Mes progrès",
  learnt: "Apprises",
  learning: "En cours",
  unseen: "Jamais vues",
  due: "À revoir maintenant",
  today: "Notes aujourd’hui",
  learntHelp: "Une carte est apprise quand elle peut attendre une semaine.",
  forecast: "Cartes à revoir dans les jours qui viennent",
  day: "Jour",
  cards: "Cartes",
  todayShort: "aujourd’hui",
  tomorrow: "demain",
  inDays: "dans {n} jours",
};

/** The trait `vue`; `etat`: accueil, question or fin. Messages: `session` {taille, sens, theme}, `note` {carte, note},
 * `annuler_note`, `arreter`, `relu` {reponse}, `sans_plugin`.
 * @typedef {{ etat?: string, faites: number, total: number, annulable?: boolean, stats?: Record<string, Json>, carte?: Flashcard | null }} View */
/** @typedef {{ nom: string, recto: string, verso: string, sens: string, theme?: string, source?: string, intervalles?: Record<string, string> }} Flashcard */

export default makeCard((shell) => {
  const { model, root, say, isAlive } = shell;
  const spec = /** @type {Spec & { tailles?: number[], themes?: string[] }} */ (model.get("question") || {});
  const viewed = () => /** @type {View} */ (model.get("vue") || {});
  const frame = makeFrame({ ...spec, points: 0 });
  const message = makeMessage();
  root.dataset.crcQuestion = spec.id;
  root.append(frame.card);
  frame.feedback.append(message.node);
  const store = makeStore(shell, spec, showState);
  const kernel = makeKernel(shell, { erreur: ({ texte }) => tell(texte, "alerte") }, () => tell(TEXTS.deadKernel, "alerte"));
  let turned = false; // the answer of the card on show is visible
  let asked = ""; // the card whose rating was sent: not twice
  /** @type {Record<string, string | number>} */
  let choices = { taille: spec.tailles?.[1] ?? 10, sens: "deux", theme: "" };
  root.addEventListener("keydown", onKey);

  /** @param {string} text @param {string} [look] */
  function tell(text, look) {
    message.say(text, look);
    asked = "";
  }

  /** @param {SavingState} state @param {string} [date] */
  function showState(state, date) {
    showSaving(frame.state, state, date);
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
    const text = due ? count(due, TEXTS.welcome) : nouvelles ? TEXTS.nothing : TEXTS.nothingLeft;
    return [h("p", null, h("b", { text })), nouvelles ? h("p", { class: "aide", text: count(nouvelles, TEXTS.fresh) }) : null,
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
      label(TEXTS.size, choose("taille", (spec.tailles || []).map((n) => [String(n), String(n)]))),
      label(TEXTS.direction, choose("sens", Object.entries(TEXTS.directions))),
      label(T.theme, choose("theme", [["", T.allThemes], ...(spec.themes || []).map((name) => [name, name])])),
      button(TEXTS.start, () => { tell(""); kernel.ask({ type: "session", ...choices }); }, "principal", { "data-focus": true }));
  }

  /** @param {View} view @param {Flashcard} carte */
  function cardPage(view, carte) {
    const question = carte.sens === "terme" ? TEXTS.askTerm : TEXTS.askDefinition;
    const done = fill(TEXTS.position, { n: Math.min(view.faites + 1, view.total), total: view.total });
    const front = h("div", { class: "face recto", role: "group", "aria-label": TEXTS.front },
      h("p", { class: "aide", text: question }), h("p", { class: "mot", text: carte.recto }));
    const back = turned ? h("div", { class: "face verso", role: "group", "aria-label": TEXTS.back, tabindex: -1, "data-focus": true },
      h("p", { class: "mot", text: carte.verso || TEXTS.missing }), carte.source ? h("p", { class: "aide", text: fill(TEXTS.course, { source: carte.source }) }) : null) : null;
    const below = turned ? h("div", { class: "notes", role: "group", "aria-label": TEXTS.rate }, Object.entries(TEXTS.ratings).map(ratingButton(carte)))
      : h("div", { class: "groupe" }, h("button", { type: "button", class: "principal", "data-focus": true, on: { click: turn } }, TEXTS.show, h("small", { text: TEXTS.showKey })));
    return [h("p", { class: "avancee" }, h("b", { text: done }), carte.theme ? ` · ${carte.theme}` : ""),
      h("progress", { max: view.total || 1, value: view.faites || 0, "aria-label": done }), front, back, below,
      h("div", { class: "groupe" }, undoButton(view), button(TEXTS.stop, () => kernel.ask({ type: "arreter" }), "petit discret")),
      h("p", { class: "aide", text: TEXTS.keysHelp })];
  }

  const ratingButton = (/** @type {Flashcard} */ carte) => (/** @type {string[]} */ [value, text]) => h("button", {
    type: "button", class: `note-${value}`, "data-note": value, on: { click: () => rate(Number(value)) },
  }, h("b", { text: `${value} · ${text}` }), h("small", { text: fill(TEXTS.again, { delay: carte.intervalles?.[value] || "?" }) }));

  /** @param {View} view */
  function endPage(view) {
    return [h("p", null, h("b", { text: count(view.faites, TEXTS.done) })),
      h("div", { class: "groupe" }, button(TEXTS.another, () => kernel.ask({ type: "arreter" }), "principal", { "data-focus": true }), undoButton(view)),
      progressTable(view.stats || {})];
  }

  /** @param {View} view */
  function undoButton(view) {
    return view.annulable ? button(TEXTS.undo, undo, "petit discret") : null;
  }

  // ---- what is done
  function turn() {
    turned = true;
    show(true);
    say(viewed().carte?.verso || TEXTS.missing);
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
    say(TEXTS.undone);
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
    if (view.carte) say(view.carte.recto);
  }

  /** Python rated a card: what it keeps goes to the notebook. */
  function keep() {
    const valeur = model.get("valeur") ?? null;
    if (isAlive() && valeur && !sameJson(store.read().reponse?.valeur ?? null, valeur)) write(valeur);
  }

  /** @param {Json} valeur */
  function write(valeur) {
    store.write({ valeur, source: "carte", essais: 0, indices: 0, date: model.get("date_valeur") || "" });
  }

  const onValue = together(keep);
  shell.follow({ vue: onView, valeur: onValue, date_valeur: onValue });
  onView();

  /** The notebook's own value wins unless Python's is later. */
  shell.whenShown(() => {
    const { ok, reponse } = store.read();
    if (ok !== true) return showState("absent");
    const given = model.get("valeur") ?? null;
    const later = (Date.parse(reponse?.date) || 0) > (Date.parse(model.get("date_valeur")) || 0);
    if (reponse && (later || !given)) {
      if (!sameJson(reponse.valeur ?? null, given)) kernel.tell({ type: "relu", reponse });
      showState("saved", reponse.date);
    } else if (given && !sameJson(reponse?.valeur ?? null, given)) write(given);
  });
});

/** `stats`: see crc_lab.notebook.flashcards. @param {Record<string, Json>} stats */
function progressTable(stats) {
  const numbers = [
    [TEXTS.due, stats.a_revoir], [TEXTS.learnt, stats.apprises], [TEXTS.learning, stats.en_cours], [TEXTS.unseen, stats.nouvelles],
    [TEXTS.today, stats.aujourdhui],
  ];
  const coming = /** @type {number[]} */ (stats.previsions || []);
  const most = Math.max(1, ...coming);
  const dayName = (/** @type {number} */ n) => (n === 0 ? TEXTS.todayShort : n === 1 ? TEXTS.tomorrow : fill(TEXTS.inDays, { n }));
  return h("details", { class: "progres" }, h("summary", { text: TEXTS.statistics }),
    h("dl", { class: "chiffres" }, numbers.map(([name, n]) => h("div", null, h("dt", { text: name }), h("dd", { text: String(n ?? 0) })))),
    h("p", { class: "aide", text: TEXTS.learntHelp }),
    h("table", { class: "previsions" }, h("caption", { text: TEXTS.forecast }),
      h("thead", null, h("tr", null, h("th", { scope: "col", text: TEXTS.day }), h("th", { scope: "col", text: TEXTS.cards }))),
      h("tbody", null, coming.map((n, day) => h("tr", null, h("th", { scope: "row", text: dayName(day) }),
        h("td", null, h("span", { class: "barre-jour", style: `width:${Math.round((80 * n) / most)}px`, "aria-hidden": "true" }), ` ${n}`))))));
}
