// What a place, a site, a range, a point say when asked: in one card beside the map, the same for
// the flat map and for the globe.
import { button, el, link, name, withLinks } from "./dom.js";
import { groupBy, sourcesOf } from "./model.js";
import { pointCount } from "./verdicts.js";

const fact = (term, ...values) => [el("dt", {}, term), el("dd", {}, ...values)];

/** Makers of cards by kind of what was picked. */
export function createCards({ model, words, format, derived, colorOf, act }) {
  const swatch = (color) => {
    const box = el("span", { class: "rm-swatch", "aria-hidden": "true" });
    box.style.background = color;
    return box;
  };
  const coalitionName = (index) => [swatch(colorOf(index)), el("strong", {}, name(model.coalitions[index].name))];
  const frame = (...children) => el("div", { class: "rm-pop" }, ...children);
  const title = (text) => el("h2", { id: "rm-card-title" }, name(text));
  const reasonsText = (reasons) => words.listAnd(reasons.map((reason) => words.reasons[reason]));

  function sources(numbers, opened = false) {
    if (!numbers.length) return el("p", { class: "rm-sub" }, words.noSources);
    return el(
      "details",
      { class: "rm-sources", open: opened },
      el("summary", {}, `${words.sources} (${numbers.length})`),
      el("ul", {}, numbers.map((number) => sourceItem(number))),
    );
  }

  function sourceItem(number) {
    const source = model.sources[number];
    const about = [source.publisher, source.date, source.evidence].filter(Boolean).join(", ");
    return el("li", {}, link(source.url, source.title), el("div", { class: "rm-sub" }, name(about)));
  }

  // Labels of bands, each once.
  const labelsOf = (indexes) => [...new Set(indexes.map((index) => model.bands[index].label))].join("; ");

  function coalitionRow(coalition, placeIndex) {
    const now = derived();
    const row = now.rowsOf(coalition)[placeIndex];
    const off = reachedButOff(coalition, placeIndex);
    if (!row && !off.length) return null;
    if (!row) {
      return el("li", {}, el("div", { class: "rm-verdict" }, coalitionName(coalition), ": ", words.noneOn),
        el("div", {}, name(words.placeOff(labelsOf(off)))));
    }
    const key = row.own ? "own-side" : row.zone || row.verdict;
    const banned = Boolean(row.zone);
    const nearest = words.placeNearest(model.sites[row.nearestSite].name, format.distance(row.nearestKm));
    const own = (index) => model.bands[index].kind !== "treaty";
    const inside = row.inside.filter(own);
    const marginal = row.marginal.filter(own);
    const lines = [
      banned ? `${nearest}; ${words.placeSites(row.inBand)}` : nearest,
      banned && row.zoneMarginal && !row.own && words.marginalZone,
      inside.length > 0 && words.placeRanges(labelsOf(inside)),
      marginal.length > 0 && words.placeMaybe(labelsOf(marginal)),
      row.hangsOn.length > 0 && words.hangsOn(reasonsText(row.hangsOn)),
      off.length > 0 && words.placeOff(labelsOf(off)),
    ].filter(Boolean);
    return el(
      "li",
      {},
      el("div", { class: "rm-verdict" }, coalitionName(coalition), ": ", words.zoneOf[key] || ""),
      lines.map((line) => el("div", {}, name(line))),
      reachTable(row.reaching),
    );
  }

  // Ranges of systems that reach the place but are switched off in the tree.
  function reachedButOff(coalition, placeIndex) {
    const now = derived();
    const on = new Set(now.active);
    return now.available.filter((index) => {
      const band = model.bands[index];
      if (on.has(index) || band.coalition !== coalition || band.kind === "treaty") return false;
      const km = now.distances.km(band.site, placeIndex);
      return band.min_km <= km && km <= band.max_km;
    });
  }

  // The first source of a range, and how many more there are; the range's own card has them all.
  function firstSource(band) {
    if (!band.sources.length) return words.noSource;
    const { url, title, publisher, date } = model.sources[band.sources[0]];
    const more = band.sources.length - 1;
    return [link(url, [publisher || title, date].filter(Boolean).join(", ")), more > 0 && ` ${words.andMore(more)}`];
  }

  function reachTable(reaching) {
    if (!reaching.length) return null;
    const of = (treaty, verdict) => reaching.filter((one) =>
      (model.bands[one.band].kind === "treaty") === treaty && one.verdict === verdict).length;
    return el(
      "details",
      { class: "rm-reach" },
      el("summary", {}, words.reachedBy(of(false, "inside"), of(false, "marginal"), of(true, "inside") + of(true, "marginal"))),
      el("ul", {}, reaching.map(({ band, km, marginKm, verdict, hangsOn }) => {
        const item = model.bands[band];
        const said = words.zoneShort[verdict] + (hangsOn.length ? ` (${reasonsText(hangsOn)})` : "");
        return el("li", {},
          button(name(model.sites[item.site].name), { class: "rm-link", onclick: () => act.pick({ kind: "site", index: item.site }) }), " · ",
          button(name(item.label), { class: "rm-link", onclick: () => act.pick({ kind: "band", index: band }) }),
          el("div", {}, words.reachLine(format.distance(km, 1), format.distance(marginKm, 1), said)),
          el("div", { class: "rm-sub" }, words.reachSource, ": ", firstSource(item)));
      })),
    );
  }

  function place(index) {
    const item = model.places[index];
    const now = derived();
    const rows = model.coalitions.map((_, coalition) => coalitionRow(coalition, index)).filter(Boolean);
    const category = now.active.length && now.modes.includes("comparison") ? now.categories()[index] : null;
    const symbol = category && model.comparison.symbols.find((one) => one.key === category.category);
    const ownRow = now.ownRows()[index];
    return frame(
      title(item.name),
      item.country && el("p", { class: "rm-sub" }, name(item.country)),
      rows.length ? el("ul", { class: "rm-rows" }, rows) : el("p", {}, words.placeNothing),
      symbol && el("p", {}, name(words.categoryLine(model.comparison.label, symbol.label))),
      ownRow.each.length > 0 && el("ul", { class: "rm-rows rm-own" }, ownRow.each.map((one) => {
        const point = derived.state().own[one.index];
        return el("li", {}, el("strong", {}, words.ownRow(words.pointName(point.id))), ": ",
          one.inside ? words.zoneShort.inside : words.zoneShort.outside, ", ", format.distance(one.km, 1), ", ",
          words.reachMargin.toLowerCase(), " ", format.distance(one.marginKm, 1));
      })),
      item.note && el("p", { class: "rm-note" }, name(item.note)),
      item.country_population !== null &&
        el("p", { class: "rm-sub" }, words.placePopulation(format.number(item.country_population))),
    );
  }

  function bandFacts(band) {
    const flags = [
      band.alleged && words.alleged,
      band.disputed && !band.alleged && words.disputed,
      band.assumed && words.assumed,
      words.saidBy(band.said_by),
      band.low_km !== band.high_km && words.spread(format.range(band.low_km), format.range(band.high_km)),
      band.evidence && words.evidence(band.confidence, band.evidence),
    ].filter(Boolean);
    return flags.map((flag) => el("div", { class: "rm-sub" }, name(flag)));
  }

  function site(index) {
    const item = model.sites[index];
    const coalition = model.coalitions[item.coalition];
    const bands = (model.bandsOfSite.get(index) || []).filter((band) => derived().available.includes(band.index));
    const moved = derived.state().moved.get(index);
    const [from, to] = item.years;
    return frame(
      title(item.name),
      el("p", { class: "rm-sub" }, swatch(colorOf(item.coalition)), name(words.siteOf(coalition.name)), item.country && [", ", name(item.country)]),
      moved && el("p", { class: "rm-note rm-own" }, words.siteMovedTo(format.point(moved), format.exact(moved, [item.lon, item.lat]))),
      el("dl", {},
        fact(words.siteKind, name(item.kind)),
        fact(words.sitePlace, format.point([item.lon, item.lat]), ". ",
          item.precision_km > 0 ? words.sitePrecision(format.range(item.precision_km)) : words.siteExact),
        item.operator && fact(words.siteOperator, name(item.operator)),
        (from !== null || to !== null) && fact(words.siteYears, words.yearsText(from, to)),
        fact(words.siteConfidence, words.evidence(item.confidence, item.evidence)),
        fact(words.siteRanges, el("ul", {}, bands.map((band) =>
          el("li", {}, button(name(band.label), { class: "rm-link", onclick: () => act.pick({ kind: "band", index: band.index }) }), bandFacts(band))))),
      ),
      item.note && el("p", { class: "rm-note" }, withLinks(item.note)),
      el("p", { class: "rm-actions" },
        moved
          ? button(words.siteBack, { onclick: () => act.putBack(index) })
          : button(words.siteMove, { onclick: () => act.move(index) }),
        button(words.siteCopy, { onclick: () => act.copySite(index) })),
      sources(item.sources),
    );
  }

  function band(index) {
    const item = model.bands[index];
    return frame(
      title(item.label),
      el("p", { class: "rm-sub" }, swatch(colorOf(item.coalition)), name(words.bandOf(model.sites[item.site].name))),
      bandFacts(item),
      item.inf_headline && el("p", {}, name(words.infLine(item.inf_headline))),
      item.note && el("p", { class: "rm-note" }, name(item.note)),
      sources(sourcesOf(model, item)),
    );
  }

  function group(indexes) {
    const bands = indexes.map((index) => model.bands[index]);
    const [first] = bands;
    if (bands.length === 1) return band(first.index);
    return frame(
      title(first.label),
      el("p", { class: "rm-sub" }, coalitionName(first.coalition), ", ", words.bandTogether(bands.length)),
      bandFacts(first),
      first.inf_headline && el("p", {}, name(words.infLine(first.inf_headline))),
      el("ul", { class: "rm-ranges" }, bands.map((one) =>
        el("li", {}, button(name(model.sites[one.site].name), { class: "rm-link", onclick: () => act.pick({ kind: "site", index: one.site }) })))),
      first.note && el("p", { class: "rm-note" }, name(first.note)),
      sources([...new Set(bands.flatMap((one) => sourcesOf(model, one)))]),
    );
  }

  function system(id) {
    const bands = derived().available.map((index) => model.bands[index]).filter((one) => one.system === id);
    const about = model.systemsById.get(id);
    const byRange = [...groupBy(bands, (one) => one.range).values()];
    return frame(
      title(about.name),
      el("p", { class: "rm-sub" }, name(about.country), ". ", words.systemSites(new Set(bands.map((one) => one.site)).size)),
      el("p", {}, name(words.infLine(about.inf_headline))),
      byRange.map((many) => [el("h3", {}, name(many[0].label)), bandFacts(many[0]), many[0].note && el("p", { class: "rm-note" }, name(many[0].note))]),
      el("p", { class: "rm-actions" }, button(words.addPoint, { onclick: () => act.tryRange(bands[0]) })),
      sources([...new Set([...about.sources, ...bands.flatMap((one) => one.sources)])]),
    );
  }

  function point(lonlat) {
    const now = derived();
    const found = pointCount(model, ...lonlat, now.active, now.positionOf);
    return frame(
      title(words.pointHeading),
      el("p", { class: "rm-sub" }, format.point(lonlat)),
      el("p", {}, words.pointCount(found.count, now.active.length)),
      found.bands.length > 0 && el("ul", { class: "rm-ranges" }, found.bands.slice(0, 60).map((index) =>
        el("li", {}, name(`${model.sites[model.bands[index].site].name}: ${model.bands[index].label}`)))),
    );
  }

  function area(index) {
    const item = model.areas[index];
    return frame(title(item.name), el("dl", {}, item.facts.filter(([, value]) => value).map(([term, value]) => fact(name(term), name(value)))));
  }

  return {
    sources, sourceItem,
    of(about) {
      if (about.kind === "place") return place(about.index);
      if (about.kind === "site") return site(about.index);
      if (about.kind === "band") return band(about.index);
      if (about.kind === "group") return group(about.bands);
      if (about.kind === "system") return system(about.id);
      if (about.kind === "point") return point([about.lon, about.lat]);
      if (about.kind === "area") return area(about.index);
      return null;
    },
  };
}
