// The rubric of an open answer: the student ticks what the answer holds. Kept beside the answer, never marked.
import { fill, h, number, uid } from "./dom.js";
import { T } from "./texts.js";

/** `changed({rubric id: [line numbers]})` at each tick. show(rubrics, ticked): nothing to show hides it. @param {(ticked: Record<string, number[]>) => void} changed @param {Say} say */
export function makeRubric(changed, say) {
  const node = h("section", { class: "grille-eval", hidden: true });
  let shown = "";
  let boxes = /** @type {{ rubric: string, line: number, points: number, input: HTMLInputElement }[]} */ ([]);

  /** @param {Rubric[]} [rubrics] @param {Json} [ticked] */
  function show(rubrics = [], ticked) {
    const key = JSON.stringify(rubrics);
    if (key !== shown) build(rubrics);
    shown = key;
    for (const box of boxes) box.input.checked = (ticked?.[box.rubric] || []).includes(box.line);
    for (const rubric of rubrics) total(rubric);
  }

  /** @param {Rubric[]} rubrics */
  function build(rubrics) {
    node.hidden = !rubrics.length;
    boxes = [];
    node.replaceChildren(...rubrics.map((rubric) => {
      const legend = uid("grille");
      const list = rubric.lignes.map((line, position) => {
        const input = h("input", { type: "checkbox", on: { change: () => tick(rubric) } });
        boxes.push({ rubric: rubric.id, line: position, points: line.points, input });
        return h("label", { class: "choix" }, input, h("span", null, line.texte, h("small", { text: fill(T.rubricPoints, { n: number(line.points) }) })));
      });
      return h("div", { role: "group", "aria-labelledby": legend },
        h("p", { id: legend, class: "libelle", text: T.rubricTitle }), h("p", { class: "aide", text: T.rubricHelp }),
        h("div", { class: "liste-choix" }, list), h("p", { class: "total", "data-grille": rubric.id }));
    }));
  }

  /** @param {Rubric} rubric */
  function tick(rubric) {
    const found = /** @type {Record<string, number[]>} */ ({});
    for (const box of boxes) (found[box.rubric] ||= []).push(...(box.input.checked ? [box.line] : []));
    say(total(rubric));
    changed(found);
  }

  /** @param {Rubric} rubric */
  function total(rubric) {
    const own = boxes.filter((box) => box.rubric === rubric.id);
    const sum = (/** @type {typeof boxes} */ list) => list.reduce((points, box) => points + box.points, 0);
    const text = fill(T.rubricTotal, { n: number(sum(own.filter((box) => box.input.checked))), total: number(sum(own)) });
    node.querySelector(`[data-grille="${CSS.escape(rubric.id)}"]`)?.replaceChildren(text);
    return text;
  }

  return { node, show };
}
