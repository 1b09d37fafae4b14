// The globe: a scene on a sphere seen from far away, on one canvas, turned by hand.
import { geoGraticule10, geoInterpolate } from "d3-geo";
import {
  drawLabels, drawSymbols, labelsOf, measurer, paintRanges, strokeLine, symbolsInView,
} from "./paint.js";
import {
  EARTH_KM, eachPoint, globeRadius, orthographicProjector, orthographicTracer, viewHolding, wrapped, zoomOf,
} from "./project.js";

const IDLE_MS = 150;
const FLIGHT_MS = 500;
const FINE_FROM_KM = 4; // per pixel: nearer, the fine world is shown when idle
const NEAREST_KM = 0.4; // per pixel
const SMALLEST = 0.3; // the globe's radius at the least, as a share of the shorter side
const SYMBOL_REACH = 12; // pixels
const FINGER_REACH = 20;
const LINE_REACH = 6;
const CLICK_MOVE = 4; // pixels: a press that moves less is a click
const HOVER_MS = 60;
const FRAMES_KEPT = 240;
const SLOW_MS = 24; // from one frame to the next
const SLOW_FRAMES = 3; // so many, and what moves is drawn with less detail
const ARROW_SHARE = 0.12; // of the shorter side, for one press of an arrow key
const WHEEL_PIXELS = 300; // for a factor of two
const GLIDE_MS = 180; // in which what is let go loses most of its speed
const FASTEST_GLIDE = 0.25; // degrees in a millisecond
const LABEL_MARGIN = 4;
const SAME_DEG = 0.02; // ends of coasts this near to each other are one point

// ---------------------------------------------------------------------------------------------
// The world, made ready for the sphere

function pairsOf(line) {
  const points = [];
  eachPoint(line, (lon, lat) => points.push([lon, lat]));
  return points;
}

// East and west of +-180 are one on the sphere.
const apart = (a, b) => Math.max(Math.abs(wrapped(a[0] - b[0])), Math.abs(a[1] - b[1]));
const isClosed = (points) => apart(points[0], points[points.length - 1]) < SAME_DEG;

// The open line that goes on nearest to an end, turned so that it starts there.
function nextLine(end, lines) {
  let best = null;
  for (const line of lines) {
    for (const points of [line, [...line].reverse()]) {
      const away = apart(end, points[0]);
      if (away < SAME_DEG && (!best || away < best.away)) best = { line, points, away };
    }
  }
  return best;
}

// So coasts cut at +-180 close to rings round whole islands, and that of Antarctica to one round
// the pole. Returns null if one does not.
function closedCoasts(coast) {
  const lines = coast.map(pairsOf);
  const rings = lines.filter(isClosed);
  const left = new Set(lines.filter((line) => !isClosed(line)));
  for (const first of left) {
    left.delete(first);
    const ring = [...first];
    while (!isClosed(ring)) {
      const next = nextLine(ring[ring.length - 1], left);
      if (!next) return null;
      left.delete(next.line);
      const shift = 360 * Math.round((ring[ring.length - 1][0] - next.points[0][0]) / 360);
      ring.push(...next.points.map(([lon, lat]) => [lon + shift, lat]));
    }
    rings.push(ring);
  }
  return rings;
}

const preparedWorlds = new WeakMap();

function onSphere(world) {
  if (!preparedWorlds.has(world)) {
    const closed = closedCoasts(world.coast);
    preparedWorlds.set(world, {
      land: closed || world.land.flat(),
      seams: closed ? [] : world.seams,
      lakes: world.lakes.flat(),
      borders: world.borders,
      disputed: world.disputed,
      coast: closed ? null : world.coast, // else it is the outline of the land
    });
  }
  return preparedWorlds.get(world);
}

let graticule = null;
function graticuleLines() {
  graticule = graticule || geoGraticule10().coordinates;
  return graticule;
}

// ---------------------------------------------------------------------------------------------
// Painting; also for saved pictures

function paintSphere(context, world, colors, tracer) {
  const { width, height } = tracer;
  context.fillStyle = colors.sea;
  context.fillRect(0, 0, width, height);
  const lines = (group) => (sink) => group.forEach((line) => tracer.line(sink, line));
  strokeLine(context, lines(graticuleLines()), { color: colors.graticule, width: 0.7 });
  if (!world) return;
  const { land, lakes, seams, borders, disputed, coast } = onSphere(world);
  const fill = (rings, color) => {
    const path = new Path2D();
    tracer.curves(path, rings, false);
    context.fillStyle = color;
    context.fill(path, "evenodd");
    return path;
  };
  const landPath = fill(land, colors.land);
  if (seams.length) strokeLine(context, lines(seams), { color: colors.land, width: 1 });
  fill(lakes, colors.sea);
  strokeLine(context, lines(borders), { color: colors.border, width: 0.8 });
  strokeLine(context, lines(disputed), { color: colors.land, width: 1.2 });
  strokeLine(context, lines(disputed), { color: colors.border, width: 1, dash: [3, 3] });
  if (coast) {
    strokeLine(context, lines(coast), { color: colors.coast, width: 0.8 });
  } else {
    // What of this path is no coast lies off the disc or off the picture.
    context.strokeStyle = colors.coast;
    context.lineWidth = 0.8;
    context.lineJoin = "round";
    context.setLineDash([]);
    context.stroke(landPath);
  }
}

// Takes away what lies off the disc, and draws its rim.
function cutDisc(context, { width, height, radius }, colors) {
  if (Math.hypot(width, height) / 2 < radius) return;
  context.save();
  context.beginPath();
  context.rect(-1, -1, width + 2, height + 2);
  context.arc(width / 2, height / 2, radius, 0, 2 * Math.PI);
  context.globalCompositeOperation = "destination-out";
  context.fillStyle = "#000";
  context.fill("evenodd");
  context.restore();
  context.beginPath();
  context.arc(width / 2, height / 2, radius, 0, 2 * Math.PI);
  context.strokeStyle = colors.coast;
  context.lineWidth = 1;
  context.setLineDash([]);
  context.stroke();
}

// A place's name may stand out over the rim, if its middle lies on the globe; others may not.
function onDisc({ width, height, radius }) {
  return ([left, top, right, bottom], kind) => {
    const x = Math.max(Math.abs(left - width / 2), Math.abs(right - width / 2));
    const y = Math.max(Math.abs(top - height / 2), Math.abs(bottom - height / 2));
    if (Math.hypot(x, y) < radius) return true;
    const middle = Math.hypot((left + right - width) / 2, (top + bottom - height) / 2);
    return (kind === "place" || kind === "site") && middle < radius - LABEL_MARGIN;
  };
}

/**
 * Paints the globe over all of a canvas that is `ratio` times width x height large and blank.
 * Returns {shown, labels}: see symbolsInView and placeLabels of paint.js.
 */
export function paintGlobe(context, {
  scene, world, names, view, width, height, ratio = 1, measure, kept = null, blocked, quick = false,
}) {
  const tracer = orthographicTracer(view, width, height);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  paintSphere(context, world, scene.colors, tracer);
  paintRanges(context, scene, tracer, { ratio, quick });
  cutDisc(context, tracer, scene.colors);
  const shown = symbolsInView(scene.symbols, tracer);
  drawSymbols(context, shown, ratio);
  const labels = labelsOf(scene, tracer, {
    shown, names, measure, zoom: zoomOf({ ...view, lat: 0 }), kept, blocked, inside: onDisc(tracer),
  });
  drawLabels(context, labels, scene.colors);
  return { shown, labels };
}

// ---------------------------------------------------------------------------------------------
// The globe as part of a page

// A sink that tells how near a path comes to a point, in pixels.
class Nearness {
  constructor(x, y) {
    this.x = x;
    this.y = y;
    this.best = Infinity;
  }

  moveTo(x, y) {
    this.lastX = x;
    this.lastY = y;
  }

  lineTo(x, y) {
    const dx = x - this.lastX;
    const dy = y - this.lastY;
    const square = dx * dx + dy * dy;
    const along = square ? ((this.x - this.lastX) * dx + (this.y - this.lastY) * dy) / square : 0;
    const share = Math.max(0, Math.min(1, along));
    const away = Math.hypot(this.lastX + share * dx - this.x, this.lastY + share * dy - this.y);
    if (away < this.best) this.best = away;
    this.lastX = x;
    this.lastY = y;
  }

  closePath() {}
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const ZOOM_KEYS = { "+": 1, "=": 1, "-": -1, _: -1 };

/**
 * A globe that fills the element `holder`. Views are {lon, lat, kmPerPixel}; callbacks are given
 * what a symbol or line of the scene has as `about`, [lon, lat], and {clientX, clientY}.
 */
export function createGlobe(holder, {
  words,
  still = false,
  onPick = () => {},
  onHover = () => {},
  onView = () => {},
  onBackground = () => {},
  onDrag = () => {},
}) {
  const canvas = holder.ownerDocument.createElement("canvas");
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "application");
  canvas.setAttribute("aria-label", words.globeName);
  Object.assign(canvas.style, {
    display: "block", position: "absolute", inset: "0", width: "100%", height: "100%", touchAction: "none",
    cursor: "grab",
  });
  holder.append(canvas);
  const context = canvas.getContext("2d");
  const measure = measurer(context);

  let scene = null;
  let worlds = { coarse: null, fine: null };
  let view = { lon: 15, lat: 35, kmPerPixel: 20 };
  let initial = null;
  let width = 0;
  let height = 0;
  let shown = [];
  let labels = [];
  let blocked = () => [];
  let interactive = true;
  let tool = false;
  let moving = false;
  let frame = 0;
  let idleTimer = 0;
  let flight = 0;
  let destroyed = false;
  let slow = 0;
  let changed = false;
  const frames = [];

  // ---- drawing

  const idleRatio = () => Math.min(2, window.devicePixelRatio || 1);
  const isSlow = () => slow >= SLOW_FRAMES;

  // The browser may paint long after the drawing is told: the next frame shows how long it took.
  function watchSpeed(started) {
    requestAnimationFrame(() => {
      if (performance.now() - started > SLOW_MS) slow = Math.min(2 * SLOW_FRAMES, slow + 1);
      else slow = Math.max(0, slow - 0.1);
    });
  }

  const projector = () => orthographicProjector(view, width, height);

  function worldNow() {
    const fine = view.kmPerPixel < FINE_FROM_KM && !(moving && isSlow());
    return (fine && worlds.fine) || worlds.coarse || worlds.fine;
  }

  function redraw() {
    cancelAnimationFrame(frame);
    frame = 0;
    if (destroyed || !scene || !width || !height) return;
    const started = performance.now();
    const ratio = moving && isSlow() ? 1 : idleRatio();
    const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (canvas.width !== wide || canvas.height !== high) {
      canvas.width = wide;
      canvas.height = high;
    } else {
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, wide, high);
    }
    const kept = moving ? new Map(labels.map(({ key, side }) => [key, side])) : null;
    const names = worlds.coarse?.names || worlds.fine?.names || [];
    const painted = paintGlobe(context, {
      scene, world: worldNow(), names, view, width, height, ratio, measure, kept,
      blocked: blocked(width, height),
      quick: moving,
    });
    shown = painted.shown;
    // While moving, the choice of the last rest holds, so that names do not flicker.
    if (!moving) labels = painted.labels;
    if (moving) watchSpeed(started);
    frames.push(performance.now() - started);
    if (frames.length > FRAMES_KEPT) frames.shift();
  }

  function tick() {
    frame = 0;
    if (changed) {
      changed = false;
      onView({ ...view }, "move");
    }
    redraw();
  }

  function request() {
    if (!frame) frame = requestAnimationFrame(tick);
  }

  function rest() {
    clearTimeout(idleTimer);
    idleTimer = 0;
    if (!moving || destroyed) return;
    moving = false;
    changed = false;
    request();
    onView({ ...view }, "end");
  }

  function limited(next) {
    const largest = EARTH_KM / (SMALLEST * Math.max(1, Math.min(width, height)));
    return {
      lon: wrapped(next.lon),
      lat: Math.max(-90, Math.min(90, next.lat)),
      kmPerPixel: Math.max(NEAREST_KM, width ? Math.min(largest, next.kmPerPixel) : next.kmPerPixel),
    };
  }

  function moveTo(next) {
    view = limited(next);
    moving = true;
    clearTimeout(idleTimer);
    idleTimer = setTimeout(rest, IDLE_MS);
    changed = true;
    request();
  }

  function stopFlight() {
    cancelAnimationFrame(flight);
    flight = 0;
  }

  // Calls step(share) from 0 to 1 in the time given.
  function animate(duration, step) {
    stopFlight();
    const started = performance.now();
    const next = (now) => {
      const share = Math.max(0, Math.min(1, (now - started) / duration));
      flight = share < 1 ? requestAnimationFrame(next) : 0;
      step(share);
    };
    flight = requestAnimationFrame(next);
  }

  function setView(next, { animate: animated = false, silent = false } = {}) {
    if (animated && !still) {
      flyTo(next);
      return;
    }
    stopFlight();
    clearTimeout(idleTimer);
    moving = false;
    changed = false;
    view = limited(next);
    initial = initial || { ...view };
    request();
    if (!silent) onView({ ...view }, "end");
  }

  function flyTo(next) {
    const to = limited(next);
    if (still) {
      setView(to);
      return;
    }
    const from = { ...view };
    const way = geoInterpolate([from.lon, from.lat], [to.lon, to.lat]);
    animate(FLIGHT_MS, (share) => {
      const eased = share * share * (3 - 2 * share);
      const [lon, lat] = share < 1 ? way(eased) : [to.lon, to.lat];
      moveTo({ lon, lat, kmPerPixel: from.kmPerPixel * (to.kmPerPixel / from.kmPerPixel) ** eased });
    });
  }

  // ---- what lies under the pointer

  function pixelOfEvent(event) {
    const box = canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }

  function nearestSymbol([x, y], wanted, reach = SYMBOL_REACH) {
    let best = null;
    for (const one of shown) {
      if (!wanted(one.symbol)) continue;
      const away = Math.hypot(one.x - x, one.y - y);
      if (away > Math.max(reach, one.symbol.size / 2)) continue;
      const place = one.symbol.kind === "place" ? 1 : 0;
      const better = !best || place < best.place || (place === best.place && away <= best.away);
      if (better) best = { ...one, away, place };
    }
    return best;
  }

  function nearestLine([x, y]) {
    const tracer = orthographicTracer(view, width, height);
    let best = null;
    for (const line of scene.lines) {
      if (!line.about) continue;
      const near = new Nearness(x, y);
      for (const one of line.lines) tracer.line(near, one);
      if (near.best <= LINE_REACH && (!best || near.best < best.away)) best = { line, away: near.best };
    }
    return best;
  }

  function under(pixel) {
    if (!scene) return null;
    const symbol = nearestSymbol(pixel, (one) => !one.quiet && one.about);
    if (symbol) {
      const { about, name, lon, lat } = symbol.symbol;
      return { about, name, lonlat: [lon, lat] };
    }
    const found = nearestLine(pixel);
    if (!found) return null;
    const { about, text } = found.line;
    return { about, name: text || "", lonlat: projector().fromPixel(pixel) };
  }

  const clientOf = ({ clientX, clientY }) => ({ clientX, clientY });

  function click(event) {
    const pixel = pixelOfEvent(event);
    const lonlat = projector().fromPixel(pixel);
    const found = tool ? null : under(pixel);
    if (found) onPick(found.about, found.lonlat || lonlat, clientOf(event));
    else if (lonlat) onBackground(lonlat, clientOf(event));
  }

  let hovered = null;
  let hoverTimer = 0;
  let hoverEvent = null;

  function hoverNow() {
    hoverTimer = 0;
    if (destroyed || !hoverEvent || moving) return;
    const pixel = pixelOfEvent(hoverEvent);
    const found = under(pixel);
    const grip = scene && nearestSymbol(pixel, (symbol) => symbol.drag);
    canvas.style.cursor = tool ? "crosshair" : grip ? "move" : found ? "pointer" : "grab";
    if (found || hovered) onHover(found && found.about, found ? found.name : "", clientOf(hoverEvent));
    hovered = found;
  }

  function hover(event) {
    hoverEvent = event;
    if (!hoverTimer) hoverTimer = setTimeout(hoverNow, HOVER_MS);
  }

  function leave() {
    hoverEvent = null;
    if (hovered) onHover(null, "", { clientX: 0, clientY: 0 });
    hovered = null;
  }

  // ---- pointers: one turns the globe or drags a symbol, two also zoom

  const pointers = new Map();
  let grip = null; // {held: [lon, lat] or null, from, distance, kmPerPixel, drag, moved, trail}

  function centreOfPointers() {
    const all = [...pointers.values()].map(pixelOfEvent);
    const middle = [0, 1].map((axis) => all.reduce((sum, point) => sum + point[axis], 0) / all.length);
    const distance = all.length > 1 ? Math.hypot(all[0][0] - all[1][0], all[0][1] - all[1][1]) : 0;
    return { middle, distance };
  }

  function takeHold() {
    const { middle, distance } = centreOfPointers();
    grip = {
      held: projector().fromPixel(middle),
      from: middle,
      distance,
      kmPerPixel: view.kmPerPixel,
      start: { ...view },
      drag: grip?.drag || null,
      moved: Boolean(grip?.moved),
      trail: [],
    };
  }

  function pointerDown(event) {
    if (!interactive || (event.pointerType === "mouse" && event.button !== 0)) return;
    stopFlight();
    canvas.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, event);
    if (pointers.size > 2) return;
    takeHold();
    if (pointers.size === 1) {
      const reach = event.pointerType === "touch" ? FINGER_REACH : SYMBOL_REACH;
      const found = scene && nearestSymbol(pixelOfEvent(event), (symbol) => symbol.drag, reach);
      grip.drag = found ? found.symbol.drag : null;
    } else {
      grip.drag = null;
      grip.moved = true;
    }
  }

  // Off the globe, or if nothing is held, the globe turns as the pointer moves.
  function turned(from, to, start) {
    const degrees = (180 / Math.PI) / globeRadius(start);
    const flat = Math.max(0.2, Math.cos((start.lat * Math.PI) / 180));
    const lon = start.lon - ((to[0] - from[0]) * degrees) / flat;
    return { ...start, lon, lat: start.lat + (to[1] - from[1]) * degrees };
  }

  function pointerMove(event) {
    if (!pointers.has(event.pointerId)) {
      if (interactive && event.pointerType === "mouse") hover(event);
      return;
    }
    pointers.set(event.pointerId, event);
    if (!grip || pointers.size > 2) return;
    const { middle, distance } = centreOfPointers();
    if (!grip.moved && Math.hypot(middle[0] - grip.from[0], middle[1] - grip.from[1]) < CLICK_MOVE) return;
    if (!grip.moved) leave();
    grip.moved = true;
    if (grip.drag) {
      const lonlat = projector().fromPixel(middle);
      if (lonlat) grip.last = lonlat;
      if (lonlat) onDrag(grip.drag, lonlat, "move");
      return;
    }
    canvas.style.cursor = "grabbing";
    const zoomed = distance && grip.distance ? (grip.kmPerPixel * grip.distance) / distance : view.kmPerPixel;
    const next = limited({ ...view, kmPerPixel: zoomed });
    moveTo(grip.held ? viewHolding(next, grip.held, middle, width, height) : {
      ...turned(grip.from, middle, grip.start), kmPerPixel: next.kmPerPixel,
    });
    grip.trail.push({ at: performance.now(), ...view });
    if (grip.trail.length > 6) grip.trail.shift();
  }

  function glide(trail) {
    const last = trail[trail.length - 1];
    const first = trail.find(({ at }) => last && last.at - at < 100);
    if (still || !first || first === last || performance.now() - last.at > 50) return;
    const time = Math.max(1, last.at - first.at);
    const speed = (change) => Math.max(-FASTEST_GLIDE, Math.min(FASTEST_GLIDE, change / time));
    const east = speed(wrapped(last.lon - first.lon));
    const north = speed(last.lat - first.lat);
    const start = { ...view };
    animate(GLIDE_MS * 3, (share) => {
      const way = GLIDE_MS * (1 - Math.exp(-3 * share));
      moveTo({ ...start, lon: start.lon + east * way, lat: start.lat + north * way });
    });
  }

  function pointerUp(event) {
    if (!pointers.delete(event.pointerId) || !grip) return;
    if (pointers.size) {
      takeHold();
      return;
    }
    const { drag, moved, trail, last } = grip;
    grip = null;
    canvas.style.cursor = tool ? "crosshair" : "grab";
    if (drag && moved) {
      if (last) onDrag(drag, last, "end");
    } else if (!moved) {
      if (event.type === "pointerup") click(event);
    } else {
      glide(trail);
    }
  }

  // ---- zoom and keys

  function zoomAt(pixel, factor) {
    const held = projector().fromPixel(pixel);
    const next = limited({ ...view, kmPerPixel: view.kmPerPixel / factor });
    moveTo(held ? viewHolding(next, held, pixel, width, height) : next);
  }

  function wheel(event) {
    if (!interactive) return;
    event.preventDefault();
    stopFlight();
    const lines = event.deltaMode === 1 ? 20 : event.deltaMode === 2 ? 400 : 1;
    const pixels = Math.max(-240, Math.min(240, event.deltaY * lines));
    zoomAt(pixelOfEvent(event), 2 ** (-pixels / (event.ctrlKey ? WHEEL_PIXELS / 4 : WHEEL_PIXELS)));
  }

  function doubleClick(event) {
    if (!interactive || tool) return;
    const pixel = pixelOfEvent(event);
    if (under(pixel)) return;
    zoomAt(pixel, event.shiftKey ? 0.5 : 2);
  }

  function zoomBy(steps) {
    const to = { ...view, kmPerPixel: view.kmPerPixel / 2 ** steps };
    if (still) moveTo(to);
    else flyTo(to);
  }

  function key(event) {
    if (!interactive || event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    const zoom = ZOOM_KEYS[event.key];
    if (arrow) {
      stopFlight();
      const way = (ARROW_SHARE * Math.min(width, height)) / globeRadius(view);
      const step = Math.min(30, way * (180 / Math.PI));
      const flat = Math.max(0.25, Math.cos((view.lat * Math.PI) / 180));
      moveTo({ ...view, lon: view.lon + (arrow[0] * step) / flat, lat: view.lat + arrow[1] * step });
    } else if (zoom) {
      stopFlight();
      moveTo({ ...view, kmPerPixel: view.kmPerPixel / 2 ** (zoom / 2) });
    } else if (event.key === "Home" && initial) {
      flyTo(initial);
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  // ---- life

  function resize() {
    const before = width;
    width = holder.clientWidth;
    height = holder.clientHeight;
    if (!before && width) view = limited(view);
    redraw(); // at once, since a new size blanks a canvas
  }

  const observer = new ResizeObserver(resize);
  observer.observe(holder);
  const listeners = {
    pointerdown: pointerDown,
    pointermove: pointerMove,
    pointerup: pointerUp,
    pointercancel: pointerUp,
    pointerleave: leave,
    wheel,
    dblclick: doubleClick,
    keydown: key,
  };
  for (const [type, listener] of Object.entries(listeners)) {
    canvas.addEventListener(type, listener, type === "wheel" ? { passive: false } : undefined);
  }
  resize();

  return {
    canvas,
    setScene(next) {
      scene = next;
      request();
    },
    /** Worlds as world.js decodes them; `fine` may come later. */
    setWorlds(next) {
      worlds = { ...worlds, ...next };
      request();
    },
    setView,
    flyTo,
    zoomBy,
    /** What the Home key goes back to; else it is the first view set. */
    setHome(next) {
      initial = { ...next };
    },
    view: () => ({ ...view }),
    isMoving: () => moving,
    resize,
    redraw,
    /** Pixels of the holder, or null behind the horizon. */
    pixelOf: (lonlat) => projector().toPixel(lonlat),
    lonLatOf: (pixel) => projector().fromPixel(pixel),
    labels: () => labels,
    focus: () => canvas.focus(),
    setInteractive(on) {
      interactive = on;
      canvas.tabIndex = on ? 0 : -1;
    },
    /** With a tool in hand every click is one on the background. */
    setTool(next) {
      tool = Boolean(next);
      canvas.style.cursor = tool ? "crosshair" : "grab";
    },
    /** (width, height) -> boxes [left, top, right, bottom] where no label may stand. */
    setBlocked(next) {
      blocked = next;
      request();
    },
    /** How long the last frames took to draw, ms. */
    frameTimes: () => frames.slice(),
    destroy() {
      destroyed = true;
      cancelAnimationFrame(frame);
      stopFlight();
      clearTimeout(idleTimer);
      clearTimeout(hoverTimer);
      observer.disconnect();
      canvas.remove();
    },
  };
}
