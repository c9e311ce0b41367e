"""What fills the braces of a phrase: names, numbers and personal data that are well formed and belong to nobody."""

from __future__ import annotations

from random import Random
from typing import Final

from bihuan.demo.cast import Member
from bihuan.demo.names import SURNAMES

PRODUCTS: Final = (
    "扫地机器人", "空气炸锅", "蓝牙耳机", "电热水壶", "洗碗机", "加湿器", "行李箱", "儿童座椅", "冲锋衣", "运动鞋",
    "智能门锁", "投影仪", "净水器", "吹风机", "电饭煲", "床垫", "办公椅", "平板电脑", "手机壳", "羽绒服",
)  # fmt: skip
CITIES: Final = ("杭州", "成都", "武汉", "西安", "广州", "郑州", "长沙", "合肥", "青岛", "昆明", "沈阳", "南昌")
EXPRESS: Final = ("顺丰", "中通", "圆通", "韵达", "京东快递", "邮政")
DEPARTMENTS: Final = ("仓储部", "财务部", "物流部", "技术部", "采购部", "售后鉴定中心", "会员中心")
ROADS: Final = ("建设路", "人民路", "文三路", "解放大道", "科技园路", "锦江大道", "中山北路", "湖滨路")
PREFIXES: Final = ("130", "135", "138", "139", "150", "158", "177", "186", "189")
_ID_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK: Final = "10X98765432"


def customer_surname(customer: int) -> str:
    """The surname of a customer: common ones are common."""
    return SURNAMES[int((customer * 2654435761 % 2**32) / 2**32 * ((customer % 97) / 97) * len(SURNAMES))]


def make_slots(rnd: Random, agent: Member, customer: int, *, address: bool) -> dict[str, str]:
    """Every slot of one contact. `address`: whether this agent calls the customer by surname."""
    own = Random(customer)  # noqa: S311 - a made world
    mobile = own.choice(PREFIXES) + f"{own.randrange(10**8):08d}"
    order = f"20260{rnd.randrange(1, 10)}{rnd.randrange(10**10):010d}"
    title = "女士" if own.random() < 0.5 else "先生"
    return {
        "call": f"{customer_surname(customer)}{title}，" if address else "",
        "name": agent.name,
        "number": agent.number,
        "product": PRODUCTS[int(rnd.random() * len(PRODUCTS))],
        "city": CITIES[int(rnd.random() * len(CITIES))],
        "express": EXPRESS[int(rnd.random() * len(EXPRESS))],
        "dept": DEPARTMENTS[int(rnd.random() * len(DEPARTMENTS))],
        "order": order,
        "order_tail": order[-4:],
        "waybill": f"SF{rnd.randrange(10**12):012d}",
        "amount": f"{rnd.randrange(900, 200000) / 100:.2f}",
        "days": str(rnd.randrange(2, 12)),
        "date": f"{rnd.randrange(1, 13)}月{rnd.randrange(1, 29)}日",
        "time": f"{rnd.randrange(9, 22)}点",
        "tail": mobile[-4:],
        "mobile": mobile,
        "address": f"{own.choice(CITIES)}市{own.choice(ROADS)}{own.randrange(1, 400)}号{own.randrange(1, 30)}栋{own.randrange(101, 2800)}室",
        "bank_card": _bank_card(own),
        "id_card": _id_card(own),
        "email": f"user{own.randrange(10**6)}@example.com",
        "issue": "",
    }


def _bank_card(own: Random) -> str:
    digits = "622202" + f"{own.randrange(10**12):012d}"
    total = sum(sum(divmod(int(d) * (2 - i % 2), 10)) for i, d in enumerate(reversed(digits)))
    return digits + str(-total % 10)


def _id_card(own: Random) -> str:
    body = f"330106{own.randrange(1960, 2004)}{own.randrange(1, 13):02d}{own.randrange(1, 29):02d}{own.randrange(1000):03d}"
    return body + _ID_CHECK[sum(int(d) * w for d, w in zip(body, _ID_WEIGHTS, strict=True)) % 11]
