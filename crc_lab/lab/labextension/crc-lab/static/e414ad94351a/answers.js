/* The answer sheet of a notebook, `metadata.crc_lab`, and the events by which the cards read and write it. */
const KEY = "crc_lab";
const copy = value => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

/** The sheet of an open notebook; {} when it has none. A copy: changing it changes nothing. */
export const read = context => copy(context.model.getMetadata(KEY)) || {};

/** Whether the notebook belongs to the workbook. */
export function isOurs(context) {
  const { version, activite } = read(context);
  return Boolean(version && activite);
}

export const fileName = context => context.path.split("/").pop();

function write(context, change, activity) {
  const sheet = read(context);
  const start = { version: 1, ...(activity ? { activite: activity } : {}) };
  context.model.setMetadata(KEY, { ...start, ...sheet, ...change(sheet) });
}

/** Take from another state of the same sheet the answers that are absent here or more recent there; whether there were any. */
export function merge(context, other) {
  const mine = read(context).reponses || {};
  const time = answer => Date.parse(answer && answer.date) || 0;
  const newer = Object.entries(other.reponses || {}).filter(([q, answer]) => !mine[q] || time(answer) > time(mine[q]));
  if (newer.length) write(context, () => ({ reponses: { ...mine, ...Object.fromEntries(newer) } }));
  return newer.length > 0;
}

/** Serve the events of the cards. `later(context, {element, q, date})` is told of what is to be saved. */
export function serve(tracker, later) {
  const listen = (type, action) => document.addEventListener(type, event => {
    const element = event.composedPath()[0];
    const panel = tracker.find(candidate => candidate.node.contains(element));
    if (!panel || !event.detail) return;
    event.detail.ok = true;
    event.detail.chemin = panel.context.path;
    action(panel.context, event.detail, element);
  });

  listen("crc-reponse", (context, detail, element) => {
    const { q, valeur = null, source = "carte", essais = 0, indices = 0, date = new Date().toISOString(), annexes } = detail;
    const answer = copy({ ...annexes, valeur, source, essais, indices, date });  // annexes: what goes with it, never marked
    write(context, ({ reponses = {} }) => ({ reponses: { ...reponses, [q]: { ...reponses[q], ...answer } } }), detail.activite);
    later(context, { element, q, date });
  });
  listen("crc-relire", (context, detail) => { detail.reponse = (read(context).reponses || {})[detail.q]; });
  listen("crc-feuille", (context, detail) => {
    detail.feuille = read(context);
    detail.nom = fileName(context);
  });
  listen("crc-eleve", (context, detail, element) => {
    write(context, ({ eleve }) => ({ eleve: { ...eleve, ...copy(detail.eleve) } }));
    later(context, { element, q: null, date: new Date().toISOString() });
  });
}
