// Names on the flat map. What does not fit is left out, never pushed away.
import { el, name } from "./dom.js";
import { lineCopies } from "./copies.js";

const HEIGHT = 15;
const GAP = 9; // from the centre of a symbol to its name
const PIXELS_PER_RING_LABEL = 60000; // on a phone only the first few fit
const SAMPLES = 60;
const SITE_NAMES_FROM_ZOOM = 4.5;
const COUNTRY_HEIGHT = 14;

const measure = (() => {
  const known = new Map();
  let context = null;
  return (text, font) => {
    const key = font + text;
    if (!known.has(key)) {
      context = context || document.createElement("canvas").getContext("2d");
      context.font = font;
      known.set(key, Math.ceil(context.measureText(text).width) + 4);
    }
    return known.get(key);
  };
})();

const overlaps = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

/** Labels of a Leaflet map: `setScene`, `setNames` (countries), `update`. */
export function createLabels(map) {
  const pane = map.getPane("rm-labels");
  let scene = null;
  let names = [];

  let family = "";
  const font = (weight) => {
    family = family || getComputedStyle(pane).fontFamily;
    return `${weight} 12px ${family}`;
  };

  function put(text, box, className, color) {
    const node = el("div", { class: `rm-label ${className}`, "aria-hidden": "true" }, name(text));
    L.DomUtil.setPosition(node, map.containerPointToLayerPoint([box[0], box[1]]).round());
    node.style.width = `${box[2] - box[0]}px`;
    if (color) node.style.color = color;
    pane.append(node);
  }

  const pixel = (lon, lat) => map.latLngToContainerPoint([lat, lon]);

  function inView(items, size) {
    return items.flatMap((item) =>
      [-360, 0, 360].map((shift) => ({ item, at: pixel(item.lon + shift, item.lat) })),
    ).filter(({ at }) => at.x > 0 && at.y > 0 && at.x < size.x && at.y < size.y);
  }

  // Along a line, the places in view, from the foot of the map upwards.
  function candidates(line, size) {
    const inside = [];
    let before = null;
    for (const [lon, lat] of line) {
      const at = pixel(lon, lat);
      if (before && before.distanceTo(at) < 6) continue;
      before = at;
      if (at.x > 60 && at.y > 20 && at.x < size.x - 60 && at.y < size.y - 30) inside.push(at);
    }
    const step = Math.max(1, Math.floor(inside.length / SAMPLES));
    return inside.filter((_, index) => index % step === 0).sort((a, b) => b.y - a.y);
  }

  function update() {
    pane.replaceChildren();
    if (!scene) return;
    const size = map.getSize();
    const symbols = scene.symbols.filter((symbol) => !symbol.quiet);
    const seen = inView(symbols, size);
    // The corner of the scale and the credits, and the column of buttons.
    const corners = [[size.x - 240, size.y - 58, size.x, size.y], [size.x - 132, 0, size.x, 330]];
    const taken = corners.concat(seen.map(({ at }) => [at.x - 7, at.y - 7, at.x + 7, at.y + 7]));
    const free = (box) =>
      box[0] > 2 && box[1] > 2 && box[2] < size.x - 2 && box[3] < size.y - 2 &&
      !taken.some((other) => overlaps(box, other));

    const bounds = map.getBounds();
    let rings = 0;
    for (const { text, color, lines, strong } of scene.lines) {
      if (!text) continue;
      if (rings >= Math.max(2, (size.x * size.y) / PIXELS_PER_RING_LABEL)) break;
      const width = measure(text, font(600));
      const spot = lineCopies(lines, { lo: bounds.getWest(), hi: bounds.getEast() })
        .flatMap((line) => candidates(line, size))
        .map((at) => [at.x - width / 2, at.y - HEIGHT / 2, at.x + width / 2, at.y + HEIGHT / 2])
        .find(free);
      if (spot) {
        taken.push([spot[0] - 4, spot[1] - 4, spot[2] + 4, spot[3] + 4]);
        put(text, spot, strong ? "rm-ring-label rm-strong" : "rm-ring-label", color);
        rings += 1;
      }
    }

    const zoom = map.getZoom();
    const named = seen
      .filter(({ item }) => item.kind === "place" || item.kind === "own" || zoom >= SITE_NAMES_FROM_ZOOM)
      .sort((a, b) => (b.item.kind === "own") - (a.item.kind === "own") || order(b.item) - order(a.item));
    for (const { item, at } of named) {
      const width = measure(item.name, font(400));
      const spot = [
        [at.x + GAP, at.y - HEIGHT / 2],
        [at.x - GAP - width, at.y - HEIGHT / 2],
        [at.x - width / 2, at.y - GAP - HEIGHT],
        [at.x - width / 2, at.y + GAP],
      ].map(([x, y]) => [x, y, x + width, y + HEIGHT]).find(free);
      if (spot) {
        taken.push(spot);
        put(item.name, spot, item.kind === "place" ? "rm-name" : "rm-site-name", null);
      }
    }

    for (const { item, at } of inView(names.filter((country) => country.zoom <= zoom), size)) {
      const width = measure(item.name, font(400)) * 1.12;
      const box = [at.x - width / 2, at.y - COUNTRY_HEIGHT / 2, at.x + width / 2, at.y + COUNTRY_HEIGHT / 2];
      if (!free(box)) continue;
      taken.push(box);
      put(item.name, box, "rm-country", null);
    }
  }

  // Sites come after places.
  const order = (item) => (item.kind === "place" ? item.rank : item.rank - 100);

  let due = 0;
  const later = () => {
    cancelAnimationFrame(due);
    due = requestAnimationFrame(update);
  };
  map.on("moveend zoomend resize", later);
  map.on("zoomstart", () => pane.replaceChildren());
  return {
    update: later,
    setScene(next) {
      scene = next;
      later();
    },
    setNames(next) {
      names = [...next].sort((a, b) => a.zoom - b.zoom);
      later();
    },
  };
}
