// The views of the page: one flat map, or two side by side, or the globe. All show one view of the
// Earth, {lon, lat, kmPerPixel}, which stands in the state.
import { el, name } from "./dom.js";
import { createFlatMap } from "./flatmap.js";
import { createGlobe } from "./globe.js";
import { sideOf } from "./sides.js";

const START_WIDTH_KM = 14000;
const NARROWEST_PX = 320;
const NEAREST_START_KM = 1.2; // per pixel
const FLAT_LAT = 78; // degrees
const MARGIN_PX = 16;
// Where buttons, scale and credits lie over the globe: no names there.
const BLOCKED = (width, height) => [
  [width - 240, height - 58, width, height], [width - 132, 0, width, 330], [0, height - 30, 440, height],
];

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

// Near a pole the flat map shows what it can: the farthest latitude, at the scale of the equator.
function onFlat(view) {
  if (Math.abs(view.lat) <= FLAT_LAT) return view;
  const shrunk = Math.cos((FLAT_LAT * Math.PI) / 180);
  return { ...view, lat: Math.sign(view.lat) * FLAT_LAT, kmPerPixel: view.kmPerPixel * shrunk };
}

/**
 * The stage in its element. `callbacks` are those of the maps (nameOf gets what is derived too);
 * `onHover(about, point)` is for the globe, `onView(phase)` is told when the view has changed.
 */
export function createStage(stage, id, { model, words, store, still, narrow, online, derived, callbacks, onHover, onView }) {
  const first = document.getElementById(id);
  const otherHolder = el("div", { id: "rm-second", class: "rm-second", hidden: true });
  const globeHolder = el("div", { id: "rm-globe", class: "rm-globe", hidden: true });
  const heads = [0, 1].map((side) => el("h2", { class: `rm-side rm-side-${"ab"[side]}`, hidden: true }));
  stage.append(otherHolder, globeHolder, ...heads);
  let worlds = null;
  let other = null;
  let globe = null;
  let syncing = false;
  let shown = "";
  let views = null;

  const hooks = (of) => ({
    words, still, ...callbacks, nameOf: (symbol) => callbacks.nameOf(symbol, of()),
  });
  const flat = createFlatMap(id, {
    ...hooks(derived), label: words.mapName, onView: (view, phase) => follow(view, phase, "flat"),
  });
  if (online) flat.addTiles(online);

  function follow(view, phase, from) {
    if (syncing) return;
    syncing = true;
    if (from === "flat" && store.get().split && other) other.setView(view, { silent: true });
    if (from === "other") flat.setView(view, { silent: true });
    syncing = false;
    store.set({ view });
    onView(phase);
  }

  function ensureGlobe() {
    if (globe) return globe;
    const { onPick, onBackground, ...rest } = hooks(derived);
    globe = createGlobe(globeHolder, {
      ...rest,
      onPick: (about, at) => onPick(about, at),
      onBackground,
      onHover: (about, _name, point) => onHover(about, point),
      onView: (view, phase) => follow(view, phase, "globe"),
    });
    globe.setHome(homeView());
    globe.setBlocked(BLOCKED);
    if (worlds) globe.setWorlds(worlds);
    return globe;
  }

  function ensureOther() {
    if (other) return;
    const node = el("div", { class: "folium-map" });
    otherHolder.append(node);
    other = createFlatMap(node, {
      ...hooks(() => sideOf(model, derived(), 1)), label: words.mapOf(model.sides[1].name),
      onView: (view, phase) => follow(view, phase, "other"),
    });
    if (worlds) other.setWorlds(worlds);
    if (online) other.addTiles(online);
  }

  const isGlobe = () => store.get().projection === "globe" && globe !== null;

  function homeView() {
    const used = model.sites.filter((_, index) => model.bands.some((band) => band.site === index && band.base));
    const center = model.view.center || middleOf(used);
    const kmPerPixel = (model.view.width_km || START_WIDTH_KM) / Math.max(NARROWEST_PX, flat.map.getSize().x);
    return { lon: center[0], lat: center[1], kmPerPixel: Math.max(kmPerPixel, NEAREST_START_KM) };
  }

  function show(view, animate = false) {
    store.set({ view });
    if (isGlobe()) {
      if (animate && !still) globe.flyTo(view);
      else globe.setView(view);
    } else {
      flat.setView(onFlat(view), { animate });
      if (other && store.get().split) other.setView(onFlat(view), { silent: true });
      if (!animate || still) store.set({ view: flat.view() });
    }
    onView("end");
  }

  function resize() {
    flat.resize();
    if (other && store.get().split) other.resize();
    if (isGlobe()) globe.resize();
  }

  // Puts the views in place that the state asks for.
  function arrange(state) {
    const asGlobe = state.projection === "globe";
    if (asGlobe) ensureGlobe();
    if (state.split) ensureOther();
    const key = `${state.projection}${state.split}`;
    if (shown === key) return;
    shown = key;
    first.hidden = asGlobe;
    globeHolder.hidden = !asGlobe;
    otherHolder.hidden = !state.split;
    stage.classList.toggle("rm-split", state.split);
    for (const head of heads) head.hidden = !state.split;
    flat.map.getContainer().setAttribute("aria-label", state.split ? words.mapOf(model.sides[0].name) : words.mapName);
    resize();
    if (state.view) show(state.view);
  }

  // Why a side shows nothing.
  function emptySide(side) {
    const { name: sideName, coalitions } = model.sides[side];
    const there = derived().available.some((index) => coalitions.includes(model.bands[index].coalition));
    const { year } = store.get();
    return there || year === null ? words.sideOff(sideName) : words.sideNothingIn(sideName, year);
  }

  function countSides() {
    for (const [side, head] of heads.entries()) {
      const counts = new Map();
      for (const { key } of views[side].marks) counts.set(key, (counts.get(key) || 0) + 1);
      const parts = views[side].symbols
        .filter((symbol) => counts.get(symbol.key))
        .map((symbol) => `${symbol.short}: ${counts.get(symbol.key)}`);
      head.replaceChildren(name(model.sides[side].name), el("span", {}, name(parts.join(" · ") || emptySide(side))));
    }
  }

  // What a card is about must not lie under it: the view moves aside.
  function uncover([lon, lat], box) {
    const frame = (isGlobe() ? globe.canvas : flat.map.getContainer()).getBoundingClientRect();
    const at = isGlobe() ? globe.pixelOf([lon, lat]) : flat.pixelOf([lon, lat]);
    if (!at) return;
    const [x, y] = [at[0] + frame.left, at[1] + frame.top];
    const clear = x < box.left - MARGIN_PX || x > box.right + MARGIN_PX || y < box.top - MARGIN_PX || y > box.bottom + MARGIN_PX;
    if (clear) return;
    const by = narrow.matches ? [0, y - box.top + 3 * MARGIN_PX] : [x - box.left + 3 * MARGIN_PX, 0];
    if (!isGlobe()) {
      flat.map.panBy(by, { animate: !still });
      return;
    }
    const center = globe.lonLatOf([frame.width / 2 + by[0], frame.height / 2 + by[1]]);
    if (center) show({ ...store.get().view, lon: center[0], lat: center[1] }, true);
  }

  return {
    flat, resize, show, uncover, homeView, ensureGlobe,
    second: () => other,
    /** What each of two maps shows, side by side; else null. */
    views: () => views,
    size: () => ({ x: stage.clientWidth, y: stage.clientHeight }),
    zoomBy: (steps) => (isGlobe() ? globe : flat).zoomBy(steps),
    redraw: () => {
      for (const one of [flat, other, globe]) if (one) one.redraw();
    },
    setWorlds(next) {
      worlds = next;
      for (const one of [flat, other, globe]) if (one) one.setWorlds(worlds);
    },
    /** The view at the start, from the address or the scenario. */
    start(view) {
      resize();
      store.set({ view: view || homeView() });
      flat.setView(store.get().view, { silent: true });
      // The globe keeps the view that was asked for; the flat map may have to come nearer.
      if (store.get().projection === "map") store.set({ view: flat.view() });
    },
    /** Draw a state; returns the scene of the first view. */
    draw(state, makeScene) {
      arrange(state);
      for (const one of [flat, other, globe]) if (one) one.setTool(state.tool);
      views = state.split ? [0, 1].map((side) => sideOf(model, derived(), side)) : null;
      if (views) {
        const scenes = views.map((view, side) => makeScene(view, model.sides[side].coalitions));
        flat.setScene(scenes[0]);
        other.setScene(scenes[1]);
        countSides();
        return scenes[0];
      }
      const scene = makeScene(derived(), null);
      (isGlobe() ? globe : flat).setScene(scene);
      return scene;
    },
  };
}
