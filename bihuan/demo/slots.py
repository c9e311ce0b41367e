"""What fills the braces of a phrase: names, numbers and personal data that are well formed and belong to nobody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache, cached_property
from random import Random
from typing import Final

from bihuan.demo.cast import Member
from bihuan.demo.names import SURNAMES

PRODUCTS: Final = (
    "扫地机器人", "空气炸锅", "蓝牙耳机", "电热水壶", "洗碗机", "加湿器", "投影仪", "净水器", "吹风机", "电饭煲",
    "智能门锁", "平板电脑", "按摩椅", "咖啡机", "破壁机", "电动牙刷", "智能手表", "路由器", "显示器", "除湿机",
    "电压力锅", "烘干机", "取暖器", "机械键盘",
)  # fmt: skip
CITIES: Final = ("杭州", "成都", "武汉", "西安", "广州", "郑州", "长沙", "合肥", "青岛", "昆明", "沈阳", "南昌")
EXPRESS: Final = ("顺丰", "中通", "圆通", "韵达", "京东快递", "邮政")
DEPARTMENTS: Final = ("仓储部", "财务部", "物流部", "技术部", "采购部", "售后鉴定中心", "会员中心")
ROADS: Final = ("建设路", "人民路", "文三路", "解放大道", "科技园路", "锦江大道", "中山北路", "湖滨路")
PREFIXES: Final = ("130", "135", "138", "139", "150", "158", "177", "186", "189")
TITLES: Final = ("女士", "先生") * 9 + ("小姐", "老师", "总")
_ID_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK: Final = "10X98765432"
_MIX: Final = 2654435761
_RECENT_DAYS: Final = 21
_ARTICLE_LETTERS: Final = "ABCDEFGHKLMNPRTX"


def customer_surname(customer: int) -> str:
    """The surname of a customer: common ones are common."""
    return SURNAMES[int((customer * _MIX % 2**32) / 2**32 * ((customer % 97) / 97) * len(SURNAMES))]


def customer_title(customer: int) -> str:
    return TITLES[(customer * _MIX >> 11) % len(TITLES)]


class Slots(dict[str, str]):
    """The slots of one contact by name, each made when a line first asks for it.

    What belongs to the customer depends on the customer alone; what belongs to the matter is drawn from `rnd`.
    """

    def __init__(self, rnd: Random, agent: Member, customer: int, day: date, *, address: bool) -> None:
        call = f"{customer_surname(customer)}{customer_title(customer)}，" if address else ""
        super().__init__(call=call, name=agent.name, number=agent.number)
        self.rnd, self.customer, self.day = rnd, customer, day

    def __missing__(self, key: str) -> str:
        value = self[key] = _MAKERS[key](self)
        return value

    @cached_property
    def own(self) -> Random:
        return Random(self.customer)  # noqa: S311 - a made world

    @cached_property
    def phone(self) -> str:
        own = Random(self.customer + 1)  # noqa: S311 - a made world
        return own.choice(PREFIXES) + f"{own.randrange(10**8):08d}"

    def draw(self, start: int, end: int) -> int:
        return start + int(self.rnd.random() * (end - start))

    def one_of(self, values: tuple[str, ...]) -> str:
        return values[int(self.rnd.random() * len(values))]


def _order(slots: Slots) -> str:
    return f"20260{slots.draw(1, 10)}{slots.draw(0, 10**10):010d}"


def _amount(slots: Slots) -> str:
    return f"{slots.draw(900, 200000) / 100:.2f}"


def _address(slots: Slots) -> str:
    own = slots.own
    place = f"{own.choice(CITIES)}市{own.choice(ROADS)}{own.randrange(1, 400)}号"
    return f"{place}{own.randrange(1, 30)}栋{own.randrange(101, 2800)}室"


def _bank_card(slots: Slots) -> str:
    digits = "622202" + f"{slots.own.randrange(10**12):012d}"
    total = sum(sum(divmod(int(d) * (2 - i % 2), 10)) for i, d in enumerate(reversed(digits)))
    return digits + str(-total % 10)


def _id_card(slots: Slots) -> str:
    own = slots.own
    born = f"{own.randrange(1960, 2004)}{own.randrange(1, 13):02d}{own.randrange(1, 29):02d}"
    body = f"330106{born}{own.randrange(1000):03d}"
    return body + _ID_CHECK[sum(int(d) * w for d, w in zip(body, _ID_WEIGHTS, strict=True)) % 11]


@cache
def _days_before(day: date) -> tuple[str, ...]:
    """The days shortly before, as they are spoken of."""
    before = (day - timedelta(days=back) for back in range(1, _RECENT_DAYS + 1))
    return tuple(f"{one.month}月{one.day}日" for one in before)


def _sku(slots: Slots) -> str:
    letter, number = divmod(slots.draw(0, len(_ARTICLE_LETTERS) * 10**4), 10**4)
    return f"{_ARTICLE_LETTERS[letter]}{number:04d}"


_MAKERS: Final[dict[str, Callable[[Slots], str]]] = {
    "product": lambda slots: slots.one_of(PRODUCTS),
    "city": lambda slots: slots.one_of(CITIES),
    "express": lambda slots: slots.one_of(EXPRESS),
    "dept": lambda slots: slots.one_of(DEPARTMENTS),
    "order": _order,
    "order_tail": lambda slots: slots["order"][-4:],
    "waybill": lambda slots: f"SF{slots.draw(0, 10**12):012d}",
    "amount": _amount,
    "days": lambda slots: str(slots.draw(2, 12)),
    "date": lambda slots: f"{slots.draw(1, 13)}月{slots.draw(1, 29)}日",
    "time": lambda slots: f"{slots.draw(9, 22)}点",
    "waybill_tail": lambda slots: slots["waybill"][-4:],
    "sku": _sku,
    "lately": lambda slots: slots.one_of(_days_before(slots.day)),
    "moment": lambda slots: f"{slots.draw(8, 23)}点{slots.draw(1, 60):02d}分",
    "tail": lambda slots: slots.phone[-4:],
    "mobile": lambda slots: slots.phone,
    "address": _address,
    "bank_card": _bank_card,
    "id_card": _id_card,
    "email": lambda slots: f"user{slots.own.randrange(10**6)}@example.com",
}

SLOT_NAMES: Final = frozenset({"call", "name", "number", "issue", *_MAKERS})
