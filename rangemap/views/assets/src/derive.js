// What follows from the model and the state: which bands count, and what that means for places.
import { inYear } from "./model.js";
import { category, Distances, placeRow } from "./verdicts.js";
import { distanceKm } from "./geodesy.js";

const OWN_SYMBOLS = {
  inside: { key: "inside", color: "#c2185b", shape: "circle" },
  outside: { key: "outside", color: "#5f6b76", shape: "ring" },
};

/** "c3" is coalition 3; other modes have none. */
export const coalitionOf = (mode) => (/^c\d+$/.test(mode || "") ? Number(mode.slice(1)) : null);

/** Return a function of the state; results are kept as long as what they rest on is the same. */
export function createDeriver(model, words) {
  const distances = new Distances(model);
  const memo = new Map();
  let movedBefore = new Map();

  function remember(name, inputs, make) {
    const kept = memo.get(name);
    if (kept && kept.inputs.every((value, index) => value === inputs[index])) return kept.value;
    const value = make();
    memo.set(name, { inputs, value });
    return value;
  }

  function moveSites(moved) {
    if (moved === movedBefore) return;
    for (const site of movedBefore.keys()) if (!moved.has(site)) distances.reset(site);
    for (const [site, [lon, lat]] of moved) {
      if (movedBefore.get(site) !== moved.get(site)) distances.moved(site, lon, lat);
    }
    movedBefore = moved;
  }

  // What is to be said where a verdict would mislead, because nothing or only one side is there.
  function troubleOf({ year }, available, active, mode) {
    if (mode === "own" || !model.bands.length) return "";
    if (!available.length && year !== null) return words.nothingIn(year);
    if (!active.length) return words.allOff;
    if (mode !== "comparison") return "";
    const launching = new Set(active.filter((index) => model.bands[index].kind === "treaty").map((index) => model.bands[index].coalition));
    const empty = model.sides.find((side) => !side.coalitions.some((coalition) => launching.has(coalition)));
    return empty ? words.sideOff(empty.name) : "";
  }

  const positionOf = (state) => (site) => {
    const moved = state.moved.get(site);
    return moved || [model.sites[site].lon, model.sites[site].lat];
  };

  return (state) => {
    moveSites(state.moved);
    const { year, infOff, on, own, moved } = state;
    const available = remember("available", [year, infOff], () =>
      model.bands.filter((band) => inYear(band, year) && !infOff.has(band.inf)).map((band) => band.index));
    const active = remember("active", [available, on], () => available.filter((index) => on.has(index)));
    const modes = remember("modes", [available], () => {
      const launching = new Set(available.map((index) => model.bands[index].coalition));
      const sided = model.sides && model.sides.every((side) => side.coalitions.some((c) => launching.has(c)));
      return [
        ...(model.comparison && sided ? ["comparison"] : []),
        ...model.coalitions.flatMap((_, index) => (launching.has(index) ? [`c${index}`] : [])),
      ];
    });
    const allModes = own.length ? [...modes, "own"] : modes;
    const mode = allModes.includes(state.mode) ? state.mode : allModes[0] || null;
    const rowsOf = (coalition) =>
      remember(`rows${coalition}`, [active, moved, year], () =>
        model.places.map((_, place) => placeRow(model, distances, coalition, place, active, year)));
    const categories = () =>
      remember("categories", [active, moved, year], () =>
        model.places.map((_, place) => category(model, distances, model.sides, place, active, year)));
    const ownRows = () =>
      remember("own", [own], () =>
        model.places.map((place) => {
          const each = own.map((point, index) => {
            const km = distanceKm(point.lon, point.lat, place.lon, place.lat);
            const toInner = point.min > 0 ? km - point.min : Infinity;
            return { index, km, marginKm: Math.min(toInner, point.max - km), inside: point.min <= km && km <= point.max };
          });
          each.sort((a, b) => a.km - b.km);
          return { each, inside: each.filter((one) => one.inside), nearest: each[0] };
        }));
    const zoned = (coalition) =>
      active.some((index) => model.bands[index].coalition === coalition && model.bands[index].kind === "treaty");

    const symbols = remember("symbols", [mode, active], () => {
      if (mode === "comparison") return model.comparison.symbols;
      if (mode === "own") {
        return [
          { ...OWN_SYMBOLS.inside, label: words.ownInside, short: words.ownShortInside },
          { ...OWN_SYMBOLS.outside, label: words.ownOutside, short: words.ownShortOutside },
        ];
      }
      const coalition = coalitionOf(mode);
      if (coalition === null) return [];
      return zoned(coalition) ? model.symbols.zones : model.symbols.verdicts;
    });

    // Key of the symbol of each place and whether it is marginal.
    const marks = remember("marks", [mode, active, moved, year, own, symbols], () => {
      // Where nothing is switched on, nothing is "neither" or "outside".
      if (!active.length && mode !== "own") return model.places.map(() => ({ key: "", marginal: false }));
      if (mode === "comparison") {
        return categories().map((found) => ({ key: found.category, marginal: found.marginal }));
      }
      if (mode === "own") {
        return ownRows().map((row) => ({ key: row.inside.length ? "inside" : "outside", marginal: false }));
      }
      const coalition = coalitionOf(mode);
      if (coalition === null) return model.places.map(() => ({ key: "", marginal: false }));
      return rowsOf(coalition).map((row) => {
        if (!row) return { key: "", marginal: false };
        if (row.own) return { key: "own-side", marginal: false };
        return { key: row.zone || row.verdict, marginal: Boolean(row.zone) && row.zoneMarginal };
      });
    });
    const counts = remember("counts", [marks], () => {
      const found = new Map();
      for (const { key } of marks) found.set(key, (found.get(key) || 0) + 1);
      return { of: found, marginal: marks.filter((mark) => mark.marginal).length };
    });
    return {
      available, active, modes: allModes, mode, symbols, marks, counts, rowsOf, categories, ownRows,
      distances,
      positionOf: positionOf(state),
      isWhatIf: own.length > 0 || moved.size > 0,
      trouble: troubleOf(state, available, active, mode),
    };
  };
}
