// Numbers and distances for readers, in the units they chose.
import { inverse } from "./geodesy.js";

export const KM_PER = { km: 1, mi: 1.609344, nmi: 1.852 };

/** Formatting for a language; `units()` gives the unit of the moment. */
export function createFormat(words, units) {
  const number = (value, digits = 0) =>
    value.toLocaleString(words.locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const inUnits = (km) => km / KM_PER[units()];
  const unit = () => words.unitShort[units()];
  const distance = (km, digits = 0) => `${number(inUnits(km), digits)} ${unit()}`;
  /** Small ranges keep what digits they have: 0.5 km is not 1 km. */
  const range = (km) => {
    const value = inUnits(km);
    const digits = value >= 100 || Number.isInteger(value) ? 0 : value >= 1 ? 1 : 3;
    return `${number(value, digits)} ${unit()}`;
  };
  const point = ([lon, lat]) =>
    `${number(Math.abs(lat), 3)}° ${lat < 0 ? "S" : "N"}, ${number(Math.abs(lon), 3)}° ${lon < 0 ? "W" : "E"}`;
  const exact = (a, b) => {
    const { km } = inverse(...a, ...b);
    return distance(km, units() === "km" ? 3 : 4);
  };
  const azimuth = (a, b) => {
    const degrees = (inverse(...a, ...b).azimuth1 + 360) % 360;
    return `${number(degrees, 1)}°`;
  };
  const km = (a, b) => inverse(...a, ...b).km;
  return { km, number, distance, range, point, exact, azimuth, inUnits, toKm: (value) => value * KM_PER[units()], unit };
}
