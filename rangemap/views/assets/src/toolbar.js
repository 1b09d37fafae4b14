// The buttons on the map, and the tip that follows the pointer on the globe.
import { button, el, name } from "./dom.js";

/** The toolbar: `node`, `update(state, derived)`, `tip(text, point)`. */
export function createToolbar({ model, words, act }) {
  const tool = (text, hint, className, run, pressed = false) =>
    button(text, { class: className, title: hint, "aria-pressed": pressed ? "false" : null, onclick: run });
  const globe = tool(words.toGlobe, words.globeHint, "rm-tool-globe", act.toggleGlobe);
  const split = model.sides ? tool(words.splitOn, words.splitHint, "rm-tool-split", act.toggleSplit, true) : null;
  const aim = tool(words.addPoint, words.addPointHint, "rm-tool-whatif", act.aim, true);
  const measure = tool(words.measure, words.measureHint, "rm-tool-measure", act.measure, true);
  const tipNode = el("div", { class: "rm-tip rm-floating", "aria-hidden": "true", hidden: true });
  const node = el("div", { class: "rm-toolbar", role: "group", "aria-label": words.toolsName },
    el("div", { class: "rm-zoom" },
      button("+", { class: "rm-tool-in", "aria-label": words.zoomIn, title: words.zoomIn, onclick: () => act.zoom(1) }),
      button("−", { class: "rm-tool-out", "aria-label": words.zoomOut, title: words.zoomOut, onclick: () => act.zoom(-1) })),
    globe, split, aim, measure,
    tool(words.saveImage, words.saveImageHint, "rm-tool-image", act.picture),
    tool(words.copyLink, words.copyLinkHint, "rm-tool-link", act.copyLink),
    tool(words.home, words.homeHint, "rm-tool-home", act.home),
    tipNode);

  return {
    node,
    update(state) {
      const asGlobe = state.projection === "globe";
      globe.textContent = asGlobe ? words.toMap : words.toGlobe;
      globe.title = asGlobe ? words.mapHint : words.globeHint;
      if (split) split.setAttribute("aria-pressed", String(state.split));
      aim.setAttribute("aria-pressed", String(state.tool === "place"));
      measure.setAttribute("aria-pressed", String(state.tool === "measure"));
    },
    tip(text, point) {
      tipNode.hidden = !text;
      if (!text) return;
      tipNode.replaceChildren(name(text));
      tipNode.style.left = `${point[0] + 12}px`;
      tipNode.style.top = `${point[1] + 12}px`;
    },
  };
}
