// The lexicon: every term and its definition, found as one types.
import { count, h, uid } from "./dom.js";
import { makeCard } from "./shell.js";
import { T } from "./texts.js";
import { foldWords } from "./values.js";

const TEXTS = {
  lexicon: "Lexique",
  terms: "Les mots et leur définition",
  search: "Chercher un mot",
  searchHint: "scoring, opposition…",
  found: ["{n} mot", "{n} mots"],
  none: "Aucun mot ne correspond. Essayez une partie du mot, ou un autre thème.",
};

/** @typedef {{ terme: string, definition: string, theme: string, source: string }} Entry */

export const card = makeCard(({ model, root, follow }) => {
  const searchId = uid("lexique");
  const search = h("input", { id: searchId, type: "search", autocomplete: "off", placeholder: TEXTS.searchHint, on: { input: show } });
  const theme = h("select", { on: { change: show } });
  const total = h("span", { class: "compte", role: "status" });
  const list = h("dl", { class: "lexique" });
  const frame = h("div", { class: "fenetre", tabindex: 0, role: "group", "aria-label": TEXTS.terms }, list);
  const none = h("p", { class: "aide rien", text: TEXTS.none });
  root.append(h("section", { class: "carte large", "aria-label": TEXTS.lexicon },
    h("div", { class: "outils" }, h("div", { class: "groupe" }, h("label", { for: searchId }, h("span", { text: TEXTS.search }), search),
      h("label", null, h("span", { text: T.theme }), theme), total)), frame, none));

  const entries = () => /** @type {Entry[]} */ (model.get("entrees") || []);

  function build() {
    const names = [...new Set(entries().map((entry) => entry.theme))].sort();
    theme.replaceChildren(h("option", { value: "", text: T.allThemes }), ...names.map((name) => h("option", { value: name, text: name })));
    show();
  }

  /** Every word typed must be in the term or in its definition; terms that begin so come first. */
  function show() {
    const words = foldWords(search.value).split(" ").filter(Boolean);
    const found = entries().filter((entry) => (!theme.value || entry.theme === theme.value)
      && words.every((word) => foldWords(`${entry.terme} ${entry.definition}`).includes(word)));
    const rank = (/** @type {Entry} */ entry) => (words.length && foldWords(entry.terme).startsWith(words[0]) ? 0 : 1);
    found.sort((a, b) => rank(a) - rank(b));
    list.replaceChildren(...found.map((entry) => h("div", null, h("dt", { text: entry.terme }),
      h("dd", null, entry.definition, h("small", { text: `${entry.theme} · ${entry.source}` })))));
    frame.hidden = !found.length;
    none.hidden = found.length > 0;
    total.textContent = count(found.length, TEXTS.found);
    frame.scrollTop = 0;
  }

  build();
  follow({ entrees: build });
});
