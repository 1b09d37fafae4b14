// Starts the page: model, state, views and panel. folium's script calls `rangemap.start`.
import { createActions } from "./actions.js";
import { createAddress } from "./address.js";
import { createCard } from "./card.js";
import { createCards } from "./cards.js";
import { createDeriver } from "./derive.js";
import { button, el } from "./dom.js";
import { welcomeFolium } from "./folium.js";
import { createFormat } from "./format.js";
import { direct, distanceKm, inverse, MAX_DISTANCE_KM } from "./geodesy.js";
import { listenForKeys } from "./keys.js";
import { createLegend, legendRows, modeLabel, sideRows } from "./legend.js";
import { modelOf } from "./model.js";
import { createNotes } from "./notes.js";
import { createPanel } from "./panel.js";
import { drawPicture, savePicture } from "./picture.js";
import { bandRegion, ringVertices } from "./rings.js";
import { createScenes, toleranceOf } from "./scene.js";
import { createSearch, searchEntries } from "./search.js";
import { createStage } from "./stage.js";
import { createStore, fromHash, startState, toHash } from "./state.js";
import { createTable } from "./table.js";
import { themeOf } from "./theme.js";
import { createToolbar } from "./toolbar.js";
import { createWhatIf } from "./whatif.js";
import { words } from "./words.js";
import { decodeWorld } from "./world.js";

const TOAST_MS = 4000;
const SCALE_PX = 110;
const THEME_VARIABLES = ["sea", "land", "ink", "muted", "halo", "paper", "rule", "own"];

const read = (id) => {
  const node = document.getElementById(id);
  return node ? JSON.parse(node.textContent) : null;
};

/** What the symbols and lines of a scene are called. */
function namesOf(model, measured) {
  const bandName = (index) => `${model.bands[index].label}, ${model.sites[model.bands[index].site].name}`;
  return {
    line(about) {
      if (about.kind === "group") {
        const band = model.bands[about.bands[0]];
        return about.bands.length === 1 ? bandName(band.index) : `${band.label}, ${model.coalitions[band.coalition].name}`;
      }
      if (about.kind === "band") return bandName(about.index);
      if (about.kind === "own") return words.ownRow(words.pointName(about.id));
      if (about.kind === "area") return model.areas[about.index].name;
      return about.kind === "measure" ? measured() : "";
    },
    symbol(symbol, derived) {
      if (symbol.kind === "place") {
        const place = model.places[symbol.index];
        const { key, marginal } = derived.marks[symbol.index];
        const found = derived.symbols.find((one) => one.key === key);
        return [place.name, place.country, found && found.label, marginal && words.marginalZone].filter(Boolean).join(", ");
      }
      if (symbol.kind === "site") {
        const site = model.sites[symbol.index];
        return `${site.name}, ${words.siteOf(model.coalitions[site.coalition].name)}`;
      }
      return symbol.name;
    },
  };
}

/** The entries of the search: sites and systems only where no year or filter leaves them out. */
function searchable(model, worlds, available) {
  const bands = available.map((index) => model.bands[index]);
  const sites = new Set(bands.map((band) => band.site));
  const systems = new Set(bands.map((band) => band.system));
  return searchEntries(model, words, worlds ? worlds.coarse.names : []).filter(({ about }) =>
    (about.kind !== "site" || sites.has(about.index)) && (about.kind !== "system" || systems.has(about.id)));
}

const packed = (scale) => document.getElementById(`rangemap-world-${scale}`).textContent;
/** When the browser has shown what is drawn by now. A page in the background has no frames. */
const nextFrame = () => new Promise((done) => {
  requestAnimationFrame(() => setTimeout(done));
  setTimeout(done, 500);
});

function start(id) {
  // The world is unpacked beside all else.
  const canDecode = typeof DecompressionStream !== "undefined"; // in browsers since 2023
  const coarseWorld = canDecode && decodeWorld(packed("110m"));
  const model = modelOf(read("rangemap-data"));
  const online = read("rangemap-online");
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const darkQuery = window.matchMedia("(prefers-color-scheme: dark)");
  const narrow = window.matchMedia("(max-width: 719px)");
  welcomeFolium(read("rangemap-icons"));

  const asked = fromHash(location.hash, model, MAX_DISTANCE_KM);
  const store = createStore({ ...startState(model), ...asked.patch });
  const format = createFormat(words, () => store.get().units);
  const derive = createDeriver(model, words);
  const makeScene = createScenes(model, words, format);
  const names = namesOf(model, () => format.exact(...store.get().measure));
  const themes = [themeOf(false), themeOf(true)];
  const isDark = () => store.get().theme === "dark" || (store.get().theme === "auto" && darkQuery.matches);
  const themeNow = () => themes[isDark() ? 1 : 0];
  let derived = derive(store.get());
  let scene = null;
  let worlds = null;
  let drawnWithin = 0; // m: the tolerance of the scene

  // ---- what lies on the map
  const holder = document.getElementById("rm-map-holder");
  const toast = el("p", { class: "rm-toast", role: "status" });
  const asOf = el("p", { class: "rm-asof", role: "status", hidden: true });
  const hint = el("p", { class: "rm-hint", role: "status", hidden: true });
  const scale = el("div", { class: "rm-scale", "aria-hidden": "true" });
  const banner = el("p", { class: "rm-banner", hidden: true }, el("strong", {}, words.whatIfBanner), " ",
    button(words.whatIfReset, { class: "rm-reset", onclick: () => act.reset() }));
  const caveat = el("p", { class: "rm-caveat" }, el("span", {}, words.caveatShort, " "),
    button(words.caveatMore, { class: "rm-link", onclick: () => {
      panel.open("notes");
      notes.openReading();
    } }));
  let toastDue = 0;
  function say(text) {
    toast.textContent = text;
    clearTimeout(toastDue);
    toastDue = setTimeout(() => { toast.textContent = ""; }, TOAST_MS);
  }

  // ---- the parts, each of which knows the others through `page` alone
  const page = {
    model, words, store, narrow, say,
    derived: () => derived,
    scene: () => scene,
    picture: () => savePicture(pictureInputs()),
  };
  const act = createActions(page);
  page.address = createAddress({
    model, store, onView: (view) => page.stage.show(view), onForeign: () => say(words.otherEdition),
  });
  const cards = createCards({
    model, words, format, act,
    derived: Object.assign(() => derived, { state: () => store.get() }),
    colorOf: (coalition) => themeNow().of(model.coalitions[coalition].color),
  });
  const legend = createLegend({ model, words, format, store, online, act });
  const table = createTable({
    model, words, format, say, onGo: (index) => act.go({ kind: "place", index }), onWiden: (wide) => panel.widen(wide),
  });
  const whatIf = createWhatIf({ model, words, format, store, act });
  const notes = createNotes({ model, words, store, cards, online, act });
  const search = createSearch({ words, entries: () => searchable(model, worlds, derived.available), onFound: act.found });
  const panel = page.panel = createPanel(document.getElementById("rm-panel"), {
    model, words, store, narrow, search: search.node,
    tabs: [
      ["legend", words.tabLegend, legend.node],
      ["table", words.tabTable(model.places_are_capitals), table.node],
      ["whatif", words.tabWhatIf, whatIf.node],
      ["notes", words.tabNotes, notes.node],
    ],
    onToggle: () => stage.resize(),
  });
  const toolbar = createToolbar({ model, words, act });
  const stage = page.stage = createStage(document.getElementById("rm-stage"), id, {
    model, words, store, still, narrow, online,
    derived: () => derived,
    callbacks: {
      tipOf: names.line, nameOf: names.symbol,
      onPick: act.pickOn, onDrag: act.drag, onBackground: act.background,
    },
    onHover: (about, point) => toolbar.tip(about && hoverName(about), point),
    onView: (phase) => {
      updateScale();
      if (phase !== "end") return;
      page.address.schedule();
      if (scene && toleranceOf(store.get().view) !== drawnWithin) renderSoon();
    },
  });
  const card = createCard(holder, {
    words, onClose: act.close,
    onOpen: (selected) => {
      const at = act.placeOf(selected);
      if (at) stage.uncover(at, card.box());
    },
  });
  holder.append(toolbar.node, asOf, banner, hint, caveat, scale, toast);

  function hoverName(about) {
    const symbol = scene.symbols.find((one) => one.about === about);
    return symbol ? names.symbol(symbol, derived) : names.line(about);
  }

  // ---- showing
  function updateScale() {
    const { view } = store.get();
    if (!view) return;
    const value = format.inUnits(view.kmPerPixel * SCALE_PX);
    const power = 10 ** Math.floor(Math.log10(value));
    const nice = [5, 3, 2, 1].find((step) => step * power <= value) * power;
    scale.style.width = `${Math.round(format.toKm(nice) / view.kmPerPixel)}px`;
    const text = `${format.number(nice, nice < 1 ? 2 : 0)} ${format.unit()}`;
    if (scale.textContent !== text) scale.textContent = text;
  }

  let dark = null;
  function updateTheme(theme) {
    if (dark === theme.dark) return;
    dark = theme.dark;
    document.documentElement.dataset.theme = dark ? "dark" : "light";
    for (const key of THEME_VARIABLES) document.documentElement.style.setProperty(`--rm-${key}`, theme[key]);
  }

  const put = (node, text) => {
    node.hidden = !text;
    if (node.textContent !== text) node.textContent = text;
  };

  function updateTab(tab, state, theme) {
    if (tab === "legend") legend.update(state, derived, theme, scene, stage.views());
    if (tab === "table") table.update(state, derived, theme);
    if (tab === "whatif") whatIf.update(state, derived);
    if (tab === "notes") notes.update(state);
  }

  let due = 0;
  function render() {
    cancelAnimationFrame(due);
    due = 0;
    const state = store.get();
    const theme = themeNow();
    derived = derive(state);
    updateTheme(theme);
    drawnWithin = toleranceOf(state.view);
    scene = stage.draw(state, (seen, only) => makeScene(state, seen, theme, only));
    banner.hidden = !derived.isWhatIf;
    put(asOf, state.year === null ? "" : words.yearOf(state.year));
    const steps = { place: words.clickPlacePoint, measure: state.measure.length ? words.clickSecond : words.clickFirst };
    put(hint, steps[state.tool] || derived.trouble);
    panel.update(state, legend.strip(derived, theme, stage.views()));
    updateTab(state.tab, state, theme);
    toolbar.update(state);
    card.update(state.selected, state.selected && cards.of(state.selected));
    updateScale();
  }
  const renderSoon = () => {
    if (!due) due = requestAnimationFrame(render);
  };
  store.subscribe((_, changed) => {
    if (changed.size === 1 && changed.has("view")) return;
    renderSoon();
    page.address.schedule();
  });

  function pictureInputs(theme = themeNow()) {
    const state = store.get();
    const views = stage.views();
    const sideOf = (side) => ({
      title: model.sides[side].name,
      only: model.sides[side].coalitions,
      derived: views[side],
      scene: makeScene(state, views[side], theme, model.sides[side].coalitions),
      rows: sideRows(model, [views[side]], theme).map((row) => ({ ...row, count: Number(row.count) })),
      heading: words.placesHeading(model.places_are_capitals).trim() + " " + model.sides[side].name,
    });
    return {
      model, words, format, state, derived, theme, worlds,
      sides: views && [sideOf(0), sideOf(1)],
      scene: theme === themeNow() ? scene : makeScene(state, derived, theme),
      rows: legendRows(model, words, derived, theme),
      heading: modeLabel(model, words, derived.mode),
      size: stage.size(),
    };
  }

  listenForKeys({
    store,
    onEscape: act.escape,
    runs: {
      g: act.toggleGlobe, s: act.toggleSplit, w: act.aim, m: act.measure, i: act.picture,
      t: () => panel.open("table"), n: () => act.step(1), p: () => act.step(-1),
      "/": () => {
        panel.open(store.get().tab, { focus: false });
        search.input.focus();
      },
    },
  });

  // ---- start
  stage.start(asked.patch.view);
  render();
  document.documentElement.dataset.rangemap = "ready";
  if (asked.foreign) say(words.otherEdition);
  darkQuery.addEventListener("change", renderSoon);
  window.addEventListener("resize", () => {
    stage.resize();
    updateScale();
  });
  // On paper: the picture that can be saved, then the notes, and the table if it is open.
  const sheet = el("div", { class: "rm-sheet", "aria-hidden": "true" });
  document.body.prepend(sheet);
  window.addEventListener("beforeprint", () => {
    render();
    notes.update(store.get());
    if (worlds) sheet.replaceChildren(drawPicture(pictureInputs(themes[0])));
  });
  window.addEventListener("afterprint", () => sheet.replaceChildren());

  const useWorlds = (next) => {
    worlds = next;
    stage.setWorlds(worlds);
  };
  if (!canDecode) say(words.tooOld);
  const ready = canDecode && coarseWorld.then(async (coarse) => {
    useWorlds({ coarse, fine: null });
    document.documentElement.dataset.rangemapWorld = "coarse";
    await nextFrame();
    useWorlds({ coarse, fine: await decodeWorld(packed("50m")) });
    document.documentElement.dataset.rangemapWorld = "fine";
  });

  Object.assign(api, {
    ready,
    map: stage.flat.map,
    second: () => stage.second() && stage.second().map,
    globe: stage.ensureGlobe,
    state: () => store.get(),
    set(patch) {
      store.set(patch);
      render();
    },
    go: (view) => stage.show(view),
    scene: () => scene,
    derived: () => derived,
    address: () => toHash(store.get(), model),
    csv() {
      table.update(store.get(), derived, themeNow());
      return table.csv();
    },
    picture: () => drawPicture(pictureInputs()),
    whatIf: ({ lon, lat, min_km: min = 0, max_km: max }) => model.places.map((place) => {
      const km = distanceKm(lon, lat, place.lon, place.lat);
      return { place_id: place.id, distance_km: km, verdict: min <= km && km <= max ? "inside" : "outside" };
    }),
  });
  return stage.flat.map;
}

/** What other scripts in the page may use; docs/webmap.md documents it. */
const api = {
  start,
  ring: ringVertices,
  band: bandRegion,
  distance_km: distanceKm,
  inverse,
  direct,
};
globalThis.rangemap = api;
