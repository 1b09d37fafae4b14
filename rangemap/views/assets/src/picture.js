// The picture that a reader saves: the view of the moment with what a briefing needs round it.
import { download, pictureOf } from "./image.js";
import { groupBy, sourcesOf } from "./model.js";
import { DASH } from "./scene.js";
import { siteSymbol } from "./symbols.js";

const LEAST_WIDTH = 900;
const MOST_SOURCES = 8;

// One row for each range that is drawn, then the kinds of lines and of sites.
function lineRows({ model, words, derived, state, theme, format, only }) {
  const seen = (band) => !only || only.includes(band.coalition);
  const bands = derived.active.map((index) => model.bands[index]).filter(seen);
  const groups = [...groupBy(bands, (band) => `${band.coalition}/${band.range}`).values()];
  const order = (band) => (band.kind === "treaty" ? 0 : 1);
  groups.sort(([a], [b]) => a.coalition - b.coalition || order(a) - order(b) || b.max_km - a.max_km);
  const rows = groups.map(([band]) => ({
    line: { color: theme.of(model.coalitions[band.coalition].color), width: band.kind === "treaty" ? 2.4 : 1.5, dash: DASH[band.line] || null },
    text: `${model.coalitions[band.coalition].short}: ${band.label}`,
  }));
  for (const point of state.own) {
    rows.push({ line: { color: theme.own, width: 2.4, dash: DASH.own }, text: `${words.pointName(point.id)}, ${format.range(point.max)}` });
  }
  const ink = (dash, text, width = 1.2) => rows.push({ line: { color: theme.ink, width, dash }, text });
  if (bands.some((band) => band.min_km > 0)) ink(DASH.inner, words.keyInner, 1.5);
  if (state.edges && state.draw !== "overlap" && bands.some((band) => band.low_km !== band.max_km || band.high_km !== band.max_km)) ink(DASH.edge, words.keyEdges);
  return rows;
}

function siteRows({ model, derived, theme, only }) {
  const look = { halo: theme.halo, paper: theme.paper };
  const sites = [...new Set(derived.active.map((index) => model.bands[index].site))].map((index) => model.sites[index])
    .filter((site) => !only || only.includes(site.coalition));
  const kinds = [...groupBy(sites, (site) => site.kind).values()];
  return kinds.map(([site]) => ({ symbol: siteSymbol("any", theme.ink, site.mark, look), text: site.kind }));
}

// What the reader changed, in one line.
function changesOf({ model, words, state, format }) {
  const parts = [
    ...state.own.map((point) => words.pointLine(words.pointName(point.id), format.point([point.lon, point.lat]), format.range(point.min), format.range(point.max))),
    ...[...state.moved].map(([site, at]) => {
      const { name, lon, lat } = model.sites[site];
      return words.movedLine(name, format.point([lon, lat]), format.point(at));
    }),
  ];
  return `${words.whatIfBanner}: ${parts.join("; ")}`;
}

function sourcesText({ model, derived, words, only }) {
  const bands = derived.active.map((index) => model.bands[index]).filter((band) => !only || only.includes(band.coalition));
  const numbers = [...new Set(bands.flatMap((band) => sourcesOf(model, band)))];
  const names = [...groupBy(numbers.map((number) => model.sources[number]), (source) => `${source.publisher || source.title}`)]
    .map(([publisher, many]) => {
      const dates = [...new Set(many.map((source) => source.date).filter(Boolean))].sort();
      return dates.length ? `${publisher} (${dates.join(", ")})` : publisher;
    });
  if (!names.length) return "";
  const shown = names.slice(0, MOST_SOURCES);
  const rest = names.length - shown.length;
  return words.sheetSources(shown.join("; ") + (rest > 0 ? `; ${words.moreSources(rest)}` : ""));
}

/** What stands round the map in the picture. */
export function furnitureOf(inputs) {
  const { model, words, state, derived, scene, theme, rows, heading, title } = inputs;
  const subtitle = [title && model.title, model.subtitle, state.year !== null && words.yearOf(state.year)].filter(Boolean).join(" · ");
  return {
    title: title || model.title,
    subtitle,
    banner: [derived.trouble, derived.isWhatIf && changesOf(inputs)].filter(Boolean).join(" "),
    legend: [
      { heading, rows: rows.filter((row) => row.count !== 0 && !state.hidden.has(row.key)) },
      scene.overlap && { heading: scene.overlap.lead, rows: scene.overlap.classes.map(({ shown, label }) => ({ swatch: shown, text: label })) },
      { heading: words.rangesHeading, rows: lineRows(inputs) },
      { heading: words.sitesHeading, rows: siteRows(inputs) },
    ].filter((part) => part && part.rows.length),
    notes: model.caveats_short,
    sources: sourcesText(inputs),
    credits: [model.credits, model.borders].join(" "),
    provenance: model.provenance,
    colors: { paper: theme.paper, ink: theme.ink, muted: theme.muted, rule: theme.rule },
  };
}

function drawOne(inputs, width) {
  const { scene, worlds, state, size, format } = inputs;
  return pictureOf({
    scene, worlds, view: state.view, projection: state.projection, width, height: Math.max(420, size.y), scale: 2,
    furniture: furnitureOf(inputs),
    units: { toKm: format.toKm, inUnits: format.inUnits, unit: format.unit(), number: format.number },
  });
}

/** The picture on a canvas; of two maps side by side, one beside the other. */
export function drawPicture(inputs) {
  if (!inputs.sides) return drawOne(inputs, Math.max(LEAST_WIDTH, inputs.size.x));
  const halves = inputs.sides.map((side) => drawOne({ ...inputs, ...side }, Math.max(LEAST_WIDTH, inputs.size.x) / 2));
  const canvas = document.createElement("canvas");
  canvas.width = halves[0].width + halves[1].width;
  canvas.height = Math.max(halves[0].height, halves[1].height);
  const context = canvas.getContext("2d");
  context.fillStyle = inputs.theme.paper;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(halves[0], 0, 0);
  context.drawImage(halves[1], halves[0].width, 0);
  return canvas;
}

/** Let the browser save the picture; returns the name of the file. */
export async function savePicture(inputs) {
  const mode = inputs.sides ? "side-by-side" : inputs.derived.mode;
  const parts = [inputs.model.name, mode, inputs.derived.isWhatIf && "what-if", inputs.state.year];
  const file = `${parts.filter(Boolean).join("-")}.png`;
  await download(drawPicture(inputs), file);
  return file;
}
