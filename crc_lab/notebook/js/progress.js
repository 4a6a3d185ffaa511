// The progress card: one step per question, the points, and a way to each card.
import { count, fill, h, makeSpeaker, number } from "./dom.js";
import { goTo } from "./goto.js";
import { makeKernel } from "./kernel.js";
import { keepKeys } from "./keys.js";
import { followStates, inAssessment, isAnswered, pointsText, shortName, stateOf } from "./states.js";
import { ask, whenConnected } from "./store.js";
import { T } from "./texts.js";
import { followTheme } from "./theme.js";

function render({ model, el }) {
  const root = h("div", { class: "crc", lang: "fr" });
  el.append(root);
  const closeTheme = followTheme(root);
  keepKeys(root, () => {});
  const kernel = makeKernel(model, {}, () => {});
  const speaker = makeSpeaker();
  const title = h("strong");
  const steps = h("ol", { class: "etapes" });
  const total = h("p", { class: "note" });
  const detail = h("ul", { class: "liste-etats" });
  const summary = h("summary", { text: T.detailByQuestion });
  root.append(h("section", { class: "carte avancement", "aria-label": T.progress },
    h("div", { class: "avance" }, title, steps, total),
    h("details", { class: "detail" }, summary, detail)), speaker.node);
  const states = followStates(model, root, show);

  function show() {
    const questions = states.list();
    const assessment = inAssessment(model);
    const focused = root.querySelector(":focus")?.dataset.q;
    title.textContent = model.get("activite")?.titre || T.progress;
    steps.replaceChildren(...questions.map((question) => {
      const [look, sign, words] = stateOf(question);
      const points = pointsText(question, assessment);
      const text = [`${question.id} · ${question.titre} : ${words}`.replace(" :", "\u00a0:"), points].filter(Boolean).join(", ");
      return h("li", null, h("button", {
        type: "button", class: `pas ${look}`, "data-q": question.id, "aria-label": text, title: text, on: { click: () => goTo(root, question.id, speaker.say) },
      }, shortName(question), sign ? h("span", { "aria-hidden": "true", text: ` ${sign}` }) : null));
    }));
    detail.replaceChildren(...questions.map((question) => {
      const [look, sign, words] = stateOf(question);
      return h("li", { class: look }, h("span", { class: "num", text: question.id }), h("span", { class: "quoi", text: question.titre }),
        h("span", { class: "etat-mot", text: `${sign} ${words}`.trim() }), h("span", { class: "pts", text: pointsText(question, assessment) || T.training }));
    }));
    const marked = questions.filter((question) => question.sur > 0);
    const sum = (key) => marked.reduce((all, question) => all + (question[key] || 0), 0);
    total.hidden = !marked.length;
    total.textContent = assessment
      ? fill(count(marked.filter(isAnswered).length, T.answersGiven), { total: marked.length })
      : fill(T.total, { n: number(sum("points")), total: number(sum("sur")) });
    if (focused) steps.querySelector(`[data-q="${CSS.escape(focused)}"]`)?.focus();
  }

  show();
  model.on("change:activite", show);
  let alive = true;
  whenConnected(root).then(() => {
    if (!alive) return;
    const { ok, feuille, chemin, nom } = ask(root, "crc-feuille", {});
    if (ok !== true) return;
    kernel.tell({ type: "feuille", feuille, chemin, nom });
    states.fromSheet(feuille);
  });
  return () => {
    alive = false;
    states.close();
    kernel.close();
    closeTheme();
    model.off("change:activite", show);
  };
}

export default { render };
