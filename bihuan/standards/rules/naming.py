"""What the places of an edition are called, so that a change reads as a sentence and a number has a caption."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from bihuan.standards.rules.edition import Edition, Label, Scheme, Scorecard, Target, Term

Names = Mapping[str, Label]

CHANNELS: Final[Names] = {
    "phone": Label("电话", "phone"),
    "chat": Label("在线", "chat"),
    "email": Label("邮件", "e-mail"),
    "social": Label("社交媒体", "social media"),
}
CONTEXTS: Final[Names] = {
    "live": Label("日常", "live"),
    "exam": Label("考试", "exam"),
    "training": Label("培训", "training"),
    "other_departments": Label("需其他部门处理", "other departments involved"),
}
PROPERTIES: Final[Names] = {
    "version": Label("版本", "Version"),
    "title": Label("标题", "Title"),
    "about": Label("说明", "About"),
    "author": Label("编制人", "Author"),
    "approver": Label("批准人", "Approver"),
    "effective_from": Label("生效日期", "Effective from"),
    "id": Label("标识", "Id"),
    "applies_to": Label("适用范围", "Scope"),
    "calendar.zone": Label("时区", "Time zone"),
    "calendar.cutover_hour": Label("日切时刻", "Cut-over hour"),
    "calendar.working_week": Label("每周工作日", "Working week"),
    "calendar.country": Label("节假日所依国家", "Country of holidays"),
    "rounding.score": Label("得分小数位", "Decimals of scores"),
    "rounding.duration": Label("时长小数位", "Decimals of durations"),
    "rounding.count": Label("数量小数位", "Decimals of counts"),
    "rounding.nps": Label("净推荐值小数位", "Decimals of promoter scores"),
    "rounding.share": Label("比率小数位", "Decimals of shares"),
}
SECTIONS: Final[Names] = {
    "metrics": Label("指标参数", "Metric parameters"),
    "volume": Label("工作量", "Volume"),
    "ranking": Label("排名", "Ranking"),
    "statistics": Label("统计", "Statistics"),
    "rewards": Label("奖惩", "Rewards"),
    "sampling": Label("抽检", "Sampling"),
    "survey": Label("回访与调查", "Surveys"),
    "complaints": Label("投诉时限", "Complaint clocks"),
    "follow_up": Label("跟进时限", "Follow-ups"),
    "hand_over": Label("移交时限", "Hand-over"),
    "enablers": Label("支持条件", "Enablers"),
    "problems": Label("问题分级与诊断", "Problems"),
    "exam": Label("理论考核", "Theory exam"),
    "practical": Label("实操考核", "Practical exam"),
    "system_exam": Label("系统操作考核", "System exam"),
    "training": Label("培训资料", "Training material"),
    "feedback": Label("结果反馈", "Feedback"),
    "levels": Label("分级响应", "Levels"),
    "appeals": Label("申诉", "Appeals"),
    "item_statistics": Label("项目统计", "Item statistics"),
    "fairness": Label("公平性", "Fairness"),
    "trust": Label("检查可信度", "Trust in checks"),
    "calibration": Label("校准", "Calibration"),
}
NUMBERS: Final[Names] = {
    "metrics.short_abandon": Label("短时放弃界限", "Short abandon below"),
    "metrics.fcr_window": Label("一次解决观察期", "First-contact window"),
    "metrics.fcr_early_window": Label("一次解决早期观察", "First-contact early view"),
    "metrics.repeat_window": Label("重复来访观察期", "Repeat window"),
    "metrics.survey_response_share": Label("评价参与率", "Share who answer surveys"),
    "metrics.negative_after": Label("等待多久转为负面", "Wait that turns negative"),
    "metrics.negative_share": Label("久等后转为负面的比例", "Share turning negative"),
    "metrics.give_up_share": Label("久等后放弃的比例", "Share giving up"),
    "volume.new_agent_daily": Label("新人日接待量", "New agent, a day"),
    "volume.mature_agent_daily_low": Label("成熟坐席日接待量下限", "Mature agent, a day, low"),
    "volume.mature_agent_daily_high": Label("成熟坐席日接待量上限", "Mature agent, a day, high"),
    "volume.promotion_factor_low": Label("大促倍数下限", "Promotion factor, low"),
    "volume.promotion_factor_high": Label("大促倍数上限", "Promotion factor, high"),
    "volume.resolution_lost_to_volume": Label("只追求量时解决率降幅", "Resolution lost to volume"),
    "volume.repeat_share_example": Label("重复咨询占比示例", "Repeat share, example"),
    "ranking.least_contacts": Label("参加排名的最少会话数", "Least contacts to rank"),
    "ranking.coverage_floor": Label("参加排名的最低覆盖率", "Least coverage to rank"),
    "ranking.top_share": Label("优秀比例", "Top share"),
    "ranking.least_people_for_top": Label("评选优秀的最少人数", "Least people for a top"),
    "ranking.bootstrap_draws": Label("区间重抽次数", "Draws for an interval"),
    "ranking.bootstrap_seed": Label("区间随机种子", "Seed of the draws"),
    "statistics.confidence": Label("置信水平", "Confidence"),
    "rewards.top_share": Label("服务之星比例", "Service Star share"),
    "rewards.failures_in_a_row": Label("连续不合格次数", "Failures in a row"),
    "sampling.daily_share_low": Label("每日抽检比例下限", "Daily sample, low"),
    "sampling.daily_share_high": Label("每日抽检比例上限", "Daily sample, high"),
    "sampling.least_per_stratum": Label("每层至少抽取", "Least per stratum"),
    "sampling.afternoon_from": Label("下午起始时刻", "Afternoon from"),
    "sampling.evening_from": Label("晚间起始时刻", "Evening from"),
    "sampling.seed": Label("抽取随机种子", "Seed of the draw"),
    "sampling.blind": Label("作答前隐藏机器判定", "Machine answers hidden until answered"),
    "sampling.due_within": Label("样本评完时限", "Sample judged within"),
    "sampling.margin": Label("期望误差", "Margin of error"),
    "sampling.deviation": Label("估算用离散程度", "Assumed spread of scores"),
    "sampling.risk_most": Label("风险队列占比上限", "Risk queue, largest share"),
    "sampling.risk_rating_at_most": Label("低评价界限", "Low rating"),
    "sampling.risk_complaints_from": Label("多次投诉界限", "Many complaints"),
    "sampling.risk_complaints_within": Label("投诉统计窗口", "Complaints counted over"),
    "sampling.risk_silence_from": Label("长时间静默界限", "Long silence"),
    "sampling.risk_full_marks": Label("满分界限", "Full marks"),
    "sampling.review_disagreements": Label("视为争议的不一致项数", "Items that differ to be disputed"),
    "sampling.review_most": Label("每周复评最多份数", "Re-evaluations a week, at most"),
    "sampling.review_raters": Label("复评最少人数", "Raters of a re-evaluation, at least"),
    "sampling.looked_back": Label("补抽回看多久", "Days without a draw are drawn back to"),
    "sampling.reading_at_most": Label("单次阅读时长上限", "Reading time told, at most"),
    "sampling.agreement_over": Label("与机器一致率的统计窗口", "Agreement with the machine over"),
    "sampling.least_scores": Label("估算离散程度所需的最少评分", "Least scores of a measured spread"),
    "survey.call_back_within": Label("满意度回访时限", "Call-back within"),
    "survey.monthly_share": Label("人工回访占当月客户", "Call-backs of the month's customers"),
    "complaints.classified_within": Label("投诉初步分类时限", "Complaint classified within"),
    "complaints.first_follow_up_within": Label("投诉首次跟进时限", "Complaint first follow-up within"),
    "complaints.closed_within": Label("一般投诉办结时限", "Ordinary complaint closed within"),
    "complaints.closed_within_with_others": Label("需他部门投诉办结时限", "Complaint with others closed within"),
    "follow_up.first_within": Label("首次跟进时限", "First follow-up within"),
    "follow_up.closed_within": Label("跟进办结时限", "Follow-up closed within"),
    "hand_over.complex_within": Label("复杂问题移交时限", "Complex problem handed over within"),
    "hand_over.level_3_within": Label("三级问题移交时限", "L3 handed over within"),
    "enablers.knowledge_coverage": Label("知识库覆盖率", "Knowledge coverage"),
    "enablers.compensation_limit": Label("坐席补偿权限", "Agent's compensation limit"),
    "problems.below_team_mean": Label("低于团队均值预警", "Below team mean"),
    "problems.cluster_share": Label("问题聚类比例", "Cluster share"),
    "problems.whys": Label("追问层数", "Whys"),
    "problems.important_after": Label("重要问题：满意度连续未达标", "Important: satisfaction below target"),
    "problems.review_every": Label("流程复审周期", "Process review every"),
    "exam.business": Label("业务知识", "Business"),
    "exam.compliance": Label("合规知识", "Compliance"),
    "exam.cases": Label("案例分析", "Cases"),
    "practical.scenario_classes": Label("场景类数", "Scenario classes"),
    "practical.respond_within": Label("实操响应时限", "Respond within"),
    "practical.anchor_high": Label("高锚定分", "High anchor"),
    "practical.anchor_low": Label("低锚定分", "Low anchor"),
    "system_exam.match_within": Label("查询到匹配方案时限", "Look-up to match within"),
    "system_exam.wrong_item": Label("每处错误扣分", "Each wrong item"),
    "system_exam.full_marks_within": Label("满分时限", "Full marks within"),
    "training.handbook_update_within": Label("教材更新时限", "Handbook updated within"),
    "feedback.result_told_within": Label("结果告知时限", "Result told within"),
    "levels.level_2_confirmations": Label("二级问题确认步数", "L2 confirmations"),
    "appeals.window": Label("申诉期", "Appeal within"),
    "appeals.decided_within": Label("申诉裁定时限", "Appeal decided within"),
    "appeals.remind_before": Label("裁定到期前提醒", "Reminder before an appeal is due"),
    "appeals.precision_floor": Label("检查项准确率下限", "Least precision of a check"),
    "appeals.least_reviewed": Label("据以停用的最少复核数", "Least reviewed verdicts to stop a check"),
    "item_statistics.least_contacts": Label("项目统计所需的最少会话数", "Least contacts of an item statistic"),
    "item_statistics.always_from": Label("几乎全部达成的界限", "Met by nearly everybody from"),
    "item_statistics.redundant_from": Label("两项重复的相关界限", "Two items say the same from"),
    "fairness.flips_at_most": Label("结论改变比例上限", "Verdicts that flip, at most"),
    "fairness.shift_at_most": Label("结论平均偏移上限", "Mean shift of verdicts, at most"),
    "fairness.least_contacts": Label("公平性检验的最少会话数", "Least contacts of a fairness figure"),
    "fairness.contacts": Label("一次公平性检验的会话数", "Contacts of a fairness run"),
    "fairness.burst": Label("消息先后不计的间隔", "Order does not matter within"),
    "trust.shipped_starts": Label(
        "随产品提供的检查项起始级别（1 观察、2 辅助、3 计分）",
        "A shipped check starts (1 observed, 2 assisting, 3 counting)",
    ),
    "trust.own_starts": Label(
        "自编检查项起始级别（1 观察、2 辅助、3 计分）",
        "A check of one's own starts (1 observed, 2 assisting, 3 counting)",
    ),
    "trust.timed_starts": Label("按记录时间判定的检查项起始级别", "A check of logged times starts"),
    "trust.assisting_precision": Label("辅助所需的准确率", "Precision to assist"),
    "trust.assisting_recall": Label("辅助所需的检出率", "Recall to assist"),
    "trust.counting_recall": Label("计分所需的检出率", "Recall to count"),
    "trust.window": Label("可信度取样范围", "Reviews of the last"),
    "trust.least_scored": Label("合并估计所需的最少人工评分", "Least human scores of a combined figure"),
    "calibration.kappa_floor": Label("κ 系数下限", "Least kappa"),
    "calibration.alpha_floor": Label("α 系数下限", "Least alpha"),
    "calibration.one_sided_from": Label("改看 AC1 的同答案比例", "AC1 decides from a share of one answer"),
    "calibration.severity_limit": Label("评分宽严界限", "Severity of a rater, at most"),
    "calibration.drift_limit": Label("评分尺度漂移界限", "Drift of a rater, at most"),
    "calibration.least_overlap": Label("估计尺度所需的最少重叠评价", "Least overlapping evaluations"),
    "calibration.sessions_every": Label("校准间隔", "A session at least every"),
    "calibration.contacts": Label("一次校准的会话数", "Contacts of a session"),
    "calibration.looked_back": Label("估计尺度回看多久", "Scales are estimated over"),
}
PARAMS: Final[Names] = {
    "first_messages": Label("开头几条内", "within the first"),
    "last_messages": Label("结尾几条内", "within the last"),
    "reply_messages": Label("其后几条内", "within the next"),
    "short_messages": Label("简短提问条数", "short question"),
    "near_messages": Label("前后几条内", "within"),
    "least_share": Label("最低比例", "least share"),
    "ring_cycle": Label("每声时长", "length of a ring"),
}
VALUES: Final[Names] = {
    "minor": Label("一般", "minor"),
    "major": Label("重要", "major"),
    "fatal": Label("一票否决", "fatal"),
    "at_most": Label("不高于", "at most"),
    "at_least": Label("不低于", "at least"),
}
WORDS: Final[Names] = {
    "weight": Label("权重", "weight"),
    "points": Label("分值", "points"),
    "severity": Label("严重程度", "severity"),
    "counts": Label("是否计分", "counts"),
    "source": Label("依据", "source"),
    "method": Label("计分方法", "method"),
    "na": Label("不适用处理", "treatment of N/A"),
    "coverage_floor": Label("最低覆盖率", "least coverage"),
    "layer": Label("层次", "layer"),
    "cycle": Label("周期", "cycle"),
    "input": Label("取数", "input"),
    "low": Label("常见低值", "usual low"),
    "high": Label("常见高值", "usual high"),
    "unit": Label("单位", "unit"),
    "per": Label("计分时点", "joins per"),
}


def names_of(edition: Edition) -> dict[str, Label]:
    """The caption of every place of an edition that has one."""
    names = {**PROPERTIES, **{f"numbers.{place}": label for place, label in NUMBERS.items()}}
    names |= dict(_targets(edition))
    for part in (edition.checks, edition.inputs):
        for setting in part.values():
            names |= dict(_under(setting.place, setting.label))
    for setting in edition.checks.values():
        for name in setting.numbers:
            place = f"{setting.place}.numbers.{name}"
            names[place] = _joined(setting.label, PARAMS.get(name, Label(f"参数 {name}", f"parameter {name}")))
    for card in edition.scorecards.values():
        names |= dict(_card(card, edition))
    for scheme in edition.schemes.values():
        names |= dict(_scheme(scheme))
    return names


def _targets(edition: Edition) -> Iterator[tuple[str, Label]]:
    labels = {target.metric: target.label for target in reversed(edition.targets) if target.label.zh}
    for target in edition.targets:
        base = labels.get(target.metric, Label(target.metric, target.metric))
        name = Label(f"{base.zh}目标{_scope(target, 'zh')}", f"Target of {base.en}{_scope(target, 'en')}")
        yield target.place, name
        yield f"{target.place}.side", _joined(name, Label("方向", "direction"))


def _scope(target: Target, language: str) -> str:
    parts = [CHANNELS[target.channel].said(language)] if target.channel else []
    parts += [target.level] if target.level else []
    if target.context != "live":
        parts.append(CONTEXTS.get(target.context, Label(target.context, target.context)).said(language))
    if not parts:
        return ""
    return f"（{'、'.join(parts)}）" if language == "zh" else f" ({', '.join(parts)})"


def _card(card: Scorecard, edition: Edition) -> Iterator[tuple[str, Label]]:
    yield from _under(card.place, card.label)
    for dimension in card.dimensions:
        yield from _under(f"{card.place}.dimensions.{dimension.id}", _joined(card.label, dimension.label))
        for item in dimension.items:
            place = f"{card.place}.dimensions.{dimension.id}.items.{item.id}"
            yield from _under(place, _joined(card.label, item.label))
            for feed in item.feeds:
                check = _check(feed.check, edition)
                fed = Label(f"检查项 {check.zh}", f"check {check.en}")
                yield f"{place}.feeds.{feed.check}.check", _joined(_joined(card.label, item.label), fed)
    for asked in card.asks:
        yield from _under(f"{card.place}.asks.{asked.id}", _joined(card.label, asked.label))
    for kind, entries, label in (
        ("deductions", card.deductions, Label("扣分", "deduction")),
        ("fatal", card.fatal, Label("一票否决", "fatal item")),
    ):
        for entry in entries:
            check = _check(entry.check, edition)
            named = Label(f"{label.zh} {check.zh}", f"{label.en} {check.en}")
            yield f"{card.place}.{kind}.{entry.check}.points", _joined(card.label, named)


def _check(check: str, edition: Edition) -> Label:
    """What a check is called; its id where the edition gives it no name."""
    setting = edition.checks.get(check)
    return setting.label if setting and setting.label.zh and setting.label.en else Label(check, check)


def _scheme(scheme: Scheme) -> Iterator[tuple[str, Label]]:
    yield from _under(scheme.place, scheme.label)
    for term in scheme.terms:
        yield from _term(scheme, term, f"{scheme.place}.terms.{term.id}")


def _term(scheme: Scheme, term: Term, place: str) -> Iterator[tuple[str, Label]]:
    yield from _under(place, _joined(scheme.label, term.label))
    for part in term.parts:
        yield from _term(scheme, part, f"{place}.parts.{part.id}")


def _under(place: str, label: Label) -> Iterator[tuple[str, Label]]:
    yield place, label
    yield f"{place}.label", label
    for name, word in WORDS.items():
        yield f"{place}.{name}", _joined(label, word)


def _joined(one: Label, other: Label) -> Label:
    return Label(f"{one.zh} · {other.zh}", f"{one.en} · {other.en}")
