// An open answer: plain text (Markdown as typed), read by the teacher.
import { count, h, uid } from "../dom.js";

const TEXTS = {
  words: ["{n} mot", "{n} mots"],
};

/** @type {Kind} */
export const ouverte = {
  mount({ labelledby, changed }) {
    const countId = uid("mots");
    const control = h("textarea", {
      rows: 6, "aria-labelledby": labelledby, "aria-describedby": countId, spellcheck: "true",
      on: { input: () => { grow(); changed("typing"); }, blur: () => changed("now") },
    });
    const words = h("small", { id: countId, class: "aide" });
    grow();

    function grow() {
      words.textContent = count(control.value.split(/\s+/).filter(Boolean).length, TEXTS.words);
      control.style.height = "auto";
      if (control.scrollHeight > control.clientHeight) control.style.height = `${control.scrollHeight + 4}px`;
    }

    return {
      node: h("div", { class: "champ" }, control, words),
      control,
      value: () => control.value,
      setValue: (value) => {
        control.value = value === null || value === undefined ? "" : String(value);
        grow();
      },
      setFeedback: () => {},
    };
  },
};
