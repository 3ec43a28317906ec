"""An agent's picture, made anew: only what is seen is left, small enough for every channel."""

import io
from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageOps

from connectors.delivery.errors import Refused

KINDS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "AVIF")  # what is read; never a format that runs anything
MIMES = frozenset(f"image/{kind.lower()}" for kind in KINDS) | {"image/apng"}
# LINE shows a picture before it is opened only up to 1 MB, the least that any channel takes: one file does for all.
MOST_BYTES = 1_000_000
LONGEST = 2_560  # pixels of the longer side; phones show no more
MOST_PIXELS = 64_000_000  # of what is read: JPEG is read smaller
MOST_PIXELS_WHOLE = 25_000_000  # of a format that must be read whole: 100 MB of memory
MOST_SIDE = 20_000
QUALITIES = (90, 82, 74, 66)
SMALLER = 0.75
LEAST_SIDE = 8  # pixels; a smaller one shows nothing


@dataclass(frozen=True)
class Picture:
    """A picture as it is sent."""

    data: bytes
    mime: str  # image/jpeg, image/png
    width: int
    height: int


def remade(data: bytes) -> Picture:
    """The picture upright, without EXIF, place, colour profile, or anything that was hidden behind or in it.

    Of a moving one the first frame. Raises Refused: media_picture when it cannot be read, media_pixels when it has
    too many.
    """
    try:
        with Image.open(io.BytesIO(data), formats=KINDS) as opened:
            _check(opened)
            opened.draft("RGB", (LONGEST, LONGEST))  # JPEG alone: read at half or a quarter of its size
            image = ImageOps.exif_transpose(opened)
            image.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
            is_clear = _is_clear(image)
            plain = image.convert("RGBA" if is_clear else "RGB")
            wants_png = opened.format != "JPEG"
    except Image.DecompressionBombError:
        raise _too_many() from None
    except Refused:
        raise
    except Exception as error:  # Pillow raises what its many readers raise; a picture that breaks one is not sent
        raise Refused("media_picture", f"the picture cannot be read ({type(error).__name__})", _OTHER) from error
    return next(_versions(plain, wants_png))


def _check(image: Image.Image) -> None:
    width, height = image.size
    most = MOST_PIXELS if image.format == "JPEG" else MOST_PIXELS_WHOLE
    if width * height > most or max(width, height) > MOST_SIDE:
        raise _too_many()
    if min(width, height) < LEAST_SIDE:
        raise Refused("media_picture", "the picture is too small to be seen", _OTHER)


def _too_many() -> Refused:
    return Refused("media_pixels", "the picture has too many pixels", "Make it smaller, then choose it again.")


def _is_clear(image: Image.Image) -> bool:
    """Whether something shines through."""
    return image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info


def _versions(image: Image.Image, wants_png: bool) -> Iterator[Picture]:
    """Pictures that fit, the best first; there is always one."""
    if wants_png:
        yield from _fitting(image, "PNG")
    flat = _on_white(image)
    while True:
        for quality in QUALITIES:
            yield from _fitting(flat, "JPEG", quality=quality, optimize=True)
        flat = flat.resize((max(LEAST_SIDE, int(flat.width * SMALLER)), max(LEAST_SIDE, int(flat.height * SMALLER))))


def _fitting(image: Image.Image, kind: str, **how: int | bool) -> Iterator[Picture]:
    out = io.BytesIO()
    bare = Image.new(image.mode, image.size)  # a new one carries nothing of what stood beside the pixels
    bare.paste(image)
    bare.save(out, kind, **how)
    if out.tell() <= MOST_BYTES:
        yield Picture(out.getvalue(), f"image/{kind.lower()}", image.width, image.height)


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image.getchannel("A"))
    return white


_OTHER = "Choose another picture, or save it as JPEG or PNG first."
