// Lets the browser save something as a file.
import { el } from "./dom.js";

const KEPT_MS = 60_000; // how long the browser may take to read it

/** Save a blob. */
export function saveBlob(blob, fileName) {
  const address = URL.createObjectURL(blob);
  const anchor = el("a", { href: address, download: fileName });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}

/** Save a text. */
export const saveText = (text, fileName, type) => saveBlob(new Blob([text], { type }), fileName);
