// What the check says of one field, in words and with a sign, not only in colour.
import { T } from "./texts.js";

/** « ✗ À revoir. Il manque le second type. » @param {Note} note */
export function noteText(note) {
  const sign = note.etat === "faux" ? T.signWrong : note.etat === "accepte" ? T.signAccepted : T.signRight;
  return [sign, note.texte].filter(Boolean).join(" ");
}

/** Show a note (or none) in `node`; `input` is the field it speaks of. @param {HTMLElement} node @param {Note | null} [note] @param {HTMLElement} [input] */
export function showNote(node, note, input) {
  node.className = note ? `note-champ ${note.etat}` : "note-champ";
  node.textContent = note ? noteText(note) : "";
  if (note?.etat === "faux") input?.setAttribute("aria-invalid", "true");
  else input?.removeAttribute("aria-invalid");
}
