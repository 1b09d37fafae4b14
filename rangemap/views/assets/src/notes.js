// The last tab: findings, how to read the map in short and at length, sources, units and colours.
import { button, el, name } from "./dom.js";
import { THEMES, UNITS } from "./state.js";

/** The tab: `node`, `update(state)`, `openReading()`. */
export function createNotes({ model, words, store, cards, online, act }) {
  const fold = (title, content, open, id) =>
    el("details", { class: "rm-fold", open, id: id || null }, el("summary", {}, el("h2", {}, title)), content);
  const list = (lines) => el("ul", {}, lines.map((line) => el("li", {}, name(line))));
  const select = (id, label, options, onChange) => {
    const node = el("select", { id }, options.map(([value, text]) => el("option", { value }, text)));
    node.addEventListener("change", () => onChange(node.value));
    return { node, label: el("label", { class: "rm-field" }, el("span", {}, label), node) };
  };
  const units = select("rm-units", words.units, UNITS.map((unit) => [unit, words.unit[unit]]), (value) => store.set({ units: value }));
  const theme = select("rm-theme", words.theme, THEMES.map((key) => [key, words.themes[key]]), (value) => store.set({ theme: value }));
  const keysBox = el("input", { type: "checkbox", id: "rm-keys-on", checked: true });
  keysBox.addEventListener("change", () => store.set({ keys: keysBox.checked }));
  const reading = fold(words.readingHeading, el("div", {}, model.reading.map(({ heading, text }) =>
    [el("h3", {}, name(heading)), el("p", {}, name(text))])), false, "rm-reading");

  const node = el("div", { class: "rm-sections" },
    online && el("p", { class: "rm-note rm-online" }, words.online(online.host)),
    model.headline.length > 0 && fold(words.findingsHeading, list(model.headline), true, "rm-findings"),
    fold(words.caveatsHeading, el("div", {}, list(model.caveats), el("p", { class: "rm-screen" },
      button(words.readingOpen, { onclick: () => openReading() }))), true, "rm-caveats"),
    reading,
    model.sources.length > 0 && fold(words.sourcesHeading(model.sources.length),
      el("ul", { class: "rm-all-sources" }, model.sources.map((_, number) => cards.sourceItem(number))), false, "rm-sources"),
    el("section", { class: "rm-screen" }, el("h2", {}, words.viewHeading), el("p", { class: "rm-actions" },
      button(words.saveImage, { title: words.saveImageHint, onclick: () => act.picture() }),
      button(words.copyLink, { title: words.copyLinkHint, onclick: () => act.copyLink() }),
      button(words.home, { title: words.homeHint, onclick: () => act.home() }))),
    el("section", { class: "rm-screen" }, el("h2", {}, words.settingsHeading), el("div", { class: "rm-pair" }, units.label, theme.label)),
    el("section", { class: "rm-screen" }, el("h2", {}, words.keysHeading),
      el("label", { class: "rm-mode" }, keysBox, words.keysOn),
      el("dl", { class: "rm-keys" }, words.keys.map(([key, text]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, text)]))),
    el("footer", {}, el("p", {}, name(model.credits)), el("p", {}, name(model.provenance))));

  function openReading() {
    reading.open = true;
    reading.querySelector("summary").focus();
    reading.scrollIntoView({ block: "start" });
  }

  return {
    node,
    openReading,
    update(state) {
      units.node.value = state.units;
      theme.node.value = state.theme;
      keysBox.checked = state.keys;
    },
  };
}
