from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bihuan.kit.clock import HOUR, MINUTE, SECOND, to_us
from bihuan.ui import formats

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1284, None, "1,284"),
        (0, None, "0"),
        (Decimal("0.125"), 2, "0.13"),
        (Decimal("-0.001"), 2, "0.00"),
        (-5, 2, "−5.00"),
        (1234567.891, 1, "1,234,567.9"),
        (None, 1, "—"),
    ],
)
def test_numbers_are_grouped_rounded_half_up_and_carry_a_real_minus(value, decimals, text):
    assert formats.number(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "text"), [(8.2, "+8.2"), (-1.1, "−1.1"), (0, "0.0"), (1234, "+1,234.0"), (None, "—")]
)
def test_changes_carry_their_sign_and_zero_carries_none(value, text):
    assert formats.signed(value, 1) == text


def test_shares_and_percentages_read_alike():
    assert formats.share(Decimal("0.925")) == formats.percent(Decimal("92.5")) == "92.5 %"
    assert formats.share(None) == formats.percent(None) == "—"


def test_points_name_their_unit_in_the_language():
    assert (formats.points(-1.1), formats.points(-1.1, lang="en")) == ("−1.1 点", "−1.1 pts")


@pytest.mark.parametrize(
    ("us", "zh", "en"),
    [
        (0, "0 秒", "0 s"),
        (2_400_000, "2.4 秒", "2.4 s"),
        (9_960_000, "10 秒", "10 s"),
        (28 * SECOND, "28 秒", "28 s"),
        (59_600_000, "1 分", "1 min"),
        (4 * MINUTE + 18 * SECOND, "4 分 18 秒", "4 min 18 s"),
        (4 * MINUTE + 5 * SECOND, "4 分 05 秒", "4 min 05 s"),
        (HOUR - 400_000, "1 小时", "1 h"),
        (HOUR + 5 * MINUTE, "1 小时 05 分", "1 h 05 min"),
        (71 * HOUR + 55 * MINUTE, "71 小时 55 分", "71 h 55 min"),
        (-12 * SECOND, "−12 秒", "−12 s"),
        (None, "—", "—"),
    ],
)
def test_durations_come_from_microseconds(us, zh, en):
    assert (formats.duration(us), formats.duration(us, "en")) == (zh, en)


@pytest.mark.parametrize(
    ("us", "zh"),
    [
        (9 * SECOND, "剩 0:09"),
        (401 * SECOND, "剩 6:41"),
        (-12 * SECOND, "已超 0:12"),
        (78 * MINUTE, "剩 1 小时 18 分"),
        (188 * HOUR, "剩 7 天 20 小时"),
    ],
)
def test_time_left_and_time_over_are_said_apart(us, zh):
    assert formats.time_left(us) == zh


def test_moments_are_shown_in_the_departments_zone():
    at = datetime(2026, 10, 12, 1, 31, 4, tzinfo=UTC)
    assert formats.moment(at, SHANGHAI) == formats.moment(to_us(at), SHANGHAI) == "2026-10-12 09:31"
    assert formats.moment(at, SHANGHAI, seconds=True) == "2026-10-12 09:31:04"
    assert formats.time_of_day(at, SHANGHAI) == "09:31:04"
    assert formats.day(date(2026, 10, 2)) == "2026-10-02"


@pytest.mark.parametrize(
    ("value", "unit", "parts"),
    [
        (1284, "count", ("1,284", "件")),
        (Decimal("0.925"), "share", ("92.5", "%")),
        (258 * SECOND, "us", ("4 分 18 秒", "")),
        (28, "seconds", ("28 秒", "")),
        (None, "share", ("—", "")),
        (50, "NPS", ("50", "NPS")),
    ],
)
def test_amounts_split_into_figure_and_unit(value, unit, parts):
    assert formats.amount(value, unit) == parts


def test_an_interval_without_an_end_is_missing():
    assert formats.interval(90.21, 93.3) == "90.2–93.3"
    assert formats.interval(None, 93.3) == "—"


@pytest.mark.parametrize(("count", "text"), [(999, "999 B"), (1_240_000, "1.2 MB"), (None, "—")])
def test_sizes_step_by_thousands(count, text):
    assert formats.size(count) == text
