// Decode one object of a TopoJSON file to GeoJSON on stdout, as the web map does.
// Usage: node decode.cjs world.topojson countries, with topojson-client in NODE_PATH.
"use strict";
const fs = require("fs");
const { feature } = require("topojson-client");

const [path, name] = process.argv.slice(2);
const topology = JSON.parse(fs.readFileSync(path, "utf8"));
process.stdout.write(JSON.stringify(feature(topology, topology.objects[name])));
