"""PostGIS in a cluster that lives as long as the benchmark (Debian's pg_virtualenv)."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import shapely

_TIMED = """
DO $$
DECLARE started timestamptz; best double precision := 1e9;
BEGIN
  FOR round IN 1..{repeats} LOOP
    started := clock_timestamp();
    PERFORM {expression} FROM asked;
    best := least(best, extract(epoch FROM clock_timestamp() - started));
  END LOOP;
  INSERT INTO timed VALUES (best);
END $$;
"""


def why_not() -> str:
    """Return why PostGIS cannot run, or nothing."""
    if shutil.which("pg_virtualenv") is None or shutil.which("psql") is None:
        return "PostgreSQL is not installed (Debian: apt-get install postgresql postgis)"
    if not list(Path("/usr/share/postgresql").glob("*/extension/postgis.control")):
        return "PostGIS is not installed (Debian: apt-get install postgresql-postgis)"
    return ""


def buffers(sites: np.ndarray, km: float, repeats: int) -> tuple[float, list[shapely.Geometry]]:
    """Return the best seconds of ST_Buffer on geography, and what it made."""
    expression = f"ST_Buffer(site, {km * 1000:.3f})"
    seconds, rows = _session(
        sites, sites, expression, f"ST_AsHEXEWKB({expression}::geometry)", repeats
    )
    return seconds, list(shapely.from_wkb(rows))


def distances(one: np.ndarray, other: np.ndarray, repeats: int) -> tuple[float, np.ndarray]:
    """Return the best seconds of ST_Distance on geography, and metres."""
    expression = "ST_Distance(site, place)"
    seconds, rows = _session(one, other, expression, expression, repeats)
    return seconds, np.array(rows, dtype=float)


def _session(
    one: np.ndarray, other: np.ndarray, timed: str, shown: str, repeats: int
) -> tuple[float, list[str]]:
    points = "\n".join(
        f"{i}\tPOINT({a:.17g} {b:.17g})\tPOINT({c:.17g} {d:.17g})"
        for i, ((a, b), (c, d)) in enumerate(zip(one.tolist(), other.tolist(), strict=True))
    )
    script = "\n".join(
        [
            "SET client_min_messages = error;",
            "CREATE EXTENSION postgis;",
            "SET max_parallel_workers_per_gather = 0; SET extra_float_digits = 3;",
            "CREATE TABLE asked (id int, site geography, place geography);",
            "CREATE TABLE timed (seconds double precision);",
            f"COPY asked FROM STDIN;\n{points}\n\\.",
            "ANALYZE asked;",
            _TIMED.format(repeats=repeats, expression=timed),
            "SELECT seconds FROM timed;",
            f"SELECT {shown} FROM asked ORDER BY id;",
        ]
    )
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = Path(folder) / "session.sql"
        path.write_text(script, encoding="utf-8")
        done = subprocess.run(
            ["pg_virtualenv", "psql", "-qAtX", "-v", "ON_ERROR_STOP=1", "-f", str(path)],
            capture_output=True,
            text=True,
            check=True,
        )
    lines = [line for line in done.stdout.splitlines() if line and "cluster" not in line]
    return float(lines[0]), lines[1:]
