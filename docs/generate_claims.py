"""Write ``docs/claims.md`` from the statements, recomputed.

Run ``python docs/generate_claims.py`` after a change of ``data/`` or of how statements are
recomputed. A test compares the page with what this makes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from rangemap.analysis.claim_reach import (
    LEAST_MARGIN_KM,
    MARGIN_OF_RANGE,
    TOLERANCE_OF_DISTANCE,
)
from rangemap.analysis.claims import ClaimResult, Outcome, check_claims
from rangemap.catalogue import load_catalogue
from rangemap.catalogue.inventory import read_share_definitions
from rangemap.catalogue.regions import MAP_ERROR_KM, read_regions
from rangemap.catalogue.statement_rows import COLUMNS
from rangemap.catalogue.statements import ClaimKind
from rangemap.views.claim_rows import number_rows
from rangemap.views.claim_text import condition_lines, outcome_text

TARGET: Final = Path(__file__).with_name("claims.md")
MOST_ROWS: Final = 24

_HEAD: Final = """\
# Published statements, recomputed

<!-- Made by docs/generate_claims.py: change data/ or the program, then run it. -->

{count} published statements about ranges, distances and numbers of missiles, each computed again
from the catalogue, from the inventory and from geodesics on the ellipsoid: {counts}.
No answer is stored: a change of the data changes this page. `rangemap claims` prints the list,
`rangemap claims show ID` one of them with every source, `--json` everything.

## How to read an outcome

| outcome | meaning |
| --- | --- |
| holds | true under every condition that was tried |
| fails | false under every one |
| depends | true under some, false under others, or too close to call: see its conditions |
| computed | nothing is claimed: the numbers alone |

- **A range that the statement gives** is compared with the geodesic distance. Within a margin the
  verdict is *marginal*: {least:.0f} km, the precision of the launch site, {share:.0%} of the
  range, or the error of the map, whichever is greatest.
- **No range given**: every published range that the catalogue uses is tried, and for a disputed
  system what each side says; the margin is then the precision of the site (and the error of the
  map for a territory). A range published as "over" some number settles what it reaches, never
  what it does not reach, as long as a higher published range would. Outliers are shown, in
  brackets, and decide nothing.
- **A printed distance** may be off by {tolerance:.0%}, or by the precision of the site if that is
  more.
- **A country or region as a target** is taken as its capital, as some of its territory (its nearest
  point), as all of it (its farthest point), or as its mainland, the largest polygon. Outlines are
  those of the 1:50 million map: {map:.0f} km are allowed for them.
- **A share** is computed for every edition, for missiles and launchers, and by each definition of
  what counts. The low and the high counts decide; the least and greatest share that counts
  between them allow (worst and best mix) are shown.
- *Unverified* means recalled, and not read in a copy of the source.

In range does not mean targeted.
"""


def render() -> str:
    """Return the page."""
    results = check_claims()
    counts = ", ".join(
        f"{sum(r.outcome is outcome for r in results)} {_AS_SAID[outcome]}" for outcome in Outcome
    )
    main = [result for result in results if result.claim.main]
    parts = [
        _HEAD.format(
            count=len(results), counts=counts, least=LEAST_MARGIN_KM, share=MARGIN_OF_RANGE,
            tolerance=TOLERANCE_OF_DISTANCE, map=MAP_ERROR_KM,
        ),
        "## The main statements\n",
        _summary(main),
        *(_section(result) for result in main),
        "### China's missiles by every edition of the DoD report\n",
        "Percent by each definition; the last column but one tells how many of the SRBMs would\n"
        "have to count for 90 percent: over 100 means that not even all of them are enough.\n",
        _editions(main),
        "## Acceptance cases\n",
        "Statements with one launch site, one target and one range or printed distance; sources\n"
        "by their key, which `rangemap show KEY` resolves.\n",
        _cases([result for result in results if not result.claim.main]),
        _FOOT,
        _columns(),
        "### Definitions of a share\n",
        _table(
            ["id", "name", "what counts", "of what", "meaning"],
            [
                [f"`{d.id}`", d.name, ", ".join(f"{n} x {w:g}" for n, w in d.counted),
                 ", ".join(d.total), d.meaning]
                for d in read_share_definitions().values()
            ],
        ),
        "### Regions\n",
        _table(
            ["id", "name", "what it is"],
            [[f"`{r.id}`", r.name, r.note] for r in read_regions().values()],
        ),
    ]  # fmt: skip
    return "\n".join(parts)


_AS_SAID: Final = {
    Outcome.HOLDS: "hold", Outcome.FAILS: "fail", Outcome.DEPENDS: "depend on a condition",
    Outcome.COMPUTED: "claim nothing and are computed only",
}  # fmt: skip


def _summary(results: list[ClaimResult]) -> str:
    rows = [
        [f"[`{r.claim.id}`](#{r.claim.id})", r.claim.statement, f"**{outcome_text(r)}**"]
        for r in results
    ]
    return _table(["id", "statement", "outcome"], rows)


def _section(result: ClaimResult) -> str:
    claim = result.claim
    lines = [f"### {claim.id}\n", f"> {claim.statement}\n"]
    lines.append(f"{claim.who}, {claim.said_on}; the statement is {claim.evidence.verified}.")
    if claim.quote:
        lines.append(f'In words: "{claim.quote}".')
    if claim.qualifier:
        lines.append(f"Qualifier: {claim.qualifier}.")
    lines += ["", f"**Outcome: {outcome_text(result)}.** {result.answer}", ""]
    told = condition_lines(result)
    if len(result.conditions) > 1:
        for word, listed in told.items():
            lines += [f"{_WORDS.get(word, word.capitalize())}:", ""]
            lines += [f"- {text}" for text in listed] + [""]
    header, rows = number_rows(result)
    if claim.kind is ClaimKind.SHARE:  # all editions stand in a table of their own
        rows = [row for row in rows if row[0].endswith("*") or row[0] == claim.check_dataset]
        rows = [[cell.removesuffix(" *") for cell in row] for row in rows]
    lines.append(_table(header, rows[:MOST_ROWS]))
    if len(rows) > MOST_ROWS:
        lines.append(f"and {len(rows) - MOST_ROWS} more rows, in `rangemap claims show --json`.\n")
    if claim.note:
        lines.append(f"Note: {claim.note}.\n")
    lines += [f"- {text}" for text in result.caveats]
    sources = [_source(key) for key in result.source_keys(deciding=True)]
    lines += ["", f"Sources: {'; '.join(sources)}.", ""]
    return "\n".join(lines)


_WORDS: Final = {
    "holds": "It holds", "fails": "It fails", "marginal": "Undecided, marginal",
    "open": "Undecided, by a lower bound only",
}  # fmt: skip


def _source(key: str) -> str:
    source = load_catalogue().source(key)
    label = f"`{key}`"
    if source.url:
        label = f"[{label}]({source.url.split(' ')[0]})"
    return f"{label} {source.publisher}, {source.date}, {source.evidence.verified}"


def _editions(results: list[ClaimResult]) -> str:
    shares = [r for r in results if r.claim.kind is ClaimKind.SHARE and r.claim.value == 90]
    header, rows = number_rows(shares[0])
    return _table(header, [[cell.removesuffix(" *") for cell in row] for row in rows])


def _cases(results: list[ClaimResult]) -> str:
    rows = []
    for result in results:
        claim, finding = result.claim, result.findings[0]
        against = finding.range_km if finding.range_km is not None else finding.printed_km
        rows.append([
            f"`{claim.id}`", claim.statement, f"{claim.who}, {claim.said_on}", claim.says.value
            if finding.range_km is not None else "distance", f"{finding.distance_km:,.1f}",
            f"{against:,.0f}", f"{finding.margin_km:,.0f}", finding.verdict, result.outcome.value,
            claim.evidence.verified, ", ".join(claim.source_keys), claim.note,
        ])  # fmt: skip
    header = ["id", "statement", "who and when", "claims", "km", "range or printed km", "margin",
              "verdict", "outcome", "read at source", "sources", "note"]  # fmt: skip
    return _table(header, rows)


_FOOT: Final = """\
## A statement of your own

One row in a file `claims.csv`, in a folder that `--catalogue` names; only `id`, `statement` and
`kind` must be there as columns, and the cells that its kind needs:

```text
id,statement,kind,claim_says,launch,system,range_km,target,target_reading
kaliningrad-oslo,Iskander-M in Kaliningrad cannot reach Oslo,reach,out,chernyakhovsk,9m723,,Oslo,
```

```text
rangemap claims show kaliningrad-oslo --catalogue DIR
```

A row with the id of a bundled one takes its place. What is not given is not made up: a blank
`evidence` counts as recalled, and is shown as unverified.

### Columns of claims.csv
"""

COLUMN_MEANINGS: Final = {
    "id": "letters, digits and hyphens; upper and lower case are the same",
    "main": "`yes` (its own section here) or `no` (a row of the table)",
    "who": "who said it",
    "said_on": "a date, a month, a year, or `n.d.`",
    "statement": "what was said, in our words",
    "quote": "the exact words, if short",
    "qualifier": "what limits it, and how it was quoted",
    "kind": "`reach`, `distance`, `total` or `share`",
    "source_keys": "keys of `sources.csv`, separated by semicolons",
    "evidence": "whether the statement was read at its source; blank is `recalled`",
    "note": "what a reader should know",
    "launch": "reach, distance: sites by id or name, capitals, cities, countries or regions, "
    "separated by semicolons; `*` is every launch site of the system",
    "launch_lon": "coordinates of a launch site of its own; its precision is that of the site "
    "named in `launch`, if it is one",
    "launch_lat": "likewise",
    "launch_precision_km": "how far off such a site may be, if the catalogue does not know it",
    "launch_together": "several launch sites: `any` one suffices, `all` must, or `each` by itself "
    "(blank: each; for a statement that says `out`: any)",
    "system": "reach: systems by id; of several one suffices",
    "range_km": "reach: the range that the statement gives; blank takes the published ones",
    "ranges": "without a range: those `in-use` in the catalogue (as blank), or `all`",
    "as_of": "a year: with `*`, leaves out sites that were gone or to come",
    "target": "a capital, city or site, or countries (name or ISO code) or regions",
    "target_lon": "coordinates of a target of its own",
    "target_lat": "likewise",
    "target_reading": "what of it: `point`, `capital`, `any`, `all`, `mainland-any`, "
    "`mainland-all`; several give several conditions. Blank: for a country any, capital and all "
    "(for `out`: any)",
    "target_together": "several targets: `any`, `all` or `each`; several give several conditions "
    "(blank: all; for `out`: any; for `none`: each)",
    "target_except": "countries of the target that are claimed not to be in range",
    "claim_says": "reach: `in`, `out` (not in range), or `none` (the facts only)",
    "value": "the printed number: km, missiles or percent; blank gives the facts only",
    "comparator": "`equal` (as blank), `over`, `at-least`, `under`, `at-most`, `about`",
    "tolerance": "for `about` and `equal`: how far off it may be, in units of the value",
    "unit": "share: `percent` (as blank) or `count`",
    "dataset": "total, share: data sets of `inventory.csv`; the editions of a share that decide",
    "country": "total: only these",
    "item": "total: only these",
    "basis": "`missiles` or `launchers`; blank: missiles for a total, both for a share",
    "definition": "share: the definitions that decide; blank: all",
    "check_dataset": "a data set whose total is compared with the sum",
}


def _columns() -> str:
    return _table(["column", "meaning"], [[f"`{c}`", COLUMN_MEANINGS[c]] for c in COLUMNS])


def _table(header: list[str], rows: list[list[str]]) -> str:
    lines = [_row(header), _row(["---"] * len(header)), *map(_row, rows)]
    return "\n".join(lines) + "\n"


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(" ".join(cell.replace("|", "\\|").split()) for cell in cells) + " |"


if __name__ == "__main__":
    TARGET.write_text(render(), encoding="utf-8", newline="\n")
