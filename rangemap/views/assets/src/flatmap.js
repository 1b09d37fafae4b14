// The flat map: a scene drawn by Leaflet, on endless copies of the world. Range lines are SVG,
// places and sites are elements for the pointer, land and overlap are canvas tiles.
import { el, name } from "./dom.js";
import { createLabels } from "./labels.js";
import { paintWorld } from "./mercator.js";
import { mercatorRings, paintOverlap } from "./paint.js";
import { viewOf, wrapped, zoomOf } from "./project.js";
import { lineCopies, turnsWithin } from "./copies.js";
import { symbolNode } from "./symbols.js";

const TILE = 512;
const FINE_FROM_ZOOM = 4;
const OVERLAP_PX = 1; // drawn beyond a tile's edge, so that scaled tiles leave no gap
const MAX_ZOOM = 11; // the coast is drawn for 1 : 50 million; nearer, it would only pretend
const MAX_LAT = 85.0511;
const ROUND_DEG = 100; // so far beyond the view, east and west, everything has its copies
const NEAR_DEG = 30; // nearer to the end of them, they are made anew
const HIT_PX = 12;
const FAR_LON = 200;

const PANES = {
  "rm-world": 200, "rm-tiles": 210, "rm-overlap": 340, "rm-fills": 350, "rm-lines": 410, "rm-labels": 560,
  "rm-places": 600, "rm-sites": 620,
};
const QUIET_PANES = ["rm-world", "rm-tiles", "rm-overlap", "rm-fills", "rm-labels"];

// Leaflet rounds to whole pixels, which makes a large ring a staircase.
const unrounded = {
  _projectLatlngs(latlngs, result, bounds) {
    if (!(latlngs[0] instanceof L.LatLng)) {
      latlngs.forEach((part) => this._projectLatlngs(part, result, bounds));
      return;
    }
    const origin = this._map.getPixelOrigin();
    const ring = latlngs.map((latlng) => {
      const point = this._map.project(latlng)._subtract(origin);
      point.x = Math.round(point.x * 10) / 10;
      point.y = Math.round(point.y * 10) / 10;
      bounds.extend(point);
      return point;
    });
    result.push(ring);
  },
};

const latLngs = (line) => line.map(([lon, lat]) => [lat, lon]);

function canvasLayer(pane, paint, options = {}) {
  const Layer = L.GridLayer.extend({
    options: { tileSize: TILE, pane, keepBuffer: 1, updateWhenZooming: false, ...options },
    createTile(coords) {
      const ratio = Math.min(3, (window.devicePixelRatio || 1) * 1.25);
      const tile = document.createElement("canvas");
      tile.width = tile.height = Math.ceil((TILE + OVERLAP_PX) * ratio);
      const context = tile.getContext("2d");
      context.scale(ratio, ratio);
      paint(context, {
        left: coords.x * TILE, top: coords.y * TILE, size: 256 * 2 ** coords.z,
        width: TILE + OVERLAP_PX, height: TILE + OVERLAP_PX, zoom: coords.z, ratio,
      });
      return tile;
    },
    // Leaflet's redraw() takes the zoom as it is; tiles are for whole zooms, or they would lie apart.
    _clampZoom(zoom) {
      return L.GridLayer.prototype._clampZoom.call(this, Math.round(zoom));
    },
    _initTile(tile) {
      L.GridLayer.prototype._initTile.call(this, tile);
      tile.style.width = tile.style.height = `${TILE + OVERLAP_PX}px`;
      // It is painted already: show it now, not after the next frame.
      tile.classList.add("leaflet-tile-loaded");
    },
  });
  return new Layer();
}

/** Draw scenes on a Leaflet map in the element (or id) given. */
export function createFlatMap(container, { words, still, label, tipOf, nameOf, onPick, onDrag, onView, onBackground }) {
  const Area = L.Polygon.extend(unrounded);
  const Line = L.Polyline.extend(unrounded);
  const map = L.map(container, {
    center: [20, 0], zoom: 2, zoomControl: false, zoomSnap: 0.25, zoomDelta: 0.5, maxZoom: MAX_ZOOM,
    wheelPxPerZoomLevel: 100, worldCopyJump: true, maxBoundsViscosity: 1,
    maxBounds: [[-MAX_LAT, -3600], [MAX_LAT, 3600]],
    zoomAnimation: !still, fadeAnimation: false, markerZoomAnimation: !still, inertia: !still,
  });
  map.getContainer().setAttribute("role", "application");
  map.getContainer().setAttribute("aria-label", label || words.mapName);
  map.attributionControl.setPrefix(words.libraries).addAttribution(words.dataCredit);
  for (const [pane, zIndex] of Object.entries(PANES)) map.createPane(pane).style.zIndex = zIndex;
  for (const pane of QUIET_PANES) map.getPane(pane).style.pointerEvents = "none";
  // The svg of a fill's own pane must not catch clicks either.
  map.getPane("rm-fills").classList.add("rm-quiet");

  let scene = null;
  let worlds = null;
  let quiet = 0;
  let span = null; // longitudes in which copies of everything are drawn
  const labels = createLabels(map);
  const world = canvasLayer("rm-world", (context, tile) => {
    paintWorld(context, tile.zoom >= FINE_FROM_ZOOM && worlds.fine ? worlds.fine : worlds.coarse, scene.colors, tile);
  });
  const overlap = canvasLayer("rm-overlap", (context, tile) => {
    if (!scene || !scene.overlap) return;
    const { regions, classes, opacity } = scene.overlap;
    paintOverlap(context, regions.map((region) => mercatorRings(region, tile)), classes,
      { width: tile.width, height: tile.height, ratio: tile.ratio, opacity: 1 });
    // Tiles lie over each other by a pixel, so that the opacity is that of all of them together.
    map.getPane("rm-overlap").style.opacity = opacity;
  });

  // Fills: each union has a pane of its own whose opacity counts for all of it together.
  const fills = new Map();
  function drawFills() {
    const wanted = new Map(scene.fills.map((fill) => [fill.key, fill]));
    for (const [key, drawn] of fills) {
      if (wanted.has(key)) continue;
      drawn.layers.forEach((layer) => layer.remove());
      fills.delete(key);
    }
    for (const [key, fill] of wanted) {
      let drawn = fills.get(key);
      if (!drawn) {
        const id = `rm-fill-${key}`;
        const pane = map.getPane(id) || map.createPane(id, map.getPane("rm-fills"));
        drawn = { pane, renderer: L.svg({ pane: id, padding: 0.3 }), layers: [], regions: [] };
        pane.style.pointerEvents = "none";
        fills.set(key, drawn);
      }
      drawn.pane.style.opacity = fill.opacity;
      const same = drawn.regions.length === fill.regions.length && fill.regions.every((r, i) => r === drawn.regions[i]);
      if (!same || drawn.color !== fill.color || drawn.span !== span) {
        drawn.layers.forEach((layer) => layer.remove());
        drawn.layers = fill.regions.map((region) => new Area(mercatorRings(region, null, span).map(latLngs), {
          renderer: drawn.renderer, smoothFactor: 0, interactive: false, stroke: false, fillColor: fill.color,
          fillOpacity: 1, fillRule: "evenodd",
        }).addTo(map));
        drawn.regions = fill.regions;
        drawn.color = fill.color;
        drawn.span = span;
      }
    }
  }

  const lines = new Map();
  function drawLines() {
    const wanted = new Map(scene.lines.map((line) => [line.key, line]));
    for (const [key, drawn] of lines) {
      const next = wanted.get(key);
      const same = next && drawn.span === span && next.lines === drawn.entry.lines && next.color === drawn.entry.color &&
        next.width === drawn.entry.width && next.opacity === drawn.entry.opacity && `${next.dash}` === `${drawn.entry.dash}`;
      if (same) {
        drawn.entry.about = next.about;
        drawn.entry.text = next.text;
      } else {
        drawn.layers.forEach((layer) => layer.remove());
        lines.delete(key);
      }
    }
    for (const [key, entry] of wanted) {
      if (lines.has(key)) continue;
      const shown = { ...entry };
      const copies = lineCopies(entry.lines, span).map(latLngs);
      const look = { smoothFactor: 0, interactive: false, pane: "rm-lines", color: entry.color, fill: false };
      const layers = [new Line(copies, {
        ...look, weight: entry.width, opacity: entry.opacity, dashArray: entry.dash ? entry.dash.join(" ") : null,
      })];
      if (entry.about) {
        const hit = new Line(copies, { ...look, interactive: true, weight: HIT_PX, opacity: 0, className: "rm-hit" });
        hit.bindTooltip(() => el("span", {}, name(tipOf(shown.about))), { sticky: true, className: "rm-tip" });
        hit.on("click", (event) => {
          L.DomEvent.stopPropagation(event);
          const at = event.latlng.wrap();
          onPick(shown.about, [at.lng, at.lat]);
        });
        layers.push(hit);
      }
      layers.forEach((layer) => layer.addTo(map));
      lines.set(key, { entry: shown, layers, span });
    }
  }

  const markers = new Map();
  function makeCopy(drawn, turn) {
    const { symbol } = drawn;
    const holder = el("span", { class: "rm-symbol" });
    const marker = L.marker([symbol.lat, symbol.lon + 360 * turn], {
      pane: symbol.kind === "place" ? "rm-places" : "rm-sites",
      keyboard: false, // 200 stops of the Tab key help nobody: search, table and n, p lead to each
      interactive: !symbol.quiet,
      icon: L.divIcon({ html: holder, className: `rm-marker rm-${symbol.kind}`, iconSize: [symbol.size, symbol.size] }),
    });
    marker.holder = holder;
    if (!symbol.quiet) {
      marker.on("click", (event) => {
        L.DomEvent.stopPropagation(event);
        onPick(drawn.symbol.about, [drawn.symbol.lon, drawn.symbol.lat]);
      });
      // Most are never pointed at.
      marker.once("mouseover", () => marker.bindTooltip(() => el("span", {}, name(nameOf(drawn.symbol))), {
        direction: "top", offset: [0, -8], className: "rm-tip",
      }).openTooltip());
      const tell = (phase) => () => {
        const at = marker.getLatLng().wrap();
        drawn.dragging = phase === "move";
        onDrag(drawn.symbol.drag, [at.lng, Math.max(-90, Math.min(90, at.lat))], phase);
      };
      marker.on("drag", tell("move"));
      marker.on("dragend", tell("end"));
    }
    marker.addTo(map);
    marker.getElement().setAttribute("aria-hidden", "true");
    return marker;
  }

  function updateCopy(marker, drawn, turn, order) {
    const { symbol } = drawn;
    if (!drawn.dragging) {
      const { lat, lng } = marker.getLatLng();
      if (lat !== symbol.lat || lng !== symbol.lon + 360 * turn) marker.setLatLng([symbol.lat, symbol.lon + 360 * turn]);
    }
    if (marker.look !== symbol.look) {
      marker.holder.replaceChildren(symbolNode(symbol.symbol, symbol.size));
      marker.look = symbol.look;
    }
    if (marker.order !== order) {
      marker.setZIndexOffset(10 * order);
      marker.order = order;
    }
    if (marker.dragging && Boolean(symbol.drag) !== marker.dragging.enabled()) {
      if (symbol.drag) marker.dragging.enable();
      else marker.dragging.disable();
    }
  }

  function drawMarkers() {
    const wanted = new Map(scene.symbols.map((symbol) => [`${symbol.kind}${symbol.index}`, symbol]));
    for (const [key, drawn] of markers) {
      if (wanted.has(key)) continue;
      drawn.copies.forEach((marker) => marker.remove());
      markers.delete(key);
    }
    let order = 0;
    for (const [key, symbol] of wanted) {
      order += 1;
      if (!markers.has(key)) markers.set(key, { symbol, copies: new Map(), dragging: false });
      const drawn = markers.get(key);
      drawn.symbol = symbol;
      const turns = drawn.dragging ? [...drawn.copies.keys()] : turnsWithin(symbol.lon, symbol.lon, span);
      for (const [turn, marker] of drawn.copies) {
        if (turns.includes(turn)) continue;
        marker.remove();
        drawn.copies.delete(turn);
      }
      for (const turn of turns) {
        if (!drawn.copies.has(turn)) drawn.copies.set(turn, makeCopy(drawn, turn));
        updateCopy(drawn.copies.get(turn), drawn, turn, order);
      }
    }
  }

  // Everything has its copies in a span round the view; near its ends, they are made anew.
  function lookAround() {
    const bounds = map.getBounds();
    const [west, east] = [bounds.getWest(), bounds.getEast()];
    if (span && west - NEAR_DEG > span.lo && east + NEAR_DEG < span.hi && span.hi - span.lo < 2 * (east - west) + 4 * ROUND_DEG) {
      return false;
    }
    span = { lo: west - ROUND_DEG, hi: east + ROUND_DEG };
    return true;
  }

  function drawCopies() {
    drawFills();
    drawLines();
    drawMarkers();
  }

  // The world needs its outlines and its colours; returns whether it is new on the map.
  function showWorld() {
    if (!worlds || !scene || map.hasLayer(world)) return false;
    world.addTo(map);
    return true;
  }

  function setScene(next) {
    const before = scene;
    scene = next;
    lookAround();
    if (!before || before.colors !== scene.colors) {
      map.getContainer().style.background = scene.colors.sea;
      if (!showWorld() && map.hasLayer(world)) world.redraw();
    }
    if (scene.overlap) {
      if (!map.hasLayer(overlap)) overlap.addTo(map);
      else if (!before.overlap || before.overlap !== scene.overlap) overlap.redraw();
    } else if (map.hasLayer(overlap)) {
      overlap.remove();
    }
    drawCopies();
    labels.setScene(scene);
  }

  function setWorlds(next) {
    const before = worlds;
    worlds = next;
    if (!before || before.coarse !== worlds.coarse) labels.setNames(worlds.coarse.names);
    if (!showWorld() && map.hasLayer(world) && (!before || Math.round(map.getZoom()) >= FINE_FROM_ZOOM)) world.redraw();
  }

  const view = () => {
    const center = map.getCenter().wrap();
    return viewOf(map.getZoom(), center.lng, center.lat);
  };

  /** The world always fills the view, so that three copies of a marker are enough. */
  function resize() {
    map.invalidateSize({ animate: false });
    const { x, y } = map.getSize();
    const least = Math.log2(Math.max(x * 0.9, y, 256) / 256);
    quiet += 1;
    map.setMinZoom(Math.min(6, Math.ceil(least * 4) / 4));
    quiet -= 1;
  }

  function setView(next, { animate = false, silent = false } = {}) {
    const zoom = Math.max(map.getMinZoom(), Math.min(MAX_ZOOM, zoomOf(next)));
    quiet += silent ? 1 : 0;
    if (animate && !still) map.flyTo([next.lat, next.lon], zoom, { duration: 0.6 });
    else map.setView([next.lat, next.lon], zoom, { animate: false });
    quiet -= silent ? 1 : 0;
  }

  map.on("move zoom", () => {
    if (scene && lookAround()) drawCopies();
    if (quiet === 0) onView(view(), "move");
  });
  map.on("moveend", () => {
    // However far one goes, east or west: what is drawn round the first world is always near.
    const { lng, lat } = map.getCenter();
    if (Math.abs(lng) > FAR_LON) {
      map.setView([lat, lng - 360 * Math.round(lng / 360)], map.getZoom(), { animate: false });
      return;
    }
    if (quiet === 0) onView(view(), "end");
  });
  map.on("click", (event) => {
    const at = event.latlng.wrap();
    onBackground([at.lng, Math.max(-90, Math.min(90, at.lat))]);
  });

  /** Tiles of a server over the bundled world: only if the file was made so. */
  function addTiles({ url, attribution }) {
    // Leaflet takes a credit for markup.
    const credit = attribution.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
    L.tileLayer(url, { pane: "rm-tiles", attribution: credit, maxZoom: MAX_ZOOM, referrerPolicy: "no-referrer" }).addTo(map);
  }

  return {
    map, addTiles, setScene, setWorlds, setView, view, resize,
    zoomBy: (steps) => map.setZoom(map.getZoom() + steps, { animate: !still }),
    pixelOf([lon, lat]) {
      const { lng } = map.getCenter();
      const { x, y } = map.latLngToContainerPoint([lat, lng + wrapped(lon - lng)]);
      return [x, y];
    },
    setTool: (tool) => map.getContainer().classList.toggle("rm-aiming", Boolean(tool)),
    redraw: () => {
      if (map.hasLayer(world)) world.redraw();
      labels.update();
    },
  };
}
