// The first page of the site: what this browser holds, copies handed over and taken back. No Python, and nothing is sent.
// SITE: { storage, subject, activities: { id: { path, title } } }
{
  const START = `crc-lab:${SITE.storage}:journal::`; // see journal.js of the plugin
  const at = (id) => document.getElementById(id);
  const time = (answer) => Date.parse(answer?.date) || 0;
  const plural = (n, one, many) => `${n}\u00a0${n > 1 ? many : one}`;

  /** What is kept of the notebook at `path`. */
  function kept(path) {
    try {
      return JSON.parse(localStorage.getItem(START + path) || "null") || {};
    } catch {
      return {};
    }
  }

  /** The same rule as the cards: what was never filled in is no answer. */
  function isBlank(value) {
    if (value === null || value === undefined || value === "") return true;
    if (Array.isArray(value)) return value.every(isBlank);
    return typeof value === "object" && Object.values(value).every(isBlank);
  }

  /** Every activity with work in it: { id, path, title, sheet, count, last }. */
  function works() {
    return Object.entries(SITE.activities).map(([id, { path, title }]) => {
      const sheet = kept(path);
      const given = Object.entries(sheet.reponses || {}).filter(([name, answer]) => !/^(examen|parcours)(\/|$)/.test(name) && !isBlank(answer?.valeur));
      return { id, path, title, sheet, count: given.length, last: Math.max(0, ...given.map(([, answer]) => time(answer))) };
    }).filter(({ sheet }) => Object.keys(sheet).length);
  }

  const whose = (list) => [...new Set(list.map(({ sheet }) => sheet.eleve?.nom).filter(Boolean))];

  /** « 30 novembre à 10 h 42 ». */
  function when(date) {
    const day = new Date(date);
    return `${day.toLocaleDateString("fr-FR", { day: "numeric", month: "long" })} à ${day.getHours()}\u00a0h\u00a0${String(day.getMinutes()).padStart(2, "0")}`;
  }

  function show() {
    const list = works().filter(({ count }) => count);
    const names = whose(works());
    const total = list.reduce((sum, { count }) => sum + count, 0);
    at("gestes").hidden = !total;
    at("pas-moi").hidden = !works().length;
    at("dedans").textContent = total
      ? `Le travail de ${names.join(", ") || "quelqu’un qui n’a pas encore écrit son nom"}\u00a0: ${plural(total, "réponse", "réponses")}, la dernière le ${when(Math.max(...list.map(({ last }) => last)))}.`
      : "Aucune réponse n’est gardée ici pour l’instant.";
    for (const node of document.querySelectorAll("[data-etat]")) node.textContent = "";
    for (const { id, count, last } of list) {
      const node = document.querySelector(`[data-etat="${id}"]`);
      if (node) node.textContent = `${plural(count, "réponse", "réponses")}, le ${when(last)}`;
    }
    const latest = list.sort((one, other) => other.last - one.last)[0];
    if (latest) {
      at("entrer").href = `lab/index.html?path=${encodeURIComponent(latest.path)}`;
      at("entrer").textContent = `Continuer\u00a0: ${latest.title}`;
    }
  }

  function save(name, text) {
    const url = URL.createObjectURL(new Blob([text], { type: "application/x-ipynb+json" }));
    Object.assign(document.createElement("a"), { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }

  /** One file for each activity: the notebook of the site with the answers of this browser. */
  async function downloadAll() {
    for (const { id, path, sheet } of works()) {
      const notebook = await (await fetch(`files/${path}`)).json();
      notebook.metadata.crc_lab = { ...notebook.metadata.crc_lab, ...sheet };
      const name = [id, (sheet.eleve?.nom || "").replace(/[\\/:*?"<>|]/g, " ").trim()].filter(Boolean).join(" – ");
      save(`${name}.ipynb`, JSON.stringify(notebook, null, 1));
      await new Promise((resolve) => setTimeout(resolve, 400)); // browsers drop downloads that come together
    }
  }

  /** What was done with one file, in a sentence; throws a sentence. */
  async function takeBack(file) {
    let sheet;
    try {
      sheet = JSON.parse(await file.text()).metadata.crc_lab;
    } catch {
      throw new Error("ce fichier n’est pas une copie du cahier (.ipynb).");
    }
    const known = SITE.activities[sheet?.activite];
    if (!known) throw new Error("ce carnet n’est pas une activité de ce site.");
    if ((sheet.sujet || "") !== SITE.subject) throw new Error(SITE.subject ? "ce n’est pas une copie de ce sujet." : "c’est la copie d’une évaluation, pas de l’entraînement.");
    const [owner] = whose(works());
    if (owner && sheet.eleve?.nom && owner !== sheet.eleve.nom) {
      throw new Error(`c’est la copie de ${sheet.eleve.nom}, et ce navigateur garde le travail de ${owner}. Commencez par «\u00a0Ce n’est pas moi\u00a0».`);
    }
    const mine = kept(known.path);
    const taken = Object.entries(sheet.reponses || {}).filter(([name, answer]) => time(answer) > time(mine.reponses?.[name]) || !mine.reponses?.[name]);
    const { activite, sujet } = sheet;
    localStorage.setItem(START + known.path, JSON.stringify({ ...mine, activite, sujet, eleve: mine.eleve || sheet.eleve, reponses: { ...mine.reponses, ...Object.fromEntries(taken) } }));
    return `${known.title}\u00a0: ${taken.length ? `${plural(taken.length, "réponse reprise", "réponses reprises")}.` : "rien de plus récent que ce qui est déjà ici."}`;
  }

  at("fichiers").addEventListener("change", async () => {
    const said = [];
    for (const file of at("fichiers").files) {
      const line = document.createElement("p");
      try {
        line.textContent = `✓ ${await takeBack(file)}`;
      } catch (error) {
        line.className = "faux";
        line.textContent = `✗ «\u00a0${file.name}\u00a0»\u00a0: ${error.message}`;
      }
      said.push(line);
    }
    at("fichiers").value = "";
    at("repris").replaceChildren(...said);
    show();
  });

  async function eraseAll() {
    for (const key of Object.keys(localStorage)) if (key.startsWith(`crc-lab:${SITE.storage}:`)) localStorage.removeItem(key);
    const erased = await Promise.all(["", "-reglages", "-espaces"].map((part) => new Promise((resolve) => {
      const request = indexedDB.deleteDatabase(SITE.storage + part);
      request.onsuccess = () => resolve(true);
      request.onblocked = request.onerror = () => resolve(false);
    })));
    at("efface").textContent = erased.every(Boolean)
      ? "Tout est effacé de ce navigateur. Le cahier est neuf."
      : "Un onglet du cahier est encore ouvert\u00a0: fermez-le, puis effacez de nouveau.";
    show();
  }

  for (const id of ["telecharger", "garder"]) at(id).addEventListener("click", downloadAll);
  at("effacer").addEventListener("click", eraseAll);
  window.addEventListener("storage", show);
  window.addEventListener("pageshow", show);
  try {
    localStorage.setItem(`crc-lab:${SITE.storage}:essai`, "1");
    localStorage.removeItem(`crc-lab:${SITE.storage}:essai`);
    show();
  } catch {
    at("rien").hidden = false;
  }
  at("vieux").hidden = typeof WebAssembly === "object" && typeof Array.prototype.findLast === "function" && CSS.supports("selector(:has(a))");
  if (location.hash === "#pas-moi") at("pas-moi").open = true;
}
