"""Files of the packs that `make build` has just made, for tests that would make the same again.

.ci/run says where they are with RANGEMAP_TEST_PACKS. Elsewhere, where the packs may be older than
the code, tests make what they need.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

PACKS = os.environ.get("RANGEMAP_TEST_PACKS")


def built_pack(name: str) -> Path | None:
    """Return the folder of a pack that was just made, if that is said."""
    return Path(PACKS, name) if PACKS else None


def built_file(name: str, file: str, make: Callable[[], bytes]) -> bytes:
    """Return a file of a pack that was just made, or else what makes it."""
    pack = built_pack(name)
    return (pack / file).read_bytes() if pack else make()
