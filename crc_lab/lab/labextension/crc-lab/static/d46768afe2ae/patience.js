/* Python that does not start: after a minute of cards that are waited for, the page says so, and what to try. */
import { hasBegun } from "./alone.js";
import { button, element } from "./dom.js";
import { inBrowserAlone } from "./place.js";

const LIMIT = 60_000, EVERY = 1000;
const TRY = inBrowserAlone ? [
  "La première visite télécharge environ 15 Mo : si la connexion est lente, attendez encore un peu.",
  "Sinon, rechargez la page.",
  "Si rien ne change, ouvrez le cahier avec un autre navigateur à jour (Firefox, Chrome ou Edge).",
  "Au lycée, un filtre du réseau peut bloquer Python : montrez ce message à votre professeur.",
] : [
  "Cliquez sur « Réessayer ».",
  "Fermez les autres carnets et les programmes qui ne servent pas : la mémoire manque peut-être.",
  "Si rien ne change, arrêtez le cahier, puis rouvrez-le.",
];
export const STYLE = `
  .crc-panne { position: absolute; z-index: 100; top: 12px; left: 50%; transform: translateX(-50%); box-sizing: border-box;
    width: min(640px, calc(100% - 24px)); padding: 12px 16px; border-left: 5px solid var(--jp-error-color1);
    background: var(--jp-layout-color1); color: var(--jp-ui-font-color1); box-shadow: var(--jp-elevation-z6);
    font: 15px/1.5 var(--jp-ui-font-family); }
  .crc-panne ul { margin: 8px 0; padding-left: 20px; }
  .crc-panne button { padding: 6px 14px; border: 1px solid currentcolor; border-radius: 6px; background: none; color: inherit;
    font: inherit; cursor: pointer; }`;

/** Whether Python listens to the notebook of a panel. @param {Panel} panel */
export function listens({ sessionContext }) {
  const kernel = sessionContext.session && sessionContext.session.kernel;
  return Boolean(kernel && kernel.connectionStatus === "connected" && ["idle", "busy"].includes(kernel.status));
}

/** Watch a notebook whose cards come from Python; `again` starts it once more. @param {Panel} panel @param {() => unknown} again */
export function watchStart(panel, again) {
  let since = 0;
  let notice = /** @type {HTMLElement | null} */ (null);
  const timer = setInterval(look, EVERY);

  function look() {
    if (panel.isDisposed) { clearInterval(timer); return; }
    const heard = inBrowserAlone ? hasBegun(panel.sessionContext.session?.kernel) : listens(panel);
    const waits = !heard && panel.node.querySelector(".crc-attente");
    since = waits ? since || Date.now() : 0;
    const late = Boolean(since) && Date.now() - since >= LIMIT;
    if (late === Boolean(notice)) return;
    notice?.remove();
    notice = late ? makeNotice() : null;
    if (notice) panel.node.append(notice);
  }

  function makeNotice() {
    const retry = inBrowserAlone
      ? button("Recharger la page", () => location.reload())
      : button("Réessayer", () => { since = Date.now(); look(); again(); });
    return element("div", { class: "crc-panne", role: "alert" },
      element("b", {}, "Python n’a pas démarré : les questions ne peuvent pas s’afficher."),
      " Vos réponses, elles, sont gardées.",
      element("ul", {}, ...TRY.map(text => element("li", {}, text))), retry);
  }
}
