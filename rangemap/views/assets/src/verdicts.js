// Who is in range of what, by the rules of rangemap.analysis (coverage.py, uncertain.py, comparison.py).
//
// A place is inside a band if it is in range under every range estimate and from anywhere within the site's
// precision, outside if under none and from nowhere, else marginal. Zones and categories of the treaty's
// bands go by the published point and are flagged marginal where they hang on the precision.
import { distanceKm } from "./geodesy.js";

export const INSIDE = "inside";
export const MARGINAL = "marginal";
export const OUTSIDE = "outside";
export const ZONES = ["within-500", "banned-band-only", "beyond-5500"];
/** What a marginal verdict may hang on, in the order in which reasons are named. */
export const REASONS = ["range", "position", "sayer"];

const LEAST_KM = 1e-9; // the narrowest band that can be asked for
const LEAST_REACH_KM = 1e-6;
const UNSURE = 2; // of `certainty`

/** Distances between the sites and the places of a model, each site's worked out when first asked for. */
export class Distances {
  constructor(model) {
    this.model = model;
    this.published = new Map(model.knownDistances);
    this.elsewhere = new Map();
  }

  /** The geodesic distance from a site, wherever it stands, to a place, km. */
  km(siteIndex, placeIndex) {
    return this.row(siteIndex)[placeIndex];
  }

  /** Distances of all places from a site, km. */
  row(siteIndex) {
    const moved = this.elsewhere.get(siteIndex);
    if (moved) return moved;
    let row = this.published.get(siteIndex);
    if (!row) {
      const { lon, lat } = this.model.sites[siteIndex];
      row = this.from(lon, lat);
      this.published.set(siteIndex, row);
    }
    return row;
  }

  /** Let a site stand elsewhere. */
  moved(siteIndex, lon, lat) {
    this.elsewhere.set(siteIndex, this.from(lon, lat));
  }

  /** Put a site back to where it is published to be. */
  reset(siteIndex) {
    this.elsewhere.delete(siteIndex);
  }

  from(lon, lat) {
    return Float64Array.from(this.model.places, (place) => distanceKm(lon, lat, place.lon, place.lat));
  }
}

// ---- one band

// Where no maximum is published, none is known to be reached, not even at the site itself.
const lowest = (band) => (band.assumed ? -1 : band.low_km);

/** 1 if in range whatever is true, 0 if not whatever is, else UNSURE. */
function certainty(km, min, least, most, precision) {
  const near = km - precision;
  const far = km + precision;
  if (far <= least && (min <= 0 || near >= min)) return 1;
  return near > most || (min > 0 && far < min) ? 0 : UNSURE;
}

const VERDICT_OF = [OUTSIDE, INSIDE, MARGINAL];

function hangsOnOf(km, band, precision) {
  const byRange = certainty(km, band.min_km, lowest(band), band.high_km, 0) === UNSURE;
  const byPosition = certainty(km, band.min_km, band.max_km, band.max_km, precision) === UNSURE;
  if (byRange === byPosition) return ["range", "position"];
  return [byRange ? "range" : "position"];
}

const marginOf = (km, band) =>
  Math.min(band.min_km > 0 ? km - band.min_km : Infinity, band.max_km - km);

/**
 * The verdict of one band at a distance from its site's published point.
 * @returns {{verdict: string, hangsOn: string[], marginKm: number, inDrawn: boolean}} `hangsOn` is empty
 *   unless marginal; `marginKm` is the way to the nearest edge of the drawn band, negative outside
 */
export function bandVerdict(km, band, precisionKm) {
  const found = certainty(km, band.min_km, lowest(band), band.high_km, precisionKm);
  return {
    verdict: VERDICT_OF[found],
    hangsOn: found === UNSURE ? hangsOnOf(km, band, precisionKm) : [],
    marginKm: marginOf(km, band),
    inDrawn: band.min_km <= km && km <= band.max_km,
  };
}

// ---- the bands of a coalition, put in order once for all places

const plans = new WeakMap();

/** The active bands of each coalition; kept for as long as the list of indexes, which must not be changed. */
function planOf(model, activeBandIndexes) {
  let plan = plans.get(activeBandIndexes);
  if (!plan || plan.model !== model) {
    const byCoalition = model.coalitions.map(() => []);
    for (const index of activeBandIndexes) {
      const site = model.sites[model.bands[index].site];
      byCoalition[site.coalition].push(entryOf(model.bands[index], index, site));
    }
    plan = { model, coalitions: byCoalition.map(coalitionPlan) };
    plans.set(activeBandIndexes, plan);
  }
  return plan;
}

function entryOf(band, index, site) {
  const precision = site.precision_km;
  const { min_km: min, max_km: max, high_km: high } = band;
  const surelyTo = lowest(band) - precision;
  const surelyFrom = min > 0 ? min + precision : 0;
  const mayFrom = Math.max(min - precision, 0);
  return {
    index, band, site: band.site, precision,
    treaty: band.kind === "treaty",
    // Of the whole spread between sources.
    any: surelyFrom + LEAST_KM < surelyTo, surelyFrom, surelyTo,
    mayFrom, mayTo: Math.max(high + precision, mayFrom + LEAST_KM),
    // Of the drawn band.
    min, max,
    drawnFrom: min > 0 ? Math.max(min + precision, 0) : 0, drawnTo: max - precision,
    reachFrom: min > 0 ? Math.max(min - precision, 0) : 0, reachTo: max + precision,
  };
}

function coalitionPlan(entries) {
  const sites = [...new Set(entries.map((entry) => entry.site))];
  const treaty = entries.filter((entry) => entry.treaty);
  const questions = new Map();
  for (const entry of entries) {
    if (entry.treaty) continue;
    const { band, index, site } = entry;
    // What several sides say of one system at one site is one question.
    const key = band.disputed ? `${site}/of ${band.system}` : `${site}/band ${index}`;
    if (!questions.has(key)) questions.set(key, { system: band.system, entries: [], contested: false });
    const question = questions.get(key);
    question.entries.push(entry);
    question.contested = question.contested || Boolean(band.alleged);
  }
  return { entries, sites, treaty, questions: [...questions.values()] };
}

// ---- zones of the treaty's bands

/** The zone of a place if every site were `nearer` (1, -1 or 0) by its precision. */
function zoneOf(treaty, distances, place, nearer) {
  let reached = false;
  for (const { site, precision, min, max } of treaty) {
    const km = distances.km(site, place);
    const inner = min + nearer * precision;
    if (min > 0 && inner > 0 && km < inner) return 0;
    reached = reached || km <= Math.max(max + nearer * precision, LEAST_REACH_KM);
  }
  return reached ? 1 : 2;
}

/** How many sites have a place in the band and under it; whether one surely, or possibly, has it there. */
function treatyCounts(treaty, distances, place) {
  const counts = { inBand: 0, underMin: 0, inBandSurely: false, inBandPossibly: false };
  for (const entry of treaty) {
    const km = distances.km(entry.site, place);
    if (entry.min <= km && km <= entry.max) counts.inBand += 1;
    if (entry.min > 0 && km < entry.min) counts.underMin += 1;
    const real = entry.drawnFrom < entry.drawnTo;
    if (real && entry.drawnFrom <= km && km <= entry.drawnTo) counts.inBandSurely = true;
    if (entry.reachFrom <= km && km <= entry.reachTo) counts.inBandPossibly = true;
  }
  return counts;
}

// ---- ranges of systems and of the scenario

/** What the bands of one question make of a place together; `sure` and `may` say so of one band. */
function answerOf({ entries, contested }, sure, may) {
  let inside = true;
  let possible = false;
  let split = false;
  for (const entry of entries) {
    const surely = sure(entry);
    const maybe = may(entry);
    inside = inside && surely;
    possible = possible || maybe;
    split = split || surely || !maybe; // a side says surely, or surely not
  }
  const several = entries.length > 1;
  // A lone alleged range stands against a side that says there is none.
  if (contested && !several) inside = false;
  const marginal = possible && !inside;
  return { inside, marginal, bySayer: marginal && (several ? split : contested) };
}

function systemsOf(questions, distances, place) {
  const sure = (entry) => {
    const km = distances.km(entry.site, place);
    return entry.any && entry.surelyFrom <= km && km <= entry.surelyTo;
  };
  const may = (entry) => {
    const km = distances.km(entry.site, place);
    return entry.mayFrom <= km && km <= entry.mayTo;
  };
  const inside = [];
  const marginal = [];
  const surely = new Set();
  for (const question of questions) {
    const answer = answerOf(question, sure, may);
    if (answer.inside) {
      inside.push(...question.entries);
      if (question.system) surely.add(question.system);
    } else if (answer.marginal) marginal.push(...question.entries.filter(may));
  }
  const verdict = inside.length ? INSIDE : marginal.length ? MARGINAL : OUTSIDE;
  const indexes = (entries) => entries.map((entry) => entry.index);
  return {
    verdict,
    hangsOn: verdict === MARGINAL ? reasonsOf(questions, distances, place) : [],
    inside: indexes(inside),
    // A system that has the place inside from one site is not named as marginal.
    marginal: indexes(marginal.filter(({ band }) => !surely.has(band.system))),
  };
}

/** What the marginal verdict on a place hangs on: every reason, once. */
function reasonsOf(questions, distances, place) {
  const found = new Set();
  for (const question of questions) {
    const verdicts = new Map();
    for (const entry of question.entries) {
      verdicts.set(entry, bandVerdict(distances.km(entry.site, place), entry.band, entry.precision));
    }
    const answer = answerOf(
      question,
      (entry) => verdicts.get(entry).verdict === INSIDE,
      (entry) => verdicts.get(entry).verdict !== OUTSIDE,
    );
    if (!answer.marginal) continue;
    if (answer.bySayer) found.add("sayer");
    for (const { hangsOn } of verdicts.values()) hangsOn.forEach((reason) => found.add(reason));
  }
  return REASONS.filter((reason) => found.has(reason));
}

// ---- rows

const placeSets = new WeakMap();

/** Whether a place is a coalition's own, in a year or (null) as the scenario has it. */
export function isOwn(coalition, placeIndex, year) {
  const always = coalition.own.find(({ from, to }) => from === null && to === null);
  const dated = (span) => span !== always && (span.from === null || span.from <= year)
    && (span.to === null || year <= span.to);
  const ofYear = year === null ? null : coalition.own.find(dated);
  const span = ofYear || always || coalition.own[coalition.own.length - 1];
  if (!span) return false;
  if (!placeSets.has(span.places)) placeSets.set(span.places, new Set(span.places));
  return placeSets.get(span.places).has(placeIndex);
}

/**
 * What the active bands of a coalition make of a place; null if it has none.
 * @param activeBandIndexes indexes of bands, in order; the list must not be changed afterwards
 * @param year a number, or null for the scenario as it is
 * @returns `own`, `zone` ("" without a treaty band), `zoneMarginal`, `nearestSite`, `nearestKm`, `inBand` and
 *   `underMin` (counts of sites), `inBandSurely`, `inBandPossibly`; `verdict` ("" without other bands) and
 *   `hangsOn` (of REASONS) of the ranges of systems and of the scenario together, `inside` and `marginal`
 *   (indexes of such bands; of what is marginal those that may cover the place); `reaching`
 *   [{band, km, marginKm, verdict, hangsOn}] of all bands that are not surely out of reach, nearest first
 */
export function placeRow(model, distances, coalitionIndex, placeIndex, activeBandIndexes, year) {
  const { entries, sites, treaty, questions } = planOf(model, activeBandIndexes).coalitions[coalitionIndex];
  if (!entries.length) return null;
  let nearestSite = sites[0];
  for (const site of sites) {
    if (distances.km(site, placeIndex) < distances.km(nearestSite, placeIndex)) nearestSite = site;
  }
  const zone = treaty.length ? ZONES[zoneOf(treaty, distances, placeIndex, 0)] : "";
  const zoneMarginal = treaty.length > 0
    && zoneOf(treaty, distances, placeIndex, 1) !== zoneOf(treaty, distances, placeIndex, -1);
  const nothing = { verdict: "", hangsOn: [], inside: [], marginal: [] };
  let reaching = null;
  return {
    own: isOwn(model.coalitions[coalitionIndex], placeIndex, year),
    zone,
    zoneMarginal,
    nearestSite,
    nearestKm: distances.km(nearestSite, placeIndex),
    ...treatyCounts(treaty, distances, placeIndex),
    ...(questions.length ? systemsOf(questions, distances, placeIndex) : nothing),
    // Only the card and the table of places ask for it.
    get reaching() {
      reaching = reaching || reachingOf(entries, distances, placeIndex);
      return reaching;
    },
  };
}

function reachingOf(entries, distances, place) {
  const found = [];
  for (const { index, band, site, precision } of entries) {
    const km = distances.km(site, place);
    const { verdict, hangsOn, marginKm } = bandVerdict(km, band, precision);
    if (verdict !== OUTSIDE) found.push({ band: index, km, marginKm, verdict, hangsOn });
  }
  return found.sort((a, b) => a.km - b.km);
}

/**
 * Which of two sides brings a place into the treaty's band.
 * @param sides [{coalitions: [index, ...]}, {...}]
 * @returns {{category: string, marginal: boolean}} "a-only", "b-only", "both", "neither", or of a side's own
 *   places, unless the side itself reaches them, "own-side", "own-reached-by-a", "own-reached-by-b"
 */
export function category(model, distances, sides, placeIndex, activeBandIndexes, year) {
  const plan = planOf(model, activeBandIndexes);
  const [a, b] = sides.map((side) => sideReach(model, plan, distances, side, placeIndex, year));
  return {
    category: categoryOf(a, b),
    marginal: a.surely !== a.possibly || b.surely !== b.possibly,
  };
}

function categoryOf(a, b) {
  if ((a.own && !a.reaches) || (b.own && !b.reaches)) {
    if (a.own && b.reaches) return "own-reached-by-b";
    return b.own && a.reaches ? "own-reached-by-a" : "own-side";
  }
  if (a.reaches) return b.reaches ? "both" : "a-only";
  return b.reaches ? "b-only" : "neither";
}

function sideReach(model, plan, distances, { coalitions }, place, year) {
  const found = { own: false, reaches: false, surely: false, possibly: false };
  for (const index of coalitions) {
    const { entries, treaty } = plan.coalitions[index];
    if (!entries.length) continue;
    if (isOwn(model.coalitions[index], place, year)) {
      found.own = true;
      continue;
    }
    const counts = treatyCounts(treaty, distances, place);
    found.reaches = found.reaches || counts.inBand > 0;
    found.surely = found.surely || counts.inBandSurely;
    found.possibly = found.possibly || counts.inBandPossibly;
  }
  return found;
}

/**
 * How many of some bands cover a point as they are drawn: {count, bands: [index, ...]}.
 * @param positionOf gives [lon, lat] of a site by its index; by default as published
 */
export function pointCount(model, lon, lat, activeBandIndexes, positionOf = null) {
  const known = new Map();
  const kmFrom = (site) => {
    if (!known.has(site)) {
      const { lon: siteLon, lat: siteLat } = model.sites[site];
      const at = positionOf ? positionOf(site) : [siteLon, siteLat];
      known.set(site, distanceKm(...at, lon, lat));
    }
    return known.get(site);
  };
  const bands = activeBandIndexes.filter((index) => {
    const { site, min_km: min, max_km: max } = model.bands[index];
    const km = kmFrom(site);
    return min <= km && km <= max;
  });
  return { count: bands.length, bands };
}
