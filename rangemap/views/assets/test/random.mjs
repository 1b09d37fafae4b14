// Random numbers and places for tests, the same in every run.
export function randomNumbers(seed) {
  let state = seed * 7919 + 1;
  for (let i = 0; i < 10; i += 1) state = (state * 48271) % 2147483647;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/** A point: half anywhere, half on or near the date line, a pole or the equator. */
export function anywhere(random) {
  const lon = random() * 360 - 180;
  const lat = (Math.asin(2 * random() - 1) * 180) / Math.PI;
  const off = 10 ** (-8 * random());
  const kind = Math.floor(random() * 12);
  if (kind === 0) return [180 - off, lat];
  if (kind === 1) return [-180, lat];
  if (kind === 2) return [lon, (90 - off) * Math.sign(lat)];
  if (kind === 3) return [lon, 90 * Math.sign(lat)];
  if (kind === 4) return [lon, 0];
  if (kind === 5) return [-180 + off, off];
  return [lon, lat];
}
