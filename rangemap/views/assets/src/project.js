// Where places fall on the flat map and on the globe, and how lines and regions are traced there.
//
// A view is {lon, lat, kmPerPixel}: what lies at the centre, and the ground scale there.
// A sink takes moveTo(x, y), lineTo(x, y) and closePath(): a canvas context, a Path2D and others.

export const EARTH_KM = 6371.0088; // mean radius
export const MERCATOR_LIMIT = 85.0511287798066; // degrees: where the square world ends
const TILE = 256; // pixels: the width of Leaflet's world at zoom 0
const NEARLY_POLE = 89.99; // degrees: as far as lines are followed on the flat map
const RADIANS = Math.PI / 180;
const DEGREES = 180 / Math.PI;

const clamped = (value, low, high) => Math.max(low, Math.min(high, value));

/** Longitude brought into [-180, 180). */
export const wrapped = (lon) => lon - 360 * Math.floor((lon + 180) / 360);

/** Longitude and latitude to the unit square of Web Mercator, x to the east, y to the south. */
export const mercatorX = (lon) => (lon + 180) / 360;
export function mercatorY(lat) {
  const sine = Math.sin(clamped(lat, -NEARLY_POLE, NEARLY_POLE) * RADIANS);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}
const latitudeOf = (y) => (2 * Math.atan(Math.exp((0.5 - y) * 2 * Math.PI)) - Math.PI / 2) * DEGREES;

const onMercator = (lat) => clamped(lat, -MERCATOR_LIMIT, MERCATOR_LIMIT);
const equatorKm = 2 * Math.PI * EARTH_KM;

/** The width in pixels of the Mercator world in a view. */
export const worldSize = (view) => (equatorKm * Math.cos(onMercator(view.lat) * RADIANS)) / view.kmPerPixel;

/** Leaflet's zoom (EPSG:3857, fractional) for a view. */
export const zoomOf = (view) => Math.log2(worldSize(view) / TILE);

/** The view that Leaflet shows at a zoom. */
export function viewOf(zoom, lon, lat) {
  const kmPerPixel = (equatorKm * Math.cos(onMercator(lat) * RADIANS)) / (TILE * 2 ** zoom);
  return { lon, lat, kmPerPixel };
}

/** The globe's radius in pixels in a view. */
export const globeRadius = (view) => EARTH_KM / view.kmPerPixel;

/** The part of the endless Mercator world in view: {left, top, size, width, height} in pixels. */
export function mercatorFrame(view, width, height) {
  const size = worldSize(view);
  return {
    left: mercatorX(view.lon) * size - width / 2,
    top: mercatorY(onMercator(view.lat)) * size - height / 2,
    size,
    width,
    height,
  };
}

/** Pixels of the flat map to and from [lon, lat]; a place is at its copy nearest to the centre. */
export function mercatorProjector(view, width, height) {
  const { left, top, size } = mercatorFrame(view, width, height);
  return {
    toPixel([lon, lat]) {
      if (Math.abs(lat) > MERCATOR_LIMIT) return null;
      const near = view.lon + wrapped(lon - view.lon);
      return [mercatorX(near) * size - left, mercatorY(lat) * size - top];
    },
    fromPixel([x, y]) {
      const down = (y + top) / size;
      if (down < 0 || down > 1) return null;
      return [wrapped(((x + left) / size) * 360 - 180), latitudeOf(down)];
    },
    kmPerPixelAt: ([, lat]) => (equatorKm * Math.cos(onMercator(lat) * RADIANS)) / size,
  };
}

function axesOf(view) {
  const sinLon = Math.sin(view.lon * RADIANS);
  const cosLon = Math.cos(view.lon * RADIANS);
  const sinLat = Math.sin(view.lat * RADIANS);
  const cosLat = Math.cos(view.lat * RADIANS);
  return {
    east: [-sinLon, cosLon, 0],
    north: [-sinLat * cosLon, -sinLat * sinLon, cosLat],
    out: [cosLat * cosLon, cosLat * sinLon, sinLat],
  };
}

const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

function vectorOf([lon, lat]) {
  const cosLat = Math.cos(lat * RADIANS);
  return [cosLat * Math.cos(lon * RADIANS), cosLat * Math.sin(lon * RADIANS), Math.sin(lat * RADIANS)];
}

/** Pixels of the globe to and from [lon, lat]; null on the far side and off the disc. */
export function orthographicProjector(view, width, height) {
  const radius = globeRadius(view);
  const { east, north, out } = axesOf(view);
  const depth = (lonlat) => dot(out, vectorOf(lonlat));
  return {
    toPixel(lonlat) {
      const v = vectorOf(lonlat);
      if (dot(out, v) < 0) return null;
      return [width / 2 + radius * dot(east, v), height / 2 - radius * dot(north, v)];
    },
    fromPixel([pixelX, pixelY]) {
      const x = (pixelX - width / 2) / radius;
      const y = (height / 2 - pixelY) / radius;
      const square = x * x + y * y;
      if (square > 1) return null;
      const z = Math.sqrt(1 - square);
      const v = [0, 1, 2].map((i) => x * east[i] + y * north[i] + z * out[i]);
      return [Math.atan2(v[1], v[0]) * DEGREES, Math.asin(clamped(v[2], -1, 1)) * DEGREES];
    },
    // Across and along the way to the rim scales differ: this is their mean (the root of areas).
    kmPerPixelAt(lonlat) {
      const z = depth(lonlat);
      return z <= 0 ? null : view.kmPerPixel / Math.sqrt(z);
    },
  };
}

/** The view of the globe, north up, that has [lon, lat] as near as can be to the pixel [x, y]. */
export function viewHolding(view, [lon, lat], [pixelX, pixelY], width, height) {
  const radius = globeRadius(view);
  let x = (pixelX - width / 2) / radius;
  let y = (height / 2 - pixelY) / radius;
  const away = Math.hypot(x, y);
  if (away > 0.995) {
    x *= 0.995 / away;
    y *= 0.995 / away;
  }
  const z = Math.sqrt(Math.max(0, 1 - x * x - y * y));
  const turn = Math.asin(clamped(x / Math.max(1e-9, Math.cos(lat * RADIANS)), -1, 1));
  // Two views put it there, one of them upside down when far from the poles: take the nearer one.
  const both = [turn, Math.PI - turn].map((angle) => {
    const tilt = Math.atan2(Math.sin(lat * RADIANS), Math.cos(lat * RADIANS) * Math.cos(angle));
    const centre = wrapped((tilt - Math.atan2(y, z)) * DEGREES);
    const found = { ...view, lon: wrapped(lon - angle * DEGREES), lat: clamped(centre, -90, 90) };
    const over = Math.max(0, Math.abs(centre) - 90);
    return { found, cost: over * 4 + Math.abs(wrapped(found.lon - view.lon)) };
  });
  return (both[0].cost <= both[1].cost ? both[0] : both[1]).found;
}

// ---------------------------------------------------------------------------------------------
// Tracing

const TOO_NEAR = 0.35; // pixels: a point this near to the last one adds nothing
const PAD = 8; // pixels around the picture that are still drawn

const LEFT = 1;
const RIGHT = 2;
const ABOVE = 4;
const BELOW = 8;

// Hands points on to a sink, but not those that change nothing inside the box: of a run beyond one
// of its edges only the last. What an even-odd rule fills inside the box stays the same.
class Pen {
  constructor(sink, width, height) {
    this.sink = sink;
    this.right = width + PAD;
    this.bottom = height + PAD;
    this.waiting = false;
    this.tail = false;
  }

  where(x, y) {
    const across = x < -PAD ? LEFT : x > this.right ? RIGHT : 0;
    return across | (y < -PAD ? ABOVE : y > this.bottom ? BELOW : 0);
  }

  start(x, y) {
    this.finish();
    this.sink.moveTo(x, y);
    this.x = x;
    this.y = y;
    this.code = this.where(x, y);
  }

  put(x, y) {
    this.sink.lineTo(x, y);
    this.x = x;
    this.y = y;
    this.tail = false;
  }

  hold(x, y, code, own) {
    this.waiting = true;
    this.waitingX = x;
    this.waitingY = y;
    this.code = code;
    this.own = own;
  }

  to(x, y) {
    const code = this.where(x, y);
    if (this.code & code) {
      this.hold(x, y, this.code & code, code);
      return;
    }
    if (this.waiting) {
      this.put(this.waitingX, this.waitingY);
      this.waiting = false;
      if (this.own & code) {
        this.hold(x, y, this.own & code, code);
        return;
      }
    }
    this.code = code;
    if (Math.abs(x - this.x) < TOO_NEAR && Math.abs(y - this.y) < TOO_NEAR) {
      this.tail = true;
      this.tailX = x;
      this.tailY = y;
      return;
    }
    this.put(x, y);
  }

  finish() {
    if (this.waiting) this.put(this.waitingX, this.waitingY);
    else if (this.tail) this.put(this.tailX, this.tailY);
    this.waiting = false;
    this.tail = false;
  }

  close() {
    this.finish();
    this.sink.closePath();
  }
}

// Counter-clockwise as seen, like the outer edge of an oriented region.
function wholeBox(sink, width, height) {
  const far = 4 * PAD;
  sink.moveTo(-far, -far);
  sink.lineTo(-far, height + far);
  sink.lineTo(width + far, height + far);
  sink.lineTo(width + far, -far);
  sink.closePath();
}

// ---- the globe

const LONG_EDGE = 2; // degrees: longer edges are straight in longitude and latitude, so bend here
const BEHIND = 1.3; // radii: where the far side is put, round the disc
const NARROW = 0.34; // cosine: how far apart two points behind may be seen from the centre
const ROUND_EARTH = 1.4; // radians: a cap wider than this is not worth testing

// Lines come as [[lon, lat], ...] or as a flat array lon, lat, lon, lat ...
const isFlat = (line) => typeof line[0] === "number";
const lengthOf = (line) => (isFlat(line) ? line.length / 2 : line.length);

/** Calls each(lon, lat) for the points of a line of either form. */
export function eachPoint(line, each) {
  if (isFlat(line)) {
    for (let i = 0; i < line.length; i += 2) each(line[i], line[i + 1]);
  } else {
    for (const point of line) each(point[0], point[1]);
  }
}

function withBends(line) {
  const result = [];
  let lastLon = 0;
  let lastLat = 0;
  eachPoint(line, (lon, lat) => {
    if (result.length) {
      const pieces = Math.ceil(Math.max(Math.abs(lon - lastLon), Math.abs(lat - lastLat)) / LONG_EDGE);
      for (let piece = 1; piece < pieces; piece += 1) {
        const share = piece / pieces;
        result.push(lastLon + (lon - lastLon) * share, lastLat + (lat - lastLat) * share);
      }
    }
    result.push(lon, lat);
    lastLon = lon;
    lastLat = lat;
  });
  return result;
}

function capOf(xyz) {
  const sum = [0, 0, 0];
  for (let i = 0; i < xyz.length; i += 1) sum[i % 3] += xyz[i];
  const length = Math.hypot(...sum);
  if (length < 1e-6) return { centre: [0, 0, 1], angle: Math.PI };
  const centre = sum.map((value) => value / length);
  let least = 1;
  for (let i = 0; i < xyz.length; i += 3) {
    least = Math.min(least, centre[0] * xyz[i] + centre[1] * xyz[i + 1] + centre[2] * xyz[i + 2]);
  }
  return { centre, angle: Math.acos(clamped(least, -1, 1)) };
}

const ballOfLine = new WeakMap();

/** A line as unit vectors with the cap that holds it: {xyz: Float64Array, centre, angle}; kept. */
export function onBall(line) {
  if (!ballOfLine.has(line)) {
    const flat = withBends(line);
    const xyz = new Float64Array((flat.length / 2) * 3);
    for (let i = 0, j = 0; i < flat.length; i += 2, j += 3) {
      const cosLat = Math.cos(flat[i + 1] * RADIANS);
      xyz[j] = cosLat * Math.cos(flat[i] * RADIANS);
      xyz[j + 1] = cosLat * Math.sin(flat[i] * RADIANS);
      xyz[j + 2] = Math.sin(flat[i + 1] * RADIANS);
    }
    ballOfLine.set(line, { xyz, ...capOf(xyz) });
  }
  return ballOfLine.get(line);
}

const poleInside = (region) => (region.belts.length % 2 === 1) !== region.inverted;

/** Whether a region holds [lon, lat]: by how often its lines are met on the way to the north pole. */
export function holds(region, [lon, lat]) {
  let inside = poleInside(region);
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

const BESIDE = 1e-4; // of an edge's length: where it is asked on which side of a line a region lies

const orientedLines = new WeakMap();

// The region's lines, each so turned that the region lies on its left.
function oriented(region) {
  if (!orientedLines.has(region)) {
    orientedLines.set(region, [...region.loops, ...region.belts].map((line) => {
      let [longest, at] = [-1, 1];
      for (let i = 1; i < line.length; i += 1) {
        const length = Math.hypot(line[i][0] - line[i - 1][0], line[i][1] - line[i - 1][1]);
        if (length > longest) [longest, at] = [length, i];
      }
      const [a, b] = [line[at - 1], line[at]];
      const left = [
        (a[0] + b[0]) / 2 - (b[1] - a[1]) * BESIDE,
        (a[1] + b[1]) / 2 + (b[0] - a[0]) * BESIDE,
      ];
      return holds(region, left) ? line : [...line].reverse();
    }));
  }
  return orientedLines.get(region);
}

/**
 * Traces lines and areas of the globe into sinks, in pixels of a width x height picture.
 *
 * An area is what an odd number of its curves enclose. The sphere without the point opposite to
 * the view's centre is a plane; so areas need no cut: the far side is put round the disc (draw
 * areas, then take away what lies off the disc), and if that opposite point is inside, the whole
 * picture is added as one more curve.
 */
export function orthographicTracer(view, width, height) {
  const radius = globeRadius(view);
  const middleX = width / 2;
  const middleY = height / 2;
  const { east, north, out } = axesOf(view);
  const [e0, e1] = east;
  const [n0, n1, n2] = north;
  const [o0, o1, o2] = out;
  const project = orthographicProjector(view, width, height).toPixel;
  const inView = Math.asin(Math.min(1, Math.hypot(middleX + PAD, middleY + PAD) / radius));
  // The way from the opposite point to the north pole, by which the two are compared.
  const northTurn = Math.atan2(n2, -o2);

  function seen({ centre, angle }) {
    if (angle > ROUND_EARTH) return true;
    return Math.acos(clamped(dot(centre, out), -1, 1)) < inView + angle + 1e-3;
  }

  const holdsPole = ({ centre, angle }) =>
    angle > ROUND_EARTH || Math.acos(clamped(centre[2], -1, 1)) < angle + 1e-3;

  function round(pen, fromX, fromY, toX, toY) {
    const from = Math.atan2(fromY, fromX);
    let turn = Math.atan2(toY, toX) - from;
    if (turn > Math.PI) turn -= 2 * Math.PI;
    if (turn < -Math.PI) turn += 2 * Math.PI;
    for (const share of [1 / 3, 2 / 3]) {
      const angle = from + turn * share;
      pen.to(middleX + BEHIND * radius * Math.cos(angle), middleY - BEHIND * radius * Math.sin(angle));
    }
  }

  // Returns how often the curve crosses the way from the opposite point to the pole.
  function curve(pen, xyz) {
    let crossings = 0;
    let px = 0;
    let py = 0;
    let pz = 0;
    let ux = 0;
    let uy = 1;
    let open = false;
    const go = (x, y) => {
      if (open) pen.to(x, y);
      else pen.start(x, y);
      open = true;
    };
    const last = xyz.length;
    for (let i = 0; i <= last; i += 3) {
      const k = i === last ? 0 : i; // closes what is not closed
      const x = e0 * xyz[k] + e1 * xyz[k + 1];
      const y = n0 * xyz[k] + n1 * xyz[k + 1] + n2 * xyz[k + 2];
      const z = o0 * xyz[k] + o1 * xyz[k + 1] + o2 * xyz[k + 2];
      if (i > 0 && px < 0 !== x < 0) {
        const share = px / (px - x);
        const turn = Math.atan2(py + share * (y - py), -(pz + share * (z - pz)));
        if (turn > 0 && turn < northTurn) crossings += 1;
      }
      if (i > 0 && pz < 0 !== z < 0) {
        const share = pz / (pz - z);
        const hx = px + share * (x - px);
        const hy = py + share * (y - py);
        const scale = radius / Math.hypot(hx, hy);
        go(middleX + hx * scale, middleY - hy * scale);
      }
      if (z < 0) {
        const length = Math.hypot(x, y);
        const vx = length ? x / length : ux;
        const vy = length ? y / length : uy;
        if (i > 0 && pz < 0 && ux * vx + uy * vy < NARROW) round(pen, ux, uy, vx, vy);
        ux = vx;
        uy = vy;
        go(middleX + BEHIND * radius * vx, middleY - BEHIND * radius * vy);
      } else {
        go(middleX + radius * x, middleY - radius * y);
      }
      px = x;
      py = y;
      pz = z;
    }
    pen.close();
    return crossings;
  }

  /** Traces what an odd number of closed curves enclose; `atPole` says whether the north pole is inside. */
  function curves(sink, lines, atPole) {
    const pen = new Pen(sink, width, height);
    let inside = atPole;
    for (const line of lines) {
      const ball = onBall(line);
      if (!seen(ball) && !holdsPole(ball)) continue;
      if (curve(pen, ball.xyz) % 2) inside = !inside;
    }
    if (inside) wholeBox(sink, width, height);
  }

  function line(sink, points) {
    const ball = onBall(points);
    if (!seen(ball)) return;
    const { xyz } = ball;
    const pen = new Pen(sink, width, height);
    let px = 0;
    let py = 0;
    let pz = -1;
    for (let i = 0; i < xyz.length; i += 3) {
      const x = e0 * xyz[i] + e1 * xyz[i + 1];
      const y = n0 * xyz[i] + n1 * xyz[i + 1] + n2 * xyz[i + 2];
      const z = o0 * xyz[i] + o1 * xyz[i + 1] + o2 * xyz[i + 2];
      const crosses = i > 0 && pz < 0 !== z < 0;
      const share = crosses ? pz / (pz - z) : 0;
      const hx = middleX + radius * (px + share * (x - px));
      const hy = middleY - radius * (py + share * (y - py));
      if (z >= 0) {
        if (crosses) pen.start(hx, hy);
        if (i === 0) pen.start(middleX + radius * x, middleY - radius * y);
        else pen.to(middleX + radius * x, middleY - radius * y);
      } else if (crosses) {
        pen.to(hx, hy);
        pen.finish();
      }
      px = x;
      py = y;
      pz = z;
    }
    pen.finish();
  }

  return {
    width,
    height,
    radius,
    curves,
    line,
    area: (sink, region) => curves(sink, [...region.loops, ...region.belts], poleInside(region)),
    /** One path for several regions, to be filled by the nonzero rule: what lies in any of them. */
    union(sink, regions) {
      for (const region of regions) curves(sink, oriented(region), poleInside(region));
    },
    pixels(lonlat) {
      const at = project(lonlat);
      return at ? [at] : [];
    },
  };
}

// ---- the flat map

const unitOfLine = new WeakMap();

function onPlane(line) {
  if (!unitOfLine.has(line)) {
    const xy = new Float64Array(lengthOf(line) * 2);
    let west = Infinity;
    let east = -Infinity;
    let i = 0;
    eachPoint(line, (lon, lat) => {
      xy[i] = mercatorX(lon);
      xy[i + 1] = mercatorY(lat);
      west = Math.min(west, xy[i]);
      east = Math.max(east, xy[i]);
      i += 2;
    });
    unitOfLine.set(line, { xy, west, east });
  }
  return unitOfLine.get(line);
}

/** Traces lines and areas of the endless Mercator world; `frame` as mercatorFrame gives it. */
export function mercatorTracer(frame) {
  const { left, top, size, width, height } = frame;

  function turns({ west, east }) {
    const first = Math.ceil((left - PAD) / size - east);
    const last = Math.floor((left + width + PAD) / size - west);
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
  }

  function run(pen, xy, shift, from) {
    for (let i = from; i < xy.length; i += 2) {
      const x = (xy[i] + shift) * size - left;
      const y = xy[i + 1] * size - top;
      if (i === 0) pen.start(x, y);
      else pen.to(x, y);
    }
  }

  const isBelt = ({ xy }) => Math.abs(Math.abs(xy[xy.length - 2] - xy[0]) - 1) < 1e-6;

  // All copies of a belt are one line, so that dashes and joins run on.
  function beltRun(pen, plane) {
    const westward = plane.xy[0] > plane.xy[plane.xy.length - 2];
    const copies = turns(plane);
    if (westward) copies.reverse();
    copies.forEach((turn, index) => run(pen, plane.xy, turn, index === 0 ? 0 : 2));
    return { westward, any: copies.length > 0 };
  }

  function area(sink, region) {
    const pen = new Pen(sink, width, height);
    for (const line of region.loops) {
      const plane = onPlane(line);
      for (const turn of turns(plane)) {
        run(pen, plane.xy, turn, 0);
        pen.close();
      }
    }
    const far = width + 4 * PAD;
    for (const line of region.belts) {
      const { westward, any } = beltRun(pen, onPlane(line));
      if (!any) continue;
      const ends = westward ? [-far, far] : [far, -far];
      const above = Math.min(-top, 0) - 4 * PAD;
      for (const x of ends) pen.to(x, above);
      pen.close();
    }
    if (region.inverted) wholeBox(sink, width, height);
  }

  function line(sink, points) {
    const pen = new Pen(sink, width, height);
    const plane = onPlane(points);
    if (isBelt(plane)) {
      beltRun(pen, plane);
      pen.finish();
      return;
    }
    for (const turn of turns(plane)) {
      run(pen, plane.xy, turn, 0);
      pen.finish();
    }
  }

  return {
    width,
    height,
    area,
    line,
    pixels([lon, lat]) {
      if (Math.abs(lat) > MERCATOR_LIMIT) return [];
      const x = mercatorX(lon);
      const y = mercatorY(lat) * size - top;
      return turns({ west: x, east: x }).map((turn) => [(x + turn) * size - left, y]);
    },
  };
}
