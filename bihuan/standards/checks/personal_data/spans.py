"""What a found piece of personal data is: where it stands and of which kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MOBILE: Final = "mobile"
ID_CARD: Final = "id_card"
BANK_CARD: Final = "bank_card"
EMAIL: Final = "email"
ADDRESS: Final = "address"
ORDER: Final = "order"
PASSPORT: Final = "passport"

KIND_LABELS: Final[dict[str, dict[str, str]]] = {
    MOBILE: {"zh": "手机号", "en": "mobile number"},
    ID_CARD: {"zh": "身份证号", "en": "ID card number"},
    BANK_CARD: {"zh": "银行卡号", "en": "bank card number"},
    EMAIL: {"zh": "邮箱地址", "en": "e-mail address"},
    ADDRESS: {"zh": "住址", "en": "home address"},
    ORDER: {"zh": "完整订单号", "en": "full order number"},
    PASSPORT: {"zh": "护照号", "en": "passport number"},
}


@dataclass(frozen=True, order=True)
class Span:
    """Half-open range of code points of the stored original, and the kind of data in it (a key of KIND_LABELS)."""

    start: int
    end: int
    kind: str
