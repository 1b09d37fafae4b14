// What the reader does, as functions; each changes the state and leaves the drawing to others.
import { distanceKm, MAX_DISTANCE_KM } from "./geodesy.js";
import { wrapped } from "./project.js";
import { MAX_OWN, modesOf } from "./state.js";

const CLOSE_UP_KM_PER_PIXEL = 4;
const OWN_RANGE_KM = 2500;
const NEAR_PX = 20; // a tap this near to a symbol means it: a finger is broader than a symbol
const KM_PER_DEGREE = 110;
const DIGITS = 5; // of a degree: a metre

const rounded = ([lon, lat]) => [Number(wrapped(lon).toFixed(DIGITS)), Number(lat.toFixed(DIGITS))];

/** `page` has model, words, store, derived(), scene(), stage, panel, narrow, say(text), address, picture(). */
export function createActions(page) {
  const { model, words, store, say } = page;
  const foldOnPhone = () => page.narrow.matches && page.panel.fold();

  function background(at) {
    const { tool, measure, draw } = store.get();
    const point = rounded(at);
    if (tool === "place") {
      act.addPoint(point);
    } else if (tool === "measure") {
      const points = measure.length === 1 ? [measure[0], point] : [point];
      store.set({ measure: points, tool: points.length === 2 ? null : "measure" });
      if (points.length === 2) page.panel.open("whatif", { focus: false });
    } else {
      const near = nearest(point);
      if (near) act.pick(near);
      else if (draw === "overlap") act.pick({ kind: "point", lon: point[0], lat: point[1] });
      else act.close();
    }
  }

  function nearest([lon, lat]) {
    const reach = store.get().view.kmPerPixel * NEAR_PX;
    let best = null;
    for (const symbol of page.scene().symbols) {
      if (symbol.quiet || Math.abs(symbol.lat - lat) > reach / KM_PER_DEGREE) continue;
      const km = distanceKm(symbol.lon, symbol.lat, lon, lat);
      if (km < reach && (!best || km < best.km)) best = { about: symbol.about, km };
    }
    return best && best.about;
  }

  // A site that is looked for is shown, if no year or filter leaves it out.
  function switchOnSite(index) {
    const { on } = store.get();
    const bands = page.derived().available.filter((band) => model.bands[band].site === index);
    if (bands.length && !bands.some((band) => on.has(band))) store.set({ on: new Set([...on, ...bands]) });
  }

  // When the last point goes, so does the colouring by points.
  function withoutOwn(own) {
    const { mode } = store.get();
    return own.length || mode !== "own" ? { own } : { own, mode: modesOf(model)[0] || null, hidden: new Set() };
  }

  function placeOf(about) {
    if (about.kind === "place") return [model.places[about.index].lon, model.places[about.index].lat];
    if (about.kind === "site") return page.derived().positionOf(about.index);
    return about.lon === undefined ? null : [about.lon, about.lat];
  }

  const act = {
    background,
    placeOf,
    pick(about) {
      if (about.kind === "own" || about.kind === "measure") page.panel.open("whatif");
      else store.set({ selected: about });
    },
    pickOn(about, at) {
      if (store.get().tool && at) background(at);
      else act.pick(about);
    },
    close: () => store.set({ selected: null }),
    escape() {
      const { tool, measure } = store.get();
      if (tool) store.set({ tool: null, measure: measure.length === 2 ? measure : [] });
      else act.close();
    },
    drag(key, at, phase) {
      const [kind, text] = key.split(":");
      const index = Number(text);
      const [lon, lat] = rounded(at);
      if (kind === "own") act.changePoint(index, { ...store.get().own.find((point) => point.id === index), lon, lat });
      else store.set({ moved: new Map(store.get().moved).set(index, [lon, lat]), dragged: phase === "move" ? index : null });
    },
    move(site) {
      const { lon, lat } = model.sites[site];
      store.set({ moved: new Map(store.get().moved).set(site, [lon, lat]), dragSites: true });
      say(words.moveHint);
    },
    putBack(site) {
      const moved = new Map(store.get().moved);
      moved.delete(site);
      store.set({ moved });
    },
    addPoint(at = null, range = null) {
      const { own, view } = store.get();
      if (own.length >= MAX_OWN) {
        say(words.tooManyPoints(MAX_OWN));
        return;
      }
      const id = Math.max(0, ...own.map((point) => point.id)) + 1;
      const [lon, lat] = rounded(at || [view.lon, view.lat]);
      const last = own[own.length - 1];
      const [min, max] = range || (last ? [last.min, last.max] : [0, OWN_RANGE_KM]);
      store.set({
        own: [...own, { id, lon, lat, min, max: Math.min(max, MAX_DISTANCE_KM) }],
        mode: "own", hidden: new Set(), tool: null,
      });
      page.panel.open("whatif");
    },
    changePoint: (id, next) => store.set({ own: store.get().own.map((point) => (point.id === id ? next : point)) }),
    removePoint: (id) => store.set(withoutOwn(store.get().own.filter((point) => point.id !== id))),
    copySite(index) {
      const bands = page.derived().available.map((band) => model.bands[band]).filter((band) => band.site === index);
      const longest = bands.reduce((a, b) => (b.max_km > a.max_km ? b : a), bands[0]);
      act.addPoint(page.derived().positionOf(index), longest ? [longest.min_km, longest.max_km] : null);
    },
    tryRange: (band) => act.addPoint(null, [band.min_km, band.max_km]),
    reset: () => store.set({ moved: new Map(), dragSites: false, ...withoutOwn([]) }),
    measure() {
      store.set({ tool: "measure", measure: [] });
      foldOnPhone();
    },
    aim() {
      store.set({ tool: store.get().tool === "place" ? null : "place" });
      foldOnPhone();
    },
    toggleGlobe: () => store.set({ projection: store.get().projection === "map" ? "globe" : "map", split: false }),
    toggleSplit: () => model.sides && store.set({ split: !store.get().split, projection: "map", hidden: new Set() }),
    home: () => page.stage.show(page.stage.homeView(), true),
    zoom: (steps) => page.stage.zoomBy(steps),
    copyLink() {
      page.address.now();
      const done = navigator.clipboard ? navigator.clipboard.writeText(location.href) : Promise.reject(new Error("none"));
      done.then(() => say(words.copied), () => say(words.notCopied));
    },
    picture: () => page.picture().then((file) => say(words.saved(file))),
    go(about, { card = true } = {}) {
      const [lon, lat] = placeOf(about);
      const kmPerPixel = Math.min(store.get().view.kmPerPixel, CLOSE_UP_KM_PER_PIXEL);
      page.stage.show({ lon, lat, kmPerPixel }, true);
      if (card) act.pick(about);
      foldOnPhone();
    },
    found(about) {
      if (about.kind === "system") {
        const bands = page.derived().available.filter((index) => model.bands[index].system === about.id);
        store.set({ on: new Set([...store.get().on, ...bands]), selected: about });
      } else if (about.kind === "country") {
        if (about.place === undefined) act.go(about, { card: false });
        else act.go({ kind: "place", index: about.place });
      } else {
        if (about.kind === "site") switchOnSite(about.index);
        act.go(about);
      }
    },
    /** The next place in view, from west to east. */
    step(by) {
      const { selected, view } = store.get();
      const { x, y } = page.stage.size();
      const near = (view.kmPerPixel * Math.hypot(x, y)) / 2;
      const inView = page.scene().symbols
        .filter((symbol) => symbol.kind === "place" && distanceKm(symbol.lon, symbol.lat, view.lon, view.lat) < near)
        .sort((a, b) => wrapped(a.lon - view.lon) - wrapped(b.lon - view.lon));
      if (!inView.length) return;
      const at = inView.findIndex((symbol) => selected && selected.kind === "place" && symbol.index === selected.index);
      act.pick(inView[at < 0 ? 0 : (at + by + inView.length) % inView.length].about);
    },
  };
  return act;
}
