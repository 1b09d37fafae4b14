// The table of places: the same facts as the map, sortable, filterable, to copy and to download.
import { button, el, name } from "./dom.js";
import { placeSymbol, symbolNode } from "./symbols.js";
import { saveText } from "./save.js";
import { plain } from "./search.js";
import { coalitionOf } from "./derive.js";

const ALL = "";

/** Text as a cell of CSV: quoted where needed, and never a formula for a spreadsheet. */
export function csvCell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\n\r]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
}

/** Rows as CSV with a header. */
export const csvOf = (columns, rows) =>
  [columns, ...rows].map((row) => row.map(csvCell).join(",")).join("\r\n") + "\r\n";

/** What is known of each place in the mode of the moment, one record each. */
export function placeRecords(model, state, derived) {
  const coalition = coalitionOf(derived.mode);
  const labels = new Map(derived.symbols.map((symbol) => [symbol.key, symbol]));
  return model.places.map((place, index) => {
    const { key, marginal } = derived.marks[index];
    const record = {
      index, place, key, marginal, verdict: labels.has(key) ? labels.get(key).short : "", label: labels.has(key) ? labels.get(key).label : "",
      nearest: "", km: null, sites: null, ranges: null, maybe: null, systems: "", hangsOn: [],
    };
    if (derived.mode === "own") {
      const row = derived.ownRows()[index];
      if (row.nearest) Object.assign(record, { own: state.own[row.nearest.index].id, km: row.nearest.km, ranges: row.inside.length });
      return record;
    }
    const from = coalition === null ? model.coalitions.map((_, one) => one) : [coalition];
    const all = from.map((one) => derived.rowsOf(one)[index]).filter((row) => row && row.nearestSite !== null);
    // Of a side's own capital, what matters is who else is near.
    const others = all.filter((row) => !row.own);
    const rows = others.length ? others : all;
    if (!rows.length) return record;
    const best = rows.reduce((a, b) => (b.nearestKm < a.nearestKm ? b : a));
    const count = (verdict) => rows.reduce((sum, row) => sum + row.reaching.filter((one) =>
      model.bands[one.band].kind !== "treaty" && one.verdict === verdict).length, 0);
    record.nearest = model.sites[best.nearestSite].name;
    record.km = best.nearestKm;
    record.sites = rows.reduce((sum, row) => sum + row.inBand, 0);
    record.ranges = count("inside");
    record.maybe = count("marginal");
    if (coalition !== null && rows[0] && !rows[0].own) {
      record.systems = rows[0].verdict;
      record.hangsOn = rows[0].hangsOn;
    }
    return record;
  });
}

/** The table's tab: `node`, `update(state, derived, theme)`, `csv()`. */
export function createTable({ model, words, format, onGo, onWiden, say }) {
  const columns = [
    ["name", words.columnName(model.places_are_capitals)],
    ["country", words.columnCountry],
    ["verdict", words.columnVerdict],
    ["km", ""],
    ["nearest", words.columnNearest],
    ["sites", words.columnSites],
    ["ranges", words.columnRanges],
  ];
  let sort = { key: "name", down: false };
  let typed = "";
  let only = ALL;
  let records = [];
  let shown = [];
  let last = null;

  const filter = el("input", { type: "search", class: "rm-filter" });
  const verdicts = el("select", {});
  const count = el("p", { class: "rm-sub", role: "status" });
  const heads = new Map();
  const head = el("tr", {}, columns.map(([key, text]) => {
    const control = button(text, { onclick: () => sortBy(key) });
    const cell = el("th", { scope: "col", class: `rm-col-${key}` }, control);
    heads.set(key, { cell, control });
    return cell;
  }));
  const body = el("tbody", {});
  const table = el("table", { class: "rm-table", id: "rm-table" }, el("caption", {}, words.tableName(model.places_are_capitals)), el("thead", {}, head), body);
  const widen = button(words.widen, { "aria-pressed": "false", class: "rm-widen" });
  widen.addEventListener("click", () => {
    const wide = widen.getAttribute("aria-pressed") !== "true";
    widen.setAttribute("aria-pressed", String(wide));
    widen.textContent = wide ? words.narrow : words.widen;
    onWiden(wide);
  });
  filter.addEventListener("input", () => {
    typed = plain(filter.value.trim());
    draw();
  });
  verdicts.addEventListener("change", () => {
    only = verdicts.value;
    draw();
  });

  function sortBy(key) {
    sort = { key, down: sort.key === key ? !sort.down : key === "sites" || key === "ranges" };
    draw();
  }

  const valueOf = {
    verdict: (record) => last.derived.symbols.findIndex((symbol) => symbol.key === record.key),
    name: (record) => record.place.name,
    country: (record) => record.place.country,
    km: (record) => (record.km === null ? Infinity : record.km),
    nearest: (record) => record.nearest,
    sites: (record) => (record.sites === null ? -1 : record.sites),
    ranges: (record) => (record.ranges === null ? -1 : record.ranges),
  };
  const collator = new Intl.Collator(words.locale);
  function compare(a, b) {
    const [x, y] = [valueOf[sort.key](a), valueOf[sort.key](b)];
    const order = typeof x === "number" ? x - y || 0 : collator.compare(x, y);
    return (sort.down ? -order : order) || collator.compare(a.place.name, b.place.name);
  }

  const rows = new Map();
  function rowOf(record) {
    if (!rows.has(record.index)) {
      const go = button("", { class: "rm-link", onclick: () => onGo(record.index) });
      const cells = Object.fromEntries(columns.map(([key]) => [key, el(key === "name" ? "th" : "td", { class: `rm-col-${key}`, scope: key === "name" ? "row" : null })]));
      go.append(name(record.place.name));
      go.setAttribute("aria-label", words.goTo(record.place.name));
      cells.name.append(go);
      cells.country.append(name(record.place.country));
      rows.set(record.index, { node: el("tr", {}, columns.map(([key]) => cells[key])), cells, said: "" });
    }
    return rows.get(record.index);
  }

  function draw() {
    if (!last) return;
    const { state, derived, theme } = last;
    heads.get("km").control.textContent = words.columnDistance(format.unit());
    heads.get("km").control.setAttribute("aria-label", words.columnDistanceLong(format.unit()));
    const symbols = new Map(derived.symbols.map((symbol) => [symbol.key, symbol]));
    shown = records.filter((record) =>
      !state.hidden.has(record.key) && (only === ALL || record.key === only || (only === "marginal" && record.marginal)) &&
      (!typed || plain(record.place.name).includes(typed) || plain(record.place.country).includes(typed)));
    shown.sort(compare);
    const look = { halo: theme.halo, paper: theme.paper };
    body.replaceChildren(...shown.map((record) => {
      const row = rowOf(record);
      const nearest = record.own ? words.pointName(record.own) : record.nearest;
      const said = [record.key, record.marginal, record.verdict, nearest, record.km, record.sites, record.ranges, format.unit(), theme.dark].join();
      if (row.said !== said) {
        row.said = said;
        const symbol = symbols.get(record.key);
        row.cells.verdict.replaceChildren(
          symbolNode(placeSymbol(record.marginal ? "half" : symbol ? symbol.shape : "ring", theme.of(symbol ? symbol.color : "#5f6b76"), look), 15),
          " ", el("span", {}, name(record.verdict + (record.marginal ? `, ${words.marginalShort}` : ""))));
        row.cells.km.textContent = record.km === null ? "" : format.number(format.inUnits(record.km));
        row.cells.nearest.replaceChildren(name(nearest));
        row.cells.sites.textContent = record.sites === null ? "" : String(record.sites);
        row.cells.ranges.textContent = record.ranges === null ? "" : String(record.ranges);
      }
      const selected = state.selected && state.selected.kind === "place" && state.selected.index === record.index;
      row.node.classList.toggle("rm-selected", Boolean(selected));
      return row.node;
    }));
    for (const [key, { cell, control }] of heads) {
      const on = sort.key === key;
      cell.setAttribute("aria-sort", on ? (sort.down ? "descending" : "ascending") : "none");
      control.setAttribute("title", words.sortBy(control.textContent));
    }
    count.textContent = words.rowsShown(shown.length, records.length);
  }

  function csv() {
    const { state, derived } = last;
    const whatIf = derived.isWhatIf ? words.whatIfBanner : "";
    const header = ["place_id", "place", "country", "lon", "lat", "seen_from", "verdict", "verdict_marginal", "nearest", "distance_km",
      "sites_in_band", "system_ranges_inside", "system_ranges_marginal", "systems_verdict", "systems_hang_on", "year", "note"];
    const content = shown.map((record) => [
      record.place.id, record.place.name, record.place.country, record.place.lon, record.place.lat, derived.mode || "", record.key,
      record.marginal ? "yes" : "no", record.own ? words.pointName(record.own) : record.nearest,
      record.km === null ? null : Number(record.km.toFixed(3)), record.sites, record.ranges, record.maybe, record.systems,
      record.hangsOn.map((reason) => words.reasons[reason]).join("; "), state.year === null ? "" : state.year, whatIf,
    ]);
    return csvOf(header, content);
  }

  const actions = el("p", { class: "rm-actions" },
    button(words.copyTable, { class: "rm-copy", onclick: () => navigator.clipboard
      ? navigator.clipboard.writeText(csv().replace(/\r\n/g, "\n")).then(() => say(words.copied), () => say(words.notCopied))
      : say(words.notCopied) }),
    button(words.downloadTable, { class: "rm-download", onclick: () => {
      const file = `${model.name}-${derivedName(last.derived)}.csv`;
      saveText(csv(), file, "text/csv;charset=utf-8");
      say(words.saved(file));
    } }),
    widen);
  const derivedName = (derived) => [derived.mode, derived.isWhatIf && "what-if"].filter(Boolean).join("-") || "places";

  const node = el("div", { class: "rm-sections rm-tabled" }, el("section", {},
    el("p", { class: "rm-lead" }, words.tableFollows),
    el("div", { class: "rm-tools" },
      el("label", { class: "rm-field" }, words.filterLabel, filter), el("label", { class: "rm-field" }, words.filterVerdict, verdicts)), actions, count,
    el("div", { class: "rm-scroll", tabindex: "0", role: "region", "aria-label": words.tableName(model.places_are_capitals) }, table)));

  return {
    node, csv,
    update(state, derived, theme) {
      const fresh = !last || last.derived.symbols !== derived.symbols;
      last = { state, derived, theme };
      records = placeRecords(model, state, derived);
      if (fresh) {
        const options = [[ALL, words.filterAny], ...derived.symbols.map((symbol) => [symbol.key, symbol.short])];
        if (!options.some(([key]) => key === "marginal")) options.push(["marginal", words.marginalShort]);
        if (!options.some(([key]) => key === only)) only = ALL;
        verdicts.replaceChildren(...options.map(([value, text]) => el("option", { value, selected: value === only }, text)));
      }
      draw();
    },
  };
}
