// The hand-in card: who, what is answered, which file to hand in.
import { button, count, debounce, fill, h, makeMessage, setAttribute, uid } from "./dom.js";
import { makeKernel } from "./kernel.js";
import { ask, goTo } from "./notebook.js";
import { makeCard } from "./shell.js";
import { followStates, isAnswered, shortName } from "./states.js";

const TEXTS = {
  deadKernelHandIn: "Le moteur de calcul ne répond pas. Votre nom et vos réponses sont bien enregistrés ; cliquez sur « Tout relancer », puis recommencez.",
  handIn: "Rendre mon travail",
  yourName: "Votre nom et votre prénom",
  yourIdentifier: "Votre identifiant",
  identifierHelp: "Si votre professeur vous en a donné un, par exemple igarnier.",
  nameMissing: "Écrivez votre nom : sans lui, votre professeur ne saura pas à qui est cette copie.",
  answered: ["{n} question répondue,", "{n} questions répondues,"],
  unansweredCount: ["{n} encore sans réponse.", "{n} encore sans réponse."],
  everythingAnswered: "✓ Toutes les questions ont une réponse.",
  stillToDo: "Encore sans réponse (cliquez pour y aller) :",
  alreadyDone: "Déjà répondues :",
  fileIs: "Le fichier à rendre est",
  inFolder: ", dans le dossier « {folder} ».",
  fileIsThis: "Le fichier à rendre est ce carnet (.ipynb).",
  prepare: "Préparer mon fichier",
  preparingFile: "Préparation…",
  noPluginHandIn: "L’extension crc-lab de JupyterLab ne répond pas : si vos réponses sont gardées à côté du carnet, rendez aussi le fichier « .reponses.json ».",
};

export const card = makeCard((shell) => {
  const { model, root } = shell;
  const titleId = uid("rendre");
  const name = field(TEXTS.yourName, "name", "", true);
  const identifier = field(TEXTS.yourIdentifier, "username", TEXTS.identifierHelp);
  const writing = debounce(keepStudent, 300);
  const remains = h("div", { class: "reste" });
  const file = h("p", { class: "fichier" });
  const { node: message, say } = makeMessage();
  const result = h("div", { role: "status" });
  root.append(h("section", { class: "carte", "aria-labelledby": titleId },
    h("header", { class: "tete" }, h("h3", { id: titleId, text: TEXTS.handIn })),
    h("div", { class: "corps" },
      h("div", { class: "identite" }, name.node, identifier.node), remains, file),
    h("div", { class: "barre" }, button(TEXTS.prepare, prepare, "principal")),
    h("div", { class: "retours" }, message, result)));
  const kernel = makeKernel(shell, {
    fini: ({ de }) => { if (de === "rendre") say(""); },
    erreur: ({ texte }) => say(texte, "alerte"),
  }, (type) => { if (type === "rendre") say(TEXTS.deadKernelHandIn, "alerte"); });
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
      type: "button", class: "lien", "aria-label": `${question.id}, ${question.titre}`, title: question.titre,
      text: withTitles ? `${question.id} · ${question.titre}` : shortName(question), on: { click: () => goTo(root, question.id, shell.say) },
    }))));
  }

  function show() {
    const questions = states.list().filter((question) => !question.entrainement);
    const done = questions.filter(isAnswered);
    const todo = questions.filter((question) => !isAnswered(question));
    remains.replaceChildren(
      h("p", { class: todo.length ? "" : "complet", text: todo.length ? `${count(done.length, TEXTS.answered)} ${count(todo.length, TEXTS.unansweredCount)}` : TEXTS.everythingAnswered }),
      ...(todo.length ? [h("p", { class: "libelle", text: TEXTS.stillToDo }), links(todo, true)] : []),
      ...(todo.length && done.length ? [h("p", { class: "libelle", text: TEXTS.alreadyDone }), links(done, false)] : []));
  }

  /** @param {string} [path] @param {string} [fileName] */
  function showFile(path = "", fileName) {
    const folder = path.split("/").slice(0, -1).join("/");
    file.replaceChildren(...(fileName
      ? [`${TEXTS.fileIs} `, h("b", { text: fileName }), folder ? fill(TEXTS.inFolder, { folder }) : "."]
      : [TEXTS.fileIsThis]));
  }

  function sheet() {
    const found = root.isConnected ? ask(root, "crc-feuille", {}) : {};
    if (found.ok === true) showFile(found.chemin, found.nom || (found.chemin || "").split("/").pop());
    return found;
  }

  function prepare() {
    writing.flush();
    const { nom, identifiant } = student();
    name.wrong(nom ? "" : TEXTS.nameMissing);
    if (!nom) return name.input.focus();
    keepStudent();
    const { feuille, chemin } = sheet();
    say(TEXTS.preparingFile);
    kernel.ask({ type: "rendre", nom, identifiant, feuille: feuille ?? null, chemin: chemin ?? null });
  }

  function showBack() {
    const back = model.get("retour");
    if (!back) return result.replaceChildren();
    say("");
    result.replaceChildren(h("div", { class: `retour ${back.ok ? "juste" : "partiel"}` },
      h("span", { class: "signe", "aria-hidden": "true", text: back.ok ? "✓" : "!" }), h("div", { html: back.html || "" })));
  }

  const fromPython = () => fillStudent(model.get("eleve"));
  shell.follow({ retour: showBack, eleve: fromPython });
  fromPython();
  show();
  showFile();
  showBack();
  shell.whenShown(() => {
    const { ok, feuille, chemin, nom } = sheet();
    if (ok !== true) return say(TEXTS.noPluginHandIn, "alerte");
    fillStudent(feuille?.eleve);
    kernel.tell({ type: "feuille", feuille, chemin, nom });
    states.fromSheet(feuille);
  });
  return writing.flush;
});
