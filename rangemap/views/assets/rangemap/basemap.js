// Land, lakes and borders, drawn on canvas tiles. Leaflet repeats tiles east and west without
// end, and a tile's edge falls on +-180, so that the world has no seam there.
rangemap.basemap = (() => {
  const TILE = 512;
  const FINE_FROM_ZOOM = 4;
  const OVERLAP = 1; // pixels drawn beyond a tile's edge, so that scaled tiles leave no gap
  const LIMIT = 85.05112878; // degrees: where Web Mercator ends
  const TOO_NEAR = 0.4; // pixels: a vertex this near to the last one drawn adds nothing

  const mercatorX = (lon) => (lon + 180) / 360;
  const mercatorY = (lat) => {
    const sine = Math.sin((Math.max(-LIMIT, Math.min(LIMIT, lat)) * Math.PI) / 180);
    return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
  };

  // A line in units of the world's width, with its box, so that a tile can pass it by.
  function unitLine(points) {
    const xy = new Float64Array(points.length * 2);
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    points.forEach(([lon, lat], index) => {
      const x = mercatorX(lon);
      const y = mercatorY(lat);
      xy[2 * index] = x;
      xy[2 * index + 1] = y;
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    });
    return { xy, box };
  }

  // Where a country is cut at +-180 or ends at a pole there is no coast to draw.
  const onFrame = (a, b) =>
    (Math.abs(a[0]) > 179.9999 && Math.abs(b[0]) > 179.9999) || (a[1] < -LIMIT && b[1] < -LIMIT);

  function withoutFrame(lines) {
    const runs = [];
    for (const line of lines) {
      let run = [line[0]];
      for (let i = 1; i < line.length; i += 1) {
        if (onFrame(line[i - 1], line[i])) {
          if (run.length > 1) runs.push(run);
          run = [];
        }
        run.push(line[i]);
      }
      if (run.length > 1) runs.push(run);
    }
    return runs.map(unitLine);
  }

  function polygons(collection) {
    return collection.features.flatMap(({ geometry }) => {
      const parts = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
      return parts.map((rings) => {
        const lines = rings.map(unitLine);
        return { rings: lines, box: lines[0].box };
      });
    });
  }

  function decode(world) {
    const { countries, lakes, disputed } = world.objects;
    const mesh = (object, keep) => topojson.mesh(world, object, keep).coordinates;
    return {
      land: polygons(topojson.feature(world, countries)),
      lakes: polygons(topojson.feature(world, lakes)),
      coast: withoutFrame(mesh(countries, (a, b) => a === b)),
      borders: withoutFrame(mesh(countries, (a, b) => a !== b)),
      disputed: withoutFrame(mesh(disputed)),
    };
  }

  // Draws one tile: `left`, `top` is its corner and `size` the world's width, in pixels.
  function paint(context, layers, colors, left, top, size) {
    const span = TILE + OVERLAP;
    const pad = 4;

    function trace(line, shift, close) {
      const { xy } = line;
      const last = xy.length - 2;
      let px = 0;
      let py = 0;
      for (let i = 0; i <= last; i += 2) {
        const x = (xy[i] + shift) * size - left;
        const y = xy[i + 1] * size - top;
        if (i === 0) {
          context.moveTo(x, y);
        } else if (i === last || Math.abs(x - px) > TOO_NEAR || Math.abs(y - py) > TOO_NEAR) {
          context.lineTo(x, y);
        } else {
          continue;
        }
        px = x;
        py = y;
      }
      if (close) context.closePath();
    }

    function draw(items, each) {
      context.beginPath();
      for (const item of items) {
        for (let shift = -1; shift <= 1; shift += 1) {
          const seen =
            (item.box[2] + shift) * size - left > -pad &&
            (item.box[0] + shift) * size - left < span + pad &&
            item.box[3] * size - top > -pad &&
            item.box[1] * size - top < span + pad;
          if (seen) each(item, shift);
        }
      }
    }

    const area = (polygon, shift) => polygon.rings.forEach((ring) => trace(ring, shift, true));
    const line = (item, shift) => trace(item, shift, false);
    function stroke(items, color, width, dash) {
      draw(items, line);
      context.setLineDash(dash);
      context.strokeStyle = color;
      context.lineWidth = width;
      context.stroke();
    }

    // One path for all countries: shared borders then leave no hairline of sea.
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

  const Layer = L.GridLayer.extend({
    options: { tileSize: TILE, pane: "rm-world", keepBuffer: 1, updateWhenZooming: false },

    initialize(coarse, fine, colors) {
      L.GridLayer.prototype.initialize.call(this, {});
      this._sources = { coarse, fine };
      this._layers = {};
      this._colors = colors;
    },

    // The fine world is decoded when it is first looked at closely.
    _world(zoom) {
      const which = zoom >= FINE_FROM_ZOOM ? "fine" : "coarse";
      if (!this._layers[which]) this._layers[which] = decode(this._sources[which]());
      return this._layers[which];
    },

    createTile(coords) {
      const ratio = Math.min(3, (window.devicePixelRatio || 1) * 1.25);
      const tile = document.createElement("canvas");
      tile.width = tile.height = Math.ceil((TILE + OVERLAP) * ratio);
      const context = tile.getContext("2d");
      context.scale(ratio, ratio);
      const size = 256 * 2 ** coords.z;
      paint(context, this._world(coords.z), this._colors, coords.x * TILE, coords.y * TILE, size);
      return tile;
    },

    _initTile(tile) {
      L.GridLayer.prototype._initTile.call(this, tile);
      tile.style.width = tile.style.height = `${TILE + OVERLAP}px`;
      // It is painted already: show it now, not after the next frame.
      tile.classList.add("leaflet-tile-loaded");
    },
  });

  return (coarse, fine, colors) => new Layer(coarse, fine, colors);
})();
