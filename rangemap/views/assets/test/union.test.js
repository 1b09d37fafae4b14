import assert from "node:assert/strict";
import test from "node:test";
import { direct, distanceKm, normalise } from "../src/geodesy.js";
import { ringRegion } from "../src/rings.js";
import { unionLines } from "../src/union.js";
import { anywhere, randomNumbers } from "./random.mjs";

const RADIANS = Math.PI / 180;
const linesOf = ({ outer, inner }) => [...outer, ...inner];

const xyz = ([lon, lat]) => [
  Math.cos(lat * RADIANS) * Math.cos(lon * RADIANS), Math.cos(lat * RADIANS) * Math.sin(lon * RADIANS),
  Math.sin(lat * RADIANS),
];

/** Pieces of lines as short chords on a sphere, and the distance of points from the nearest, km, roughly. */
function pieces(lines) {
  const found = [];
  for (const line of lines) {
    for (let i = 1; i < line.length; i += 1) {
      const [a, b] = [line[i - 1], line[i]];
      const parts = Math.max(1, Math.ceil(Math.abs(b[0] - a[0]) / 0.3), Math.ceil(Math.abs(b[1] - a[1]) / 0.3));
      const at = (t) => xyz([a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]);
      for (let n = 0; n < parts; n += 1) found.push([at(n / parts), at((n + 1) / parts)]);
    }
  }
  return (point) => {
    const p = xyz(point);
    let best = Infinity;
    for (const [a, b] of found) {
      const d = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
      const length = d[0] ** 2 + d[1] ** 2 + d[2] ** 2;
      const along = (p[0] - a[0]) * d[0] + (p[1] - a[1]) * d[1] + (p[2] - a[2]) * d[2];
      const t = length === 0 ? 0 : Math.max(0, Math.min(1, along / length));
      const off = (p[0] - a[0] - t * d[0]) ** 2 + (p[1] - a[1] - t * d[1]) ** 2 + (p[2] - a[2] - t * d[2]) ** 2;
      if (off < best) best = off;
    }
    return Math.sqrt(best) * 6371;
  };
}

const sameSite = (a, b) => distanceKm(a.lon, a.lat, b.lon, b.lat) < 1e-6;

/** How deep a point lies in the interior of another band; of a band of the same site it is known exactly. */
function depthOf(bands, of, radius, [lon, lat]) {
  let deepest = -Infinity;
  for (const band of bands) {
    const km = sameSite(band, of) ? radius : distanceKm(band.lon, band.lat, normalise(lon), lat);
    deepest = Math.max(deepest, Math.min(km - (band.minKm || -1), band.maxKm - km));
  }
  return deepest;
}

function check(bands, random, samples) {
  const found = unionLines(bands);
  const offOuter = pieces(found.outer);
  const offInner = pieces(found.inner);
  const offAny = pieces(linesOf(found));
  const seen = { drawn: 0, covered: 0 };
  for (const band of bands) {
    for (const [radius, off] of [[band.maxKm, offOuter], [band.minKm, offInner]]) {
      if (radius < 1e-6) continue;
      for (let i = 0; i < samples; i += 1) {
        const point = direct(band.lon, band.lat, random() * 360, radius);
        const depth = depthOf(bands, band, radius, point);
        const what = `${JSON.stringify(bands)} ${JSON.stringify(band)} ${radius} ${point} ${depth}`;
        // Lines keep to the ring within 100 m (this measure is rough by 20 m), ends within 50 m.
        if (depth <= 0) {
          assert.ok(off(point) < 0.17, `${what} is not drawn: ${off(point)}`);
          seen.drawn += 1;
        } else if (depth > 0.3) {
          assert.ok(offAny(point) > 0.05, `${what} is drawn`);
          seen.covered += 1;
        }
      }
    }
  }
  // And whatever is drawn lies on a ring, in no band.
  for (const [lines, key] of [[found.outer, "maxKm"], [found.inner, "minKm"]]) {
    for (const line of lines) {
      line.slice(1).forEach(([lon], i) => assert.ok(Math.abs(lon - line[i][0]) < 200, "longitudes jump"));
      for (const [lon, lat] of line) {
        const on = bands.filter((band) =>
          band[key] > 0 && Math.abs(distanceKm(band.lon, band.lat, normalise(lon), lat) - band[key]) < 2e-4);
        assert.ok(on.length > 0, `${JSON.stringify(bands)}: ${lon} ${lat} is on no ring`);
        const depth = Math.min(...on.map((band) => depthOf(bands, band, band[key], [lon, lat])));
        assert.ok(depth < 0.06, `${JSON.stringify(bands)}: ${lon} ${lat} lies ${depth} km deep`);
      }
    }
  }
  return seen;
}

function total(found) {
  const sum = { drawn: 0, covered: 0 };
  for (const { drawn, covered } of found) {
    sum.drawn += drawn;
    sum.covered += covered;
  }
  return sum;
}

test("clusters of treaty bands, as dense samples have it", () => {
  const random = randomNumbers(21);
  const found = [];
  for (const [lon, lat, spread] of [[30, 52, 25], [120, 25, 20], [175, -10, 30], [-60, 80, 10], [0, -88, 2], [40, 55, 0.05]]) {
    const bands = Array.from({ length: 7 }, () => ({
      lon: lon + (random() - 0.5) * spread * 2, lat: Math.max(-90, Math.min(90, lat + (random() - 0.5) * spread)),
      minKm: 500, maxKm: 5500,
    }));
    found.push(check(bands, random, 200));
  }
  // Close together: the estimate of a distance must be put right by that to the ring's own site.
  for (const maxKm of [9000, 14000, 17000, 17900]) {
    const [lon, lat] = [random() * 300, random() * 100 - 50];
    const bands = Array.from({ length: 4 }, () => ({
      lon: normalise(lon + random() / 10), lat: lat + random() / 10, minKm: 0, maxKm,
    }));
    found.push(check(bands, random, 300));
  }
  const { drawn, covered } = total(found);
  assert.ok(drawn > 1000 && covered > 1000, `${drawn} ${covered}`);
});

test("bands of any size anywhere, as dense samples have it", () => {
  const random = randomNumbers(22);
  const found = [];
  for (let n = 0; n < 60; n += 1) {
    const [lon, lat] = anywhere(random);
    const bands = Array.from({ length: 2 + Math.floor(random() * 4) }, () => {
      const [x, y] = random() < 0.3 ? anywhere(random) : direct(lon, lat, random() * 360, random() * 3000);
      const maxKm = random() < 0.2 ? 15000 + random() * 4950 : 10 ** (1 + 3 * random());
      return { lon: normalise(x), lat: y, minKm: random() < 0.5 ? 0 : maxKm * random() * 0.9, maxKm };
    });
    found.push(check(bands, random, 100));
  }
  const { drawn, covered } = total(found);
  assert.ok(drawn > 3000 && covered > 3000, `${drawn} ${covered}`);
});

test("a small band on the ring of a large one is not stepped over", () => {
  const random = randomNumbers(23);
  for (let n = 0; n < 20; n += 1) {
    const large = { lon: 20, lat: 40, minKm: 0, maxKm: 4000 };
    const [lon, lat] = direct(20, 40, random() * 360, 4000 + (random() - 0.5) * 4);
    const small = { lon: normalise(lon), lat, minKm: 0, maxKm: 3 + random() * 10 };
    const { outer } = unionLines([large, small]);
    assert.equal(outer.length, 2, `${lon} ${lat}`);
    for (const line of outer) {
      for (const end of [line[0], line.at(-1)]) {
        const ways = [large, small].map((one) => distanceKm(one.lon, one.lat, normalise(end[0]), end[1]) - one.maxKm);
        assert.ok(Math.max(...ways.map(Math.abs)) < 0.05, `${ways}`);
      }
    }
    check([large, small], random, 300);
  }
});

test("a band that but grazes another's ring is not stepped over", () => {
  const random = randomNumbers(25);
  for (let n = 0; n < 40; n += 1) {
    const large = { lon: 20, lat: 40, minKm: 0, maxKm: 3000 };
    const other = { minKm: 0, maxKm: 300 + random() * 500 };
    const overlap = 0.03 + random() * 0.3;
    const [lon, lat] = direct(20, 40, random() * 360, 3000 + other.maxKm - overlap);
    Object.assign(other, { lon: normalise(lon), lat });
    const { outer } = unionLines([large, other]);
    assert.equal(outer.length, 2);
    for (const line of outer) assert.ok(distanceKm(...line[0], ...line.at(-1)) > 1, `${overlap} of ${other.maxKm}`);
  }
});

test("rings that all but touch are left whole", () => {
  for (const gap of [0.001, 0.1, 0.4]) {
    const a = { lon: 20, lat: 40, minKm: 0, maxKm: 1000 };
    const [lon, lat] = direct(20, 40, 33, 3000 + gap);
    const b = { lon, lat, minKm: 0, maxKm: 2000 };
    const whole = [a, b].flatMap((one) => ringRegion(one.lon, one.lat, one.maxKm).loops);
    assert.deepEqual(unionLines([a, b]).outer, whole);
  }
});

test("one band is its rings; far ones do not touch; the same one twice is one", () => {
  for (const [lon, lat, maxKm] of [[10, 50, 5500], [10, 50, 1000], [10, -70, 5500], [170, 5, 15000]]) {
    const band = { lon, lat, minKm: 500, maxKm };
    const region = (km) => ringRegion(lon, lat, km);
    const lines = (km) => [...region(km).loops, ...region(km).belts];
    const whole = { outer: lines(maxKm), inner: lines(500) };
    assert.deepEqual(unionLines([band]), whole);
    assert.deepEqual(unionLines([band, { ...band }, { ...band, lon: lon - 360 }]), whole);
    assert.deepEqual(unionLines([band, { ...band, maxKm: 400, minKm: 0 }]).outer.length, 2);
  }
  const far = unionLines([{ lon: 0, lat: 0, minKm: 0, maxKm: 500 }, { lon: 90, lat: 0, minKm: 0, maxKm: 500 }]);
  assert.equal(far.outer.length, 2);
  assert.deepEqual(unionLines([]), { outer: [], inner: [] });
});

test("bands of one site go by their radii alone", () => {
  const at = { lon: 30, lat: 50 };
  const count = (bands) => {
    const { outer, inner } = unionLines(bands.map(([minKm, maxKm]) => ({ ...at, minKm, maxKm })));
    return [outer.length, inner.length];
  };
  assert.deepEqual(count([[500, 5500], [0, 2000]]), [1, 0]);
  assert.deepEqual(count([[500, 5500], [0, 5500]]), [1, 0]);
  assert.deepEqual(count([[500, 5500], [0, 500]]), [2, 1]);
  assert.deepEqual(count([[500, 5500], [500, 2000]]), [1, 1]);
  const pole = [{ lon: 0, lat: 90, minKm: 0, maxKm: 900 }, { lon: 77, lat: 90, minKm: 0, maxKm: 900 }];
  assert.equal(unionLines(pole).outer.length, 1);
});

test("a run over the ring's beginning is one line with continuous longitudes", () => {
  // The northern ring is left in the north, where it begins.
  const bands = [{ lon: 20, lat: 40, minKm: 0, maxKm: 1500 }, { lon: 20, lat: 30, minKm: 0, maxKm: 1500 }];
  const { outer } = unionLines(bands);
  assert.equal(outer.length, 2);
  // The pole within both: lines of belts run on beyond a turn.
  const polar = unionLines([{ lon: 0, lat: 75, minKm: 0, maxKm: 4000 }, { lon: 180, lat: 75, minKm: 0, maxKm: 4000 }]);
  assert.equal(polar.outer.length, 2);
  for (const line of [...outer, ...polar.outer]) {
    line.slice(1).forEach(([lon], i) => assert.ok(Math.abs(lon - line[i][0]) < 20, `${line[i]} ${lon}`));
  }
});

test("the unions of sixty sites are fast", () => {
  const random = randomNumbers(24);
  const bands = Array.from({ length: 60 }, () => ({
    lon: 10 + random() * 60, lat: 45 + random() * 15, minKm: 500, maxKm: 5500,
  }));
  const times = Array.from({ length: 5 }, (_, run) => {
    const started = performance.now();
    // New latitudes each time, so that no ring is remembered.
    unionLines(bands.map((band) => ({ ...band, lat: band.lat + run * 1e-5 })));
    return performance.now() - started;
  });
  assert.ok(Math.min(...times) < 300, `${times} ms`); // about 50 ms; shared machines are slower
});
