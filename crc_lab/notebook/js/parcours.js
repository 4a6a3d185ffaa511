// The map of the workbook: what to do now, five minutes for today, every activity with what is done of it.
import { count, debounce, fill, h, makeMessage, number, sameJson } from "./dom.js";
import { makeKernel } from "./kernel.js";
import { ask, makeStore } from "./notebook.js";
import { makeCard } from "./shell.js";

const TEXTS = {
  map: "Mon parcours",
  go: {
    reprendre: "Reprendre : activité {numero}, question {rang}",
    commencer: "Commencer : activité {numero}",
    examen: "Reprendre l’examen blanc : activité {numero}",
    erreur: "Revoir : activité {numero}, question {rang}",
    questions: "Répondre aux questions du jour",
    lexique: "Revoir les cartes mémoire",
  },
  nothingLeft: "Tout est fait, et rien n’attend aujourd’hui. À demain !",
  streak: ["{n} jour de suite", "{n} jours de suite : un jour manqué est pardonné."],
  finished: "Activité {numero} : toutes les questions notées ont une réponse.",
  mistakes: "Mes erreurs : cinq minutes aujourd’hui",
  twoMinutes: "Aujourd’hui, deux minutes",
  doneToday: "Fini pour aujourd’hui",
  question: "Activité {numero}, question {rang} : {titre}",
  marked: "noté",
  partly: "en partie juste",
  wrong: "à revoir",
  waiting: { questions: ["{n} question du jour", "{n} questions du jour"], lexique: ["{n} carte mémoire à revoir", "{n} cartes mémoire à revoir"] },
  mistakesLater: "Les questions que vous manquez viendront ici, pour être reprises.",
  mistakesNone: "Aucune question à reprendre.",
  mistakesAll: ["Toutes mes questions à reprendre ({n})", "Toutes mes questions à reprendre ({n})"],
  start: "Au départ : {text}",
  about: "environ {duree}",
  spent: "au moins {duree} passées",
  notBegun: "à commencer",
  notHere: "ce carnet n’est pas dans votre dossier",
  unreadable: "le fichier « {file} » ne peut pas être lu : ouvrez-le, ou prévenez votre professeur",
  answered: ["{n} question sur {total} a une réponse", "{n} questions sur {total} ont une réponse"],
  allMarked: "toutes les questions notées ont une réponse",
  all: "✓ toutes les questions ont une réponse",
  inProgress: "commencée",
  activity: "Activité {numero} : ",
  points: "{n} / {total}",
  andRead: [", et {n} point lu par le professeur", ", et {n} points lus par le professeur"],
  read: ["{n} point lu par le professeur", "{n} points lus par le professeur"],
  byTeacher: "la note vient du professeur",
  best: "meilleure note : {note}, le {jour}",
  marks: "Mes notes",
  mark: "{jour} : {note}",
  exam: "{jour}, examen blanc : {note}",
  deadKernel: "Le moteur de calcul ne répond pas : cette page montre ce qu’elle savait. Les liens fonctionnent ; « Tout relancer » la met à jour.",
};
const JOURNAL = "crc-lab:journal:"; // what the plugin keeps in the browser until it is on disk: its name, then the notebook's, then its path
const SOON = 700;
const NOW_AND_THEN = 60000;

export const card = makeCard((shell) => {
  const { model, root, atEnd, isAlive } = shell;
  const { node: message, say } = makeMessage();
  const store = makeStore(shell, model.get("question") || {}, () => {});
  const kernel = makeKernel(shell, { erreur: ({ texte }) => say(texte, "alerte"), fini: () => { say(""); keep(); } }, () => say(TEXTS.deadKernel, "alerte"));
  const body = h("div", { class: "corps" });
  const cheer = h("div", { role: "status" }); // stays in the page: what appears in it is read
  root.append(h("section", { class: "carte large cahier", "aria-label": TEXTS.map }, body, message));

  function show() {
    const view = /** @type {MapView} */ (model.get("vue") || {});
    const focused = place(root.querySelector(":focus"));
    const unfolded = [...root.querySelectorAll("details[open]")].map(place);
    celebrate(view.fete);
    body.replaceChildren(head(view), cheer, ...(view.jour ? [today(view)] : []), ...(view.groupes || []).map(group));
    for (const node of root.querySelectorAll("[data-lieu]")) {
      if (node instanceof HTMLDetailsElement) node.open = unfolded.includes(place(node));
      else if (node instanceof HTMLElement && focused && place(node) === focused) node.focus({ preventScroll: true });
    }
  }

  const place = (/** @type {Element | null} */ node) => node?.closest("[data-lieu]")?.getAttribute("data-lieu") || "";

  /** A link to a notebook, and to a question of it: the plugin opens it in this page. @param {MapLink} to @param {string} text @param {string} where @param {string} [look] */
  function link(to, text, where, look) {
    if (!to.fichier) return h("span", { text });
    const open = (/** @type {MouseEvent} */ event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      if (ask(root, "crc-ouvrir", { activite: to.activite, fichier: to.fichier, q: to.question }).ok === true) event.preventDefault();
    };
    const href = `../${to.fichier.split("/").map(encodeURIComponent).join("/")}`;
    return h("a", { class: look || null, href, "data-lieu": where, on: { click: open }, text });
  }

  // ---- what to do now
  /** @param {MapView} view */
  function head({ reprendre, serie = 0, groupes = [] }) {
    const key = reprendre?.type === "paquet" ? reprendre.paquet || "" : reprendre?.type;
    const text = TEXTS.go[/** @type {keyof typeof TEXTS.go} */ (key)];
    const name = groupes.flatMap(({ lignes }) => lignes).find(({ numero }) => numero === reprendre?.numero)?.titre;
    return h("div", { class: "depart" }, text ? link(reprendre, fill(text, { ...reprendre }), "reprendre", "principal") : h("p", null, h("b", { text: TEXTS.nothingLeft })),
      h("p", null, text ? name : "", text && serie > 1 ? h("br") : null, serie > 1 ? count(serie, TEXTS.streak) : ""));
  }

  /** What was just finished: said once, with a sign that grows; quietly for the rest of the day. @param {MapView["fete"]} fete */
  function celebrate(fete) {
    const text = fete ? fill(TEXTS.finished, { numero: fete.numero }) : "";
    cheer.hidden = !fete;
    cheer.className = "fete";
    if (cheer.dataset.texte === text) return;
    cheer.dataset.texte = text;
    const sign = h("span", { class: "signe", "aria-hidden": "true", text: "✓" });
    cheer.replaceChildren(...(fete ? [sign, h("p", null, fete.merci ? [h("b", { text: fete.merci }), h("br")] : null, text)] : []));
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (fete?.neuve && !calm) sign.animate([{ transform: "scale(.2)", opacity: 0 }, { transform: "scale(1.35)", offset: 0.6 }, { transform: "none" }], 700);
  }

  /** @param {MapView} view */
  function today({ jour: { erreurs, seance, paquets }, groupes }) {
    const packs = paquets.filter((one) => one.attendent);
    const begun = groupes.some(({ lignes }) => lignes.some((one) => one.repondues));
    const title = seance ? TEXTS.mistakes : packs.length ? TEXTS.twoMinutes : TEXTS.doneToday;
    return h("section", { class: "du-jour", "aria-label": title }, h("h2", { text: title }),
      h("ul", null, erreurs.slice(0, seance).map((one) => missed(one, "jour")), packs.map((one) => h("li", null,
        link(one, count(one.attendent, TEXTS.waiting[/** @type {"questions" | "lexique"} */ (one.paquet)]), `paquet ${one.paquet}`)))),
      erreurs.length ? null : h("p", { class: "aide", text: begun ? TEXTS.mistakesNone : TEXTS.mistakesLater }),
      erreurs.length > seance ? h("details", { "data-lieu": "erreurs" }, h("summary", { text: count(erreurs.length, TEXTS.mistakesAll) }), h("ul", null, erreurs.map((one) => missed(one, "toutes")))) : null);
  }

  /** @param {MapMissed} one @param {string} list */
  function missed(one, list) {
    return h("li", null, link(one, fill(TEXTS.question, { numero: one.numero, rang: one.rang, titre: one.titre }), `${list} ${one.question}`), " ",
      one.notee ? h("span", { class: "badge", text: TEXTS.marked }) : null, " ", h("small", { text: one.en_partie ? TEXTS.partly : TEXTS.wrong }));
  }

  // ---- the activities
  /** @param {MapGroup} one */
  function group({ titre, depart, lignes }) {
    const first = depart ? h("li", { class: "debut" }, h("span", { class: "rond", "aria-hidden": "true" }), h("p", { text: fill(TEXTS.start, { text: depart }) })) : null;
    return h("section", titre ? { "aria-label": titre } : null, titre ? h("h2", { text: titre }) : null, h("ol", { class: "chemin" }, first, lignes.map(line)));
  }

  /** @param {MapLine} one */
  function line(one) {
    const marks = marksOf(one);
    const time = one.quotidienne ? one.duree : fill(TEXTS.about, { duree: one.duree });
    const told = [stateOf(one), bestOf(one), one.etat === "finie" ? "" : time, spentOn(one)].filter(Boolean).join(" · ");
    return h("li", { class: one.etat }, h("span", { class: "rond", "aria-hidden": "true", text: String(one.numero) }),
      h("div", null, h("span", { class: "vh", text: fill(TEXTS.activity, { numero: one.numero }) }), link(one, one.titre, `activite ${one.numero}`),
        one.devient ? h("span", { class: "devient", text: ` → ${one.devient}` }) : null,
        h("p", null, marks ? h("b", { text: `${marks} · ` }) : null, told), history(one)));
  }

  /** @param {MapLine} one */
  function stateOf(one) {
    if (one.abime) return fill(TEXTS.unreadable, { file: one.abime });
    if (!one.fichier) return TEXTS.notHere;
    if (one.etat === "neuve") return TEXTS.notBegun;
    if (one.quotidienne) return TEXTS.inProgress;
    if (one.etat === "finie") return TEXTS.all;
    return fill(count(one.repondues, TEXTS.answered), { total: one.total }) + (one.notees ? ` ; ${TEXTS.allMarked}` : "");
  }

  /** The minutes that the dates of the answers are sure of, by fives: there is no more to be known. @param {MapLine} one */
  function spentOn({ minutes }) {
    const sure = minutes - (minutes % 5);
    const [hours, rest] = [Math.floor(sure / 60), sure % 60];
    const text = hours ? `${hours}\u00a0h${rest ? `\u00a0${String(rest).padStart(2, "0")}` : ""}` : `${rest}\u00a0min`;
    return sure ? fill(TEXTS.spent, { duree: text }) : "";
  }

  /** The points of what is checked, out of what it is worth; those that the teacher reads, apart. @param {MapLine} one */
  function marksOf(one) {
    if (one.points === null) return one.repondues ? TEXTS.byTeacher : "";
    if (one.sur) return markText(one.points, one.sur) + (one.attente ? count(one.attente, TEXTS.andRead) : "");
    return one.attente ? count(one.attente, TEXTS.read) : "";
  }

  const markText = (/** @type {number} */ points, /** @type {number} */ total) => fill(TEXTS.points, { n: number(points), total: number(total) });
  const dayText = (/** @type {string} */ day) => new Date(`${day}T12:00`).toLocaleDateString("fr-FR", { day: "numeric", month: "long" });

  /** @param {MapLine} one */
  function bestOf({ meilleure }) {
    return meilleure ? fill(TEXTS.best, { note: markText(meilleure[1], meilleure[2]), jour: dayText(meilleure[0]) }) : "";
  }

  /** @param {MapLine} one */
  function history({ numero, histoire }) {
    if (histoire.length < 2) return null;
    return h("details", { "data-lieu": `notes ${numero}` }, h("summary", { text: TEXTS.marks }), h("ul", null, histoire.map(([day, points, total, exam]) => h("li", {
      text: fill(exam ? TEXTS.exam : TEXTS.mark, { jour: dayText(day), note: markText(points, total) }),
    }))));
  }

  // ---- always up to date
  /** What the browser keeps of the answers of each notebook, by the name of the notebook: [name, answers]. */
  function journal() {
    const kept = [];
    try {
      for (const [key, text] of Object.entries(localStorage)) {
        if (key.startsWith(JOURNAL)) kept.push([key.slice(JOURNAL.length).split(":")[0], JSON.parse(text).reponses || {}]);
      }
    } catch (error) {
      console.warn("crc-lab:", error); // refused by the browser: what is on disk is enough
    }
    return kept;
  }

  const seen = () => isAlive() && document.visibilityState === "visible" && root.getClientRects().length > 0;
  const refresh = () => { if (seen()) kernel.ask({ type: "actualiser", journal: journal(), carnet: store.read().reponse?.valeur ?? null }); };
  const { later } = debounce(refresh, SOON);

  /** The diary goes to the notebook, once there is something in it. */
  function keep() {
    const valeur = model.get("valeur") || {};
    const { ok, reponse } = store.read();
    const empty = ["jours", "notes", "fetes"].every((name) => !Object.keys(valeur[name] || {}).length);
    if (ok !== true || !isAlive() || (empty && !reponse) || sameJson(reponse?.valeur ?? null, valeur)) return;
    store.write({ valeur, source: "carte", essais: 0, indices: 0, date: model.get("date_valeur") || "" });
  }

  /** @param {EventTarget} target @param {string[]} types @param {(event: any) => void} action */
  function hear(target, types, action) {
    for (const type of types) {
      target.addEventListener(type, action);
      atEnd(() => target.removeEventListener(type, action));
    }
  }

  show();
  shell.follow({ vue: show });
  shell.whenShown(() => {
    refresh();
    hear(document, ["visibilitychange", "crc-fusion", "crc-retour"], later);
    hear(document, ["crc-reponse"], ({ detail }) => { if (detail?.q !== model.get("question")?.id) later(); });
    hear(window, ["focus"], later);
    hear(window, ["storage"], ({ key }) => { if (key?.startsWith(JOURNAL)) later(); });
    let was = true; // shown again after another notebook of the same page
    const watch = new IntersectionObserver(([{ isIntersecting }]) => { if (isIntersecting && !was) later(); was = isIntersecting; });
    watch.observe(root);
    atEnd(() => watch.disconnect());
    const timer = setInterval(refresh, NOW_AND_THEN);
    atEnd(() => clearInterval(timer));
  });
});
