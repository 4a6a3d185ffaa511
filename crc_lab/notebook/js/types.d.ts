// The shapes that go between Python, the page and the modules. Read by the type check (tools/js) and by people, never by
// a browser.

/** An answer as the sheet keeps it, one shape a kind; a notebook may come from anywhere, so nothing is sure of it. */
type Json = any;
/** "typing": more may come at once; "now": the answer has changed. */
type Pace = "now" | "typing";
type Child = Node | string | false | null | undefined | Child[];
/** What hears events of a node: targets are elements. */
type Listeners = {
  [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K] & { target: HTMLElement; currentTarget: HTMLElement }) => unknown;
};
type Props = { on?: Listeners; text?: string; html?: string; [attribute: string]: unknown };
type Values = Record<string, string | number>;
/** A text with {n}: one, several. */
type Plural = readonly string[];

// ---- the seam with Python (crc_lab/notebook/widgets.py)

// Traits of the card of a question: `question` (Spec), what is shown; `valeur`, the answer in the shape of the sheet, with
// which travel `source_valeur` (carte, excel, code), `date_valeur` (ISO 8601) and `place_valeur` ({cle, date}: the name under
// which it is kept, that of a mock exam or of the training); `retour` (Back), what the last check said;
// `etat` (State). Python gives the three of an answer at once, and the page then stores it in the notebook too. When a card
// is shown, the notebook's stored answer wins over the trait unless the trait's date is later (an answer imported before the
// card was on screen).
//
// Messages from the page: `verifier` {valeur, date}, `indice` {niveau}, `corrige`, `modele_excel`, `fichier` {nom} + one buffer,
// `remplacer`, `annuler` (the preview was refused), `annexes` {annexes, cle, date}, `relu` {reponse, cle} (the notebook's own answer, with its
// tries and hints), `sans_plugin`, `feuille` {feuille, chemin, nom} from the progress and hand-in cards, `rendre` {nom,
// identifiant, feuille} and, of the same shape, `fiche`, `bilan`, `bilan_excel` from the hand-in card, `examen` {action: debut, fin, retour, reprendre, feuille}. Each is acknowledged at once ({"type": "recu", "de": type}) and again when Python is done
// ("fini"): without an acknowledgement for 8 seconds, the page says that the engine does not answer. `code` {} alone is only
// answered, with the message `code` {texte}: see loader.js.
//
// Messages to the page: `telecharger` {nom, mime} + one buffer, `apercu` {html, lignes, colonnes, avertissements}, `erreur`
// {texte}, `page` + one buffer (HTML) and `bilan` {html} to the hand-in card, `ecrire` {reponses} to the progress card (what a mock exam changes in the notebook). A trait is set for everything
// else.
//
// DOM events besides those of the plugin: `crc-retour` {q, verdict, points, sur} after a check, `crc-aller` {q} when a question
// is clicked in the progress card (`detail.ok` when somebody scrolled to it), `crc-ouvrir` {fichier, q} when a link of the map is, or
// {activite, q}: another notebook, and one of its questions, in the place of this one (`detail.ok` when the plugin opens it),
// `crc-parcours` {ordre} the activities in order. On the document, from the plugin: `crc-garder`,
// the page may be going, what is being typed is wanted at once; `crc-fusion`, answers came into the sheet from elsewhere.

interface Model {
  get(trait: string): any;
  set(trait: string, value: unknown): void;
  save_changes(): void;
  send(message: Message, callbacks?: undefined, buffers?: ArrayBuffer[]): void;
  on(event: string, listener: (...given: any[]) => void): void;
  off(event: string, listener: (...given: any[]) => void): void;
}
/** Read a text aloud. */
type Say = (text: string) => void;
interface Message { type: string; [key: string]: Json }

/** What anywidget calls; what it returns is called when the card goes away. */
type Render = (given: { model: Model; el: HTMLElement }) => () => void;

/** What a card is given, see shell.js. */
interface Shell {
  model: Model;
  root: HTMLElement;
  say: Say;
  isAlive(): boolean;
  /** Listen to traits of the model. */
  follow(traits: Record<string, () => void>): void;
  /** Once the card is in the page, unless it has gone. */
  whenShown(action: () => void): void;
  /** When the card goes away. */
  atEnd(action: () => void): void;
}

/** The trait `question`, or one of its parts. `cout_indice2`: percent of the points that the second hint costs (shown on
 * its button). */
interface Spec {
  id: string; rang?: number; entrainement?: boolean; genre: string; activite?: string; titre?: string; enonce_html?: string; points?: number; excel?: boolean;
  indices?: number; cout_indice2?: number; depend_de?: string[]; droit?: { html: string; detail?: string; apres?: boolean };
  documents?: Annexe[]; regle?: Annexe;
  options?: Option[]; gauche?: Option[]; droite?: Option[]; parties?: Spec[]; formulaire?: FormSpec; tableau?: TableSpec;
  etiquettes?: string[]; lignes?: number; unite?: string;
  libelle?: string; lignes_de?: string; trame_html?: string; edition?: string; dialogue?: Json; retours?: Json; planning?: Json;
  passages?: Option[]; categories?: Option[];
  /** In a mock exam: under way, over, or an exercise that is no part of it; `cle`: where its answer is kept. */
  examen?: "cours" | "fini" | "hors"; cle?: string;
}
/** A card with spaced repetition: two sides, or a question (`champ`, then `reponse` once it is answered). */
interface Flashcard {
  nom: string; recto: string; verso: string; sens: string; theme?: string; source?: string; intervalles?: Record<string, string>;
  champ?: Partial<Spec>; reponse?: { juste: boolean; valeur: Json; notes?: Notes; raison: string };
}
interface Annexe { titre: string; html: string }
interface Option { id: string; texte: string }
interface FormSpec { titre: string; sous_titre?: string; conclusion: string; zones: Zone[] }
interface Zone { id: string; genre: string; texte: string; obligatoire?: boolean; cochee?: boolean }
/** `demandees`: how many rows are asked for, the first ones, when it is not all of them; `mots`: how people say a value. */
interface TableSpec { cle: string; colonnes: Column[]; lignes: string[][]; visibles?: string[]; demandees?: number; mots?: Record<string, string> }
/** Of a column, `aide` is shown under the grid and on hovering the title; `groupe` is for « Montrer » and the chooser. */
type ColumnType = "texte" | "nombre" | "date";
interface Column {
  nom: string; titre?: string; saisie?: boolean; choix?: string[]; aide?: string; groupe?: string; type?: ColumnType;
}

/** What the check says of one field, and of one cell (`etat`: juste, partiel, faux, accepte, doute). In `options`, a field is an option,
 * a left item, the position of a short text ("0"), a part ("taux"), an option of a part ("conforme.oui"); `texte` and
 * `raison` for a text alone and a reason. For pairs, the two ids are `ligne` and `colonne`. */
interface Note { etat: string; texte?: string }
type Notes = Record<string, any>;
interface CellNote extends Note { ligne: string; colonne: string }
/** `compte`: how many fields are right, « 3 sur 5 », where that says more than the verdict. */
interface Back { verdict: string; html?: string; compte?: string; points?: number; sur?: number; options?: Notes; cellules?: CellNote[]; relectures?: Unread[] }
/** A line that could not be read: where it is in the answer ("0", "b2b.raison"), its number in a list (else 0), the ideas that
 * may be ticked in it, those that are. */
interface Unread { ligne: string; numero: number; texte: string; idees: Option[]; coches: string[] }
/** `grilles`: the rubrics of an open question, once tried; `annexes`: what is stored beside the answer and never marked
 * (`auto_evaluation` {rubric: [line numbers from 0]}, `constats` {item: {etat, zone?}} of a form, `relecture` {line: {texte,
 * idees}}: ticks of lines that could not be read). */
interface State {
  essais?: number; indices?: number; indices_html?: string[]; corrige_disponible?: boolean; corrige_html?: string;
  sans_plugin?: boolean; message?: string; grilles?: Rubric[]; annexes?: Annexes;
}
interface Rubric { id: string; titre?: string; lignes: { points: number; texte: string }[] }
type Annexes = Record<string, Json>;
/** A line of the progress and hand-in cards. */
interface Progress { id: string; cle?: string; rang: number; titre: string; entrainement?: boolean; etat: string; points: number; sur: number }

/** The trait `competences` of the progress card; `part` in percent. */
interface Skill { nom: string; texte: string; part: number }
/** The trait `examen` of the progress card: `etat` is "" (training), "cours" or "fini"; `debut` an ISO date; `duree` as people
 * say it. */
interface Exam { etat: string; debut: string; duree: string; tentatives: Attempt[] }
/** The trait `copies` of the progress card: the answers of another day, `autres` of which are not those of now. Sent back: `copie` {nom, feuille}. */
interface KeptCopy { nom: string; date: string; reponses: number; autres: number }
interface Attempt { debut: string; minutes: number; note: string; meilleure: boolean }

/** The trait `vue` of the map (crc_lab.notebook.overview). A link names a notebook, from the folder that holds those of the
 * activities, and perhaps a question: its id, and its `rang` in the page. A mark of `histoire` or `meilleure`: day, points, out
 * of how many, and whether it is that of a mock exam. The card sends `actualiser` {journal, carnet}: what the browser keeps of
 * answers ([name of the notebook, answers] each), and the diary that the notebook holds. */
interface MapView { groupes: MapGroup[]; reprendre: MapLink & { type: string; titre?: string; paquet?: string; attendent?: number }; jour: MapDay; serie: number; fete: { numero: number; merci: string; neuve: boolean } | null }
interface MapLink { activite: string; fichier: string; numero: number; rang: number; question: string }
interface MapGroup { titre: string; depart: string; lignes: MapLine[] }
interface MapLine extends MapLink {
  titre: string; duree: string; etat: string; devient: string; quotidienne: boolean; total: number; repondues: number; notees: boolean;
  note_sur: number; points: number | null; sur: number; attente: number; minutes: number; meilleure: MapMark | null; histoire: MapMark[]; abime: string;
}
type MapMark = [string, number, number, boolean?];
/** `seance`: how many of the missed questions are for today. */
interface MapDay { erreurs: MapMissed[]; seance: number; paquets: (MapLink & { paquet: string; attendent: number; commence: boolean })[] }
interface MapMissed extends MapLink { titre: string; notee: boolean; en_partie: boolean }

type SavingState = "saving" | "saved" | "failed" | "late" | "absent";

// ---- a kind of answer: js/kinds/<kind>.js exports one, js/kinds.js names it

interface Kind {
  /** Draw the field of a question (or of a part of one); it says `changed` when the student answers, never otherwise. */
  mount(context: Context): Field;
}
interface Context {
  /** What Python says of the question. */
  spec: Spec;
  /** The id of the node that names the field. */
  labelledby: string;
  changed(pace: Pace): void;
  say: Say;
  /** What is stored beside the answer and never marked; and storing some of it. */
  annexes(): Annexes;
  annex(values: Annexes): void;
  /** The field of one part of the question, of any kind. */
  part(spec: Spec, labelledby: string): Field;
}
interface Field {
  node: HTMLElement;
  /** The answer as it is shown, in the shape of the sheet. */
  value(): Json;
  /** Show an answer, of any shape: what this version does not show of it comes back with `value`. */
  setValue(value: Json): void;
  /** Show what the check said (trait `retour`: options, cellules), or nothing. */
  setFeedback(notes?: Notes, cells?: CellNote[]): void;
  /** The only control, when there is one: a label may name it. */
  control?: HTMLElement;
  /** "wide": the card is wider; "full": it also has no margin around the field. */
  width?: "wide" | "full";
  /** Names of what it stores beside the answer. */
  annexes?: string[];
  /** Go to a record that a message names, in one of these columns if it can be; false where it is not here. */
  goTo?(row: string, columns: string[]): boolean;
  /** Show only these records; null shows again what was shown before. */
  keep?(rows: string[] | null): void;
  /** Nothing can be answered. */
  unknown?: boolean;
  /** What is being typed is validated. */
  flush?(): void;
  /** « Vérifier » was clicked: what is shown becomes the answer. */
  settle?(): void;
  close?(): void;
}

// ---- grids: r and c are positions in the data, unless the view is named

interface GridData {
  columns: Column[];
  /** Positions of the columns to fill. */
  answers: number[];
  rows: string[][];
  /** Rows that only the answer has (a file with one more line). */
  added: number[];
  /** Columns that only the answer has, and their cells by row: kept, not shown. */
  extraColumns: string[];
  extraCells: Map<number, string[]>;
  editable(r: number, c: number): boolean;
  column(name: unknown): number;
  row(id: unknown): number;
  choices(c: number): string[] | null;
  title(c: number): string;
  /** What people read in the place of a value: a French date, a decimal comma, words; an answer stays as it was typed. */
  text(c: number, value: string): string;
  /** How to fill a column. */
  help(c: number): string;
  /** The name of the person or of the company of a row, or "". */
  who(r: number): string;
  /** How many cells are filled, of those to fill. */
  filled(): number;
  /** The answer in the shape of the sheet, or null when nothing is filled. */
  value(): Json;
  /** Take an answer (or null): rows found by their key, whatever their order; never fails. */
  load(value: Json): void;
  /** What is typed or pasted in a drop-down column: the choice that differs only by case, accents or spaces. */
  canonical(c: number, text: string): { text: string; known: boolean };
  distinct(c: number): string[];
}
interface GridView {
  search: string;
  /** The rows of a rule, or all of them. */
  only: Set<number> | null;
  /** Only so many rows are shown, the first ones; 0 for all of them. */
  first: number;
  /** The values that stay, by column. */
  filters: Map<number, string[]>;
  /** Pixels, for the columns whose width was chosen. */
  widths: Map<number, number>;
  sort: { column: number; way: number } | null;
  shown: Set<number>;
  rows: number[];
  columns: number[];
  refresh(): void;
}
interface Position { r: number; c: number }
interface Block { top: number; bottom: number; left: number; right: number }
/** The table on the page; r and c are positions in the view (-1: the head), but for what paints. */
interface GridTable extends Position {
  table: HTMLTableElement;
  frame: HTMLElement;
  statusId: string;
  notes: Map<string, Note>;
  anchor: Position | null;
  onMove(): void;
  key(r: number, c: number): string;
  cell(r: number, c: number): HTMLTableCellElement | undefined;
  where(node: EventTarget | null): (Position & { cell: HTMLTableCellElement }) | null;
  paint(r: number, c: number): void;
  paintAll(): void;
  /** Rows in the order of the view; the nodes are moved, not made again. */
  arrange(): void;
  /** Make the whole table: at the start, when columns come and go, when rows are added. */
  build(): void;
  /** Give the columns the widths of the view. */
  widen(): void;
  /** The block between the anchor and the cursor (the head is never in it). */
  block(): Block & { single: boolean };
  /** Move the cursor; `extend` keeps the anchor (block), otherwise the block is dropped. */
  select(r: number, c: number, how?: { extend?: boolean; focus?: boolean }): void;
  setNotes(cells?: CellNote[]): void;
  /** The cell has changed: its note goes, it is painted again. */
  forget(r: number, c: number): void;
  name(r: number, c: number): string;
}
type Way = "avant" | "apres";
/** One change of a step of the history: a cell, a mark ("r:c"), or something that plays itself. */
type Change =
  | (Position & { mark?: string; avant: string | boolean; apres: string | boolean; play?: undefined })
  | { play(way: Way): void };
interface Steps {
  record(changes: Change[]): void;
  recall(): void;
  undo(): boolean;
  redo(): boolean;
  canUndo(): boolean;
  canRedo(): boolean;
}
interface Write extends Position { text: string }
interface Editing {
  readonly active: boolean;
  history: Steps;
  open(typed?: string): boolean;
  close(keep: boolean): void;
  /** Empty the block (or the cell); only the cells to fill change. */
  empty(): void;
  /** Write cells; unchanged ones are left out. Returns how many changed. */
  write(cells: Write[]): number;
  /** Play one step and record it. */
  perform(changes: Change[]): void;
  /** Everything to fill is emptied in one step. */
  clear(): void;
}
interface GridHooks {
  say: Say;
  changed(pace?: Pace): void;
  /** More words for the count. */
  extra?(grid: { data: GridData; marks: Set<string> }): string;
  /** What « Tout effacer » would take away (« 12 fiches »), or ""; the cells filled or circled by default. */
  amount?(): string;
  /** In "pick" mode, the records are named by their key. */
  isPicked?(id: string): boolean;
  pick?(id: string): void;
  clear?(): void;
  /** false leaves the filter out of the tools. */
  filter?: boolean;
  /** true leaves out the announcement of the count. */
  quiet?: boolean;
}
type GridMode = "edit" | "mark" | "pick";
