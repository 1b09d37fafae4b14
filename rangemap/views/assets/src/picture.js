// The picture that a reader saves: the view of the moment with what a briefing needs round it.
import { download, pictureOf } from "./image.js";
import { groupBy, sourcesOf } from "./model.js";

const LEAST_WIDTH = 900;
const MOST_SOURCES = 8;

// One row for each range that is drawn.
function lineRows({ model, scene }) {
  const seen = new Set();
  const rows = [];
  for (const line of scene.lines) {
    const { about } = line;
    if (!about || !line.text && about.kind !== "group") continue;
    const text =
      about.kind === "group" ? `${model.coalitions[model.bands[about.bands[0]].coalition].short}: ${model.bands[about.bands[0]].label}`
      : about.kind === "band" ? `${model.coalitions[model.bands[about.index].coalition].short}: ${model.bands[about.index].label}`
      : line.text;
    if (seen.has(text)) continue;
    seen.add(text);
    rows.push({ line: { color: line.color, width: line.width, dash: line.dash }, text });
  }
  return rows;
}

function sourcesText({ model, derived, words }) {
  const numbers = [...new Set(derived.active.flatMap((index) => sourcesOf(model, model.bands[index])))];
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
  const { model, words, state, derived, scene, theme, rows, heading, address } = inputs;
  const subtitle = [model.subtitle, state.year !== null && words.yearOf(state.year)].filter(Boolean).join(" · ");
  return {
    title: model.title,
    subtitle,
    banner: derived.isWhatIf ? words.whatIfBanner : "",
    legend: [
      { heading, rows: rows.filter((row) => row.count > 0 && !state.hidden.has(row.key)) },
      scene.overlap
        ? { heading: words.overlapLead, rows: scene.overlap.classes.map(({ shown, label }) => ({ swatch: shown, text: label })) }
        : { heading: words.rangesHeading, rows: lineRows(inputs) },
    ].filter((part) => part.rows.length),
    notes: model.caveats_short,
    sources: sourcesText(inputs),
    credits: [model.credits, model.borders].join(" "),
    provenance: [model.provenance, address].filter(Boolean).join(" · "),
    colors: { paper: theme.paper, ink: theme.ink, muted: theme.muted, rule: theme.rule },
  };
}

/** The picture on a canvas. */
export function drawPicture(inputs) {
  const { scene, worlds, state, size, format } = inputs;
  return pictureOf({
    scene, worlds, view: state.view, projection: state.projection,
    width: Math.max(LEAST_WIDTH, size.x), height: Math.max(420, size.y), scale: 2,
    furniture: furnitureOf(inputs), units: { toKm: format.toKm, inUnits: format.inUnits, unit: format.unit(), number: format.number },
  });
}

/** Let the browser save the picture; returns the name of the file. */
export async function savePicture(inputs) {
  const parts = [inputs.model.name, inputs.derived.mode, inputs.derived.isWhatIf && "what-if", inputs.state.year];
  const file = `${parts.filter(Boolean).join("-")}.png`;
  await download(await drawPicture(inputs), file);
  return file;
}
