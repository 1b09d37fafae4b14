// Reads {sites, km, repeats} from standard input; writes the best seconds and the rings.
import { readFileSync } from "node:fs";
import { circle } from "@turf/circle";

const { sites, km, repeats } = JSON.parse(readFileSync(0, "utf8"));
const all = () => sites.map((site) => circle(site, km, { steps: 64, units: "kilometers" }));
let seconds = Infinity;
let discs = [];
for (let round = 0; round < repeats + 5; round += 1) {
  const start = performance.now();
  discs = all();
  seconds = Math.min(seconds, (performance.now() - start) / 1000);
}
const rings = discs.map((disc) => disc.geometry.coordinates[0]);
process.stdout.write(JSON.stringify({ seconds, rings }));
