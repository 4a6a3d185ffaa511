// A call that is played: what the other person says, our replies as buttons, the transcript; then the step of each of ours.
// {"SC-2": { parcours: [["F1", "a"], …], etapes: ["contact", …] }, …}
import { button, fill, h, uid } from "../dom.js";
import { besides, showNote } from "../fields.js";
import { ask, whenConnected } from "../notebook.js";
import { T } from "../texts.js";

const TEXTS = {
  calls: "Appels à jouer",
  you: "Vous",
  begin: "À vous : que dites-vous ?",
  over: "L’appel est terminé.",
  name: "Relisez l’appel et donnez l’étape de chacune de vos répliques.",
  step: "Étape de votre réplique {n}",
  transcript: "Ce qui s’est dit",
  back: "Revenir sur ma dernière réplique",
  again: "Rejouer cet appel",
  wentBack: "Votre dernière réplique est retirée.",
  cleared: "L’appel recommence.",
  heard: "{who} : {text}",
  state: { todo: "à jouer", begun: "commencé", played: "étapes à nommer", done: "terminé" },
  call: "{title}, {state}",
};

/** The same order for the same student, another one for the neighbour. @param {string} text */
function hash(text) {
  let value = 2166136261;
  for (const sign of text) value = Math.imul(value ^ (sign.codePointAt(0) || 0), 16777619);
  return value >>> 0;
}

/** @type {Kind} */
export const dialogue = {
  mount({ spec, labelledby, changed, say }) {
    const model = /** @type {Json} */ (spec.dialogue);
    const training = spec.edition !== "evaluation";
    const calls = model.scenarios.map((/** @type {Json} */ scenario) => ({ scenario, turns: /** @type {string[][]} */ ([]), steps: /** @type {string[]} */ ([]) }));
    let others = /** @type {Json} */ ({}); // calls unknown to this version: kept
    let current = calls[0];
    let student = "";
    let notes = /** @type {CellNote[]} */ ([]);

    const tabs = h("div", { class: "groupe appels", role: "group", "aria-label": TEXTS.calls });
    const talk = h("ol", { class: "echange", "aria-label": TEXTS.transcript });
    const title = h("p", { class: "libelle", tabindex: "-1" });
    const replies = h("div", { class: "repliques" });
    const tools = h("div", { class: "groupe" });
    const node = h("div", { class: "dialogue", "aria-labelledby": labelledby },
      h("p", { class: "contexte", text: model.contexte }), tabs, talk, title, replies, tools);

    /** @param {Json} scenario @param {string} text */
    const words = (scenario, text) => Object.entries(scenario.valeurs || {}).reduce((said, [name, value]) => said.replaceAll(`{${name}}`, String(value)), text || "");

    /** Play a call again from its start: the lines, where it stands, whether it is over. @param {Json} call */
    function play({ scenario, turns }) {
      const lines = /** @type {{ mine: boolean, text: string, remark?: string, turn?: number }[]} */ ([]);
      let at = model.depart;
      let over = false;
      if (scenario.depart) {
        const start = model.noeuds[at].reactions[scenario.depart];
        lines.push({ mine: false, text: words(scenario, start.texte) });
        at = start.vers;
      }
      const seen = /** @type {Record<string, number>} */ ({ [at]: 1 });
      for (const [turn, [, id]] of turns.entries()) {
        const here = model.noeuds[at];
        const reply = here.repliques.find((/** @type {Json} */ one) => one.id === id);
        if (!reply || turns[turn][0] !== at || over) break;
        lines.push({ mine: true, text: words(scenario, reply.texte), remark: spec.retours?.[at]?.[id], turn });
        if (here.fin) {
          over = true;
          continue;
        }
        const [text, following] = react(scenario, at, reply);
        if (text) lines.push({ mine: false, text: words(scenario, text) });
        at = (seen[following] || 0) >= model.visites && model.debordement ? model.debordement : following;
        seen[at] = (seen[at] || 0) + 1;
      }
      return { lines, at, over };
    }

    /** @param {Json} scenario @param {string} at @param {Json} reply @returns {[string, string]} */
    function react(scenario, at, reply) {
      const name = reply.effet || scenario.reactions[at] || "ok";
      const own = model.noeuds[at].reactions[name];
      return own ? [own.texte, own.vers] : [name === "opposition" ? model.refus : "", model.partout[name]];
    }

    /** @param {Json} call */
    function stateOf(call) {
      const { over } = play(call);
      if (!call.turns.length) return TEXTS.state.todo;
      if (!over) return TEXTS.state.begun;
      return call.turns.every((/** @type {Json} */ _, /** @type {number} */ turn) => call.steps[turn]) ? TEXTS.state.done : TEXTS.state.played;
    }

    function show() {
      const { lines, at, over } = play(current);
      tabs.replaceChildren(...(calls.length > 1 ? calls.map((/** @type {Json} */ call) => h("button", {
        type: "button", class: "petit", "aria-pressed": String(call === current), text: fill(TEXTS.call, { title: call.scenario.texte, state: stateOf(call) }),
        on: { click: () => { current = call; show(); title.focus(); } },
      })) : []));
      talk.replaceChildren(...lines.map((line) => h("li", { class: line.mine ? "moi" : "autre" },
        h("b", { text: line.mine ? TEXTS.you : model.interlocuteur }), h("p", { text: line.text }),
        line.mine && training && line.remark ? h("p", { class: "aide", text: line.remark }) : null,
        over && line.mine ? stepChoice(Number(line.turn)) : null)));
      talk.hidden = !lines.length;
      title.textContent = over ? `${TEXTS.over} ${TEXTS.name}` : TEXTS.begin;
      replies.replaceChildren(...(over ? [] : shuffled(at).map((/** @type {Json} */ reply) => h("button", {
        type: "button", class: "replique", text: words(current.scenario, reply.texte), on: { click: () => answer(at, reply.id) },
      }))));
      tools.replaceChildren(...(training && current.turns.length ? [button(TEXTS.back, goBack, "petit"), button(TEXTS.again, restart, "petit discret")] : []));
    }

    /** @param {string} at */
    function shuffled(at) {
      const rank = (/** @type {Json} */ reply) => hash(`${student}|${spec.id}|${at}|${reply.id}`);
      return [...model.noeuds[at].repliques].sort((a, b) => rank(a) - rank(b));
    }

    /** The step that a reply belongs to, once the call is over. @param {number} turn */
    function stepChoice(turn) {
      const id = uid("etape");
      const note = h("small", { class: "note-champ" });
      const select = h("select", {
        id, on: { change: () => { current.steps[turn] = select.value; forget(turn); changed("now"); refreshTabs(); } },
      }, h("option", { value: "", text: T.choose }), model.etapes.map((/** @type {Json} */ step) => h("option", { value: step.id, text: step.texte })));
      select.value = current.steps[turn] || "";
      showNote(note, notes.find((one) => one.ligne === current.scenario.id && one.colonne === String(turn + 1)), select);
      return h("div", { class: "etape" }, h("label", { for: id, class: "vh", text: fill(TEXTS.step, { n: turn + 1 }) }), select, note);
    }

    /** What was said of a step goes when the step changes. @param {number} turn */
    function forget(turn) {
      notes = notes.filter((one) => one.ligne !== current.scenario.id || one.colonne !== String(turn + 1));
    }

    function refreshTabs() {
      for (const [at, tab] of [...tabs.children].entries()) tab.textContent = fill(TEXTS.call, { title: calls[at].scenario.texte, state: stateOf(calls[at]) });
    }

    /** @param {string} at @param {string} reply */
    function answer(at, reply) {
      const before = play(current).lines.length;
      current.turns.push([at, reply]);
      show();
      const { lines, over } = play(current);
      say(lines.slice(before).map((line) => fill(TEXTS.heard, { who: line.mine ? TEXTS.you : model.interlocuteur, text: line.text })).join(" ") + (over ? ` ${TEXTS.over}` : ""));
      title.focus();
      changed("now");
    }

    function goBack() {
      current.turns.pop();
      current.steps.length = Math.min(current.steps.length, current.turns.length);
      notes = notes.filter((one) => one.ligne !== current.scenario.id);
      show();
      say(TEXTS.wentBack);
      title.focus();
      changed("now");
    }

    function restart() {
      Object.assign(current, { turns: [], steps: [] });
      notes = notes.filter((one) => one.ligne !== current.scenario.id);
      show();
      say(TEXTS.cleared);
      title.focus();
      changed("now");
    }

    whenConnected(node).then((there) => {
      if (!there) return;
      student = String(ask(node, "crc-feuille", {}).feuille?.eleve?.nom || "");
      if (!node.contains(document.activeElement)) show();
    });
    show();
    return {
      node,
      value: () => {
        const played = calls.filter((/** @type {Json} */ call) => call.turns.length)
          .map((/** @type {Json} */ { scenario, turns, steps }) => [scenario.id, { parcours: turns, etapes: turns.map((/** @type {Json} */ _, /** @type {number} */ turn) => steps[turn] || "") }]);
        const found = { ...others, ...Object.fromEntries(played) };
        return Object.keys(found).length ? found : null;
      },
      setValue: (value) => {
        others = besides(value, calls.map((/** @type {Json} */ call) => call.scenario.id));
        for (const call of calls) {
          const given = value?.[call.scenario.id];
          call.turns = (Array.isArray(given?.parcours) ? given.parcours : []).map((/** @type {Json} */ turn) => [...turn].map(String));
          call.steps = (Array.isArray(given?.etapes) ? given.etapes : []).map(String);
        }
        notes = [];
        show();
      },
      setFeedback: (_notes, cells = []) => {
        notes = cells;
        show();
      },
    };
  },
};
