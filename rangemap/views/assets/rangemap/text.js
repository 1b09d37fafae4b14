"use strict";

// All words that the page itself says, in one place. Names, notes and findings come with the data.
// The scripts of this folder are put into the page one after the other, in one element.

var rangemap = {};

rangemap.text = {
  km: (value) => `${Math.round(value).toLocaleString("en-GB")} km`,
  number: (value) => value.toLocaleString("en-GB"),

  capitalsHeading: "Capitals as seen from",
  placesHeading: "Places as seen from",
  rangesHeading: "Ranges on the map",
  keyHeading: "Lines and sites",
  findingsHeading: "Findings in words",
  caveatsHeading: "How to read this map",
  searchLabel: "Find a capital or a launch site",
  searchNothing: "Nothing of that name",
  panelHide: "Hide panel",
  panelShow: "Show panel",
  panelMore: "Legend, switches and notes",
  panelLess: "Show the map",
  mapName: "Map. Arrow keys move it, plus and minus zoom.",
  motto: "In range does not mean targeted, hit or undefended.",
  libraries: "Leaflet",

  togetherOf: (count) => `All ${count} sites together`,
  openGroup: (name) => `Show what is in ${name}`,

  keyOuter: "outer edge: maximum range",
  keyInner: "inner edge: minimum range, or 500 km",
  keyDisputed: "disputed: one side’s figure",
  keyAlleged: "alleged: a capability that the owner denies",

  zoneOf: {
    "within-500": "within 500 km of a site",
    "banned-band-only": "in the banned band only",
    "beyond-5500": "beyond 5,500 km of every site",
    "own-side": "its own capital, not counted",
    inside: "inside a range under every estimate",
    marginal: "marginal",
    outside: "outside every range",
  },
  placeNearest: (site, km) => `nearest site ${site}, ${km}`,
  placeSites: (count) =>
    count === 0 ? "no site has it in the band"
    : count === 1 ? "1 site has it in the band" : `${count} sites have it in the band`,
  placeRanges: (labels) => `in the range of: ${labels}`,
  placeMaybe: (labels) => `marginally in the range of: ${labels}`,
  hangsOn: (what) => `hangs on: ${what}`,
  marginalZone: "marginal: hangs on where within its precision a site is",
  marginalCount: "of these marginal: hangs on where within its precision a site is",
  edges: "Lowest and highest estimate",
  keyEdges: "lowest and highest estimate of a range",
  placeNoRanges: "in no system’s own range",
  placePopulation: (count) => `Population of the country (not of the city): ${count}`,
  placeNoZones: "No treaty band is drawn, so there are no zones.",
  comparedLead: (low, high) => `In the banned range, ${low} to ${high}, of`,
  categoryLine: (compared, label) => `${compared}: ${label}`,

  siteOf: (coalition) => `Launch site, ${coalition}`,
  sitePrecision: (km) => `Placed within about ${km}`,
  siteExact: "Coordinates as given",
  siteRanges: "Ranges drawn",
  siteOperator: "Operator",
  siteKind: "Kind",
  sitePlace: "Position",
  siteConfidence: "Confidence",
  saidBy: (who) => `figure: ${who}`,
  spread: (low, high) => `published: ${low} to ${high}`,
  disputed: "disputed",
  alleged: "alleged",
  evidence: (confidence, evidence) =>
    confidence ? `${confidence} confidence, sources ${evidence}` : `sources ${evidence}`,
  sources: "Sources",
  noSources: "No source: given in the scenario.",
  bandOf: (site) => `from ${site}`,
  bandTogether: (count) => `from any of ${count} sites`,
  close: "Close",
};
