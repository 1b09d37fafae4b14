import assert from "node:assert/strict";
import test from "node:test";
import {
  EARTH_KM, globeRadius, holds, mercatorFrame, mercatorProjector, mercatorTracer, orthographicProjector,
  orthographicTracer, viewHolding, viewOf, worldSize, wrapped, zoomOf,
} from "../src/project.js";
import { Counter } from "../src/paint.js";

const RADIANS = Math.PI / 180;
const near = (a, b, by = 1e-6) => assert.ok(Math.abs(a - b) <= by, `${a} is not ${b}`);

// A ring on the sphere as a region: a loop, or a belt if it goes round a pole.
function disc(lon, lat, km, steps = 240) {
  const angle = km / EARTH_KM;
  const line = [];
  for (let i = 0; i <= steps; i += 1) {
    const azimuth = ((i % steps) / steps) * 2 * Math.PI;
    const sine = Math.sin(lat * RADIANS) * Math.cos(angle) +
      Math.cos(lat * RADIANS) * Math.sin(angle) * Math.cos(azimuth);
    const east = Math.atan2(
      Math.sin(azimuth) * Math.sin(angle) * Math.cos(lat * RADIANS),
      Math.cos(angle) - Math.sin(lat * RADIANS) * sine,
    );
    let at = lon + east / RADIANS;
    if (line.length) at -= 360 * Math.round((at - line[line.length - 1][0]) / 360);
    line.push([at, Math.asin(sine) / RADIANS]);
  }
  const belt = Math.abs(line[steps][0] - line[0][0]) > 180;
  return {
    loops: belt ? [] : [line],
    belts: belt ? [line] : [],
    inverted: (lat + 90) * RADIANS < angle,
  };
}

const between = (outer, inner) => ({
  loops: [...outer.loops, ...inner.loops],
  belts: [...outer.belts, ...inner.belts],
  inverted: outer.inverted !== inner.inverted,
});

function kmBetween([lonA, latA], [lonB, latB]) {
  const cosine = Math.sin(latA * RADIANS) * Math.sin(latB * RADIANS) +
    Math.cos(latA * RADIANS) * Math.cos(latB * RADIANS) * Math.cos((lonA - lonB) * RADIANS);
  return EARTH_KM * Math.acos(Math.max(-1, Math.min(1, cosine)));
}

const SITES = [[15, 50], [179.5, -17], [0, -80], [40, 75], [-179, 2], [120, -45], [10, 89.9]];
const VIEWS = [[15, 45], [180, -18], [-90, 88], [30, -90], [-60, 0], [100, -40], [-165, -50], [195, 10]]
  .flatMap(([lon, lat]) => [{ lon, lat, kmPerPixel: 60 }, { lon, lat, kmPerPixel: 9 }]);

// A generator of numbers that are the same every time.
function randomly(seed) {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

test("zoom and view are each other's inverse", () => {
  for (const [zoom, lat] of [[2, 0], [4.25, 52], [7, -71]]) {
    near(zoomOf(viewOf(zoom, 10, lat)), zoom);
  }
  near(worldSize(viewOf(3, 0, 40)), 2048);
  near(globeRadius({ lon: 0, lat: 0, kmPerPixel: EARTH_KM / 300 }), 300);
});

test("a view at a pole has a zoom", () => {
  assert.ok(Number.isFinite(zoomOf({ lon: 0, lat: 90, kmPerPixel: 10 })));
});

test("longitudes are brought back", () => {
  assert.deepEqual([190, -190, 540, 180, -180, 5].map(wrapped), [-170, 170, -180, -180, -180, 5]);
});

test("pixels of both projections go to and fro", () => {
  const view = { lon: 170, lat: 40, kmPerPixel: 15 };
  for (const make of [mercatorProjector, orthographicProjector]) {
    const projector = make(view, 800, 600);
    for (const lonlat of [[170, 40], [-175, 30], [150, 55]]) {
      const back = projector.fromPixel(projector.toPixel(lonlat));
      near(back[0], lonlat[0], 1e-9);
      near(back[1], lonlat[1], 1e-9);
    }
    const centre = projector.toPixel([170, 40]);
    near(centre[0], 400);
    near(centre[1], 300);
    near(projector.kmPerPixelAt([170, 40]), 15);
  }
});

test("what is hidden has no pixel", () => {
  const globe = orthographicProjector({ lon: 0, lat: 0, kmPerPixel: 20 }, 800, 600);
  assert.equal(globe.toPixel([180, 0]), null);
  assert.equal(globe.kmPerPixelAt([120, 0]), null);
  assert.equal(globe.fromPixel([0, 0]), null);
  const map = mercatorProjector({ lon: 0, lat: 0, kmPerPixel: 100 }, 800, 600);
  assert.equal(map.toPixel([0, 89]), null);
  assert.equal(map.fromPixel([400, -5]), null);
});

test("ten pixels at the centre are ten times the scale", () => {
  const view = { lon: 25, lat: 60, kmPerPixel: 4 };
  for (const make of [mercatorProjector, orthographicProjector]) {
    const projector = make(view, 800, 600);
    near(kmBetween(projector.fromPixel([395, 300]), projector.fromPixel([405, 300])), 40, 0.1);
  }
});

test("the point held stays under the pointer", () => {
  const random = randomly(7);
  for (let i = 0; i < 300; i += 1) {
    const view = { lon: random() * 360 - 180, lat: random() * 120 - 60, kmPerPixel: 20 };
    const from = [400 + random() * 200 - 100, 300 + random() * 200 - 100];
    const to = [from[0] + random() * 40 - 20, from[1] + random() * 40 - 20];
    const held = orthographicProjector(view, 800, 600).fromPixel(from);
    const next = viewHolding(view, held, to, 800, 600);
    assert.ok(Math.abs(next.lat) <= 90);
    if (Math.abs(next.lat) === 90) continue;
    const at = orthographicProjector(next, 800, 600).toPixel(held);
    near(at[0], to[0], 0.01);
    near(at[1], to[1], 0.01);
  }
});

test("a region holds what lies within its range", () => {
  const random = randomly(3);
  for (const [lon, lat] of SITES) {
    for (const km of [500, 5500, 12000, 18500]) {
      const region = disc(lon, lat, km);
      for (let i = 0; i < 100; i += 1) {
        const point = [random() * 720 - 360, Math.asin(random() * 2 - 1) / RADIANS];
        const away = kmBetween(point, [lon, lat]);
        if (Math.abs(away - km) < 60) continue;
        assert.equal(holds(region, point), away < km, `${point} ${lon} ${lat} ${km}`);
      }
    }
  }
});

// Every pixel of every view must show what is true of its place: no seam, no hole, no turned globe.
function check(makeTracer, projector, view, width, height) {
  const random = randomly(11);
  for (const [lon, lat] of SITES) {
    for (const [most, least] of [[500, 0], [5500, 500], [12000, 3000], [18500, 1000]]) {
      const region = least ? between(disc(lon, lat, most), disc(lon, lat, least)) : disc(lon, lat, most);
      const counter = new Counter(width, height);
      counter.begin();
      makeTracer().area(counter, region);
      counter.end();
      const counts = counter.counts();
      for (let i = 0; i < 150; i += 1) {
        const [column, row] = [Math.floor(random() * width), Math.floor(random() * height)];
        const lonlat = projector.fromPixel([column + 0.5, row + 0.5]);
        if (!lonlat) continue;
        const away = kmBetween(lonlat, [lon, lat]);
        const unsure = 80 + 3 * view.kmPerPixel;
        if (Math.abs(away - most) < unsure || Math.abs(away - least) < unsure) continue;
        const expected = away < most && away > least ? 1 : 0;
        assert.equal(counts[row * width + column], expected,
          `view ${JSON.stringify(view)} site ${lon},${lat} ${least}-${most} at ${lonlat}`);
      }
    }
  }
}

test("areas of the globe are where they are", () => {
  for (const view of VIEWS) {
    check(() => orthographicTracer(view, 400, 300), orthographicProjector(view, 400, 300), view, 400, 300);
  }
});

test("areas of the flat map are where they are, on every copy", () => {
  for (const view of VIEWS) {
    if (Math.abs(view.lat) > 80) continue;
    const frame = mercatorFrame(view, 400, 300);
    check(() => mercatorTracer(frame), mercatorProjector(view, 400, 300), view, 400, 300);
  }
});

// How often a path winds round a point, counter-clockwise as seen.
class Winding {
  constructor(x, y) {
    Object.assign(this, { x, y, turns: 0 });
  }

  moveTo(x, y) {
    this.from = this.start = [x, y];
  }

  lineTo(x, y) {
    const [px, py] = this.from;
    if (py <= this.y !== y <= this.y) {
      const cross = px + ((this.y - py) * (x - px)) / (y - py);
      if (cross > this.x) this.turns += y < py ? 1 : -1;
    }
    this.from = [x, y];
  }

  closePath() {
    this.lineTo(...this.start);
  }
}

test("a union's path goes once round every region, however it is turned", () => {
  const random = randomly(5);
  for (const view of VIEWS) {
    const projector = orthographicProjector(view, 400, 300);
    const tracer = orthographicTracer(view, 400, 300);
    for (const [lon, lat] of SITES) {
      const region = between(disc(lon, lat, 5500), disc(lon, lat, 500));
      const turned = { ...region, loops: region.loops.map((line) => [...line].reverse()) };
      for (const one of [region, turned]) {
        for (let i = 0; i < 20; i += 1) {
          const pixel = [random() * 400, random() * 300];
          const lonlat = projector.fromPixel(pixel);
          if (!lonlat) continue;
          const away = kmBetween(lonlat, [lon, lat]);
          if (Math.abs(away - 5500) < 300 || Math.abs(away - 500) < 300) continue;
          const winding = new Winding(...pixel);
          tracer.union(winding, [one]);
          const expected = away < 5500 && away > 500 ? 1 : 0;
          assert.equal(winding.turns, expected, `${lon},${lat} ${JSON.stringify(view)}`);
        }
      }
    }
  }
});

test("a line is cut at the horizon", () => {
  const view = { lon: 0, lat: 0, kmPerPixel: EARTH_KM / 200 };
  const points = [];
  const sink = { moveTo: (x, y) => points.push([x, y]), lineTo: (x, y) => points.push([x, y]) };
  orthographicTracer(view, 500, 500).line(sink, [[-170, 0], [170, 0]]);
  assert.ok(points.length > 10);
  for (const [x, y] of points) assert.ok(Math.hypot(x - 250, y - 250) <= 200 + 1e-6);
  near(points[0][0], 50, 0.01);
  near(points[points.length - 1][0], 450, 0.01);
});

test("belts run on from copy to copy", () => {
  const frame = mercatorFrame({ lon: 0, lat: 0, kmPerPixel: 100 }, 1600, 300);
  let starts = 0;
  const sink = { moveTo: () => (starts += 1), lineTo() {} };
  mercatorTracer(frame).line(sink, [[-180, 40], [0, 50], [180, 40]]);
  assert.equal(starts, 1);
});
