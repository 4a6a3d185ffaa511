// Answering with a workbook: the template out, the filled file in, and a look at it before anything is replaced.
import { button, count, fill, h, makeMessage, uid } from "./dom.js";
import { saveFile } from "./files.js";
import { reveal } from "./reveal.js";
import { T } from "./texts.js";

const LARGEST = 20_000_000;

/** @param {ReturnType<typeof import("./kernel.js").makeKernel>} kernel @param {string} question @param {Say} say */
export function makeExcel(kernel, question, say) {
  const inputId = uid("fichier");
  const input = h("input", {
    id: inputId, type: "file", class: "vh", accept: ".xlsx,.xlsm,.csv,.ods,.xls", on: { change: () => { send(input.files?.[0]); } },
  });
  const zone = h("label", { for: inputId, class: "depot" }, h("b", { text: T.dropFile }), h("small", { text: T.dropHint }));
  const preview = h("div", { class: "apercu", role: "region", "aria-label": T.previewTitle, tabindex: -1, hidden: true });
  const { node: note, say: message } = makeMessage();
  const node = h("div", { class: "excel" },
    h("div", { class: "groupe" },
      button(T.template, () => { message(T.preparing); kernel.ask({ type: "modele_excel" }); }, null), input, zone),
    note, preview);

  for (const type of ["dragenter", "dragover", "dragleave", "drop"]) {
    zone.addEventListener(type, (event) => {
      event.preventDefault();
      event.stopPropagation();
      zone.classList.toggle("survol", type === "dragenter" || type === "dragover");
    });
  }
  zone.addEventListener("drop", (event) => send(event.dataTransfer?.files[0]));

  /** @param {File} [file] */
  async function send(file) {
    if (!file) return;
    close();
    if (file.size > LARGEST) return tell(fill(T.fileTooLarge, { name: file.name }), "alerte");
    message(fill(T.reading, { name: file.name }));
    try {
      kernel.ask({ type: "fichier", nom: file.name }, [await file.arrayBuffer()]);
    } catch {
      tell(fill(T.unreadableFile, { name: file.name }), "alerte");
    }
    input.value = ""; // the same file, corrected, can be given again
  }

  /** A refusal comes into view, as the preview does. @param {string} text @param {string} [look] */
  function tell(text, look) {
    message(text, look);
    if (look) reveal(note);
  }

  function close() {
    preview.hidden = true;
    preview.replaceChildren();
  }

  return {
    node, close,
    message: tell,
    messageNode: note,
    /** Python read the file: show it; nothing is replaced before the click. */
    preview(/** @type {Message} */ read) {
      message("");
      const warnings = /** @type {string[]} */ (read.avertissements || []);
      preview.replaceChildren(
        h("p", null, h("b", { text: T.previewTitle }), read.lignes === undefined ? ""
          : ` · ${count(read.lignes, T.readRows)} · ${count(read.colonnes, T.readColumns)}`),
        h("ul", { class: "avertissements", hidden: !warnings.length }, warnings.map((text) => h("li", { text }))),
        h("div", { class: "lu", html: read.html || "" }),
        h("div", { class: "groupe" },
          button(T.replace, () => { message(T.replacing); close(); kernel.ask({ type: "remplacer" }); }, "principal"),
          button(T.cancel, () => { close(); message(T.keptAnswer); kernel.tell({ type: "annuler" }); }, "discret")));
      preview.hidden = false;
      preview.focus({ preventScroll: true });
      reveal(preview);
    },
    /** A file made by Python: save it where the browser puts downloads. @param {Message} message @param {BlobPart[]} buffers */
    download({ nom = `${question}.xlsx`, mime = "application/octet-stream" }, buffers) {
      saveFile(nom, mime, buffers);
      message(fill(T.downloaded, { name: nom }));
      say(fill(T.downloaded, { name: nom }));
    },
  };
}
