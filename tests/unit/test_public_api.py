"""The public names are the ones that are documented, and importing them is cheap."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

import rangemap
from rangemap import errors, geodesy

ROOT = Path(__file__).resolve().parents[2]


def documented(heading: str) -> list[str]:
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    found = re.search(rf"^## {re.escape(heading)}$(.*?)(?=^## |\Z)", text, re.M | re.S)
    assert found
    return re.findall(r"^\| `(\w+)` \|", found[1], re.M)


@pytest.mark.parametrize(
    ("module", "heading"), [(rangemap, "rangemap"), (geodesy, "rangemap.geodesy")]
)
def test_every_public_name_is_documented_once(module: object, heading: str) -> None:
    assert sorted(documented(heading)) == sorted(module.__all__)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", rangemap.__all__)
def test_public_name_is_there_and_explains_itself(name: str) -> None:
    value = getattr(rangemap, name)
    assert name in dir(rangemap)
    if name != "__version__":
        assert value.__doc__
        assert value.__doc__.strip()


@pytest.mark.parametrize("name", geodesy.__all__)
def test_geodesy_name_is_there(name: str) -> None:
    assert hasattr(geodesy, name)


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'circle'"):
        rangemap.circle  # noqa: B018


def test_every_error_is_of_one_family_and_documented() -> None:
    text = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    kinds = [getattr(errors, name) for name in errors.__all__ if name != "near_name"]
    assert all(issubclass(kind, errors.RangemapError) for kind in kinds)
    for kind in kinds:
        assert kind.__name__ in text or kind is errors.DataError


def test_import_is_light() -> None:
    code = (
        "import sys, rangemap; "
        "heavy = {'matplotlib', 'folium', 'geopandas', 'pandas', 'numpy', 'pyproj'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("work", ["rangemap.ring_polygon(0, 0, 500)", "rangemap.analyse('europe')"])
def test_computing_draws_nothing(work: str) -> None:
    heavy = "{'matplotlib', 'folium'}"
    code = f"import sys, rangemap; {work}; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
