// Range rings and bands: geodesic circles as lines that are straight in longitude and latitude, or
// straight in Web Mercator, between points close enough for a tolerance.
//
// A ring is its own mirror image in its site's meridian, so an eastern half is made, as if the site
// lay at longitude 0 and in the north. Seen from there, the earth-centred x and z of a ring are even
// functions of the azimuth and y is an odd one, with coefficients that fall like powers of the
// squared eccentricity: eleven geodesics give the whole ring to a fraction of a micrometre.
import {
  direct, distanceKm, ECCENTRICITY_SQUARED, EQUATORIAL_KM, latitudeOf, MAX_DISTANCE_KM, MERCATOR_LIMIT,
  MIN_DISTANCE_KM, normalise, POLAR_KM,
} from "./geodesy.js";

const DEGREES = 180 / Math.PI;
const DEGREE = 10; // of the series
const BASE_EDGES = 24; // of a half ring, before tolerances ask for more
const MOST_PARTS = 8;
const MOST_SPLITS = 60;
const SHARE = 0.9; // of the tolerance that an edge may use; the rest covers what samples miss
const ROUND = 0.0007; // of the radius, at 100 m or finer: a small ring stays round
const ROUND_AT_M = 100;
const NEAR_AXIS = 0.15; // edges longer than this share of the way to the axis are judged by samples
const SAMPLES = [0.12, 0.3, 0.5, 0.7, 0.88];
const ALONG = [0.23, 0.33, 0.45, 0.55, 0.67, 0.77];
// A ring through a pole is moved, so that the pole is inside, by the least of these: km, and shares of
// the radius and of the tolerance.
const AT_POLE_KM = 5e-5;
const AT_POLE_OF_RADIUS = 0.01;
const AT_POLE_OF_TOLERANCE = 0.02;
const OF_WIDTH = 0.25; // tolerance of a thin band, as a share of its width
const FINEST_TOLERANCE_M = 0.01;
const LIMIT_SINE = Math.sin(MERCATOR_LIMIT / DEGREES);
const KEPT = 600; // half rings remembered

/** The points of a ring at some azimuths: [[lon, lat], ...], longitudes continuous from `lon`. */
export const ringVertices = (lon, lat, km, azimuths) =>
  Array.from(azimuths, (azimuth) => direct(lon, lat, azimuth, km));

/** All points within `km` of a site. Edges stray from the true ring by at most `toleranceM`. */
export function ringRegion(lon, lat, km, toleranceM = 100) {
  checkRadius(km);
  const half = halfRing(Math.abs(lat), km, toleranceM);
  const line = lineOf(half, lon, lat < 0 ? -1 : 1);
  const south = half.poles === 1 && lat < 0;
  return {
    loops: half.poles === 1 ? [] : [line],
    belts: half.poles === 1 ? [line] : [],
    inverted: half.poles === 2 || south,
  };
}

/** What lies in one of two regions and not in both: a band, if the second lies in the first. */
export const between = (outer, inner) => ({
  loops: outer.loops.concat(inner.loops),
  belts: outer.belts.concat(inner.belts),
  inverted: outer.inverted !== inner.inverted,
});

/** The line of a region of one ring. */
const onlyLine = (region) => region.loops.concat(region.belts);

/** All points between two distances of a site: {region, outer: [line], inner: [line] or []}. */
export function bandRegion(lon, lat, minKm, maxKm, toleranceM = 100) {
  checkRadius(maxKm);
  if (!(minKm >= 0 && minKm < maxKm)) throw new RangeError(`minimum ${minKm} km is not in [0, ${maxKm}) km`);
  const tolerance = Math.max(FINEST_TOLERANCE_M, Math.min(toleranceM, (maxKm - minKm) * 1000 * OF_WIDTH));
  const outer = ringRegion(lon, lat, maxKm, tolerance);
  if (minKm < MIN_DISTANCE_KM) return { region: outer, outer: onlyLine(outer), inner: [] };
  const inner = ringRegion(lon, lat, minKm, tolerance);
  return { region: between(outer, inner), outer: onlyLine(outer), inner: onlyLine(inner) };
}

function checkRadius(km) {
  if (!(km >= MIN_DISTANCE_KM && km <= MAX_DISTANCE_KM)) {
    throw new RangeError(`radius ${km} km is not in (0, ${MAX_DISTANCE_KM}] km`);
  }
}

/** A whole ring from its half, in order of azimuth from the site's own pole; closed, or once round. */
function lineOf({ dlon, lat, poles }, siteLon, sign) {
  const far = poles === 2 ? 360 : 0;
  const last = dlon.length - 1;
  const line = [];
  for (let i = 0; i <= last; i += 1) line.push([siteLon + dlon[i], sign * lat[i]]);
  for (let i = last - 1; i >= 0; i -= 1) line.push([siteLon + far - dlon[i], sign * lat[i]]);
  return line;
}

// ---- half rings

const remembered = new Map();

/**
 * The eastern half of a ring round a site at longitude 0 and `siteLat` >= 0, by azimuth from 0 to pi:
 * azimuth (radians), dlon, lat (degrees), x, y, z (unit vectors at reduced latitudes), poles (how many it
 * holds), ring (for `pointAt`). Kept, so not to be changed.
 */
export function halfRing(siteLat, km, toleranceM) {
  const key = `${siteLat},${km},${toleranceM}`;
  let half = remembered.get(key);
  if (half) remembered.delete(key);
  else half = makeHalf(siteLat, km, toleranceM);
  remembered.set(key, half);
  if (remembered.size > KEPT) remembered.delete(remembered.keys().next().value);
  return half;
}

function makeHalf(siteLat, asked, toleranceM) {
  const { km, poles } = clearOfPoles(siteLat, asked, toleranceM / 1000);
  const round = ROUND * km * Math.max(1, toleranceM / ROUND_AT_M);
  const allowed = Math.min((SHARE * toleranceM) / 1000, round);
  const ring = { siteLat, km, allowed, series: fit(siteLat, km) };
  const base = [];
  for (let i = 0; i <= BASE_EDGES; i += 1) base.push(pointAt(ring, (Math.PI * i) / BASE_EDGES));
  const coarse = withLimits(ring, base);
  const points = [coarse[0]];
  for (let i = 1; i < coarse.length; i += 1) split(ring, points, coarse[i - 1], coarse[i], MOST_SPLITS);
  const column = (of) => Float64Array.from(points, of);
  const half = {
    ring, poles,
    azimuth: column((p) => p.azimuth),
    dlon: column((p) => p.dlon * DEGREES),
    lat: column((p) => p.lat * DEGREES),
    x: column((p) => p.x / EQUATORIAL_KM),
    y: column((p) => p.y / EQUATORIAL_KM),
    z: column((p) => p.z / POLAR_KM),
  };
  // On the site's meridian the longitude is known, whatever rounding makes of it.
  half.dlon[0] = poles >= 1 ? 180 : 0;
  half.dlon[points.length - 1] = poles === 2 ? 180 : 0;
  return half;
}

/** A radius that keeps clear of the poles, and how many of them it holds. */
function clearOfPoles(siteLat, asked, toleranceKm) {
  const toPoles = [90, -90].map((pole) => distanceKm(0, siteLat, 0, pole));
  const clear = Math.min(AT_POLE_KM, AT_POLE_OF_RADIUS * asked, AT_POLE_OF_TOLERANCE * toleranceKm);
  let km = asked;
  for (const way of toPoles) if (Math.abs(km - way) < clear) km = way + clear;
  return { km, poles: toPoles.filter((way) => km > way).length };
}

const WEIGHTS = Array.from({ length: DEGREE + 1 }, (_, k) =>
  Array.from({ length: DEGREE + 1 }, (_unused, j) => {
    const ends = (j % DEGREE === 0 ? 0.5 : 1) * (k % DEGREE === 0 ? 0.5 : 1);
    return {
      cosine: ((2 * ends) / DEGREE) * Math.cos((Math.PI * j * k) / DEGREE),
      sine: j % DEGREE === 0 ? 0 : (2 / DEGREE) * Math.sin((Math.PI * j * k) / DEGREE),
    };
  }));

/** Fourier coefficients of a ring's earth-centred coordinates, km. */
function fit(siteLat, km) {
  const xs = [];
  const ys = [];
  const zs = [];
  for (let j = 0; j <= DEGREE; j += 1) {
    const [lon, lat] = direct(0, siteLat, (180 * j) / DEGREE, km).map((angle) => angle / DEGREES);
    const sine = Math.sin(lat);
    const normal = EQUATORIAL_KM / Math.sqrt(1 - ECCENTRICITY_SQUARED * sine * sine);
    xs.push(normal * Math.cos(lat) * Math.cos(lon));
    ys.push(normal * Math.cos(lat) * Math.sin(lon));
    zs.push(normal * (1 - ECCENTRICITY_SQUARED) * sine);
  }
  const sums = (values, kind) =>
    Float64Array.from(WEIGHTS, (row) => row.reduce((sum, weight, j) => sum + weight[kind] * values[j], 0));
  return { x: sums(xs, "cosine"), y: sums(ys, "sine"), z: sums(zs, "cosine") };
}

/** A point of a ring with all that is needed to judge the edges to its neighbours; km, radians. */
export function pointAt({ series }, azimuth) {
  const c = Math.cos(azimuth);
  let [x, y, z, dx, dy, dz] = [0, 0, 0, 0, 0, 0];
  let [cosine, sine, cosineBefore, sineBefore] = [1, 0, c, -Math.sin(azimuth)];
  for (let k = 0; k <= DEGREE; k += 1) {
    const [xk, yk, zk] = [series.x[k], series.y[k], series.z[k]];
    x += xk * cosine;
    y += yk * sine;
    z += zk * cosine;
    dx -= k * xk * sine;
    dy += k * yk * cosine;
    dz -= k * zk * sine;
    [cosine, cosineBefore] = [2 * c * cosine - cosineBefore, cosine];
    [sine, sineBefore] = [2 * c * sine - sineBefore, sine];
  }
  if (y < 0) y = 0; // by rounding, on the site's meridian
  const axis = Math.sqrt(x * x + y * y);
  const flat = (1 - ECCENTRICITY_SQUARED) * axis;
  const normal = Math.sqrt(z * z + flat * flat);
  const sinLat = z / normal;
  const cosLat = flat / normal;
  const w2 = 1 - ECCENTRICITY_SQUARED * sinLat * sinLat;
  return {
    azimuth, x, y, z, axis, sinLat, cosLat,
    dlon: Math.atan2(y, x),
    lat: Math.atan2(z, flat),
    mercator: Math.asinh(z / flat),
    meridian: (EQUATORIAL_KM * (1 - ECCENTRICITY_SQUARED)) / (w2 * Math.sqrt(w2)),
    east: (x * dy - y * dx) / axis,
    north: dz * cosLat - ((x * dx + y * dy) / axis) * sinLat,
  };
}

/** The points, with one more where the ring leaves or enters what Web Mercator shows. */
function withLimits(ring, points) {
  const result = [points[0]];
  for (let i = 1; i < points.length; i += 1) {
    const crossed = [LIMIT_SINE, -LIMIT_SINE].filter((sine) =>
      points[i - 1].sinLat > sine !== points[i].sinLat > sine);
    const more = crossed.map((sine) => crossing(ring, points[i - 1], points[i], sine));
    result.push(...more.sort((a, b) => a.azimuth - b.azimuth), points[i]);
  }
  return result;
}

function crossing(ring, from, to, sine) {
  let [low, high] = [from.azimuth, to.azimuth];
  const above = from.sinLat > sine;
  for (;;) {
    const middle = pointAt(ring, (low + high) / 2);
    if (!(low < middle.azimuth && middle.azimuth < high) || high - low < 1e-12) return middle;
    if (middle.sinLat > sine === above) low = middle.azimuth;
    else high = middle.azimuth;
  }
}

function split(ring, points, a, b, splits) {
  const parts = splits === 0 || b.azimuth - a.azimuth < 1e-12 ? 1 : partsOf(ring, a, b);
  let from = a;
  for (let part = 1; part < parts; part += 1) {
    const next = pointAt(ring, a.azimuth + ((b.azimuth - a.azimuth) * part) / parts);
    split(ring, points, from, next, splits - 1);
    from = next;
  }
  if (parts === 1) points.push(b);
  else split(ring, points, from, b, splits - 1);
}

/** How many edges are needed between two points. */
function partsOf(ring, a, b) {
  const aSpeed = Math.sqrt(a.east * a.east + a.north * a.north);
  const bSpeed = Math.sqrt(b.east * b.east + b.north * b.north);
  const shown = Math.abs(a.sinLat + b.sinLat) / 2 < LIMIT_SINE;
  const turn = b.dlon - a.dlon;
  const aTurn = ((a.north * a.axis) / aSpeed) * turn;
  const bTurn = ((b.north * b.axis) / bSpeed) * turn;
  const aNorth = (a.east * a.meridian) / aSpeed;
  const bNorth = (b.east * b.meridian) / bSpeed;
  const rise = b.lat - a.lat;
  let stray = bow(aNorth * rise - aTurn, bTurn - bNorth * rise);
  if (shown) {
    const climb = b.mercator - a.mercator;
    stray = Math.max(stray, bow(aNorth * a.cosLat * climb - aTurn, bTurn - bNorth * b.cosLat * climb));
  }
  const rough = aSpeed * (b.azimuth - a.azimuth) > NEAR_AXIS * Math.min(a.axis, b.axis);
  if (stray > ring.allowed) {
    return rough ? 2 : Math.min(MOST_PARTS, Math.max(2, Math.ceil(Math.sqrt(stray / ring.allowed))));
  }
  return rough && sampledStray(ring, a, b, shown) > ring.allowed ? 2 : 1;
}

/** How far an edge strays from the cubic whose tangents at the ends miss the far ends by a, b. */
function bow(a, b) {
  let most = 0;
  for (const t of ALONG) most = Math.max(most, Math.abs((1 - t) * a + t * b) * t * (1 - t));
  return most;
}

/** How far points of an edge are from the ring, at most: their distance from the site, less the radius. */
function sampledStray({ siteLat, km }, a, b, shown) {
  let most = 0;
  const see = (t, lat) => {
    const lon = (a.dlon + (b.dlon - a.dlon) * t) * DEGREES;
    most = Math.max(most, Math.abs(distanceKm(0, siteLat, lon, lat) - km));
  };
  for (const t of SAMPLES) {
    see(t, (a.lat + (b.lat - a.lat) * t) * DEGREES);
    if (shown) see(t, latitudeOf(a.mercator + (b.mercator - a.mercator) * t));
  }
  return most;
}

// ---- the globe

const BESIDE = 1e-4; // of an edge's length: where it is asked on which side of a line a region lies

/** Whether a region holds a point: by how often its lines are met on the way to the north pole. */
function holds(region, lon, lat) {
  let inside = (region.belts.length % 2 === 1) !== region.inverted;
  for (const line of [...region.loops, ...region.belts]) {
    for (let i = 1; i < line.length; i += 1) {
      const turn = 360 * Math.round((line[i - 1][0] - lon) / 360);
      const from = line[i - 1][0] - turn - lon;
      const to = line[i][0] - turn - lon;
      if (from < 0 === to < 0) continue;
      if (line[i - 1][1] + ((line[i][1] - line[i - 1][1]) * from) / (from - to) > lat) inside = !inside;
    }
  }
  return inside;
}

function liesOnRight(region, line) {
  let [longest, at] = [-1, 1];
  for (let i = 1; i < line.length; i += 1) {
    const length = Math.hypot(line[i][0] - line[i - 1][0], line[i][1] - line[i - 1][1]);
    if (length > longest) [longest, at] = [length, i];
  }
  const [a, b] = [line[at - 1], line[at]];
  const [east, north] = [(b[0] - a[0]) * BESIDE, (b[1] - a[1]) * BESIDE];
  return holds(region, (a[0] + b[0]) / 2 + north, (a[1] + b[1]) / 2 - east);
}

/**
 * The boundary of the region of a ring or a band as `coordinates` of one GeoJSON Polygon for d3-geo: closed
 * rings with the region on their right (d3-geo's sense, against RFC 7946), longitudes in [-180, 180). A band has
 * two rings; with two poles inside, a ring encloses the world but for a hole.
 */
export const sphericalRings = (region) =>
  [...region.loops, ...region.belts].map((line) => {
    const ring = line.map(([lon, lat]) => [normalise(lon), lat]);
    ring[ring.length - 1] = [...ring[0]];
    return liesOnRight(region, line) ? ring : ring.reverse();
  });
