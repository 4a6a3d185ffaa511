/* « Affichage »: theme, size of the text, a font made for dyslexic readers. The choices are settings of JupyterLab, kept with
 * the workbook: they come back on another computer, or with another browser. */
import { choice } from "./dom.js";

const OURS = "crc-lab:plugin", THEMES = "@jupyterlab/apputils-extension:themes";
const DARK = "JupyterLab Dark", LIGHT = "JupyterLab Light";
const font = (/** @type {number} */ weight) => `@font-face { font-family: "OpenDyslexic"; font-weight: ${weight}; font-display: swap;
  src: url("${new URL(`./opendyslexic-latin-${weight}-normal.woff2`, import.meta.url).href}") format("woff2"); }`;
export const STYLE = `${font(400)} ${font(700)}
  body.crc-lisible { --jp-content-font-family: "OpenDyslexic", sans-serif; --jp-ui-font-family: "OpenDyslexic", sans-serif; }
  body.crc-lisible .crc { font-family: "OpenDyslexic", sans-serif; line-height: 1.7; }
  body.crc-lisible .jp-RenderedMarkdown :is(h1, h2, h3, h4) { line-height: 1.4; }
  .crc-eleve .jp-Cell { zoom: var(--crc-taille, 1); }`;

/** The entries of the menu; null without JupyterLab's settings. @param {SettingRegistry | null} registry */
export function makeDisplay(registry) {
  const theme = choice("Thème", "theme", { clair: "Clair", sombre: "Sombre", systeme: "Comme l’ordinateur" }, chooseTheme);
  const size = choice("Taille du texte", "taille", { 1: "Normale", 1.2: "Grande", 1.45: "Très grande" }, value => keep("taille", Number(value)));
  const letters = choice("Police", "police", { habituelle: "Habituelle", lisible: "Lisible (OpenDyslexic)" }, value => keep("police", value));

  /** @param {string} key @param {string | number} value */
  async function keep(key, value) {
    const settings = await registry?.load(OURS);
    await settings?.set(key, value);
  }

  /** @param {string} value */
  async function chooseTheme(value) {
    const settings = await registry?.load(THEMES);
    /** @type {Record<string, Json>} */
    const wanted = value === "systeme" ? { "adaptive-theme": true } : { theme: value === "sombre" ? DARK : LIGHT, "adaptive-theme": false };
    // Each change loads a theme, and JupyterLab stumbles over two at once.
    for (const [key, one] of Object.entries(wanted)) if (settings && settings.composite[key] !== one) await settings.set(key, one);
  }

  /** @param {Settings} settings */
  function showOurs({ composite: { taille = 1, police = "habituelle" } }) {
    size.show(String(taille));
    letters.show(String(police));
    document.body.style.setProperty("--crc-taille", String(taille));
    document.body.classList.toggle("crc-lisible", police === "lisible");
  }

  /** @param {Settings} settings */
  const showTheme = ({ composite }) => theme.show(composite["adaptive-theme"] ? "systeme" : composite.theme === DARK ? "sombre" : "clair");

  /** @param {string} id @param {(settings: Settings) => void} show */
  async function follow(id, show) {
    const settings = await registry?.load(id);
    if (!settings) return;
    settings.changed.connect(() => show(settings));
    show(settings);
  }

  for (const [id, show] of /** @type {[string, (settings: Settings) => void][]} */ ([[OURS, showOurs], [THEMES, showTheme]])) {
    follow(id, show).catch(error => console.warn("crc-lab :", error));
  }
  return [theme.node, size.node, letters.node];
}
