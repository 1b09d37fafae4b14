// The scene that every renderer draws: fills, lines and symbols as plain data (see the top of
// each field below). What has not changed is the same object as before, so that a renderer can
// leave it alone.
import { geodesicLine, MAX_DISTANCE_KM } from "./geodesy.js";
import { groupBy } from "./model.js";
import { bandRegion } from "./rings.js";
import { mixed, overlapClasses } from "./theme.js";
import { ownSymbol, placeSymbol, selectedMark, siteSymbol } from "./symbols.js";
import { unionLines } from "./union.js";
import { coalitionOf } from "./derive.js";

export const DASH = {
  inner: [7, 5],
  disputed: [12, 4, 2, 4],
  alleged: [2, 5],
  edge: [1, 4],
  own: [9, 3],
  measure: [4, 4],
};
const TOLERANCE_M = 100; // of a drawn ring at the least; farther away, a twentieth of a pixel
const COARSEST_M = 800;
const START_M = 400; // outlines of the file are as good as this
const TOLERANCE_OF_KM_PER_PIXEL = 50; // m
const EDGE_TOLERANCE_M = 1000;
const OVERLAP_OPACITY = 0.82;
const KEPT = 600; // geometries remembered

/** A small memory of the last results by key. */
function memory(limit = KEPT) {
  const kept = new Map();
  return (key, make) => {
    if (kept.has(key)) {
      const value = kept.get(key);
      kept.delete(key);
      kept.set(key, value);
      return value;
    }
    const value = make();
    kept.set(key, value);
    if (kept.size > limit) kept.delete(kept.keys().next().value);
    return value;
  };
}

/** How far drawn rings may stray in a view, m: in steps of two, so that it seldom changes. */
export function toleranceOf(view) {
  const steps = view ? 2 ** Math.floor(Math.log2(view.kmPerPixel)) : 1;
  return Math.max(TOLERANCE_M, Math.min(COARSEST_M, TOLERANCE_OF_KM_PER_PIXEL * steps));
}

/** Return a function that makes the scene of a state. */
export function createScenes(model, words, format) {
  const remember = memory();

  let tolerance = TOLERANCE_M;
  const regionOf = (lon, lat, min, max) =>
    remember(`r${tolerance}:${lon},${lat},${min},${max}`, () => bandRegion(lon, lat, min, max, tolerance));
  const unionOf = (members, tolerance) => {
    const key = members.map(({ lon, lat, minKm, maxKm }) => `${lon},${lat},${minKm},${maxKm}`).join("|");
    return remember(`u${tolerance}:${key}`, () => unionLines(members, tolerance));
  };

  // What the file brings for the view at the start: all sites of a range, where they are.
  function startOutline(bands, { moved, dragged }) {
    if (tolerance < START_M || dragged !== null) return null;
    const given = model.outlines.get(`${bands[0].coalition}/${bands[0].range}`);
    const whole = given && given.count === bands.length && bands.every((band) => band.base && band.shown && !moved.has(band.site));
    return whole ? given : null;
  }

  // Everything about one coalition's bands of one range.
  function groupsOf(bands) {
    return [...groupBy(bands, (band) => `${band.coalition}/${band.range}`).values()];
  }

  return (state, derived, theme, only = null) => {
    tolerance = toleranceOf(state.view);
    const look = { halo: theme.halo, paper: theme.paper };
    const colorOf = (coalition) => theme.of(model.coalitions[coalition].color);
    const active = derived.active
      .map((index) => model.bands[index])
      .filter((band) => !only || only.includes(band.coalition));
    const at = (band) => derived.positionOf(band.site);
    const memberOf = (band) => {
      const [lon, lat] = at(band);
      return { lon, lat, minKm: band.min_km, maxKm: band.max_km };
    };
    const regionOfBand = (band) => regionOf(...at(band), band.min_km, band.max_km);
    const focus = coalitionOf(derived.mode);
    const overlap = state.draw === "overlap";
    const lines = [];
    const fills = [];

    function addLines(key, found, base, about) {
      if (found.outer.length) {
        lines.push({ ...base, key: `${key}o`, lines: found.outer, about, dash: DASH[base.kind] || null });
      }
      if (found.inner.length) {
        lines.push({
          ...base, key: `${key}i`, lines: found.inner, about, text: "", width: Math.min(base.width, 1.5),
          dash: DASH[base.kind] || DASH.inner,
        });
      }
    }

    const groups = groupsOf(active);
    for (const bands of groups) {
      const [first] = bands;
      const { coalition } = first;
      const color = colorOf(coalition);
      const treaty = first.kind === "treaty";
      const faint = overlap ? 0.35 : 1;
      if (state.draw === "union") {
        const single = bands.length === 1;
        // A site that is being dragged has rings of its own until it is let go: one union less a step.
        const rest = bands.filter((band) => band.site !== state.dragged);
        for (const band of bands) {
          if (band.site !== state.dragged) continue;
          addLines(`d${band.index}`, regionOfBand(band),
            { color, kind: first.line, width: 1.8, opacity: 0.9, strong: false, rank: 1, text: "" }, null);
        }
        addLines(
          `g${coalition}.${first.range}`,
          startOutline(rest, state) || unionOf(rest.map(memberOf), tolerance),
          {
            color, kind: first.line, width: treaty ? 2.4 : 1.5, opacity: treaty ? 0.95 : 0.85, strong: treaty,
            rank: treaty ? 0 : 2,
            text: treaty
              ? `${single ? model.sites[first.site].name : model.coalitions[coalition].short}, ${format.distance(first.max_km)}`
              : first.label,
          },
          { kind: "group", bands: bands.map((band) => band.index) },
        );
      } else {
        for (const band of bands) {
          const region = regionOfBand(band);
          addLines(
            `b${band.index}`,
            region,
            {
              color, kind: band.line, width: treaty ? 1.6 : 1.3, opacity: (treaty ? 0.9 : 0.8) * faint, strong: false,
              rank: treaty ? 1 : 2,
              text: overlap ? "" : treaty ? `${model.sites[band.site].name}, ${format.distance(band.max_km)}` : band.label,
            },
            // A click counts what covers the place; lines are only in the way.
            overlap ? null : { kind: "band", index: band.index },
          );
        }
      }
      if (state.edges && !overlap) {
        for (const radius of edgesOf(bands)) {
          const still = bands.filter((band) => band.site !== state.dragged);
          const found = unionOf(still.map((band) => ({ ...memberOf(band), minKm: 0, maxKm: radius })), EDGE_TOLERANCE_M);
          lines.push({
            key: `e${coalition}.${first.range}.${radius}`, lines: found.outer, color, width: 1, dash: DASH.edge, opacity: 0.7,
            text: "", strong: false, rank: 3, about: null,
          });
        }
      }
    }

    if (!overlap) {
      for (const [coalition, bands] of groupBy(active, (band) => band.coalition)) {
        const treaty = bands.filter((band) => band.kind === "treaty");
        const used = treaty.length ? treaty : bands;
        const opacity = focus === null ? (derived.mode === "own" ? 0.04 : 0.08) : focus === coalition ? 0.13 : 0;
        if (opacity > 0) {
          const regions = groupsOf(used).flatMap((many) => {
            const given = startOutline(many, state);
            return given ? [given.region] : many.map((band) => regionOfBand(band).region);
          });
          fills.push({ key: `f${coalition}`, color: colorOf(coalition), opacity, regions });
        }
      }
    }
    for (const point of state.own) {
      const region = regionOf(point.lon, point.lat, point.min, point.max);
      addLines(
        `w${point.id}`, region,
        { color: theme.own, kind: "own", width: 2.4, opacity: 1, strong: true, rank: -1,
          text: `${words.pointName(point.id)}, ${format.distance(point.max)}` },
        { kind: "own", id: point.id },
      );
      fills.push({ key: `w${point.id}`, color: theme.own, opacity: 0.1, regions: [region.region] });
    }
    for (const [index, area] of model.areas.entries()) {
      const color = theme.of(area.color);
      lines.push({ key: `a${index}`, lines: [...area.region.loops, ...area.region.belts], color, width: 1.6, dash: null,
        opacity: 0.95, text: area.name, strong: false, rank: 2, about: { kind: "area", index } });
      fills.push({ key: `a${index}`, color, opacity: 0.16, regions: [area.region] });
    }
    addMeasure(state, lines, theme, format);
    addSelected(state, derived, lines, theme, only);

    return {
      colors: theme,
      fills,
      overlap: overlap ? overlapOf(state, active, regionOfBand, theme, words) : null,
      lines: lines.sort((a, b) => a.rank - b.rank),
      symbols: symbolsOf(state, derived, theme, look, active, only),
    };
  };

  function overlapOf(state, active, regionOfBand, theme) {
    const regions = [
      ...active.map((band) => regionOfBand(band).region),
      ...state.own.map((point) => regionOf(point.lon, point.lat, point.min, point.max).region),
    ];
    const classes = overlapClasses(Math.max(1, regions.length), theme.dark).map((one) => ({
      ...one,
      label: words.overlapCount(one.from, one.to),
      shown: mixed(one.color, theme.land, OVERLAP_OPACITY),
    }));
    return { regions, classes, opacity: OVERLAP_OPACITY, lead: state.own.length ? words.overlapOwn : words.overlapLead };
  }

  function addMeasure(state, lines, theme) {
    if (state.measure.length !== 2) return;
    const [a, b] = state.measure;
    const line = remember(`m${a}|${b}`, () => geodesicLine(...a, ...b));
    lines.push({ key: "measure", lines: [line], color: theme.ink, width: 2, dash: DASH.measure, opacity: 1,
      text: format.exact(a, b), strong: true, rank: -2, about: { kind: "measure" } });
  }

  // From a selected place to the nearest site of each coalition; from a site nothing.
  function addSelected(state, derived, lines, theme, only) {
    const { selected } = state;
    if (!selected || selected.kind !== "place") return;
    const place = model.places[selected.index];
    for (const coalition of model.coalitions.keys()) {
      if (only && !only.includes(coalition)) continue;
      if (coalitionOf(derived.mode) !== null && coalitionOf(derived.mode) !== coalition) continue;
      const row = derived.rowsOf(coalition)[selected.index];
      if (!row || row.own || row.nearestSite === null) continue;
      const [lon, lat] = derived.positionOf(row.nearestSite);
      const line = remember(`s${lon},${lat},${place.lon},${place.lat}`, () => geodesicLine(place.lon, place.lat, lon, lat));
      lines.push({ key: `s${coalition}`, lines: [line], color: theme.ink, width: 1.2, dash: [2, 3], opacity: 0.8,
        text: format.distance(row.nearestKm), strong: false, rank: -1, about: null });
    }
  }

  function symbolsOf(state, derived, theme, look, active, only) {
    const symbols = [];
    const bySymbol = new Map(derived.symbols.map((symbol, index) => [symbol.key, { symbol, index }]));
    model.places.forEach((place, index) => {
      const { key, marginal } = derived.marks[index];
      if (state.hidden.has(key)) return;
      const found = bySymbol.get(key);
      const shape = found ? (marginal ? "half" : found.symbol.shape) : "ring";
      const color = theme.of(found ? found.symbol.color : "#5f6b76");
      symbols.push({
        kind: "place", index, lon: place.lon, lat: place.lat, name: place.name, size: 16,
        look: `${shape}${color}`, symbol: remember(`ps${shape}${color}${theme.dark}`, () => placeSymbol(shape, color, look)),
        // What comes first in the legend lies on top; among equals, the larger city.
        rank: (found ? derived.symbols.length - found.index : 0) + Math.min(0.9, (place.population || 0) / 4e7),
        about: { kind: "place", index },
      });
    });
    const sites = new Set(active.map((band) => band.site));
    for (const index of sites) {
      const site = model.sites[index];
      if (only && !only.includes(site.coalition)) continue;
      const [lon, lat] = derived.positionOf(index);
      const moved = state.moved.has(index);
      const color = theme.of(model.coalitions[site.coalition].color);
      const mark = moved ? "dashed" : site.mark;
      symbols.push({
        kind: "site", index, lon, lat, name: site.name, size: 16, rank: 20, moved,
        look: `site${site.coalition}${color}${mark}`,
        symbol: remember(`ss${site.coalition}${color}${mark}${theme.dark}`, () => siteSymbol(site.coalition, color, mark, look)),
        drag: state.dragSites || moved ? `site:${index}` : null,
        about: { kind: "site", index },
      });
    }
    for (const point of state.own) {
      symbols.push({
        kind: "own", index: point.id, lon: point.lon, lat: point.lat, name: words.pointName(point.id), size: 20, rank: 30,
        look: `own${theme.own}`, symbol: remember(`os${theme.own}`, () => ownSymbol(theme.own, look)),
        drag: `own:${point.id}`, about: { kind: "own", id: point.id },
      });
    }
    const chosen = positionOfSelected(state, derived);
    if (chosen) {
      symbols.push({
        kind: "mark", index: 0, lon: chosen[0], lat: chosen[1], name: "", size: 26, rank: 31, about: null, quiet: true,
        look: `mark${theme.ink}`, symbol: remember(`ms${theme.ink}`, () => selectedMark(theme.ink, look)),
      });
    }
    for (const [index, [lon, lat]] of state.measure.entries()) {
      symbols.push({ kind: "measure", index, lon, lat, name: "", size: 12, rank: 32, quiet: true, about: null,
        look: `m${theme.ink}`, symbol: remember(`mm${theme.ink}`, () => placeSymbol("ring", theme.ink, look)) });
    }
    return symbols.sort((a, b) => a.rank - b.rank);
  }

  function positionOfSelected(state, derived) {
    const { selected } = state;
    if (!selected) return null;
    if (selected.kind === "place") return [model.places[selected.index].lon, model.places[selected.index].lat];
    if (selected.kind === "site") return derived.positionOf(selected.index);
    if (selected.kind === "point") return [selected.lon, selected.lat];
    return null;
  }
}

/** The lowest and the highest range of a group where they are not the drawn one, km. */
function edgesOf(bands) {
  const drawn = bands[0].max_km;
  const low = Math.min(...bands.map((band) => band.low_km));
  const high = Math.max(...bands.map((band) => band.high_km));
  return [...new Set([low, high])].filter((radius) => radius !== drawn && radius > 0 && radius <= MAX_DISTANCE_KM);
}
