// The world that the map draws: data/world/world_*.pack, whose format data/build/pack_world.py tells.
//
// A ring or a line is a Float64Array lon, lat, lon, lat... in degrees; the last point of a ring is the
// first. A polygon is an array of rings, the outer one first and counter-clockwise in lon, lat, with
// holes clockwise. Land is cut at +-180, and Antarctica ends at -90 from -180 to 180.

const SAME_DEG = 0.01; // ends of coasts this near to each other across +-180 are one point

/**
 * Decode a pack, given in base64.
 * @returns {Promise<{land: Polygon[], lakes: Polygon[], coast: Line[], borders: Line[], disputed: Line[],
 *   seams: Line[], names: {name: string, lon: number, lat: number, zoom: number}[]}>} `coast` is the land's
 *   rings without their edges along +-180 and -90, `seams` those along +-180. `names` are the countries',
 *   the weightiest first, each with the zoom level from which it is shown; only one pack has them.
 */
export async function decodeWorld(base64) {
  const read = reader(await inflate(bytesOf(base64)));
  const step = 360 / 2 ** read.count();
  const land = read.many(() => read.many(() => read.line(step, true)));
  const lakes = read.many(() => read.many(() => read.line(step, true)));
  const borders = read.many(() => read.line(step, false));
  const disputed = read.many(() => read.line(step, false));
  const names = read.many(read.name);
  const parts = land.flat().map(splitRing);
  const coast = parts.flatMap((part) => part.coast);
  const seams = parts.flatMap((part) => part.seams);
  return { land, lakes, coast, borders, disputed, seams, names };
}

/**
 * Coordinates of one polygon for d3-geo: rings of [lon, lat], the outer one clockwise in lon, lat.
 * Antarctica's ring goes round the pole; a polygon whose other part lies beyond +-180 stays cut.
 */
export function ringsForGlobe(polygon) {
  return landForGlobe([polygon])[0];
}

/**
 * Coordinates of a GeoJSON MultiPolygon for d3-geo, outer rings clockwise in lon, lat. Land that is cut at
 * +-180 is sewn together again, so that there may be fewer polygons than in `land`.
 */
export function landForGlobe(land) {
  const parts = land.map((polygon) => ({ polygon, chains: chainsOf(polygon[0]) }));
  let cut = parts.filter((part) => part.chains.length > 0);
  for (let before = -1; before !== cut.length;) {
    before = cut.length;
    const chains = cut.flatMap((part) => part.chains);
    cut = cut.filter((part) => part.chains.every((chain) => partnersOf(chain, chains)));
  }
  const sewn = sew(cut);
  const whole = parts.filter((part) => !cut.includes(part)).map(({ polygon }) => polygon.map(pointsOf));
  return [...whole, ...sewn].map((rings) => rings.map((ring) => ring.reverse()));
}

function bytesOf(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return bytes;
}

// A Blob and a Response of our own ask for nothing, so that a strict policy of the page lets them be.
async function inflate(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

function reader(bytes) {
  let at = 0;
  let x = 0;
  let y = 0;

  function count() {
    let number = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at];
      at += 1;
      number |= (byte & 0x7f) << shift;
      if (byte < 0x80) return number;
      if (byte === undefined) throw new RangeError("the pack of the world ends too early");
    }
  }

  function signed() {
    const number = count();
    return (number >>> 1) ^ -(number & 1);
  }

  function line(step, closed) {
    const length = count();
    const points = new Float64Array(2 * (closed ? length + 1 : length));
    for (let i = 0; i < length; i += 1) {
      x += signed();
      y += signed();
      points[2 * i] = x * step;
      points[2 * i + 1] = y * step;
    }
    if (closed) points.copyWithin(2 * length, 0, 2);
    return points;
  }

  function name() {
    const [lon, lat, zoom] = [signed() / 100, signed() / 100, count() / 10];
    const length = count();
    at += length;
    return { name: new TextDecoder().decode(bytes.subarray(at - length, at)), lon, lat, zoom };
  }

  const many = (one) => Array.from({ length: count() }, one);
  return { count, line, name, many };
}

const COAST = 0;
const SEAM = 1;
const POLE = 2;

function kindOfEdge(ring, i) {
  const [lon, lat, nextLon, nextLat] = ring.subarray(i, i + 4);
  if (lat === -90 && nextLat === -90) return POLE;
  return Math.abs(lon) === 180 && lon === nextLon ? SEAM : COAST;
}

// The stretches of a ring by the kind of their edges. A ring of one kind stays whole.
function splitRing(ring) {
  const edges = ring.length / 2 - 1;
  const kinds = Array.from({ length: edges }, (_, edge) => kindOfEdge(ring, 2 * edge));
  const start = kinds.findIndex((kind, edge) => kind !== kinds[(edge + edges - 1) % edges]);
  if (start < 0) return { coast: [ring], seams: [] };
  const found = [[], [], []];
  for (let done = 0; done < edges;) {
    const first = (start + done) % edges;
    let length = 1;
    while (done + length < edges && kinds[(first + length) % edges] === kinds[first]) length += 1;
    found[kinds[first]].push(stretch(ring, first, length));
    done += length;
  }
  return { coast: found[COAST], seams: found[SEAM] };
}

function stretch(ring, first, length) {
  const edges = ring.length / 2 - 1;
  const line = new Float64Array(2 * (length + 1));
  for (let i = 0; i <= length; i += 1) {
    const point = 2 * ((first + i) % edges);
    line[2 * i] = ring[point];
    line[2 * i + 1] = ring[point + 1];
  }
  return line;
}

function pointsOf(line) {
  return Array.from({ length: line.length / 2 }, (_, i) => [line[2 * i], line[2 * i + 1]]);
}

// The coasts of a ring that is cut at +-180, each from one point there to another.
function chainsOf(ring) {
  const { coast, seams } = splitRing(ring);
  return seams.length > 0 ? coast.map(pointsOf) : [];
}

const meet = (end, start) => end[0] === -start[0] && Math.abs(end[1] - start[1]) < SAME_DEG;
const nextOf = (chain, chains) => chains.find((other) => meet(chain.at(-1), other[0]));
const partnersOf = (chain, chains) =>
  nextOf(chain, chains) && chains.some((other) => meet(other.at(-1), chain[0]));

// Joins the coasts of cut polygons, each of which has a next one: polygons again, uncut.
function sew(cut) {
  const chains = cut.flatMap((part) => part.chains);
  const owners = new Map(cut.flatMap((part) => part.chains.map((chain) => [chain, part])));
  const left = new Set(chains);
  const polygons = [];
  for (const first of chains) {
    if (!left.has(first)) continue;
    const ring = [];
    const owned = new Set();
    for (let chain = first; left.delete(chain); chain = nextOf(chain, chains)) {
      owned.add(owners.get(chain));
      ring.push(...(ring.length > 0 && ring.at(-1)[1] === chain[0][1] ? chain.slice(1) : chain));
    }
    if (ring.at(-1)[1] === ring[0][1]) ring.pop();
    ring.push([...ring[0]]);
    polygons.push({ ring, owned });
  }
  return withHoles(polygons);
}

function withHoles(polygons) {
  const taken = new Set();
  return polygons.map(({ ring, owned }) => {
    const parts = [...owned].filter((part) => !taken.has(part));
    parts.forEach((part) => taken.add(part));
    return [ring, ...parts.flatMap(({ polygon }) => polygon.slice(1).map(pointsOf))];
  });
}
