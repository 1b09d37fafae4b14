"""A scenario becomes a folder of outputs with a manifest, which can be verified later."""

from rangemap.pack.building import Progress, build, write_comparison, write_pack
from rangemap.pack.gallery import write_index
from rangemap.pack.job import Job, Options, Step
from rangemap.pack.reading import MANIFEST, read_record
from rangemap.pack.record import manifest
from rangemap.pack.verify import verify_pack

__all__ = [
    "MANIFEST",
    "Job",
    "Options",
    "Progress",
    "Step",
    "build",
    "manifest",
    "read_record",
    "verify_pack",
    "write_comparison",
    "write_index",
    "write_pack",
]
