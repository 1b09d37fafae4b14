// The endless Mercator world on a canvas: land, lakes and borders. Tiles of the map and saved
// pictures are painted by the same lines.
import { mercatorX, mercatorY } from "./project.js";

const TOO_NEAR = 0.4; // pixels: a vertex this near to the last one drawn adds nothing
const PAD = 4;

// A line in units of the world's width, with its box, so that a tile can pass it by.
function unitLine(flat) {
  const xy = new Float64Array(flat.length);
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let i = 0; i < flat.length; i += 2) {
    const x = mercatorX(flat[i]);
    const y = mercatorY(flat[i + 1]);
    xy[i] = x;
    xy[i + 1] = y;
    if (x < box[0]) box[0] = x;
    if (y < box[1]) box[1] = y;
    if (x > box[2]) box[2] = x;
    if (y > box[3]) box[3] = y;
  }
  return { xy, box };
}

function unitArea(rings) {
  const lines = rings.map(unitLine);
  return { rings: lines, box: lines[0].box };
}

const prepared = new WeakMap();

function unitWorld(world) {
  if (!prepared.has(world)) {
    prepared.set(world, {
      land: world.land.map(unitArea),
      lakes: world.lakes.map(unitArea),
      coast: world.coast.map(unitLine),
      borders: world.borders.map(unitLine),
      disputed: world.disputed.map(unitLine),
    });
  }
  return prepared.get(world);
}

/**
 * Paint the world. `left`, `top` is the corner of what is painted and `size` the world's width, in
 * pixels; `width`, `height` how much is painted from there.
 */
export function paintWorld(context, world, colors, { left, top, size, width, height }) {
  const layers = unitWorld(world);
  const first = Math.floor(left / size) - 1;
  const last = Math.floor((left + width) / size) + 1;

  function trace({ xy }, shift, close) {
    const end = xy.length - 2;
    let px = 0;
    let py = 0;
    for (let i = 0; i <= end; i += 2) {
      const x = (xy[i] + shift) * size - left;
      const y = xy[i + 1] * size - top;
      if (i === 0) context.moveTo(x, y);
      else if (i === end || Math.abs(x - px) > TOO_NEAR || Math.abs(y - py) > TOO_NEAR) context.lineTo(x, y);
      else continue;
      px = x;
      py = y;
    }
    if (close) context.closePath();
  }

  function draw(items, each) {
    context.beginPath();
    for (const item of items) {
      for (let shift = first; shift <= last; shift += 1) {
        const seen =
          (item.box[2] + shift) * size - left > -PAD &&
          (item.box[0] + shift) * size - left < width + PAD &&
          item.box[3] * size - top > -PAD &&
          item.box[1] * size - top < height + PAD;
        if (seen) each(item, shift);
      }
    }
  }

  const area = (item, shift) => item.rings.forEach((ring) => trace(ring, shift, true));
  const line = (item, shift) => trace(item, shift, false);
  function stroke(items, color, lineWidth, dash) {
    draw(items, line);
    context.setLineDash(dash);
    context.strokeStyle = color;
    context.lineWidth = lineWidth;
    context.stroke();
    context.setLineDash([]);
  }

  // One path for all land: neighbours then leave no hairline of sea.
  draw(layers.land, area);
  context.fillStyle = colors.land;
  context.fill();
  draw(layers.lakes, area);
  context.fillStyle = colors.sea;
  context.fill();
  context.lineJoin = "round";
  stroke(layers.borders, colors.border, 0.8, []);
  stroke(layers.disputed, colors.land, 1.2, []);
  stroke(layers.disputed, colors.border, 1, [3, 3]);
  stroke(layers.coast, colors.coast, 0.8, []);
}
