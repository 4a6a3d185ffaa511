// Where the cards of a page find their code. It comes once, with a widget that is never shown (crc_lab/notebook/widgets.py);
// what each card brings is this file alone. Where that widget has gone (closed by hand), Python is asked for the code.

/** @typedef {Record<string, { render: Render }>} Cards by the name of their module */
/** @typedef {{ cards: Promise<Cards>, give(cards: Cards): void, asked: boolean }} Place */

const PATIENCE = 1500;

/** The cards of one version of the code, there or to come: another version may be in the same page. @param {string} version @returns {Place} */
function place(version) {
  const page = /** @type {{ crcLab?: Record<string, Place> }} */ (globalThis);
  const places = page.crcLab ||= {};
  if (!Object.hasOwn(places, version)) {
    let give = /** @type {Place["give"]} */ (() => {});
    const cards = /** @type {Promise<Cards>} */ (new Promise((resolve) => { give = resolve; }));
    places[version] = { cards, give, asked: false };
  }
  return places[version];
}

/** The code has come; as a widget, it shows nothing. @param {string} version @param {Cards} cards */
export function offer(version, cards) {
  place(version).give(cards);
  return {};
}

/** The card `name`, once its code is there. @param {string} version @param {string} name */
export function awaited(version, name) {
  return {
    /** @param {Parameters<Render>[0]} given */
    async render(given) {
      const own = place(version);
      const asking = setTimeout(() => { if (!own.asked) ask(own, given.model); }, PATIENCE);
      const cards = await own.cards;
      clearTimeout(asking);
      return cards[name].render(given);
    },
  };
}

/** The module that Python answers with calls `offer`. @param {Place} own @param {Model} model */
function ask(own, model) {
  own.asked = true;
  const receive = (/** @type {Message} */ message) => {
    if (message?.type !== "code") return;
    model.off("msg:custom", receive);
    import(URL.createObjectURL(new Blob([message.texte], { type: "text/javascript" })));
  };
  model.on("msg:custom", receive);
  model.send({ type: "code" });
}
