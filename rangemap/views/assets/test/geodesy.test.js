import assert from "node:assert/strict";
import test from "node:test";
import {
  direct, distanceKm, ESTIMATE_DRIFT, ESTIMATE_SLACK_KM, estimateKm, geodesicLine, inverse, isWithin, latitudeOf,
  limitOf, mercatorOf, normalise, pointOn,
} from "../src/geodesy.js";
import { anywhere, randomNumbers } from "./random.mjs";

const near = (a, b, by) => assert.ok(Math.abs(a - b) <= by, `${a} is not ${b}`);
const estimate = (a, b) => estimateKm(a.x, a.y, a.z, b.x, b.y, b.z);

test("published geodesics come out", () => {
  // The worked problems of Karney (2013): direct, and inverse for nearly opposite points.
  const [lon, lat] = direct(0, 40, 30, 10000);
  near(lon, 137.84490004377, 1e-11);
  near(lat, 41.79331020506, 1e-11);
  const opposite = inverse(0, -30, 179.8, 29.9);
  near(opposite.km, 19989.83282761, 1e-9);
  near(opposite.azimuth1, 161.89052473633, 1e-11);
  near(opposite.azimuth2, 18.09073724574, 1e-11);
  near(distanceKm(0, -30, 179.8, 29.9), opposite.km, 1e-9);
  // A quarter of a meridian.
  near(distanceKm(12, 0, 77, 90), 10001.965729, 1e-6);
});

test("longitudes come back into [-180, 180)", () => {
  for (const [given, expected] of [[0, 0], [180, -180], [-180, -180], [190, -170], [-190, 170], [900, -180], [37.6, 37.6]]) {
    assert.equal(normalise(given), expected);
  }
});

test("direct runs on beyond +-180 and undoes inverse", () => {
  assert.ok(direct(170, 0, 90, 5000)[0] > 200);
  assert.ok(direct(-170, 10, -90, 5000)[0] < -200);
  const random = randomNumbers(1);
  for (let i = 0; i < 500; i += 1) {
    const [lon, lat] = anywhere(random);
    const [azimuth, km] = [random() * 360, random() * 15000];
    const [lon2, lat2] = direct(lon, lat, azimuth, km);
    near(distanceKm(lon, lat, normalise(lon2), lat2), km, 1e-6);
  }
});

test("bounds settle most pairs, and give the geodesic's verdict for all", () => {
  const random = randomNumbers(2);
  let settled = 0;
  for (let i = 0; i < 20000; i += 1) {
    const [a, b] = [anywhere(random), anywhere(random)];
    const km = distanceKm(...a, ...b);
    const radius = i % 2 ? random() * 20100 : Math.max(0, km + (random() - 0.5) * 10 ** (-6 * random()));
    const limit = limitOf(radius);
    const [p, q] = [pointOn(...a), pointOn(...b)];
    assert.equal(isWithin(p, q, limit), km <= radius, `${a} ${b} ${radius}`);
    const chord = (p.x - q.x) ** 2 + (p.y - q.y) ** 2 + (p.z - q.z) ** 2;
    if (i % 2 && (chord <= limit.surely || chord > limit.never)) settled += 1;
  }
  assert.ok(settled > 9700, `${settled} of 10000`);
});

test("the estimate of a distance is as good as it says, and its error changes as slowly", () => {
  const random = randomNumbers(3);
  let worst = 0;
  let drift = 0;
  for (let i = 0; i < 30000; i += 1) {
    const [a, b] = [anywhere(random), anywhere(random)];
    const found = estimate(pointOn(...a), pointOn(...b));
    if (Number.isNaN(found)) continue;
    const error = found - distanceKm(...a, ...b);
    worst = Math.max(worst, Math.abs(error));
    const step = 10 ** (3 * random());
    const [lon, lat] = direct(...a, random() * 360, step);
    const other = estimate(pointOn(lon, lat), pointOn(...b));
    if (!Number.isNaN(other)) {
      drift = Math.max(drift, Math.abs(other - distanceKm(lon, lat, ...b) - error) / step);
    }
  }
  assert.ok(worst < ESTIMATE_SLACK_KM / 2, `${worst}`);
  assert.ok(worst > ESTIMATE_SLACK_KM / 4, `${worst} would allow for less slack`);
  assert.ok(drift < ESTIMATE_DRIFT / 2, `${drift}`);
  assert.equal(estimate(pointOn(10, 20), pointOn(10, 20)), 0);
});

// How far points of edges, straight in either map, are from a geodesic, across it.
function strayKm(line, from, to) {
  const { km, azimuth1 } = inverse(...from, ...to);
  let most = 0;
  for (let i = 1; i < line.length; i += 1) {
    const [a, b] = [line[i - 1], line[i]];
    for (const t of [0.25, 0.5, 0.75]) {
      const lon = a[0] + (b[0] - a[0]) * t;
      const lats = [a[1] + (b[1] - a[1]) * t];
      if (Math.max(Math.abs(a[1]), Math.abs(b[1])) < 85) {
        lats.push(latitudeOf(mercatorOf(a[1]) + (mercatorOf(b[1]) - mercatorOf(a[1])) * t));
      }
      for (const lat of lats) {
        const found = inverse(...from, lon, lat);
        const across = Math.sin(((found.azimuth1 - azimuth1) * Math.PI) / 180) * Math.sin(found.km / 6371) * 6371;
        most = Math.max(most, Math.min(Math.abs(across), found.km, Math.abs(km - found.km) + 1));
      }
    }
  }
  return most;
}

test("lines keep to the geodesic between their ends, without a jump", () => {
  const random = randomNumbers(4);
  for (let i = 0; i < 150; i += 1) {
    const [from, to] = [anywhere(random), anywhere(random)];
    if (distanceKm(...from, ...to) > 19000) continue;
    const line = geodesicLine(...from, ...to);
    const atPole = [from, to].some(([, lat]) => Math.abs(lat) === 90);
    assert.equal(line[0][1], from[1]);
    assert.equal(line.at(-1)[1], to[1]);
    if (!atPole) {
      assert.equal(line[0][0], from[0]);
      near(normalise(line.at(-1)[0] - to[0]), 0, 1e-9);
    }
    assert.ok(strayKm(line, from, to) < 0.13, `${from} ${to}: ${strayKm(line, from, to)}`);
    line.slice(1).forEach(([lon, lat], n) => {
      if (Math.abs(lat) < 89 && Math.abs(line[n][1]) < 89) assert.ok(Math.abs(lon - line[n][0]) < 60);
    });
  }
});

test("long edges at high latitudes are straight in Web Mercator too", () => {
  const random = randomNumbers(5);
  for (let i = 0; i < 300; i += 1) {
    const from = [0, 60 + 20 * random()];
    const to = [60 * random(), 60 + 22 * random()];
    const stray = strayKm(geodesicLine(...from, ...to, 2000), from, to);
    assert.ok(stray < 0.13, `${from} ${to}: ${stray}`);
  }
});

test("lines to a pole, over a pole, across the date line and of no length", () => {
  for (const [lon] of geodesicLine(20, 50, -100, 90)) near(lon, 20, 1e-9);
  for (const [lon] of geodesicLine(0, -90, 77, 10)) near(lon, 77, 1e-9);
  const over = geodesicLine(10, 60, -170, 70);
  near(over.at(-1)[0], over[0][0] + (over.at(-1)[0] > 0 ? 180 : -180), 1e-9);
  assert.ok(over.every(([lon, lat]) => lat > 85 || Math.abs(lon - 10) < 1e-6 || Math.abs(Math.abs(lon - 10) - 180) < 1e-6));
  assert.ok(Math.max(...over.map(([, lat]) => lat)) > 89.9);
  near(geodesicLine(170, -10, -170, 20).at(-1)[0], 190, 1e-9);
  near(geodesicLine(-170, -10, 170, 20).at(-1)[0], -190, 1e-9);
  assert.deepEqual(geodesicLine(5, 5, 5, 5), [[5, 5], [5, 5]]);
  assert.ok(geodesicLine(0, 0, 90, 0, 10).length > 900);
});
