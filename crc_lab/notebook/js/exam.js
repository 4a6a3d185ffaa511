// The mock exam of an activity, in its progress card: start, time, end, the marks so far. Python keeps it (notebook/aside.py).
import { button, count, fill, h, later, makeMessage, uid } from "./dom.js";
import { makeStore } from "./notebook.js";
import { T } from "./texts.js";

const TEXTS = {
  title: "Examen blanc",
  offer: "Les mêmes questions notées, sans indice ni vérification ; toutes les notes à la fin. Vos réponses d’entraînement sont mises de côté : vous les retrouverez ensuite.",
  duration: "Durée conseillée : {time}. La minuterie n’arrête rien.",
  start: "Commencer un examen blanc",
  again: "Recommencer un examen blanc",
  started: "L’examen blanc commence.",
  running: "Examen blanc en cours",
  timer: "Minuterie",
  elapsed: "Temps écoulé : {time}",
  advised: " (durée conseillée : {time})",
  finish: "Terminer l’examen",
  given: ["{n} réponse donnée", "{n} réponses données"],
  missing: ["{n} question sans réponse", "{n} questions sans réponse"],
  sure: "{given}, {missing}. Terminer l’examen ? Vous ne pourrez plus rien y changer.",
  nothing: "Aucune réponse donnée : il ne restera rien de cet essai. Terminer l’examen ?",
  yes: "Terminer et voir les notes",
  no: "Continuer l’examen",
  over: "Examen terminé : {mark}",
  read: "Verdicts et corrigés sont dans les cartes. Une réponse rédigée se relit avec sa grille.",
  back: "Revenir à l’entraînement",
  take: "Reprendre ces réponses",
  takeSure: "Remplacer mes réponses d’entraînement par celles-ci : cliquez encore",
  took: "Vos réponses d’examen sont dans les cartes : ce sont elles que vous rendrez.",
  returned: "Vos réponses d’entraînement sont de retour.",
  history: "Vos examens blancs",
  date: "Date",
  lasted: "Durée",
  short: "moins d’une minute",
  mark: "Note",
  best: "meilleure note",
};
const SAID = { debut: TEXTS.started, fin: "", retour: TEXTS.returned, reprendre: TEXTS.took };

/**
 * `node`, to be placed; `show`, when the trait changes; `write`, what Python asks to keep; `silent` and `error`, when it fails.
 * `counts`: of the marked questions, as they are now.
 * @param {Shell} shell @param {(message: Message) => void} send @param {() => { given: number, missing: number }} counts
 */
export function makeExam(shell, send, counts) {
  const { model, say } = shell;
  const node = h("div", { class: "examen", hidden: true });
  const message = makeMessage();
  const stores = new Map();
  let timer = 0;
  let shown = "";
  let asked = "";
  shell.atEnd(() => clearInterval(timer));

  /** @param {keyof typeof SAID} action */
  function act(action) {
    asked = action;
    message.say("");
    send({ type: "examen", action });
  }

  /** @param {Exam} exam */
  function offer({ tentatives, duree }) {
    const start = button(tentatives.length ? TEXTS.again : TEXTS.start, () => act("debut"), "petit");
    return [h("details", { class: "detail" }, h("summary", { text: TEXTS.title }),
      h("p", { text: TEXTS.offer }), h("p", { class: "aide", text: fill(TEXTS.duration, { time: duree }) }), start, history(tentatives))];
  }

  /** @param {Exam} exam */
  function underWay({ debut, duree }) {
    const time = h("p", { role: "timer" });
    const tick = () => { time.textContent = fill(TEXTS.elapsed, { time: elapsed(debut) }) + fill(TEXTS.advised, { time: duree }); };
    timer = setInterval(tick, 1000);
    tick();
    const confirm = h("div", { class: "confirmer", hidden: true });
    const finish = button(TEXTS.finish, () => {
      const { given, missing } = counts();
      const question = given ? fill(TEXTS.sure, { given: count(given, TEXTS.given), missing: count(missing, TEXTS.missing) }) : TEXTS.nothing;
      const yes = button(TEXTS.yes, () => act("fin"), "principal petit");
      const no = button(TEXTS.no, () => { confirm.hidden = true; finish.hidden = false; finish.focus(); }, "petit");
      confirm.replaceChildren(h("p", { text: question }), h("div", { class: "groupe" }, yes, no));
      confirm.hidden = false;
      finish.hidden = true;
      no.focus();
      say(question);
    }, "petit");
    return [h("div", { class: "detail" }, h("div", { class: "groupe" }, title(TEXTS.running), finish),
      h("details", { class: "minuterie", open: true }, h("summary", { text: TEXTS.timer }), time), confirm)];
  }

  /** @param {Exam} exam */
  function over({ tentatives }) {
    const take = button(TEXTS.take, () => {
      if (take.textContent === TEXTS.takeSure) return act("reprendre");
      take.textContent = TEXTS.takeSure;
      return say(TEXTS.takeSure);
    }, "petit");
    take.addEventListener("blur", () => { take.textContent = TEXTS.take; });
    return [h("div", { class: "detail" }, title(fill(TEXTS.over, { mark: tentatives.at(-1)?.note || "" })), h("p", { text: TEXTS.read }),
      h("div", { class: "groupe" }, button(TEXTS.back, () => act("retour"), "principal petit"), take,
        button(TEXTS.again, () => act("debut"), "petit")), history(tentatives))];
  }

  function show() {
    const exam = /** @type {Exam} */ (model.get("examen") || {});
    const key = JSON.stringify(exam);
    if (key === shown) return;
    const first = !shown;
    shown = key;
    clearInterval(timer);
    node.hidden = !exam.duree;
    if (node.hidden) return;
    const parts = exam.etat === "cours" ? underWay(exam) : exam.etat === "fini" ? over(exam) : offer(exam);
    node.replaceChildren(...parts, message.node);
    if (first || !asked) return;
    const place = /** @type {HTMLElement | null} */ (node.querySelector("[tabindex], summary"));
    place?.focus({ preventScroll: true });
    message.say(SAID[/** @type {keyof typeof SAID} */ (asked)]);
    asked = "";
  }

  return {
    node,
    show,
    /** @param {Record<string, Json>} answers */
    write(answers) {
      const { id } = model.get("activite") || {};
      for (const [q, { valeur, source, essais, indices, date, ...annexes }] of Object.entries(answers)) {
        // as a card does: JupyterLab may have taken this one out of the page, and nothing of an exam may be lost
        const store = stores.get(q) || makeStore(shell, /** @type {Spec} */ ({ id: q, activite: id }), () => {});
        stores.set(q, store);
        if (later(store.read().reponse?.date, date)) continue; // given since: it is Python that is late
        store.write({ valeur, source, essais, indices, date, annexes });
      }
      document.dispatchEvent(new CustomEvent("crc-fusion")); // the cards show what the notebook now holds
    },
    silent: () => message.say(T.deadKernel, "alerte"),
    error: (/** @type {string} */ text) => message.say(text, "alerte"),
  };
}

/** @param {string} text */
function title(text) {
  return h("strong", { tabindex: -1, text });
}

/** The finished exams, the latest first. @param {Attempt[]} attempts */
function history(attempts) {
  if (!attempts.length) return null;
  const id = uid("examens");
  return h("div", null, h("p", { class: "libelle", id, text: TEXTS.history }), h("table", { class: "tentatives", "aria-labelledby": id },
    h("thead", null, h("tr", null, [TEXTS.date, TEXTS.lasted, TEXTS.mark].map((text) => h("th", { scope: "col", text })))),
    h("tbody", null, [...attempts].reverse().map((one) => h("tr", null, h("th", { scope: "row", text: day(one.debut) }),
      h("td", { text: one.minutes ? duration(60 * one.minutes) : TEXTS.short }), h("td", null, one.note, one.meilleure && h("b", { text: ` · ${TEXTS.best}` })))))));
}

/** @param {string} date */
function day(date) {
  const when = new Date(date);
  if (Number.isNaN(when.getTime())) return "";
  return when.toLocaleString("fr-FR", { day: "2-digit", month: "2-digit", year: "numeric", hour: "2-digit", minute: "2-digit" });
}

/** The time since a date: « 48 min 05 s ». @param {string} start */
function elapsed(start) {
  const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(start)) / 1000)) || 0;
  return `${duration(seconds)} ${String(seconds % 60).padStart(2, "0")}\u00a0s`;
}

/** « 1 h 05 min », « 48 min ». @param {number} seconds */
function duration(seconds) {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours ? `${hours}\u00a0h\u00a0${String(minutes).padStart(2, "0")}\u00a0min` : `${minutes}\u00a0min`;
}
