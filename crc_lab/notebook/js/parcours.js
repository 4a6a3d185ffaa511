// The whole workbook at a glance: what is answered, checked and earned in each activity.
import { button, count, fill, h, makeMessage, number } from "./dom.js";
import { makeKernel } from "./kernel.js";
import { makeCard } from "./shell.js";
import { T } from "./texts.js";

const TEXTS = {
  path: "Mon parcours",
  pathTable: "Le tableau des activités",
  activity: "Activité",
  answeredHead: "Répondues",
  checkedHead: "Vérifiées",
  pointsHead: "Points",
  outOf: "{n} / {total}",
  notBegun: "pas encore commencée",
  unreadableFile: "le fichier « {file} » ne peut pas être lu : ouvrez-le, ou prévenez votre professeur",
  atCorrection: "à la correction",
  noMark: "sans note",
  waiting: ["{n} question vous attend aujourd’hui.", "{n} questions vous attendent aujourd’hui."],
  doneToday: "Les questions du jour sont faites.",
  mean: "Moyenne provisoire : {n} / 20,",
  overActivities: ["sur {n} activité vérifiée, au moins en partie.", "sur {n} activités vérifiées, au moins en partie."],
  noMean: "Aucune question notée n’est encore vérifiée.",
  refresh: "Actualiser",
  refreshed: "À jour.",
};

/** One activity, of the trait `lignes`. @typedef {{ numero: number, titre: string, etat: string, total: number, repondues: number, verifiees: number, points: number | null, sur: number, fichier: string, attendent?: number }} Line */

export const card = makeCard((shell) => {
  const { model, root } = shell;
  const { node: message, say } = makeMessage();
  const kernel = makeKernel(shell, { erreur: ({ texte }) => say(texte, "alerte"), fini: () => say(TEXTS.refreshed) }, () => say(T.deadKernel, "alerte"));
  const body = h("tbody");
  const total = h("p", { class: "moyenne", role: "status" });
  const daily = h("p", { class: "du-jour" });
  root.append(h("section", { class: "carte large", "aria-label": TEXTS.path },
    h("header", { class: "tete" }, h("h3", { text: TEXTS.path })),
    h("div", { class: "corps" }, daily, h("div", { class: "fenetre libre", tabindex: 0, role: "group", "aria-label": TEXTS.pathTable }, h("table", { class: "parcours" },
      h("thead", null, h("tr", null, [TEXTS.activity, TEXTS.answeredHead, TEXTS.checkedHead, TEXTS.pointsHead].map((text) => h("th", { scope: "col", text })))), body)), total),
    h("div", { class: "barre" }, button(TEXTS.refresh, () => kernel.ask({ type: "actualiser" }))), message));

  /** @param {Line} one */
  function line(one) {
    const state = one.etat === "absente" ? TEXTS.notBegun : one.etat === "illisible" ? fill(TEXTS.unreadableFile, { file: one.fichier }) : "";
    const name = h("th", { scope: "row" }, h("b", { text: `${one.numero} · ${one.titre}` }), state ? h("small", { text: state }) : null);
    const bar = h("progress", { max: one.total || 1, value: one.repondues, "aria-hidden": "true" });
    const points = one.sur ? (one.points === null ? TEXTS.atCorrection : fill(TEXTS.outOf, { n: number(one.points), total: number(one.sur) })) : TEXTS.noMark;
    return h("tr", { class: one.etat }, name,
      h("td", null, fill(TEXTS.outOf, { n: one.repondues, total: one.total }), bar), h("td", { text: fill(TEXTS.outOf, { n: one.verifiees, total: one.total }) }), h("td", { text: points }));
  }

  function show() {
    const lines = /** @type {Line[]} */ (model.get("lignes") || []);
    body.replaceChildren(...lines.map(line));
    const waiting = lines.find((one) => one.attendent !== undefined)?.attendent;
    daily.textContent = waiting === undefined ? "" : waiting ? count(waiting, TEXTS.waiting) : TEXTS.doneToday;
    const { note, activites } = model.get("moyenne") || {};
    total.textContent = activites ? `${fill(TEXTS.mean, { n: number(note) })} ${count(activites, TEXTS.overActivities)}` : TEXTS.noMean;
  }

  show();
  shell.follow({ lignes: show, moyenne: show });
});
