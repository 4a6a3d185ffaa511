// The progress card: one step per question, the points, and a way to each card.
import { arrange, carefulButton, count, fill, h, makeMessage, number } from "./dom.js";
import { makeExam } from "./exam.js";
import { makeKernel } from "./kernel.js";
import { ask, goTo } from "./notebook.js";
import { makeCard } from "./shell.js";
import { followStates, inAssessment, isAnswered, pointsText, stateOf } from "./states.js";
import { T } from "./texts.js";

const TEXTS = {
  step: "{rang} · {title} : {state}",
  progress: "Avancement",
  detailByQuestion: "Le détail, question par question",
  total: "{n} / {total}",
  skills: "Le résultat par compétence",
  copies: "Retrouver mes réponses d’un autre jour",
  copiesHelp: "Le cahier garde une copie de vos réponses pour chaque jour de travail.",
  copy: ["{date} : {n} réponse", "{date} : {n} réponses"],
  takeBack: ["Reprendre ({n} changerait)", "Reprendre ({n} changeraient)"],
  takeBackSure: ["Remplacer {n} réponse : cliquez encore", "Remplacer {n} réponses : cliquez encore"],
  takenBack: ["{n} réponse reprise. Celles que vous aviez sont gardées dans cette liste.", "{n} réponses reprises. Celles que vous aviez sont gardées dans cette liste."],
  answersGiven: ["{n} réponse sur {total}", "{n} réponses sur {total}"],
};

export const card = makeCard((shell) => {
  const { model, root, say } = shell;
  const kernel = makeKernel(shell, {
    ecrire: ({ reponses }) => {
      exam.write(reponses);
      if (!asked) return;
      asked = false;
      said.say(count(Object.keys(reponses).length, TEXTS.takenBack));
      otherDays.querySelector("summary")?.focus(); // the button that was pressed may be gone
    },
    erreur: ({ texte }) => (asked ? said.say(texte, "alerte") : exam.error(texte)),
  }, (type) => { if (type === "examen") exam.silent(); else if (type === "copie") said.say(T.deadKernel, "alerte"); });
  let asked = false;
  const said = makeMessage();
  const days = h("ul", { class: "autres-jours" });
  const lines = /** @type {Map<string, Element>} */ (new Map());
  const otherDays = h("details", { class: "detail", hidden: true }, h("summary", { text: TEXTS.copies }), h("p", { class: "aide", text: TEXTS.copiesHelp }), days, said.node);
  const marked = () => states.list().filter((question) => question.sur > 0);
  const exam = makeExam(shell, askWithSheet, () => {
    const given = marked().filter(isAnswered).length;
    return { given, missing: marked().length - given };
  });
  const title = h("strong");
  const steps = h("ol", { class: "etapes" });
  const total = h("p", { class: "note", "data-crc-points": "" });
  const detail = h("ul", { class: "liste-etats" });
  const summary = h("summary", { text: TEXTS.detailByQuestion });
  const skills = h("ul", { class: "competences" });
  const bySkill = h("details", { class: "detail", hidden: true }, h("summary", { text: TEXTS.skills }), skills);
  root.append(h("section", { class: "carte avancement", "aria-label": TEXTS.progress },
    h("div", { class: "avance" }, title, steps, total),
    exam.node, bySkill, h("details", { class: "detail" }, summary, detail), otherDays));
  const states = followStates(shell, show);

  function show() {
    const questions = states.list();
    const assessment = inAssessment(model);
    const focused = root.querySelector(":focus")?.getAttribute("data-q");
    title.textContent = model.get("activite")?.titre || TEXTS.progress;
    steps.replaceChildren(...questions.map((question) => {
      const [look, sign, words] = stateOf(question);
      const points = pointsText(question, assessment);
      const text = [fill(TEXTS.step, { rang: question.rang, title: question.titre, state: words }), points].filter(Boolean).join(", ");
      return h("li", null, h("button", {
        type: "button", class: `pas ${look}`, "data-q": question.id, "aria-label": text, title: text, on: { click: () => goTo(root, question.id, say) },
      }, String(question.rang), sign ? h("span", { "aria-hidden": "true", text: ` ${sign}` }) : null));
    }));
    detail.replaceChildren(...questions.map((question) => {
      const [look, sign, words] = stateOf(question);
      return h("li", { class: look }, h("span", { class: "num", text: String(question.rang) }), h("span", { class: "quoi", text: question.titre }),
        h("span", { class: "etat-mot", text: `${sign} ${words}`.trim() }), h("span", { class: "pts", text: pointsText(question, assessment) || T.training }));
    }));
    const counted = marked();
    const sum = (/** @type {"points" | "sur"} */ key) => counted.reduce((all, question) => all + (question[key] || 0), 0);
    total.hidden = !counted.length;
    total.textContent = assessment
      ? fill(count(counted.filter(isAnswered).length, TEXTS.answersGiven), { total: counted.length })
      : fill(TEXTS.total, { n: number(sum("points")), total: number(sum("sur")) });
    if (focused) [...steps.querySelectorAll("button")].find((step) => step.dataset.q === focused)?.focus();
  }

  function showSkills() {
    const list = /** @type {Skill[]} */ (model.get("competences") || []);
    bySkill.hidden = !list.length;
    skills.replaceChildren(...list.map(({ nom, texte, part }) => h("li", null, h("span", { class: "quoi", text: nom }), h("b", { text: texte }),
      h("span", { class: "jauge", "aria-hidden": "true" }, h("span", { style: `width:${part}%` })))));
  }

  /** A line stays as it is while it says the same: its button may have been clicked once. */
  function showCopies() {
    const list = /** @type {KeptCopy[]} */ (model.get("copies") || []);
    const before = new Map(lines);
    lines.clear();
    for (const copy of list) lines.set(JSON.stringify(copy), before.get(JSON.stringify(copy)) || line(copy));
    otherDays.hidden = !list.length && !said.node.textContent;
    arrange(days, [...lines.values()]);
  }

  /** @param {KeptCopy} copy */
  function line({ nom, date, reponses, autres }) {
    return h("li", null,
      h("span", { class: "quoi", text: fill(count(reponses, TEXTS.copy), { date: dayAndTime(date) }) }),
      carefulButton(count(autres, TEXTS.takeBack), () => count(autres, TEXTS.takeBackSure), () => {
        asked = true;
        askWithSheet({ type: "copie", nom });
      }, "petit", say));
  }

  /** With what the notebook holds now, what is being typed included: an answer may still be on its way to a slow Python. @param {Message} message */
  function askWithSheet(message) {
    document.dispatchEvent(new CustomEvent("crc-garder"));
    kernel.ask({ ...message, feuille: ask(root, "crc-feuille", {}).feuille ?? null });
  }

  function showExam() {
    exam.show();
    if (model.get("examen")?.etat === "fini") bySkill.open = true;
  }

  show();
  showSkills();
  showExam();
  showCopies();
  shell.follow({ activite: show, competences: showSkills, examen: showExam, copies: showCopies });
  shell.whenShown(() => {
    const { ok, feuille, chemin, nom } = ask(root, "crc-feuille", {});
    if (ok !== true) return;
    kernel.tell({ type: "feuille", feuille, chemin, nom });
    ask(root, "crc-parcours", { ordre: model.get("activite")?.ordre });
    states.fromSheet(feuille);
  });
});

/** « samedi 28 novembre, 18:04 ». @param {string} date */
function dayAndTime(date) {
  return new Date(date).toLocaleString("fr-FR", { weekday: "long", day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });
}
