// Starts the page: model, state, views and panel. folium's script calls `rangemap.start`.
import { createCards } from "./cards.js";
import { createDeriver } from "./derive.js";
import { button, el, name } from "./dom.js";
import { createFlatMap } from "./flatmap.js";
import { welcomeFolium } from "./folium.js";
import { createFormat } from "./format.js";
import { direct, distanceKm, inverse, MAX_DISTANCE_KM } from "./geodesy.js";
import { createGlobe } from "./globe.js";
import { createLegend, legendRows, modeLabel } from "./legend.js";
import { modelOf } from "./model.js";
import { createNotes } from "./notes.js";
import { createPanel } from "./panel.js";
import { drawPicture, savePicture } from "./picture.js";
import { wrapped } from "./project.js";
import { bandRegion, ringVertices } from "./rings.js";
import { createScenes } from "./scene.js";
import { createSearch, searchEntries } from "./search.js";
import { sideOf } from "./sides.js";
import { createStore, fromHash, MAX_OWN, startState, toHash } from "./state.js";
import { createTable } from "./table.js";
import { themeOf } from "./theme.js";
import { createToolbar } from "./toolbar.js";
import { createWhatIf } from "./whatif.js";
import { words } from "./words.js";
import { decodeWorld } from "./world.js";

const EARTH_CIRCUMFERENCE_KM = 40075.017;
const TYPED = "select, textarea, input:not([type]), input[type=search], input[type=number], input[type=text]";
const MARGIN_PX = 16;
const NEAR_PX = 20; // a tap this near to a symbol means it
const CLOSE_UP_KM_PER_PIXEL = 4;
const OWN_RANGE_KM = 2500;
const HASH_DELAY_MS = 250;

const read = (id) => {
  const node = document.getElementById(id);
  return node ? JSON.parse(node.textContent) : null;
};

function middleOf(sites) {
  let x = 0;
  let y = 0;
  let lat = 0;
  for (const site of sites) {
    const lon = (site.lon * Math.PI) / 180;
    x += Math.cos(lon);
    y += Math.sin(lon);
    lat += site.lat;
  }
  return sites.length ? [(Math.atan2(y, x) * 180) / Math.PI, lat / sites.length] : [0, 20];
}

function start(id) {
  const model = modelOf(read("rangemap-data"));
  const online = read("rangemap-online");
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const darkQuery = window.matchMedia("(prefers-color-scheme: dark)");
  const narrow = window.matchMedia("(max-width: 719px)");
  welcomeFolium(read("rangemap-icons"));

  const fromAddress = fromHash(location.hash, model, MAX_DISTANCE_KM);
  const store = createStore({ ...startState(model), ...fromAddress.patch });
  const format = createFormat(words, () => store.get().units);
  const derive = createDeriver(model, words);
  const makeScene = createScenes(model, words, format);
  let derived = derive(store.get());
  let scene = null;
  let worlds = null;

  const isDark = () => store.get().theme === "dark" || (store.get().theme === "auto" && darkQuery.matches);
  const themes = [themeOf(false), themeOf(true)];
  const themeNow = () => themes[isDark() ? 1 : 0];

  // ---- the parts of the page
  const holder = document.getElementById("rm-map-holder");
  const stage = document.getElementById("rm-stage");
  const first = document.getElementById(id);
  const toast = el("p", { class: "rm-toast", role: "status" });
  const banner = el("p", { class: "rm-banner", hidden: true }, el("strong", {}, words.whatIfBanner), " ",
    button(words.whatIfReset, { class: "rm-reset", onclick: () => act.reset() }));
  const hint = el("p", { class: "rm-hint", role: "status", hidden: true });
  const caveat = el("p", { class: "rm-caveat" }, el("span", {}, words.caveatShort, " "),
    button(words.caveatMore, { class: "rm-link", onclick: () => {
      panel.open("notes");
      notes.openReading();
    } }));
  const scale = el("div", { class: "rm-scale", "aria-hidden": "true" });
  let toastDue = 0;
  function say(text) {
    toast.textContent = text;
    clearTimeout(toastDue);
    toastDue = setTimeout(() => { toast.textContent = ""; }, 4000);
  }

  // ---- what the reader does
  const act = {
    pick(about) {
      if (about.kind === "own") {
        panel.open("whatif");
        return;
      }
      if (about.kind === "measure") {
        panel.open("whatif");
        return;
      }
      store.set({ selected: about });
    },
    close: () => store.set({ selected: null }),
    move(site) {
      const moved = new Map(store.get().moved);
      moved.set(site, [model.sites[site].lon, model.sites[site].lat]);
      store.set({ moved, dragSites: true });
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
      const [lon, lat] = at || [view.lon, view.lat];
      const last = own[own.length - 1];
      const [min, max] = range || (last ? [last.min, last.max] : [0, OWN_RANGE_KM]);
      store.set({
        own: [...own, { id, lon: wrapped(lon), lat, min, max: Math.min(max, MAX_DISTANCE_KM) }],
        mode: "own", hidden: new Set(), tool: null,
      });
      panel.open("whatif");
    },
    changePoint: (id, next) =>
      store.set({ own: store.get().own.map((point) => (point.id === id ? next : point)) }),
    removePoint(id) {
      store.set({ own: store.get().own.filter((point) => point.id !== id) });
    },
    copySite(index) {
      const bands = derived.available.map((band) => model.bands[band]).filter((band) => band.site === index);
      const band = bands.reduce((a, b) => (b.max_km > a.max_km ? b : a), bands[0]);
      const [lon, lat] = derived.positionOf(index);
      act.addPoint([lon, lat], band ? [band.min_km, band.max_km] : null);
    },
    tryRange: (band) => act.addPoint(null, [band.min_km, band.max_km]),
    reset: () => store.set({ moved: new Map(), own: [], dragSites: false }),
    measure() {
      store.set({ tool: "measure", measure: [] });
      if (narrow.matches) panel.fold();
    },
    aim() {
      store.set({ tool: store.get().tool === "place" ? null : "place" });
      if (narrow.matches) panel.fold();
    },
    toggleGlobe: () => store.set({ projection: store.get().projection === "map" ? "globe" : "map", split: false }),
    toggleSplit: () => model.sides && store.set({ split: !store.get().split, projection: "map" }),
    home: () => showView(homeView(), true),
    zoom: (steps) => activeView().zoomBy(steps),
    copyLink() {
      updateHash();
      const done = navigator.clipboard ? navigator.clipboard.writeText(location.href) : Promise.reject(new Error());
      done.then(() => say(words.copied), () => say(words.notCopied));
    },
    async picture() {
      const file = await savePicture(pictureInputs());
      say(words.saved(file));
    },
    go(about, { card = true } = {}) {
      const at = about.kind === "place" ? model.places[about.index]
        : about.kind === "site" ? { lon: derived.positionOf(about.index)[0], lat: derived.positionOf(about.index)[1] }
        : about;
      const kmPerPixel = Math.min(store.get().view.kmPerPixel, CLOSE_UP_KM_PER_PIXEL);
      showView({ lon: at.lon, lat: at.lat, kmPerPixel }, true);
      if (card) act.pick(about);
      if (narrow.matches) panel.fold();
    },
    found(about) {
      if (about.kind === "system") {
        const on = new Set(store.get().on);
        const bands = derived.available.filter((index) => model.bands[index].system === about.id);
        for (const band of bands) on.add(band);
        store.set({ on, selected: about });
        return;
      }
      if (about.kind === "country") {
        if (about.place !== undefined) act.go({ kind: "place", index: about.place });
        else act.go(about, { card: false });
        return;
      }
      if (about.kind === "site") switchOnSite(about.index);
      act.go(about);
    },
  };

  // A site that is looked for is shown, if no year or filter leaves it out.
  function switchOnSite(index) {
    const bands = derived.available.filter((band) => model.bands[band].site === index);
    if (bands.some((band) => store.get().on.has(band)) || !bands.length) return;
    store.set({ on: new Set([...store.get().on, ...bands]) });
  }

  const derivedNow = Object.assign(() => derived, { state: () => store.get() });
  const colorOf = (coalition) => themeNow().of(model.coalitions[coalition].color);
  const cards = createCards({ model, words, format, derived: derivedNow, colorOf, act });
  const legend = createLegend({ model, words, format, store, online });
  const table = createTable({
    model, words, format, say,
    onGo: (index) => act.go({ kind: "place", index }),
    onWiden: (wide) => panel.widen(wide),
  });
  const whatIf = createWhatIf({ model, words, format, store, act });
  const notes = createNotes({ model, words, store, cards, online });
  let entries = null;
  const search = createSearch({
    words,
    entries: () => {
      const known = derived.available.join();
      if (!entries || entries.known !== known || entries.worlds !== worlds) {
        const sites = new Set(derived.available.map((index) => model.bands[index].site));
        const systems = new Set(derived.available.map((index) => model.bands[index].system));
        const all = searchEntries(model, words, worlds ? worlds.coarse.names : []);
        entries = { known, worlds, list: all.filter(({ about }) =>
          (about.kind !== "site" || sites.has(about.index)) && (about.kind !== "system" || systems.has(about.id))) };
      }
      return entries.list;
    },
    onFound: act.found,
  });
  const panel = createPanel(document.getElementById("rm-panel"), {
    model, words, store, narrow, search: search.node,
    tabs: [
      ["legend", words.tabLegend, legend.node],
      ["table", words.tabTable(model.places_are_capitals), table.node],
      ["whatif", words.tabWhatIf, whatIf.node],
      ["notes", words.tabNotes, notes.node],
    ],
    onToggle: () => resize(),
  });
  const toolbar = createToolbar({ model, words, act });

  // ---- the views
  const callbacks = (of) => ({
    words, still,
    tipOf: (about) => tip(about),
    nameOf: (symbol) => symbolName(symbol, of()),
    onPick: (about, at) => (store.get().tool ? background(at) : act.pick(about)),
    onDrag: drag,
    onBackground: background,
  });
  const flat = createFlatMap(id, {
    ...callbacks(() => derived), label: words.mapName,
    onView: (view, phase) => moved(view, phase, "flat"),
  });
  let other = null;
  let globe = null;
  const otherHolder = el("div", { id: "rm-second", class: "rm-second", hidden: true });
  const globeHolder = el("div", { id: "rm-globe", class: "rm-globe", hidden: true });
  const headA = el("h2", { class: "rm-side rm-side-a", hidden: true });
  const headB = el("h2", { class: "rm-side rm-side-b", hidden: true });
  stage.append(otherHolder, globeHolder, headA, headB);
  holder.append(toolbar.node, banner, hint, caveat, scale, toast);

  const activeView = () => (store.get().projection === "globe" && globe ? globe : flat);

  function tip(about) {
    if (about.kind === "group") {
      const band = model.bands[about.bands[0]];
      return about.bands.length === 1 ? `${band.label}, ${model.sites[band.site].name}` : `${band.label}, ${model.coalitions[band.coalition].name}`;
    }
    if (about.kind === "band") return `${model.bands[about.index].label}, ${model.sites[model.bands[about.index].site].name}`;
    if (about.kind === "own") return words.ownRow(words.pointName(about.id));
    if (about.kind === "area") return model.areas[about.index].name;
    if (about.kind === "measure") return words.measureHeading;
    return "";
  }

  function symbolName(symbol, from) {
    if (symbol.kind === "place") {
      const place = model.places[symbol.index];
      const { key, marginal } = from.marks[symbol.index];
      const found = from.symbols.find((one) => one.key === key);
      return [place.name, place.country, found && found.label, marginal && words.marginalZone].filter(Boolean).join(", ");
    }
    if (symbol.kind === "site") {
      const site = model.sites[symbol.index];
      return `${site.name}, ${words.siteOf(model.coalitions[site.coalition].name)}`;
    }
    return symbol.name;
  }

  function drag(key, [lon, lat], phase) {
    const [kind, index] = key.split(":");
    const at = [Number(wrapped(lon).toFixed(5)), Number(lat.toFixed(5))];
    if (kind === "own") {
      act.changePoint(Number(index), { ...store.get().own.find((point) => point.id === Number(index)), lon: at[0], lat: at[1] });
    } else {
      store.set({ moved: new Map(store.get().moved).set(Number(index), at) });
    }
    if (phase === "end") renderNow();
  }

  function background([lon, lat]) {
    const { tool, measure } = store.get();
    const at = [wrapped(lon), lat];
    if (tool === "place") {
      act.addPoint(at.map((value) => Number(value.toFixed(5))));
      return;
    }
    if (tool === "measure") {
      const points = measure.length === 1 ? [measure[0], at] : [at];
      store.set({ measure: points, tool: points.length === 2 ? null : "measure" });
      if (points.length === 2) panel.open("whatif", { focus: false });
      return;
    }
    const near = nearest(at);
    if (near) act.pick(near.about);
    else if (store.get().draw === "overlap") act.pick({ kind: "point", lon: at[0], lat: at[1] });
    else act.close();
  }

  // A finger is broader than a symbol.
  function nearest(at) {
    const reach = store.get().view.kmPerPixel * NEAR_PX;
    let best = null;
    for (const symbol of scene.symbols) {
      if (symbol.quiet || Math.abs(symbol.lat - at[1]) > reach / 110 + 1e-9) continue;
      const km = distanceKm(symbol.lon, symbol.lat, at[0], at[1]);
      if (km < reach && (!best || km < best.km)) best = { about: symbol.about, km };
    }
    return best;
  }

  let syncing = false;
  function moved(view, phase, from) {
    if (syncing) return;
    syncing = true;
    if (from === "flat" && other && store.get().split) other.setView(view, { silent: true });
    if (from === "other") flat.setView(view, { silent: true });
    syncing = false;
    store.set({ view });
    updateScale();
    if (phase === "end") scheduleHash();
  }

  function homeView() {
    const used = model.sites.filter((_, index) => model.bands.some((band) => band.site === index && band.base));
    const center = model.view.center || middleOf(used);
    const width = model.view.width_km || 14000;
    const size = flat.map.getSize();
    const kmPerPixel = width / Math.max(320, size.x);
    const least = EARTH_CIRCUMFERENCE_KM / 256 / 2 ** 7;
    return { lon: center[0], lat: center[1], kmPerPixel: Math.max(kmPerPixel, least) };
  }

  function showView(view, animate = false) {
    store.set({ view });
    if (store.get().projection === "globe" && globe) {
      if (animate && !still) globe.flyTo(view);
      else globe.setView(view);
    } else {
      flat.setView(view, { animate });
      if (other && store.get().split) other.setView(view, { silent: true });
      store.set({ view: flat.view() });
    }
    updateScale();
    scheduleHash();
  }

  function ensureGlobe() {
    if (globe) return;
    globe = createGlobe(globeHolder, {
      ...callbacks(() => derived),
      onPick: (about, at) => (store.get().tool && at ? background(at) : act.pick(about)),
      onHover: (about, text, point) => toolbar.tip(about ? (symbolTip(about) || text) : null, point),
      onView: (view, phase) => moved(view, phase, "globe"),
    });
    globe.setHome(homeView());
    globe.setBlocked((width, height) => [[width - 240, height - 58, width, height], [width - 132, 0, width, 330], [0, height - 30, 440, height]]);
    if (worlds) globe.setWorlds(worlds);
  }
  const symbolTip = (about) => {
    const symbol = scene.symbols.find((one) => one.about === about);
    return symbol ? symbolName(symbol, derived) : tip(about);
  };

  function ensureOther() {
    if (other) return;
    const node = el("div", { class: "folium-map" });
    otherHolder.append(node);
    other = createFlatMap(node, {
      ...callbacks(() => sideOf(model, derived, 1)), label: words.mapOf(model.sides[1].name),
      onView: (view, phase) => moved(view, phase, "other"),
    });
    if (worlds) other.setWorlds(worlds);
  }

  // ---- showing
  function updateScale() {
    const { view } = store.get();
    if (!view) return;
    const { width, text } = scaleOf(view.kmPerPixel);
    scale.style.width = `${width}px`;
    if (scale.textContent !== text) scale.textContent = text;
  }

  function scaleOf(kmPerPixel, most = 110) {
    const value = format.inUnits(kmPerPixel * most);
    const power = 10 ** Math.floor(Math.log10(value));
    const nice = [5, 3, 2, 1].find((step) => step * power <= value) * power;
    return { width: Math.round(format.toKm(nice) / kmPerPixel), text: `${format.number(nice, nice < 1 ? 2 : 0)} ${format.unit()}` };
  }

  let shown = { projection: null, split: null, dark: null, cardFor: "" };
  function arrange(state) {
    const asGlobe = state.projection === "globe";
    if (asGlobe) ensureGlobe();
    if (state.split) ensureOther();
    if (shown.projection === state.projection && shown.split === state.split) return;
    shown = { ...shown, projection: state.projection, split: state.split };
    first.hidden = asGlobe;
    globeHolder.hidden = !asGlobe;
    otherHolder.hidden = !state.split;
    stage.classList.toggle("rm-split", state.split);
    for (const [node, side] of [[headA, 0], [headB, 1]]) {
      node.hidden = !state.split;
      if (state.split) node.replaceChildren(name(model.sides[side].name));
    }
    if (state.split) flat.map.getContainer().setAttribute("aria-label", words.mapOf(model.sides[0].name));
    else flat.map.getContainer().setAttribute("aria-label", words.mapName);
    resize();
    if (state.view) showView(state.view);
  }

  function renderNow() {
    cancelAnimationFrame(renderDue);
    renderDue = 0;
    const state = store.get();
    derived = derive(state);
    const theme = themeNow();
    if (shown.dark !== theme.dark) {
      shown.dark = theme.dark;
      document.documentElement.dataset.theme = theme.dark ? "dark" : "light";
      for (const key of ["sea", "land", "ink", "muted", "halo", "paper", "rule", "own"]) {
        document.documentElement.style.setProperty(`--rm-${key}`, theme[key]);
      }
    }
    arrange(state);
    if (state.split) {
      const views = [sideOf(model, derived, 0), sideOf(model, derived, 1)];
      scene = makeScene(state, views[0], theme, model.sides[0].coalitions);
      flat.setScene(scene);
      other.setScene(makeScene(state, views[1], theme, model.sides[1].coalitions));
      sideCounts(views);
    } else {
      scene = makeScene(state, derived, theme);
      if (state.projection === "globe") globe.setScene(scene);
      else flat.setScene(scene);
    }
    banner.hidden = !derived.isWhatIf;
    const steps = { place: words.clickPlacePoint, measure: state.measure.length ? words.clickSecond : words.clickFirst };
    hint.hidden = !state.tool;
    if (hint.textContent !== (steps[state.tool] || "")) hint.textContent = steps[state.tool] || "";
    flat.setTool(state.tool);
    if (other) other.setTool(state.tool);
    if (globe) globe.setTool(state.tool);
    panel.update(state, legend.strip(derived, theme));
    if (state.tab === "legend") legend.update(state, derived, theme, scene);
    if (state.tab === "table") table.update(state, derived, theme);
    if (state.tab === "whatif") whatIf.update(state, derived);
    if (state.tab === "notes") notes.update(state);
    toolbar.update(state, derived);
    updateCard(state);
    updateScale();
  }

  function sideCounts(views) {
    for (const [node, side] of [[headA, 0], [headB, 1]]) {
      const counts = new Map();
      for (const { key } of views[side].marks) counts.set(key, (counts.get(key) || 0) + 1);
      const parts = views[side].symbols.filter((symbol) => counts.get(symbol.key)).map((symbol) => `${symbol.short}: ${counts.get(symbol.key)}`);
      node.replaceChildren(name(model.sides[side].name), el("span", {}, name(parts.join(" · "))));
    }
  }

  // The card of what is selected; made anew when what it says may have changed.
  let card = null;
  let cardBack = null;
  function updateCard(state) {
    const { selected } = state;
    const content = selected && cards.of(selected);
    if (!content) {
      if (card) {
        const hadFocus = card.contains(document.activeElement);
        card.remove();
        card = null;
        shown.cardFor = "";
        if (hadFocus && cardBack && cardBack.isConnected) cardBack.focus({ preventScroll: true });
      }
      return;
    }
    const about = JSON.stringify(selected);
    if (!card) {
      cardBack = document.activeElement;
      card = el("section", { class: "rm-card", "aria-labelledby": "rm-card-title", tabindex: "-1" });
      card.addEventListener("keydown", (event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        act.close();
      });
      holder.append(card);
    }
    const same = shown.cardFor === about;
    const opened = same ? [...card.querySelectorAll("details")].map((node) => node.open) : [];
    const scrolled = same ? card.scrollTop : 0;
    const focused = same && card.contains(document.activeElement);
    card.replaceChildren(button("×", { class: "rm-close", "aria-label": words.close, onclick: act.close }), content);
    [...card.querySelectorAll("details")].forEach((node, index) => { if (opened[index]) node.open = true; });
    card.scrollTop = scrolled;
    if (!same || focused) card.focus({ preventScroll: true });
    if (!same) uncover(selected);
    shown.cardFor = about;
  }

  // What the card is about must not lie under it.
  function uncover(selected) {
    const at = selected.kind === "place" ? [model.places[selected.index].lon, model.places[selected.index].lat]
      : selected.kind === "site" ? derived.positionOf(selected.index) : null;
    if (!at || store.get().projection !== "map") return;
    const center = flat.map.getCenter().lng;
    const point = flat.map.latLngToContainerPoint([at[1], center + wrapped(at[0] - center)]);
    const box = card.getBoundingClientRect();
    const map = flat.map.getContainer().getBoundingClientRect();
    const [x, y] = [point.x + map.left, point.y + map.top];
    const under = x > box.left - MARGIN_PX && x < box.right + MARGIN_PX && y > box.top - MARGIN_PX && y < box.bottom + MARGIN_PX;
    if (!under) return;
    if (narrow.matches) flat.map.panBy([0, y - box.top + 3 * MARGIN_PX], { animate: !still });
    else flat.map.panBy([x - box.left + 3 * MARGIN_PX, 0], { animate: !still });
  }

  let renderDue = 0;
  const render = () => {
    if (!renderDue) renderDue = requestAnimationFrame(renderNow);
  };
  store.subscribe((_, changed) => {
    if (changed.size === 1 && changed.has("view")) return;
    render();
    scheduleHash();
  });

  function resize() {
    flat.resize();
    if (other && store.get().split) other.resize();
    if (globe && store.get().projection === "globe") globe.resize();
  }

  // ---- the address
  let hashDue = 0;
  function updateHash() {
    const hash = toHash(store.get(), model);
    if (location.hash === hash || (hash === "" && location.hash === "")) return;
    try {
      history.replaceState(null, "", hash || location.pathname);
    } catch {
      // In a notebook's frame the page has no address of its own.
    }
  }
  function scheduleHash() {
    clearTimeout(hashDue);
    hashDue = setTimeout(updateHash, HASH_DELAY_MS);
  }
  window.addEventListener("hashchange", () => {
    const again = fromHash(location.hash, model, MAX_DISTANCE_KM);
    store.set({ ...startState(model), tab: store.get().tab, ...again.patch, view: again.patch.view || store.get().view });
    if (again.patch.view) showView(again.patch.view);
    if (again.foreign) say(words.otherEdition);
  });

  // ---- keys
  document.addEventListener("keydown", (event) => {
    const inField = event.target.closest && event.target.closest(TYPED);
    if (event.key === "Escape") {
      if (store.get().tool) store.set({ tool: null, measure: store.get().measure.length === 2 ? store.get().measure : [] });
      else act.close();
      return;
    }
    if (!store.get().keys || inField || event.ctrlKey || event.metaKey || event.altKey) return;
    const keys = {
      g: act.toggleGlobe, s: act.toggleSplit, w: act.aim, m: act.measure, i: act.picture,
      t: () => panel.open("table"), n: () => step(1), p: () => step(-1),
      "/": () => {
        panel.open(store.get().tab, { focus: false });
        search.input.focus();
      },
    };
    const run = keys[event.key];
    if (!run) return;
    event.preventDefault();
    run();
  });

  // The next place in view, from west to east.
  function step(by) {
    const { selected, view } = store.get();
    const size = flat.map.getSize();
    const near = (view.kmPerPixel * Math.hypot(size.x, size.y)) / 2;
    const inView = scene.symbols
      .filter((symbol) => symbol.kind === "place" && distanceKm(symbol.lon, symbol.lat, view.lon, view.lat) < near)
      .sort((a, b) => wrapped(a.lon - view.lon) - wrapped(b.lon - view.lon));
    if (!inView.length) return;
    const at = inView.findIndex((symbol) => selected && selected.kind === "place" && symbol.index === selected.index);
    const next = inView[(at + by + inView.length) % inView.length] || inView[0];
    act.pick(next.about);
  }

  // ---- the picture
  function pictureInputs() {
    const state = store.get();
    return {
      model, words, format, state, derived, scene, theme: themeNow(), worlds, scaleOf,
      rows: legendRows(model, words, derived, themeNow()),
      heading: modeLabel(model, words, derived.mode),
      size: { x: stage.clientWidth, y: stage.clientHeight },
    };
  }

  // ---- start
  resize();
  const { view } = store.get();
  store.set({ view: view || homeView() });
  flat.setView(store.get().view, { silent: true });
  // A globe shows the view that was asked for; the flat map may have to come nearer.
  if (store.get().projection === "map") store.set({ view: flat.view() });
  renderNow();
  if (fromAddress.foreign) say(words.otherEdition);
  darkQuery.addEventListener("change", render);
  window.addEventListener("resize", () => {
    resize();
    updateScale();
  });
  // On paper the legend and the notes stand below the map, whatever is open on the screen.
  window.addEventListener("beforeprint", () => {
    renderNow();
    legend.update(store.get(), derived, themeNow(), scene);
    notes.update(store.get());
  });

  const worldText = (scale) => document.getElementById(`rangemap-world-${scale}`).textContent;
  const useWorlds = () => {
    for (const one of [flat, other, globe]) if (one) one.setWorlds(worlds);
  };
  const ready = decodeWorld(worldText("110m")).then(async (coarse) => {
    worlds = { coarse, fine: null };
    useWorlds();
    document.documentElement.dataset.rangemap = "ready";
    worlds = { coarse, fine: await decodeWorld(worldText("50m")) };
    useWorlds();
    document.documentElement.dataset.rangemapWorld = "fine";
  }).catch(() => {
    document.documentElement.dataset.rangemap = "ready";
    say(words.tooOld);
  });

  Object.assign(api, {
    ready, map: flat.map, words,
    second: () => other && other.map,
    state: () => store.get(),
    set: (patch) => {
      store.set(patch);
      renderNow();
    },
    scene: () => scene,
    derived: () => derived,
    go: (view) => showView(view),
    address: () => toHash(store.get(), model),
    globe: () => {
      ensureGlobe();
      return globe;
    },
    csv: () => {
      table.update(store.get(), derived, themeNow());
      return table.csv();
    },
    picture: () => drawPicture(pictureInputs()),
    whatIf: ({ lon, lat, min_km: min = 0, max_km: max }) => model.places.map((place) => {
      const km = distanceKm(lon, lat, place.lon, place.lat);
      return { place_id: place.id, distance_km: km, verdict: min <= km && km <= max ? "inside" : "outside" };
    }),
  });
  return flat.map;
}

/** What other scripts in the page may use; docs/webmap.md documents it. */
const api = {
  start,
  ring: (lon, lat, km, azimuths) => ringVertices(lon, lat, km, azimuths),
  band: (lon, lat, minKm, maxKm, toleranceM) => bandRegion(lon, lat, minKm, maxKm, toleranceM),
  distance_km: distanceKm,
  inverse,
  direct,
};
globalThis.rangemap = api;
