// Symbols as SVG. Each meaning has a shape and a colour, never a colour alone.
rangemap.symbols = (() => {
  const { svg } = rangemap.dom;

  // In a box from -8 to 8.
  const PATHS = {
    square: "M-5-5H5V5H-5Z",
    diamond: "M0-6.6 6.6 0 0 6.6-6.6 0Z",
    triangle: "M0-6.4 6 4.6H-6Z",
    cross: "M-3.6-3.6 3.6 3.6M3.6-3.6-3.6 3.6",
    "site-0": "M0-7 6.4 5H-6.4Z",
    "site-1": "M0 7 6.4-5H-6.4Z",
    "site-2": "M0-7 6.7-2.2 4.1 5.7H-4.1L-6.7-2.2Z",
    "site-3": "M-7 0-3.5-6H3.5L7 0 3.5 6H-3.5Z",
  };
  const CROSSED = new Set(["ring-cross", "box-cross"]);

  function outline(shape, attributes) {
    if (shape === "circle") return svg("circle", { r: 5, ...attributes });
    if (shape === "site-any") return svg("circle", { r: 6, ...attributes });
    if (shape === "ring") return svg("circle", { r: 3.6, ...attributes });
    return svg("path", { d: PATHS[shape] || PATHS.square, ...attributes });
  }

  function frame(size, ...children) {
    return svg(
      "svg",
      { width: size, height: size, viewBox: "-8 -8 16 16", "aria-hidden": "true", focusable: "false" },
      ...children,
    );
  }

  // The white halo keeps a symbol apart from land, sea and lines.
  function place(shape, color, size = 16) {
    if (CROSSED.has(shape)) {
      const around = shape === "ring-cross"
        ? svg("circle", { r: 5.4, fill: "#fff", stroke: color, "stroke-width": 1.7 })
        : svg("rect", { x: -5, y: -5, width: 10, height: 10, fill: "#fff", stroke: color, "stroke-width": 1.7 });
      const cross = svg("path", { d: "M-3-3 3 3M3-3-3 3", stroke: color, "stroke-width": 1.7 });
      return frame(size, around, cross);
    }
    if (shape === "cross") {
      return frame(
        size,
        outline(shape, { stroke: "#fff", "stroke-width": 4, fill: "none" }),
        outline(shape, { stroke: color, "stroke-width": 1.6, fill: "none" }),
      );
    }
    if (shape === "ring") {
      return frame(
        size,
        outline(shape, { stroke: "#fff", "stroke-width": 4, fill: "#fff" }),
        outline(shape, { stroke: color, "stroke-width": 1.6, fill: "#fff" }),
      );
    }
    if (shape === "half") {
      return frame(
        size,
        svg("circle", { r: 5.2, fill: "#fff", stroke: "#fff", "stroke-width": 3 }),
        svg("circle", { r: 5, fill: "#fff", stroke: color, "stroke-width": 1.6 }),
        svg("path", { d: "M0-5A5 5 0 0 0 0 5Z", fill: color }),
      );
    }
    return frame(size, outline(shape, { fill: color, stroke: "#fff", "stroke-width": 1.5 }));
  }

  // A reported site is filled. The others are hollow: with a dot for an exercise, a bar for an
  // accusation, nothing for a proposal, a dashed edge for a site of the scenario's own.
  function site(coalition, color, mark, size = 18) {
    const shape = coalition === "any" ? "site-any" : `site-${coalition % 4}`;
    return frame(
      size,
      outline(shape, { fill: "#fff", stroke: "#fff", "stroke-width": 3.6, "stroke-linejoin": "round" }),
      outline(shape, {
        fill: mark === "filled" ? color : "#fff",
        stroke: color,
        "stroke-width": 1.8,
        "stroke-linejoin": "round",
        "stroke-dasharray": mark === "dashed" ? "2.4 2" : null,
      }),
      mark === "dot" && svg("circle", { r: 1.9, fill: color }),
      mark === "bar" && svg("path", { d: "M-3.4 0H3.4", stroke: color, "stroke-width": 2.2 }),
    );
  }

  function line(color, width, dash, length = 34) {
    return svg(
      "svg",
      { width: length, height: 10, viewBox: `0 0 ${length} 10`, "aria-hidden": "true", focusable: "false" },
      svg("line", {
        x1: 0, x2: length, y1: 5, y2: 5, stroke: color, "stroke-width": width,
        "stroke-dasharray": dash,
      }),
    );
  }

  return { place, site, line };
})();
