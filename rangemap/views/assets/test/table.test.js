import assert from "node:assert/strict";
import test from "node:test";
import { csvCell, csvOf } from "../src/table.js";

test("a cell of a CSV is quoted where it must be and never a formula", () => {
  assert.equal(csvCell("plain"), "plain");
  assert.equal(csvCell('a "b", c'), '"a ""b"", c"');
  assert.equal(csvCell("two\nlines"), '"two\nlines"');
  for (const start of ["=", "+", "-", "@", "\t", "\r"]) assert.ok(csvCell(`${start}1`).replace(/^"/, "").startsWith("'"));
  assert.equal(csvCell(-1.5), "-1.5");
  assert.equal(csvCell(null), "");
});

test("rows end as RFC 4180 says", () => {
  assert.equal(csvOf(["a", "b"], [[1, "x"]]), "a,b\r\n1,x\r\n");
});
