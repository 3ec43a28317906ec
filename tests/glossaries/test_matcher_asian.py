"""Terms in real sentences of languages without spaces, with particles and with clitics. Brackets as in the others."""

import pytest

from glossaries.matcher import TermMatcher
from glossaries.model import Status
from tests.glossaries.matching import bare, marked, matcher, term

JA = matcher(
    "ja", "注文", "注文番号", "荷物", "カード", "ギフトカード", "クーポン", "Packstation", "返品", "送料", "カー"
)
ZH = matcher(
    "zh", "订单", "订单号", "快递", "优惠券", "开关", "退款", "奶瓶", "App",
    term("打开关闭", "zh", status=Status.UNRELATED),
)  # fmt: skip
ZH_HANT = matcher("zh-Hant", "訂單", "訂單編號", "包裹", "優惠券", "退貨", "奶瓶", "簡訊", "超商取貨")
TH = matcher(
    "th", "พัสดุ", "คำสั่งซื้อ", "จัดส่ง", "น้ำ", "ที่อยู่", "คูปอง", "ส่ง", "แม่", "ขวดนม",
    term("ส่งเสริม", "th", status=Status.UNRELATED),
)  # fmt: skip
KO = matcher("ko", "주문", "배송비", "환불", "택배", "주문 번호", "쿠폰", "젖병", "와이파이")
AR = matcher("ar", "طلب|طلبات", "شحنة|شحنات", "عنوان", "كوبون", "رضاعة", "إرجاع", "استرداد المبلغ", "شراء", "رد")

CASES: dict[str, tuple[TermMatcher, str]] = {
    "ja": (
        JA,
        """[注文]した商品はどこですか
        [注文番号]を教えてください
        ニモツが届かない、[荷物]が来ない
        クレジットの[カード]と[ギフトカード]
        [ｸｰﾎﾟﾝ]は使えますか
        [Packstation]でOK、[ＰＡＣＫＳＴＡＴＩＯＮ]でも
        [返品][送料]は無料ですか
        再[注文]したい
        お[荷物]の[注文]の番号
        カードリーダーとスコアカード
        カートとカーテン
        注意文を読む
        クーポォン
        詳しくはhttps://orikka.jp/packstationを見る""",
    ),
    "zh": (
        ZH,
        """我的[订单]在哪里
        请问[订单号]是多少
        [订单]number是多少
        [快递]还没到，想[退款]
        [优惠券]不能用
        这个[开关]坏了
        下载[App]查[订单]
        宝宝的[奶瓶]漏了
        [ＡＰＰ]打不开
        打开关闭都不行
        开 与 关
        订好的单子
        Apple手机
        退货款项还没到""",
    ),
    "zh-Hant": (
        ZH_HANT,
        """我的[訂單]在哪裡
        [訂單編號]是多少
        [包裹]還沒到
        想[退貨]可以嗎
        [優惠券]過期了
        沒收到[簡訊]通知
        可以[超商取貨]嗎
        這個[奶瓶]和那個[包裹]
        訂購單在哪
        包著裹著
        优惠券
        退換貨
        取貨超商""",
    ),
    "th": (
        TH,
        """[พัสดุ]ของฉันอยู่ที่ไหน
        เช็ค[คำสั่งซื้อ]ให้หน่อย
        เช็ค[คําสั่งซื้อ]ให้หน่อย
        [จัดส่ง]วันไหนคะ
        เปลี่ยน[ที่อยู่][จัดส่ง]ได้ไหม
        มี[คูปอง]ไหม
        [น้ำ]รั่วจาก[ขวดนม]
        [นํ้า]หก [นำ้]หก
        คุณ[เเม่]สั่งของ
        [ส่ง]ของด้วยค่ะ
        ส่งเสริมการขาย
        คูปองง์
        แม่็
        พัสดิ
        น้าของฉัน
        เส่ง""",
    ),
    "ko": (
        KO,
        """[주문]이 아직 안 왔어요
        [배송비]까지도 내야 하나요?
        [환불]해 주세요
        [주문]했는데 [택배]는 언제 오나요
        [주문번호]를 알려 주세요
        [주문 번호]가 뭐예요
        [쿠폰]입니다
        [젖병]에서는 냄새가 나요
        [와이파이]랑 연결이 안 돼요
        [택배]들만이라도 보내 주세요
        [주문]WiFi 세트
        재주문할게요
        주문서를 보내 주세요
        쿠포니
        환불률이 높아요
        택배함에 넣고 왔어요""",
    ),
    "ar": (
        AR,
        """أين [طلب]ي؟
        و[طلب]ي لم يصل
        لل[طلب] رقم جديد
        بال[طلب] و[طلبات]كم
        أين ال[شحنة]؟
        [شحنت]ي تأخرت
        عَلى [عُنْوَان]ي الجديد
        [كوبـــون] الخصم لا يعمل
        أريد [ارجاع] المنتج
        وصل [استرداد المبلغ]
        سياسة ال[شراء] و[شراؤ]ها
        فبال[عنوان] نفسه
        شحنت البضاعة أمس
        عندي مطلب
        ورد جميل
        الطالب في المدرسة
        يطلبون المساعدة
        كوبونجي""",
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
