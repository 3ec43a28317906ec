"""Whether a text of ours is in the customer's language."""

import pytest

from languages.output_language import OutputLanguage, open_output_language

SPEAKS = [
    ("カートに入れた商品がもう在庫切れになっています。", "ja", True),
    ("商品と箱の写真が1枚ずつ必要です。", "ja", True),
    ("您的订单已经发货了，请查收。", "ja", False),
    ("您的订单已经发货了，请查收。", "zh", True),
    ("您的訂單已經出貨了，請查收。", "zh", False),
    ("カートに入れた商品がもう在庫切れになっています。", "zh", False),
    ("Where is my order, and why has nobody told me when it will be sent?", "de", False),
    ("Where is my order, and why has nobody told me when it will be sent?", "en", True),
    ("주문하신 상품이 발송되었습니다.", "ko", True),
    ("ORK-4821936", "de", None),
    ("Legen Sie die ｄｅｓｉｎｆｉｚｉｅｒｔｅｎ Sauger in den Deckel.", "de", True),  # full-width letters
    ("بسته شما امروز صبح از انبار ما خارج شد و حداکثر تا جمعه به دست شما می‌رسد.", "ar", False),  # Persian
    ("غادرت شحنتكم مستودعنا هذا الصباح، وسيتواصل معكم السيد پرویز قبل التسليم.", "ar", True),  # a Persian name
    ("Bungkusan anda telah dihantar pagi tadi dan dijangka sampai sebelum hari Jumaat.", "id", False),  # Malay
    ("Paket Anda sudah kami kirim tadi pagi dan diperkirakan tiba sebelum hari Jumat.", "id", True),
    (
        "Auf dem Etikett steht „Please leave with neighbour“, deshalb liegt Ihr Paket jetzt nebenan bei Frau Weber.",
        "de",
        True,
    ),
    ("Bitte sofort vom Strom trennen. Ist jemand verletzt?", "de", None),  # langdetect is sure that it is Norwegian
    (
        "Legg bleiene i kurven og send oss et bilde av etiketten, så sender vi deg en ny pakke med en gang, og du "
        "trenger ikke å betale noe for det. Ha en fin dag videre!",
        "de",
        False,
    ),
]


@pytest.fixture(scope="module")
def reader() -> OutputLanguage:
    return open_output_language()


@pytest.mark.parametrize(("text", "language", "wanted"), SPEAKS)
def test_speaks(reader: OutputLanguage, text: str, language: str, wanted: bool | None) -> None:
    assert reader.speaks(text, language) is wanted
