"""Raters' scales in use: what they are told from, the score beside the raw one, alarms raised once, journalled and settled."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from bihuan.archive.tests.record_world import World
from bihuan.inspection.actions import decide_review, give_opinion, release_evaluations, submit_evaluation
from bihuan.inspection.actions.scaling import raise_scale_alarms, settle_scale_alarm
from bihuan.inspection.calibration.pool import Drawing
from bihuan.inspection.calibration.refusals import AlarmSettled, OwnAlarm
from bihuan.inspection.calibration.scale import adjusted_score, overlapping, period_of, scales
from bihuan.inspection.calibration.scale_page import ScalePage
from bihuan.inspection.models import Calibration, Evaluation, Review, ScaleAlarm
from bihuan.inspection.refusals import ReasonNeeded
from bihuan.inspection.rules.scale import FATAL, OF_GROUP, UNKNOWN_SCALE, Scales
from bihuan.inspection.rules.severity import Scored, severity_of
from bihuan.inspection.tasks import watch_scales
from bihuan.inspection.tests.calibration_world import closed, made, rated_by_all
from bihuan.inspection.tests.desk_world import DAY, answer_all, drawn, mine
from bihuan.journal.models import Entry
from bihuan.kit.clock import now
from bihuan.kit.errors import NotAllowed
from bihuan.people.models import User
from bihuan.people.tests.cast import Cast
from bihuan.standards.choosing import edition_in_use
from bihuan.standards.editions import load_edition
from bihuan.ui import formats

pytestmark = pytest.mark.django_db
STRICT = {"4001": {"polite_language": "violated", "positive_tone": "violated"}}
TEN = Drawing(DAY, DAY, 10, 3)


def browser(user: User) -> Client:
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(user)
    return client


@pytest.fixture
def strict(lived: World, cast: Cast) -> Calibration:
    """Ten contacts on which the trainer takes off points that nobody else does."""
    return closed(cast, STRICT, contacts=TEN)


def found(at=None):
    return scales(edition_in_use(DAY), at or now())


def evaluated(user: User) -> Evaluation:
    work = mine(user)
    return submit_evaluation(
        user, assignment=work, revision=answer_all(user, work, violated=["patient_listening"]).revision
    )


def test_severity_is_told_from_what_several_people_judged(strict: Calibration) -> None:
    assert len(overlapping(strict.made_at)) == 30
    severity = found().severity.raters
    assert severity["4001"].value < -3
    assert severity["4001"].high < 0


def test_points_are_told_against_the_expert_so_that_one_strict_rater_makes_nobody_else_look_lenient(
    strict: Calibration, cast: Cast
) -> None:
    assert found().reference == "5001"
    assert abs(found().severity.raters["5001"].value) < 0.01
    assert abs(found().severity.raters["3001"].value) < 0.5
    assert "以专家郑强为准" in browser(cast.user("supervisor")).get(reverse("inspection:scale")).content.decode()


def test_what_only_one_person_judged_and_open_sessions_tell_nothing(lived: World, cast: Cast) -> None:
    drawn()
    evaluated(cast.user("inspector"))
    session = made(cast, TEN)
    rated_by_all(session, STRICT)
    assert overlapping(session.made_at) == []
    assert found().severity.raters == {}


def test_S3_13_opinions_of_a_re_evaluation_overlap_once_it_is_decided_and_the_first_evaluation_stays_out(
    lived: World, cast: Cast
) -> None:
    """It came before the group for what it said: beside fresh looks its rater would seem strict or lenient by that alone."""
    drawn()
    first = release_evaluations(cast.user("inspector"), evaluations=[evaluated(cast.user("inspector"))])[0]
    review = Review.objects.create(week=DAY, evaluation=first, reasons=["disputed"], gathered_at=now())
    asked = first.answers.filter(given_by="person")
    for name in ("manager", "supervisor"):
        give_opinion(cast.user(name), review=review, answers={one.item: ("met", "") for one in asked})
    assert overlapping(first.started_at) == []
    decide_review(cast.user("manager"), review=review, answers={"patient_listening": "met"}, reason="复看一致")
    told = {one.rater: one.score for one in overlapping(first.started_at)}
    assert set(told) == {"5001", "2001"}
    assert told["5001"] == told["2001"] > float(first.unfailed)


def test_a_fatal_finding_is_no_matter_of_scale(lived: World, cast: Cast) -> None:
    edition = load_edition("recommended")
    fatal = edition.scorecard().fatal[0].check
    session = closed(cast, {"4001": {fatal: "violated"}}, contacts=TEN)
    assert session.contacts.first().ratings.get(seat__person__number="4001").total == 0
    assert abs(found().severity.raters.get("4001").value or 0) < 1


def test_raw_and_adjusted_stand_side_by_side_for_insiders_and_the_raw_one_alone_for_the_agent(
    strict: Calibration, cast: Cast
) -> None:
    drawn()
    done = release_evaluations(cast.user("inspector"), evaluations=[evaluated(cast.user("trainer"))])[0]
    adjusted = adjusted_score(done, found())
    assert adjusted.value > done.total
    where = reverse("inspection:evaluation", args=[done.pk])
    insider = browser(cast.user("inspector")).get(where).content.decode()
    assert f"{done.total:.2f}" in insider
    assert f"{adjusted.value:.2f}" in insider
    assert '<p class="ins-rate xs soft">按评分尺度折算' in insider  # below the head, not in the type of a score
    assert "计分以原始分为准" in insider
    agent = browser(User.objects.get(username=done.assignment.person)).get(where).content.decode()
    assert f"{done.total:.2f}" in agent
    assert "折算" not in agent
    sheet = browser(cast.user("supervisor")).get(reverse("inspection:sheet"), {"day": DAY.isoformat()}).content.decode()
    assert f"{done.total:.2f}" in sheet
    assert f"{adjusted.value:.2f}" in sheet
    done.refresh_from_db()
    assert done.total == Decimal(str(done.score.value))  # nothing was replaced


def test_where_there_is_no_adjusted_score_the_reason_is_told(strict: Calibration, cast: Cast) -> None:
    drawn()
    unknown = evaluated(cast.user("inspector"))
    unknown.evaluator = cast.person("senior_agent")
    assert adjusted_score(unknown, found()).reason == UNKNOWN_SCALE
    unknown.fatal = True
    assert adjusted_score(unknown, found()).reason == FATAL
    unknown.fatal, unknown.version = False, 2
    assert adjusted_score(unknown, found()).reason == OF_GROUP


def test_closing_a_session_raises_an_alarm_once_and_journals_it(strict: Calibration) -> None:
    alarm = ScaleAlarm.objects.get()
    assert (alarm.rater.number, alarm.kind, alarm.period) == ("4001", "severity", period_of(now()))
    assert alarm.value <= -alarm.limit
    assert alarm.high < 0
    entry = Entry.objects.get(verb="scale.alarmed")
    assert (entry.data["rater"], entry.data["value"]) == ("4001", str(alarm.value))
    assert raise_scale_alarms() == []
    assert watch_scales(0) == 0


def test_an_alarm_tells_the_figure_it_was_raised_by_and_todays_each_by_its_name(
    strict: Calibration, cast: Cast
) -> None:
    alarm = ScaleAlarm.objects.get()
    closed(cast, {}, contacts=TEN)  # ten more in which nobody is strict: the figure of today is another
    today = found().severity.raters["4001"].value
    assert today is not None
    assert f"{today:.1f}" != f"{alarm.value:.1f}"
    page = browser(cast.user("supervisor")).get(reverse("inspection:scale")).content.decode()
    listed = page[page.index("cal-alarms") :]
    raised, now_ = listed.index("提出时"), listed.index("今日数值")
    assert raised < listed.index(formats.signed(alarm.value, 1)) < now_ < listed.index(formats.signed(today, 1), now_)


def test_an_alarm_is_settled_with_words_and_never_about_oneself(strict: Calibration, cast: Cast) -> None:
    alarm = ScaleAlarm.objects.get()
    for name in ("inspector", "trainer", "agent", "stranger"):
        with pytest.raises(NotAllowed):
            settle_scale_alarm(cast.user(name), alarm=alarm, words="面谈")
    with pytest.raises(ReasonNeeded):
        settle_scale_alarm(cast.user("supervisor"), alarm=alarm, words=" ")
    client = browser(cast.user("supervisor"))
    page = client.post(
        reverse("inspection:scale_settlement", args=[alarm.pk]), {"words": "已面谈"}, follow=True
    ).content.decode()
    assert "已面谈" in page
    assert Entry.objects.get(verb="scale.settled").data == {"words": "已面谈"}
    with pytest.raises(AlarmSettled):
        settle_scale_alarm(cast.user("manager"), alarm=alarm, words="再来")


def test_nobody_settles_an_alarm_about_themselves(lived: World, cast: Cast) -> None:
    closed(cast, {"2001": STRICT["4001"]}, contacts=TEN, raters=[cast.person("inspector"), cast.person("supervisor")])
    alarm = ScaleAlarm.objects.get(rater__number="2001")
    with pytest.raises(OwnAlarm):
        settle_scale_alarm(cast.user("supervisor"), alarm=alarm, words="没事")


@pytest.mark.parametrize("act", ["DELETE FROM inspection_scalealarm", "UPDATE inspection_scalealarm SET value = 0"])
def test_the_database_keeps_an_alarm_as_it_was_raised(strict: Calibration, act: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(act)


def test_open_alarms_stand_on_the_homes_and_pages_of_who_answers_for_them(strict: Calibration, cast: Cast) -> None:
    for name in ("supervisor", "manager"):
        for where in (reverse("workplace:home"), reverse("inspection:calibrations")):
            assert "评分尺度预警待处理" in browser(cast.user(name)).get(where).content.decode()
    assert (
        "评分尺度预警待处理"
        not in browser(cast.user("inspector")).get(reverse("inspection:calibrations")).content.decode()
    )


def test_drift_is_drawn_by_month_with_its_interval(lived: World, cast: Cast) -> None:
    told = [
        Scored(f"{month}/{at}", rater, month, 80 + at % 7 + add)
        for month, adds in (("2026-09", (0, 0)), ("2026-10", (0, 0)), ("2026-11", (0, 6)))
        for at in range(12)
        for rater, add in zip(("5001", "3001"), adds, strict=True)
    ]
    scale = Scales.of(severity_of(told, drift_limit=3, least=8, confidence=0.95, reference="5001"), "5001")
    page = ScalePage(cast.user("manager"), cast.person("manager"), edition_in_use(DAY), now(), {"rater": "3001"})
    page.__dict__["found"] = scale  # what the pages read of closed sessions
    chart = page.chart
    assert list(chart.steps) == ["2026-09", "2026-10", "2026-11"]
    level, change = chart.panels
    assert level.values[-1] > level.values[0] + 2
    assert change.values[0] is None
    assert change.low[-1] > 0
    line = next(one for one in page.lines if one.number == "3001")
    assert "漂移" in [word for word, _tone in line.marks]
    assert line.drift.period == "2026-11"


def test_a_rater_sees_the_own_scale_alone(strict: Calibration, cast: Cast) -> None:
    whole = browser(cast.user("supervisor")).get(reverse("inspection:scale")).content.decode()
    assert "吴静" in whole
    assert "孙楠" in whole
    own = browser(cast.user("inspector")).get(reverse("inspection:scale")).content.decode()
    assert "吴静" not in own
    assert browser(cast.user("agent")).get(reverse("inspection:scale")).status_code == 404
    assert browser(cast.user("inspector")).post(reverse("inspection:scale_settlement", args=[1])).status_code == 404
