// Builds elements. Strings become text nodes, so that no name or note can turn into markup.
rangemap.dom = (() => {
  const SVG = "http://www.w3.org/2000/svg";

  function fill(node, attributes, children) {
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value !== null && value !== undefined && value !== false) {
        node.setAttribute(name, value === true ? "" : String(value));
      }
    }
    for (const child of children.flat()) {
      if (child !== null && child !== undefined && child !== false && child !== "") {
        node.append(child instanceof Node ? child : document.createTextNode(String(child)));
      }
    }
    return node;
  }

  const el = (tag, attributes, ...children) =>
    fill(document.createElement(tag), attributes, children);
  const svg = (tag, attributes, ...children) =>
    fill(document.createElementNS(SVG, tag), attributes, children);

  // A name in a script of its own direction must not reorder the words around it.
  const name = (text) => el("bdi", {}, text);

  function isWebAddress(text) {
    try {
      return ["http:", "https:"].includes(new URL(text).protocol);
    } catch {
      return false;
    }
  }

  // Clicking is the only way online, and nothing is told to the site that is opened.
  function link(address, text) {
    if (!isWebAddress(address)) return name(text);
    return el("a", { href: address, rel: "noopener noreferrer", target: "_blank" }, name(text));
  }

  // Text in which web addresses can be clicked.
  function withLinks(text) {
    return text.split(/(https?:\/\/\S+)/).map((part, index) => (index % 2 ? link(part, part) : part));
  }

  return { el, svg, name, link, withLinks };
})();
