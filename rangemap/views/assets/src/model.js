// The facts of the page as the other modules use them: bands joined with their ranges and sites.

/** The model of a payload: see webmap_data.py for what it holds. */
export function modelOf(payload) {
  const systems = new Map(payload.systems.map((system) => [system.id, system]));
  const bands = payload.bands.map((entry, index) => {
    const range = payload.ranges[entry.range];
    const site = payload.sites[entry.site];
    const system = systems.get(range.system) || null;
    return {
      index,
      site: entry.site,
      range: entry.range,
      coalition: site.coalition,
      kind: range.kind,
      system: range.system,
      system_name: system ? system.name : "",
      label: range.label,
      said_by: range.said_by,
      min_km: range.km[0],
      max_km: range.km[1],
      low_km: range.spread[0],
      high_km: range.spread[1],
      disputed: range.disputed,
      alleged: range.alleged,
      assumed: range.assumed,
      line: range.alleged ? "alleged" : range.disputed ? "disputed" : "published",
      note: range.note,
      inf: system ? system.inf : "treaty",
      inf_headline: system ? system.inf_headline : "",
      years: entry.years || null,
      base: Boolean(entry.base),
      shown: Boolean(entry.shown),
      confidence: range.confidence,
      evidence: range.evidence,
      sources: range.sources,
    };
  });
  const areas = payload.areas.map((area) => ({ ...area, region: regionOf(area.region, payload.scale) }));
  const outlines = new Map(payload.outlines.map((one) => [`${one.coalition}/${one.range}`, {
    count: one.count,
    ...withEdges(regionOf(one.region, payload.scale)),
  }]));
  return {
    ...payload,
    outlines,
    knownDistances: distancesOf(payload),
    sides: payload.sides || firstTwo(payload.coalitions),
    areas,
    bands,
    systemsById: systems,
    bandsOfSite: groupBy(bands, (band) => band.site),
  };
}

// Without a comparison, the first two coalitions are what stands side by side.
function firstTwo(coalitions) {
  if (coalitions.length < 2) return null;
  return coalitions.slice(0, 2).map(({ name, short, color }, index) => ({ name, short, color, coalitions: [index] }));
}

// The file holds lines as whole units: the first point, then the way to each next one.
function lineOf(numbers, scale) {
  const line = [];
  let lon = 0;
  let lat = 0;
  for (let i = 0; i < numbers.length; i += 2) {
    lon += numbers[i];
    lat += numbers[i + 1];
    line.push([lon / scale, lat / scale]);
  }
  return line;
}

const regionOf = ({ loops, belts, inverted }, scale) => ({
  loops: loops.map((line) => lineOf(line, scale)),
  belts: belts.map((line) => lineOf(line, scale)),
  inverted,
});

// Rows of distances from the file, by site: [[site, Float64Array], ...].
function distancesOf({ distances, places }) {
  if (!distances) return [];
  const text = atob(distances.km);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  const all = new Float64Array(bytes.buffer);
  return distances.sites.map((site, row) => [site, all.subarray(row * places.length, (row + 1) * places.length)]);
}

function isClockwise(line) {
  let twice = 0;
  for (let i = 1; i < line.length; i += 1) twice += line[i - 1][0] * line[i][1] - line[i][0] * line[i - 1][1];
  return twice < 0;
}

// A hole of a footprint is wound the other way; its edge is that of a minimum range. All but the
// whole Earth has a maximum for its only edge.
function withEdges(region) {
  const lone = region.inverted && !region.belts.length;
  const inner = lone ? [] : region.loops.filter(isClockwise);
  const outer = region.loops.filter((line) => !inner.includes(line));
  return { region, outer: [...outer, ...region.belts], inner };
}

/** Indexes of records by key, in order. */
export function groupBy(records, keyOf) {
  const groups = new Map();
  for (const record of records) {
    const key = keyOf(record);
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(record);
  }
  return groups;
}

/** Whether a band is there: in a year, or as the scenario has it. */
export function inYear(band, year) {
  if (year === null || !band.years) return band.base;
  return band.years.some(([from, to]) => from <= year && year <= to);
}

/** All sources of a band: of its site and of its range. */
export const sourcesOf = (model, band) => [
  ...new Set([...band.sources, ...model.sites[band.site].sources]),
];

/** The classes of the INF filter that occur, in a fixed order. */
export function infClasses(model) {
  const found = new Set(model.bands.map((band) => band.inf));
  return ["treaty", "covered", "covered-if-party", "open", "not-covered"].filter((key) => found.has(key));
}
