"""What all tests share: a seeded Hypothesis profile and the way to the repository."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile(
    "quick",
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("full", parent=settings.get_profile("quick"), max_examples=600,
                          derandomize=False)  # fmt: skip
settings.load_profile("full" if os.environ.get("RANGEMAP_TEST_FULL") else "quick")


@pytest.fixture(scope="session")
def root() -> Path:
    """The top of the repository."""
    return ROOT


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that take longest, so that no worker is left alone with one."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)
