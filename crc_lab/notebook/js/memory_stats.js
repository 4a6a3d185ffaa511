// The numbers of the flashcards: what is learnt, what is to come. Words and figures; the bars only help.
import { fill, h } from "./dom.js";
import { TM } from "./texts_memory.js";

/** `stats`: see crc_lab.notebook.flashcards. @param {Record<string, Json>} stats */
export function progressTable(stats) {
  const numbers = [
    [TM.due, stats.a_revoir], [TM.learnt, stats.apprises], [TM.learning, stats.en_cours], [TM.unseen, stats.nouvelles],
    [TM.today, stats.aujourdhui],
  ];
  const coming = /** @type {number[]} */ (stats.previsions || []);
  const most = Math.max(1, ...coming);
  const dayName = (/** @type {number} */ n) => (n === 0 ? TM.todayShort : n === 1 ? TM.tomorrow : fill(TM.inDays, { n }));
  return h("details", { class: "progres" }, h("summary", { text: TM.statistics }),
    h("dl", { class: "chiffres" }, numbers.map(([name, n]) => h("div", null, h("dt", { text: name }), h("dd", { text: String(n ?? 0) })))),
    h("p", { class: "aide", text: TM.learntHelp }),
    h("table", { class: "previsions" }, h("caption", { text: TM.forecast }),
      h("thead", null, h("tr", null, h("th", { scope: "col", text: TM.day }), h("th", { scope: "col", text: TM.cards }))),
      h("tbody", null, coming.map((n, day) => h("tr", null, h("th", { scope: "row", text: dayName(day) }),
        h("td", null, h("span", { class: "barre-jour", style: `width:${Math.round((80 * n) / most)}px`, "aria-hidden": "true" }), ` ${n}`))))));
}
