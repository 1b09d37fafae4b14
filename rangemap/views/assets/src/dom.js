// Builds elements. Strings become text nodes, so that no name or note can turn into markup.
const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (typeof value === "function") {
      node.addEventListener(name.slice(2), value);
    } else if (value !== null && value !== undefined && value !== false) {
      node.setAttribute(name, value === true ? "" : String(value));
    }
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false && child !== "") {
      node.append(child instanceof Node ? child : document.createTextNode(String(child)));
    }
  }
  return node;
}

/** An HTML element; an attribute `onclick` with a function is a listener. */
export const el = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);

/** An SVG element. */
export const svg = (tag, attributes, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children);

/** A name in a script of its own direction must not reorder the words around it. */
export const name = (text) => el("bdi", {}, text);

function isWebAddress(text) {
  try {
    return ["http:", "https:"].includes(new URL(text).protocol);
  } catch {
    return false;
  }
}

/** Clicking is the only way online, and nothing is told to the site that is opened. */
export function link(address, text) {
  if (!isWebAddress(address)) return name(text);
  return el("a", { href: address, rel: "noopener noreferrer", target: "_blank" }, name(text));
}

/** Text in which web addresses can be clicked. */
export const withLinks = (text) =>
  text.split(/(https?:\/\/\S+)/).map((part, index) => (index % 2 ? link(part, part) : part));

export const button = (label, attributes, ...more) =>
  el("button", { type: "button", ...attributes }, label, ...more);
