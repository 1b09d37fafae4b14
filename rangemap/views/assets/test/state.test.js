import assert from "node:assert/strict";
import test from "node:test";
import { fromHash, startState, toHash } from "../src/state.js";
import { find, plain } from "../src/search.js";
import { contrast, mixed, overlapClasses, readable, themeOf } from "../src/theme.js";

const MODEL = {
  symbols: { zones: [{ key: "beyond-5500" }], verdicts: [{ key: "inside" }] },
  edition: "abcd1234",
  comparison: null,
  sides: null,
  years: { first: 1960, last: 2026, as_of: null },
  coalitions: [{ own: [] }, { own: [] }],
  places: [{ id: "AAA" }, { id: "B&=#b" }],
  sites: [{ id: "s0" }, { id: "s1" }],
  bands: Array.from({ length: 9 }, (_, index) => ({ index, shown: index < 5, inf: ["covered", "open"][index % 2] })),
};
const MOST = 19950;
const restored = (hash) => ({ ...startState(MODEL), ...fromHash(hash, MODEL, MOST).patch });
const plainState = (state) => JSON.stringify(state, (_, value) =>
  value instanceof Set ? [...value].sort() : value instanceof Map ? [...value] : value);

test("the start needs no address but its view", () => {
  assert.equal(toHash(startState(MODEL), MODEL), "");
});

test("a state comes back from its address", () => {
  const state = {
    ...startState(MODEL),
    view: { lon: -179.5, lat: 89.25, kmPerPixel: 0.75 },
    projection: "globe",
    on: new Set([0, 2, 3, 4, 8]),
    draw: "overlap",
    edges: false,
    mode: "own",
    year: 1987,
    infOff: new Set(["covered", "open"]),
    hidden: new Set(["beyond-5500"]),
    units: "nmi",
    theme: "dark",
    moved: new Map([[1, [179.99999, -90]]]),
    own: [{ id: 1, lon: 1.5, lat: -2.25, min: 0, max: 19950 }, { id: 2, lon: -180, lat: 90, min: 0.001, max: 0.5 }],
    measure: [[0, 0], [-180, 45]],
    selected: { kind: "place", index: 1 },
  };
  assert.equal(plainState(restored(toHash(state, MODEL))), plainState(state));
  assert.equal(plainState(restored(toHash({ ...state, on: new Set() }, MODEL))), plainState({ ...state, on: new Set() }));
});

test("what is not right in an address is left out, the rest is used", () => {
  for (const hash of [
    "#v=181,0,1", "#v=0,91,1", "#v=0,0,0", "#v=0,0,-1", "#v=0,0", "#v=a,b,c", "#v=0,0,1e9", "#on=0-9", "#on=9", "#on=3-1",
    "#on=1..2", "#y=1959", "#y=1987.5", "#y=", "#w=0,0,5,5", "#w=0,0,-1,5", "#w=0,0,0,20000", "#w=0,0,0,NaN", "#mv=2,0,0",
    "#mv=0,0,91", "#ms=0,0", "#sel=place:nobody", "#sel=toString:x", "#m=c7", "#d=x", "#u=__proto__", "#p=moon", "#%", "#=", "#v",
    "#on=%E0%A4%A", "#inf=<b>", "#hide=UP", "#s=1",
  ]) {
    assert.equal(plainState(restored(hash)), plainState(startState(MODEL)), hash);
  }
  assert.equal(restored("#v=bad&u=mi").units, "mi");
});

test("numbers of bands count only in the edition that they come from", () => {
  const { patch, foreign } = fromHash("#u=mi&on=1&mv=0,1,1&ed=00000000", MODEL, MOST);
  assert.deepEqual([Object.keys(patch), foreign], [["units"], true]);
  assert.equal(fromHash("#u=mi&ed=00000000", MODEL, MOST).foreign, false);
});

test("the search knows case, accents and parts of words", () => {
  const entries = ["São Tomé", "Tomé", "Nukuʻalofa", "New Delhi", "Delhi Road"].map((text) => ({ text, key: plain(text) }));
  const names = (typed) => find(entries, typed).map((entry) => entry.text);
  assert.deepEqual(names("tome"), ["Tomé", "São Tomé"]);
  assert.deepEqual(names("SAO"), ["São Tomé"]);
  assert.deepEqual(names("nuku'"), ["Nukuʻalofa"]);
  assert.deepEqual(names("delhi"), ["Delhi Road", "New Delhi"]);
  assert.deepEqual(names("  "), []);
  assert.deepEqual(names("elh"), ["New Delhi", "Delhi Road"]);
});

test("colours of the data stand out on the dark map", () => {
  const dark = themeOf(true);
  for (const color of ["#1f5fa8", "#b3261e", "#000000", "#111", "#4a148c", "nonsense"]) {
    assert.ok(contrast(dark.of(color), dark.land) >= 3, color);
  }
  assert.equal(readable("#ffffff", "#000000"), "#ffffff");
  assert.equal(mixed("#ff0000", "#0000ff", 0.5), "#800080");
});

test("overlap classes leave no count out and do not overlap", () => {
  for (const most of [1, 2, 3, 7, 26, 104, 1000]) {
    const classes = overlapClasses(most, false);
    assert.equal(classes[0].from, 1);
    assert.equal(classes[classes.length - 1].to, Infinity);
    for (let i = 1; i < classes.length; i += 1) assert.equal(classes[i].from, classes[i - 1].to + 1);
    assert.equal(new Set(classes.map((one) => one.color)).size, classes.length);
  }
});
