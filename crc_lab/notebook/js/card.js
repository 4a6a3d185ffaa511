// The card of one question: reads and stores the answer, asks Python to check it, shows what comes back.
import { button, carefulButton, debounce, fill, h, isBlank, isoNow, sameJson, together } from "./dom.js";
import { makeExcel } from "./excel.js";
import { makeFeedback } from "./feedback.js";
import { makeField } from "./field.js";
import { makeFrame, showSaving } from "./frame.js";
import { makeKernel } from "./kernel.js";
import { goTo, hear, makeStore, nextQuestion, openAfter } from "./notebook.js";
import { reveal, still } from "./reveal.js";
import { linkRows, onlyWrong } from "./rows.js";
import { changedLines, makeRereading } from "./rereading.js";
import { makeRubric } from "./rubric.js";
import { makeCard } from "./shell.js";
import { T } from "./texts.js";

const TYPING = 300;

export const card = makeCard((shell) => {
  const { model, root, say, isAlive } = shell;
  const spec = /** @type {Spec} */ (model.get("question") || {});
  const over = spec.examen === "fini"; // the answers of a mock exam do not change any more
  const frame = makeFrame(spec);
  const feedback = makeFeedback(frame.feedback);
  const tell = debounce(() => kernel.push({ valeur: last.valeur, source_valeur: last.source, date_valeur: last.date }), TYPING);
  const stateOf = () => /** @type {State} */ (model.get("etat") || {});
  let last = { valeur: model.get("valeur") ?? null, source: model.get("source_valeur") || "carte", date: model.get("date_valeur") || "" };
  const counts = { essais: 0, indices: 0 };
  let annexes = { ...stateOf().annexes }; // stored beside the answer, never marked
  let checking = false;
  let box = /** @type {HTMLElement | null} */ (null); // of the verdict
  let lawShown = false;

  root.dataset.crcQuestion = spec.id;
  const field = makeField({
    spec, labelledby: frame.titleId, say,
    changed: (pace) => { if (over) restore(); else commit(pace); },
    annexes: () => annexes,
    annex: keepAnnexes,
  });
  const rubric = makeRubric((auto_evaluation) => keepAnnexes({ auto_evaluation }), say);
  const rereading = makeRereading((relecture) => keepAnnexes({ relecture }), say);
  const store = makeStore(shell, { ...spec, id: spec.cle || spec.id }, showState);
  const kernel = makeKernel(shell, {
    fini: () => {
      if (!checking) return;
      if (feedback.isOutdated()) showBack(); // the same verdict as before: the trait has not changed
      done();
      if (box) reveal(box);
    },
    erreur: ({ texte }) => {
      const place = checking || !excel ? feedback : excel;
      done();
      place.message(texte, "alerte");
      reveal(place.messageNode);
    },
    apercu: (message) => excel?.preview(message),
    telecharger: (message, buffers) => excel?.download(message, buffers),
  }, silent);
  const excel = spec.excel ? makeExcel(kernel, spec.id, say) : null;

  // ---- what is shown
  if (field.width) frame.card.classList.add("large");
  (field.width === "full" ? frame.outside : frame.body).append(field.node);
  if (excel) frame.outside.append(excel.node);
  const check = button(T.check, verify, "principal");
  const hints = [1, 2].slice(0, spec.indices || 0).map(hintButton);
  const worked = button(T.showWorked, () => kernel.ask({ type: "corrige" }), "discret");
  if (!field.unknown && !spec.examen) frame.bar.append(check, ...hints, worked);
  if (spec.examen === "hors") {
    frame.body.replaceChildren(h("p", { class: "aide", text: T.outsideExam }));
    frame.outside.replaceChildren();
  }
  frame.feedback.lastElementChild?.before(rereading.node, rubric.node); // before the worked answer
  root.append(frame.card);

  /** A hint that costs points opens at the second click: the first one only says what it costs. @param {number} level */
  function hintButton(level) {
    const cost = level === 2 ? spec.cout_indice2 || 0 : 0;
    const name = fill(T.hintButton, { n: level }) + (cost ? fill(T.hintCost, { n: cost }) : "");
    const sure = fill(T.hintConfirm, { n: level, cost });
    return carefulButton(name, () => (cost ? sure : ""), () => kernel.ask({ type: "indice", niveau: level }), null, say);
  }

  /** @param {SavingState} state @param {string} [date] */
  function showState(state, date) {
    showSaving(frame.state, state, date);
    if (state === "absent") noPlugin();
  }

  function noPlugin() {
    const beside = stateOf().sans_plugin;
    if (beside) {
      frame.state.className = "etat";
      frame.state.textContent = T.savedBeside;
    } else if (frame.warning.hidden) kernel.tell({ type: "sans_plugin" });
    frame.warning.className = beside ? "aide a-cote" : "alerte";
    frame.warning.textContent = beside ? fill(T.besideWarning, { activity: spec.activite || "" }) : T.noPluginWarning;
    frame.warning.hidden = false;
  }

  function showEtat() {
    still(check, drawEtat);
  }

  function drawEtat() {
    const etat = stateOf();
    feedback.hints(etat.indices_html);
    feedback.worked(etat.corrige_html);
    rubric.show(etat.grilles, annexes.auto_evaluation);
    feedback.message(etat.message || "", etat.message ? "alerte" : "");
    worked.hidden = !etat.corrige_disponible || Boolean(etat.corrige_html);
    const used = Math.max(counts.indices, etat.indices || 0);
    hints.forEach((each, position) => {
      each.hidden = position < used;
      each.disabled = position > used;
    });
    if (!frame.warning.hidden) noPlugin();
  }

  /** The remarks are put on the rows above « Vérifier », which does not move; the verdict comes into view when it was asked for. */
  function showBack() {
    const back = /** @type {Back | null} */ (model.get("retour"));
    still(check, () => {
      box = feedback.result(back);
      field.setFeedback(back?.options, back?.cellules);
      rereading.show(back?.relectures);
    });
    if (back && frame.law && !lawShown) Object.assign(frame.law, { hidden: false, open: true });
    lawShown ||= Boolean(back);
    if (box) {
      linkRows(box, field);
      const more = [onlyWrong(field, back?.cellules), back?.verdict === "JUSTE" ? nextButton() : null];
      box.append(...more.filter((each) => each !== null));
      if (checking) {
        reveal(box);
        openAfter(root, spec.id);
      }
    }
    if (back?.verdict && root.isConnected) {
      const detail = { q: spec.cle || spec.id, verdict: back.verdict, points: back.points, sur: back.sur };
      root.dispatchEvent(new CustomEvent("crc-retour", { bubbles: true, composed: true, detail }));
    }
  }

  function nextButton() {
    const next = nextQuestion(root);
    return next ? h("div", { class: "groupe" }, button(T.nextQuestion, () => goTo(root, next, say), null)) : null;
  }

  // ---- answering
  /** What is being typed counts from now on. */
  function flush() {
    field.flush?.();
    commit("now");
  }

  function restore() {
    field.setValue(last.valeur);
    showBack();
    feedback.message(T.examOver);
  }

  /** The answer as it is now: at each key to the plugin, for the page may go at any moment; to Python after a pause. @param {Pace} pace */
  function commit(pace) {
    if (!isAlive() || over || spec.examen === "hors") return;
    const valeur = field.value();
    if (!sameJson(valeur, last.valeur) && !(isBlank(valeur) && last.valeur === null)) {
      last = { valeur, source: "carte", date: isoNow() };
      feedback.outdated();
      rereading.show();
      save();
      tell.later();
    }
    if (pace === "now") tell.flush();
  }

  /** @param {Json} [more] */
  function save(more) {
    const changed = changedLines(annexes.relecture, last.valeur);
    if (changed) annexes = { ...annexes, relecture: changed };
    store.write({ ...more, valeur: last.valeur, source: last.source, essais: counts.essais, indices: counts.indices, date: last.date, annexes });
  }

  /** What goes with the answer: stored at once, and told to Python. @param {Annexes} values */
  function keepAnnexes(values) {
    if (!isAlive() || sameJson({ ...annexes, ...values }, annexes)) return;
    annexes = { ...annexes, ...values };
    if (values.relecture || !last.date) last.date = isoNow(); // a tick is part of the answer: the later one stays
    save({ reponse_inchangee: true });
    kernel.tell({ type: "annexes", annexes });
  }

  function verify() {
    field.settle?.();
    flush();
    checking = true;
    check.setAttribute("aria-disabled", "true");
    feedback.message(T.checking);
    kernel.ask({ type: "verifier", valeur: field.value() });
  }

  function done() {
    checking = false;
    check.removeAttribute("aria-disabled");
    feedback.message(stateOf().message || "", "alerte");
  }

  /** @param {string} type */
  function silent(type) {
    if (type === "verifier") done();
    const place = excel && ["modele_excel", "fichier", "remplacer"].includes(type) ? excel : feedback;
    place.message(T.deadKernel, "alerte");
    reveal(place.messageNode);
  }

  // ---- what comes from Python
  function takeValue() {
    if (!isAlive()) return;
    const given = { valeur: model.get("valeur") ?? null, source: model.get("source_valeur"), date: model.get("date_valeur") || "" };
    const own = given.date === last.date && given.source === "carte";
    if (own || (given.source === "carte" && !later(given.date, last.date))) return; // our own value coming back
    if (sameJson(given, last)) return;
    const same = sameJson(given.valeur, last.valeur);
    last = { ...given, date: given.date || isoNow() };
    field.setValue(given.valeur);
    excel?.message(given.source === "excel" ? T.imported : "");
    if (!same) feedback.outdated();
    if (!sameJson(store.read().reponse?.valeur ?? null, given.valeur)) save();
  }

  function onEtat() {
    const grown = grow(stateOf());
    showEtat();
    if (grown) save({ reponse_inchangee: true });
  }

  /** Tries and hints never decrease; whether there are more. @param {State} [known] */
  function grow({ essais = 0, indices = 0 } = {}) {
    const grown = essais > counts.essais || indices > counts.indices;
    counts.essais = Math.max(counts.essais, essais);
    counts.indices = Math.max(counts.indices, indices);
    return grown;
  }

  const onValue = together(takeValue);
  shell.follow({ retour: showBack, etat: onEtat, valeur: onValue, date_valeur: onValue });
  // An answer on which the mark of this one depends has changed.
  shell.atEnd(hear(root, "crc-reponse", ({ q }) => { if (spec.depend_de?.includes(q)) feedback.outdated(fill(T.outdatedOther, { q })); }));
  shell.atEnd(() => field.close?.());

  field.setValue(last.valeur);
  grow(stateOf());
  showEtat();
  showBack();

  /** The notebook's stored answer, unless Python's is more recent (an import made before). */
  function takeStored() {
    const { ok, reponse } = store.read();
    if (ok !== true) return showState("absent");
    grow(reponse);
    const kept = ["auto_evaluation", "relecture", ...(field.annexes || [])];
    const stored = Object.fromEntries(kept.filter((name) => reponse?.[name]).map((name) => [name, reponse[name]]));
    const same = sameJson({ ...annexes, ...stored }, annexes);
    annexes = { ...annexes, ...stored };
    if (reponse && !later(last.date, reponse.date)) {
      const differs = !sameJson(reponse.valeur, last.valeur);
      last = { valeur: reponse.valeur ?? null, source: reponse.source || "carte", date: reponse.date || "" };
      if (differs || !same) field.setValue(last.valeur);
      if (differs) {
        feedback.outdated();
        kernel.push({ valeur: last.valeur, source_valeur: last.source, date_valeur: last.date });
      }
      if (differs || counts.essais > (stateOf().essais || 0) || counts.indices > (stateOf().indices || 0)) kernel.tell({ type: "relu", reponse });
      if (!isBlank(last.valeur)) showState("saved", reponse.date);
    } else if (last.date && last.valeur !== null) save();
    showEtat();
  }

  shell.whenShown(() => {
    takeStored();
    document.addEventListener("crc-fusion", takeStored); // answers came into the notebook from another window
    shell.atEnd(() => document.removeEventListener("crc-fusion", takeStored));
  });

  return flush;
});

/** True when the first ISO date is later than the second (an unknown date is the earliest). @param {string} a @param {string} b */
function later(a, b) {
  return (Date.parse(a) || 0) > (Date.parse(b) || 0);
}
