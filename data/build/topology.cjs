// Turn GeoJSON layers into one quantised TopoJSON file, minified, with shared arcs.
// Usage: node topology.cjs quantization min-weight out.topojson name=layer.geojson ...
// NODE_PATH names the folder that holds topojson-server, topojson-client and topojson-simplify.
"use strict";
const fs = require("fs");
const { topology } = require("topojson-server");
const { quantize } = require("topojson-client");
const { presimplify, simplify } = require("topojson-simplify");

// Every arc keeps this many inner points, so that no small island or enclave collapses.
const KEPT = 5;
// And no edge grows longer than this in longitude: a globe draws edges as great circles, and one
// edge for the 49th parallel would run 200 km into Canada.
const LONGEST_DEG = 2;

const [quantization, minWeight, out, ...layers] = process.argv.slice(2);

function keepLongEdges(arc) {
  let last = 0;
  for (let i = 1; i < arc.length; i++) {
    if (Math.abs(arc[i][0] - arc[last][0]) > LONGEST_DEG && i - 1 > last) {
      last = i - 1;
      arc[last][2] = Infinity;
    }
    if (arc[i][2] >= Number(minWeight)) last = i;
  }
}

const objects = {};
for (const layer of layers) {
  const [name, path] = layer.split("=");
  objects[name] = JSON.parse(fs.readFileSync(path, "utf8"));
}
const fine = topology(objects, Number(quantization));
const weighted = presimplify(fine);
for (const arc of weighted.arcs) {
  const inner = arc.slice(1, -1).sort((a, b) => b[2] - a[2]);
  for (const point of inner.slice(0, KEPT)) point[2] = Infinity;
  keepLongEdges(arc);
}
const result = quantize(simplify(weighted, Number(minWeight)), fine.transform);
fs.writeFileSync(out, JSON.stringify(result) + "\n");
