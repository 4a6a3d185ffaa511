// A planning: agents in rows, hours in columns, a box in each cell; counts, never verdicts. {"P1": [8, 9, 10], …}
import { fill, h } from "../dom.js";
import { besides, stepInTable } from "../fields.js";

const TEXTS = {
  agent: "Conseiller",
  hours: "Heures",
  hour: "{n} h",
  need: "Présents / besoin",
  count: "{n} / {total}",
  box: "{name}, {n} h",
  said: "{name} : {n} h sur {total}. À {hour} h : {present} sur {need}.",
  help: "Une case par heure de début. Au clavier : les flèches vont d’une case à l’autre, Espace coche.",
};

/** @type {Kind} */
export const planning = {
  mount({ spec, labelledby, changed, say }) {
    const { agents, creneaux, besoin } = /** @type {Json} */ (spec.planning);
    const worked = new Map(/** @type {[string, Set<number>][]} */ (agents.map((/** @type {Json} */ agent) => [agent.id, new Set()])));
    let others = /** @type {Json} */ ({}); // people unknown to this version: kept
    const rows = agents.map((/** @type {Json} */ agent) => {
      const boxes = creneaux.map((/** @type {number} */ hour) => h("input", {
        type: "checkbox", "aria-label": fill(TEXTS.box, { name: agent.nom, n: hour }),
        on: { change: (event) => tick(agent, hour, /** @type {HTMLInputElement} */ (event.currentTarget).checked) },
      }));
      const total = h("td", { class: "compte" });
      return {
        agent, boxes, total,
        line: h("tr", { "data-id": agent.id }, h("th", { scope: "row" }, h("b", { text: `${agent.id} · ${agent.nom}` }), h("small", { text: agent.situation })),
          boxes.map((/** @type {HTMLElement} */ box) => h("td", null, h("label", null, box))), total),
      };
    });
    const presents = creneaux.map(() => h("td", { class: "compte" }));
    const body = h("tbody", null, rows.map((/** @type {Json} */ row) => row.line));
    const table = h("table", { class: "coches planning", "aria-labelledby": labelledby, on: { keydown: (event) => stepInTable(event, body) } },
      h("thead", null, h("tr", null, h("th", { scope: "col", text: TEXTS.agent }),
        creneaux.map((/** @type {number} */ hour) => h("th", { scope: "col", text: fill(TEXTS.hour, { n: hour }) })), h("th", { scope: "col", text: TEXTS.hours }))),
      body, h("tfoot", null, h("tr", null, h("th", { scope: "row", text: TEXTS.need }), presents, h("td"))));

    /** @param {Json} agent @param {number} hour @param {boolean} present */
    function tick(agent, hour, present) {
      const hours = worked.get(agent.id);
      if (present) hours?.add(hour);
      else hours?.delete(hour);
      count();
      const at = creneaux.indexOf(hour);
      say(fill(TEXTS.said, { name: agent.nom, n: hours?.size || 0, total: agent.heures, hour, present: there(hour), need: besoin[at] }));
      changed("now");
    }

    const there = (/** @type {number} */ hour) => [...worked.values()].filter((hours) => hours.has(hour)).length;

    function count() {
      for (const { agent, boxes, total } of rows) {
        const hours = worked.get(agent.id) || new Set();
        for (const [at, box] of boxes.entries()) box.checked = hours.has(creneaux[at]);
        total.textContent = fill(TEXTS.count, { n: hours.size, total: agent.heures });
      }
      for (const [at, cell] of presents.entries()) cell.textContent = fill(TEXTS.count, { n: there(creneaux[at]), total: besoin[at] });
    }

    count();
    return {
      node: h("div", { class: "question-coches" }, h("p", { class: "aide", text: TEXTS.help }), h("div", { class: "fenetre libre" }, table)),
      width: "wide",
      value: () => {
        const filled = [...worked].filter(([, hours]) => hours.size).map(([id, hours]) => [id, [...hours].sort((a, b) => a - b)]);
        return filled.length || Object.keys(others).length ? { ...others, ...Object.fromEntries(filled) } : null;
      },
      setValue: (value) => {
        others = besides(value, [...worked.keys()]);
        for (const [id, hours] of worked) {
          hours.clear();
          for (const hour of Array.isArray(value?.[id]) ? value[id] : []) hours.add(Number(hour));
        }
        count();
      },
      setFeedback: () => {},
    };
  },
};
