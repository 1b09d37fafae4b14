"""Distances and areas for readers, in kilometres, statute miles or nautical miles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rangemap.errors import ArgumentError, near_name

__all__ = ["KM", "UNITS", "Units", "units_of"]


@dataclass(frozen=True)
class Units:
    """A unit of length.

    Attributes
    ----------
    name : str
        "km", "mi" or "nmi", as written behind numbers.
    long : str
        The unit in words, in the plural.
    km : float
        Its length, exactly.
    """

    name: str
    long: str
    km: float

    def of(self, distance_km: float) -> float:
        """Return a distance in this unit.

        Examples
        --------
        >>> round(UNITS["mi"].of(5500), 1)
        3417.5
        """
        return distance_km / self.km

    def text(self, distance_km: float) -> str:
        """Return a distance for readers; what is not given in this unit is rounded to a whole.

        Examples
        --------
        >>> KM.text(1234.5), UNITS["mi"].text(5500), UNITS["nmi"].text(0.5)
        ('1,234.5 km', '3,418 mi', '0.27 nmi')
        """
        value = self.of(distance_km)
        if self.km == 1:
            number = f"{value:,.3f}".rstrip("0").rstrip(".")
        else:
            number = f"{value:,.0f}" if value >= 10 else f"{value:,.2g}"
        return f"{number} {self.name}"

    def fixed(self, distance_km: float) -> str:
        """Return a distance that a text defines in km, such as the treaty's, and what it is here.

        Examples
        --------
        >>> KM.fixed(500), UNITS["mi"].fixed(500)
        ('500 km', '500 km (311 mi)')
        """
        own = KM.text(distance_km)
        return own if self.km == 1 else f"{own} ({self.text(distance_km)})"

    def area(self, area_km2: float) -> float:
        """Return an area in the square of this unit.

        Examples
        --------
        >>> round(UNITS["mi"].area(1000), 1)
        386.1
        """
        return area_km2 / self.km**2

    @property
    def square(self) -> str:
        """How the unit of area is written.

        Examples
        --------
        >>> UNITS["mi"].square
        'mi²'
        """
        return f"{self.name}²"


KM: Final = Units("km", "kilometres", 1.0)
UNITS: Final = {
    unit.name: unit
    for unit in (KM, Units("mi", "statute miles", 1.609344), Units("nmi", "nautical miles", 1.852))
}


def units_of(name: str | Units) -> Units:
    """Return a unit by its name.

    Raises
    ------
    ArgumentError
        If there is no such unit.

    Examples
    --------
    >>> units_of("nmi").km
    1.852
    """
    if isinstance(name, Units):
        return name
    if name not in UNITS:
        raise ArgumentError(
            f"unit {name!r} is not one of {', '.join(UNITS)}{near_name(name, UNITS)}"
        )
    return UNITS[name]
