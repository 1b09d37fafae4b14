// What the engine of the page answers to the cases in a file, for tests/unit/test_page_engine.py.
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { distanceKm, inverse, isWithin, limitOf, pointOn } from "../src/geodesy.js";
import { ringRegion, ringVertices } from "../src/rings.js";
import { category, Distances, placeRow, pointCount } from "../src/verdicts.js";

function polesOf({ belts, inverted }) {
  if (belts.length) return inverted ? "south" : "north";
  return inverted ? "both" : "none";
}

function answersOf({ model, lots, points, moved, year = null }) {
  const distances = new Distances(model);
  for (const [site, lon, lat] of moved || []) distances.moved(site, lon, lat);
  const each = (of) => Array.from(model.places, (_, place) => of(place));
  return {
    lots: lots.map((active) => ({
      rows: each((place) =>
        model.coalitions.map((_, coalition) => placeRow(model, distances, coalition, place, active, year))),
      categories: model.sides && each((place) => {
        const found = category(model, distances, model.sides, place, active, year);
        return [found.category, found.marginal];
      }),
      counts: points.map(([lon, lat]) => pointCount(model, lon, lat, active)),
    })),
  };
}

function answer({ pairs, rings, models }) {
  return {
    pairs: {
      km: pairs.given.map((points) => distanceKm(...points)),
      inverse: pairs.given.map((points) => inverse(...points)),
      within: pairs.given.map(([lon1, lat1, lon2, lat2], i) =>
        pairs.limits[i].map((km) => isWithin(pointOn(lon1, lat1), pointOn(lon2, lat2), limitOf(km)))),
    },
    rings: {
      points: rings.given.map(([lon, lat, km]) => ringVertices(lon, lat, km, rings.azimuths)),
      poles: rings.given.map(([lon, lat, km]) => polesOf(ringRegion(lon, lat, km))),
    },
    models: models.map(answersOf),
  };
}

// Node's test runner, which takes every file here for a test, gives no arguments.
const [, , from, to] = process.argv;
if (from) writeFileSync(to, JSON.stringify(answer(JSON.parse(readFileSync(from, "utf8")))));
