// The outline of a union of bands: those parts of their rings that lie in the interior of no other.
//
// A ring is followed edge by edge. Whether another band's limit can be met between the ends of an edge
// follows from the distances at its ends: the distance to a site changes by no more than one walks, and
// bends by no more than the curvatures of the two rings allow. Where it can be met, the edge is halved.
import {
  distanceKm, ESTIMATE_DRIFT, ESTIMATE_SLACK_KM, estimateKm, MIN_DISTANCE_KM, normalise, pointOn,
} from "./geodesy.js";
import { halfRing, pointAt, ringRegion } from "./rings.js";

const DEGREES = 180 / Math.PI;
const RESOLUTION_KM = 0.03; // ends of lines are found to this
const LARGEST_RADIUS_KM = 6399.6; // of curvature of the ellipsoid
const LEAST_SLACK_KM = 1e-6;
const HALF_EARTH_KM = 20003.94;
const WAVERS_FROM_KM = 19965; // a ring so large has cusps soon
const IGNORED = 0.1; // of the tolerance: how deep what is overlooked may reach into a band
const CLEAR = 0;
const COVERED = 1;
const UNSETTLED = 2;

/**
 * The outline of a union of bands.
 * @param bands [{lon, lat, minKm, maxKm}], degrees and km
 * @returns {{outer: Line[], inner: Line[]}} parts of their rings of maximum and of minimum distance, as lines
 *   [[lon, lat], ...] with continuous longitudes: closed (or once round the Earth) where a whole ring is
 *   left, else open. A limit that several bands of one site share is drawn once.
 */
export function unionLines(bands, toleranceM = 100) {
  const members = distinct(bands.map(memberOf), (one) => `${one.key}/${one.low}/${one.high}`);
  const trace = (rings) =>
    distinct(rings, ({ member, km }) => `${member.key}/${km}`)
      .flatMap(({ member, km }) => exposed(member, km, members, toleranceM));
  return {
    outer: trace(members.map((member) => ({ member, km: member.high }))),
    inner: trace(members.filter(({ low }) => low > 0).map((member) => ({ member, km: member.low }))),
  };
}

/** A band; `low` is negative if it has no minimum, since no distance is in its way. */
function memberOf({ lon, lat, minKm, maxKm }) {
  const east = Math.abs(lat) === 90 ? 0 : normalise(lon);
  const low = minKm < MIN_DISTANCE_KM ? -1 : minKm;
  return { lon, lat, key: `${east},${lat}`, point: pointOn(lon, lat), low, high: maxKm };
}

/** The items without those whose key an earlier one has. */
function distinct(items, keyOf) {
  const found = new Map();
  for (const item of items) if (!found.has(keyOf(item))) found.set(keyOf(item), item);
  return [...found.values()];
}

/** The parts of one ring that no band has in its interior. */
function exposed(member, km, members, toleranceM) {
  const rivals = [];
  const ignored = (IGNORED * toleranceM) / 1000;
  for (const other of members) {
    const apart = apartOf(member.point, other.point);
    const relation = relationOf(member, km, other, apart, ignored);
    if (relation === COVERED) return [];
    if (relation === UNSETTLED) rivals.push({ ...other, apart });
  }
  const whole = () => {
    const { loops, belts } = ringRegion(member.lon, member.lat, km, toleranceM);
    return [...loops, ...belts];
  };
  return rivals.length ? follow(new Ring(member, km, rivals, toleranceM), whole) : whole();
}

/** How far two sites are from each other: {km, slack}. */
function apartOf(a, b) {
  const km = estimateKm(a.x, a.y, a.z, b.x, b.y, b.z);
  if (km > 2 * ESTIMATE_SLACK_KM) return { km, slack: ESTIMATE_SLACK_KM };
  return { km: distanceKm(a.lon, a.lat, b.lon, b.lat), slack: LEAST_SLACK_KM };
}

/** Whether a whole ring lies in a band, or clear of it, as far as the distance of the centres tells. */
function relationOf(member, km, other, apart, ignored) {
  if (member.key === other.key || apart.km < ignored) {
    return other.low < km && km < other.high ? COVERED : CLEAR;
  }
  const least = Math.abs(apart.km - km) - apart.slack;
  const most = apart.km + km + apart.slack;
  if (least > other.high || most < other.low) return CLEAR;
  return least > other.low && most < other.high ? COVERED : UNSETTLED;
}

/** A ring as points from 0 to 2 pi of azimuth, with their distances from the sites of rival bands. */
class Ring {
  constructor(member, km, rivals, toleranceM) {
    const sign = member.lat < 0 ? -1 : 1;
    Object.assign(this, { member, km, rivals, sign });
    this.half = halfRing(Math.abs(member.lat), km, toleranceM);
    this.far = this.half.poles === 2 ? 360 : 0;
    this.last = this.half.azimuth.length - 1;
    this.ignored = (IGNORED * toleranceM) / 1000;
    // Rivals as seen in the frame of the half ring, whose site lies at longitude 0 in the north.
    this.seen = rivals.map((rival) => pointOn(rival.lon - member.lon, sign * rival.lat));
    this.own = pointOn(0, Math.abs(member.lat));
    this.slack = rivals.map(({ apart }) =>
      Math.min(ESTIMATE_SLACK_KM, ESTIMATE_DRIFT * apart.km + LEAST_SLACK_KM));
    this.matrix = new Float64Array((2 * this.last + 1) * rivals.length).fill(NaN);
    this.speed = LARGEST_RADIUS_KM * Math.sin(km / LARGEST_RADIUS_KM); // km per radian, at most
    this.bend = 1 / Math.max(1e-9, Math.min(km, WAVERS_FROM_KM - km));
  }

  get edges() {
    return 2 * this.last;
  }

  /** Point number `index` of the ring; the last is the first again. */
  base(index) {
    const { half, last } = this;
    const east = index <= last;
    const i = east ? index : 2 * last - index;
    return {
      base: true,
      turn: east ? half.azimuth[i] : 2 * Math.PI - half.azimuth[i],
      dlon: east ? half.dlon[i] : this.far - half.dlon[i],
      lat: half.lat[i],
      x: half.x[i], y: east ? half.y[i] : -half.y[i], z: half.z[i],
      known: this.matrix, from: index * this.rivals.length, error: null,
    };
  }

  between(a, b) {
    const turn = (a.turn + b.turn) / 2;
    const east = turn <= Math.PI;
    const point = pointAt(this.half.ring, east ? turn : 2 * Math.PI - turn);
    const dlon = point.dlon * DEGREES;
    const lat = point.lat * DEGREES;
    const unit = pointOn(east ? dlon : -dlon, lat);
    return {
      base: false, turn, dlon: east ? dlon : this.far - dlon, lat, x: unit.x, y: unit.y, z: unit.z,
      known: new Float64Array(this.rivals.length).fill(NaN), from: 0, error: null,
    };
  }

  lonLat(point) {
    return [this.member.lon + point.dlon, this.sign * point.lat];
  }

  /** By how much the estimate is wrong at a point, as the distance to the ring's own site tells. */
  errorAt(point) {
    if (point.error === null) {
      const { x, y, z } = this.own;
      point.error = this.half.ring.km - estimateKm(point.x, point.y, point.z, x, y, z);
    }
    return point.error;
  }

  /** The distance to a rival's site: near its limits the geodesic's, elsewhere within its slack. */
  kmTo(point, index) {
    const at = point.from + index;
    if (!Number.isNaN(point.known[at])) return point.known[at];
    const { low, high } = this.rivals[index];
    const centre = this.seen[index];
    let km = estimateKm(point.x, point.y, point.z, centre.x, centre.y, centre.z) + this.errorAt(point);
    const margin = Math.min(Math.abs(km - low), Math.abs(km - high));
    if (!(margin > 2 * this.slack[index])) km = distanceKm(point.dlon, point.lat, centre.lon, centre.lat);
    point.known[at] = km;
    return km;
  }

  lies(km, index) {
    const { low, high } = this.rivals[index];
    if (km <= low) return -1;
    return km >= high ? 1 : 0;
  }

  /** What a rival makes of an edge of a length of up to `length` km. */
  verdict(a, b, length, index) {
    const aKm = this.kmTo(a, index);
    const bKm = this.kmTo(b, index);
    const side = this.lies(aKm, index);
    if (side !== this.lies(bKm, index)) return UNSETTLED;
    const { low, high } = this.rivals[index];
    const off = (km) => Math.min(Math.abs(km - low), Math.abs(km - high));
    const margin = Math.min(off(aKm), off(bKm));
    const slack = this.slack[index];
    const certain = margin > slack ? margin - slack : margin;
    if (certain <= length / 2) {
      const nearest = Math.min(aKm, bKm, HALF_EARTH_KM - aKm, HALF_EARTH_KM - bKm) - length;
      if (nearest <= 0) return UNSETTLED;
      // Twice the curvatures, for what the ellipsoid makes of them.
      const sag = (length * length * 2 * (this.bend + 1 / nearest)) / 8;
      if (sag > this.ignored && certain <= sag) return UNSETTLED;
    }
    return side === 0 ? COVERED : CLEAR;
  }
}

/** Walk round a ring and gather what is left of it. */
function follow(ring, whole) {
  const runs = [];
  let run = null;
  // Points that were only needed to find an end are not drawn.
  function draw(a, b) {
    if (!run || run[run.length - 1] !== a) {
      run = [a];
      runs.push(run);
    } else if (run.length > 1 && !a.base) run.pop();
    run.push(b);
  }
  let witness = 0; // a rival that covered the last edge
  function visit(a, b, rivals) {
    const length = ring.speed * (b.turn - a.turn);
    if (rivals.includes(witness) && ring.verdict(a, b, length, witness) === COVERED) return;
    const open = [];
    for (const index of rivals) {
      const verdict = ring.verdict(a, b, length, index);
      if (verdict === COVERED) {
        witness = index;
        return;
      }
      if (verdict === UNSETTLED) open.push(index);
    }
    if (!open.length) {
      draw(a, b);
      return;
    }
    const middle = ring.between(a, b);
    if (length < RESOLUTION_KM) {
      if (!open.some((index) => ring.lies(ring.kmTo(middle, index), index) === 0)) draw(a, b);
      return;
    }
    visit(a, middle, open);
    visit(middle, b, open);
  }
  const all = ring.rivals.map((_, index) => index);
  let from = ring.base(0);
  for (let i = 1; i <= ring.edges; i += 1) {
    const to = ring.base(i);
    visit(from, to, all);
    from = to;
  }
  return linesOf(ring, runs, from, whole);
}

/** Runs as lines; one that ends where the ring begins runs on in the one that begins there. */
function linesOf(ring, runs, end, whole) {
  if (!runs.length) return [];
  const first = runs[0];
  const last = runs[runs.length - 1];
  const joins = first[0].turn === 0 && last[last.length - 1] === end;
  if (joins && runs.length === 1) return whole();
  const lines = runs.map((points) => points.map((point) => ring.lonLat(point)));
  if (!joins) return lines;
  const turned = ring.lonLat(end)[0] - ring.lonLat(first[0])[0];
  const [head] = lines.splice(0, 1);
  lines[lines.length - 1].push(...head.slice(1).map(([lon, lat]) => [lon + turned, lat]));
  return lines;
}
