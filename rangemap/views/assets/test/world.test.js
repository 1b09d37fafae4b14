import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { geoArea, geoContains, geoDistance } from "d3-geo";
import { decodeWorld, landForGlobe, ringsForGlobe } from "../src/world.js";

const base64Of = (scale) =>
  readFileSync(new URL(`../../../../data/world/world_${scale}.pack`, import.meta.url)).toString("base64");

const worlds = { coarse: await decodeWorld(base64Of("110m")), fine: await decodeWorld(base64Of("50m")) };
const both = Object.entries(worlds);

const points = (line) =>
  Array.from({ length: line.length / 2 }, (_, i) => [line[2 * i], line[2 * i + 1]]);

// Twice the area between a ring and the axis: positive if it is counter-clockwise.
function signedArea(ring) {
  let sum = 0;
  for (let i = 0; i + 3 < ring.length; i += 2) sum += ring[i] * ring[i + 3] - ring[i + 2] * ring[i + 1];
  return sum;
}

// By an odd number of crossings of a line to the north.
function holds(polygon, lon, lat) {
  let inside = false;
  for (const ring of polygon) {
    for (let i = 0; i + 3 < ring.length; i += 2) {
      const [x0, y0, x1, y1] = ring.subarray(i, i + 4);
      if (x0 > lon !== x1 > lon && y0 + ((y1 - y0) * (lon - x0)) / (x1 - x0) > lat) inside = !inside;
    }
  }
  return inside;
}

const somewhere = (polygons, lon, lat) => polygons.some((polygon) => holds(polygon, lon, lat));
const onFrame = ([x0, y0], [x1, y1]) => (x0 === x1 && Math.abs(x0) === 180) || (y0 === -90 && y1 === -90);
const near = (line, lon, lat, degrees) =>
  points(line).some(([x, y]) => Math.hypot(x - lon, y - lat) < degrees);

for (const [which, world] of both) {
  test(`the ${which} world has every part, within the world`, () => {
    for (const key of ["land", "lakes", "coast", "borders", "disputed", "seams"]) {
      assert.ok(world[key].length > 2, key);
      for (const line of world[key].flat()) {
        assert.ok(line instanceof Float64Array && line.length >= 4, key);
        for (const [lon, lat] of points(line)) {
          assert.ok(Math.abs(lon) <= 180 && lat >= -90 && lat < 84, `${key} ${lon} ${lat}`);
        }
      }
    }
  });

  test(`rings of the ${which} world are closed, outer ones counter-clockwise, holes clockwise`, () => {
    for (const polygon of [...world.land, ...world.lakes]) {
      polygon.forEach((ring, index) => {
        assert.deepEqual(ring.subarray(0, 2), ring.subarray(-2));
        assert.ok(signedArea(ring) * (index === 0 ? 1 : -1) > 0);
      });
    }
  });

  test(`the ${which} world has land, sea and lakes where they are`, () => {
    for (const [lon, lat] of [[2.35, 48.86], [37.6, 55.7], [-100, 40], [134, -24], [34.1, 45.2], [0, -85]]) {
      assert.ok(somewhere(world.land, lon, lat), `${lon} ${lat} is land`);
    }
    for (const [lon, lat] of [[0, 0], [-30, 40], [51, 41], [180, 0], [34, 43.5], [179, 0]]) {
      assert.ok(!somewhere(world.land, lon, lat), `${lon} ${lat} is sea`);
    }
    assert.ok(somewhere(world.lakes, -87.5, 47.5), "Lake Superior");
    assert.ok(somewhere(world.lakes, 33, -1), "Lake Victoria");
    // No two lakes lie on each other, or an even-odd fill would leave the lake out.
    for (const [ring] of world.lakes) {
      const [lon, lat] = [ring[0] + 1e-5, ring[1] + 1e-5];
      assert.ok(world.lakes.filter((polygon) => holds(polygon, lon, lat)).length <= 1, `${lon} ${lat}`);
    }
  });

  test(`coasts and seams of the ${which} world are the edges of its land`, () => {
    const edges = (lines) => lines.reduce((sum, line) => sum + line.length / 2 - 1, 0);
    const rings = world.land.flat();
    let polar = 0;
    for (const ring of rings) {
      const list = points(ring);
      polar += list.slice(1).filter((point, i) => point[1] === -90 && list[i][1] === -90).length;
    }
    assert.ok(polar > 0);
    assert.equal(edges(world.coast) + edges(world.seams) + polar, edges(rings));
    for (const line of world.coast) {
      const list = points(line);
      list.slice(1).forEach((point, i) => {
        assert.ok(!onFrame(list[i], point));
        assert.notDeepEqual(list[i], point);
      });
    }
    for (const line of world.seams) assert.ok(points(line).every(([lon]) => lon === line[0]), "one meridian");
    assert.deepEqual(new Set(world.seams.map((line) => line[0])), new Set([-180, 180]));
  });

  test(`borders of the ${which} world are between countries, and disputed lines are apart`, () => {
    const shown = (lines, lon, lat) => lines.some((line) => near(line, lon, lat, 0.6));
    assert.ok(shown(world.borders, 7.6, 48.1), "France and Germany on the Rhine");
    assert.ok(shown(world.borders, -110, 49), "the 49th parallel");
    assert.ok(shown(world.disputed, 74.0, 34.5), "the Line of Control in Kashmir");
    const edges = (lines) =>
      lines.map(points).flatMap((list) => list.slice(1).map((point, i) => [list[i], point].sort().join()));
    const disputed = new Set(edges(world.disputed));
    assert.ok(!edges(world.borders).some((edge) => disputed.has(edge)));
    const perekop = [...world.borders, ...world.disputed].flatMap(points);
    assert.ok(!perekop.some(([lon, lat]) => lon > 32.5 && lon < 35.2 && lat > 45.5 && lat < 46.3));
  });

  test(`on a globe the land of the ${which} world is wound for d3-geo and sewn at +-180`, () => {
    const coordinates = landForGlobe(world.land);
    const land = { type: "MultiPolygon", coordinates };
    const share = geoArea(land) / (4 * Math.PI);
    assert.ok(share > 0.285 && share < 0.295, `land is ${share} of the Earth`);
    for (const rings of coordinates) {
      const area = geoArea({ type: "Polygon", coordinates: rings });
      assert.ok(area > 0 && area < 2 * Math.PI, `${rings[0][0]}: ${area}`);
      for (const ring of rings) assert.deepEqual(ring[0], ring.at(-1));
    }
    for (const point of [[0, -90], [180, -89], [180, 68], [-179.99, 68], [180, 71.2], [40, 60]]) {
      assert.ok(geoContains(land, point), `${point} is land`);
    }
    for (const point of [[0, 90], [180, 0], [0, -60], [180, 75], [-169.3, 66], [51, 41]]) {
      assert.ok(!geoContains(land, point), `${point} is sea`);
    }
    // No edge runs along the antimeridian or to the pole any more, and none is long.
    for (const ring of coordinates.flat()) {
      ring.slice(1).forEach((point, i) => {
        const [a, b] = [ring[i], point];
        assert.ok(a[1] > -90 && b[1] > -90);
        const seam = Math.abs(a[0]) === 180 && Math.abs(b[0]) === 180;
        assert.ok(!seam || Math.abs(a[1] - b[1]) < 0.01, `${a} ${b}`);
        assert.ok(geoDistance(a, b) < 0.1, `${a} ${b}`);
      });
    }
    assert.ok(coordinates.length < world.land.length);
  });

  test(`polygons of the ${which} world keep their area on a globe, one by one`, () => {
    const onGlobe = (polygon) => geoArea({ type: "Polygon", coordinates: ringsForGlobe(polygon) });
    const all = world.land.map(onGlobe);
    const together = geoArea({ type: "MultiPolygon", coordinates: landForGlobe(world.land) });
    assert.ok(Math.abs(all.reduce((a, b) => a + b) - together) < 1e-6);
    assert.ok(world.lakes.every((polygon) => onGlobe(polygon) < 0.01));
    const antarctica = world.land.find(([ring]) => points(ring).some(([, lat]) => lat === -90));
    const globe = { type: "Polygon", coordinates: ringsForGlobe(antarctica) };
    assert.equal(globe.coordinates.length, 1);
    for (const point of [[0, -90], [180, -86], [90, -80]]) assert.ok(geoContains(globe, point), `${point}`);
    for (const point of [[0, 0], [0, -65], [0, 90]]) assert.ok(!geoContains(globe, point), `${point}`);
  });
}

test("a polygon and its other part beyond +-180 stay as they are, given to ringsForGlobe alone", () => {
  const east = [Float64Array.of(170, 0, 180, 0, 180, 10, 170, 10, 170, 0)];
  const west = [Float64Array.of(-180, 0, -170, 0, -170, 10, -180, 10, -180, 0)];
  assert.deepEqual(ringsForGlobe(east), [[[170, 0], [170, 10], [180, 10], [180, 0], [170, 0]]]);
  const [[ring], ...others] = landForGlobe([east, west]);
  assert.equal(others.length, 0);
  assert.equal(ring.length, 7);
  const expected = ringsForGlobe(east).concat(ringsForGlobe(west));
  const area = (rings) => geoArea({ type: "Polygon", coordinates: rings });
  assert.ok(Math.abs(area([ring]) - area([expected[0]]) - area([expected[1]])) < 1e-12);
  assert.deepEqual(east[0], Float64Array.of(170, 0, 180, 0, 180, 10, 170, 10, 170, 0), "not changed");
});

test("a sewn polygon keeps the holes of its parts", () => {
  const hole = Float64Array.of(174, 4, 174, 6, 176, 6, 176, 4, 174, 4);
  const east = [Float64Array.of(170, 0, 180, 0, 180, 10, 170, 10, 170, 0), hole];
  const west = [Float64Array.of(-180, 0, -170, 0, -170, 10, -180, 10, -180, 0)];
  const [polygon] = landForGlobe([west, east]);
  assert.equal(polygon.length, 2);
  assert.deepEqual(polygon[1], points(hole).reverse());
});

test("the coarse world names every country, the weightiest first; the fine one names none", () => {
  const { names } = worlds.coarse;
  assert.equal(worlds.fine.names.length, 0);
  assert.equal(names.length, 242);
  assert.equal(new Set(names.map(({ name }) => name)).size, 242);
  names.slice(1).forEach(({ zoom }, i) => assert.ok(zoom >= names[i].zoom));
  for (const { name, lon, lat, zoom } of names) {
    assert.ok(name.trim() === name && name !== "" && Math.abs(lon) <= 180 && Math.abs(lat) <= 90, name);
    assert.ok(zoom >= 1.5 && zoom <= 7, name);
  }
  const by = Object.fromEntries(names.map((entry) => [entry.name, entry]));
  assert.deepEqual(by.Ukraine && somewhere(worlds.fine.land, by.Ukraine.lon, by.Ukraine.lat), true);
  for (const name of ["Côte d'Ivoire", "São Tomé and Principe", "Singapore", "Kosovo", "Taiwan"]) {
    assert.ok(by[name], name);
  }
});

test("a pack that is cut short is refused", async () => {
  await assert.rejects(decodeWorld(base64Of("110m").slice(0, 4000)));
});
