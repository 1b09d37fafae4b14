// The what-if tab: the reader's own launch points and moved sites, and the measuring line.
import { button, el, name } from "./dom.js";
import { KM_PER } from "./format.js";
import { MAX_DISTANCE_KM } from "./geodesy.js";

const SLIDER_STEPS = 1000;
const NAMED = 12;

// Sliders are finer where ranges are short: the square of the slider's share.
const toSlider = (km) => Math.round(Math.sqrt(km / MAX_DISTANCE_KM) * SLIDER_STEPS);
const fromSlider = (step) => Math.round(((step / SLIDER_STEPS) ** 2 * MAX_DISTANCE_KM) / 5) * 5;

/** The tab: `node`, `update(state, derived)`. `act` has addPoint, changePoint, removePoint, putBack, reset, measure. */
export function createWhatIf({ model, words, format, store, act }) {
  const list = el("div", {});
  const movedList = el("ul", { class: "rm-moved" });
  const movedSection = el("section", { hidden: true }, el("h2", {}, words.movedHeading), movedList);
  const none = el("p", { class: "rm-sub" }, words.whatIfNone);
  const measured = el("p", { role: "status" });
  const clear = button(words.measureClear, { onclick: () => store.set({ measure: [], tool: null }) });
  const drag = el("input", { type: "checkbox", id: "rm-drag-sites" });
  drag.addEventListener("change", () => store.set({ dragSites: drag.checked }));
  const reset = button(words.whatIfReset, { class: "rm-reset", onclick: () => act.reset() });
  const points = new Map();

  function numberField(label, className, valueNow, onValue, attributes) {
    const input = el("input", { type: "number", class: className, step: "any", ...attributes });
    input.addEventListener("change", () => {
      const value = Number(input.value);
      const problem = input.value.trim() === "" || !Number.isFinite(value) ? "?" : onValue(value);
      input.setCustomValidity(problem || "");
      if (problem) input.reportValidity();
    });
    // What was refused does not stay on the screen.
    input.addEventListener("blur", () => {
      if (input.validationMessage) input.value = valueNow();
      input.setCustomValidity("");
    });
    return { label: el("label", { class: "rm-field" }, el("span", {}, label), input), input };
  }

  function makePoint(id) {
    const now = () => store.get().own.find((point) => point.id === id);
    const change = (patch) => {
      const next = { ...now(), ...patch };
      if (Math.abs(next.lon) > 180 || Math.abs(next.lat) > 90) return words.badCoordinates;
      if (next.min < 0 || next.max <= next.min || next.max > MAX_DISTANCE_KM) {
        return words.badRange(format.distance(MAX_DISTANCE_KM));
      }
      act.changePoint(id, next);
      return "";
    };
    const title = words.pointName(id);
    const lat = numberField(words.pointLat, "rm-lat", () => now().lat, (value) => change({ lat: value }), { min: -90, max: 90 });
    const lon = numberField(words.pointLon, "rm-lon", () => now().lon, (value) => change({ lon: value }), { min: -180, max: 180 });
    const range = (key, label) => {
      const field = numberField(label, `rm-${key}`, () => Number(format.inUnits(now()[key]).toFixed(3)),
        (value) => change({ [key]: format.toKm(value) }), { min: 0 });
      const slider = el("input", { type: "range", min: 0, max: SLIDER_STEPS, step: 1, "aria-label": `${title}, ${label}`, class: `rm-${key}-slider` });
      slider.addEventListener("input", () => {
        const km = fromSlider(Number(slider.value));
        const { min, max } = now();
        if (key === "min") change({ min: Math.max(0, Math.min(km, max - 1)) });
        else change({ max: Math.min(MAX_DISTANCE_KM, Math.max(km, min + 1)) });
      });
      return { ...field, slider, key };
    };
    const min = range("min", words.pointMin);
    const max = range("max", words.pointMax);
    const found = el("p", { class: "rm-found", role: "status" });
    const reached = el("p", { class: "rm-sub" });
    const node = el("section", { class: "rm-point", "aria-label": title },
      el("div", { class: "rm-row" }, el("h2", {}, title),
        button("×", { class: "rm-remove", "aria-label": words.pointRemove(title), onclick: () => act.removePoint(id) })),
      el("div", { class: "rm-pair" }, lat.label, lon.label),
      [max, min].map((one) => el("div", { class: "rm-range" }, one.label, one.slider)),
      found, reached);
    return { node, lat, lon, min, max, found, reached };
  }

  function updatePoint(shown, point, state, derived) {
    const put = (input, value, digits) => {
      const text = String(Number(value.toFixed(digits)));
      if (document.activeElement !== input && input.value !== text) input.value = text;
    };
    put(shown.lat.input, point.lat, 5);
    put(shown.lon.input, point.lon, 5);
    for (const one of [shown.min, shown.max]) {
      put(one.input, point[one.key] / KM_PER[state.units], 3);
      one.label.firstChild.textContent = `${one.key === "min" ? words.pointMin : words.pointMax}, ${format.unit()}`;
      const step = String(toSlider(point[one.key]));
      if (document.activeElement !== one.slider || Math.abs(one.slider.value - step) > 3) one.slider.value = step;
      one.slider.setAttribute("aria-valuetext", format.range(point[one.key]));
    }
    const index = state.own.indexOf(point);
    const inside = derived.ownRows()
      .map((row, place) => ({ place, one: row.each.find((each) => each.index === index) }))
      .filter(({ one }) => one.inside)
      .sort((a, b) => a.one.km - b.one.km);
    shown.found.textContent = words.pointFound(inside.length, model.places.length);
    const names = inside.slice(0, NAMED).map(({ place, one }) => `${model.places[place].name} ${format.distance(one.km)}`);
    if (inside.length > NAMED) names.push(words.pointMore(inside.length - NAMED));
    shown.reached.replaceChildren(name(names.join("; ")));
  }

  const node = el("div", { class: "rm-sections" },
    el("section", {}, el("p", { class: "rm-lead" }, words.whatIfLead),
      el("p", { class: "rm-actions" }, button(words.whatIfAdd, { class: "rm-add", onclick: () => act.addPoint() }), reset),
      model.sites.length > 0 && el("label", { class: "rm-mode" }, drag, words.whatIfDrag), none),
    list, movedSection,
    el("section", {}, el("h2", {}, words.measureHeading),
      el("p", { class: "rm-actions" }, button(words.measureStart, { onclick: () => act.measure() }), clear), measured));

  return {
    node,
    update(state, derived) {
      const ids = new Set(state.own.map((point) => point.id));
      for (const [id, shown] of points) {
        if (ids.has(id)) continue;
        shown.node.remove();
        points.delete(id);
      }
      for (const point of state.own) {
        if (!points.has(point.id)) {
          points.set(point.id, makePoint(point.id));
          list.append(points.get(point.id).node);
        }
        updatePoint(points.get(point.id), point, state, derived);
      }
      drag.checked = state.dragSites;
      none.hidden = derived.isWhatIf;
      reset.disabled = !derived.isWhatIf;
      movedSection.hidden = state.moved.size === 0;
      movedList.replaceChildren(...[...state.moved].map(([site, at]) => {
        const { name: siteName, lon, lat } = model.sites[site];
        return el("li", {}, name(siteName), ": ", words.siteMovedTo(format.point(at), format.distance(format.km(at, [lon, lat]), 1)), " ",
          button(words.siteBack, { onclick: () => act.putBack(site) }));
      }));
      clear.disabled = !state.measure.length;
      const [a, b] = state.measure;
      const text = b ? `${format.point(a)} – ${format.point(b)}: ${words.measureResult(format.exact(a, b), format.azimuth(a, b))}` : "";
      if (measured.textContent !== text) measured.textContent = text;
    },
  };
}
