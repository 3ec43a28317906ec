"""Files with real bytes for tests."""

import io

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""
HTML = b"<!doctype html><html><script>alert(document.cookie)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HIDDEN = b"PK\x03\x04<script>stolen()</script>"
PLACE = "Hansestadt"


def picture(kind: str = "JPEG", size: tuple[int, int] = (320, 200), mode: str = "RGB") -> bytes:
    """A picture of two colours: the left half red, the right half green."""
    image = Image.new(mode, size, "red")
    image.paste("green", (size[0] // 2, 0, *size))
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def photo() -> bytes:
    """A JPEG with place and camera, that lies on its side."""
    exif = Image.Exif()
    exif[Base.Model] = f"Camera of {PLACE}"
    exif[Base.Orientation] = 6
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (53.0, 33.0, 0.0)
    out = io.BytesIO()
    Image.open(io.BytesIO(picture())).save(out, "JPEG", exif=exif, comment=PLACE.encode())
    return out.getvalue()


def noise(kind: str, side: int) -> bytes:
    """A picture that cannot be packed."""
    out = io.BytesIO()
    Image.effect_noise((side, side), 90).convert("RGB").save(out, kind)
    return out.getvalue()
