// What crc_lab.core.text and crc_lab.core.answers do with what is typed: words compared without accents, numbers, dates.
// tests/cases/filtres.json and tests/e2e/test_segment_page.py check that both sides agree.

/** @type {Record<string, number>} */
const MONTHS = {
  janv: 1, fevr: 2, fev: 2, mars: 3, avr: 4, mai: 5, juin: 6, juil: 7, aout: 8, sept: 9, oct: 10, nov: 11, dec: 12,
  janvier: 1, fevrier: 2, avril: 4, juillet: 7, septembre: 9, octobre: 10, novembre: 11, decembre: 12,
};
const DECIMALS = 400;
const BLANK_SIGNS = /[\p{Default_Ignorable_Code_Point}\p{Cf}\u2800]/gu;

/** What the eye sees of a text (crc_lab.core.text.bare): nothing invisible inside, no space at either end. @param {string} text */
export function bare(text) {
  return text.replace(BLANK_SIGNS, "").replace(/_x000D_/gi, "\r").replace(/\0/g, "").trim();
}

/** Accents dropped and ligatures opened, lower case. @param {string} text */
function plain(text) {
  return text.replace(/œ/g, "oe").replace(/Œ/g, "OE").replace(/æ/g, "ae").replace(/Æ/g, "AE").normalize("NFKD")
    .replace(/[\u0300-\u034e\u0350-\u036f]/g, "").toLowerCase().replace(/ß/g, "ss");
}

/** Case, accents and punctuation ignored, spaces reduced (crc_lab.core.text.fold). @param {unknown} text */
export function foldWords(text) {
  return plain(String(text ?? "")).replace(/[^a-z0-9&@+]+/g, " ").trim();
}

/** A number as a BigInt that counts its last possible decimal, so that two of them compare exactly; null for none. @param {string} text */
export function readNumber(text) {
  const written = bare(text).replace(/\s+/g, " ").replace(/^(?:[=≈~€] ?)+/, "").replace(/(?<=[\d€%])(?:\.{1,3}|…)$/, "");
  let digits = written.replace(/^[\u2010-\u2015\u2212\ufe63\uff0d] ?(?=[\d.,])/, "-")
    .replace(/ ?(?:€|eur(?:o|os)?|[%％٪]|pour ?cents?|p\. ?100)$/i, "").trim();
  if (/^[+-]?\d{1,3}([ '’])\d{3}(?:\1\d{3})*(?:[.,]\d*)?$/.test(digits)) digits = digits.replace(/[ '’]/g, "");
  const power = digits.match(/^([+-]?\d)(?:[.,](\d{1,20}))?e([+-]\d\d)$/i);
  const whole = power ? shifted(power[1], power[2] || "", Number(power[3])) : digits;
  const found = whole.match(power ? /^([+-]?)(\d+)\.(\d*)$/ : /^([+-]?)(?=[.,]?\d)(\d{0,15})(?:[.,](\d{0,400}))?$/);
  if (!found) return null;
  const size = BigInt(found[2] + (found[3] || "").padEnd(DECIMALS, "0"));
  return found[1] === "-" ? -size : size;
}

/** « 8,33e1 » without its exponent. @param {string} whole @param {string} decimals @param {number} power */
function shifted(whole, decimals, power) {
  const sign = /^[+-]/.test(whole) ? whole[0] : "";
  const digits = "0".repeat(100) + whole.slice(sign.length) + decimals.padEnd(120, "0");
  return `${sign}${digits.slice(0, 101 + power).replace(/^0+(?=\d)/, "")}.${digits.slice(101 + power)}`;
}

/** A real date as AAAA-MM-JJ, from « 01/11/2025 », « 2025-11-01 » or « 1er novembre 2025 »; null when it is none. @param {string} text */
export function readDate(text) {
  const day = bare(text).replace(/\s+/g, " ")
    .replace(/^(?:le )?(?:(?:lun|mar|mer|jeu|ven|sam|dim)[a-z]{0,5}\.? )?(?=\d)/i, "")
    .replace(/(?:T| (?:à )?)0?0[:h]00(?::00(?:\.0+)?)?Z?$/, "");
  const iso = day.match(/^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/);
  if (iso) return realDate(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const french = day.match(/^(\d{1,2})[/.-](\d{1,2})[/.-](\d{2}|\d{4})$/);
  if (french) return realDate(Number(french[3]) + (french[3].length === 2 ? 2000 : 0), Number(french[2]), Number(french[1]));
  const words = plain(day).match(/^(\d{1,2})(?:er)? ([a-z]+)\.? (\d{4})$/);
  return words ? realDate(Number(words[3]), MONTHS[words[2]] || 0, Number(words[1])) : null;
}

/** @param {number} year @param {number} month @param {number} day */
function realDate(year, month, day) {
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year, month - 1, day);
  if (year < 1 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  return `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}
