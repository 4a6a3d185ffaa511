// What comes back after « Vérifier », the hints, the worked answer, and the messages of the engine.
import { fill, h, makeMessage } from "./dom.js";
import { T } from "./texts.js";

/** Verdict of the grader → class of the box, sign, words. Signs and words carry the meaning, colour only helps. */
/** @type {Record<string, string[]>} */
const VERDICTS = {
  JUSTE: ["juste", "✓", T.right],
  PARTIEL: ["partiel", "~", T.partly],
  FAUX: ["faux", "✗", T.wrong],
  NON_REPONDU: ["neutre", "○", T.unanswered],
  A_RELIRE: ["neutre", "…", T.toBeRead],
  ERREUR: ["partiel", "!", T.unreadable],
};

/** The places of the messages inside `node` (the card's feedback zone). @param {HTMLElement} node */
export function makeFeedback(node) {
  const hints = h("ol", { class: "indices", hidden: true });
  const hintBox = h("div", { role: "status" }, hints);
  const message = makeMessage();
  const result = h("div", { role: "status" });
  const worked = h("details", { class: "corrige", hidden: true, open: true });
  node.append(hintBox, message.node, result, worked);
  let stale = /** @type {HTMLElement | null} */ (null);
  let shownHints = "";

  return {
    /** The trait `retour`, or null: nothing checked yet. Returns the box. @param {Back | null} back */
    result(back) {
      stale = null;
      result.replaceChildren();
      if (!back?.verdict) return null;
      const [look, sign, words] = VERDICTS[back.verdict] || VERDICTS.A_RELIRE;
      const body = h("div", { class: "messages", html: back.html || "" });
      if (!body.querySelector(".verdict")) body.prepend(h("p", null, h("span", { class: "verdict", text: words })));
      if (back.compte) body.querySelector(".verdict")?.after(` ${back.compte}.`);
      const box = h("div", { class: `retour ${look}` }, h("span", { class: "signe", "aria-hidden": "true", text: sign }), body);
      result.append(box);
      return box;
    },
    /** Where a sentence of the engine stands. */
    messageNode: message.node,
    /** The answer changed after the check: the verdict stays readable but no longer speaks of what is shown. */
    outdated(text = T.outdated) {
      const [box] = result.children;
      if (stale || !box) return;
      stale = h("p", { class: "perime", text });
      box.classList.add("ancien");
      box.append(stale);
    },
    isOutdated: () => stale !== null,
    hints(/** @type {string[]} */ list = []) {
      const key = JSON.stringify(list);
      if (key === shownHints) return;
      shownHints = key;
      hints.hidden = !list.length;
      hints.replaceChildren(...list.map((html, position) =>
        h("li", null, h("b", { text: fill(T.hintLabel, { n: position + 1 }) }), h("div", { html }))));
    },
    worked(/** @type {string | undefined} */ html) {
      worked.hidden = !html;
      if (html) worked.replaceChildren(h("summary", { text: T.workedTitle }), h("div", { html }));
    },
    /** A sentence of the engine (or of its silence). */
    message: message.say,
  };
}
