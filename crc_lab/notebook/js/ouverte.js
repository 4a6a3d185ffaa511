// An open answer: plain text (Markdown as typed), read by the teacher.
import { count, h, uid } from "./dom.js";
import { T } from "./texts.js";

/** @type {Mount} */
export function ouverte({ labelledby, changed }) {
  const countId = uid("mots");
  const area = h("textarea", {
    rows: 6, "aria-labelledby": labelledby, "aria-describedby": countId, spellcheck: "true",
    on: { input: () => { grow(); changed("typing"); }, blur: () => changed("now") },
  });
  const words = h("small", { id: countId, class: "aide" });
  grow();

  function grow() {
    const total = area.value.trim() ? area.value.trim().split(/\s+/).length : 0;
    words.textContent = count(total, T.words);
    area.style.height = "auto";
    if (area.scrollHeight > area.clientHeight) area.style.height = `${area.scrollHeight + 4}px`;
  }

  return {
    node: h("div", { class: "champ" }, area, words),
    value: () => area.value,
    fill: (value) => {
      area.value = value === null || value === undefined ? "" : String(value);
      grow();
    },
    mark: () => {},
  };
}
