// The panel beside the map, a sheet under it on a phone: heading, search, tabs.
import { button, el, name } from "./dom.js";

/** The panel in its element: `open(tab)`, `fold()`, `widen(wide)`, `update(state, strip)`. */
export function createPanel(panel, { model, words, store, narrow, search, tabs, onToggle }) {
  let isOpen = !narrow.matches;
  const pages = new Map();
  const controls = new Map();
  for (const [key, label, content] of tabs) {
    const control = button(label, { role: "tab", id: `rm-tab-${key}`, "aria-controls": `rm-page-${key}`, onclick: () => store.set({ tab: key }) });
    control.addEventListener("keydown", (event) => {
      const keys = { ArrowRight: 1, ArrowLeft: -1 };
      if (!keys[event.key]) return;
      const order = tabs.map(([one]) => one);
      const next = order[(order.indexOf(key) + keys[event.key] + order.length) % order.length];
      store.set({ tab: next });
      controls.get(next).focus();
      event.preventDefault();
    });
    controls.set(key, control);
    pages.set(key, el("div", { role: "tabpanel", id: `rm-page-${key}`, class: "rm-page", "aria-labelledby": `rm-tab-${key}`, tabindex: "0" }, content));
  }
  const tablist = el("div", { role: "tablist", class: "rm-tabs", "aria-label": words.tabsName }, [...controls.values()]);
  const more = el("div", { class: "rm-more", id: "rm-more" }, search, tablist, [...pages.values()]);
  const toggle = button("", { class: "rm-toggle", "aria-controls": "rm-more" });
  const strip = el("p", { class: "rm-strip", "aria-hidden": "true" });
  const skip = button(words.skipToMap, { class: "rm-skip", onclick: () => document.querySelector("#rm-stage [tabindex='0']").focus() });

  function apply() {
    panel.classList.toggle("rm-closed", !isOpen);
    toggle.setAttribute("aria-expanded", String(isOpen));
    const text = narrow.matches ? (isOpen ? words.panelLess : words.panelMore) : isOpen ? words.panelHide : words.panelShow;
    toggle.setAttribute("aria-label", text);
    toggle.title = narrow.matches ? "" : text;
    toggle.textContent = narrow.matches ? text : isOpen ? "‹" : "›";
    onToggle();
  }
  toggle.addEventListener("click", () => {
    isOpen = !isOpen;
    apply();
  });
  narrow.addEventListener("change", apply);
  panel.append(
    skip,
    el("header", {}, el("h1", {}, name(model.title)),
      model.subtitle && el("p", { class: "rm-subtitle" }, name(model.subtitle)),
      el("p", { class: "rm-motto" }, words.motto), strip),
    toggle, more);
  let started = false;

  return {
    open(tab, { focus = true } = {}) {
      if (!isOpen) {
        isOpen = true;
        apply();
      }
      store.set({ tab });
      if (focus) controls.get(tab).focus({ preventScroll: true });
    },
    fold() {
      if (!isOpen) return;
      isOpen = false;
      apply();
    },
    widen(wide) {
      panel.classList.toggle("rm-wide", wide);
      onToggle();
    },
    update(state, stripParts) {
      if (!started) {
        started = true;
        apply();
      }
      for (const [key, page] of pages) {
        page.hidden = key !== state.tab;
        controls.get(key).setAttribute("aria-selected", String(key === state.tab));
        controls.get(key).tabIndex = key === state.tab ? 0 : -1;
      }
      strip.replaceChildren(...stripParts);
    },
  };
}
