// What a capital, a site and a band say when asked.
rangemap.popups = (() => {
  const { el, name, link, withLinks } = rangemap.dom;
  const { text } = rangemap;

  const NARROW = "(max-width: 719px)";
  const POPUP = { maxWidth: 340, className: "rm-popup", autoPanPadding: [12, 12], offset: [0, 2] };
  const MAX_HEIGHT = 400;
  const MIN_HEIGHT = 220;
  const TOP = 85.0511;

  // Opens what `make` returns when a layer is clicked: in a popup or, where a popup would not
  // fit (on a phone, or at the very top of the world), in a card at the foot of the map.
  function attach(layer, make) {
    const open = ({ latlng }) => {
      const map = layer._map;
      const at = layer.getLatLng ? layer.getLatLng() : latlng;
      const room = map.latLngToContainerPoint(at).y - map.latLngToContainerPoint([TOP, 0]).y - 50;
      const height = Math.min(MAX_HEIGHT, room, map.getSize().y - 80);
      map.closePopup();
      closeCard(map);
      if (window.matchMedia(NARROW).matches || height < MIN_HEIGHT) openCard(map, make());
      else L.popup({ ...POPUP, maxHeight: height }).setLatLng(at).setContent(make()).openOn(map);
    };
    layer.on("click", open);
    layer.on("keypress", (event) => {
      if (event.originalEvent.key === "Enter") open(event);
    });
    layer.tell = () => open({ latlng: layer.getLatLng() });
  }

  let backTo = null;

  function openCard(map, content) {
    const button = el("button", { type: "button", class: "rm-close", "aria-label": text.close }, "\u00d7");
    const card = el("div", { class: "rm-card", role: "dialog" }, button, content);
    backTo = document.activeElement;
    button.addEventListener("click", () => closeCard(map));
    card.addEventListener("keydown", (event) => {
      if (event.key === "Escape") closeCard(map);
      event.stopPropagation();
    });
    L.DomEvent.disableClickPropagation(card).disableScrollPropagation(card);
    map.getContainer().parentElement.append(card);
    button.focus({ preventScroll: true });
  }

  function closeCard(map) {
    const card = map.getContainer().parentElement.querySelector(".rm-card");
    if (!card) return;
    card.remove();
    if (backTo) backTo.focus({ preventScroll: true });
  }

  const frame = (...children) => el("div", { class: "rm-pop", tabindex: "-1" }, ...children);
  const fact = (term, ...values) => [el("dt", {}, term), el("dd", {}, ...values)];

  function swatch(data, coalition) {
    const { color } = data.coalitions[coalition];
    const box = el("span", { class: "rm-swatch", "aria-hidden": "true" });
    box.style.background = color;
    return box;
  }

  function placeRow(data, row) {
    const labels = (numbers) => numbers.map((number) => data.labels[number]).join("; ");
    const nearest = text.placeNearest(data.sites[row.nearest].name, text.km(row.km));
    const banned = data.bands.some((band) => band.coalition === row.coalition && band.kind === "treaty");
    const lines = [
      banned ? `${nearest}; ${text.placeSites(row.in_band)}` : nearest,
      row.marginal && text.marginalZone,
      row.ranges.length > 0 && text.placeRanges(labels(row.ranges)),
      row.maybe && text.placeMaybe(labels(row.maybe)),
      row.ranges.length === 0 && !row.maybe && text.placeNoRanges,
      row.hangs_on && text.hangsOn(row.hangs_on),
    ].filter(Boolean);
    return el(
      "li",
      {},
      el(
        "div",
        { class: "rm-verdict" },
        swatch(data, row.coalition),
        el("strong", {}, name(data.coalitions[row.coalition].name)),
        ": ",
        text.zoneOf[row.zone],
      ),
      ...lines.map((line) => el("div", {}, name(line))),
    );
  }

  function place(data, item) {
    const compared = data.modes.find((mode) => mode.id === "comparison");
    const category = compared && compared.symbols.find((symbol) => symbol.key === item.category);
    return frame(
      el("h3", {}, name(item.name)),
      item.country && el("p", { class: "rm-sub" }, name(item.country)),
      item.rows.length
        ? el("ul", { class: "rm-rows" }, item.rows.map((row) => placeRow(data, row)))
        : el("p", {}, text.placeNoZones),
      category && el("p", {}, text.categoryLine(compared.label, category.label)),
      item.note && el("p", { class: "rm-note" }, name(item.note)),
      item.country_population !== null &&
        el("p", { class: "rm-sub" }, text.placePopulation(text.number(item.country_population))),
    );
  }

  function sources(data, numbers) {
    if (!numbers.length) return el("p", { class: "rm-sub" }, text.noSources);
    return el(
      "details",
      { class: "rm-sources" },
      el("summary", {}, `${text.sources} (${numbers.length})`),
      el(
        "ul",
        {},
        numbers.map((number) => {
          const source = data.sources[number];
          const about = [source.publisher, source.date, source.evidence].filter(Boolean).join(", ");
          return el("li", {}, link(source.url, source.title), el("div", { class: "rm-sub" }, name(about)));
        }),
      ),
    );
  }

  function bandFacts(band) {
    const [low, high] = band.spread;
    const flags = [
      band.line === "alleged" && text.alleged,
      band.line === "disputed" && text.disputed,
      low < high && text.spread(text.number(low), text.km(high)),
    ].filter(Boolean);
    return [
      el("strong", {}, name(band.label)),
      flags.length ? ` (${flags.join("; ")})` : null,
      el("div", { class: "rm-sub" }, name(text.saidBy(band.said_by))),
      el("div", { class: "rm-sub" }, text.evidence(band.confidence, band.evidence)),
    ];
  }

  function site(data, item) {
    const number = data.sites.indexOf(item);
    const bands = data.bands.filter((band) => band.site === number);
    const cited = [...new Set(item.sources.concat(...bands.map((band) => band.sources)))];
    return frame(
      el("h3", {}, name(item.name)),
      el(
        "p",
        { class: "rm-sub" },
        swatch(data, item.coalition),
        name(text.siteOf(data.coalitions[item.coalition].name)),
        item.country && [", ", name(item.country)],
      ),
      el(
        "dl",
        {},
        fact(text.siteKind, item.kind),
        item.operator && fact(text.siteOperator, name(item.operator)),
        fact(
          text.sitePlace,
          item.precision_km > 0 ? text.sitePrecision(text.km(item.precision_km)) : text.siteExact,
        ),
        fact(text.siteConfidence, text.evidence(item.confidence, item.evidence)),
        fact(
          text.siteRanges,
          el("ul", { class: "rm-ranges" }, bands.map((band) => el("li", {}, ...bandFacts(band)))),
        ),
      ),
      item.note && el("p", { class: "rm-note" }, ...withLinks(item.note)),
      sources(data, cited),
    );
  }

  function band(data, item) {
    const from = data.sites[item.site];
    return frame(
      el("h3", {}, name(item.label)),
      el("p", { class: "rm-sub" }, swatch(data, item.coalition), name(text.bandOf(from.name))),
      el("p", {}, ...bandFacts(item).slice(1)),
      item.note && el("p", { class: "rm-note" }, name(item.note)),
      sources(data, item.sources),
    );
  }

  function together(data, bands) {
    const first = bands[0];
    const cited = [...new Set(bands.flatMap((item) => item.sources))];
    return frame(
      el("h3", {}, name(first.label)),
      el(
        "p",
        { class: "rm-sub" },
        swatch(data, first.coalition),
        name(data.coalitions[first.coalition].name),
        ", ",
        text.bandTogether(bands.length),
      ),
      el("p", {}, ...bandFacts(first).slice(1)),
      el("ul", { class: "rm-ranges" }, bands.map((item) => el("li", {}, name(data.sites[item.site].name)))),
      first.note && el("p", { class: "rm-note" }, name(first.note)),
      sources(data, cited),
    );
  }

  return { attach, closeCard, place, site, band, together };
})();
