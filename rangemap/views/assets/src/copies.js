// Copies of lines on the endless worlds of a Mercator map: those that lie within a span of
// longitudes {lo, hi}, degrees.
export const WIDE = { lo: -540, hi: 540 };

export const moved = (line, turns) => (turns === 0 ? line : line.map(([lon, lat]) => [lon + 360 * turns, lat]));

/** The whole turns by which something from `west` to `east` must be moved to lie in the span. */
export function turnsWithin(west, east, { lo, hi }) {
  const turns = [];
  for (let turn = Math.ceil((lo - east) / 360); turn <= Math.floor((hi - west) / 360); turn += 1) turns.push(turn);
  return turns;
}

/** Whether a line goes once round the Earth. */
export const isBelt = (line) =>
  line.length > 2 && Math.abs(Math.abs(line[line.length - 1][0] - line[0][0]) - 360) < 1e-6;

/** The copies of a line that lie in the span. */
export function loopCopies(line, span = WIDE) {
  let west = Infinity;
  let east = -Infinity;
  for (const [lon] of line) {
    if (lon < west) west = lon;
    if (lon > east) east = lon;
  }
  return turnsWithin(west, east, span).map((turns) => moved(line, turns));
}

/** The copies of a belt that lie in the span, as one line, so that dashes and joins run on. */
export function beltLine(line, span = WIDE) {
  const eastward = line[0][0] < line[line.length - 1][0] ? line : line.slice().reverse();
  const first = Math.floor((span.lo - eastward[0][0]) / 360);
  const last = Math.floor((span.hi - eastward[0][0]) / 360);
  const whole = [];
  for (let turns = first; turns <= last; turns += 1) {
    for (let i = turns === first ? 0 : 1; i < eastward.length; i += 1) {
      whole.push([eastward[i][0] + 360 * turns, eastward[i][1]]);
    }
  }
  return whole;
}

/** The copies of some lines, open or closed. */
export const lineCopies = (lines, span = WIDE) =>
  lines.flatMap((line) => (isBelt(line) ? [beltLine(line, span)] : loopCopies(line, span)));
