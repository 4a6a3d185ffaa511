// The whole workbook at a glance: what is answered, checked and earned in each activity.
import { count, fill, h, number } from "./dom.js";
import { button } from "./frame.js";
import { makeKernel } from "./kernel.js";
import { keepKeys } from "./keys.js";
import { T } from "./texts.js";
import { TM } from "./texts_memory.js";
import { followTheme } from "./theme.js";

function render({ model, el }) {
  const root = h("div", { class: "crc", lang: "fr" });
  el.append(root);
  const closeTheme = followTheme(root);
  keepKeys(root, () => {});
  const message = h("p", { class: "message", role: "status" });
  const kernel = makeKernel(model, { erreur: ({ texte }) => tell(texte, "alerte"), fini: () => tell(TM.refreshed) }, () => tell(T.deadKernel, "alerte"));
  const body = h("tbody");
  const total = h("p", { class: "moyenne", role: "status" });
  root.append(h("section", { class: "carte large", "aria-label": TM.path },
    h("header", { class: "tete" }, h("h3", { text: TM.path })),
    h("div", { class: "corps" }, h("div", { class: "fenetre libre", tabindex: 0, role: "group", "aria-label": TM.pathTable }, h("table", { class: "parcours" },
      h("thead", null, h("tr", null, [TM.activity, TM.answeredHead, TM.checkedHead, TM.pointsHead].map((text) => h("th", { scope: "col", text })))), body)), total),
    h("div", { class: "barre" }, button(TM.refresh, () => kernel.ask({ type: "actualiser" }))), message));

  function tell(text, look) {
    message.className = `message ${text ? look || "" : ""}`;
    message.textContent = text || "";
  }

  function line(one) {
    const state = { absente: TM.notBegun, illisible: fill(TM.unreadableFile, { file: one.fichier }) }[one.etat];
    const name = h("th", { scope: "row" }, h("b", { text: `${one.numero} · ${one.titre}` }), state ? h("small", { text: state }) : null);
    const bar = h("progress", { max: one.total || 1, value: one.repondues, "aria-hidden": "true" });
    const points = one.sur ? (one.points === null ? TM.atCorrection : fill(TM.outOf, { n: number(one.points), total: number(one.sur) })) : TM.noMark;
    return h("tr", { class: one.etat }, name,
      h("td", null, fill(TM.outOf, { n: one.repondues, total: one.total }), bar), h("td", { text: fill(TM.outOf, { n: one.verifiees, total: one.total }) }), h("td", { text: points }));
  }

  function show() {
    body.replaceChildren(...(model.get("lignes") || []).map(line));
    const { note, activites } = model.get("moyenne") || {};
    total.textContent = activites ? `${fill(TM.mean, { n: number(note) })} ${count(activites, TM.overActivities)}` : TM.noMean;
  }

  show();
  model.on("change:lignes", show);
  model.on("change:moyenne", show);
  return () => {
    model.off("change:lignes", show);
    model.off("change:moyenne", show);
    kernel.close();
    closeTheme();
  };
}

export default { render };
