// A scene on a canvas: fills, overlap, lines, symbols and names, on any projection.
//
// A tracer (project.js) puts regions and lines into sinks, in pixels of the picture. A canvas may
// have more pixels than the picture: `ratio` says how many to one.

import { beltLine, isBelt, loopCopies, WIDE } from "./copies.js";
import { mercatorTracer } from "./project.js";

const FONT = 'system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif';
const TOP_LAT = 89; // degrees: Leaflet brings latitudes beyond 85.05 back to it
const FAR_LON = 900;

/** A CSS font of the picture's family. */
export const font = (size, weight = 400, style = "") => `${style} ${weight} ${size}px ${FONT}`.trim();

// ---------------------------------------------------------------------------------------------
// Regions and lines

/**
 * The closed rings whose even-odd filling is the region on the flat map. Without a frame in
 * [lon, lat], with copies on the worlds from -2 to 2; with one (see mercatorFrame) in its pixels.
 */
export function mercatorRings(region, frame = null, span = WIDE) {
  if (!frame) return degreeRings(region, span);
  const rings = [];
  mercatorTracer(frame).area(ringSink(rings), region);
  return rings;
}

/** The region's boundary on the flat map as lines [[lon, lat], ...] with copies, never closed at a pole. */
export const mercatorLines = (region) =>
  [...region.loops, ...region.belts].flatMap((line) => (isBelt(line) ? [beltLine(line)] : loopCopies(line)));

function degreeRings(region, span) {
  const rings = region.loops.flatMap((loop) => loopCopies(loop, span));
  for (const belt of region.belts.map((line) => beltLine(line, span))) {
    rings.push([...belt, [belt[belt.length - 1][0], TOP_LAT], [belt[0][0], TOP_LAT]]);
  }
  if (region.inverted) {
    rings.push([[-FAR_LON, -TOP_LAT], [FAR_LON, -TOP_LAT], [FAR_LON, TOP_LAT], [-FAR_LON, TOP_LAT]]);
  }
  return rings;
}

function ringSink(rings) {
  return {
    moveTo: (x, y) => rings.push([[x, y]]),
    lineTo: (x, y) => rings[rings.length - 1].push([x, y]),
    closePath() {},
  };
}

function traceRings(sink, rings) {
  for (const ring of rings) {
    ring.forEach(([x, y], index) => (index ? sink.lineTo(x, y) : sink.moveTo(x, y)));
    sink.closePath();
  }
}

/** Strokes lines that trace(sink) gives as one path. */
export function strokeLine(context, trace, { color, width, dash = null, opacity = 1 }) {
  context.save();
  context.beginPath();
  trace(context);
  context.globalAlpha *= opacity;
  context.strokeStyle = color;
  context.lineWidth = width;
  context.lineJoin = "round";
  context.setLineDash(dash || []);
  context.stroke();
  context.restore();
}

let spare = null;

// A blank canvas `share` times as large as another, for what must be put together first. There is
// one for all: whoever takes it must have done with it before anyone else draws.
function spareOf(context, share = 1) {
  const { canvas } = context;
  spare = spare || canvas.ownerDocument.createElement("canvas").getContext("2d");
  const width = Math.ceil(canvas.width * share);
  const height = Math.ceil(canvas.height * share);
  if (spare.canvas.width !== width || spare.canvas.height !== height) {
    spare.canvas.width = width;
    spare.canvas.height = height;
  }
  spare.setTransform(1, 0, 0, 1, 0, 0);
  spare.clearRect(0, 0, width, height);
  return spare;
}

function putSpare(context, { canvas }, { opacity, share = 1, smooth = true }) {
  context.save();
  context.setTransform(1 / share, 0, 0, 1 / share, 0, 0);
  context.globalAlpha = opacity;
  context.imageSmoothingEnabled = smooth;
  context.drawImage(canvas, 0, 0);
  context.restore();
}

/**
 * Fills the union of areas, each a trace(sink), at one opacity wherever they lie over each other.
 * With a `share` below 1 the inside is made of fewer pixels, which is faster.
 */
export function fillUnion(context, traces, color, opacity, share = 1) {
  if (!traces.length) return;
  if (traces.length === 1) {
    context.save();
    context.globalAlpha *= opacity;
    fillOne(context, traces[0], color);
    context.restore();
    return;
  }
  const own = spareOf(context, share);
  const { a, b, c, d, e, f } = context.getTransform();
  own.setTransform(a * share, b * share, c * share, d * share, e * share, f * share);
  for (const trace of traces) fillOne(own, trace, color);
  putSpare(context, own, { opacity, share });
}

function fillOne(context, trace, color) {
  context.beginPath();
  trace(context);
  context.fillStyle = color;
  context.fill("evenodd");
}

// For a path that goes round every region in the same sense no second canvas is needed.
function fillTogether(context, trace, color, opacity) {
  context.save();
  context.globalAlpha *= opacity;
  context.beginPath();
  trace(context);
  context.fillStyle = color;
  context.fill("nonzero");
  context.restore();
}

// ---------------------------------------------------------------------------------------------
// Overlap

/**
 * Counts for each pixel how many areas hold its centre. No colours are mixed at edges, so that no
 * pixel shows a count that is nowhere true. It is a sink; `begin` and `end` stand round an area.
 */
export class Counter {
  constructor(width, height, ratio = 1) {
    this.width = width;
    this.height = height;
    this.ratio = ratio;
    this.steps = new Int16Array((width + 1) * height);
    this.rows = Array.from({ length: height }, () => []);
    this.open = false;
  }

  begin() {
    this.low = this.height;
    this.high = -1;
    this.open = false;
  }

  moveTo(x, y) {
    this.closePath();
    this.x = this.startX = x * this.ratio;
    this.y = this.startY = y * this.ratio;
    this.open = true;
  }

  lineTo(x, y) {
    this.edge(x * this.ratio, y * this.ratio);
  }

  closePath() {
    if (this.open) this.edge(this.startX, this.startY);
    this.open = false;
  }

  edge(x, y) {
    const down = y > this.y;
    const [x0, y0, x1, y1] = down ? [this.x, this.y, x, y] : [x, y, this.x, this.y];
    this.x = x;
    this.y = y;
    const first = Math.max(0, Math.ceil(y0 - 0.5));
    const last = Math.min(this.height - 1, Math.ceil(y1 - 0.5) - 1);
    if (last < first) return;
    const slope = (x1 - x0) / (y1 - y0);
    for (let row = first; row <= last; row += 1) this.rows[row].push(x0 + (row + 0.5 - y0) * slope);
    if (first < this.low) this.low = first;
    if (last > this.high) this.high = last;
  }

  end() {
    this.closePath();
    const column = (x) => Math.max(0, Math.min(this.width, Math.ceil(x - 0.5)));
    for (let row = this.low; row <= this.high; row += 1) {
      const crossings = this.rows[row];
      if (crossings.length > 2) crossings.sort((a, b) => a - b);
      const start = row * (this.width + 1);
      for (let i = 0; i + 1 < crossings.length; i += 2) {
        const left = Math.min(crossings[i], crossings[i + 1]);
        const right = Math.max(crossings[i], crossings[i + 1]);
        this.steps[start + column(left)] += 1;
        this.steps[start + column(right)] -= 1;
      }
      crossings.length = 0;
    }
  }

  /** Calls each(first pixel, pixel after the last, count) for the runs of pixels that areas hold. */
  forEachRun(each) {
    const { width, height, steps } = this;
    for (let row = 0; row < height; row += 1) {
      const start = row * (width + 1);
      let count = 0;
      let from = 0;
      for (let column = 0; column < width; column += 1) {
        const step = steps[start + column];
        if (!step) continue;
        if (count > 0) each(row * width + from, row * width + column, count);
        count += step;
        from = column;
      }
      if (count > 0) each(row * width + from, (row + 1) * width, count);
    }
  }

  /** The counts of all pixels, row by row. */
  counts() {
    const result = new Uint16Array(this.width * this.height);
    this.forEachRun((from, to, count) => result.fill(count, from, to));
    return result;
  }
}

/** Class of each count from 0 to `most`: its place in `classes` [{from, to}], or -1. */
export function classOfCounts(classes, most) {
  return Array.from({ length: most + 1 }, (_, count) =>
    classes.findIndex(({ from, to }) => count >= from && count <= (to ?? Infinity)));
}

function bytesOf(context, color) {
  context.fillStyle = "#000";
  context.fillStyle = color;
  const text = context.fillStyle; // always #rrggbb or rgba(...)
  if (text.startsWith("#")) return [1, 3, 5].map((i) => parseInt(text.slice(i, i + 2), 16));
  return text.match(/[\d.]+/g).slice(0, 3).map(Number);
}

/**
 * Shows how many areas lie over each other, in the colours of `classes`. An area is a trace(sink)
 * or a list of rings of pixels; `width` and `height` are those of the picture, `share` as in fillUnion.
 */
export function paintOverlap(context, areas, classes, { width, height, ratio = 1, opacity = 1, share = 1 }) {
  if (!areas.length) return;
  const own = spareOf(context, share);
  const scale = ratio * share;
  const counter = new Counter(
    Math.min(own.canvas.width, Math.ceil(width * scale)),
    Math.min(own.canvas.height, Math.ceil(height * scale)),
    scale,
  );
  for (const area of areas) {
    counter.begin();
    if (typeof area === "function") area(counter);
    else traceRings(counter, area);
    counter.end();
  }
  const image = own.createImageData(counter.width, counter.height);
  const words = new Uint32Array(image.data.buffer);
  const wordOf = classes.map(({ color }) => {
    const bytes = Uint8Array.of(...bytesOf(own, color), 255);
    return new Uint32Array(bytes.buffer)[0];
  });
  const classOf = classOfCounts(classes, areas.length);
  counter.forEachRun((from, to, count) => words.fill(wordOf[classOf[count]] || 0, from, to));
  own.putImageData(image, 0, 0);
  putSpare(context, own, { opacity, share, smooth: false });
}

// ---------------------------------------------------------------------------------------------
// Symbols

const pathOfText = new Map();
function pathOf({ d, r, x, y, w, h }) {
  if (d) {
    if (!pathOfText.has(d)) pathOfText.set(d, new Path2D(d));
    return pathOfText.get(d);
  }
  const path = new Path2D();
  if (r) path.arc(0, 0, r, 0, 2 * Math.PI);
  else path.rect(x, y, w, h);
  return path;
}

/** Draws primitives of the box from -8 to 8 round (x, y), `size` pixels wide. */
export function drawSymbol(context, primitives, x, y, size = 16) {
  context.save();
  context.translate(x, y);
  context.scale(size / 16, size / 16);
  for (const primitive of primitives) {
    const path = pathOf(primitive);
    if (primitive.fill && primitive.fill !== "none") {
      context.fillStyle = primitive.fill;
      context.fill(path);
    }
    if (primitive.stroke && primitive.stroke !== "none") {
      context.strokeStyle = primitive.stroke;
      context.lineWidth = primitive.width || 1;
      context.lineJoin = primitive.join || "miter";
      context.setLineDash(primitive.dash || []);
      context.stroke(path);
    }
  }
  context.restore();
}

const stamps = new WeakMap();

// A symbol is drawn once for its primitives, size and ratio, and then copied.
function stampSymbol(context, primitives, x, y, size, ratio) {
  if (!stamps.has(primitives)) stamps.set(primitives, new Map());
  const known = stamps.get(primitives);
  const half = size / 2 + 3;
  const key = `${size}/${ratio}`;
  if (!known.has(key)) {
    const stamp = context.canvas.ownerDocument.createElement("canvas");
    stamp.width = stamp.height = Math.ceil(2 * half * ratio);
    const own = stamp.getContext("2d");
    own.scale(ratio, ratio);
    drawSymbol(own, primitives, half, half, size);
    known.set(key, stamp);
  }
  const stamp = known.get(key);
  const side = stamp.width / ratio;
  const whole = (value) => Math.round((value - half) * ratio) / ratio;
  context.drawImage(stamp, whole(x), whole(y), side, side);
}

/** The symbols in view, in the order of drawing: [{symbol, x, y}]. */
export function symbolsInView(symbols, tracer) {
  const found = [];
  for (const symbol of symbols) {
    const margin = symbol.size / 2;
    for (const [x, y] of tracer.pixels([symbol.lon, symbol.lat])) {
      const seen = x > -margin && y > -margin && x < tracer.width + margin && y < tracer.height + margin;
      if (seen) found.push({ symbol, x, y });
    }
  }
  return found;
}

/** Draws what symbolsInView found. */
export function drawSymbols(context, shown, ratio = 1) {
  for (const { symbol, x, y } of shown) stampSymbol(context, symbol.symbol, x, y, symbol.size, ratio);
}

// ---------------------------------------------------------------------------------------------
// Labels: what does not fit is left out, never pushed away

const HEIGHT = 15;
const GAP = 9; // from the centre of a symbol to its name
const PIXELS_PER_RING_LABEL = 60000; // in a small picture only the first few fit
const SAMPLES = 60;
const SPACING = 6; // pixels between the places that are tried on a line
const EDGE = 2;
const SITE_NAMES_FROM_ZOOM = 4.5;
const COUNTRY = { size: 10, height: 13, spacing: 1.2 };

const overlaps = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

/** A function that measures a text in a font, in pixels, and remembers. */
export function measurer(context) {
  const known = new Map();
  return (text, textFont) => {
    const key = `${textFont}|${text}`;
    if (!known.has(key)) {
      context.font = textFont;
      known.set(key, Math.ceil(context.measureText(text).width) + 4);
    }
    return known.get(key);
  };
}

// Along a line, places in view, from the foot of the picture upwards.
function spotsOn(trace, width, height) {
  const inside = [];
  let lastX = NaN;
  let lastY = NaN;
  const point = (x, y) => {
    if (Math.hypot(x - lastX, y - lastY) < SPACING) return;
    lastX = x;
    lastY = y;
    if (x > 60 && y > 20 && x < width - 60 && y < height - 30) inside.push([x, y]);
  };
  trace({ moveTo: point, lineTo: point, closePath() {} });
  const step = Math.max(1, Math.floor(inside.length / SAMPLES));
  return inside.filter((_, index) => index % step === 0).sort((a, b) => b[1] - a[1]);
}

const LABEL_FONT = {
  ring: font(12, 500),
  strong: font(12, 700),
  place: font(12),
  site: font(12, 400, "italic"),
};

/**
 * Chooses labels. `shown` as symbolsInView gives it; `lines` [{text, color, strong, trace(sink)}];
 * `names` of countries [{text, x, y}], weightiest first; `blocked` boxes [left, top, right, bottom];
 * `kept` (a Map from key to side, or null) lets in only what was chosen before, at the same side.
 * `inside(box, kind)` may forbid boxes.
 * Returns [{key, side, text, x, y, kind, color, box}], (x, y) being the middle.
 */
export function placeLabels({
  width, height, shown, lines, names, blocked = [], measure, zoom, kept = null, inside,
}) {
  const labels = [];
  const taken = blocked.concat(shown.map(({ symbol, x, y }) => {
    const half = Math.max(7, symbol.size / 2 - 1);
    return [x - half, y - half, x + half, y + half];
  }));
  const fits = (box, kind) =>
    box[0] > EDGE && box[1] > EDGE && box[2] < width - EDGE && box[3] < height - EDGE &&
    (!inside || inside(box, kind)) && !taken.some((other) => overlaps(box, other));
  const middle = (x, y, w, h) => [x - w / 2, y - h / 2, x + w / 2, y + h / 2];

  function choose(boxes, label, { margin = 0, sides = boxes.keys() } = {}) {
    if (kept && !kept.has(label.key)) return false;
    for (const side of sides) {
      const box = boxes[side];
      if (!fits(box, label.kind)) continue;
      taken.push([box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin]);
      labels.push({ ...label, side, box, x: (box[0] + box[2]) / 2, y: (box[1] + box[3]) / 2 });
      return true;
    }
    return false;
  }

  let rings = 0;
  lines.forEach(({ text, color, strong, trace, key }, index) => {
    if (!text || rings >= Math.max(2, (width * height) / PIXELS_PER_RING_LABEL)) return;
    const kind = strong ? "strong" : "ring";
    const wide = measure(text, LABEL_FONT[kind]);
    const boxes = spotsOn(trace, width, height).map(([x, y]) => middle(x, y, wide, HEIGHT));
    if (choose(boxes, { key: `line ${key ?? index}`, text, kind, color }, { margin: 4 })) rings += 1;
  });

  const order = ({ kind, rank }) => (kind === "own" ? 1000 : kind === "place" ? rank : rank - 100);
  const named = shown
    .filter(({ symbol }) => symbol.name && !symbol.quiet)
    .filter(({ symbol }) => symbol.kind === "place" || symbol.kind === "own" || zoom >= SITE_NAMES_FROM_ZOOM)
    .sort((a, b) => order(b.symbol) - order(a.symbol));
  for (const { symbol, x, y } of named) {
    const kind = symbol.kind === "place" ? "place" : "site";
    const wide = measure(symbol.name, LABEL_FONT[kind]);
    const gap = Math.max(GAP, symbol.size / 2 + 1);
    const boxes = [
      middle(x + gap + wide / 2, y, wide, HEIGHT),
      middle(x - gap - wide / 2, y, wide, HEIGHT),
      middle(x, y - gap - HEIGHT / 2, wide, HEIGHT),
      middle(x, y + gap + HEIGHT / 2, wide, HEIGHT),
    ];
    const key = `${symbol.kind} ${symbol.index ?? symbol.name}`;
    const sides = kept?.has(key) ? [kept.get(key)] : undefined;
    choose(boxes, { key, text: symbol.name, kind, color: null }, { sides });
  }

  for (const { text, x, y } of names) {
    const capitals = text.toLocaleUpperCase("en-GB");
    const wide = measure(capitals, font(COUNTRY.size)) + COUNTRY.spacing * capitals.length;
    const label = { key: `country ${text}`, text: capitals, kind: "country", color: null };
    choose([middle(x, y, wide, COUNTRY.height)], label);
  }
  return labels;
}

/** Country names that the zoom lets in, where they are in the picture: [{text, x, y}]. */
export function namesInView(names, tracer, zoom) {
  const found = [];
  for (const country of names) {
    if (country.zoom > zoom) continue;
    for (const [x, y] of tracer.pixels([country.lon, country.lat])) {
      if (x > 0 && y > 0 && x < tracer.width && y < tracer.height) found.push({ text: country.name, x, y });
    }
  }
  return found;
}

/** Draws labels with a halo; `colors` {ink, muted, halo}. */
export function drawLabels(context, labels, colors) {
  context.save();
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.setLineDash([]);
  context.strokeStyle = colors.halo;
  for (const { kind, text, x, y, color } of labels) {
    const country = kind === "country";
    context.font = country ? font(COUNTRY.size) : LABEL_FONT[kind];
    if ("letterSpacing" in context) context.letterSpacing = country ? `${COUNTRY.spacing}px` : "0px";
    context.fillStyle = color || (country ? colors.muted : colors.ink);
    context.lineWidth = country ? 2.4 : 3.2;
    context.globalAlpha = country ? 0.75 : 0.92;
    context.strokeText(text, x, y + 0.5);
    context.globalAlpha = 1;
    context.fillText(text, x, y + 0.5);
  }
  context.restore();
}

// ---------------------------------------------------------------------------------------------
// All of a scene above the world

/** Draws the fills or the overlap of a scene, then its lines; `quick` ones have coarser insides. */
export function paintRanges(context, scene, tracer, { ratio = 1, quick = false } = {}) {
  const area = (region) => (sink) => tracer.area(sink, region);
  const share = quick ? 0.5 : 1;
  for (const { regions, color, opacity } of scene.fills) {
    if (tracer.union && regions.length > 1) {
      fillTogether(context, (sink) => tracer.union(sink, regions), color, opacity);
    } else {
      fillUnion(context, regions.map(area), color, opacity, share);
    }
  }
  if (scene.overlap) {
    const { regions, classes, opacity } = scene.overlap;
    const size = { width: tracer.width, height: tracer.height, ratio, opacity, share };
    paintOverlap(context, regions.map(area), classes, size);
  }
  // The first in the list is the weightiest: it lies on top.
  for (const line of [...scene.lines].reverse()) {
    strokeLine(context, (sink) => line.lines.forEach((one) => tracer.line(sink, one)), line);
  }
}

/** The labels of a scene: see placeLabels; `names` as world.js gives them. */
export function labelsOf(scene, tracer, { shown, names, measure, zoom, blocked, kept, inside }) {
  return placeLabels({
    width: tracer.width,
    height: tracer.height,
    shown,
    lines: scene.lines.filter(({ text }) => text).map((line) => ({
      ...line,
      trace: (sink) => line.lines.forEach((one) => tracer.line(sink, one)),
    })),
    names: namesInView(names, tracer, zoom),
    blocked,
    measure,
    zoom,
    kept,
    inside,
  });
}
