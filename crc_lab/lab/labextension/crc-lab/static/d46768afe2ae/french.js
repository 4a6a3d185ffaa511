/* What JupyterLab says in English all the same: parts of it that were given no translation, a few sentences that have none, and
 * what the server answers about a file. Nothing of this where JupyterLab is in another language. */

/** @type {Record<string, string>} */
const OURS = {
  "Are you sure you want to delete this cell?": "Supprimer cette cellule ?",
  "Cells": "Le carnet",
  "Code Cell Content": "Cellule",
  "Code Cell Content with Output": "Carte",
  "Collapse Output": "Replier le résultat",
  "Delete the cell": "Supprimer la cellule",
  "Do not ask me again": "Ne plus me le demander",
  "Expand Output": "Déplier le résultat",
  "Ignore this warning for future deletions.": "Ne plus me le demander.",
  "Kernel Restarting": "Python redémarre",
  "Markdown Cell Content": "Texte",
  "Responsive popup toolbar": "Autres boutons",
  "The cell is read-only and cannot be merged.": "Cette cellule ne se modifie pas.",
  "The cell is read-only and cannot be split.": "Cette cellule ne se modifie pas.",
  "The kernel for %1 appears to have died. It will restart automatically.":
    "Python s’est arrêté, et redémarre seul. Vos réponses sont enregistrées. Cliquez ensuite sur « Tout relancer ».",
};
/** @type {[RegExp, string][]} */
const FILES = [
  [/not UTF-8/i, "Ce fichier ne s’ouvre pas ici : ses accents sont écrits autrement que ne les lit le cahier. Ouvrez-le avec Excel."],
  [/Unreadable Notebook|NotJSON/i, "Ce carnet est abîmé et ne se lit plus. Gardez-le, et montrez-le à votre professeur : il peut en retrouver les réponses."],
  [/No such (file|directory)|does not exist|not found/i, "Ce fichier n’est pas dans le cahier."],
];

/** @param {Lab} lab */
export function speakFrench({ app, translator, nullTranslator, Notification }) {
  if (!translator?.languageCode?.startsWith("fr")) return;
  const french = translator.load("jupyterlab");
  const translate = french.__.bind(french);
  french.__ = (text, ...given) => OURS[text] || translate(text, ...given);
  nullTranslator.load("jupyterlab").__ = (text, ...given) => french.__(text, ...given);

  app.restored.then(() => {
    for (const link of document.querySelectorAll(".jp-skiplink-wrapper a")) {
      if (link.textContent === "Skip to main panel") link.textContent = "Aller au contenu";
    }
  });

  const { contents } = app.serviceManager;
  const get = contents.get.bind(contents);
  contents.get = (path, options) => get(path, options).catch((/** @type {Error} */ error) => {
    const [, sentence] = FILES.find(([sign]) => sign.test(error.message)) || [];
    if (sentence) error.message = sentence;
    throw error;
  });

  // The time that a notification has left is a bar, whose name is in English.
  Notification.manager.changed.connect(() => setTimeout(() => {
    for (const bar of document.querySelectorAll(".Toastify__progress-bar")) bar.setAttribute("aria-label", "Temps restant");
  }, 200));
}
