// One search over places, countries, sites and systems: a combobox with a list of what is found.
import { el, name } from "./dom.js";

const MOST = 12;

/** Text without case and accents, for comparing. */
export const plain = (text) =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase("en").replace(/[’ʻ`]/g, "'");

/** Everything that can be found: {text, kind, about, key}. */
export function searchEntries(model, words, countryNames) {
  const entries = [];
  const add = (text, kind, about) => text && entries.push({ text, kind, about, key: plain(text) });
  for (const [index, place] of model.places.entries()) {
    add(place.name, model.places_are_capitals ? words.kindCapital : words.kindPlace, { kind: "place", index });
  }
  const capitalOf = new Map(model.places.map((place, index) => [place.country, index]));
  for (const country of countryNames) {
    add(country.name, words.kindCountry, { kind: "country", lon: country.lon, lat: country.lat, name: country.name,
      place: capitalOf.get(country.name) });
  }
  const named = new Set(countryNames.map((country) => country.name));
  for (const [index, place] of model.places.entries()) {
    if (place.country && !named.has(place.country)) {
      named.add(place.country);
      add(place.country, words.kindCountry, { kind: "country", lon: place.lon, lat: place.lat, name: place.country, place: index });
    }
  }
  for (const [index, site] of model.sites.entries()) add(site.name, words.kindSite, { kind: "site", index });
  for (const system of model.systems) add(system.name, words.kindSystem, { kind: "system", id: system.id });
  return entries;
}

/** The best entries for what was typed: those that begin with it first. */
export function find(entries, typed) {
  const wanted = plain(typed.trim());
  if (!wanted) return [];
  const rank = ({ key }) => (key === wanted ? 0 : key.startsWith(wanted) ? 1 : key.split(/[\s,(-]+/).some((part) => part.startsWith(wanted)) ? 2 : key.includes(wanted) ? 3 : 4);
  return entries
    .map((entry, index) => ({ entry, index, rank: rank(entry) }))
    .filter((found) => found.rank < 4)
    .sort((a, b) => a.rank - b.rank || a.index - b.index)
    .slice(0, MOST)
    .map((found) => found.entry);
}

/** The search field; `entries()` is asked when something is typed. */
export function createSearch({ words, entries, onFound }) {
  const list = el("ul", { id: "rm-found", role: "listbox", "aria-label": words.searchLabel, hidden: true });
  const status = el("span", { class: "rm-hidden", role: "status" });
  const input = el("input", {
    type: "search", id: "rm-search", role: "combobox", "aria-expanded": "false", "aria-controls": "rm-found",
    "aria-autocomplete": "list", autocomplete: "off",
    spellcheck: "false",
  });
  let found = [];
  let chosen = -1;

  function show() {
    list.replaceChildren(...found.map((entry, index) => {
      const item = el("li", { role: "option", id: `rm-found-${index}`, "aria-selected": String(index === chosen) },
        name(entry.text), " ", el("span", { class: "rm-sub" }, entry.kind));
      item.addEventListener("pointerdown", (event) => {
        event.preventDefault();
        take(entry);
      });
      return item;
    }));
    const nothing = input.value.trim() !== "" && !found.length;
    if (nothing) list.append(el("li", { role: "option", "aria-disabled": "true", "aria-selected": "false", class: "rm-sub" }, words.searchNothing));
    list.hidden = !found.length && !nothing;
    input.setAttribute("aria-expanded", String(!list.hidden));
    if (chosen >= 0) input.setAttribute("aria-activedescendant", `rm-found-${chosen}`);
    else input.removeAttribute("aria-activedescendant");
    status.textContent = input.value.trim() ? (nothing ? words.searchNothing : words.searchCount(found.length)) : "";
    const node = list.children[chosen];
    if (node) node.scrollIntoView({ block: "nearest" });
  }

  function close() {
    found = [];
    chosen = -1;
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function take(entry) {
    input.value = entry.text;
    close();
    onFound(entry.about);
  }

  input.addEventListener("input", () => {
    found = find(entries(), input.value);
    chosen = -1;
    show();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!found.length) found = find(entries(), input.value);
      if (!found.length) return;
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      chosen = (chosen + step + found.length) % found.length;
      show();
    } else if (event.key === "Enter") {
      const entry = found[Math.max(0, chosen)] || find(entries(), input.value)[0];
      if (entry) take(entry);
    } else if (event.key === "Escape" && !list.hidden) {
      event.stopPropagation();
      close();
    }
  });
  input.addEventListener("blur", close);
  return { node: el("div", { class: "rm-search" }, el("label", { for: "rm-search", class: "rm-sub" }, words.searchLabel), input, list, status), input };
}
