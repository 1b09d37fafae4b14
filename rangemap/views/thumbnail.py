"""Small pictures for pages: made from the large ones, inside of the page."""

from __future__ import annotations

import base64
import io
import warnings
from dataclasses import dataclass
from typing import Final

from PIL import Image

__all__ = ["Thumbnail", "small_image", "thumbnail"]

_MOST_PIXELS: Final = 60_000_000
_QUALITY: Final = 74


@dataclass(frozen=True)
class Thumbnail:
    """A small picture as a data address, with its size in pixels."""

    address: str
    width: int
    height: int


def small_image(content: bytes, width: int) -> Image.Image | None:
    """Return a PNG made smaller; None for what is no PNG of a sane size.

    Parameters
    ----------
    content : bytes
        The file, which may be anybody's.
    width : int
        Pixels; a narrower picture stays as it is.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=("PNG",)) as image:
                if image.width * image.height > _MOST_PIXELS or min(image.size) < 1:
                    return None
                plain = image.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError,
            Image.DecompressionBombWarning):  # fmt: skip
        return None
    return _narrowed(plain, width)


def thumbnail(image: Image.Image, width: int) -> Thumbnail:
    """Return a picture of at most so many pixels' width as WebP inside of a data address.

    The same picture gives the same address.

    Examples
    --------
    >>> thumbnail(Image.new("RGB", (400, 225), "#ffffff"), 200).address[:23]
    'data:image/webp;base64,'
    """
    small = _narrowed(image, width)
    stream = io.BytesIO()
    small.save(stream, "WEBP", quality=_QUALITY, method=4)
    coded = base64.b64encode(stream.getvalue()).decode("ascii")
    return Thumbnail(f"data:image/webp;base64,{coded}", small.width, small.height)


def _narrowed(image: Image.Image, width: int) -> Image.Image:
    if image.width <= width:
        return image
    height = max(1, round(image.height * width / image.width))
    return image.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)
