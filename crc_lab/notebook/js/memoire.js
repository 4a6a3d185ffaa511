// Cards with spaced repetition: Python says which card and when it comes back; the page shows it, takes the rating or the
// answer to a question, keeps what Python says.
import { button, count, fill, h, makeMessage, sameJson, together } from "./dom.js";
import { questionPage } from "./flash.js";
import { makeFrame, showSaving } from "./frame.js";
import { makeKernel } from "./kernel.js";
import { makeStore } from "./notebook.js";
import { makeCard } from "./shell.js";
import { T } from "./texts.js";

const TEXTS = {
  welcome: ["{n} carte à revoir aujourd’hui.", "{n} cartes à revoir aujourd’hui."],
  nothing: "Rien à revoir pour l’instant : découvrez de nouvelles cartes.",
  nothingLeft: "Rien à revoir pour l’instant, et vous avez déjà tout vu : bravo.",
  fresh: ["{n} carte jamais vue.", "{n} cartes jamais vues."],
  waiting: ["{n} question vous attend aujourd’hui.", "{n} questions vous attendent aujourd’hui."],
  doneToday: "Les questions du jour sont faites. Vous pouvez en faire d’autres.",
  freshQuestions: ["{n} question jamais vue.", "{n} questions jamais vues."],
  size: "Combien de cartes ?",
  sizeQuestions: "Combien de questions ?",
  today: "tous, d’abord celui du jour : {theme}",
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
  positionQuestion: "Question {n} sur {total}",
  stop: "Arrêter là",
  keysHelp: "Au clavier : Espace montre la réponse, 1 à 4 donnent la note, Ctrl + Z l’annule.",
  deadKernel: "Le moteur de calcul ne répond pas : rien n’a été noté. Cliquez sur « Tout relancer », vos progrès sont gardés.",
  done: ["C’est fini : {n} réponse.", "C’est fini : {n} réponses."],
  known: ["{n} sue du premier coup", "{n} sues du premier coup"],
  unknown: ["{n} à revoir, elle reviendra bientôt", "{n} à revoir, elles reviendront bientôt"],
  nothingDone: "Rien à faire dans ce thème pour l’instant : choisissez-en un autre.",
  another: "Une autre session",
  statistics: "Mes progrès",
  learnt: "Apprises",
  learning: "En cours",
  unseen: "Jamais vues",
  due: "À revoir maintenant",
  dueShort: "À revoir",
  doneHere: "Réponses aujourd’hui",
  streak: "Jours de suite",
  learntHelp: "Une carte est apprise quand elle peut attendre une semaine. Un jour manqué n’arrête pas la série ; deux jours, si.",
  byTheme: "Par thème",
  total: "En tout",
  forecast: "Cartes à revoir dans les jours qui viennent",
  day: "Jour",
  cards: "Cartes",
  todayShort: "aujourd’hui",
  tomorrow: "demain",
  inDays: "dans {n} jours",
};

/** The trait `vue`; `etat`: accueil, question or fin. Messages: `session` {taille, sens, theme}, `note` {carte, note},
 * `reponse` {carte, valeur} and `suite` (questions), `annuler_note`, `arreter`, `relu` {reponse}, `sans_plugin`.
 * @typedef {{ etat?: string, faites: number, total: number, annulable?: boolean, stats?: Record<string, Json>, carte?: Flashcard | null, bilan?: Summary[] }} View */
/** @typedef {{ texte: string, reponse: string, su: boolean }} Summary */

export const card = makeCard((shell) => {
  const { model, root, say, isAlive } = shell;
  const spec = /** @type {Spec & { paquet?: string, tailles?: number[], taille?: number, themes?: string[], theme_du_jour?: string }} */ (model.get("question") || {});
  const quiz = spec.paquet === "questions";
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
  let choices = { taille: spec.taille ?? 10, sens: "deux", theme: "" };
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
    const { a_revoir: due = 0, nouvelles = 0, attendent = 0 } = view.stats || {};
    const none = nouvelles ? TEXTS.nothing : TEXTS.nothingLeft;
    const text = quiz ? (attendent ? count(attendent, TEXTS.waiting) : TEXTS.doneToday) : due ? count(due, TEXTS.welcome) : none;
    return [h("p", null, h("b", { text })), nouvelles ? h("p", { class: "aide", text: count(nouvelles, quiz ? TEXTS.freshQuestions : TEXTS.fresh) }) : null,
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
      label(quiz ? TEXTS.sizeQuestions : TEXTS.size, choose("taille", (spec.tailles || []).map((n) => [String(n), String(n)]))),
      quiz ? null : label(TEXTS.direction, choose("sens", Object.entries(TEXTS.directions))),
      label(T.theme, choose("theme", [["", fill(TEXTS.today, { theme: spec.theme_du_jour || "" })], ...(spec.themes || []).map((name) => [name, name])])),
      button(TEXTS.start, () => { tell(""); kernel.ask({ type: "session", ...choices }); }, "principal", { "data-focus": true }));
  }

  /** @param {View} view @param {Flashcard} carte */
  function cardPage(view, carte) {
    const n = view.faites + (carte.reponse ? 0 : 1);
    const done = fill(quiz ? TEXTS.positionQuestion : TEXTS.position, { n: Math.min(n, view.total), total: view.total });
    const page = carte.champ ? questionPage(carte, { ask: kernel.ask, tell, last: view.faites === view.total }) : sides(carte);
    return [h("p", { class: "avancee" }, h("b", { text: done }), carte.theme ? ` · ${carte.theme}` : ""),
      h("progress", { max: view.total || 1, value: view.faites || 0, "aria-label": done }), ...page,
      h("div", { class: "groupe" }, undoButton(view), button(TEXTS.stop, () => kernel.ask({ type: "arreter" }), "petit discret")),
      carte.champ ? null : h("p", { class: "aide", text: TEXTS.keysHelp })];
  }

  /** The sides of a card: the second one, with the ratings, once it is turned. @param {Flashcard} carte */
  function sides(carte) {
    const question = carte.sens === "terme" ? TEXTS.askTerm : TEXTS.askDefinition;
    const front = h("div", { class: "face recto", role: "group", "aria-label": TEXTS.front },
      h("p", { class: "aide", text: question }), h("p", { class: "mot", text: carte.recto }));
    const back = turned ? h("div", { class: "face verso", role: "group", "aria-label": TEXTS.back, tabindex: -1, "data-focus": true },
      h("p", { class: "mot", text: carte.verso || TEXTS.missing }), carte.source ? h("p", { class: "aide", text: fill(TEXTS.course, { source: carte.source }) }) : null) : null;
    const below = turned ? h("div", { class: "notes", role: "group", "aria-label": TEXTS.rate }, Object.entries(TEXTS.ratings).map(ratingButton(carte)))
      : h("div", { class: "groupe" }, h("button", { type: "button", class: "principal", "data-focus": true, on: { click: turn } }, TEXTS.show, h("small", { text: TEXTS.showKey })));
    return [front, back, below];
  }

  const ratingButton = (/** @type {Flashcard} */ carte) => (/** @type {string[]} */ [value, text]) => h("button", {
    type: "button", class: `note-${value}`, "data-note": value, on: { click: () => rate(Number(value)) },
  }, h("b", { text: `${value} · ${text}` }), h("small", { text: fill(TEXTS.again, { delay: carte.intervalles?.[value] || "?" }) }));

  /** What was learnt. @param {View} view */
  function endPage(view) {
    const list = view.bilan || [];
    const known = list.filter((one) => one.su).length;
    const counts = [known ? count(known, TEXTS.known) : "", known < list.length ? count(list.length - known, TEXTS.unknown) : ""].filter(Boolean);
    return [h("p", null, h("b", { text: list.length ? count(view.faites, TEXTS.done) : TEXTS.nothingDone }), list.length ? ` ${counts.join(", ")}.` : ""),
      h("ul", { class: "bilan" }, list.map((one) => h("li", { class: one.su ? "juste" : "faux" },
        h("span", { text: one.su ? T.signRight : T.signWrong }), " ", h("b", { text: one.texte }), h("br"), one.reponse))),
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
    if (!carte || carte.champ || !turned || asked === carte.nom) return;
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
    if (on("select, input, textarea") || event.altKey || view.carte?.champ) return;
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
    const key = `${view.etat}:${view.carte?.nom}:${view.faites}:${Boolean(view.carte?.reponse)}`;
    if (key === before) return;
    const first = !before;
    before = key;
    turned = false;
    show(asked !== "" || root.contains(document.activeElement)); // a card that has just come takes no focus: the page would jump to it
    if (view.carte && !first) say(view.carte.reponse ? spoken(view.carte) : view.carte.recto);
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

/** The verdict, as it is heard. @param {Flashcard} carte */
function spoken({ verso, reponse }) {
  return reponse?.juste ? `${T.signRight} ${reponse.raison}` : `${T.signWrong} ${verso}. ${reponse?.raison}`;
}

/** `stats`: see crc_lab.notebook.flashcards. @param {Record<string, Json>} stats */
function progressTable(stats) {
  const numbers = [
    [TEXTS.due, stats.a_revoir], [TEXTS.learnt, stats.apprises], [TEXTS.learning, stats.en_cours], [TEXTS.unseen, stats.nouvelles],
    [TEXTS.doneHere, stats.aujourdhui], [TEXTS.streak, stats.serie],
  ];
  const coming = /** @type {number[]} */ (stats.previsions || []);
  const most = Math.max(1, ...coming);
  const dayName = (/** @type {number} */ n) => (n === 0 ? TEXTS.todayShort : n === 1 ? TEXTS.tomorrow : fill(TEXTS.inDays, { n }));
  return h("details", { class: "progres" }, h("summary", { text: TEXTS.statistics }),
    h("dl", { class: "chiffres" }, numbers.map(([name, n]) => h("div", null, h("dt", { text: name }), h("dd", { text: String(n ?? 0) })))),
    h("p", { class: "aide", text: TEXTS.learntHelp }),
    table(TEXTS.forecast, [TEXTS.day, TEXTS.cards], coming.map((n, day) => [dayName(day), [
      h("span", { class: "barre-jour", style: `width:${Math.round((80 * n) / most)}px`, "aria-hidden": "true" }), ` ${n}`]])),
    table(TEXTS.byTheme, [T.theme, TEXTS.learnt, TEXTS.dueShort, TEXTS.total],
      /** @type {Json[][]} */ (stats.themes || []).map(([name, all, learnt, due]) => [name, String(learnt), String(due), String(all)])));
}

/** @param {string} caption @param {string[]} heads @param {Child[][]} rows */
function table(caption, heads, rows) {
  return h("table", { class: "previsions" }, h("caption", { text: caption }),
    h("thead", null, h("tr", null, heads.map((text) => h("th", { scope: "col", text })))),
    h("tbody", null, rows.map(([name, ...cells]) => h("tr", null, h("th", { scope: "row" }, name), cells.map((cell) => h("td", null, cell))))));
}
