// Symbols as plain shapes, for SVG and for canvas. Each meaning has a shape and a colour, never a
// colour alone. All lie in a box from -8 to 8; a halo keeps them apart from land, sea and lines.
import { svg } from "./dom.js";

const PATHS = {
  square: "M-5-5H5V5H-5Z",
  diamond: "M0-6.6 6.6 0 0 6.6-6.6 0Z",
  triangle: "M0-6.4 6 4.6H-6Z",
  cross: "M-3.6-3.6 3.6 3.6M3.6-3.6-3.6 3.6",
  "site-0": "M0-7 6.4 5H-6.4Z",
  "site-1": "M0 7 6.4-5H-6.4Z",
  "site-2": "M0-7 6.7-2.2 4.1 5.7H-4.1L-6.7-2.2Z",
  "site-3": "M-7 0-3.5-6H3.5L7 0 3.5 6H-3.5Z",
  own: "M0-7.4 1.9-2.3 7.2-2.3 3 1.1 4.5 6.3 0 3.3-4.5 6.3-3 1.1-7.2-2.3-1.9-2.3Z",
};

/** Primitives of a place's symbol; `halo` is the colour round it, `paper` that inside hollow ones. */
export function placeSymbol(shape, color, { halo = "#fff", paper = "#fff" } = {}) {
  if (shape === "ring-cross" || shape === "box-cross") {
    const around = shape === "ring-cross" ? { r: 5.4 } : { x: -5, y: -5, w: 10, h: 10 };
    return [
      { ...around, fill: paper, stroke: halo, width: 3.6 },
      { ...around, fill: paper, stroke: color, width: 1.7 },
      { d: "M-3-3 3 3M3-3-3 3", stroke: color, width: 1.7 },
    ];
  }
  if (shape === "cross") {
    return [
      { d: PATHS.cross, stroke: halo, width: 4 },
      { d: PATHS.cross, stroke: color, width: 1.6 },
    ];
  }
  if (shape === "ring") {
    return [
      { r: 3.6, fill: paper, stroke: halo, width: 4 },
      { r: 3.6, fill: paper, stroke: color, width: 1.6 },
    ];
  }
  if (shape === "half") {
    return [
      { r: 5.2, fill: paper, stroke: halo, width: 3 },
      { r: 5, fill: paper, stroke: color, width: 1.6 },
      { d: "M0-5A5 5 0 0 0 0 5Z", fill: color },
    ];
  }
  const outline = shape === "circle" ? { r: 5 } : { d: PATHS[shape] || PATHS.square };
  return [{ ...outline, fill: color, stroke: halo, width: 1.5 }];
}

/** Primitives of a launch site's symbol: filled if reported, else hollow with the kind's mark. */
export function siteSymbol(coalition, color, mark, { halo = "#fff", paper = "#fff" } = {}) {
  const outline = coalition === "any" ? { r: 6 } : { d: PATHS[`site-${coalition % 4}`] };
  return [
    { ...outline, fill: paper, stroke: halo, width: 3.6, join: "round" },
    {
      ...outline,
      fill: mark === "filled" ? color : paper,
      stroke: color,
      width: 1.8,
      join: "round",
      dash: mark === "dashed" ? [2.4, 2] : null,
    },
    ...(mark === "dot" ? [{ r: 1.9, fill: color }] : []),
    ...(mark === "bar" ? [{ d: "M-3.4 0H3.4", stroke: color, width: 2.2 }] : []),
  ];
}

/** Primitives of a reader's own launch point. */
export const ownSymbol = (color, { halo = "#fff" } = {}) => [
  { d: PATHS.own, fill: color, stroke: halo, width: 3, join: "round" },
  { d: PATHS.own, fill: color, stroke: color, width: 0.8, join: "round" },
];

/** A ring round what is selected. */
export const selectedMark = (color, { halo = "#fff" } = {}) => [
  { r: 7.2, stroke: halo, width: 3.4 },
  { r: 7.2, stroke: color, width: 1.6 },
];

function shapeOf(primitive) {
  const { d, r, x, y, w, h, fill, stroke, width, dash, join } = primitive;
  const look = {
    fill: fill || "none",
    stroke: stroke || null,
    "stroke-width": width || null,
    "stroke-dasharray": dash ? dash.join(" ") : null,
    "stroke-linejoin": join || null,
  };
  if (d) return svg("path", { d, ...look });
  if (r) return svg("circle", { r, ...look });
  return svg("rect", { x, y, width: w, height: h, ...look });
}

/** An SVG element of some primitives. */
export function symbolNode(primitives, size = 16) {
  return svg(
    "svg",
    { width: size, height: size, viewBox: "-8 -8 16 16", "aria-hidden": "true", focusable: "false" },
    primitives.map(shapeOf),
  );
}

/** A piece of line for the legend. */
export function lineNode(color, width, dash, length = 34) {
  return svg(
    "svg",
    { width: length, height: 10, viewBox: `0 0 ${length} 10`, "aria-hidden": "true", focusable: "false" },
    svg("line", {
      x1: 0,
      x2: length,
      y1: 5,
      y2: 5,
      stroke: color,
      "stroke-width": width,
      "stroke-dasharray": dash ? dash.join(" ") : null,
    }),
  );
}
