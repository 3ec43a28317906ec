"""Terms in real sentences of languages in Latin letters. What is in brackets is found, and nothing else."""

import pytest

from glossaries.matcher import TermMatcher
from glossaries.model import Status
from tests.glossaries.matching import bare, marked, matcher, term

EN = matcher("en", "parcel|parcels", "order|orders", "order number", "gift card", "Wi-Fi", "refund", "teat|teats")
DE = matcher(
    "de", "Paket|Pakete|Pakets|Paketen", "Rücksendung|Rücksendungen", "Packstation", "Straße", "Lieferung", "Marke",
    term("bestellen", "de", "bestellt", part_of_speech="verb"), term("Gerät", "de", compounds=False),
    term("Marketing", "de", status=Status.UNRELATED),
)  # fmt: skip
FR = matcher("fr", "commande|commandes", "colis", "échange|échanges", "adresse", "remboursé|remboursée", "tétine")
ES = matcher(
    "es", "pedido|pedidos", "móvil|móviles", "envío|envíos", "tetina", "cupón|cupones",
    term("devolver", "es", "devuelvo", "devuelto", part_of_speech="verb"),
)  # fmt: skip
IT = matcher(
    "it", "ordine|ordini", "indirizzo", "pacco|pacchi", "e-mail", "metà", "città",
    term("restituire", "it", "restituito", part_of_speech="verb"),
)  # fmt: skip
PT = matcher("pt", "pedido|pedidos", "devolução|devoluções", "endereço", "celular", "cupom", "mamadeira", "nota fiscal")
ID = matcher("id", "pesanan", "paket", "alamat", "ongkir", "barang|barang-barang", "kartu hadiah", "dot")
VI = matcher("vi", "đơn hàng", "hóa đơn", "mã giảm giá", "giao hàng", "địa chỉ", "phí", "bình sữa")

CASES: dict[str, tuple[TermMatcher, str]] = {
    "en": (
        EN,
        """Where is my [parcel]?
        My [PARCELS] haven't arrived yet.
        The [parcel]’s label is torn.
        What is my [order number], please?
        I placed two [orders] and one [order] is missing.
        The camera won't join the [WiFi].
        No [wi-fi]? It says “[Wi Fi]” and [wi‑fi].
        Your [order]-related [refund] (in full) is on its way.
        A [gift	card] would be nice; [gift  card] too.
        [order]123 and [Refund]!
        I reordered it from across the border.
        She refunded the reordering fee.
        The theatre is near, he said.
        Write to order@orikka.com or see https://orikka.com/order/parcel.
        A gift and a card, in a cardboard box
        They're disordered and parcelled.""",
    ),
    "de": (
        DE,
        """Wo ist mein [Paket]?
        Die [PAKETE] sind da.
        Der [Paket]versand kostet nichts, das Groß[paket] schon.
        Ihre [Rücksendung] ist da; die [Ruecksendung] auch.
        Die [Rucksendung] ist noch nicht angekommen.
        Das [Rücksendung]setikett liegt bei.
        Die [Lieferung]s-Adresse stimmt, die Lieferungen nicht.
        Bitte an die [Packstation] 123 in der [STRASSE] 5.
        Ich habe das Pack\xadset für die [Pack\xadstation] [bestellt].
        Er hat es gestern [BESTELLT].
        Das Marketing ist gut.
        Das Elektrogerät ist vorbestellt.
        Ein Pakt und ein Pak
        Ein Parket, ein Packet
        Die Rücksendüng ist da.
        Die Strasze""",
    ),
    "fr": (
        FR,
        """Où est ma [commande] ?
        J’attends mon [colis] depuis l'[échange].
        L’[échange] n’a pas eu lieu, l'[adresse] est bonne.
        Quelle est l’état d'[adresse] ?
        Mes [COMMANDES] sont là.
        Je voudrais un [echange] de [colis].
        On m'a [remboursée] hier.
        La [tetine] est trop dure
        Le [colis]-cadeau est arrivé
        Je recommande ce produit.
        Il faut télécommander la lampe.
        Le portecolis est cassé
        Échangeur, adressé, addresse
        Voir www.orikka.fr/commande
        La têtine est un mot mal écrit""",
    ),
    "es": (
        ES,
        """¿Dónde está mi [pedido]?
        Mis [pedidos] no llegan
        El [móvil] no carga, el [movil] tampoco
        ¿Cuánto cuesta el [ENVIO]?
        Quiero [devolver]lo hoy.
        Quiero [devolvér]selo al vendedor.
        Ya lo he [devuelto].
        Un [cupón] y dos [cupones]
        La [tetina] está rota.
        He sido despedido.
        El automóvil es nuevo
        Un mövil no existe
        Los expedidos, el pedidor
        Escriba a pedido@orikka.es
        Lo devolveré mañana""",
    ),
    "it": (
        IT,
        """Dov'è il mio [ordine]?
        Ho un problema con l'[ordine].
        L’[indirizzo] dell’[ordine] è sbagliato
        Gli [ORDINI] sono due
        Vorrei [restituir]lo.
        Posso [restituir]glielo?
        I [pacchi] sono arrivati all'[indirizzo] giusto
        La mia [email], anzi [e‐mail] o [e mail], è nuova
        Ho pagato [metà] nella mia [citta]
        Un prodotto ordinato
        Gli straordini non esistono
        Lo restituirò domani
        Impacco freddo e spacco
        Un ordiné, un ordin
        Coordine""",
    ),
    "pt": (
        PT,
        """Onde está o meu [pedido]?
        Meus [pedidos] não chegaram.
        Quero fazer uma [devolução].
        Quero fazer uma [devolucao]
        As [DEVOLUÇÕES] demoram
        Mudei de [endereço], o [endereco] antigo não vale
        O [celular] caiu n'água
        A [mamadeira], a [nota  fiscal] e o [cupom]
        Mudou o [endereço]?
        Estou despedido
        Fibra celularmente
        Devoluçao mal escrita
        Um pedidinho
        Nota muito fiscal
        ver https://orikka.com.br/pedido""",
    ),
    "id": (
        ID,
        """Di mana [pesanan] saya?
        [Pesanan]ku belum sampai
        Kapan [paket]nya datang?
        [Alamat]mu salah, [alamat]nyalah yang benar
        [ONGKIR]nya berapa?
        [Barang-barang]ku rusak, [barang-barang] lain tidak
        Saya punya [kartu hadiah]
        [Paket]mukah ini?
        Ganti [dot] bayi
        Saya memesan kemarin
        Pemaketan selesai
        Sebarang saja
        Dotnya bocor
        Alamatkan surat itu
        pesanan123@toko.co.id""",
    ),
    "vi": (
        VI,
        """[Đơn hàng] của tôi đâu?
        [don hang] cua toi dau
        Cho mình xin [hóa đơn] và [hoá đơn] đỏ
        Cho minh xin [hoa don]
        [MÃ GIẢM GIÁ] không dùng được
        Bao giờ [giao hàng] đến [địa chỉ] mới?
        Shop có [phí] ship không
        shop lay [phi] ship bao nhieu
        Mua [bình sữa] mới, [bi\u0300nh su\u031b\u0303a] cũ
        Có [hoa don] VAT không ạ
        Đơn hãng này lạ
        Đơn hang này
        Dòn hàng
        Cái phi tiêu này rẻ
        Đơnhàng viết liền
        Mã giảm nữa giá""",
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "sentence"),
    [(language, line.strip()) for language, (_, lines) in CASES.items() for line in lines.split("\n        ")],
)
def test_what_is_in_brackets_is_found(language: str, sentence: str) -> None:
    text = bare(sentence)
    assert marked(text, CASES[language][0].find(text)) == sentence


@pytest.mark.parametrize("language", CASES)
def test_each_language_has_enough_cases(language: str) -> None:
    lines = CASES[language][1].split("\n        ")
    assert sum("[" in line for line in lines) >= 8
    assert sum("[" not in line for line in lines) >= 5
