"""The launches of a scenario: which sites, and which ranges round each of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rangemap.catalogue import Catalogue, Coalition, Evidence, Site, SiteKind, System
from rangemap.catalogue.model import Confidence
from rangemap.errors import NothingLaunchesError, ScenarioError, near_name

Years = tuple[int, int]


@dataclass(frozen=True)
class OwnRange:
    """A range given in the scenario itself, km."""

    label: str
    min_km: float
    max_km: float


@dataclass(frozen=True)
class Launch:
    """One site with the ranges to draw round it."""

    site: Site
    coalition: str
    treaty_band: bool
    system_ids: tuple[str, ...]
    ranges: tuple[OwnRange, ...]

    def years_with(self, system: System | None) -> tuple[int | None, int | None]:
        """Return the first and last year of a system at the site; None where unknown."""
        both: list[Site | System] = [self.site, system] if system else [self.site]
        first = [one.year_from for one in both if one.year_from is not None]
        last = [one.year_to for one in both if one.year_to is not None]
        return (max(first) if first else None, min(last) if last else None)


def read_launches(
    table: dict[str, Any],
    catalogue: Catalogue,
    coalitions: dict[str, Coalition],
    file: str,
    as_of: int | None = None,
) -> tuple[Launch, ...]:
    """Return the launches that a parsed scenario names or selects, resolved.

    With a year, what is known not to have been there in it is left out, and the years that
    a selection asks for give way to it.
    """
    own_sites = _own_sites(table.get("sites", []), catalogue, file)
    result: list[Launch] = []
    for number, entry in enumerate(table["launches"]):
        where = f"{file}, launches[{number}]"
        if entry.get("history", False) and as_of is None:
            continue
        coalition = entry["coalition"]
        if coalition not in coalitions:
            raise ScenarioError(
                f"{where}.coalition {coalition!r}: not in coalitions"
                f"{near_name(coalition, coalitions)}"
            )
        known = coalitions[coalition]
        if as_of is not None and not _overlaps(known.year_from, known.year_to, (as_of, as_of)):
            continue
        if ("sites" in entry) == ("select" in entry):
            raise ScenarioError(f"{where}: needs either sites or select, and not both")
        if "sites" in entry:
            sites = _named_sites(entry["sites"], own_sites, catalogue, where)
            years = None if as_of is None else (as_of, as_of)
            sites = [s for s in sites if _overlaps(s.year_from, s.year_to, years)]
        else:
            sites, years = _selected_sites(entry["select"], catalogue, where, as_of)
        ranges = _own_ranges(entry.get("ranges", []), where)
        for site in sites:
            systems = _system_ids(entry.get("systems", "site"), site, years, catalogue, where)
            treaty = entry.get("treaty_band", True)
            gone = as_of is not None and not (systems or ranges)
            asked = entry.get("systems", "site")
            had = site.system_ids if isinstance(asked, str) else tuple(asked)
            if gone and (not treaty or (had and not _there(had, years, catalogue))):
                continue  # the site was there, or may have been, but none of its systems
            if not (treaty or systems or ranges):
                raise ScenarioError(f"{where}: site {site.id!r} is left without any range to draw")
            result.append(Launch(site, coalition, treaty, systems, ranges))
    if not result:
        if as_of is None:
            raise ScenarioError(
                f"{file}, launches: all of them count only as of a year (history = true); "
                "give one with as_of"
            )
        raise NothingLaunchesError(
            f"{file}, launches: nothing that it names could launch in {as_of}"
        )
    return tuple(result)


def _own_sites(entries: list[dict[str, Any]], catalogue: Catalogue, file: str) -> dict[str, Site]:
    result: dict[str, Site] = {}
    for number, entry in enumerate(entries):
        key = entry["id"]
        if key in result or key in catalogue.sites:
            raise ScenarioError(f"{file}, sites[{number}].id {key!r}: is there already")
        url = f" {entry['url']}" if "url" in entry else ""
        result[key] = Site(
            id=key,
            name=entry["name"],
            country=entry.get("country", ""),
            lon=float(entry["lon"]),
            lat=float(entry["lat"]),
            precision_km=float(entry.get("precision_km", 0)),
            coord_basis="given in the scenario file",
            theatre="",
            coalition="",
            launches=True,
            kind=SiteKind.AD_HOC,
            kind_note=SiteKind.AD_HOC.label,
            operator="",
            system_ids=(),
            year_from=None,
            year_to=None,
            note=(entry.get("note", "") + url).strip(),
            confidence=Confidence.LOW,
            evidence=Evidence.RECALLED,
            source_keys=(),
        )
    return result


def _named_sites(
    names: list[str], own_sites: dict[str, Site], catalogue: Catalogue, where: str
) -> list[Site]:
    sites = []
    for number, name in enumerate(names):
        site = own_sites.get(name) or catalogue.sites.get(name)
        if site is None:
            hint = near_name(name, [*own_sites, *catalogue.sites])
            raise ScenarioError(f"{where}.sites[{number}] {name!r}: not a known site{hint}")
        if not site.launches:
            raise ScenarioError(
                f"{where}.sites[{number}] {name!r}: launches nothing ({site.kind.label})"
            )
        sites.append(site)
    return sites


def _selected_sites(
    select: dict[str, Any], catalogue: Catalogue, where: str, as_of: int | None
) -> tuple[list[Site], Years | None]:
    for key in ("coalition", "theatre", "kind"):
        known = {str(getattr(site, key)) for site in catalogue.sites.values()}
        for name in _names(select.get(key)):
            if name not in known:
                raise ScenarioError(
                    f"{where}.select.{key} {name!r}: no site has it{near_name(name, known)}"
                )
    years: Years | None = None
    if "years" in select:
        years = (select["years"][0], select["years"][1])
        if years[0] > years[1]:
            raise ScenarioError(f"{where}.select.years {list(years)}: the first is after the last")
    if as_of is not None:
        years = (as_of, as_of)
    sites = [site for site in catalogue.sites.values() if _is_selected(site, select, years)]
    if not sites and as_of is None:
        raise ScenarioError(f"{where}.select: no site that launches meets these conditions")
    return sites, years


def _is_selected(site: Site, select: dict[str, Any], years: Years | None) -> bool:
    wanted = all(
        str(getattr(site, key)) in _names(select[key])
        for key in ("coalition", "theatre", "kind")
        if key in select
    )
    return site.launches and wanted and _overlaps(site.year_from, site.year_to, years)


def _overlaps(first: int | None, last: int | None, years: Years | None) -> bool:
    if years is None:
        return True
    return (first is None or first <= years[1]) and (last is None or last >= years[0])


def _names(value: str | list[str] | None) -> list[str]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else value


def _own_ranges(entries: list[dict[str, Any]], where: str) -> tuple[OwnRange, ...]:
    ranges = []
    for number, entry in enumerate(entries):
        low, high = float(entry.get("min_km", 0)), float(entry["max_km"])
        if low >= high:
            raise ScenarioError(
                f"{where}.ranges[{number}]: min_km {low:g} is not less than max_km {high:g}"
            )
        span = [f"{value:,.3f}".rstrip("0").rstrip(".") for value in (low, high)]
        label = entry.get("label") or (f"{' to '.join(span)} km" if low else f"{span[1]} km")
        ranges.append(OwnRange(label, low, high))
    return tuple(ranges)


def _system_ids(
    wanted: str | list[str], site: Site, years: Years | None, catalogue: Catalogue, where: str
) -> tuple[str, ...]:
    """Return the systems to draw at a site; those long gone by the years asked are left out."""
    if wanted == "none":
        return ()
    if wanted == "site":
        return _there(site.system_ids, years, catalogue)
    for number, name in enumerate(wanted):
        if name not in catalogue.systems:
            raise ScenarioError(
                f"{where}.systems[{number}] {name!r}: not a known system"
                f"{near_name(name, catalogue.systems)}"
            )
    return _there(tuple(wanted), years, catalogue)


def _there(names: tuple[str, ...], years: Years | None, catalogue: Catalogue) -> tuple[str, ...]:
    found = (catalogue.systems[name] for name in names)
    return tuple(s.id for s in found if _overlaps(s.year_from, s.year_to, years))


def years_note(launches: tuple[Launch, ...], as_of: int, catalogue: Catalogue) -> str:
    """Return what filtering by a year did, and of whom the years are not known."""
    unknown: dict[str, list[str]] = {"first": [], "last": []}
    for launch in launches:
        for system_id in launch.system_ids or ("",):
            system = catalogue.systems.get(system_id)
            years = launch.years_with(system)
            name = f"{launch.site.name}{f', {system.name}' if system else ''}"
            for key, year in zip(unknown, years, strict=True):
                if year is None and (key == "first" or as_of < catalogue.release.date.year):
                    unknown[key].append(name)
    ranges = any(launch.ranges for launch in launches)
    text = f"As of {as_of}: sites and systems that are known not to have been there are left out."
    if ranges:
        text += " Ranges that the scenario gives itself have no years and are drawn."
    for key, names in unknown.items():
        distinct = list(dict.fromkeys(names))
        if distinct:
            more = f" and {len(distinct) - 6} more" if len(distinct) > 6 else ""
            text += f" No {key} year is known of: {'; '.join(distinct[:6])}{more}."
    return text
