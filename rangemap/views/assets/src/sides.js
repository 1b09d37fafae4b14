// One side of a comparison by itself: its zones, whatever other sides there are.
const WORST = ["within-500", "banned-band-only", "beyond-5500"];

/** What `derive` gives, seen from one side alone: the places in its zones. */
export function sideOf(model, derived, number) {
  const { coalitions } = model.sides[number];
  const rows = coalitions.map((coalition) => derived.rowsOf(coalition));
  const marks = model.places.map((_, place) => {
    const found = rows.map((list) => list[place]).filter(Boolean);
    const theirs = found.filter((row) => !row.own && row.zone);
    const reached = theirs.filter((row) => row.zone !== "beyond-5500");
    if (found.some((row) => row.own) && !reached.length) return { key: "own-side", marginal: false };
    const worst = WORST.find((zone) => theirs.some((row) => row.zone === zone));
    return { key: worst || "", marginal: theirs.some((row) => row.zone === worst && row.zoneMarginal) };
  });
  return { ...derived, mode: `side${number}`, symbols: model.symbols.zones, marks };
}
