"""Print which places each side of a scenario brings into the banned ranges.

Run from anywhere: ``python examples/which_places.py [SCENARIO]``. Without an argument it
takes the scenario beside it.
"""

import sys
from pathlib import Path

import rangemap as rm


def main() -> None:
    """Print, for each coalition, the places of each zone with the nearest site."""
    scenario = sys.argv[1] if len(sys.argv) > 1 else Path(__file__).with_name("two-sites.toml")
    analysis = rm.analyse(scenario)
    print(analysis.scenario.title)
    counted = analysis.place_rows[~analysis.place_rows.own_side]
    for (coalition, zone), rows in counted.groupby(["coalition", "zone"], sort=False):
        print(f"\n{coalition}, {zone}:")
        for row in rows.sort_values("nearest_km").itertuples():
            print(f"  {row.nearest_km:7,.0f} km from {row.nearest_site} to {row.place}")


if __name__ == "__main__":
    main()
