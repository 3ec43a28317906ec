"""What agents may send, by its bytes."""

import io

import pytest
from PIL import Image

from connectors.delivery.errors import Refused
from connectors.media import pictures
from connectors.media.outgoing import ready
from connectors.media.pictures import LONGEST, MOST_BYTES, remade
from conversations.uploads import MOST_BYTES as MOST_CHOSEN
from tests.support.pictures import HIDDEN, HTML, PDF, PLACE, SVG, noise, photo, picture

TAKEN = [
    ("a.jpg", picture("JPEG"), "image/jpeg", "a.jpg"),
    ("a.jpg", picture("PNG"), "image/png", "a.png"),
    ("Müller.webp", picture("WEBP"), "image/png", "Müller.png"),
    ("x.gif", picture("GIF"), "image/png", "x.png"),
    ("x.avif", picture("AVIF"), "image/png", "x.png"),
    ("x.bmp", picture("BMP"), "image/png", "x.png"),
    ("../../etc/passwd", picture("PNG"), "image/png", "passwd.png"),
    ("..\\..\\boot.ini", PDF, "application/pdf", "boot.pdf"),
    ("invoice.pdf.exe", PDF, "application/pdf", "invoice.pdf.pdf"),
    ("", PDF, "application/pdf", "file.pdf"),
    ("a\u202egnp.exe", PDF, "application/pdf", "agnp.pdf"),
]
REFUSED = [
    ("photo.jpg", HTML, "media_kind"),
    ("photo.png", SVG, "media_kind"),
    ("a.pdf", b"MZ" + bytes(200), "media_kind"),
    ("a.pdf", b"PK\x03\x04" + bytes(200), "media_kind"),
    ("a.txt", b"hello", "media_kind"),
    ("a.jpg", b"", "media_empty"),
    ("a.jpg", picture()[:200], "media_picture"),
    ("a.jpg", bytes(MOST_CHOSEN + 1), "media_size"),
    ("a.png", picture("PNG", (4, 4)), "media_picture"),
    ("a.png", picture("PNG", (6_000, 5_000), "1"), "media_pixels"),
    ("a.png", picture("PNG", (21_000, 10), "1"), "media_pixels"),
    ("a.png", picture("PNG", (19_000, 19_000), "1"), "media_pixels"),
]


@pytest.mark.parametrize(("name", "data", "mime", "safe"), TAKEN, ids=[f"{row[2]}-{n}" for n, row in enumerate(TAKEN)])
def test_what_is_taken(name: str, data: bytes, mime: str, safe: str) -> None:
    made = ready(name, data)
    assert (made.mime, made.name) == (mime, safe)


@pytest.mark.parametrize(("name", "data", "code"), REFUSED, ids=[f"{row[2]}-{n}" for n, row in enumerate(REFUSED)])
def test_what_is_refused(name: str, data: bytes, code: str) -> None:
    with pytest.raises(Refused) as refused:
        ready(name, data)
    assert refused.value.code == code


def test_a_photo_tells_neither_place_nor_camera_and_stands_upright() -> None:
    made = remade(photo())
    assert PLACE.encode() not in made.data
    assert b"Exif" not in made.data
    image = Image.open(io.BytesIO(made.data))
    assert not image.getexif()
    assert "icc_profile" not in image.info
    assert image.size == (made.width, made.height) == (200, 320)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_what_hides_behind_a_picture_does_not_leave(kind: str) -> None:
    assert b"script" not in remade(picture(kind) + HIDDEN).data


@pytest.mark.parametrize(("kind", "side"), [("JPEG", 1_500), ("PNG", 800)])
def test_a_large_one_is_made_small_enough_for_every_channel(kind: str, side: int) -> None:
    made = remade(noise(kind, side))
    assert len(made.data) <= MOST_BYTES
    assert made.mime == "image/jpeg"
    assert Image.open(io.BytesIO(made.data)).size == (made.width, made.height)


def test_a_wide_one_is_shown_no_wider_than_phones_show() -> None:
    made = remade(picture("JPEG", (6_000, 3_000)))
    assert (made.width, made.height) == (LONGEST, LONGEST // 2)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "CMYK", "I;16"])
def test_every_way_of_writing_colours_can_be_sent(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (40, 30)).save(out, "JPEG" if mode == "CMYK" else "PNG")
    made = remade(out.getvalue())
    assert (made.width, made.height) == (40, 30)


def test_where_something_shines_through_it_still_does(monkeypatch: pytest.MonkeyPatch) -> None:
    clear = picture("PNG", (64, 64), "RGBA")
    assert Image.open(io.BytesIO(remade(clear).data)).mode == "RGBA"
    monkeypatch.setattr(pictures, "MOST_BYTES", 600)
    out = io.BytesIO()
    Image.effect_noise((64, 64), 90).convert("RGBA").save(out, "PNG")
    assert remade(out.getvalue()).mime == "image/jpeg"  # flat, when it does not fit
