// Starts the page: the map, its layers, the panel. folium's script calls `rangemap.start`.
rangemap.start = (() => {
  const { text, dom } = rangemap;
  const EARTH_KM = 40075.017;
  const MAX_LAT = 85.0511;
  const MAX_ZOOM = 10; // the coast is drawn for 1 : 50 million; nearer, it would only pretend

  const read = (id) => JSON.parse(document.getElementById(id).textContent);

  // folium's own layers may be added: its markers need images, its popups two calls of jQuery.
  function welcomeFolium() {
    const icons = read("rangemap-icons");
    delete L.Icon.Default.prototype._getIconUrl;
    L.Icon.Default.mergeOptions(icons);
    if (!window.$) {
      window.$ = (what) => {
        if (what === document) return { ready: (callback) => callback() };
        const template = document.createElement("template");
        template.innerHTML = what.trim();
        return [template.content.firstChild];
      };
    }
  }

  function panes(map) {
    const order = { "rm-world": 200, "rm-fills": 350, "rm-lines": 410, "rm-labels": 560,
      "rm-capitals": 600, "rm-sites": 620 };
    for (const [name, zIndex] of Object.entries(order)) {
      const pane = map.createPane(name);
      pane.style.zIndex = zIndex;
    }
    for (const name of ["rm-world", "rm-fills", "rm-labels"]) {
      map.getPane(name).style.pointerEvents = "none";
    }
  }

  // The world always fills the view, so that three copies of a marker are enough.
  function minZoom(map) {
    const { x, y } = map.getSize();
    const zoom = Math.log2(Math.max(x * 0.9, y, 256) / 256);
    return Math.min(6, Math.ceil(zoom * 4) / 4);
  }

  function middleOf(sites) {
    let x = 0;
    let y = 0;
    let lat = 0;
    for (const site of sites) {
      const lon = (site.lon * Math.PI) / 180;
      x += Math.cos(lon);
      y += Math.sin(lon);
      lat += site.lat;
    }
    return sites.length ? [(Math.atan2(y, x) * 180) / Math.PI, lat / sites.length] : [0, 20];
  }

  function home(map, data) {
    const center = data.view.center || middleOf(data.sites);
    const width = data.view.width_km || 14000;
    const share = width / (EARTH_KM * Math.cos((center[1] * Math.PI) / 180));
    const zoom = Math.log2(map.getSize().x / share / 256);
    const snapped = Math.max(map.getMinZoom(), Math.min(7, Math.round(zoom * 4) / 4));
    map.setView([center[1], center[0]], snapped, { animate: false });
  }

  // Layers are made when they are first shown: most of them never are.
  function makeAreas(map, data, onChange) {
    const shown = new Set();
    const footprints = [];
    let mode = data.modes[0];
    const area = (make) => {
      let made = null;
      return {
        show(on) {
          if (!made) made = make();
          if (on) {
            made.group.addTo(map);
            shown.add(made);
          } else {
            made.group.remove();
            shown.delete(made);
          }
          onChange();
        },
      };
    };
    const named = (words) => () => dom.el("span", {}, dom.name(words));
    const rank = { treaty: 0, own: 1, system: 2 };

    function band(number) {
      return area(() => {
        const item = data.bands[number];
        const { color } = data.coalitions[item.coalition];
        const treaty = item.kind === "treaty";
        const site = data.sites[item.site].name;
        const made = rangemap.regions.layer(
          rangemap.regions.ofBand(data, item),
          { color, line: item.line, opacity: treaty ? 0.9 : 0.75, weight: treaty ? 1.8 : 1.3, fill: treaty ? 0.03 : null },
          {
            tooltip: named(`${item.label}, ${site}`),
            popup: () => rangemap.popups.band(data, item),
          },
        );
        return { ...made, color, rank: rank[item.kind], strong: treaty,
          text: treaty ? `${site}, ${text.km(item.km[1])}` : item.label };
      });
    }

    // Where several sites share a range: what they cover together.
    function together(range) {
      return area(() => {
        const bands = range.bands.map((number) => data.bands[number]);
        const { coalition, kind } = bands[0];
        const { color, short, name } = data.coalitions[coalition];
        const treaty = kind === "treaty";
        const made = rangemap.regions.layer(
          rangemap.regions.ofTogether(data, range.together),
          { color, line: range.line, opacity: treaty ? 0.95 : 0.65, weight: treaty ? 2.6 : 1.2, fill: treaty ? 0 : null },
          {
            tooltip: named(`${range.label}, ${name}`),
            popup: () => rangemap.popups.together(data, bands),
          },
        );
        if (treaty) footprints.push({ coalition, fill: made.fill });
        emphasise(mode);
        return { ...made, color, rank: rank[kind], strong: treaty,
          text: treaty ? `${short}, ${text.km(range.km[1])}` : range.label };
      });
    }

    // A range by its lowest and by its highest estimate, from any of its sites: dotted.
    function edges(range) {
      return area(() => {
        const { coalition } = data.bands[range.bands[0]];
        const { color } = data.coalitions[coalition];
        const made = range.edges.map((edge) => rangemap.regions.edge(data, edge, color));
        return { group: L.layerGroup(made), lines: [], color, rank: 3, strong: false, text: "" };
      });
    }

    // The footprint of whoever is looked at is tinted, the others stay outlines.
    function emphasise(next) {
      mode = next;
      for (const { coalition, fill } of footprints) {
        const fillOpacity = !mode || mode.coalition === null ? 0.07 : mode.coalition === coalition ? 0.12 : 0;
        fill.setStyle({ fillOpacity });
      }
    }
    return { band, together, edges, emphasise, list: () => [...shown].sort((a, b) => a.rank - b.rank) };
  }

  // Who opens a popup by key is taken into it, and back when it closes.
  function keyboardPopups(map) {
    let byKey = false;
    let backTo = null;
    document.addEventListener("keydown", () => { byKey = true; }, true);
    document.addEventListener("pointerdown", () => { byKey = false; }, true);
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") map.closePopup();
    });
    map.on("click", () => rangemap.popups.closeCard(map));
    map.on("popupopen", ({ popup }) => {
      const node = popup.getElement();
      const button = node.querySelector(".leaflet-popup-close-button");
      if (button) button.setAttribute("aria-label", text.close);
      const inside = node.querySelector(".rm-pop");
      if (!byKey || !inside) return;
      backTo = document.activeElement;
      inside.focus({ preventScroll: true });
    });
    map.on("popupclose", () => {
      if (byKey && backTo) backTo.focus({ preventScroll: true });
      backTo = null;
    });
  }

  return (id) => {
    const data = read("rangemap-data");
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    for (const [name, value] of Object.entries(data.colors)) {
      document.documentElement.style.setProperty(`--rm-${name}`, value);
    }
    const map = L.map(id, {
      center: [20, 0], zoom: 2, zoomControl: false, zoomSnap: 0.25, zoomDelta: 0.5, maxZoom: MAX_ZOOM,
      wheelPxPerZoomLevel: 100, worldCopyJump: true, maxBoundsViscosity: 1,
      maxBounds: [[-MAX_LAT, -3600], [MAX_LAT, 3600]],
      zoomAnimation: !still, fadeAnimation: false, markerZoomAnimation: !still, inertia: !still,
    });
    map.getContainer().setAttribute("role", "application");
    map.getContainer().setAttribute("aria-label", text.mapName);
    map.attributionControl.setPrefix(text.libraries).addAttribution("Natural Earth, GeoNames");
    L.control.zoom({ position: "topright" }).addTo(map);
    L.control.scale({ position: "bottomright", maxWidth: 120, imperial: false }).addTo(map);
    welcomeFolium();
    panes(map);
    rangemap.basemap(() => read("rangemap-world-110m"), () => read("rangemap-world-50m"), data.colors)
      .addTo(map);

    let labels = null;
    const relabel = () => labels && labels.update();
    const capitals = rangemap.markers.capitals(map, data);
    const sites = rangemap.markers.sites(map, data);
    const areas = makeAreas(map, data, relabel);
    const fit = () => {
      map.invalidateSize({ animate: false });
      map.setMinZoom(minZoom(map));
    };
    rangemap.panel.build(document.getElementById("rm-panel"), data, {
      areas,
      onMode(mode) {
        capitals.setMode(mode);
        areas.emphasise(mode);
        relabel();
      },
      onFound(kind, item) {
        const entry = (kind === "place" ? capitals.all : sites).find((one) => one.item === item);
        map.setView([item.lat, item.lon], Math.max(map.getZoom(), 4), { animate: !still });
        entry.markers[1].tell();
      },
      onToggle: fit,
      onChange: relabel,
    });
    keyboardPopups(map);
    fit();
    home(map, data);
    labels = rangemap.labels.layer(map, capitals, sites, areas.list);
    window.addEventListener("resize", fit);
    document.documentElement.dataset.rangemap = "ready";
    return map;
  };
})();
