import assert from "node:assert/strict";
import test from "node:test";
import { geoArea, geoContains } from "d3-geo";
import {
  direct, distanceKm, latitudeOf, MAX_DISTANCE_KM, MERCATOR_LIMIT, mercatorOf, normalise,
} from "../src/geodesy.js";
import { bandRegion, between, ringRegion, ringVertices, sphericalRings } from "../src/rings.js";
import { anywhere, randomNumbers } from "./random.mjs";

const linesOf = (region) => [...region.loops, ...region.belts];
const only = (region) => {
  const lines = linesOf(region);
  assert.equal(lines.length, 1);
  return lines[0];
};

// By definition: an odd number of loops and belts, of which a belt encloses all that lies north of it.
function holds(region, lon, lat) {
  let inside = region.inverted;
  for (const [lines, belt] of [[region.loops, false], [region.belts, true]]) {
    for (const line of lines) {
      const lons = line.map((point) => point[0]);
      for (const turn of [-2, -1, 0, 1, 2]) {
        const x = lon + 360 * turn;
        if (x < Math.min(...lons) - 1 || x > Math.max(...lons) + 1) continue;
        for (let i = 1; i < line.length; i += 1) {
          const [a, b] = [line[i - 1], line[i]];
          if (a[0] > x === b[0] > x) continue;
          const at = a[1] + ((b[1] - a[1]) * (x - a[0])) / (b[0] - a[0]);
          if (belt ? at < lat : at > lat) inside = !inside;
        }
      }
    }
  }
  return inside;
}

const kinds = { none: 0, north: 0, south: 0, both: 0 };
function kindOf({ belts, inverted }) {
  if (belts.length) return inverted ? "south" : "north";
  return inverted ? "both" : "none";
}

// Points of every edge, straight in longitude and latitude and in Web Mercator: how far off the ring.
function strayKm(line, lon, lat, km) {
  let most = 0;
  for (let i = 1; i < line.length; i += 1) {
    const [a, b] = [line[i - 1], line[i]];
    for (const t of [0.15, 0.35, 0.5, 0.7, 0.9]) {
      const x = a[0] + (b[0] - a[0]) * t;
      const plain = a[1] + (b[1] - a[1]) * t;
      const lats = [plain];
      if (Math.max(Math.abs(a[1]), Math.abs(b[1])) < MERCATOR_LIMIT + 1e-6) {
        lats.push(latitudeOf(mercatorOf(a[1]) + (mercatorOf(b[1]) - mercatorOf(a[1])) * t));
      }
      for (const y of lats) most = Math.max(most, Math.abs(distanceKm(lon, lat, normalise(x), y) - km));
    }
  }
  return most;
}

const random = randomNumbers(11);
const radius = () => {
  const kind = random();
  if (kind < 0.1) return MAX_DISTANCE_KM;
  if (kind < 0.2) return 19900 + 50 * random();
  return kind < 0.6 ? random() * 19900 + 1 : 10 ** (7 * random() - 3);
};
const rings = Array.from({ length: 250 }, () => [...anywhere(random), Math.min(MAX_DISTANCE_KM, radius())]);
for (const lat of [90, -90]) for (const km of [0.001, 500, 5500, 10001, 15000, 19950]) rings.push([33, lat, km]);
// Through a pole, and a hair's breadth beside it, from either side; the smallest and the largest radius.
for (const [lon, lat] of [[37.6, 55.75], [-70, -53], [180, 0], [0, 80]]) {
  for (const pole of [90, -90]) {
    const way = distanceKm(lon, lat, lon, pole);
    for (const off of [0, 1e-6, -1e-6, 1e-3, -1e-3, 1, -1]) {
      if (way + off <= MAX_DISTANCE_KM) rings.push([lon, lat, way + off]);
    }
  }
  rings.push([lon, lat, 0.001], [lon, lat, 1e-6], [lon, lat, MAX_DISTANCE_KM]);
}

test("vertices are ends of geodesics", () => {
  assert.deepEqual(ringVertices(170, 10, 5500, [0, 90, 200]), [0, 90, 200].map((at) => direct(170, 10, at, 5500)));
});

test("edges of rings stay within the tolerance in both maps", () => {
  for (const [lon, lat, km] of rings) {
    for (const tolerance of [100, 1000]) {
      const line = only(ringRegion(lon, lat, km, tolerance));
      // Rings through a pole are drawn up to 10 cm off.
      const most = Math.min(tolerance / 1000, 0.0007 * km * (tolerance / 100)) + 1e-4;
      assert.ok(strayKm(line, lon, lat, km) <= most, `${lon} ${lat} ${km}: ${strayKm(line, lon, lat, km)}`);
      assert.ok(line.length < 6000 / Math.sqrt(tolerance / 10), `${line.length} points`);
    }
  }
});

test("vertices lie on the ring, longitudes run on, and the line mirrors itself", () => {
  for (const [lon, lat, km] of rings) {
    const region = ringRegion(lon, lat, km);
    const line = only(region);
    kinds[kindOf(region)] += 1;
    for (const [x, y] of line) {
      assert.ok(Math.abs(distanceKm(lon, lat, normalise(x), y) - km) < 1.01e-4, `${lon} ${lat} ${km}`);
    }
    const total = line.at(-1)[0] - line[0][0];
    assert.ok(Math.abs(Math.abs(total) - (region.belts.length ? 360 : 0)) < 1e-9);
    assert.equal(line[0][1], line.at(-1)[1]);
    line.forEach(([x, y], i) => {
      const [mx, my] = line[line.length - 1 - i];
      assert.equal(y, my);
      const turned = (x + mx - 2 * lon) / 360;
      assert.ok(Math.abs(turned - Math.round(turned)) < 1e-9);
    });
  }
  for (const [kind, count] of Object.entries(kinds)) assert.ok(count > 5, `${kind}: ${count}`);
});

test("a ring through a pole holds it, and lines have a vertex where Web Mercator ends", () => {
  for (const [lon, lat] of [[37.6, 55.75], [-70, -53], [0, 80]]) {
    const near = Math.sign(lat) * 90;
    assert.equal(kindOf(ringRegion(lon, lat, distanceKm(lon, lat, lon, near))), near > 0 ? "north" : "south");
    assert.equal(kindOf(ringRegion(lon, lat, distanceKm(lon, lat, lon, -near))), "both");
  }
  for (const [lon, lat, km] of rings) {
    const line = only(ringRegion(lon, lat, km));
    line.slice(1).forEach(([, y], i) => {
      for (const limit of [MERCATOR_LIMIT, -MERCATOR_LIMIT]) {
        const [low, high] = [Math.min(y, line[i][1]), Math.max(y, line[i][1])];
        assert.ok(!(low < limit - 1e-9 && high > limit + 1e-9), `${lon} ${lat} ${km}: ${low} ${high}`);
      }
    });
  }
});

test("a region holds what lies within its radius, and the right poles", () => {
  for (const [lon, lat, km] of rings) {
    if (km < 0.1) continue;
    const region = ringRegion(lon, lat, km);
    for (const pole of [90, -90]) {
      const way = distanceKm(lon, lat, lon, pole);
      if (Math.abs(way - km) < 1e-4) continue;
      const kind = kindOf(region);
      assert.equal(kind === "both" || kind === (pole > 0 ? "north" : "south"), way < km, `${lon} ${lat} ${km}`);
    }
    for (let i = 0; i < 60; i += 1) {
      const [x, y] = i < 30 ? anywhere(random) : direct(lon, lat, random() * 360, km * (0.97 + 0.06 * random()));
      const way = distanceKm(lon, lat, normalise(x), y);
      if (Math.abs(way - km) < 0.15 || Math.abs(y) > 89.99) continue;
      assert.equal(holds(region, normalise(x), y), way < km, `${lon} ${lat} ${km}: ${x} ${y}`);
    }
  }
});

test("a band is its outer ring less its inner one, whatever poles they hold", () => {
  const seen = new Set();
  for (let i = 0; i < 300; i += 1) {
    const [lon, lat] = anywhere(random);
    const [a, b] = [radius() + 1, radius() + 1].map((km) => Math.min(km, MAX_DISTANCE_KM));
    if (Math.abs(a - b) < 1) continue;
    const [min, max] = [Math.min(a, b), Math.max(a, b)];
    const { region, outer, inner } = bandRegion(lon, lat, min, max);
    assert.deepEqual(linesOf(region).length, 2);
    assert.deepEqual([outer.length, inner.length], [1, 1]);
    seen.add(`${kindOf(ringRegion(lon, lat, max))}-${kindOf(ringRegion(lon, lat, min))}`);
    for (let n = 0; n < 40; n += 1) {
      const [x, y] = anywhere(random);
      const way = distanceKm(lon, lat, x, y);
      if (Math.abs(way - min) < 0.15 || Math.abs(way - max) < 0.15 || Math.abs(y) > 89.99) continue;
      assert.equal(holds(region, normalise(x), y), min < way && way < max, `${lon} ${lat} ${min} ${max}: ${x} ${y}`);
    }
  }
  for (const kind of ["none-none", "north-none", "both-none", "south-south", "both-north", "both-both"]) {
    assert.ok(seen.has(kind), kind);
  }
});

test("a thin band is drawn finer, one without minimum is the ring, and wrong ones are refused", () => {
  const { outer, inner } = bandRegion(20, 50, 1000, 1000.1, 100);
  assert.ok(strayKm(outer[0], 20, 50, 1000.1) < 0.026);
  assert.ok(strayKm(inner[0], 20, 50, 1000) < 0.026);
  assert.deepEqual(bandRegion(20, 50, 0, 1000), {
    region: ringRegion(20, 50, 1000), outer: ringRegion(20, 50, 1000).loops, inner: [],
  });
  for (const [min, max] of [[0, 0], [5, 5], [-1, 5], [0, 19951], [0, NaN], [NaN, 5]]) {
    assert.throws(() => bandRegion(0, 0, min, max), RangeError);
  }
  assert.throws(() => ringRegion(0, 0, 0), RangeError);
});

test("for d3-geo the rings fill the region and nothing else", () => {
  const seen = new Set();
  const check = (region, inside, what) => {
    const polygon = { type: "Polygon", coordinates: sphericalRings(region) };
    for (const ring of polygon.coordinates) assert.deepEqual(ring[0], ring.at(-1));
    for (let n = 0; n < 25; n += 1) {
      const [x, y] = anywhere(random);
      const expected = inside(x, y);
      if (expected !== null) assert.equal(geoContains(polygon, [x, y]), expected, `${what}: ${x} ${y}`);
    }
    return geoArea(polygon);
  };
  for (const [lon, lat, km] of rings) {
    if (km < 1) continue;
    const region = ringRegion(lon, lat, km);
    const within = (x, y) => {
      const way = distanceKm(lon, lat, x, y);
      return Math.abs(way - km) < 1 ? null : way < km;
    };
    const area = check(region, within, `${lon} ${lat} ${km}`);
    // The area of the cap on a sphere of the same size, as far as the ellipsoid allows.
    const cap = 2 * Math.PI * (1 - Math.cos(km / 6371));
    assert.ok(Math.abs(area - cap) < 0.02 * Math.min(cap, 1) + 0.02, `${lon} ${lat} ${km}: ${area} for ${cap}`);
    const min = km * (0.05 + 0.9 * random());
    const inner = ringRegion(lon, lat, min);
    seen.add(`${kindOf(region)}-${kindOf(inner)}`);
    const both = (x, y) => {
      const way = distanceKm(lon, lat, x, y);
      return Math.abs(way - km) < 1 || Math.abs(way - min) < 1 ? null : min < way && way < km;
    };
    check(between(region, inner), both, `${lon} ${lat} ${min} ${km}`);
  }
  for (const kind of ["none-none", "north-none", "south-none", "both-none", "north-north", "both-both", "both-south"]) {
    assert.ok(seen.has(kind), kind);
  }
});
