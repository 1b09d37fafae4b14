// Geodesics on the WGS 84 ellipsoid, after Karney (2013), and bounds that spare most of them.
//
// Points are longitude, latitude in degrees; azimuths are degrees clockwise from north.
import geodesic from "geographiclib-geodesic";

const { Geodesic } = geodesic;
const EARTH = Geodesic.WGS84;
const POINT = Geodesic.LATITUDE | Geodesic.LONGITUDE | Geodesic.LONG_UNROLL;
const RADIANS = Math.PI / 180;

export const EQUATORIAL_KM = EARTH.a / 1000;
export const POLAR_KM = (EARTH.a * (1 - EARTH.f)) / 1000;
export const ECCENTRICITY_SQUARED = EARTH.f * (2 - EARTH.f);

/** Largest radius: beyond about 19,970 km a geodesic circle crosses itself. */
export const MAX_DISTANCE_KM = 19950;

/** Smallest radius, 1 mm: below it a ring in degrees is a point. */
export const MIN_DISTANCE_KM = 1e-6;

/** Where Web Mercator ends, degrees. */
export const MERCATOR_LIMIT = 85.0511287798066;

/** The same longitude in [-180, 180). */
export function normalise(lon) {
  if (lon >= -180 && lon < 180) return lon;
  const turned = (((lon + 180) % 360) + 360) % 360;
  return turned - 180;
}

/** The geodesic between two points: {km, azimuth1, azimuth2}, azimuths at both ends in [-180, 180]. */
export function inverse(lon1, lat1, lon2, lat2) {
  const found = EARTH.Inverse(lat1, lon1, lat2, lon2);
  return { km: found.s12 / 1000, azimuth1: found.azi1, azimuth2: found.azi2 };
}

/** The length of the geodesic between two points, km. */
export const distanceKm = (lon1, lat1, lon2, lat2) =>
  EARTH.Inverse(lat1, lon1, lat2, lon2, Geodesic.DISTANCE).s12 / 1000;

/** Where a geodesic ends: [lon, lat], the longitude continuous from `lon`, whatever the way round. */
export function direct(lon, lat, azimuth, km) {
  const found = EARTH.Direct(lat, lon, azimuth, km * 1000, POINT);
  return [found.lon2, found.lat2];
}

// ---- bounds
//
// Put points on the unit sphere at their reduced latitudes. The ellipsoid's metric lies between
// b^2 and a^2 times the sphere's, so b sigma <= s <= a sigma, where sigma is the angle between two
// points. Chords are compared, not angles: their rounding is a few 1e-16.

const CHORD_SLACK = 1e-14; // 64 nm: more than chords and Karney's distances are wrong by

/** A point with its unit vector at the reduced latitude: {lon, lat, x, y, z}. */
export function pointOn(lon, lat) {
  const across = Math.cos(lat * RADIANS);
  const up = (1 - EARTH.f) * Math.sin(lat * RADIANS);
  const length = Math.hypot(across, up);
  const share = across / length;
  return { lon, lat, x: share * Math.cos(lon * RADIANS), y: share * Math.sin(lon * RADIANS), z: up / length };
}

/** A distance in km with the squared chords up to which, and from which, bounds settle it. */
export function limitOf(km) {
  const chord = (radius) => 2 * Math.sin(Math.min(km / radius, Math.PI) / 2);
  const surely = chord(EQUATORIAL_KM) - CHORD_SLACK;
  const never = chord(POLAR_KM) + CHORD_SLACK;
  return { km, surely: surely > 0 ? surely * surely : -1, never: never * never };
}

/** Whether two points of `pointOn` are at most so far from each other; exact. */
export function isWithin(a, b, limit) {
  const x = a.x - b.x;
  const y = a.y - b.y;
  const z = a.z - b.z;
  const chord = x * x + y * y + z * z;
  if (chord <= limit.surely) return true;
  if (chord > limit.never) return false;
  return distanceKm(a.lon, a.lat, b.lon, b.lat) <= limit.km;
}

/** By how much `estimateKm` may be wrong; measured are 0.22 km. */
export const ESTIMATE_SLACK_KM = 0.5;

/** How fast that error may change, in km per km that an end is moved; measured are 2.3e-4. */
export const ESTIMATE_DRIFT = 5e-4;
const NEARLY_OPPOSITE = 3.9; // squared chord, at 18,000 km: from here on the estimate fails

/** The distance between two unit vectors at reduced latitudes to `ESTIMATE_SLACK_KM` (Lambert's formula);
 * NaN where they are nearly opposite. */
export function estimateKm(x1, y1, z1, x2, y2, z2) {
  const x = x1 - x2;
  const y = y1 - y2;
  const z = z1 - z2;
  const chord = x * x + y * y + z * z;
  if (chord === 0) return 0;
  if (chord > NEARLY_OPPOSITE) return NaN;
  const half = Math.sqrt(chord) / 2;
  const sigma = 2 * Math.asin(half);
  const sine = 2 * half * Math.sqrt(1 - half * half);
  const sum = z1 + z2;
  const correction = ((sigma - sine) * sum * sum) / (4 - chord) + ((sigma + sine) * z * z) / chord;
  return EQUATORIAL_KM * (sigma - (EARTH.f / 2) * correction);
}

// ---- lines

const STEP_KM = 100;
const LINE_TOLERANCE_KM = 0.1;
const MOST_HALVINGS = 24;

export const mercatorOf = (lat) => Math.asinh(Math.tan(lat * RADIANS));
export const latitudeOf = (ordinate) => Math.atan(Math.sinh(ordinate)) / RADIANS;

/** How far the middle of a straight edge is from the geodesic's, across it, km. */
function strayKm(a, b, middle, middleLat) {
  const east = ((a.lon2 + b.lon2) / 2 - middle.lon2) * Math.cos(middle.lat2 * RADIANS);
  const north = middleLat - middle.lat2;
  const azimuth = middle.azi2 * RADIANS;
  return Math.abs(east * Math.cos(azimuth) - north * Math.sin(azimuth)) * RADIANS * EQUATORIAL_KM;
}

function isStraight(a, b, middle) {
  if (strayKm(a, b, middle, (a.lat2 + b.lat2) / 2) > LINE_TOLERANCE_KM) return false;
  if (Math.min(Math.abs(a.lat2), Math.abs(b.lat2)) > MERCATOR_LIMIT) return true;
  const ordinate = (mercatorOf(a.lat2) + mercatorOf(b.lat2)) / 2;
  return strayKm(a, b, middle, latitudeOf(ordinate)) <= LINE_TOLERANCE_KM;
}

/**
 * The geodesic between two points as a line to draw straight in Web Mercator, within 100 m (up to 85.05
 * degrees). Edges are no longer than `stepKm`; longitudes are continuous from `lon1`. An end on a pole
 * stands on the other end's meridian.
 */
export function geodesicLine(lon1, lat1, lon2, lat2, stepKm = STEP_KM) {
  const from = Math.abs(lat1) === 90 ? lon2 : lon1;
  const to = Math.abs(lat2) === 90 ? from : lon2;
  const path = EARTH.InverseLine(lat1, from, lat2, to);
  const at = (metres) => path.Position(metres, POINT | Geodesic.AZIMUTH);
  const pieces = Math.max(1, Math.ceil(path.s13 / 1000 / stepKm));
  const start = at(0);
  const line = [[from, lat1]];
  function add(a, b, halvings) {
    const middle = at((a.s12 + b.s12) / 2);
    if (halvings === 0 || isStraight(a, b, middle)) {
      line.push([b.lon2, b.lat2]);
      return;
    }
    add(a, middle, halvings - 1);
    add(middle, b, halvings - 1);
  }
  let last = start;
  for (let piece = 1; piece <= pieces; piece += 1) {
    const next = at((path.s13 * piece) / pieces);
    add(last, next, MOST_HALVINGS);
    last = next;
  }
  // The last point is the one that was asked for, not what the path makes of it.
  const end = line[line.length - 1];
  end[0] = to + 360 * Math.round((end[0] - to) / 360);
  end[1] = lat2;
  return line;
}
