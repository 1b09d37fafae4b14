// One side of two by itself: its zones or verdicts, whatever other sides there are.
const ZONES = ["within-500", "banned-band-only", "beyond-5500"];
const VERDICTS = ["inside", "marginal", "outside"];
const UNREACHED = new Set(["beyond-5500", "outside"]);

/** What `derive` gives, seen from one side alone: zones of its treaty bands, or else verdicts. */
export function sideOf(model, derived, number) {
  const { coalitions } = model.sides[number];
  const rows = coalitions.map((coalition) => derived.rowsOf(coalition));
  const zoned = rows.some((list) => list.some((row) => row && row.zone));
  const keyOf = (row) => (zoned ? row.zone : row.verdict);
  const order = zoned ? ZONES : VERDICTS;
  const marks = model.places.map((_, place) => {
    const found = rows.map((list) => list[place]).filter(Boolean);
    const theirs = found.filter((row) => !row.own && keyOf(row));
    const reached = theirs.some((row) => !UNREACHED.has(keyOf(row)));
    if (found.some((row) => row.own) && !reached) return { key: "own-side", marginal: false };
    const worst = order.find((key) => theirs.some((row) => keyOf(row) === key));
    return { key: worst || "", marginal: zoned && theirs.some((row) => row.zone === worst && row.zoneMarginal) };
  });
  return { ...derived, mode: `side${number}`, symbols: zoned ? model.symbols.zones : model.symbols.verdicts, marks };
}
