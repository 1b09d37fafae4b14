// Find the boundaries that layers share, and print to stdout as JSON, in the layers' own numbers:
//   countries  GeoJSON features
//   land       polygons: all countries merged, without the borders between them
//   lakes      polygons; lakes that share a boundary are merged
//   borders    lines between two countries, but for those that are disputed as well
//   disputed   lines
// Usage: node topology.cjs countries=countries.geojson lakes=lakes.geojson disputed=lines.geojson
// NODE_PATH names the folder that holds topojson-server and topojson-client.
"use strict";
const fs = require("fs");
const { topology } = require("topojson-server");
const { feature, merge, mesh } = require("topojson-client");

const layers = {};
for (const argument of process.argv.slice(2)) {
  const [name, path] = argument.split("=");
  layers[name] = JSON.parse(fs.readFileSync(path, "utf8"));
}
const shared = topology(layers);
const { countries, lakes, disputed } = shared.objects;

const arcsOf = (geometry) =>
  new Set(geometry.arcs.flat(Infinity).map((index) => (index < 0 ? ~index : index)));

function borders() {
  const uses = new Map();
  for (const country of countries.geometries) {
    for (const arc of arcsOf(country)) uses.set(arc, (uses.get(arc) || 0) + 1);
  }
  for (const line of disputed.geometries) arcsOf(line).forEach((arc) => uses.delete(arc));
  const arcs = [...uses].filter(([, count]) => count > 1).map(([arc]) => [arc]);
  return mesh(shared, { type: "MultiLineString", arcs }).coordinates;
}

process.stdout.write(
  JSON.stringify({
    countries: feature(shared, countries),
    land: merge(shared, countries.geometries).coordinates,
    lakes: merge(shared, lakes.geometries).coordinates,
    borders: borders(),
    disputed: mesh(shared, disputed).coordinates,
  }),
);
