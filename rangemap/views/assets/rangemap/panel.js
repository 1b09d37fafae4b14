// The panel beside the map: what it shows, the choice of view, the switches, and how to read it.
rangemap.panel = (() => {
  const { el, name } = rangemap.dom;
  const { text, symbols } = rangemap;

  function heading(words) {
    return el("h2", {}, words);
  }

  function legend(data, mode) {
    const counts = new Map();
    for (const item of data.places) {
      const { key } = rangemap.markers.symbolOf(mode, item);
      counts.set(key, (counts.get(key) || 0) + 1);
    }
    const doubtful = data.places.filter((item) => rangemap.markers.isMarginal(mode, item)).length;
    const lead = mode.band_km &&
      el("p", { class: "rm-lead" }, text.comparedLead(text.number(mode.band_km[0]), text.km(mode.band_km[1])));
    const list = el(
      "ul",
      { class: "rm-legend" },
      mode.symbols.filter((symbol) => mode.id !== "comparison" || counts.has(symbol.key)).map((symbol) =>
        el(
          "li",
          {},
          symbols.place(symbol.shape, symbol.color, 18),
          el("span", { class: "rm-count" }, String(counts.get(symbol.key) || 0)),
          el("span", {}, name(symbol.label)),
        ),
      ),
    );
    const doubts = doubtful > 0 && el(
      "ul",
      { class: "rm-doubts" },
      el(
        "li",
        {},
        symbols.place("half", "#20262c", 18),
        el("span", { class: "rm-count" }, String(doubtful)),
        el("span", {}, text.marginalCount),
      ),
    );
    return el("div", {}, lead, list, doubts);
  }

  // Stays in sight on a phone while the panel is folded.
  function strip(data, mode) {
    const used = new Set(data.places.map((item) => rangemap.markers.symbolOf(mode, item).key));
    return mode.symbols.filter((symbol) => used.has(symbol.key)).map((symbol) =>
      el("span", {}, symbols.place(symbol.shape, symbol.color, 14), name(symbol.short)));
  }

  function modes(data, onMode) {
    if (!data.modes.length) return null;
    const holder = el("div", { "aria-live": "polite" }, legend(data, data.modes[0]));
    const radios = data.modes.map((mode, index) => {
      const radio = el("input", { type: "radio", name: "rm-mode", value: mode.id, checked: index === 0 });
      radio.addEventListener("change", () => {
        holder.replaceChildren(legend(data, mode));
        onMode(mode);
      });
      return el("label", { class: "rm-mode" }, radio, name(mode.label));
    });
    return el(
      "section",
      {},
      el("fieldset", {}, el("legend", {}, data.places_are_capitals ? text.capitalsHeading : text.placesHeading), ...radios),
      holder,
    );
  }

  // One switch; a group's box shows whether all, some or none of what is under it is on.
  function branch(label, marks, children, level) {
    const box = el("input", { type: "checkbox" });
    const refresh = () => {
      const on = children.filter((child) => child.state() === "all").length;
      const some = children.some((child) => child.state() !== "none");
      box.checked = on === children.length;
      box.indeterminate = !box.checked && some;
    };
    box.addEventListener("change", () => children.forEach((child) => child.set(box.checked)));
    const open = level === 0;
    const details = el(
      "details",
      { open },
      el("summary", { "aria-label": text.openGroup(label) }),
      el("ul", {}, children.map((child) => child.node)),
    );
    return {
      node: el("li", { class: `rm-branch rm-level-${level}` },
        el("label", {}, box, ...marks, name(label)), details),
      state: () => (box.checked ? "all" : box.indeterminate ? "some" : "none"),
      set: (on) => children.forEach((child) => child.set(on)),
      refresh: () => {
        children.forEach((child) => child.refresh());
        refresh();
      },
    };
  }

  function leaf(label, marks, area, shown, onChange) {
    const box = el("input", { type: "checkbox" });
    const set = (on) => {
      if (box.checked === on) return;
      box.checked = on;
      area.show(on);
    };
    box.addEventListener("change", () => {
      area.show(box.checked);
      onChange();
    });
    if (shown) set(true);
    return {
      node: el("li", { class: "rm-leaf" }, el("label", {}, box, ...marks, name(label))),
      state: () => (box.checked ? "all" : "none"),
      set,
      refresh: () => {},
    };
  }

  function tree(data, areas, onChange) {
    const roots = data.groups.map((group) => {
      const coalition = data.coalitions[group.coalition];
      const layers = group.layers.map((layer) => {
        const ranges = layer.ranges.map((range) => {
          const mark = symbols.line(coalition.color, range.line === "published" ? 2 : 1.6,
            rangemap.regions.DASH[range.line] || null, 24);
          const bySite = range.bands.map((number) => {
            const band = data.bands[number];
            return leaf(data.sites[band.site].name, [], areas.band(number),
              range.shown && !range.together, onChange);
          });
          if (range.edges.length) {
            bySite.push(leaf(text.edges, [], areas.edges(range), range.shown, onChange));
          }
          if (!range.together) {
            if (layer.kind === "treaty") return bySite;
            return [branch(range.label, [mark], bySite, 2)];
          }
          const all = leaf(text.togetherOf(range.bands.length), [], areas.together(range),
            range.shown, onChange);
          if (layer.kind === "treaty") return [all, ...bySite];
          return [branch(range.label, [mark], [all, ...bySite], 2)];
        });
        return branch(layer.label, [], ranges.flat(), 1);
      });
      return branch(coalition.name,
        [symbols.site(group.coalition, coalition.color, "filled", 16)], layers, 0);
    });
    const refresh = () => roots.forEach((root) => root.refresh());
    const list = el("ul", { class: "rm-tree" }, roots.map((root) => root.node));
    list.addEventListener("change", () => {
      refresh();
      onChange();
    });
    refresh();
    return el("section", {}, heading(text.rangesHeading), list);
  }

  function key(data) {
    const ink = data.colors.ink;
    const line = (dash, width, words) => el("li", {}, symbols.line(ink, width, dash), words);
    const { DASH } = rangemap.regions;
    const has = (kind) => data.bands.some((band) => band.line === kind);
    const siteKinds = () => [...new Map(data.sites.map((site) => [site.kind, site]))];
    return el(
      "section",
      {},
      heading(text.keyHeading),
      el(
        "ul",
        { class: "rm-key" },
        line(null, 2.2, text.keyOuter),
        line(DASH.inner, 1.5, text.keyInner),
        has("disputed") && line(DASH.disputed, 1.6, text.keyDisputed),
        has("alleged") && line(DASH.alleged, 1.6, text.keyAlleged),
        data.groups.some((group) => group.layers.some((layer) => layer.ranges.some((range) => range.edges.length))) &&
          line(DASH.edge, 1.2, text.keyEdges),
        siteKinds().map(([kind, site]) =>
          el("li", {}, el("span", { class: "rm-keymark" }, symbols.site("any", ink, site.mark)), name(kind))),
      ),
    );
  }

  function folded(title, lines, open) {
    return el(
      "details",
      { class: "rm-fold", open },
      el("summary", {}, el("h2", {}, title)),
      el("ul", {}, lines.map((line) => el("li", {}, name(line)))),
    );
  }

  function search(data, onFound) {
    const found = new Map();
    for (const item of data.places) found.set([item.name, item.country].filter(Boolean).join(", "), ["place", item]);
    for (const item of data.sites) found.set(item.name, ["site", item]);
    const input = el("input", {
      type: "search", list: "rm-names", "aria-label": text.searchLabel,
      placeholder: text.searchLabel, autocomplete: "off",
    });
    const options = [...found.keys()].map((value) => el("option", { value }));
    input.addEventListener("change", () => {
      const typed = input.value.trim().toLocaleLowerCase();
      const hit = [...found].find(([words]) => words.toLocaleLowerCase() === typed) ||
        [...found].find(([words]) => typed && words.toLocaleLowerCase().startsWith(typed));
      input.setCustomValidity(hit || !typed ? "" : text.searchNothing);
      input.reportValidity();
      if (hit) onFound(...hit[1]);
    });
    return el("div", { class: "rm-search" }, input, el("datalist", { id: "rm-names" }, options));
  }

  function build(panel, data, { onMode, onFound, onToggle, onChange, areas }) {
    const more = el(
      "div",
      { class: "rm-more", id: "rm-more" },
      modes(data, (mode) => {
        showStrip(mode);
        onMode(mode);
      }),
      tree(data, areas, onChange),
      key(data),
      search(data, onFound),
      data.headline.length ? folded(text.findingsHeading, data.headline, true) : null,
      folded(text.caveatsHeading, data.caveats, true),
      el("footer", {}, el("p", {}, data.credits), el("p", {}, name(data.provenance))),
    );
    const toggle = el("button", { type: "button", class: "rm-toggle", "aria-controls": "rm-more" });
    const short = el("p", { class: "rm-strip", "aria-hidden": "true" });
    const showStrip = (mode) => mode && short.replaceChildren(...strip(data, mode));
    showStrip(data.modes[0]);
    const narrow = window.matchMedia("(max-width: 719px)");
    let open = !narrow.matches;
    const apply = () => {
      panel.classList.toggle("rm-closed", !open);
      toggle.setAttribute("aria-expanded", String(open));
      const words = open ? text.panelHide : text.panelShow;
      toggle.setAttribute("aria-label", narrow.matches ? (open ? text.panelLess : text.panelMore) : words);
      toggle.textContent = narrow.matches
        ? (open ? text.panelLess : text.panelMore)
        : (open ? "\u2039" : "\u203a");
      toggle.title = narrow.matches ? "" : words;
      onToggle();
    };
    toggle.addEventListener("click", () => {
      open = !open;
      apply();
    });
    narrow.addEventListener("change", apply);
    panel.append(
      el("header", {}, el("h1", {}, name(data.title)),
        data.subtitle && el("p", { class: "rm-subtitle" }, name(data.subtitle)),
        el("p", { class: "rm-motto" }, text.motto), short),
      toggle,
      more,
    );
    apply();
  }

  return { build };
})();
