// Range bands and footprints as Leaflet layers.
//
// A region on the cylinder of endless worlds is bounded by loops (closed lines) and belts (lines
// once round the Earth). It is what an odd number of them enclose, where a belt encloses all that
// lies north of it; `inverted` turns inside and outside about. One polygon with the even-odd
// rule fills it; only the true lines are stroked, so there is no seam at +-180 or at a pole.
rangemap.regions = (() => {
  const COPIES = [-2, -1, 0, 1, 2];
  const SEEN = 400; // degrees of longitude that can come into view on either side
  const TOP = 89; // Leaflet brings latitudes beyond 85.0511 back to it

  const DASH = { inner: "7 5", disputed: "12 4 2 4", alleged: "2 5", edge: "1 4" };

  function decode(numbers, scale) {
    const points = [];
    let lon = 0;
    let lat = 0;
    for (let i = 0; i < numbers.length; i += 2) {
      lon += numbers[i];
      lat += numbers[i + 1];
      points.push([lon / scale, lat / scale]);
    }
    return points;
  }

  // The data holds the eastern half of a ring, relative to the site; the west mirrors it.
  function ofRing(ring, siteLon, scale) {
    const half = decode(ring.half, scale);
    const far = ring.poles === "both" ? 360 : 0;
    const west = half.slice(0, -1).reverse().map(([lon, lat]) => [far - lon, lat]);
    const line = half.concat(west).map(([lon, lat]) => [siteLon + lon, lat]);
    const belt = ring.poles === "north" || ring.poles === "south";
    return {
      loops: belt ? [] : [line],
      belts: belt ? [line] : [],
      inverted: ring.poles === "south" || ring.poles === "both",
    };
  }

  const ofFootprint = (region, scale) => ({
    loops: region.loops.map((line) => decode(line, scale)),
    belts: region.belts.map((line) => decode(line, scale)),
    inverted: region.inverted,
  });

  // What lies in one of two regions and not in both: a band, if the second lies in the first.
  const between = (outer, inner) => ({
    loops: outer.loops.concat(inner.loops),
    belts: outer.belts.concat(inner.belts),
    inverted: outer.inverted !== inner.inverted,
  });

  const moved = (line, turns) => line.map(([lon, lat]) => [lat, lon + 360 * turns]);

  function loopCopies(line) {
    const lons = line.map((point) => point[0]);
    const west = Math.min(...lons);
    const east = Math.max(...lons);
    return COPIES.filter((k) => east + 360 * k > -SEEN && west + 360 * k < SEEN).map((k) =>
      moved(line, k),
    );
  }

  // All copies of a belt are one line, so that dashes and joins run on.
  function beltLine(line) {
    const eastward = line[0][0] < line[line.length - 1][0] ? line : line.slice().reverse();
    return COPIES.flatMap((k) => moved(eastward, k).slice(k === COPIES[0] ? 0 : 1));
  }

  const lines = (region) => region.loops.flatMap(loopCopies).concat(region.belts.map(beltLine));

  function fillRings(region) {
    const rings = region.loops.flatMap(loopCopies);
    for (const belt of region.belts.map(beltLine)) {
      rings.push(belt.concat([[TOP, belt[belt.length - 1][1]], [TOP, belt[0][1]]]));
    }
    if (region.inverted) rings.push([[-TOP, -900], [-TOP, 900], [TOP, 900], [TOP, -900]]);
    return rings;
  }

  // Leaflet rounds to whole pixels, which makes a large ring a staircase.
  const unrounded = {
    _projectLatlngs(latlngs, result, bounds) {
      if (!(latlngs[0] instanceof L.LatLng)) {
        latlngs.forEach((part) => this._projectLatlngs(part, result, bounds));
        return;
      }
      const origin = this._map.getPixelOrigin();
      const ring = latlngs.map((latlng) => {
        const point = this._map.project(latlng)._subtract(origin);
        point.x = Math.round(point.x * 10) / 10;
        point.y = Math.round(point.y * 10) / 10;
        bounds.extend(point);
        return point;
      });
      result.push(ring);
    },
  };
  const Area = L.Polygon.extend(unrounded);
  const Line = L.Polyline.extend(unrounded);

  // A hole of a footprint is wound the other way; its edge is a minimum range.
  function isHole(line) {
    let twice = 0;
    for (let i = 1; i < line.length; i += 1) {
      twice += line[i - 1][0] * line[i][1] - line[i][0] * line[i - 1][1];
    }
    return twice < 0;
  }

  function splitFootprint(region) {
    // All but the whole Earth less a hole: the hole's edge is then the maximum range.
    if (region.inverted && !region.belts.length) return { outer: region, inner: null };
    return {
      outer: { ...region, loops: region.loops.filter((line) => !isHole(line)) },
      inner: { loops: region.loops.filter(isHole), belts: [], inverted: false },
    };
  }

  // Returns a layer group: fill, edges, and a wide unseen line to point at.
  function layer({ whole, outer, inner }, look, about) {
    const shared = { smoothFactor: 0, interactive: false };
    const fill = new Area(fillRings(whole), {
      ...shared, pane: "rm-fills", stroke: false, fillColor: look.color, fillOpacity: look.fill,
      fillRule: "evenodd",
    });
    const parts = look.fill === null ? [] : [fill];
    const outerLines = lines(outer);
    const innerLines = inner ? lines(inner) : [];
    const edge = { ...shared, pane: "rm-lines", color: look.color, fill: false };
    if (outerLines.length) {
      parts.push(new Line(outerLines, {
        ...edge, weight: look.weight, opacity: look.opacity, dashArray: DASH[look.line] || null,
      }));
    }
    if (innerLines.length) {
      parts.push(new Line(innerLines, {
        ...edge, weight: Math.min(look.weight, 1.5), opacity: look.opacity,
        dashArray: DASH[look.line] || DASH.inner,
      }));
    }
    const hit = new Line(outerLines.concat(innerLines), {
      ...edge, interactive: true, weight: 12, opacity: 0, className: "rm-hit",
    });
    hit.bindTooltip(about.tooltip, { sticky: true, className: "rm-tip" });
    rangemap.popups.attach(hit, about.popup);
    parts.push(hit);
    return { group: L.layerGroup(parts), fill, lines: outerLines };
  }

  function ofBand(data, band) {
    const site = data.sites[band.site];
    const outer = ofRing(data.rings[band.outer], site.lon, data.scale);
    if (band.inner === null) return { whole: outer, outer, inner: null };
    const inner = ofRing(data.rings[band.inner], site.lon, data.scale);
    return { whole: between(outer, inner), outer, inner };
  }

  function ofTogether(data, together) {
    const whole = ofFootprint(together, data.scale);
    return { whole, ...splitFootprint(whole) };
  }

  function edge(data, region, color) {
    return new Line(lines(ofFootprint(region, data.scale)), {
      smoothFactor: 0, interactive: false, pane: "rm-lines", color, fill: false, weight: 1,
      opacity: 0.7, dashArray: DASH.edge,
    });
  }

  return { layer, ofBand, ofTogether, edge, DASH };
})();
