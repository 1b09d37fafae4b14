// Names beside capitals, and distances on lines. What does not fit is left out, never pushed away.
rangemap.labels = (() => {
  const { dom } = rangemap;
  const HEIGHT = 15;
  const GAP = 9; // from the centre of a symbol to its name
  const PIXELS_PER_RING_LABEL = 60000; // on a phone only the first few fit
  const SAMPLES = 60;
  const SITE_NAMES_FROM_ZOOM = 4.5;

  const measure = (() => {
    const context = document.createElement("canvas").getContext("2d");
    const known = new Map();
    return (text, font) => {
      const key = font + text;
      if (!known.has(key)) {
        context.font = font;
        known.set(key, Math.ceil(context.measureText(text).width) + 4);
      }
      return known.get(key);
    };
  })();

  const overlap = (a, b) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];

  function layer(map, capitals, sites, shownLines) {
    const pane = map.getPane("rm-labels");
    const font = (weight) => `${weight} 12px ${getComputedStyle(pane).fontFamily}`;

    function put(text, box, className, color) {
      const node = dom.el("div", { class: `rm-label ${className}`, "aria-hidden": "true" }, dom.name(text));
      const corner = map.containerPointToLayerPoint([box[0], box[1]]);
      L.DomUtil.setPosition(node, corner.round());
      node.style.width = `${box[2] - box[0]}px`;
      if (color) node.style.color = color;
      pane.append(node);
    }

    function visible(group, size) {
      return group.flatMap((entry) =>
        entry.markers.map((marker) => ({
          entry,
          at: map.latLngToContainerPoint(marker.getLatLng()),
        })),
      ).filter(({ at }) => at.x > 0 && at.y > 0 && at.x < size.x && at.y < size.y);
    }

    // Along a line, the places in view, from its middle outwards.
    function candidates(line, size) {
      const inside = [];
      let before = null;
      for (const [lat, lon] of line) {
        const at = map.latLngToContainerPoint([lat, lon]);
        if (before && before.distanceTo(at) < 6) continue;
        before = at;
        if (at.x > 60 && at.y > 20 && at.x < size.x - 60 && at.y < size.y - 30) inside.push(at);
      }
      const step = Math.max(1, Math.floor(inside.length / SAMPLES));
      return inside
        .filter((_, index) => index % step === 0)
        .sort((a, b) => b.y - a.y);
    }

    function update() {
      pane.replaceChildren();
      const size = map.getSize();
      const seen = visible(capitals.all, size);
      const places = seen.concat(visible(sites, size));
      // The corner of the scale and the credits, and that of the zoom buttons.
      const corners = [[size.x - 240, size.y - 58, size.x, size.y], [size.x - 56, 0, size.x, 84]];
      const taken = corners.concat(places.map(({ at }) => [at.x - 7, at.y - 7, at.x + 7, at.y + 7]));
      const free = (box) =>
        box[0] > 2 && box[1] > 2 && box[2] < size.x - 2 && box[3] < size.y - 2 &&
        !taken.some((other) => overlap(box, other));

      let rings = 0;
      for (const { text, color, lines, strong } of shownLines()) {
        if (rings >= Math.max(2, (size.x * size.y) / PIXELS_PER_RING_LABEL)) break;
        const width = measure(text, font(600));
        const spot = lines
          .flatMap((line) => candidates(line, size))
          .map((at) => [at.x - width / 2, at.y - HEIGHT / 2, at.x + width / 2, at.y + HEIGHT / 2])
          .find(free);
        if (spot) {
          taken.push([spot[0] - 4, spot[1] - 4, spot[2] + 4, spot[3] + 4]);
          put(text, spot, strong ? "rm-ring-label rm-strong" : "rm-ring-label", color);
          rings += 1;
        }
      }

      seen.sort((a, b) =>
        capitals.rank(b.entry.item) - capitals.rank(a.entry.item) ||
        (b.entry.item.population || 0) - (a.entry.item.population || 0));
      const near = map.getZoom() >= SITE_NAMES_FROM_ZOOM ? places.slice(seen.length) : [];
      for (const { entry, at } of seen.concat(near)) {
        const { name } = entry.item;
        const width = measure(name, font(400));
        const spot = [
          [at.x + GAP, at.y - HEIGHT / 2],
          [at.x - GAP - width, at.y - HEIGHT / 2],
          [at.x - width / 2, at.y - GAP - HEIGHT],
          [at.x - width / 2, at.y + GAP],
        ].map(([x, y]) => [x, y, x + width, y + HEIGHT]).find(free);
        if (spot) {
          taken.push(spot);
          put(name, spot, entry.item.mark === undefined ? "rm-name" : "rm-site-name", null);
        }
      }
    }

    let due = 0;
    const later = () => {
      cancelAnimationFrame(due);
      due = requestAnimationFrame(update);
    };
    map.on("moveend zoomend resize", later);
    map.on("zoomstart", () => pane.replaceChildren());
    later();
    return { update: later };
  }

  return { layer };
})();
