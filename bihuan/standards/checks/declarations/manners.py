"""Polite forms throughout, and the customer's surname (S3-4, S4-1)."""

from __future__ import annotations

import re
from functools import cache
from importlib import import_module
from typing import Final

import numpy as np

from bihuan.standards.checks.answer import Answer, Shown
from bihuan.standards.checks.declaration import Check, Example, Look, Reason, Rule, dialogue
from bihuan.standards.checks.flags import FLAGS
from bihuan.standards.checks.fold import fold
from bihuan.standards.checks.lexicon import Flags, Rows
from bihuan.standards.checks.scan import AGENT, Scan

NO_AGENT: Final = Reason("not_applicable", "没有人工客服发言", "No agent wrote or spoke")

POLITE_WORDING: Final = Check(
    id="polite_wording",
    label={"zh": "礼貌用语", "en": "Polite wording"},
    sources=("S3-4",),
    reasons={
        "polite": Reason("met", "使用了礼貌用语", "Polite forms are used"),
        "curt": Reason("violated", "直呼“你”，没有礼貌用语", "Curt forms of address and no polite word"),
        "no_polite_word": Reason("violated", "全程没有礼貌用语", "Not one polite word"),
        "no_agent_message": NO_AGENT,
    },
    looks={
        "word": Look("polite_word"),
        "hello": Look("polite_hello"),
        "curt": Look("curt_you"),
        "all": Look(None),
    },
    rules=(
        Rule("no_agent", "no_agent_message"),
        Rule("word", "polite", show=("word",)),
        Rule("curt", "curt", show=("curt",)),
        Rule("hello", "polite", show=("hello",)),
        Rule("true", "no_polite_word", searched="all"),
    ),
    examples=(
        Example("met", dialogue("C: 在吗", "A: 您好", "C: 查快递", "A: 请稍等"), "polite"),
        Example("met", dialogue("C: 在吗", "A: 亲，明天到哦")),
        Example("violated", dialogue("C: 查快递", "A: 你自己看物流", "A: 你等着吧"), "curt"),
        Example("violated", dialogue("C: 查快递", "A: 申请了", "A: 没有"), "no_polite_word"),
        Example("violated", dialogue("C: 查快递", "A: 你这人真麻烦")),
        Example("not_applicable", dialogue("C: 你好", "B: 您好"), "no_agent_message"),
    ),
)

_TITLES: Final = (
    "先生|女士|小姐姐?|太太|太(?=[，,。！!~～ 您你]|$)|"
    "总(?![共是之体结额数部公司价计裁会归算觉而要有能得监])|老师(?!傅)|主任(?!务)|老板娘?|阿姨|叔叔?|大哥|大姐|大爷|大妈|"
    "奶奶|爷爷|同学(?!会|校|们)|医生|大夫|教授|院长|校长|律师|董(?!事会)|局(?![部面域限势])长?|处长|科长|所长|行长|书记|会长|警官|导演|教练|夫人|姑娘|"
    "先森|女侠|兄弟?|哥(?!们几)|姐(?!妹|夫)|嫂|伯伯?|婶|工(?![作程资商具序厂地业人会号])|经理(?!人)|师傅|店长|馆长|团长|部长|厂长|队长"
)
_OF_OURS: Final = (
    r"(?:由|让|转|找|联系|我们的?|同事|主管|专员|客服|售后|技术|部门的?|叫|派|安排|我是|我姓|这里是)[^，。！!？? ]{0,4}"
)
# A customer's title after a word of ours names a colleague only where he is about to do something.
_ACTS: Final = r"(?:来|会|将|去|联系|跟进|回电|上门|对接|负责|处理|接手)"
_GIVEN: Final = r"(?:[^是在的了和与为给很老，。！!？?,. \n][^为给很，。！!？?,. \n]?)?"
# The surname's character begins another word: 高级经理, 方便的话, 马上; before 先生 or 女士 it is a name all the same.
_BEGUN: Final = {
    "高": "级兴度峰温速铁端档价额清效手层薪德", "王": "者牌", "张": "贴罗", "金": "额融牌色属卡币", "方": "便面式案向法",
    "何": "时种处", "许": "可多久", "程": "序度式", "白": "天色条", "马": "上路", "任": "何务意", "安": "全排装心", "包": "裹括装邮",
    "时": "间候", "温": "度馨水", "和": "平", "常": "见用规", "平": "台时板", "华": "为", "成": "功本", "明": "天白", "路": "由上费",
    "花": "呗", "文": "件", "钱": "包款", "费": "用", "云": "端", "夏": "天季", "项": "目", "申": "请", "关": "于", "应": "该",
    "尚": "未", "红": "包", "支": "付持", "万": "一", "康": "复", "石": "油", "水": "平电", "江": "湖", "林": "业", "黄": "金牌",
    "周": "末一二三四五六日期边", "孙": "子", "宁": "可", "单": "位子", "解": "决释", "权": "限", "查": "询", "管": "理家",
    "连": "接", "双": "方", "全": "部国", "能": "够", "易": "用", "简": "单", "柜": "台", "车": "间", "米": "饭", "区": "域",
}  # fmt: skip
_SURE_TITLES: Final = "先生|女士|小姐姐?|太太|先森"
_OTHER_WORDS: Final = "主紧夸扩开慌嚣铺纸帝国霸女大魔"  # 主张, 紧张, 国王: the surname's character inside another word


def judge_surname(scan: Scan, answer: Answer) -> None:
    """Met where an agent message addresses the customer by the known surname."""
    agent = scan.said(AGENT)
    answer.settle(scan.once("no_agent", FLAGS["no_agent"]), "no_agent_message")
    answer.settle(FLAGS["surname_unknown"](scan), "surname_unknown")
    rows = scan.find("address_title", agent & answer.open[scan.contact])
    if len(rows):
        answer.settle(*_addressed(scan, rows))
    answer.settle(answer.open, "not_addressed", Shown(np.flatnonzero(agent & (scan.nth <= 2)), role="looked"))


def _addressed(scan: Scan, rows: Rows) -> tuple[Flags, str, Shown]:
    surnames = [(name or "").strip() for name in scan.facts.words("customer_surname").tolist()]
    found: dict[int, tuple[int, int, int]] = {}
    for row, text in zip(rows.tolist(), scan.folded(rows), strict=True):
        contact = int(scan.contact[row])
        surname = surnames[contact]
        if contact in found or not (_folded(surname) in text or _LATIN.search(text)):
            continue
        match = _counting(_address(surname, bool(_LATIN.search(text))), text)
        if match:
            found[contact] = (row, *match.span(1))
    places = np.array(sorted(found.values()), dtype=np.int64).reshape(-1, 3)
    return scan.any(places[:, 0]), "addressed", Shown(places[:, 0], starts=places[:, 1], ends=places[:, 2])


_LATIN: Final = re.compile("mr|ms|miss|dear")
_folded = cache(fold)


def _counting(expression: re.Pattern[str], text: str) -> re.Match[str] | None:
    return next((match for match in expression.finditer(text) if match[1] is not None), None)


@cache
def _address(surname: str, latin_too: bool) -> re.Pattern[str]:
    """The surname as an address in group 1, a given name or a mask between; without group 1 a colleague is meant."""
    own = re.escape(fold(surname))
    latin = own if surname.isascii() or not latin_too else _spelt(surname)
    return re.compile(
        rf"{_OF_OURS}{own}(?:(?!先生|女士|小姐|太太|总)(?:{_TITLES})|(?:先生|女士|小姐|太太|总){_ACTS})"
        rf"|((?<![{_OTHER_WORDS}]){own}(?:{_GIVEN}(?:{_SURE_TITLES})|{_not_begun(surname)}{_GIVEN}(?:{_TITLES}))"
        rf"|\b(?:mrs?|ms|miss|dear)\.? ?{latin}(?![a-z]))"
    )


def _not_begun(surname: str) -> str:
    """A look-ahead that no word begun by the surname's character passes."""
    return f"(?![{_BEGUN[surname]}])" if surname in _BEGUN else ""


def _spelt(surname: str) -> str:
    """The surname in Latin letters; the dictionary is loaded only when some message is in Latin letters."""
    return "".join(import_module("pypinyin").lazy_pinyin(surname))


SURNAME: Final = Check(
    id="surname",
    label={"zh": "称呼客户姓氏", "en": "Addresses by surname"},
    sources=("S4-1",),
    reasons={
        "addressed": Reason("met", "以姓氏称呼了客户", "The customer is addressed by surname"),
        "not_addressed": Reason("violated", "没有以姓氏称呼客户", "The customer is never addressed by surname"),
        "surname_unknown": Reason("not_applicable", "不知道客户姓氏", "The surname is not known"),
        "no_agent_message": NO_AGENT,
    },
    evaluate=judge_surname,
    patterns=("address_title",),
    examples=(
        Example("met", dialogue("C: 在吗", "A: 张女士您好", customer={"surname": "张"}), "addressed"),
        Example("met", dialogue("C: 在吗", "A: 好的", "A: 李总，已经为您办好了", customer={"surname": "李"})),
        Example("met", dialogue("C: 在嗎", "A: 張先生您好", customer={"surname": "张"})),
        Example("met", dialogue("C: 在吗", "A: 尊敬的欧阳老师", customer={"surname": "欧阳"})),
        Example("met", dialogue("C: 在吗", "A: 您好王**先生", customer={"surname": "王"})),
        Example("met", dialogue("C: 在嗎", "A: 陳太，您好", customer={"surname": "陈"})),
        Example("violated", dialogue("C: 在吗", "A: 价格高太多了，换一款吧", customer={"surname": "高"})),
        Example("met", dialogue("C: hi", "A: Dear Mr. Zhang, thank you", customer={"surname": "张"})),
        Example("violated", dialogue("C: 在吗", "A: 请您把单据张贴好", customer={"surname": "张"}), "not_addressed"),
        Example("violated", dialogue("C: 在吗", "A: 王者荣耀的皮肤已到账，先生", customer={"surname": "王"})),
        Example("violated", dialogue("C: 在吗", "A: 给您派的是手艺高老师傅", customer={"surname": "高"})),
        Example("violated", dialogue("C: 在吗", "A: 已转交高级经理，请稍等", customer={"surname": "高"})),
        Example("met", dialogue("C: 在吗", "A: 高老师您好", "A: 查到了", customer={"surname": "高"})),
        Example("violated", dialogue("C: 在吗", "A: 稍后由王经理联系您", customer={"surname": "王"})),
        Example("violated", dialogue("C: 我是张女士", "A: 您好女士", customer={"surname": "张"})),
        Example("violated", dialogue("C: 在吗", "A: 您好李女士", customer={"surname": "张"})),
        Example("not_applicable", dialogue("C: 在吗", "A: 张女士您好"), "surname_unknown"),
        Example("not_applicable", dialogue("C: 在吗", "B: 张女士您好", customer={"surname": "张"}), "no_agent_message"),
    ),
)

CHECKS: Final = (POLITE_WORDING, SURNAME)
