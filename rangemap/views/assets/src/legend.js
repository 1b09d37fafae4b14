// The first part of the panel: whose view, counts, how ranges are drawn, the tree of switches,
// filters, and the key. Elements are made once; `update` brings them up to date.
import { button, el, name } from "./dom.js";
import { groupBy, infClasses } from "./model.js";
import { DASH } from "./scene.js";
import { DRAW } from "./state.js";
import { lineNode, placeSymbol, siteSymbol, symbolNode } from "./symbols.js";
import { coalitionOf } from "./derive.js";

const heading = (text) => el("h2", {}, text);

/** The label of a way to colour the places. */
export function modeLabel(model, words, mode) {
  if (mode === "comparison") return model.comparison.label;
  if (mode === "own") return words.modeOwn;
  const coalition = coalitionOf(mode);
  return coalition === null ? "" : model.coalitions[coalition].name;
}

/** Rows of the legend of the moment: symbol, count, words; used by the panel and by the picture. */
export function legendRows(model, words, derived, theme) {
  const look = { halo: theme.halo, paper: theme.paper };
  const compared = derived.mode === "comparison";
  const rows = derived.symbols
    .filter((symbol) => !compared || derived.counts.of.has(symbol.key))
    .map((symbol) => ({
      key: symbol.key,
      symbol: placeSymbol(symbol.shape, theme.of(symbol.color), look),
      count: derived.counts.of.get(symbol.key) || 0,
      text: symbol.label,
      short: symbol.short,
    }));
  if (derived.counts.marginal > 0) {
    rows.push({
      key: null, symbol: placeSymbol("half", theme.ink, look), count: derived.counts.marginal,
      text: words.marginalCount, short: words.marginalShort,
    });
  }
  return rows;
}

/** Rows of the legend for two maps side by side: a symbol's count on the left and on the right. */
export function sideRows(model, views, theme) {
  const look = { halo: theme.halo, paper: theme.paper };
  const countOf = (view, key) => view.marks.filter((mark) => mark.key === key).length;
  return views[0].symbols.map((symbol) => {
    const counts = views.map((view) => countOf(view, symbol.key));
    return {
      key: symbol.key, symbol: placeSymbol(symbol.shape, theme.of(symbol.color), look), count: counts.join(" | "),
      text: symbol.label, short: symbol.short, some: counts.some((count) => count > 0),
    };
  });
}

/** The first tab: `node` and `update(state, derived, theme)`. */
export function createLegend({ model, words, format, store, online, act }) {
  const modeHolder = el("div", {});
  const legendHolder = el("div", { "aria-live": "polite" });
  const overlapHolder = el("div", {});
  const yearHolder = el("div", {});
  const infHolder = el("div", {});
  const treeHolder = el("div", {});
  const keyHolder = el("div", {});
  const drawHolder = el("div", { class: "rm-choices" });

  function radios(group, options, chosen, onChoose) {
    return options.map(([value, label, hint]) => {
      const radio = el("input", { type: "radio", name: group, value, checked: value === chosen });
      radio.addEventListener("change", () => onChoose(value));
      return el("label", { class: "rm-mode", title: hint || null }, radio, el("span", {}, name(label)));
    });
  }

  // Whose view
  let modesShown = "";
  function updateModes(derived) {
    const key = derived.modes.join();
    if (key !== modesShown) {
      modesShown = key;
      modeHolder.replaceChildren(...(derived.modes.length ? [el("fieldset", {},
        el("legend", {}, words.placesHeading(model.places_are_capitals)),
        radios("rm-mode", derived.modes.map((mode) => [mode, modeLabel(model, words, mode)]), derived.mode,
          (mode) => store.set({ mode, hidden: new Set() })))] : []));
    }
    for (const radio of modeHolder.querySelectorAll("input")) radio.checked = radio.value === derived.mode;
  }

  function leadOf(derived, views) {
    if (views) return words.sideBySide(model.sides[0].name, model.sides[1].name);
    const compared = derived.mode === "comparison" && model.comparison.band_km;
    return compared && words.comparedLead(format.number(compared[0]), format.range(compared[1]));
  }

  function updateLegend(state, derived, theme, views) {
    const text = leadOf(derived, views);
    const lead = text && el("p", { class: "rm-lead" }, name(text));
    const rows = views ? sideRows(model, views, theme) : legendRows(model, words, derived, theme);
    const trouble = derived.trouble && el("p", { class: "rm-note rm-trouble" }, name(derived.trouble));
    legendHolder.classList.toggle("rm-two", Boolean(views));
    modeHolder.hidden = Boolean(views);
    const toggles = rows.filter((row) => row.key !== null).map((row) => {
      const box = el("input", { type: "checkbox", checked: !state.hidden.has(row.key), "aria-label": words.hideSymbol(row.text) });
      box.dataset.key = row.key;
      box.addEventListener("change", () => {
        const hidden = new Set(store.get().hidden);
        if (box.checked) hidden.delete(row.key);
        else hidden.add(row.key);
        store.set({ hidden });
      });
      return el("li", {}, el("label", {}, box, symbolNode(row.symbol, 18), el("span", { class: "rm-count" }, String(row.count)),
        el("span", {}, name(row.text))));
    });
    const focused = legendHolder.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const doubt = rows.find((row) => row.key === null);
    legendHolder.replaceChildren(
      ...[
        trouble,
        lead,
        el("ul", { class: "rm-legend" }, toggles),
        doubt && el("ul", { class: "rm-doubts" }, el("li", {}, symbolNode(doubt.symbol, 18),
          el("span", { class: "rm-count" }, String(doubt.count)), el("span", {}, doubt.text))),
      ].filter(Boolean),
    );
    if (focused) {
      const again = [...legendHolder.querySelectorAll("input")].find((box) => box.dataset.key === focused);
      if (again) again.focus({ preventScroll: true });
    }
  }

  function updateOverlap(scene) {
    overlapHolder.replaceChildren(...(scene && scene.overlap ? [
      el("p", { class: "rm-lead" }, scene.overlap.lead),
      el("ul", { class: "rm-classes" }, scene.overlap.classes.map(({ shown, label }) => {
        const box = el("span", { class: "rm-class", "aria-hidden": "true" });
        box.style.background = shown;
        return el("li", {}, box, label);
      })),
    ] : []));
  }

  // How ranges are drawn
  const drawNames = { union: [words.drawUnion, words.drawUnionHint], rings: [words.drawRings], overlap: [words.drawOverlap] };
  const drawRadios = radios("rm-draw", DRAW.map((key) => [key, ...drawNames[key]]), "union", (draw) => store.set({ draw }));
  const edgesBox = el("input", { type: "checkbox", checked: true });
  edgesBox.addEventListener("change", () => store.set({ edges: edgesBox.checked }));
  const hasEdges = model.bands.some((band) => band.low_km !== band.max_km || band.high_km !== band.max_km);
  drawHolder.append(
    el("fieldset", { class: "rm-inline" }, el("legend", {}, words.drawHeading), drawRadios),
    ...(hasEdges ? [el("label", { class: "rm-mode" }, edgesBox, words.edges)] : []),
  );

  // Year
  let typing = false; // a year that is being typed is not written over
  function buildYear() {
    if (!model.years) return;
    const { first, last, as_of: asOf } = model.years;
    const box = el("input", { type: "checkbox", id: "rm-year-on" });
    const slider = el("input", { type: "range", id: "rm-year", min: first, max: last, step: 1, value: asOf || last, "aria-label": words.yearHeading });
    const field = el("input", { type: "number", class: "rm-year-number", min: first, max: last, step: 1, value: asOf || last, "aria-label": words.yearHeading });
    const set = (value) => {
      const year = Math.round(Number(value));
      if (!Number.isFinite(year) || year < first || year > last) return showYear(store.get());
      slider.value = field.value = year; // a click on the box may come before the next drawing
      store.set({ year });
    };
    box.addEventListener("change", () => (box.checked ? set(slider.value) : store.set({ year: null })));
    slider.addEventListener("input", () => set(slider.value));
    field.addEventListener("input", () => (typing = true));
    field.addEventListener("change", () => ((typing = false), set(field.value)));
    field.addEventListener("blur", () => ((typing = false), showYear(store.get())));
    yearHolder.append(
      el("div", { class: "rm-year" }, el("label", {}, box, words.yearOn), slider, field),
      el("p", { class: "rm-sub", id: "rm-year-said", role: "status" }),
    );
  }
  function showYear(state) {
    const value = state.year === null ? model.years.as_of || model.years.last : state.year;
    for (const input of yearHolder.querySelectorAll("input:not([type=checkbox])")) {
      if (Number(input.value) !== value && !(typing && input.type === "number")) input.value = value;
    }
  }
  function updateYear(state) {
    if (!model.years) return;
    yearHolder.querySelector("#rm-year-on").checked = state.year !== null;
    showYear(state);
    const said = yearHolder.querySelector("#rm-year-said");
    const text = state.year === null ? (model.years.as_of ? words.yearOf(model.years.as_of) : words.yearAll) : `${words.yearOf(state.year)}. ${words.yearNote} ${words.yearFindings}`;
    if (said.textContent !== text) said.textContent = text;
  }

  // INF classes
  const classes = infClasses(model);
  function buildInf() {
    if (classes.length < 2) return;
    infHolder.append(el("fieldset", {}, el("legend", {}, words.infHeading), classes.map((key) => {
      const box = el("input", { type: "checkbox", checked: true, value: key });
      box.addEventListener("change", () => {
        const infOff = new Set(store.get().infOff);
        if (box.checked) infOff.delete(key);
        else infOff.add(key);
        store.set({ infOff });
      });
      return el("label", { class: "rm-mode" }, box, words.inf[key]);
    })));
  }

  // The tree
  const openBefore = new Map();
  let branches = [];
  let treeShown = "";

  function branch(label, marks, children, level, key) {
    const box = el("input", { type: "checkbox" });
    const bands = children.flatMap((child) => child.bands);
    box.addEventListener("change", () => {
      const on = new Set(store.get().on);
      for (const band of bands) {
        if (box.checked) on.add(band);
        else on.delete(band);
      }
      store.set({ on });
    });
    const details = el("details", { open: openBefore.has(key) ? openBefore.get(key) : level === 0 },
      el("summary", { "aria-label": words.openGroup(label) }), el("ul", {}, children.map((child) => child.node)));
    details.addEventListener("toggle", () => openBefore.set(key, details.open));
    branches.push({ box, bands });
    return { node: el("li", { class: `rm-branch rm-level-${level}` }, el("label", {}, box, marks, name(label)), details), bands };
  }

  function leaf(label, marks, band, detail) {
    const box = el("input", { type: "checkbox" });
    box.dataset.band = band;
    box.addEventListener("change", () => {
      const on = new Set(store.get().on);
      if (box.checked) on.add(band);
      else on.delete(band);
      store.set({ on });
    });
    branches.push({ box, bands: [band] });
    return { node: el("li", { class: "rm-leaf" }, el("label", { title: detail || null }, box, marks, name(label))), bands: [band] };
  }

  function buildTree(state, derived, theme) {
    const key = `${derived.available.join()}|${state.groupBy}|${theme.dark}`;
    if (key === treeShown) return;
    treeShown = key;
    branches = [];
    const look = { halo: theme.halo, paper: theme.paper };
    const bands = derived.available.map((index) => model.bands[index]);
    const mark = (band) => lineNode(theme.of(model.coalitions[band.coalition].color), band.line === "published" ? 2 : 1.6, DASH[band.line] || null, 24);
    const ordered = (many) => [...many].sort((a, b) => (a.kind === "treaty" ? -1 : 0) - (b.kind === "treaty" ? -1 : 0) || b.max_km - a.max_km || a.label.localeCompare(b.label));
    const roots = [...groupBy(bands, (band) => band.coalition)].map(([coalition, own]) => {
      const about = model.coalitions[coalition];
      const color = theme.of(about.color);
      let children;
      if (state.groupBy === "site") {
        children = [...groupBy(own, (band) => band.site)].map(([index, many]) => {
          const site = model.sites[index];
          return branch(site.name, [symbolNode(siteSymbol(coalition, color, site.mark, look), 15)],
            ordered(many).map((band) => leaf(band.label, [mark(band)], band.index, words.saidBy(band.said_by))), 1, `s${index}`);
        });
      } else {
        children = [...groupBy(ordered(own), (band) => band.range)].map(([range, many]) =>
          branch(many[0].label, [mark(many[0])], many.map((band) => leaf(model.sites[band.site].name, [], band.index)), 1, `r${coalition}.${range}`));
      }
      return branch(about.name, [symbolNode(siteSymbol(coalition, color, "filled", look), 16)], children, 0, `c${coalition}`);
    });
    treeHolder.replaceChildren(roots.length
      ? el("ul", { class: "rm-tree" }, roots.map((root) => root.node))
      : el("p", { class: "rm-sub" }, words.noRanges));
  }
  function updateTree(state) {
    for (const { box, bands } of branches) {
      let on = 0;
      for (const band of bands) if (state.on.has(band)) on += 1;
      box.checked = on === bands.length;
      box.indeterminate = on > 0 && on < bands.length;
    }
  }

  const groupRadios = radios("rm-group", [["site", words.groupSite], ["range", words.groupRange]], "site", (value) => store.set({ groupBy: value }));

  // Areas of the user's own
  function areaList(theme) {
    return el("ul", { class: "rm-areas" }, model.areas.map((area, index) => {
      const box = el("span", { class: "rm-swatch", "aria-hidden": "true" });
      box.style.background = theme.of(area.color);
      return el("li", {}, box, button(name(area.name), { class: "rm-link", onclick: () => act.pick({ kind: "area", index }) }));
    }));
  }
  const areaHolder = el("div", {});
  let areasShown = null;

  // The key
  function buildKey(theme, state) {
    const ink = theme.ink;
    const look = { halo: theme.halo, paper: theme.paper };
    const line = (dash, width, text, color = ink) => el("li", {}, lineNode(color, width, dash), text);
    const has = (kind) => model.bands.some((band) => band.line === kind);
    const kinds = [...new Map(model.sites.map((site) => [site.kind, site]))];
    keyHolder.replaceChildren(el("ul", { class: "rm-key" },
      line(null, 2.2, words.keyOuter),
      line(DASH.inner, 1.5, words.keyInner),
      has("disputed") && line(DASH.disputed, 1.6, words.keyDisputed),
      has("alleged") && line(DASH.alleged, 1.6, words.keyAlleged),
      hasEdges && line(DASH.edge, 1.2, words.keyEdges),
      state.own.length > 0 && line(DASH.own, 2.2, words.keyOwn, theme.own),
      kinds.map(([kind, site]) => el("li", {}, el("span", { class: "rm-keymark" }, symbolNode(siteSymbol("any", ink, site.mark, look), 18)), name(kind)))));
  }

  buildYear();
  buildInf();
  const onlineNote = online && el("p", { class: "rm-note rm-online" }, words.online(online.host));
  const rangesSection = model.bands.length > 0 && el("section", {},
    el("div", { class: "rm-row" }, heading(words.rangesHeading),
      el("fieldset", { class: "rm-inline rm-small" }, el("legend", {}, words.groupBy), groupRadios)),
    treeHolder);
  const filters = (model.years || classes.length > 1) && el("details", { class: "rm-fold", id: "rm-filters" },
    el("summary", {}, heading(words.filtersHeading)), yearHolder, infHolder);
  const node = el("div", { class: "rm-sections" },
    onlineNote,
    model.areas.length > 0 && el("section", {}, heading(words.areasHeading), areaHolder),
    model.bands.length > 0 && el("section", {}, modeHolder, legendHolder),
    model.bands.length > 0 && el("section", {}, drawHolder, overlapHolder),
    rangesSection,
    filters,
    model.bands.length > 0 && el("section", {}, heading(words.keyHeading), keyHolder));

  return {
    node,
    update(state, derived, theme, scene, views = null) {
      if (model.areas.length && areasShown !== theme) {
        areasShown = theme;
        areaHolder.replaceChildren(areaList(theme));
      }
      updateModes(derived);
      updateLegend(state, derived, theme, views);
      updateOverlap(scene);
      for (const label of drawRadios) label.firstChild.checked = label.firstChild.value === state.draw;
      edgesBox.checked = state.edges;
      for (const label of groupRadios) label.firstChild.checked = label.firstChild.value === state.groupBy;
      for (const box of infHolder.querySelectorAll("input")) box.checked = !state.infOff.has(box.value);
      updateYear(state);
      buildTree(state, derived, theme);
      updateTree(state);
      buildKey(theme, state);
      if ((state.year !== null || state.infOff.size) && filters) filters.open = true;
    },
    strip: (derived, theme, views = null) => (views ? sideRows(model, views, theme) : legendRows(model, words, derived, theme))
      .filter((row) => (views ? row.some : row.count > 0))
      .map((row) => el("span", {}, symbolNode(row.symbol, 14), name(`${row.short} ${row.count}`))),
  };
}
