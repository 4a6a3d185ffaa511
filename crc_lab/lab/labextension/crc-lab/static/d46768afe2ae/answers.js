/* The answer sheet of a notebook, `metadata.crc_lab`, and the events by which the cards read and write it. */
const KEY = "crc_lab";
const copy = (/** @type {Json} */ value) => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

/** The sheet of an open notebook; {} when it has none. A copy: changing it changes nothing. @type {(context: NotebookContext) => Sheet} */
export const read = context => copy(context.model.getMetadata(KEY)) || {};

/** Whether the notebook belongs to the workbook. @param {NotebookContext} context */
export function isOurs(context) {
  const { version, activite } = read(context);
  return Boolean(version && activite);
}

export const fileName = (/** @type {NotebookContext} */ context) => context.path.split("/").pop();

/** A name for a notebook: it keeps it when its file is renamed, and the next person's blank one has none, or another. */
const newName = () => [...crypto.getRandomValues(new Uint8Array(8))].map(byte => byte.toString(16).padStart(2, "0")).join("");

/** @param {NotebookContext} context @param {(sheet: Sheet) => Sheet} change @param {string} [activity] */
function write(context, change, activity) {
  const sheet = read(context);
  const start = { version: 1, carnet: sheet.carnet || newName(), ...(activity ? { activite: activity } : {}) };
  context.model.setMetadata(KEY, { ...start, ...sheet, ...change(sheet) });
}

/** Give a name to a notebook that has none yet; whether it had none. @param {NotebookContext} context */
export function giveName(context) {
  if (read(context).carnet) return false;
  write(context, () => ({}));
  return true;
}

/** Take from another state of the same sheet the answers that are absent here or more recent there, and the student's name when there is none here; whether there was any. @param {NotebookContext} context @param {Sheet} other */
export function merge(context, other) {
  const { reponses: mine = {}, eleve } = read(context);
  const time = (/** @type {Json} */ answer) => Date.parse(answer && answer.date) || 0;
  const newer = Object.entries(other.reponses || {}).filter(([q, answer]) => !mine[q] || time(answer) > time(mine[q]));
  const named = !eleve && other.eleve ? { eleve: other.eleve } : {};
  const changed = newer.length > 0 || Boolean(named.eleve);
  if (changed) write(context, () => ({ ...named, reponses: { ...mine, ...Object.fromEntries(newer) } }));
  return changed;
}

/** Serve the events of the cards. `later` is told of what is to be saved. @param {Lab["tracker"]} tracker @param {(context: NotebookContext, answer: Answer) => void} later */
export function serve(tracker, later) {
  /** @param {string} type @param {(context: NotebookContext, detail: Json, element: Node) => void} action */
  const listen = (type, action) => document.addEventListener(type, event => {
    const { detail } = /** @type {CustomEvent} */ (event);
    const [element] = event.composedPath();
    const panel = element instanceof Node && tracker.find(candidate => candidate.node.contains(element));
    if (!panel || !detail) return;
    detail.ok = true;
    detail.chemin = panel.context.path;
    action(panel.context, detail, element);
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
    if (detail.entier) detail.carnet = copy(context.model.toJSON());
  });
  listen("crc-eleve", (context, detail, element) => {
    write(context, ({ eleve }) => ({ eleve: { ...eleve, ...copy(detail.eleve) } }));
    later(context, { element, q: null, date: new Date().toISOString() });
  });
}
