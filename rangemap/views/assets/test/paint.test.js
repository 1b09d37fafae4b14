import assert from "node:assert/strict";
import test from "node:test";
import {
  classOfCounts, Counter, drawSymbol, mercatorLines, mercatorRings, placeLabels,
} from "../src/paint.js";
import { roundLength, wrapText } from "../src/image.js";

const box = (left, top, right, bottom) => (sink) => {
  sink.moveTo(left, top);
  sink.lineTo(right, top);
  sink.lineTo(right, bottom);
  sink.lineTo(left, bottom);
  sink.closePath();
};

function countsOf(width, height, areas, ratio) {
  const counter = new Counter(width, height, ratio);
  for (const area of areas) {
    counter.begin();
    area(counter);
    counter.end();
  }
  return Array.from(counter.counts());
}

test("pixels count the areas that hold their centres", () => {
  const counts = countsOf(4, 2, [box(0, 0, 2, 2), box(1, 0, 3, 1)]);
  assert.deepEqual(counts, [1, 2, 1, 0, 1, 1, 0, 0]);
});

test("areas that meet leave no pixel between them and share none", () => {
  const counts = countsOf(10, 3, [box(0, 0, 4.3, 3), box(4.3, 0, 10, 3)]);
  assert.ok(counts.every((count) => count === 1));
});

test("equal areas step from nothing to both", () => {
  const triangle = (sink) => {
    sink.moveTo(3, 1);
    sink.lineTo(37, 9);
    sink.lineTo(11, 39);
    sink.closePath();
  };
  assert.deepEqual([...new Set(countsOf(40, 40, [triangle, triangle]))].sort(), [0, 2]);
});

test("a hole is not counted, nor what lies beside the picture", () => {
  const ring = (sink) => {
    box(-50, -50, 50, 50)(sink);
    box(1, 1, 3, 3)(sink);
  };
  assert.deepEqual(countsOf(4, 4, [ring]), [1, 1, 1, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 1, 1, 1]);
});

test("counts follow the ratio, and an open path is closed", () => {
  const open = (sink) => {
    sink.moveTo(0, 0);
    sink.lineTo(1, 0);
    sink.lineTo(1, 1);
    sink.lineTo(0, 1);
  };
  assert.deepEqual(countsOf(3, 2, [open], 2), [1, 1, 0, 1, 1, 0]);
});

test("each count has its class", () => {
  const classes = [{ from: 1, to: 1 }, { from: 2, to: 4 }, { from: 5, to: Infinity }];
  assert.deepEqual(classOfCounts(classes, 7), [-1, 0, 1, 1, 1, 2, 2, 2]);
  assert.deepEqual(classOfCounts([{ from: 1, to: null }], 2), [-1, 0, 0]);
});

const LOOP = [[170, -10], [190, -10], [190, 10], [170, 10], [170, -10]];
const BELT = [[-180, 60], [0, 50], [180, 60]];

test("rings of the flat map have their copies", () => {
  const region = { loops: [LOOP], belts: [], inverted: false };
  const west = (span) => mercatorRings(region, null, span).map((ring) => ring[0][0]).sort((a, b) => a - b);
  assert.deepEqual(west({ lo: -200, hi: 200 }), [-190, 170]);
  assert.deepEqual(west({ lo: -160, hi: 160 }), []);
  assert.deepEqual(west({ lo: 185, hi: 535 }), [170, 530]);
  assert.deepEqual(west(), [-550, -190, 170, 530]);
});

test("a belt's ring is closed far north, its line is not", () => {
  const region = { loops: [], belts: [BELT], inverted: false };
  assert.equal(mercatorRings(region).length, 1);
  assert.ok(mercatorRings(region)[0].some(([, lat]) => lat > 85));
  assert.ok(mercatorLines(region).flat().every(([, lat]) => lat <= 60));
});

test("an inverted region has the whole world as one more ring", () => {
  const region = { loops: [LOOP], belts: [], inverted: true };
  assert.equal(mercatorRings(region).length, mercatorRings({ ...region, inverted: false }).length + 1);
});

test("with a frame rings are in its pixels", () => {
  const frame = { left: 0, top: 0, size: 360, width: 360, height: 360 };
  const rings = mercatorRings({ loops: [LOOP], belts: [], inverted: false }, frame);
  assert.equal(rings.length, 2);
  for (const [x, y] of rings.flat()) assert.ok(x >= -20 && x <= 380 && y > 160 && y < 200);
});

const measure = (text) => 6 * text.length;
const symbolAt = (name, x, y, more = {}) =>
  ({ symbol: { kind: "place", name, size: 16, rank: 1, index: name, ...more }, x, y });
const place = (more) =>
  placeLabels({ width: 300, height: 200, shown: [], lines: [], names: [], measure, zoom: 3, ...more });

test("a name stands beside its symbol, to the right first", () => {
  const [label] = place({ shown: [symbolAt("Oslo", 100, 100)] });
  assert.equal(label.side, 0);
  assert.equal(label.box[0], 109);
});

test("no name covers a name or a symbol; what finds no room is left out", () => {
  const shown = [];
  for (let i = 0; i < 40; i += 1) {
    shown.push(symbolAt(`Place ${i}`, 20 + 31 * (i % 9), 20 + 27 * Math.floor(i / 9)));
  }
  const labels = place({ shown });
  assert.ok(labels.length > 0 && labels.length < 40);
  const apart = (a, b) => a[2] <= b[0] || b[2] <= a[0] || a[3] <= b[1] || b[3] <= a[1];
  labels.forEach(({ box: one }, index) => {
    labels.slice(index + 1).forEach(({ box: other }) => assert.ok(apart(one, other)));
    shown.forEach(({ x, y }) => assert.ok(apart(one, [x - 7, y - 7, x + 7, y + 7])));
  });
});

test("the higher rank is named first", () => {
  const labels = place({
    width: 200, height: 40,
    shown: [symbolAt("Minor town", 55, 20, { rank: 1 }), symbolAt("Great city", 62, 20, { rank: 9 })],
  });
  assert.equal(labels[0].text, "Great city");
});

test("sites are named only close up, quiet symbols never", () => {
  const shown = [symbolAt("Base", 100, 100, { kind: "site" }), symbolAt("Mark", 30, 30, { quiet: true })];
  assert.deepEqual(place({ shown }).map(({ text }) => text), []);
  assert.deepEqual(place({ shown, zoom: 5 }).map(({ text }) => text), ["Base"]);
});

test("while moving, only what was chosen stays, on its side", () => {
  const shown = [symbolAt("Oslo", 100, 100), symbolAt("Bergen", 100, 150)];
  const labels = place({ shown, kept: new Map([["place Oslo", 1]]) });
  assert.deepEqual(labels.map(({ text, side }) => [text, side]), [["Oslo", 1]]);
});

test("a line's label lies on the line in its colour, countries come last in capitals", () => {
  const trace = (sink) => {
    sink.moveTo(0, 100);
    for (let x = 10; x <= 300; x += 10) sink.lineTo(x, 100);
  };
  const labels = place({
    lines: [{ text: "5,500 km", color: "#123456", strong: true, trace, key: "a" }],
    names: [{ text: "Norway", x: 150, y: 50 }, { text: "Hidden", x: 150, y: 100 }],
  });
  assert.equal(labels[0].y, 100);
  assert.equal(labels[0].color, "#123456");
  assert.equal(labels[1].text, "NORWAY");
});

test("a symbol is scaled to its size about its point", () => {
  const calls = [];
  globalThis.Path2D = class { arc() {} rect() {} };
  const context = new Proxy({}, {
    get: (_, key) => (...values) => calls.push([key, ...values]),
    set: (_, key, value) => calls.push([key, value]),
  });
  const disc = { r: 5, fill: "red", stroke: "none" };
  const square = { x: 0, y: 0, w: 1, h: 1, stroke: "blue", width: 2 };
  drawSymbol(context, [disc, square], 10, 20, 32);
  const names = calls.map(([key]) => key);
  assert.deepEqual(calls.find(([key]) => key === "translate"), ["translate", 10, 20]);
  assert.deepEqual(calls.find(([key]) => key === "scale"), ["scale", 2, 2]);
  assert.equal(names.filter((key) => key === "fill").length, 1);
  assert.equal(names.filter((key) => key === "stroke").length, 1);
  delete globalThis.Path2D;
});

test("texts are wrapped and nothing is lost", () => {
  const text = "Ranges are geodesic distances abcdefghijklmnopqrstuvwxyz end";
  const lines = wrapText(text, measure, 72);
  assert.ok(lines.every((line) => measure(line) <= 72));
  assert.equal(lines.join("").replace(/\s/g, ""), text.replace(/\s/g, ""));
  assert.deepEqual(wrapText("", measure, 50), [""]);
});

test("scale bars have round lengths", () => {
  assert.deepEqual([1, 1.9, 2, 4.9, 730, 1000, 0.07].map(roundLength), [1, 1, 2, 2, 500, 1000, 0.05]);
});
