"""Fetch the fonts of pictures, slides and reports and put them under ``views/assets/fonts/``.

Source Sans 3 comes through ``npm pack``, WenQuanYi Micro Hei as Debian's package, both by name
and version and checked against the hashes below. The files are as published, but that the second
face of WenQuanYi's collection (monospaced) is left out. Run ``python data/build/vendor_fonts.py``
after changing a pin.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from fontTools.ttLib import TTCollection

FONTS = Path(__file__).parents[2] / "rangemap" / "views" / "assets" / "fonts"
SOURCE_SANS = ("source-sans", "3.52.0")
SOURCE_SANS_SHA256 = "49cf78ddd79b436591ee696785222b54ff28102922e3d3df297fe382d7fdfa88"
WQY = ("fonts-wqy-microhei", "0.2.0-beta-3.1")
WQY_SHA256 = "239163df984eea5c9da3b551aee374936222cdbd67f1a1be3cdcf3d76143ad66"
WEIGHTS = ("Regular", "Bold")


class VendorError(Exception):
    """A package could not be fetched, or is not the pinned one."""


def checked(path: Path, pin: str) -> Path:
    """Return the path of a file whose hash is the pinned one."""
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != pin:
        raise VendorError(f"{path.name}: sha256 is {found}, but the pin is {pin}")
    return path


def source_sans(folder: Path) -> None:
    """Write the faces of Source Sans 3 and its licence."""
    wanted = "@".join(SOURCE_SANS)
    command = ["npm", "pack", "--silent", "--pack-destination", str(folder), wanted]
    subprocess.run(command, check=True, capture_output=True)
    tarball = checked(folder / f"{'-'.join(SOURCE_SANS)}.tgz", SOURCE_SANS_SHA256)
    with tarfile.open(tarball) as archive:
        names = {f"package/TTF/SourceSans3-{w}.ttf": f"SourceSans3-{w}.ttf" for w in WEIGHTS}
        names["package/LICENSE.md"] = "LICENSE-SourceSans3.md"
        for member, name in names.items():
            stream = archive.extractfile(member)
            if stream is None:
                raise VendorError(f"{wanted}: has no {member}")
            (FONTS / name).write_bytes(stream.read())


def wqy(folder: Path) -> None:
    """Write the proportional face of WenQuanYi Micro Hei and its licence."""
    wanted = "=".join(WQY)
    subprocess.run(
        ["apt-get", "download", "-qq", wanted], cwd=folder, check=True, capture_output=True
    )
    deb = checked(next(folder.glob(f"{WQY[0]}_*.deb")), WQY_SHA256)
    subprocess.run(["dpkg", "-x", str(deb), str(folder / "wqy")], check=True)
    share = folder / "wqy" / "usr" / "share"
    faces = TTCollection(share / "fonts" / "truetype" / "wqy" / "wqy-microhei.ttc")
    face = faces.fonts[0]
    face.recalcTimestamp = False
    face.save(FONTS / "wqy-microhei.ttf")
    licence = share / "doc" / "fonts-wqy-microhei" / "copyright"
    (FONTS / "LICENSE-wqy-microhei.txt").write_bytes(licence.read_bytes())
    apache = Path("/usr/share/common-licenses/Apache-2.0")  # of Debian's base-files
    (FONTS / "LICENSE-Apache-2.0.txt").write_bytes(apache.read_bytes())


def main() -> None:
    """Fetch both."""
    FONTS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        source_sans(Path(name))
        wqy(Path(name))


if __name__ == "__main__":
    try:
        main()
    except (VendorError, subprocess.CalledProcessError) as problem:
        sys.exit(str(problem))
