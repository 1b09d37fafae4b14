// Colours of the page, light and dark. Colours that come with the data are made readable on both.

const LIGHT = {
  sea: "#e3edf5",
  land: "#f4efe6",
  coast: "#8a98a5",
  border: "#a9a298",
  ink: "#20262c",
  muted: "#5b6670",
  halo: "#ffffff",
  paper: "#ffffff",
  rule: "#d5dade",
  graticule: "#cfdbe5",
  own: "#b3005e",
  space: "#ffffff",
};
const DARK = {
  sea: "#101b26",
  land: "#2a3540",
  coast: "#66798a",
  border: "#55626e",
  ink: "#e8edf2",
  muted: "#aab6c1",
  halo: "#101b26",
  paper: "#17212b",
  rule: "#3a4753",
  graticule: "#1d2b38",
  own: "#ff7ac0",
  space: "#0a1118",
};

const LEAST_CONTRAST = 3;

/** "#rgb" or "#rrggbb" as [r, g, b]; anything else is grey. */
export function rgb(color) {
  const text = String(color).trim();
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(text);
  if (short) return short.slice(1).map((digit) => parseInt(digit + digit, 16));
  const long = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text);
  return long ? long.slice(1).map((part) => parseInt(part, 16)) : [85, 85, 85];
}

const hex = (parts) => `#${parts.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;

function luminance(parts) {
  const [r, g, b] = parts.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Contrast of two colours after WCAG, 1 to 21. */
export function contrast(a, b) {
  const [low, high] = [luminance(rgb(a)), luminance(rgb(b))].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/** The colour, moved towards white or black until it stands out from the paper. */
export function readable(color, paper, least = LEAST_CONTRAST) {
  const from = rgb(color);
  const towards = luminance(rgb(paper)) > 0.18 ? 0 : 255;
  for (let step = 0; step <= 20; step += 1) {
    const mixed = hex(from.map((part) => part + ((towards - part) * step) / 20));
    if (contrast(mixed, paper) >= least) return mixed;
  }
  return towards ? "#ffffff" : "#000000";
}

/** A colour laid over another one with some opacity. */
export function mixed(color, under, opacity) {
  const below = rgb(under);
  return hex(rgb(color).map((part, index) => part * opacity + below[index] * (1 - opacity)));
}

/** The colours of a theme, with `of(color)` for colours that come with the data. */
export function themeOf(dark) {
  const colors = dark ? DARK : LIGHT;
  const known = new Map();
  const of = (color) => {
    if (!known.has(color)) known.set(color, dark ? readable(color, colors.land) : hex(rgb(color)));
    return known.get(color);
  };
  return { dark, ...colors, of };
}

/** Classes of an overlap of up to `most` bands: a sequence from light to dark, few and discrete. */
export function overlapClasses(most, dark) {
  const edges = [1, 2, 3, 5, 9, 17, 33, 65, 129];
  const count = Math.max(1, edges.filter((edge) => edge <= most).length);
  const stops = dark
    ? ["#22384d", "#1f4c6b", "#216484", "#2f7d8f", "#4a9489", "#71a778", "#9fb463", "#cdbb52", "#f0c046"]
    : ["#fdf0d5", "#fbd9a5", "#f6b97b", "#ee955d", "#df6d50", "#c4464f", "#9c2a55", "#6d1a52", "#3f0f41"];
  return edges.slice(0, count).map((from, index) => ({
    from,
    to: index + 1 < count ? edges[index + 1] - 1 : Infinity,
    // Spread over the whole ramp, so that neighbours differ.
    color: stops[count === 1 ? 3 : Math.round((index * (stops.length - 1)) / (count - 1))],
  }));
}
