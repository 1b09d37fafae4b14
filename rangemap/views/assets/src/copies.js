// Copies of lines and regions on the endless worlds of a Mercator map.
const COPIES = [-2, -1, 0, 1, 2];
const SEEN = 400; // degrees of longitude that can come into view on either side

export const moved = (line, turns) => line.map(([lon, lat]) => [lon + 360 * turns, lat]);

/** Whether a line goes once round the Earth. */
export const isBelt = (line) =>
  line.length > 2 && Math.abs(Math.abs(line[line.length - 1][0] - line[0][0]) - 360) < 1e-6;

/** The copies of a line that can come into view. */
export function loopCopies(line) {
  let west = Infinity;
  let east = -Infinity;
  for (const [lon] of line) {
    if (lon < west) west = lon;
    if (lon > east) east = lon;
  }
  return COPIES.filter((turns) => east + 360 * turns > -SEEN && west + 360 * turns < SEEN).map((turns) =>
    moved(line, turns));
}

/** All copies of a belt as one line, so that dashes and joins run on. */
export function beltLine(line) {
  const eastward = line[0][0] < line[line.length - 1][0] ? line : line.slice().reverse();
  return COPIES.flatMap((turns) => moved(eastward, turns).slice(turns === COPIES[0] ? 0 : 1));
}

/** The copies of some lines, open or closed. */
export const lineCopies = (lines) =>
  lines.flatMap((line) => (isBelt(line) ? [beltLine(line)] : loopCopies(line)));
