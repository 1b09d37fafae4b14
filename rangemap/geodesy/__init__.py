"""Geodesics, range rings and bands on the WGS 84 ellipsoid; knows no table and no file.

All coordinates are degrees in EPSG:4326, longitude first; all distances are kilometres
unless a name says otherwise.
"""

from rangemap.geodesy._validation import MAX_DISTANCE_KM
from rangemap.geodesy.certificate import BufferCertificate, certify
from rangemap.geodesy.faces import OverlapFaces, overlap_counts
from rangemap.geodesy.flight import (
    ILLUSTRATIVE,
    MinimumEnergyTrajectory,
    cruise_flight_time_s,
    minimum_energy_flight_time_s,
    minimum_energy_trajectory,
    rotation_shift_km,
)
from rangemap.geodesy.overlay import (
    area_km2,
    difference,
    footprint,
    intersection,
    symmetric_difference,
)
from rangemap.geodesy.paths import geodesic_path
from rangemap.geodesy.reach import (
    NearestSites,
    ReachCounts,
    distance_matrix_km,
    in_range,
    margins_km,
    nearest_sites,
    reach_counts,
)
from rangemap.geodesy.rings import (
    UnwrappedRing,
    band_polygon,
    band_polygons,
    ring_outline,
    ring_outlines,
    ring_polygon,
    ring_polygons,
    unwrapped_ring,
)
from rangemap.geodesy.shares import AreaShares, MeasuredAreas, area_shares
from rangemap.geodesy.territory import (
    buffer,
    buffers,
    territory_band,
    territory_distance_km,
)
from rangemap.geodesy.wgs84 import arrival_azimuth_deg, azimuth_deg, destination, distance_km

__all__ = [
    "ILLUSTRATIVE",
    "MAX_DISTANCE_KM",
    "AreaShares",
    "BufferCertificate",
    "MeasuredAreas",
    "MinimumEnergyTrajectory",
    "NearestSites",
    "OverlapFaces",
    "ReachCounts",
    "UnwrappedRing",
    "area_km2",
    "area_shares",
    "arrival_azimuth_deg",
    "azimuth_deg",
    "band_polygon",
    "band_polygons",
    "buffer",
    "buffers",
    "certify",
    "cruise_flight_time_s",
    "destination",
    "difference",
    "distance_km",
    "distance_matrix_km",
    "footprint",
    "geodesic_path",
    "in_range",
    "intersection",
    "margins_km",
    "minimum_energy_flight_time_s",
    "minimum_energy_trajectory",
    "nearest_sites",
    "overlap_counts",
    "reach_counts",
    "ring_outline",
    "ring_outlines",
    "ring_polygon",
    "ring_polygons",
    "rotation_shift_km",
    "symmetric_difference",
    "territory_band",
    "territory_distance_km",
    "unwrapped_ring",
]
