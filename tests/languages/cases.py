"""Messages in every content language, as hurried customers type them."""

# language → messages in that language's own market; typos, left-out accents, masked items and mixed words are meant.
OWN_MARKET: dict[str, tuple[str, ...]] = {
    "en": (
        "where is my order", "wheres my parcle", "ORK-4821936 not arrived yet", "it broke after 2 days", "refund pls",
        "mera order kahan hai", "paise kab milenge bhai", "can help me check anot", "Hi! My NightOwl Cam is dead :(",
        "Is delivery free over £50?", "someone call me on +44 20 7946 0958", "my steamer 'Dampf' lamp is blinking",
    ),
    "es": (
        "dónde está mi pedido", "donde esta mi pedido", "quiero devolverlo", "no me llego el paquete ORK-4821936",
        "hola buenas, una consulta", "cuanto tarda el reembolso?", "me cobraron 2 veces $ 59.90", "no prende",
        "ya lo pedí ayer. thanks!", "quiero hablar con una persona", "mi correo es ana@correo.mx", "gracias 🙏",
    ),
    "fr": (
        "où est ma commande", "ou est ma comande", "je veux un remboursement", "ça marche pas", "il manque une piece",
        "bonjour j'ai une question", "colis abimé", "quand serai-je livré ? ORK-4821936", "merci beaucoup !",
        "mon adresse a changé", "c'est quoi le delai de retour svp", "j'attends depuis 2 semaines. help please",
    ),
    "de": (
        "wo ist meine bestellung", "wo bleibt mein packet", "das gerat geht nicht", "ich moechte das zurückgeben",
        "Rechnung fehlt noch", "moin, kurze frage", "Bestellung ORK-4821936 stornieren", "der Akku lädt nicht mehr",
        "kann ich mit jemandem sprechen?", "Mein Parcel ist lost, bitte helfen", "danke, das wars",
        "49,90 € zu viel bezahlt",
    ),
    "it": (
        "dov'è il mio ordine", "dove il mio ordine", "voglio un rimborso", "è arrivato rotto", "perche non funziona",
        "salve vorrei un informazione", "il numero d'ordine è ORK-4821936", "manca una vite", "grazie mille",
        "posso cambiare indirizzo?", "quanto dura la garanzia", "il tracking non si aggiorna, please help",
    ),
    "pt": (
        "cadê meu pedido", "onde esta meu pedido", "quero meu dinheiro de volta", "veio quebrado", "não liga",
        "oi bom dia", "paguei R$ 199,90 no pix", "vcs fazem troca?", "obg viu", "quero falar com atendente",
        "a nota fiscal do ORK-4821936 por favor", "meu CEP mudou, tem como trocar o endereço?",
    ),
    "ar": (
        "أين طلبي", "وين الطلب", "اريد استرجاع المنتج", "wen talabi", "3ayez araja3 el talab", "الجهاز ما يشتغل",
        "طلبي ORK-4821936 متأخر", "ابغى اكلم موظف", "شكرا جزيلا", "السلام عليكم", "shukran habibi",
        "متى يوصل الـ order؟",
    ),
    "ja": (
        "注文はどこですか", "返品したいです", "返品希望", "届かない", "領収書をください", "こんにちは",
        "電源が入りません",
        "ORK-4821936 まだですか", "キャンセルで", "担当者と話したい", "はい", "refundしてほしい",
    ),
    "ko": (
        "주문 어디쯤인가요", "환불해 주세요", "배송이 너무 늦어요", "고장났어요", "안녕하세요",
        "ㅠㅠ 아직 안 왔어요", "네",
        "ORK-4821936 취소요", "상담원 연결해 주세요", "주소 변경하고 싶어요", "as 되나요?", "refund 언제 돼요",
    ),
    "zh": (
        "我的订单在哪", "什么时候发货", "退货", "你好", "东西坏了", "怎么退款", "ORK-4821936 到哪了", "要开发票",
        "转人工", "谢谢啦", "地址写错了能改吗", "这个app怎么连wifi",
    ),
    "zh-Hant": (
        "我的訂單在哪", "什麼時候出貨", "退貨", "你好", "東西壞了", "怎麼退款", "ORK-4821936 到哪了", "我嘅訂單喺邊",
        "轉真人客服", "謝謝", "地址寫錯可以改嗎", "這個app怎麼連wifi",
    ),
    "th": (
        "ของยังไม่มาเลย", "สินค้าชำรุด", "ขอคืนเงิน", "สวัสดีค่ะ", "พัสดุถึงไหนแล้ว", "ORK-4821936 ถึงไหน",
        "ขอใบเสร็จหน่อย",
        "เปลี่ยนที่อยู่ได้ไหม", "sawasdee krub", "order ของฉันอยู่ไหน", "555 โอเค", "ขอคุยกับพนักงาน",
    ),
    "id": (
        "pesanan saya mana", "kapan dikirim kak", "barangnya rusak", "mau retur dong", "uang saya belum balik",
        "halo min mau tanya", "ORK-4821936 udah sampe mana", "gak nyala sama sekali", "makasih ya",
        "bisa ganti alamat?",
        "tolong batalkan pesanan", "dapet harga Rp 150.000 kok",
    ),
    "vi": (
        "đơn hàng của tôi đâu", "don hang cua toi dau roi", "tôi muốn trả hàng", "bao giờ giao", "máy không chạy",
        "shop ơi cho hỏi", "ORK-4821936 tới đâu rồi", "hang bi vo roi", "cảm ơn shop", "đổi địa chỉ được không",
        "khi nao hoan tien vay", "cho mình gặp nhân viên",
    ),
}  # fmt: skip

# Whole sentences in a market with another language and English.
ABROAD: dict[str, tuple[str, ...]] = {
    "en": ("where is my order, it should have been here last week", "I would like to return the monitor"),
    "es": ("todavía no me ha llegado el paquete", "quiero devolver la lampara que compre"),
    "fr": ("je n'ai toujours pas reçu mon colis", "l'appareil ne s'allume plus depuis hier"),
    "de": ("ich habe mein Paket noch immer nicht bekommen", "Das Gerat ladt nicht mehr, was kann ich tun"),
    "it": ("non ho ancora ricevuto il mio pacco", "vorrei sapere quando arriva il rimborso"),
    "pt": ("ainda não recebi minha encomenda", "o aparelho não está mais ligando"),
    "ar": ("لم يصلني الطلب حتى الآن", "الشاحن لا يعمل"),
    "ja": ("まだ荷物が届いていません", "充電ができなくなりました"),
    "ko": ("아직 택배를 못 받았어요", "충전이 안 됩니다"),
    "zh": ("我还没有收到包裹", "充电器坏了怎么办"),
    "zh-Hant": ("我還沒有收到包裹", "充電器壞了怎麼辦"),
    "th": ("ยังไม่ได้รับพัสดุเลยค่ะ", "ชาร์จไม่เข้า"),
    "id": ("paket saya belum sampai sampai sekarang", "saya ingin mengembalikan barang ini"),
    "vi": ("tôi vẫn chưa nhận được hàng", "sạc không vào điện nữa"),
}

# Say nothing about their writer's language.
SILENT = (
    "", " ", "ok", "OK!", "Okay 👍", "👍🏽", "❤️❤️", "ORK-4821936", "ork 4821936", "#4821936", "4821936",
    "12345", "+49 30 1234567",
    "anna@example.com", "https://orikka.com/a/b", "NightOwl Cam", "OR-PS2", "1Z999AA10123456784", "???", "...", ":)",
    "(´；ω；`)", "¯\\_(ツ)_/¯", "2 x PureSteam 2", "€ 59,90", "hmm", "x", "\x00", "\ud83d",
)  # fmt: skip

NAMES = ("Maria Gonzalez", "Somchai Jaidee", "Giovanni Rossi", "Hans Müller", "Budi Santoso", "Jean Dupont", "Bangkok")

# (text, code) of languages without texts.
WITHOUT_TEXTS = (
    ("Где мой заказ?", "ru"), ("де моє замовлення", "uk"), ("मेरा ऑर्डर कहाँ है", "hi"), ("היכן ההזמנה שלי", "he"),
    ("πού είναι η παραγγελία μου", "el"), ("سفارش من کجاست؟", "fa"), ("میرا آرڈر کہاں ہے", "ur"),
    ("waar blijft mijn bestelling", "nl"), ("gdzie jest moja paczka", "pl"), ("siparişim nerede kaldı", "tr"),
    ("var är min beställning", "sv"), ("hindi gumagana ang vacuum", "tl"), ("jeg vil gerne returnere varen", "da"),
    ("missä tilaukseni on", "fi"), ("kde je moje objednávka", "cs"), ("hol van a rendelésem", "hu"),
    ("unde este comanda mea", "ro"), ("saya nak pulangkan barang ini", "ms"),
)  # fmt: skip
