// Capitals and launch sites, on three copies of the world. Only the middle copy takes the focus.
rangemap.markers = (() => {
  const { symbols, popups, text, dom } = rangemap;
  const TURNS = [-1, 0, 1];
  const PLAIN = { key: "", color: "#333333", shape: "ring", label: "" };

  // One marker for each copy; `draw` returns the symbol, `say` the name for a screen reader.
  function copies(map, item, { pane, size, draw, say, popup, tip }) {
    return TURNS.map((turn) => {
      const holder = dom.el("span", { class: "rm-symbol" });
      const marker = L.marker([item.lat, item.lon + 360 * turn], {
        pane,
        keyboard: turn === 0,
        icon: L.divIcon({ html: holder, className: "rm-marker", iconSize: [size, size] }),
      });
      popups.attach(marker, popup);
      marker.bindTooltip(tip, { direction: "top", offset: [0, -8], className: "rm-tip" });
      marker.redraw = () => {
        holder.replaceChildren(draw());
        const node = marker.getElement();
        if (!node) return;
        if (turn === 0) node.setAttribute("aria-label", say());
        else node.setAttribute("aria-hidden", "true");
      };
      marker.on("add", marker.redraw);
      return marker.addTo(map);
    });
  }

  function symbolOf(mode, item) {
    if (!mode) return PLAIN;
    const row = item.rows.find((entry) => entry.coalition === mode.coalition);
    const key = mode.id === "comparison" ? item.category : row && row.zone;
    return mode.symbols.find((symbol) => symbol.key === key) || PLAIN;
  }

  // A zone or category that hangs on where within its precision a site is: half filled.
  function isMarginal(mode, item) {
    if (!mode) return false;
    if (mode.id === "comparison") return Boolean(item.marginal);
    const row = item.rows.find((entry) => entry.coalition === mode.coalition);
    return Boolean(row && row.marginal);
  }

  function drawn(mode, item) {
    const { shape, color } = symbolOf(mode, item);
    return symbols.place(isMarginal(mode, item) ? "half" : shape, color);
  }

  // What comes first in the legend lies on top.
  const rank = (mode, item) =>
    mode ? mode.symbols.length - mode.symbols.indexOf(symbolOf(mode, item)) : 0;

  function capitals(map, data) {
    let mode = data.modes[0];
    const all = data.places.map((item) => {
      const say = () => [item.name, item.country, symbolOf(mode, item).label,
        isMarginal(mode, item) && text.marginalZone].filter(Boolean).join(", ");
      const markers = copies(map, item, {
        pane: "rm-capitals",
        size: 16,
        draw: () => drawn(mode, item),
        say,
        popup: () => popups.place(data, item),
        tip: () => dom.el("span", {}, dom.name(say())),
      });
      return { item, markers };
    });

    function setMode(next) {
      mode = next;
      for (const { item, markers } of all) {
        for (const marker of markers) {
          marker.redraw();
          marker.setZIndexOffset(1000 * rank(mode, item));
        }
      }
    }
    setMode(mode);
    return { all, setMode, rank: (item) => rank(mode, item), mode: () => mode };
  }

  function sites(map, data) {
    return data.sites.map((item) => {
      const coalition = data.coalitions[item.coalition];
      const say = () => `${item.name}, ${text.siteOf(coalition.name)}`;
      const markers = copies(map, item, {
        pane: "rm-sites",
        size: 16,
        draw: () => symbols.site(item.coalition, coalition.color, item.mark, 16),
        say,
        popup: () => popups.site(data, item),
        tip: () => dom.el("span", {}, dom.name(say())),
      });
      return { item, markers };
    });
  }

  return { capitals, sites, symbolOf, isMarginal };
})();
