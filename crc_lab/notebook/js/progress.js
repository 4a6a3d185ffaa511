// The progress card: one step per question, the points, and a way to each card.
import { count, fill, h, number } from "./dom.js";
import { makeKernel } from "./kernel.js";
import { ask, goTo } from "./notebook.js";
import { makeCard } from "./shell.js";
import { followStates, inAssessment, isAnswered, pointsText, shortName, stateOf } from "./states.js";
import { T } from "./texts.js";

const TEXTS = {
  step: "{id} · {title} : {state}",
  progress: "Avancement",
  detailByQuestion: "Le détail, question par question",
  total: "{n} / {total}",
  answersGiven: ["{n} réponse sur {total}", "{n} réponses sur {total}"],
};

export default makeCard((shell) => {
  const { model, root, say } = shell;
  const kernel = makeKernel(shell, {}, () => {});
  const title = h("strong");
  const steps = h("ol", { class: "etapes" });
  const total = h("p", { class: "note" });
  const detail = h("ul", { class: "liste-etats" });
  const summary = h("summary", { text: TEXTS.detailByQuestion });
  root.append(h("section", { class: "carte avancement", "aria-label": TEXTS.progress },
    h("div", { class: "avance" }, title, steps, total),
    h("details", { class: "detail" }, summary, detail)));
  const states = followStates(shell, show);

  function show() {
    const questions = states.list();
    const assessment = inAssessment(model);
    const focused = root.querySelector(":focus")?.getAttribute("data-q");
    title.textContent = model.get("activite")?.titre || TEXTS.progress;
    steps.replaceChildren(...questions.map((question) => {
      const [look, sign, words] = stateOf(question);
      const points = pointsText(question, assessment);
      const text = [fill(TEXTS.step, { id: question.id, title: question.titre, state: words }), points].filter(Boolean).join(", ");
      return h("li", null, h("button", {
        type: "button", class: `pas ${look}`, "data-q": question.id, "aria-label": text, title: text, on: { click: () => goTo(root, question.id, say) },
      }, shortName(question), sign ? h("span", { "aria-hidden": "true", text: ` ${sign}` }) : null));
    }));
    detail.replaceChildren(...questions.map((question) => {
      const [look, sign, words] = stateOf(question);
      return h("li", { class: look }, h("span", { class: "num", text: question.id }), h("span", { class: "quoi", text: question.titre }),
        h("span", { class: "etat-mot", text: `${sign} ${words}`.trim() }), h("span", { class: "pts", text: pointsText(question, assessment) || T.training }));
    }));
    const marked = questions.filter((question) => question.sur > 0);
    const sum = (/** @type {"points" | "sur"} */ key) => marked.reduce((all, question) => all + (question[key] || 0), 0);
    total.hidden = !marked.length;
    total.textContent = assessment
      ? fill(count(marked.filter(isAnswered).length, TEXTS.answersGiven), { total: marked.length })
      : fill(TEXTS.total, { n: number(sum("points")), total: number(sum("sur")) });
    if (focused) [...steps.querySelectorAll("button")].find((step) => step.dataset.q === focused)?.focus();
  }

  show();
  shell.follow({ activite: show });
  shell.whenShown(() => {
    const { ok, feuille, chemin, nom } = ask(root, "crc-feuille", {});
    if (ok !== true) return;
    kernel.tell({ type: "feuille", feuille, chemin, nom });
    states.fromSheet(feuille);
  });
});
