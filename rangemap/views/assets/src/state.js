// The state of the page: what is shown, and how. It lives here and, short, in the address.

import { infClasses } from "./model.js";

export const DRAW = ["union", "rings", "overlap"];
export const UNITS = ["km", "mi", "nmi"];
export const THEMES = ["auto", "light", "dark"];
export const MAX_OWN = 12;

/** A store: `get()`, `set(patch)`, `subscribe(fn)`; fn gets the state and the keys that changed. */
export function createStore(initial) {
  let state = initial;
  const listeners = new Set();
  return {
    get: () => state,
    set(patch) {
      const changed = Object.keys(patch).filter((key) => patch[key] !== state[key]);
      if (!changed.length) return;
      state = { ...state, ...patch };
      for (const listener of [...listeners]) listener(state, new Set(changed));
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The state at the start, without an address. */
export function startState(model) {
  return {
    projection: "map",
    split: false,
    view: null,
    on: new Set(model.bands.filter((band) => band.shown).map((band) => band.index)),
    draw: "union",
    edges: true,
    mode: modesOf(model)[0] || null,
    year: null,
    infOff: new Set(),
    hidden: new Set(),
    units: "km",
    theme: "auto",
    moved: new Map(),
    own: [],
    measure: [],
    tool: null,
    dragSites: false,
    tab: "legend",
    groupBy: "site",
    selected: null,
    keys: true,
    dragged: null,
  };
}

/** Ids of the ways to colour the places: "comparison", "c0", "c1", ... and "own" is always there. */
export function modesOf(model) {
  return [
    ...(model.comparison ? ["comparison"] : []),
    ...model.coalitions.map((_, index) => `c${index}`),
  ];
}

const round = (value, digits) => Number(value.toFixed(digits));
const ranges = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const runs = [];
  for (const number of sorted) {
    const last = runs[runs.length - 1];
    if (last && number === last[1] + 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([a, b]) => (a === b ? `${a}` : `${a}-${b}`)).join(".");
};
const sameSet = (a, b) => a.size === b.size && [...a].every((item) => b.has(item));

/** The part of an address that brings back a state: only what differs from the start. */
export function toHash(state, model) {
  const start = startState(model);
  const parts = [];
  const add = (key, value) => parts.push(`${key}=${encodeURIComponent(value)}`);
  if (state.view) {
    const { lon, lat, kmPerPixel } = state.view;
    add("v", [round(lon, 4), round(lat, 4), Number(kmPerPixel.toPrecision(5))].join(","));
  }
  if (state.projection !== start.projection) add("p", state.projection);
  if (state.split) add("s", "1");
  if (!sameSet(state.on, start.on)) add("on", ranges(state.on) || "none");
  if (state.draw !== start.draw) add("d", state.draw);
  if (state.edges !== start.edges) add("e", "0");
  if (state.mode !== start.mode) add("m", state.mode);
  if (state.year !== null) add("y", state.year);
  if (state.infOff.size) add("inf", [...state.infOff].sort().join("."));
  if (state.hidden.size) add("hide", [...state.hidden].sort().join("."));
  if (state.units !== start.units) add("u", state.units);
  if (state.theme !== start.theme) add("t", state.theme);
  if (state.moved.size) {
    add("mv", [...state.moved].map(([site, [lon, lat]]) => [site, round(lon, 5), round(lat, 5)].join(",")).join(";"));
  }
  if (state.own.length) {
    add("w", state.own.map(({ lon, lat, min, max }) =>
      [round(lon, 5), round(lat, 5), round(min, 3), round(max, 3)].join(",")).join(";"));
  }
  if (state.measure.length === 2) {
    add("ms", state.measure.map(([lon, lat]) => [round(lon, 5), round(lat, 5)].join(",")).join(";"));
  }
  if (state.selected && ["place", "site"].includes(state.selected.kind)) {
    const records = state.selected.kind === "place" ? model.places : model.sites;
    add("sel", `${state.selected.kind}:${records[state.selected.index].id}`);
  }
  if (!parts.length) return "";
  add("ed", model.edition);
  return `#${parts.join("&")}`;
}

function numbersOf(text, least, most) {
  const values = text.split(",").map((part) => (part.trim() ? Number(part) : NaN));
  return values.length >= least && values.length <= most && values.every(Number.isFinite) ? values : null;
}
const isPoint = ([lon, lat]) => Math.abs(lon) <= 180 && Math.abs(lat) <= 90;

function setOfRanges(text, count) {
  const found = new Set();
  if (text === "none") return found;
  for (const part of text.split(".")) {
    const match = /^(\d{1,6})(?:-(\d{1,6}))?$/.exec(part);
    if (!match) return null;
    const from = Number(match[1]);
    const to = match[2] === undefined ? from : Number(match[2]);
    if (from > to || to >= count) return null;
    for (let number = from; number <= to; number += 1) found.add(number);
  }
  return found;
}

const symbolKeys = (model) =>
  [model.symbols.zones, model.symbols.verdicts, model.comparison ? model.comparison.symbols : []].flat().map((symbol) => symbol.key);

function fieldsOf(hash) {
  const fields = new Map();
  for (const part of hash.replace(/^#/, "").split("&")) {
    const at = part.indexOf("=");
    if (at < 1) continue;
    try {
      fields.set(part.slice(0, at), decodeURIComponent(part.slice(at + 1)));
    } catch {
      // Not an address of ours: leave that part out.
    }
  }
  return fields;
}

/** What an address changes in the start state; whatever in it is not right is left out. */
export function fromHash(hash, model, mostKm) {
  const fields = fieldsOf(hash);
  const patch = {};
  const take = (key, read) => {
    if (!fields.has(key)) return;
    const value = read(fields.get(key));
    if (value !== null && value !== undefined) Object.assign(patch, value);
  };
  const oneOf = (name, allowed) => (text) => (allowed.includes(text) ? { [name]: text } : null);
  take("v", (text) => {
    const values = numbersOf(text, 3, 3);
    if (!values || !isPoint(values) || values[2] <= 0 || values[2] > 1000) return null;
    return { view: { lon: values[0], lat: values[1], kmPerPixel: values[2] } };
  });
  take("p", oneOf("projection", ["map", "globe"]));
  take("s", (text) => (text === "1" && model.sides ? { split: true } : null));
  take("d", oneOf("draw", DRAW));
  take("e", (text) => (text === "0" ? { edges: false } : null));
  take("m", oneOf("mode", [...modesOf(model), "own"]));
  take("y", (text) => {
    const year = Number(text);
    const { years } = model;
    return years && Number.isInteger(year) && years.first <= year && year <= years.last ? { year } : null;
  });
  const known = (text, keys) => new Set(text.split(".").filter((key) => keys.includes(key)));
  take("inf", (text) => ({ infOff: known(text, infClasses(model)) }));
  take("hide", (text) => ({ hidden: known(text, symbolKeys(model)) }));
  take("u", oneOf("units", UNITS));
  take("t", oneOf("theme", THEMES));
  take("w", (text) => {
    const own = text.split(";").slice(0, MAX_OWN).map((part, index) => {
      const values = numbersOf(part, 4, 4);
      if (!values || !isPoint(values)) return null;
      const [lon, lat, min, max] = values;
      if (min < 0 || max <= min || max > mostKm) return null;
      return { id: index + 1, lon, lat, min, max };
    });
    return own.every(Boolean) ? { own } : null;
  });
  take("ms", (text) => {
    const points = text.split(";").map((part) => numbersOf(part, 2, 2));
    return points.length === 2 && points.every((point) => point && isPoint(point)) ? { measure: points } : null;
  });
  take("sel", (text) => {
    const at = text.indexOf(":");
    const kind = text.slice(0, at);
    const records = kind === "place" ? model.places : kind === "site" ? model.sites : null;
    const index = records ? records.findIndex((record) => record.id === text.slice(at + 1)) : -1;
    return index >= 0 ? { selected: { kind, index } } : null;
  });
  // Numbers of bands and sites mean something in the edition of the data that they come from only.
  const foreign = fields.has("ed") && fields.get("ed") !== model.edition;
  if (!foreign) {
    take("on", (text) => {
      const on = setOfRanges(text, model.bands.length);
      return on && { on };
    });
    take("mv", (text) => {
      const moved = new Map();
      for (const part of text.split(";")) {
        const values = numbersOf(part, 3, 3);
        if (!values || !isPoint(values.slice(1)) || !model.sites[values[0]]) return null;
        moved.set(values[0], values.slice(1));
      }
      return { moved };
    });
  }
  return { patch, foreign: foreign && (fields.has("on") || fields.has("mv")) };
}
