/* Where the activities are: a notebook says of which activity it is, whatever its file and its folder are called. */

const ACTIVITY = /^\d\d_\w+$/;
const HAND_IN = "-a-rendre.ipynb";
const DATA = "datasets";
/** @typedef {{ name: string, path: string, type: string }} File */
/** @typedef {{ path: string, activity: string, last: string }} Found */

/** @param {{ get: (path: string, options: object) => Promise<any> }} contents of the server */
export function makePlaces(contents) {
  /** The folders of the activities whose folder has not their name, by activity. @type {Map<string, string[]>} */
  let renamed = new Map();
  let top = "";

  /** @param {string} folder @returns {Promise<File[]>} */
  const listing = folder => contents.get(folder, { content: true }).then(({ content }) => content, () => []);
  const isFolder = (/** @type {File} */ { name, type }) => type === "directory" && !name.startsWith(".") && name !== DATA;
  const isNotebook = (/** @type {File} */ { name }) => name.endsWith(".ipynb") && !name.endsWith(HAND_IN);
  const join = (/** @type {string[]} */ ...parts) => parts.filter(Boolean).join("/");

  /** What a notebook says of itself. @param {File} file @returns {Promise<Found>} */
  async function read({ path }) {
    const sheet = await contents.get(path, { content: true }).then(({ content }) => content.metadata.crc_lab || {}, () => ({}));
    const dates = Object.values(sheet.reponses || {}).map(answer => answer?.date || "");
    return { path, activity: String(sheet.activite || ""), last: dates.sort().at(-1) || "" };
  }

  /** The folder that holds those of the activities, from the path of a notebook in one of them or beside them. @param {string} path */
  async function workbookOf(path) {
    const folders = path.split("/").slice(0, -1);
    const own = join(...folders), above = join(...folders.slice(0, -1));
    if (!folders.length || ACTIVITY.test(folders.at(-1) || "")) return above;
    const holdsActivities = async (/** @type {string} */ folder) => (await listing(folder)).some(file => isFolder(file) && ACTIVITY.test(file.name));
    return !await holdsActivities(own) && await holdsActivities(above) ? above : own;
  }

  /** The activities of a workbook. A folder whose name is not one of those known (where none is: not made as theirs) is that of the
   * notebook in it. `shown`: the activity of the page that is shown, and its path.
   * @param {string} folder @param {string[]} known @param {{ path: string, activity: string }} [shown] @returns {Promise<string[]>} */
  async function activitiesOf(folder, known, shown) {
    const here = shown?.path.split("/").slice(0, -1).join("/");
    const isUsual = (/** @type {File} */ { name, path }) => (path === here ? name === shown?.activity : known.length ? known.includes(name) : ACTIVITY.test(name));
    const folders = (await listing(folder)).filter(isFolder);
    /** @type {Map<string, string[]>} */
    const found = new Map();
    for (const { path } of folders.filter(one => !isUsual(one))) {
      const inside = await Promise.all((await listing(path)).filter(isNotebook).map(read));
      for (const activity of new Set(inside.map(one => one.activity))) {
        if (ACTIVITY.test(activity)) found.set(activity, [...found.get(activity) || [], path]);
      }
    }
    renamed = found;
    top = folder;
    return [...new Set([...folders.filter(isUsual).map(({ name }) => name), ...found.keys()])];
  }

  /** The notebook of an activity: that with the latest answer, of several; "" when there is none. @param {string} activity */
  async function notebookOf(activity) {
    const there = await listing(top);
    const folders = there.filter(({ name, path }) => name === activity || renamed.get(activity)?.includes(path));
    const near = (await Promise.all(folders.map(({ path }) => listing(path)))).flat().filter(isNotebook);
    if (near.length === 1 && folders.length === 1) return near[0].path;
    const usual = join(top, activity, `${activity}.ipynb`);
    const found = await Promise.all((near.length ? near : there.filter(isNotebook)).map(read));
    const [best] = found.filter(one => one.activity === activity)
      .sort((one, other) => other.last.localeCompare(one.last) || Number(other.path === usual) - Number(one.path === usual));
    return best?.path || "";
  }

  return { activitiesOf, notebookOf, workbookOf };
}
