// A finished picture of the view of the moment: map or globe with title, legend, scale, notes and
// sources on one canvas. All is drawn by lines and letters, nothing is loaded, so that the browser
// lets the picture be saved.
import { paintGlobe } from "./globe.js";
import { saveBlob } from "./save.js";
import { paintWorld } from "./mercator.js";
import {
  drawLabels, drawSymbol, drawSymbols, font, labelsOf, measurer, paintRanges, symbolsInView,
} from "./paint.js";
import { mercatorFrame, mercatorTracer, zoomOf } from "./project.js";

const MARGIN = 28;
const COLUMN = 280; // the legend's width where it stands beside the map
const COLUMN_GAP = 24;
const BESIDE_FROM = 640; // in narrower pictures the legend comes below
const MARK = 34; // the room for a symbol or a piece of line in the legend
const COUNT = 34;
const FINE_BELOW_KM = 12; // per pixel: nearer, the fine world is drawn
const MOST_PIXELS = 16_000_000; // more than that some browsers do not allow
const BAR = { longest: 170, height: 5, inset: 14 };
const NO_UNITS = {
  toKm: (value) => value,
  inUnits: (km) => km,
  unit: "km",
  number: (value, digits = 0) => value.toLocaleString("en-GB", { maximumFractionDigits: digits }),
};

const STYLES = {
  title: { size: 24, weight: 700, leading: 30 },
  subtitle: { size: 15, weight: 400, leading: 21, muted: true },
  banner: { size: 15, weight: 700, leading: 21 },
  heading: { size: 13, weight: 700, leading: 18 },
  row: { size: 13, weight: 400, leading: 17 },
  note: { size: 12, weight: 400, leading: 16 },
  small: { size: 11, weight: 400, leading: 15, muted: true },
};

/** Breaks a text into lines no wider than `width`; what has no space is broken anywhere. */
export function wrapText(text, widthOf, width) {
  const lines = [];
  for (const paragraph of String(text).split("\n")) {
    let line = "";
    for (const word of paragraph.split(/\s+/).filter(Boolean)) {
      const longer = line ? `${line} ${word}` : word;
      if (widthOf(longer) <= width) {
        line = longer;
        continue;
      }
      if (line) lines.push(line);
      line = "";
      for (const letter of word) {
        if (line && widthOf(line + letter) > width) {
          lines.push(line);
          line = "";
        }
        line += letter;
      }
    }
    lines.push(line);
  }
  return lines;
}

/** The longest length of 1, 2 or 5 times a power of ten that is no longer than `most`. */
export function roundLength(most) {
  const power = 10 ** Math.floor(Math.log10(most));
  return [5, 2, 1].map((digit) => digit * power).find((length) => length <= most * (1 + 1e-9));
}

// ---------------------------------------------------------------------------------------------
// Blocks: {height, draw(context, x, y)}

function makeBlocks(context, colors) {
  function text(words, styleName, width, color = null) {
    const style = STYLES[styleName];
    const textFont = font(style.size, style.weight);
    context.font = textFont;
    const lines = wrapText(words, (part) => context.measureText(part).width, width);
    return {
      height: lines.length * style.leading,
      draw(target, x, y) {
        target.font = textFont;
        target.fillStyle = color || (style.muted ? colors.muted : colors.ink);
        target.textAlign = "left";
        target.textBaseline = "middle";
        lines.forEach((line, index) => target.fillText(line, x, y + (index + 0.5) * style.leading));
      },
    };
  }

  const space = (height) => ({ height, draw() {} });

  const rule = (width) => ({
    height: 1,
    draw(target, x, y) {
      target.fillStyle = colors.rule;
      target.fillRect(x, y, width, 1);
    },
  });

  function stack(blocks) {
    return {
      height: blocks.reduce((sum, block) => sum + block.height, 0),
      draw(target, x, y) {
        let at = y;
        for (const block of blocks) {
          block.draw(target, x, at);
          at += block.height;
        }
      },
    };
  }

  function banner(words, width) {
    const pad = 10;
    const inner = text(words, "banner", width - 2 * pad - 6, colors.paper);
    return {
      height: inner.height + 2 * pad,
      draw(target, x, y) {
        target.fillStyle = colors.ink;
        target.fillRect(x, y, width, inner.height + 2 * pad);
        inner.draw(target, x + pad, y + pad);
      },
    };
  }

  function mark(target, row, x, y) {
    if (row.symbol) {
      drawSymbol(target, row.symbol, x + MARK / 2 - 3, y, 18);
    } else if (row.line) {
      target.save();
      target.beginPath();
      target.moveTo(x, y);
      target.lineTo(x + MARK - 6, y);
      target.strokeStyle = row.line.color;
      target.lineWidth = row.line.width;
      target.setLineDash(row.line.dash || []);
      target.stroke();
      target.restore();
    } else if (row.swatch) {
      target.fillStyle = row.swatch;
      target.fillRect(x + 2, y - 7, MARK - 10, 14);
      target.strokeStyle = colors.rule;
      target.lineWidth = 1;
      target.strokeRect(x + 2.5, y - 6.5, MARK - 11, 13);
    }
  }

  function row(one, width, counted) {
    const indent = MARK + (counted ? COUNT : 0);
    const words = text(one.text, "row", width - indent);
    return {
      height: words.height + 5,
      draw(target, x, y) {
        const middle = y + STYLES.row.leading / 2;
        mark(target, one, x, middle);
        if (one.count !== undefined && one.count !== null) {
          target.font = font(STYLES.row.size, 700);
          target.fillStyle = colors.ink;
          target.textAlign = "right";
          target.textBaseline = "middle";
          target.fillText(String(one.count), x + indent - 8, middle);
        }
        words.draw(target, x + indent, y);
      },
    };
  }

  function section({ heading, rows }, width) {
    const counted = rows.some(({ count }) => count !== undefined && count !== null);
    return stack([
      ...(heading ? [text(heading, "heading", width), space(5)] : []),
      ...rows.map((one) => row(one, width, counted)),
      space(12),
    ]);
  }

  return { text, space, rule, stack, banner, section };
}

// In two columns where there is room, parted where they come out most alike.
function columns(blocks, width, gap) {
  const count = width >= 2 * COLUMN + gap ? 2 : 1;
  const wide = (width - gap * (count - 1)) / count;
  const made = blocks.map((make) => make(wide));
  const heightOf = (part) => part.reduce((sum, block) => sum + block.height, 0);
  let parts = [made];
  let height = heightOf(made);
  for (let first = 1; count === 2 && first < made.length; first += 1) {
    const tried = [made.slice(0, first), made.slice(first)];
    const higher = Math.max(...tried.map(heightOf));
    if (higher < height) {
      parts = tried;
      height = higher;
    }
  }
  return {
    height,
    draw(target, x, y) {
      parts.forEach((part, index) => {
        let at = y;
        for (const block of part) {
          block.draw(target, x + index * (wide + gap), at);
          at += block.height;
        }
      });
    },
  };
}

// ---------------------------------------------------------------------------------------------
// The map itself

// The corner of the scale bar: no name may stand there.
const barBox = (height) => [0, height - 48, BAR.longest + 4 * BAR.inset, height];

function drawBar(context, view, height, colors, units, note) {
  const length = roundLength(units.inUnits(view.kmPerPixel * BAR.longest));
  const width = units.toKm(length) / view.kmPerPixel;
  const digits = Math.max(0, -Math.floor(Math.log10(length)));
  const x = BAR.inset;
  const y = height - BAR.inset - BAR.height;
  const words = [`${units.number(length, digits)} ${units.unit}`, note].filter(Boolean).join(" ");
  context.font = font(12, 500);
  const across = Math.max(width, context.measureText(words).width);
  context.fillStyle = colors.halo;
  context.globalAlpha = 0.85;
  context.fillRect(x - 6, y - 22, across + 12, BAR.height + 28);
  context.globalAlpha = 1;
  context.fillStyle = colors.ink;
  context.fillRect(x, y, width, BAR.height);
  context.fillStyle = colors.halo;
  context.fillRect(x + width / 2, y + 1, width / 2 - 1, BAR.height - 2);
  context.fillStyle = colors.ink;
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  context.fillText(words, x, y - 6);
}

function drawMap(context, { scene, world, names, view, width, height, scale, measure }) {
  const frame = mercatorFrame(view, width, height);
  const tracer = mercatorTracer(frame);
  context.fillStyle = scene.colors.sea;
  context.fillRect(0, 0, width, height);
  context.save();
  context.beginPath();
  context.rect(0, -frame.top, width, frame.size);
  context.clip();
  if (world) paintWorld(context, world, scene.colors, frame);
  paintRanges(context, scene, tracer, { ratio: scale });
  context.restore();
  const shown = symbolsInView(scene.symbols, tracer);
  drawSymbols(context, shown, scale);
  const labels = labelsOf(scene, tracer, {
    shown, names, measure, zoom: zoomOf(view), blocked: [barBox(height)],
  });
  drawLabels(context, labels, scene.colors);
}

// The map or the globe on a canvas of its own, which cuts it at its edges.
function drawView({ scene, worlds, view, projection, width, height, scale, units, note }) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d");
  context.scale(scale, scale);
  const near = view.kmPerPixel < FINE_BELOW_KM;
  const world = (near && worlds.fine) || worlds.coarse || worlds.fine;
  const names = worlds.coarse?.names || worlds.fine?.names || [];
  const shared = { scene, world, names, view, width, height, measure: measurer(context) };
  if (projection === "globe") paintGlobe(context, { ...shared, ratio: scale, blocked: [barBox(height)] });
  else drawMap(context, { ...shared, scale });
  drawBar(context, view, height, scene.colors, units, note);
  return canvas;
}

// ---------------------------------------------------------------------------------------------

/**
 * Draws the picture: `width` and `height` are the map's, in pixels as on the screen, `scale` how
 * many pixels of the picture make one. `furniture` {title, subtitle, banner, legend: [{heading,
 * rows: [{symbol | line | swatch, text, count}]}], notes, sources, credits, provenance, colors,
 * scaleNote}, of which the last stands behind the scale bar's length;
 * `units` {toKm, inUnits, unit, number} those of the scale bar.
 * @returns {HTMLCanvasElement}
 */
export function pictureOf({
  scene, worlds, view, projection, width, height, scale = 2, furniture, units = NO_UNITS,
}) {
  const { colors } = furniture;
  const { text, space, rule, stack, banner, section } =
    makeBlocks(document.createElement("canvas").getContext("2d"), colors);
  const sections = furniture.legend.filter(({ rows }) => rows.length);
  const beside = sections.length > 0 && width >= BESIDE_FROM;
  const inner = width + (beside ? COLUMN_GAP + COLUMN : 0);
  const legend = beside
    ? stack(sections.map((one) => section(one, COLUMN)))
    : columns(sections.map((one) => (wide) => section(one, wide)), inner, COLUMN_GAP);
  const above = stack([
    text(furniture.title, "title", inner),
    ...(furniture.subtitle ? [space(2), text(furniture.subtitle, "subtitle", inner)] : []),
    ...(furniture.banner ? [space(10), banner(furniture.banner, inner)] : []),
    space(14),
  ]);
  const notes = (furniture.notes || []).filter(Boolean);
  const small = [furniture.sources, furniture.credits, furniture.provenance].filter(Boolean);
  const below = stack([
    space(14),
    ...(beside || !sections.length ? [] : [legend]),
    columns(notes.map((note) => (wide) => stack([text(note, "note", wide), space(5)])), inner, COLUMN_GAP),
    ...(small.length ? [space(6), rule(inner), space(8)] : []),
    ...small.flatMap((words) => [text(words, "small", inner), space(3)]),
  ]);
  const middle = Math.max(height, beside ? legend.height : 0);
  const full = [inner + 2 * MARGIN, 2 * MARGIN + above.height + middle + below.height];
  const allowed = Math.min(scale, Math.sqrt(MOST_PIXELS / (full[0] * full[1])));

  const canvas = document.createElement("canvas");
  canvas.width = Math.round(full[0] * allowed);
  canvas.height = Math.round(full[1] * allowed);
  const context = canvas.getContext("2d");
  context.scale(allowed, allowed);
  context.fillStyle = colors.paper;
  context.fillRect(0, 0, full[0], full[1]);
  above.draw(context, MARGIN, MARGIN);
  const top = Math.round(MARGIN + above.height);
  const picture = drawView({
    scene, worlds, view, projection, width, height, scale: allowed, units, note: furniture.scaleNote,
  });
  context.drawImage(picture, MARGIN, top, width, height);
  if (projection !== "globe") {
    context.strokeStyle = colors.rule;
    context.lineWidth = 1;
    context.strokeRect(MARGIN - 0.5, top - 0.5, width + 1, height + 1);
  }
  if (beside) legend.draw(context, MARGIN + width + COLUMN_GAP, top);
  below.draw(context, MARGIN, top + middle);
  return canvas;
}

/** The canvas as a PNG file. */
export function pngOf(canvas) {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => {
      if (blob) resolve(blob);
      else reject(new Error("no picture"));
    }, "image/png");
  });
}

/** Lets the browser save the canvas as a PNG file. */
export const download = async (canvas, fileName) => saveBlob(await pngOf(canvas), fileName);
