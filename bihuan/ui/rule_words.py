"""What the rule marks on pages (`S3-14`, `X12`) stand for, in a few words of our own, so that nobody has to look elsewhere.

S0 to S4 are the five texts the product carries out, X the readings chosen where they contradict each other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

SOURCES: Final[Mapping[str, tuple[str, str]]] = {
    "S0": ("服务流程与考核", "Service process and appraisal"),
    "S1": ("客户服务标准流程", "Standard process of customer service"),
    "S2": ("绩效考核标准", "Performance appraisal"),
    "S3": ("服务质量评价与提升", "Evaluating and improving service quality"),
    "S4": ("岗位培训与考核", "Training and assessment of agents"),
    "X": ("各文本冲突时的取法", "Readings where the texts contradict each other"),
}
RULES: Final[Mapping[str, tuple[str, str]]] = {
    "S0-1": ("一次服务分四个阶段", "four stages of a contact"),
    "S0-2": ("上岗前先备好设备与当日要点", "ready before the shift"),
    "S0-3": ("按时接入，问候并报姓名或工号", "access in time, greeting with name or number"),
    "S0-4": ("耐心倾听，安抚情绪", "listen, empathise"),
    "S0-5": ("复述问题并请客户确认", "restate and agree"),
    "S0-6": ("分类后决定由谁解决", "classify and decide who solves"),
    "S0-7": ("方案清楚可行", "clear and feasible solutions"),
    "S0-8": ("马上行动，告知步骤与时间", "act at once, tell steps and times"),
    "S0-9": ("需要时升级并向客户说明", "escalate and explain"),
    "S0-10": ("告知结果、询问满意、致谢结束", "result, satisfied, anything else, thanks"),
    "S0-11": ("服务后及时记录", "record after the service"),
    "S0-12": ("数量与质量一起看", "quantity and quality together"),
    "S0-13": ("硬指标：速度、解决、时长、满意度", "hard metrics"),
    "S0-14": ("软指标：沟通、专业、分析、共情", "soft metrics"),
    "S1-1": ("岗位划分", "posts"),
    "S1-2": ("客户历史、话术与稳定的系统", "customer history, scripts, a stable system"),
    "S1-3": ("30 秒内响应", "respond within 30 s"),
    "S1-4": ("给出多个方案", "several solutions"),
    "S1-5": ("简单问题当场解决", "simple problems on the spot"),
    "S1-6": ("复杂问题 1 小时内移交", "hand over complex problems within 1 h"),
    "S1-7": ("投诉分清己方与他方责任", "complaints: own or others' fault"),
    "S1-8": ("解决后 24 小时内回访", "call back within 24 h"),
    "S1-9": ("完整存档，定期出数", "full archive and regular figures"),
    "S1-10": ("每季度复盘流程", "quarterly review of the process"),
    "S1-11": ("常见问题助手与需求预测", "assistant for common questions, demand forecast"),
    "S1-12": ("奖励与客户建议", "rewards and suggestions"),
    "S1-13": ("目标与原则", "goals and principles"),
    "S1-14": ("招聘", "hiring"),
    "S1-15": ("培训", "training"),
    "S2-1": ("等待过久，客户转为负面", "waiting turns people negative"),
    "S2-2": ("首次响应目标", "first response targets"),
    "S2-3": ("平均响应时长", "average response time"),
    "S2-4": ("日接待量与动态阈值", "daily volume and its thresholds"),
    "S2-5": ("有效服务占比", "effective service share"),
    "S2-6": ("操作合规与身份核验", "operating compliance, identity"),
    "S2-7": ("投诉处理四步", "four steps of a complaint"),
    "S2-8": ("一次解决率", "first-contact resolution"),
    "S2-9": ("支持条件：知识与授权", "enablers: knowledge, authority"),
    "S2-10": ("二次跟进完成率", "follow-up completion"),
    "S2-11": ("服务后 1–5 分评价", "direct rating 1–5"),
    "S2-12": ("回访了解深度满意", "deep satisfaction by call-back"),
    "S2-13": ("有效投诉占比", "valid complaint share"),
    "S2-14": ("投诉 24 小时内办结", "complaints resolved in 24 h"),
    "S3-1": ("何时开展评价", "when to evaluate"),
    "S3-2": ("评价小组", "evaluation group"),
    "S3-3": ("客户与管理两个视角", "two viewpoints"),
    "S3-4": ("服务态度占 50 %", "service attitude 50 %"),
    "S3-5": ("专业能力占 30 %", "professional ability 30 %"),
    "S3-6": ("响应效率占 10 %", "response efficiency 10 %"),
    "S3-7": ("客户满意度占 10 %", "customer satisfaction 10 %"),
    "S3-8": ("权重可按业务调整", "weights may be adjusted"),
    "S3-9": ("采集什么、何时采集", "what is collected, when"),
    "S3-10": ("每日随机抽取 10–20 %", "10–20 % drawn a day"),
    "S3-11": ("每周回访，关注站外评价", "weekly call-backs, outside reviews"),
    "S3-12": ("投诉台账", "complaint ledger"),
    "S3-13": ("日评分表与每周复评", "daily sheets, weekly re-evaluation"),
    "S3-14": ("月度总分按 60/20/20 合成", "monthly total 60/20/20"),
    "S3-15": ("诊断差距与根因", "diagnosis"),
    "S3-16": ("问题分级", "grades of problems"),
    "S3-17": ("措施有负责人与期限", "measures with owner and date"),
    "S4-1": ("服务闭环：称呼姓氏，结尾留联系方式", "service loop, surname, closing"),
    "S4-2": ("情绪温度计", "emotion thermometer"),
    "S4-3": ("培训标准：首响 15 秒，投诉 24 小时", "first response 15 s in training, complaint 24 h"),
    "S4-4": ("信息脱敏，不作绝对承诺", "mask data, no absolute promises"),
    "S4-5": ("沟通技巧", "skills"),
    "S4-6": ("30 秒内查到并匹配方案", "system skill within 30 s"),
    "S4-7": ("L1–L3 分级响应", "levels L1 to L3"),
    "S4-8": ("理论考核", "theory exam"),
    "S4-9": ("实操考核", "practical exam"),
    "S4-10": ("系统操作考核", "system exam"),
    "S4-11": ("员工绩效按 20/50/30 合成", "staff appraisal 20/50/30"),
    "S4-12": ("考核周期", "cycles"),
    "S4-13": ("讲师与手册", "trainers and handbook"),
    "S4-14": ("3 个工作日内告知结果", "results told in 3 working days"),
    "S4-15": ("前 10 % 与连续三次不合格", "top 10 %, three failures"),
    "S4-16": ("职级阶梯", "ladder"),
    "X1": ("目标按渠道、级别等范围取最具体的一条", "scoped targets"),
    "X2": ("首次响应用两个时钟：客户的与坐席的", "two first-response clocks"),
    "X3": ("维度得分 = 得分 ÷ 适用分", "dimension = earned ÷ applicable"),
    "X4": ("各项折算到 0–100，并说明实际影响", "units and reach of terms"),
    "X5": ("项目权重可超出维度，其余按比例缩小", "raising an item past its dimension"),
    "X6": ("比率类项目期末并入", "rates join at period end"),
    "X7": ("服务质量与员工绩效两层，同一输入不重复计", "two layers, no input twice"),
    "X8": ("解决率与一次解决率分开", "two resolution rates"),
    "X9": ("满意度写明所用的是哪一个数", "one name per satisfaction figure"),
    "X10": ("投诉率 = 有效投诉 ÷ 有效会话", "valid complaints ÷ effective contacts"),
    "X11": ("投诉各时限依次相套", "nested complaint clocks"),
    "X12": ("机器全量判定，人工随机抽样复核", "machine scores all, people a sample"),
    "X13": ("人人收到调查，另按比例人工回访", "survey to all, call-back quota"),
    "X14": ("日、周、月、季、年各管各的", "all cycles"),
    "X15": ("系统操作的两个时限相套", "nested system clocks"),
    "X16": ("前十分之一、并列与不可区分", "top tenth, ties, separability"),
    "X17": ("奖惩不只看分数", "not the score alone"),
    "X18": ("按意思判断，不逐字比对", "meaning, not letters"),
    "X19": ("月度取日评分的均值", "mean of day scores"),
    "X20": ("服务时长与处理时长分开", "contact duration and handle time"),
}
_ID: Final = re.compile(r"\b(?:S\d-\d+|X\d+)\b")


def rule_words(marks: str, language: str) -> str:
    """What the marks of a text stand for, one after another: `S3-14 月度总分按 60/20/20 合成`; nothing where none is known."""
    at = 0 if language.startswith("zh") else 1
    known = [f"{rule} {RULES[rule][at]}" for rule in dict.fromkeys(_ID.findall(marks)) if rule in RULES]
    return ("；" if at == 0 else "; ").join(known)


def source_words(rule: str, language: str) -> str:
    """The text a rule is from."""
    return SOURCES[rule.partition("-")[0] if rule.startswith("S") else "X"][0 if language.startswith("zh") else 1]
