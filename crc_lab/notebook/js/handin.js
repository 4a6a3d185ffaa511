// The hand-in card: who, what is answered, which file to hand in.
import { cleanCopy, contents, fileName } from "./copy.js";
import { button, count, debounce, fill, h, makeMessage, setAttribute, uid } from "./dom.js";
import { openPage, saveFile } from "./files.js";
import { makeKernel } from "./kernel.js";
import { ask, goTo } from "./notebook.js";
import { makeCard } from "./shell.js";
import { followStates, isAnswered } from "./states.js";

const TEXTS = {
  deadKernelHandIn: "Le moteur de calcul ne répond pas. Votre nom et vos réponses sont bien enregistrés ; cliquez sur « Tout relancer », puis recommencez.",
  handIn: "Rendre mon travail",
  yourName: "Votre nom et votre prénom",
  yourIdentifier: "Votre identifiant",
  identifierHelp: "Si votre professeur vous en a donné un, par exemple igarnier.",
  nameMissing: "Écrivez votre nom : sans lui, votre professeur ne saura pas à qui est cette copie.",
  answered: ["{n} question répondue,", "{n} questions répondues,"],
  unansweredCount: ["{n} encore sans réponse.", "{n} encore sans réponse."],
  everythingAnswered: "✓ Toutes les questions notées ont une réponse.",
  stillToDo: "Encore sans réponse (cliquez pour y aller) :",
  alreadyDone: "Déjà répondues :",
  copy: "Télécharger ma copie",
  copyHelp: "Une copie propre de ce carnet, faite de ce qui est à l’écran. Votre carnet, lui, reste où il est.",
  copyReady: "Votre copie est dans vos téléchargements :",
  copyHolds: "Elle contient {marked}{exercises}{last}.",
  markedGiven: ["{n} réponse sur {total}", "{n} réponses sur {total}"],
  exercisesGiven: ["et {n} exercice", "et {n} exercices"],
  onlyExercises: ["{n} exercice", "{n} exercices"],
  lastGiven: ", la dernière donnée le {day} à {time}",
  missing: ["Il reste sans réponse : la question {list}. Vous pouvez encore y répondre, puis télécharger une nouvelle copie.", "Il reste sans réponse : les questions {list}. Vous pouvez encore y répondre, puis télécharger une nouvelle copie."],
  deposit: "Déposez ce fichier dans le devoir Moodle, ou là où votre professeur l’attend.",
  examApart: "Vos réponses d’examen blanc restent dans votre carnet, pour vous : la copie n’a que celles de l’entraînement.",
  copyFailed: "La copie n’a pas pu être faite ({error}). Appuyez sur Ctrl + S, puis rendez le carnet lui-même.",
  preparingFile: "Préparation…",
  page: "Ma fiche, une page à imprimer",
  pageName: "Ma fiche",
  outcomeName: "Avant et après",
  pageHelp: "Le cours en dix lignes, vos réponses, vos erreurs et la règle qui les corrige.",
  outcome: "Mon fichier, avant et après",
  outcomeFile: "Exporter vers Excel",
  outcomeEmpty: "Rien à montrer encore : répondez d’abord aux questions des activités 3 à 7.",
  downloaded: "« {name} » est dans vos téléchargements.",
  noPluginHandIn: "L’extension crc-lab de JupyterLab ne répond pas : si vos réponses sont gardées à côté du carnet, rendez aussi le fichier « .reponses.json ».",
};

export const card = makeCard((shell) => {
  const { model, root } = shell;
  const titleId = uid("rendre");
  const name = field(TEXTS.yourName, "name", "", true);
  const identifier = field(TEXTS.yourIdentifier, "username", TEXTS.identifierHelp);
  const writing = debounce(keepStudent, 300);
  const remains = h("div", { class: "reste" });
  const { node: message, say } = makeMessage();
  const result = h("div", { role: "status" });
  const offer = h("div", { class: "offre" });
  const outcome = h("div", { class: "avant-apres", tabindex: -1, role: "region", "aria-label": TEXTS.outcome, hidden: true });
  let page = /** @type {ReturnType<typeof openPage> | null} */ (null);
  root.append(h("section", { class: "carte", "aria-labelledby": titleId },
    h("header", { class: "tete" }, h("h3", { id: titleId, text: TEXTS.handIn })),
    h("div", { class: "corps" },
      h("div", { class: "identite" }, name.node, identifier.node), remains),
    h("div", { class: "barre" }, button(TEXTS.copy, handIn, "principal"), h("small", { class: "aide", text: TEXTS.copyHelp })),
    h("div", { class: "retours" }, message, result), offer, outcome));
  const kernel = makeKernel(shell, {
    fini: ({ de }) => { if (["rendre", "fiche", "bilan_excel"].includes(de)) say(""); },
    erreur: ({ texte }) => { page?.close(); say(texte, "alerte"); },
    page: (_, buffers) => { page?.show(fileName([TEXTS.pageName, model.get("activite")?.id || ""], student().nom), buffers); page = null; },
    bilan: ({ html }) => showOutcome(html),
    telecharger: ({ mime }, buffers) => {
      const file = `${fileName([TEXTS.outcomeName], student().nom)}.xlsx`;
      saveFile(file, mime, buffers);
      shell.say(fill(TEXTS.downloaded, { name: file }));
    },
  }, () => { page?.close(); say(TEXTS.deadKernelHandIn, "alerte"); });
  const states = followStates(shell, show);

  /** @param {string} label @param {string} autocomplete @param {string} help @param {boolean} [required] */
  function field(label, autocomplete, help, required) {
    const [id, helpId] = [uid("eleve"), uid("aide")];
    const input = h("input", {
      id, type: "text", autocomplete, class: "large", required, "aria-describedby": helpId,
      on: { input: () => { wrong(""); writing.later(); }, blur: () => writing.flush() },
    });
    const note = h("small", { id: helpId, class: "aide", text: help });
    const node = h("div", { class: "champ" }, h("label", { for: id, text: label }), input, note);

    /** @param {string} text */
    function wrong(text) {
      setAttribute(input, "aria-invalid", text !== "" && "true");
      note.textContent = text || help;
      note.className = text ? "note-champ faux" : "aide";
    }
    return { node, input, wrong };
  }

  const student = () => ({ nom: name.input.value.trim(), identifiant: identifier.input.value.trim() });

  function keepStudent() {
    ask(root, "crc-eleve", { eleve: student() });
    kernel.push({ eleve: student() });
  }

  /** @param {{ nom?: string, identifiant?: string } | null} [known] */
  function fillStudent(known) {
    if (document.activeElement !== name.input && known?.nom) name.input.value = known.nom;
    if (document.activeElement !== identifier.input && known?.identifiant) identifier.input.value = known.identifiant;
  }

  /** Buttons that go to the questions: with their titles one per line, or short in one line. @param {Progress[]} questions @param {boolean} withTitles */
  function links(questions, withTitles) {
    return h("ul", { class: withTitles ? "liens titres" : "liens" }, questions.map((question) => h("li", null, h("button", {
      type: "button", class: "lien", "aria-label": `${question.rang} · ${question.titre}`, title: question.titre,
      text: withTitles ? `${question.rang} · ${question.titre}` : String(question.rang), on: { click: () => goTo(root, question.id, shell.say) },
    }))));
  }

  function show() {
    const questions = states.list().filter((question) => !question.entrainement);
    const done = questions.filter(isAnswered);
    const todo = questions.filter((question) => !isAnswered(question));
    if (!questions.length) return remains.replaceChildren(); // only tries: nothing is owed
    return remains.replaceChildren(
      h("p", { class: todo.length ? "" : "complet", text: todo.length ? `${count(done.length, TEXTS.answered)} ${count(todo.length, TEXTS.unansweredCount)}` : TEXTS.everythingAnswered }),
      ...(todo.length ? [h("p", { class: "libelle", text: TEXTS.stillToDo }), links(todo, true)] : []),
      ...(todo.length && done.length ? [h("p", { class: "libelle", text: TEXTS.alreadyDone }), links(done, false)] : []));
  }

  /** What the notebook holds now, what is being typed in its cards included. @param {Json} [wanted] */
  function sheet(wanted) {
    document.dispatchEvent(new CustomEvent("crc-garder"));
    return root.isConnected ? ask(root, "crc-feuille", wanted || {}) : {};
  }

  /** The name is wanted for what bears it. */
  function signed() {
    writing.flush();
    const { nom } = student();
    name.wrong(nom ? "" : TEXTS.nameMissing);
    if (!nom) name.input.focus();
    else keepStudent();
    return Boolean(nom);
  }

  /** With the plugin, the copy is made here: no kernel is needed. Without it, Python makes it beside the notebook. */
  function handIn() {
    if (!signed()) return;
    const { ok, carnet, feuille } = sheet({ entier: true });
    if (ok !== true || !carnet) {
      say(TEXTS.preparingFile);
      return kernel.ask({ type: "rendre", ...student(), feuille: feuille ?? null });
    }
    try {
      const copy = cleanCopy(carnet, student());
      const file = `${fileName([copy.metadata.crc_lab.activite], student().nom)}.ipynb`;
      saveFile(file, "application/x-ipynb+json", [`${JSON.stringify(copy, null, 1)}\n`]);
      showCopy(file, copy, Object.keys(feuille.reponses || {}).length > Object.keys(copy.metadata.crc_lab.reponses).length);
    } catch (error) {
      console.error("crc-lab:", error);
      say(fill(TEXTS.copyFailed, { error: error instanceof Error ? error.message : String(error) }), "alerte");
    }
  }

  /** Which file, what is in it, where it goes. @param {string} file @param {Json} copy @param {boolean} exam some answers of a mock exam were left out */
  function showCopy(file, copy, exam) {
    const questions = states.list();
    const { marked, exercises, last, left } = contents(copy, questions);
    const total = questions.filter(({ entrainement }) => !entrainement).length;
    const day = last?.toLocaleDateString("fr-FR", { day: "numeric", month: "long", year: "numeric" }) ?? "";
    const time = last?.toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" }) ?? "";
    const holds = fill(TEXTS.copyHolds, {
      marked: total ? fill(count(marked, TEXTS.markedGiven), { total }) : count(exercises, TEXTS.onlyExercises),
      exercises: total && exercises ? ` ${count(exercises, TEXTS.exercisesGiven)}` : "",
      last: last ? fill(TEXTS.lastGiven, { day, time }) : "",
    });
    say("");
    result.replaceChildren(h("div", { class: `retour ${marked < total ? "partiel" : "juste"}` },
      h("span", { class: "signe", "aria-hidden": "true", text: "✓" }),
      h("div", null, h("p", null, `${TEXTS.copyReady} `, h("b", { text: file })), h("p", { text: holds }),
        left.length ? h("p", { text: fill(count(left.length, TEXTS.missing), { list: andList(left) }) }) : null, h("p", null, h("b", { text: TEXTS.deposit })), exam ? h("p", { text: TEXTS.examApart }) : null)));
  }

  /** What else this activity offers: the page to print, the before and after of the case. */
  function showOffer() {
    const { fiche, bilan } = model.get("offre") || {};
    const askFor = (/** @type {string} */ type) => kernel.ask({ type, ...student(), feuille: sheet().feuille ?? null });
    offer.replaceChildren(...[
      fiche && h("div", { class: "barre" }, button(TEXTS.page, () => { page = openPage(); say(TEXTS.preparingFile); askFor("fiche"); }),
        h("small", { class: "aide", text: TEXTS.pageHelp })),
      bilan && h("div", { class: "barre" }, button(TEXTS.outcome, () => askFor("bilan")),
        button(TEXTS.outcomeFile, () => { if (signed()) { say(TEXTS.preparingFile); askFor("bilan_excel"); } }, "discret")),
    ].filter(Boolean));
  }

  /** @param {string} html */
  function showOutcome(html) {
    outcome.replaceChildren(html ? h("div", { html }) : h("p", { class: "aide", text: TEXTS.outcomeEmpty }));
    outcome.hidden = false;
    outcome.focus();
  }

  function showBack() {
    const back = model.get("retour");
    if (!back) return result.replaceChildren();
    say("");
    result.replaceChildren(h("div", { class: `retour ${back.ok ? "juste" : "partiel"}` },
      h("span", { class: "signe", "aria-hidden": "true", text: back.ok ? "✓" : "!" }), h("div", { html: back.html || "" })));
  }

  const fromPython = () => fillStudent(model.get("eleve"));
  shell.follow({ retour: showBack, eleve: fromPython, offre: showOffer });
  fromPython();
  show();
  showBack();
  showOffer();
  shell.whenShown(() => {
    const { ok, feuille, chemin, nom } = ask(root, "crc-feuille", {});
    if (ok !== true) return say(TEXTS.noPluginHandIn, "alerte");
    fillStudent(feuille?.eleve);
    kernel.tell({ type: "feuille", feuille, chemin, nom });
    states.fromSheet(feuille);
  });
  return writing.flush;
});

/** « 1, 2 et 4 ». @param {number[]} numbers */
function andList(numbers) {
  const some = numbers.slice(0, -1).join(", ");
  return [some, numbers.at(-1)].filter(Boolean).join(" et ");
}
