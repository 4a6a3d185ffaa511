// « Corriger » in the browser: files are handed to Python in a worker, what it wrote is given back. Nothing is sent.
// PARTS: { worker }
{
  const at = (id) => document.getElementById(id);
  const FIELDS = ["copies", "classe", "formulaire", "preparation", "registre", "ouvertes"];
  const NAMES = { "classe.html": "Le rapport de classe", "notes.xlsx": "Les notes (Excel)", "reponses-ouvertes.xlsx": "Les réponses à lire et à noter", "resultats.json": "Les résultats, pour un programme", "registre.sqlite3": "À garder pour la prochaine fois" };
  const TYPES = { html: "text/html", json: "application/json", csv: "text/csv", zip: "application/zip", xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" };
  let worker = null;
  let links = [];

  function say(text, wrong = false) {
    const line = document.createElement("p");
    line.className = wrong ? "alerte" : "";
    line.textContent = text;
    at("etat").replaceChildren(...(text ? [line] : []));
  }

  /** One file as a link: a page is shown, the rest is saved. */
  function link(name, words, content) {
    const url = URL.createObjectURL(new Blob([content], { type: TYPES[name.split(".").pop()] || "application/octet-stream" }));
    links.push(url);
    const node = Object.assign(document.createElement("a"), { href: url, textContent: words });
    if (name.endsWith(".html")) node.target = "_blank";
    else node.download = name.split("/").pop();
    const item = document.createElement("li");
    item.append(node);
    return item;
  }

  function show({ code, said, files, packed }) {
    for (const url of links) URL.revokeObjectURL(url);
    links = [];
    say(code ? "Rien n’a été noté\u00a0: la raison est ci-dessous." : "", Boolean(code));
    at("dit").textContent = said.trim();
    const wanted = Object.keys(NAMES).filter((name) => files[name]);
    const moodle = Object.keys(files).filter((name) => name.startsWith("moodle/"));
    at("fichiers").replaceChildren(
      ...(wanted.length ? [link("resultats.zip", "Tout, en un fichier ZIP (pages de retours comprises)", packed)] : []),
      ...wanted.map((name) => link(name, NAMES[name], files[name])));
    at("moodle").hidden = !moodle.length;
    at("pour-moodle").replaceChildren(...moodle.map((name) => link(name, name.slice("moodle/".length), files[name])));
    at("resultats").hidden = false;
    at("t2").tabIndex = -1;
    at("t2").focus();
  }

  async function given() {
    const fields = {};
    for (const name of FIELDS) {
      const files = [...at(name).files];
      if (files.length) fields[name] = await Promise.all(files.map(async (file) => [file.name, new Uint8Array(await file.arrayBuffer())]));
    }
    return fields;
  }

  for (const name of FIELDS) {
    at(name).addEventListener("change", () => {
      at(`choisi-${name}`).textContent = [...at(name).files].map((file) => file.name).join(", ") || "aucun fichier";
    });
  }

  at("demande").addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!at("copies").files.length && !at("registre").files.length) {
      say("Choisissez d’abord les copies.", true);
      return;
    }
    at("noter").disabled = true;
    at("resultats").hidden = true;
    say(worker ? "Correction…" : "Démarrage de Python (quelques secondes)…");
    if (!worker) {
      worker = new Worker(PARTS.worker, { type: "module" });
      worker.onmessage = ({ data }) => {
        if (data.etape) return say(data.etape);
        at("noter").disabled = false;
        return data.erreur ? say(`La correction s’est arrêtée\u00a0: ${data.erreur}`, true) : show(data);
      };
      worker.onerror = () => {
        at("noter").disabled = false;
        worker = null;
        say("Python n’a pas démarré. Rechargez la page, ou essayez avec un autre navigateur à jour.", true);
      };
    }
    worker.postMessage(await given());
  });
}
