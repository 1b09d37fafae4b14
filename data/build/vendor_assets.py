"""Fetch the browser libraries of the web map and put the files that it inlines under ``assets/``.

Packages come through ``npm pack`` by name and version and are checked against the hashes below;
``assets.toml`` then lists each file with its own hash, which the web map checks before it inlines
the file. Run ``python data/build/vendor_assets.py`` after changing a pin.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

ASSETS = Path(__file__).parents[2] / "rangemap" / "views" / "assets"


class VendorError(Exception):
    """A package could not be fetched, or is not the pinned one."""


@dataclass(frozen=True)
class Package:
    """One pinned npm package and the files taken from it."""

    name: str
    version: str
    licence: str
    """SPDX identifier."""
    sha256: str
    """Of the tarball, in hex."""
    files: tuple[str, ...]
    """Paths inside the package; the licence file is among them."""


PACKAGES = (
    Package(
        name="leaflet",
        version="1.9.4",
        licence="BSD-2-Clause",
        sha256="84c65a256e50657896f54c33bd857b6849ebe94c817803be818bf32a3dde0b77",
        files=(
            "LICENSE",
            "dist/leaflet.js",
            "dist/leaflet.css",
            "dist/images/layers.png",
            "dist/images/layers-2x.png",
            "dist/images/marker-icon.png",
            "dist/images/marker-icon-2x.png",
            "dist/images/marker-shadow.png",
        ),
    ),
)


def sha256_of(content: bytes) -> str:
    """Return the SHA-256 in hex."""
    return hashlib.sha256(content).hexdigest()


def fetch(package: Package, folder: Path) -> Path:
    """Return the tarball of a package, fetched by npm and checked.

    Raises
    ------
    VendorError
        If npm fails, or the hash is not the pinned one.
    """
    wanted = f"{package.name}@{package.version}"
    command = ["npm", "pack", "--silent", "--pack-destination", str(folder), wanted]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise VendorError(f"{wanted}: npm pack failed: {last}")
    path = folder / f"{package.name}-{package.version}.tgz"
    found = sha256_of(path.read_bytes())
    if found != package.sha256:
        raise VendorError(f"{wanted}: sha256 is {found}, but the pin is {package.sha256}")
    return path


def unpack(package: Package, tarball: Path, target: Path) -> dict[str, str]:
    """Write the files wanted, without folders, and return the hash of each by name."""
    target.mkdir(parents=True, exist_ok=True)
    hashes = {}
    with tarfile.open(tarball) as archive:
        for member in package.files:
            stream = archive.extractfile(f"package/{member}")
            if stream is None:
                raise VendorError(f"{tarball.name}: {member!r} is not a file")
            content = stream.read()
            name = Path(member).name
            (target / name).write_bytes(content)
            hashes[name] = sha256_of(content)
    return hashes


def as_toml(hashes: dict[str, dict[str, str]]) -> str:
    """Return the text of ``assets.toml``."""
    lines = [
        "# Written by data/build/vendor_assets.py: what the web map inlines. A changed byte",
        "",
    ]
    lines[0] += " stops it."
    for package in PACKAGES:
        lines += [
            f"[{package.name}]",
            f'version = "{package.version}"',
            f'licence = "{package.licence}"',
            f'tarball_sha256 = "{package.sha256}"',
            "",
            f"[{package.name}.files]",
            *(f'"{name}" = "{digest}"' for name, digest in hashes[package.name].items()),
            "",
        ]
    return "\n".join(lines)


def main() -> int:
    """Fetch, check and write everything."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            hashes = {
                package.name: unpack(package, fetch(package, Path(folder)), ASSETS / package.name)
                for package in PACKAGES
            }
    except VendorError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    (ASSETS / "assets.toml").write_text(as_toml(hashes), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
