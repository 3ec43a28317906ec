"""A ready-made app: three numbers of the brand Orikka, with templates in their languages."""

from typing import Any

from tests.simulators.whatsapp.config import Document, PhoneNumber, SimulatorConfig, Speeds
from tests.simulators.whatsapp.templates import PLACEHOLDER

ACCOUNT = "102290129340398"
GULF_ACCOUNT = "102290129340400"
NUMBERS = (
    PhoneNumber("106540352242922", "4915735985000", ACCOUNT, "orikka-de", "DE", "49"),
    PhoneNumber("106540352242923", "5511955500123", ACCOUNT, "orikka-br", "BR", "55"),
    PhoneNumber("106540352242924", "966501230001", GULF_ACCOUNT, "orikka-sa", "SA", "966"),
)
EXAMPLES = ["ORK-4821934", "ORK-1111116"]
TRACK = "https://orikka.example/track/{{1}}"
CONTINUE = {
    "en_US": ("Hello {{1}}, we have an answer to your question about order {{2}}. May we continue here?", "Continue"),
    "de": (
        "Hallo {{1}}, wir haben eine Antwort zu Bestellung {{2}}. Sollen wir hier weitermachen?",
        "Ja, bitte",
    ),
    "pt_BR": ("Olá {{1}}, temos uma resposta sobre o pedido {{2}}. Podemos continuar por aqui?", "Continuar"),
    "ar": ("مرحبًا {{1}}، لدينا رد بخصوص طلبك {{2}}. هل نتابع المحادثة هنا؟", "نعم، تابع"),
}
WAITING = {
    "en_US": ("Hello, {{1}} has an answer to your question. Tap the button below to read it.", "Read answer"),
    "de": (
        "Guten Tag, {{1}} hat eine Antwort auf Ihre Frage. Tippen Sie auf die Schaltfläche, um sie zu lesen.",
        "Antwort lesen",
    ),
    "pt_BR": (
        "Olá! A equipe {{1}} tem uma resposta para a sua pergunta. Toque no botão para ler.",
        "Ler resposta",
    ),
    "ar": ("الإجابة عن سؤالك من {{1}} جاهزة. يُرجى الضغط على الزر أدناه لقراءتها.", "قراءة الإجابة"),
}
SHIPPED = {
    "en_US": ("Order {{1}} is on its way.", "Track parcel"),
    "de": ("Bestellung {{1}} ist unterwegs.", "Paket verfolgen"),
    "pt_BR": ("O pedido {{1}} está a caminho.", "Rastrear"),
    "ar": ("طلبك رقم {{1}} في الطريق إليك.", "تتبع الشحنة"),
}


def demo_config(**values: Any) -> SimulatorConfig:
    """The demo app; `values` replace fields of the configuration."""
    speeds = Speeds(sent_s=0.3, delivered_s=0.8, read_s=2.5, template_review_s=5.0)
    rest: dict[str, Any] = {"numbers": NUMBERS, "templates": demo_templates(), "speeds": speeds, "concurrency": 4}
    return SimulatorConfig(**{**rest, **values})


def demo_templates() -> tuple[tuple[str, Document], ...]:
    """Two utility templates in four languages for each account."""
    made = []
    for account in (ACCOUNT, GULF_ACCOUNT):
        for language, (text, button) in CONTINUE.items():
            made.append((account, _template("continue_conversation", language, text, _quick_reply(button))))
        for language, (text, button) in WAITING.items():
            made.append((account, _template("reply_waiting", language, text, _quick_reply(button))))
        for language, (text, button) in SHIPPED.items():
            made.append((account, _template("order_shipped", language, text, _link(button))))
    return tuple(made)


def _template(name: str, language: str, text: str, button: Document) -> Document:
    example = [EXAMPLES[: len(set(PLACEHOLDER.findall(text)))]]
    body = {"type": "BODY", "text": text, "example": {"body_text": example}}
    buttons = {"type": "BUTTONS", "buttons": [button]}
    return {"name": name, "language": language, "category": "UTILITY", "components": [body, buttons]}


def _quick_reply(title: str) -> Document:
    return {"type": "QUICK_REPLY", "text": title}


def _link(title: str) -> Document:
    return {"type": "URL", "text": title, "url": TRACK, "example": [TRACK.replace("{{1}}", "ORK-1")]}
