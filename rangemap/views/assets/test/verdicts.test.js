// The rules themselves are compared with the library's in tests/unit/test_page_engine.py.
import assert from "node:assert/strict";
import test from "node:test";
import { direct, distanceKm, normalise } from "../src/geodesy.js";
import {
  bandVerdict, category, Distances, isOwn, placeRow, pointCount,
} from "../src/verdicts.js";
import { anywhere, randomNumbers } from "./random.mjs";

const bandOf = (site, changes = {}) => {
  const max = changes.max_km || 5500;
  return {
    site, kind: "system", system: "", min_km: 0, max_km: max, low_km: max, high_km: max, disputed: false,
    alleged: false, assumed: false, ...changes,
  };
};
const treaty = (site) => bandOf(site, { kind: "treaty", min_km: 500, max_km: 5500 });
const always = (places = []) => [{ from: null, to: null, places }];

/** Places at given distances due east of a site on the equator, which all sites of the model stand on. */
function modelAt(kilometres, { sites = [{}], bands, coalitions = [{ own: always() }], sides = null }) {
  const at = (km) => {
    const [lon, lat] = direct(0, 0, 90, km);
    return { lon, lat };
  };
  return {
    coalitions, sides,
    sites: sites.map((site) => ({ lon: 0, lat: 0, precision_km: 0, coalition: 0, ...site })),
    bands, places: kilometres.map(at),
  };
}
const rowsOf = (model, active = [...model.bands.keys()], coalition = 0, year = null) => {
  const distances = new Distances(model);
  return model.places.map((_, place) => placeRow(model, distances, coalition, place, active, year));
};

test("zones at the treaty's limits, which belong to the band", () => {
  const model = modelAt([0, 499.99, 500.01, 5499.99, 5500.01], { bands: [treaty(0)] });
  const rows = rowsOf(model);
  assert.deepEqual(rows.map((row) => row.zone), [
    "within-500", "within-500", "banned-band-only", "banned-band-only", "beyond-5500",
  ]);
  assert.deepEqual(rows.map((row) => [row.inBand, row.underMin]), [[0, 1], [0, 1], [1, 0], [1, 0], [0, 0]]);
  assert.deepEqual(rows.map((row) => row.zoneMarginal), [false, false, false, false, false]);
  assert.deepEqual(rows.map((row) => row.verdict), ["", "", "", "", ""]);
  assert.deepEqual(rows.map((row) => row.reaching.length), [0, 0, 1, 1, 0]);
});

test("a zone is marginal where it hangs on the precision of a site", () => {
  const model = modelAt([480, 489, 511, 520, 5480, 5491, 5509, 5520], {
    sites: [{ precision_km: 10 }], bands: [treaty(0)],
  });
  const rows = rowsOf(model);
  assert.deepEqual(rows.map((row) => row.zoneMarginal), [false, false, false, false, false, true, true, false]);
  const closer = rowsOf(modelAt([491, 509], { sites: [{ precision_km: 10 }], bands: [treaty(0)] }));
  assert.deepEqual(closer.map((row) => [row.zone, row.zoneMarginal, row.inBandSurely, row.inBandPossibly]), [
    ["within-500", true, false, true], ["banned-band-only", true, false, true],
  ]);
});

test("one band: inside, marginal with its reasons, outside", () => {
  const band = bandOf(0, { max_km: 2350, low_km: 480, high_km: 2350 });
  const found = [400, 1000, 2352, 2400].map((km) => bandVerdict(km, band, 5));
  assert.deepEqual(found.map(({ verdict, hangsOn }) => [verdict, ...hangsOn]), [
    ["inside"], ["marginal", "range"], ["marginal", "position"], ["outside"],
  ]);
  assert.deepEqual(found.map(({ marginKm }) => marginKm), [1950, 1350, -2, -50]);
  assert.deepEqual(found.map(({ inDrawn }) => inDrawn), [true, true, false, false]);
  const inner = bandOf(0, { min_km: 100, max_km: 1000 });
  assert.equal(bandVerdict(90, inner, 0).verdict, "outside");
  assert.equal(bandVerdict(90, inner, 0).marginKm, -10);
  assert.deepEqual(bandVerdict(90, inner, 20).hangsOn, ["position"]);
  // Nobody published how far it flies at least.
  const assumed = bandOf(0, { max_km: 500, assumed: true });
  assert.equal(bandVerdict(10, assumed, 0).verdict, "marginal");
  assert.equal(rowsOf(modelAt([0], { bands: [assumed] }))[0].verdict, "marginal", "not even where the site is");
});

test("what both sides say of a system at a site is one question", () => {
  const says = { system: "ssc-8", disputed: true };
  const bands = [
    bandOf(0, { ...says, max_km: 480 }), bandOf(0, { ...says, max_km: 2350, alleged: true }),
  ];
  const model = modelAt([400, 1000, 3000], { bands });
  const seen = (rows) => rows.map(({ verdict, hangsOn, inside, marginal }) => [verdict, hangsOn, inside, marginal]);
  assert.deepEqual(seen(rowsOf(model)), [
    ["inside", [], [0, 1], []], ["marginal", ["sayer"], [], [1]], ["outside", [], [], []],
  ]);
  // A lone allegation never makes a place more than marginal.
  assert.deepEqual(seen(rowsOf(model, [1])), [
    ["marginal", ["sayer"], [], [1]], ["marginal", ["sayer"], [], [1]], ["outside", [], [], []],
  ]);
  assert.deepEqual(seen(rowsOf(model, [0])), [
    ["inside", [], [0], []], ["outside", [], [], []], ["outside", [], [], []],
  ]);
  // At two sites, or of two systems, they are two questions.
  const apart = [bands[0], { ...bands[1], site: 1 }];
  const twoSites = modelAt([1000], { sites: [{}, {}], bands: apart });
  assert.deepEqual(rowsOf(twoSites)[0].marginal, [1]);
  assert.deepEqual(rowsOf(modelAt([400], { sites: [{}, {}], bands: apart }))[0].inside, [0]);
});

test("a system that is inside from one site is not marginal from another", () => {
  const bands = [
    bandOf(0, { system: "a", max_km: 2000 }),
    bandOf(1, { system: "a", max_km: 2000, low_km: 500 }),
    bandOf(1, { system: "b", max_km: 2000, low_km: 500 }),
  ];
  const [row] = rowsOf(modelAt([1000], { sites: [{}, {}], bands }));
  assert.deepEqual([row.verdict, row.inside, row.marginal], ["inside", [0], [2]]);
  assert.deepEqual(row.reaching.map(({ band, verdict }) => [band, verdict]), [
    [0, "inside"], [1, "marginal"], [2, "marginal"],
  ]);
});

test("no row without an active band; the nearest site is one of an active band", () => {
  const model = modelAt([1000], {
    sites: [{ lon: 5 }, { lon: -5 }, { lon: -5, coalition: 1 }], bands: [treaty(0), treaty(1), treaty(2)],
    coalitions: [{ own: always() }, { own: always() }],
  });
  assert.equal(rowsOf(model, [0, 1], 1)[0], null);
  assert.equal(rowsOf(model, [2], 0)[0], null);
  assert.equal(rowsOf(model)[0].nearestSite, 0);
  assert.equal(rowsOf(model, [1, 2])[0].nearestSite, 1);
  assert.equal(rowsOf(model, [1, 2], 1)[0].nearestSite, 2);
  const reaching = rowsOf(model)[0].reaching.map(({ band }) => band);
  assert.deepEqual(reaching, [1], "the nearer site is within 500 km");
});

test("what reaches a place is told from the nearest site on", () => {
  const sites = [{ lon: -20 }, { lon: -10 }, { lon: -15 }];
  const [row] = rowsOf(modelAt([1000], { sites, bands: [treaty(0), treaty(1), treaty(2)] }));
  assert.deepEqual(row.reaching.map(({ band }) => band), [1, 2, 0]);
  const [near, far] = row.reaching;
  assert.ok(Math.abs(near.km - row.nearestKm) < 1e-9 && near.km < far.km);
  assert.ok(Math.abs(near.marginKm - (near.km - 500)) < 1e-9, "to the nearer edge");
});

test("own places are those of the year, or of the scenario", () => {
  const coalition = {
    own: [
      { from: null, to: null, places: [0] }, { from: null, to: 1990, places: [1] }, { from: 1991, to: 1999, places: [2] },
      { from: 2000, to: null, places: [0, 3] },
    ],
  };
  const own = (year) => [0, 1, 2, 3].filter((place) => isOwn(coalition, place, year));
  assert.deepEqual(own(null), [0]);
  assert.deepEqual(own(1985), [1]);
  assert.deepEqual(own(1990), [1]);
  assert.deepEqual(own(1991), [2]);
  assert.deepEqual(own(2024), [0, 3]);
  const spans = { own: coalition.own.slice(1, 3) };
  assert.ok(isOwn(spans, 2, null), "without a span of its own the scenario has the last");
  assert.ok(isOwn({ own: always([4]) }, 4, 1987), "without years, always");
  assert.ok(!isOwn({ own: [] }, 4, null));
});

test("categories of two sides", () => {
  // Sites: a in the middle, b far to the east; places near a, between both, near b, and far off.
  const model = modelAt([1000, 5000, 9000, 15000], {
    sites: [{}, { lon: direct(0, 0, 90, 10000)[0], coalition: 1, precision_km: 100 }],
    bands: [treaty(0), treaty(1)],
    coalitions: [{ own: always() }, { own: always() }],
    sides: [{ coalitions: [0] }, { coalitions: [1] }],
  });
  const seen = (active = [0, 1]) => {
    const distances = new Distances(model);
    return model.places.map((_, place) => category(model, distances, model.sides, place, active, null).category);
  };
  assert.deepEqual(seen(), ["a-only", "both", "b-only", "b-only"]);
  assert.deepEqual(seen([0]), ["a-only", "a-only", "neither", "neither"]);
  model.coalitions[0].own = always([0, 1, 3]);
  assert.deepEqual(seen(), ["own-side", "own-reached-by-b", "b-only", "own-reached-by-b"]);
  assert.deepEqual(seen([1]), ["neither", "b-only", "b-only", "b-only"], "a coalition without bands has no own side");
  model.coalitions[1].own = always([1]);
  assert.deepEqual(seen(), ["own-side", "own-side", "b-only", "own-reached-by-b"]);
  model.coalitions[0].own = always([]);
  assert.deepEqual(seen(), ["a-only", "own-reached-by-a", "b-only", "b-only"]);
  // A side of two coalitions that reach each other's places.
  model.sides = [{ coalitions: [0, 1] }, { coalitions: [] }];
  assert.deepEqual(seen(), ["a-only", "a-only", "a-only", "a-only"]);
  const [marginal] = modelAt([4450], {}).places;
  model.places[0] = marginal;
  model.sides = [{ coalitions: [0] }, { coalitions: [1] }];
  const found = category(model, new Distances(model), model.sides, 0, [0, 1], null);
  assert.deepEqual(found, { category: "a-only", marginal: true });
});

test("a site moved by the reader, and put back", () => {
  const model = modelAt([1000, 8000], { sites: [{}, { lon: 3 }], bands: [treaty(0)] });
  const distances = new Distances(model);
  const before = [0, 1].map((place) => distances.km(0, place));
  assert.ok(Math.abs(before[0] - 1000) < 1e-9);
  const [lon, lat] = direct(0, 0, 90, 7000);
  distances.moved(0, lon, lat);
  assert.ok(Math.abs(distances.km(0, 0) - 6000) < 1e-6 && Math.abs(distances.km(0, 1) - 1000) < 1e-6);
  assert.equal(placeRow(model, distances, 0, 1, [0], null).zone, "banned-band-only");
  assert.ok(distances.km(1, 0) < 700, "others stay");
  distances.moved(0, 0, 80);
  distances.reset(0);
  distances.reset(1);
  assert.deepEqual([0, 1].map((place) => distances.km(0, place)), before);
});

test("how many drawn bands cover a point, by the geodesic", () => {
  const random = randomNumbers(31);
  const sites = Array.from({ length: 20 }, () => {
    const [lon, lat] = anywhere(random);
    return { lon, lat, coalition: 0, precision_km: 0 };
  });
  const bands = sites.flatMap((_, site) => [treaty(site), bandOf(site, { max_km: random() * 10000 })]);
  const model = { sites, bands, places: [], coalitions: [{ own: [] }] };
  const active = [...bands.keys()].filter((index) => index % 3);
  for (let i = 0; i < 100; i += 1) {
    const [lon, lat] = anywhere(random);
    const expected = active.filter((index) => {
      const band = bands[index];
      const km = distanceKm(sites[band.site].lon, sites[band.site].lat, lon, lat);
      return band.min_km <= km && km <= band.max_km;
    });
    assert.deepEqual(pointCount(model, lon, lat, active), { count: expected.length, bands: expected });
  }
  assert.equal(pointCount(model, 0, 0, [1], () => [0, 0]).count, 1);
  assert.equal(pointCount(model, 0, 0, [0], () => [0, 0]).count, 0);
});

test("all rows and categories of a large scenario are fast", () => {
  const random = randomNumbers(32);
  const sites = Array.from({ length: 52 }, (_, n) => {
    const [lon, lat] = anywhere(random);
    return { lon, lat, coalition: n % 3, precision_km: random() * 20 };
  });
  const bands = sites.flatMap((_, site) => [
    treaty(site), bandOf(site, { system: `s${site % 9}`, max_km: 3000, low_km: 2000, high_km: 4000, disputed: true }),
  ]);
  const places = Array.from({ length: 197 }, () => {
    const [lon, lat] = anywhere(random);
    return { lon: normalise(lon), lat };
  });
  const coalitions = Array.from({ length: 3 }, () => ({ own: always([1, 2, 3]) }));
  const model = { sites, bands, places, coalitions, sides: [{ coalitions: [0, 1] }, { coalitions: [2] }] };
  const distances = new Distances(model);
  sites.forEach((_, site) => distances.km(site, 0));
  const times = Array.from({ length: 6 }, () => {
    const active = [...bands.keys()];
    const started = performance.now();
    places.forEach((_, place) => {
      coalitions.forEach((_c, coalition) => placeRow(model, distances, coalition, place, active, null));
      category(model, distances, model.sides, place, active, null);
    });
    return performance.now() - started;
  });
  assert.ok(Math.min(...times) < 60, `${times} ms`);
});
