"""What the linter can find, declared: how grave, which rule it guards, and its sentence in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from bihuan.kit.errors import Issue, Level
from bihuan.standards.rules.calling import Named, Several
from bihuan.standards.rules.edition import Label


@dataclass(frozen=True)
class Kind:
    """A kind of finding. The sentences are filled from a finding's values."""

    level: Level
    source: str
    zh: str
    en: str


@dataclass(frozen=True)
class Finding:
    """One place where a kind of finding was met."""

    code: str
    place: str
    values: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))

    def issue(self, language: str) -> Issue:
        """The finding in words; Chinese for `zh…`, else English."""
        kind = KINDS[self.code]
        said = kind.zh if language.startswith("zh") else kind.en
        values = {
            name: value.said(language) if isinstance(value, Named | Several | Label) else value
            for name, value in self.values.items()
        }
        return Issue(kind.level, self.place, said.format(**values), kind.source, self.code)


def found(code: str, place: str, **values: object) -> Finding:
    """A finding with the values its sentence needs."""
    return Finding(code, place, MappingProxyType(values))


def figure(value: Fraction) -> str:
    """Three significant digits: enough to compare, too few to look exact."""
    return f"{float(value):.3g}"


_E, _W, _N = Level.ERROR, Level.WARNING, Level.NOTE

KINDS: Final[Mapping[str, Kind]] = {
    "X1.direction": Kind(
        _E, "X1", "指标“{metric}”在一处要求不高于，在另一处要求不低于。",
        "'{metric}' is to be low in one scope and high in another.",
    ),
    "X1.units": Kind(
        _E, "X1", "指标“{metric}”的目标单位不一致：{one} 与 {other}。", "'{metric}' is limited in {one} and in {other}.",
    ),
    "X2.one_clock": Kind(
        _N, "X2", "排队与首次响应各有目标，客户的整段等待却没有；应分为客户与坐席两个时钟。",
        "Queue and first response have targets, the customer's whole wait has none; keep two clocks.",
    ),
    "X3.raw_points": Kind(
        _E, "X3", "分值直接乘权重，满分只有 {best}，到不了 {whole}：各维度分值为 {points}。应先折算为该维度适用分的百分比，再乘权重。",
        "Points times weight reach at most {best} of {whole}, because the dimensions have {points} points. "
        "Take the share of applicable points in each dimension, then the weight.",
    ),
    "X4.units": Kind(
        _E, "X4", "“{input}”的单位是{unit}，却按{scale}相加；不同单位的和没有意义，请把每一项折算到 0–100。",
        "'{input}' is a {unit} and enters {scale}; a sum of different units means nothing. "
        "Bring every term to 0-100.",
    ),
    "X4.reach": Kind(
        _W, "X4", "在实际波动范围内，此项最多只能改变总分 {points} 分，实际权重 {effective} %，而非 {declared} %。",
        "Over the range seen in practice this term moves the total by {points} points: "
        "an effective weight of {effective} % instead of {declared} %.",
    ),
    "X4.counted_twice": Kind(
        _E, "X4", "“{one}”与“{other}”都取自{facts}，同一客户在总分中计了两次。",
        "'{one}' and '{other}' both rest on {facts}; the same customers count twice in this total.",
    ),
    "X5.item_past_dimension": Kind(
        _E, "X5", "{item} % 的项目放不进 {dimension} % 的维度。请写在 raises 下：维度随之增大，其余按比例缩小。",
        "An item of {item} % does not fit into a dimension of {dimension} %. "
        "Raise the item under `raises`: the dimension grows and the rest shrinks in proportion.",
    ),
    "X5.too_high": Kind(
        _E, "X5", "被调高的项目合计超过 {whole} %。", "Raised items take more than {whole} % together.",
    ),
    "X6.rate_per_contact": Kind(
        _E, "X6", "单次会话没有{rates}；请让该维度在期末并入（per: period）。",
        "{rates} exist only over a period; let the dimension join at its end (per: period).",
    ),
    "X7.input_twice": Kind(
        _E, "X7", "“{input}”经“{one}”进入总分，又经“{other}”再次进入。",
        "Input '{input}' enters through '{one}' and again through '{other}'.",
    ),
    "X7.check_twice": Kind(
        _E, "X7", "检查项“{check}”同时影响“{one}”与“{other}”，计了两次。",
        "Check '{check}' bears on both {one} and {other} and so counts twice.",
    ),
    "X7.layer": Kind(
        _W, "X7", "没有说明是服务质量层还是员工绩效层；两个总分会争夺同一个月。",
        "Does not say (layer) whether it tells of service quality or of staff; two such totals would compete for one month.",
    ),
    "X8.label": Kind(
        _E, "X8", "“{label}”是另一项数据“{named}”的名称，此项取用的却是“{input}”。",
        "'{label}' is the name of '{named}', but the term takes '{input}'.",
    ),
    "X9.vague": Kind(
        _W, "X9", "“{label}”可以是均值、好评率或五星率，请写明所用的是哪一个。",
        "'{label}' may be a mean, a positive rate or a five-star share; name the one in use.",
    ),
    "applies_to.part": Kind(
        _N, "", "本标准只面向部门的一部分（{part}）：按它判定与核算（--edition）只计其中的会话与人员，其余的没有结论。"
        "每天生效的标准仍只有一份，面向整个部门，因此本标准不能发布。",
        "Holds for a part of the department ({part}): judging and appraising by it (--edition) count only the contacts and "
        "people in it, the others get no verdict. What is in force on a day is still one edition for the whole department, so "
        "this one cannot be published.",
    ),
    "calendar.cutover": Kind(
        _E, "", "记录中的业务日从零点开始，标准不能把日切时刻改为 {hour} 点。",
        "The record's business days begin at midnight; an edition cannot have them begin at {hour}:00.",
    ),
    "S2-8.window": Kind(
        _E, "S2-8", "一次解决的观察期（{window}）长于重复来访的观察期（{kept}）：服务记录只保留后者之内的再次来访。",
        "First-contact resolution looks {window} ahead, but the record keeps returns for only {kept} (repeat_window).",
    ),
    "S4-7.confirmations": Kind(
        _E, "S4-7", "检查有 {steps} 步确认，标准要求 {number} 步（levels.level_2_confirmations）。",
        "The check has {steps} confirmations, the edition asks for {number} (levels.level_2_confirmations).",
    ),
    "X11.nested": Kind(
        _E, "X11", "内层时限（{inner}）长于外层时限（{outer}）：移交、分类、首次跟进、办结应依次套在一条时间线上。",
        "A clock of {inner} is to run inside one of {outer}: hand-over, classification, first follow-up and close nest.",
    ),
    "X11.two_limits": Kind(
        _E, "X11", "移交时限写了两处且不一致：检查按 {number}，指标按 {target}。",
        "Two limits for one hand-over: checks go by {number}, metrics by {target}.",
    ),
    "totals.weights": Kind(
        _E, "", "权重合计为 {total} %，不是 {whole} %。", "The weights add up to {total} %, not {whole} %.",
    ),
    "totals.bounds": Kind(
        _E, "", "下限 {low} 高于上限 {high}。", "The lower bound {low} lies above the upper bound {high}.",
    ),
    "appeals.time": Kind(
        _E, "", "申诉时限至少为一个工作日，且按整日计，不能是 {value}。", "An appeal needs at least one whole working day, not {value}.",
    ),
    "appeals.reminder": Kind(
        _W, "", "提前 {early} 个工作日提醒，而全部时限只有 {whole} 个工作日：受理当天就会提醒。",
        "A reminder {early} working days before the end of {whole} comes on the day of the appeal itself.",
    ),
    "appeals.floor": Kind(
        _E, "", "准确率下限 {value} % 不在 0 到 100 之间。", "A precision floor of {value} % lies outside 0 to 100.",
    ),
    "trust.start": Kind(
        _E, "", "检查项的起始级别只能是 1（观察）、2（辅助）或 3（计分），不能是 {value}。",
        "A check starts at 1 (observed), 2 (assisting) or 3 (counting), not at {value}.",
    ),
    "trust.floor": Kind(
        _E, "", "可信度下限 {value} % 不在 0 到 100 之间。", "A floor of {value} % lies outside 0 to 100.",
    ),
    "trust.order": Kind(
        _E, "", "辅助的下限 {low} % 高于计分的下限 {high} %：级别越高要求越低。",
        "To assist asks {low} %, to count only {high} %: the higher standing asks for less.",
    ),
    "totals.unsplit": Kind(
        _N, "", "原文没有给出此项内部如何分配，在有人决定之前各部分等分。",
        "The text does not say how this term splits; its parts count equally until somebody decides.",
    ),
    "severity.zeroes": Kind(
        _W, "", "“{check}”的严重程度为{severity}，却会使得分归零。", "'{check}' is {severity} but zeroes a score.",
    ),
    "severity.unheeded": Kind(
        _W, "", "“{check}”列为一票否决，却没有使任何得分归零。", "'{check}' is fatal but zeroes nothing in this scorecard.",
    ),
    "checks.idle": Kind(
        _W, "", "“{check}”声明计分，但没有任何得分取用它。", "'{check}' is said to count, but no score takes notice of it.",
    ),
    "checks.counts": Kind(
        _W, "", "“{check}”声明不计分，但得分取用了它。", "'{check}' is said not to count, but a score takes notice of it.",
    ),
}  # fmt: skip
