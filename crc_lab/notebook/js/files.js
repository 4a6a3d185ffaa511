// Files that the page gives to the student: a download, or a page of its own.
import { h } from "./dom.js";

/** Save a file where the browser puts downloads. @param {string} name @param {string} mime @param {BlobPart[]} parts */
export function saveFile(name, mime, parts) {
  const url = URL.createObjectURL(new Blob(parts, { type: mime }));
  const link = h("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}

/**
 * A window for a page that is still to come: browsers open one at a click only. `show` fills it; where the browser opens
 * none, the page is downloaded.
 */
export function openPage() {
  const place = window.open("", "_blank");
  return {
    /** @param {string} name @param {BlobPart[]} parts */
    show(name, parts) {
      if (!place || place.closed) return saveFile(`${name}.html`, "text/html", parts);
      place.location = URL.createObjectURL(new Blob(parts, { type: "text/html" }));
    },
    close() { place?.close(); },
  };
}
