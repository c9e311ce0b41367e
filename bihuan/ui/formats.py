"""How figures, times and durations read: `1,284` · `92.5 %` · `−1.1 点` · `4 分 18 秒` · `2026-10-12 09:31`.

Pure: values in, text out; `lang` is "zh" or "en". None reads `—`, never 0; the reason stands beside it (`value` tag).
"""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from decimal import Decimal

from bihuan.kit.clock import DAY, HOUR, MINUTE, SECOND, from_us
from bihuan.kit.numbers import rounded

MISSING = "—"
MINUS = "−"
RANGE = "–"
Value = Decimal | int | float

_WORDS = {
    "zh": {"d": "天", "h": "小时", "m": "分", "s": "秒", "points": "点", "left": "剩", "over": "已超"},
    "en": {"d": "d", "h": "h", "m": "min", "s": "s", "points": "pts", "left": "left", "over": "over by"},
}
_UNITS = {
    "count": {"zh": "件", "en": ""},
    "people": {"zh": "人", "en": ""},
    "times": {"zh": "次", "en": ""},
    "score": {"zh": "分", "en": ""},
    "yuan": {"zh": "元", "en": "CNY"},
    "percent": {"zh": "%", "en": "%"},
    "share": {"zh": "%", "en": "%"},
}
_BYTES = ("B", "KB", "MB", "GB", "TB")


def words(lang: str) -> dict[str, str]:
    """The words of a language; anything that is not Chinese reads English."""
    return _WORDS["zh" if lang.startswith("zh") else "en"]


def number(value: Value | None, decimals: int | None = None) -> str:
    """`1,284`, `−5.00`; without `decimals` a whole number stays whole and a Decimal keeps its own places."""
    if value is None:
        return MISSING
    exact = Decimal(str(value))
    if decimals is not None:
        exact = rounded(exact, decimals)
    if exact == 0:
        exact = abs(exact)
    return f"{exact:,f}".replace("-", MINUS)


def signed(value: Value | None, decimals: int | None = None) -> str:
    """`+8.2`, `−1.1`; nothing before a zero."""
    text = number(value, decimals)
    plain = text.replace(",", "").replace(MINUS, "-")
    return text if value is None or Decimal(plain) <= 0 else f"+{text}"


def percent(value: Value | None, decimals: int | None = 1) -> str:
    """`92.5 %` of a value already counted in hundredths."""
    return MISSING if value is None else f"{number(value, decimals)} %"


def share(value: Value | None, decimals: int | None = 1) -> str:
    """`92.5 %` of a share between 0 and 1."""
    return MISSING if value is None else percent(Decimal(str(value)) * 100, decimals)


def points(value: Value | None, decimals: int | None = 1, lang: str = "zh") -> str:
    """`−1.1 点`: the difference of two percentages or scores."""
    return MISSING if value is None else f"{signed(value, decimals)} {words(lang)['points']}"


def interval(low: Value | None, high: Value | None, decimals: int | None = 1) -> str:
    """`90.2–93.3`; `—` where one end is missing."""
    if low is None or high is None:
        return MISSING
    return f"{number(low, decimals)}{RANGE}{number(high, decimals)}"


def duration(us: int | None, lang: str = "zh") -> str:
    """`28 秒`, `4 分 18 秒`, `1 小时 05 分` of microseconds; below 10 s a tenth shows, days are not used."""
    if us is None:
        return MISSING
    if us < 0:
        return MINUS + duration(-us, lang)
    unit = words(lang)
    if us < 10 * SECOND and us % SECOND:
        tenths = number(Decimal(us) / SECOND, 1)
        return f"{tenths.removesuffix('.0')} {unit['s']}"
    seconds = int(rounded(Decimal(us) / SECOND, 0))
    if seconds * SECOND < MINUTE:
        return f"{seconds} {unit['s']}"
    if seconds * SECOND < HOUR:
        return _two(seconds // 60, unit["m"], seconds % 60, unit["s"])
    minutes = int(rounded(Decimal(seconds) / 60, 0))
    return _two(minutes // 60, unit["h"], minutes % 60, unit["m"])


def _two(large: int, large_unit: str, small: int, small_unit: str) -> str:
    head = f"{large:,} {large_unit}"
    return f"{head} {small:02d} {small_unit}" if small else head


def time_left(us: int, lang: str = "zh") -> str:
    """`剩 0:09`, `已超 0:12`; from an hour on in words: `剩 1 小时 18 分`, from two days on `剩 7 天 20 小时`."""
    unit = words(lang)
    size = abs(us)
    seconds = size // SECOND
    text = f"{seconds // 60}:{seconds % 60:02d}" if size < HOUR else duration(size, lang)
    if size >= 2 * DAY:
        days, hours = divmod(size // HOUR, DAY // HOUR)
        text = f"{days:,} {unit['d']}" + (f" {hours} {unit['h']}" if hours else "")
    if lang.startswith("zh"):
        return f"{unit['over' if us < 0 else 'left']} {text}"
    return f"{unit['over']} {text}" if us < 0 else f"{text} {unit['left']}"


def moment(value: datetime | int | None, zone: tzinfo, *, seconds: bool = False) -> str:
    """`2026-10-12 09:31` in the department's zone; an int is microseconds since 1970 UTC."""
    if value is None:
        return MISSING
    return _local(value, zone).strftime("%Y-%m-%d %H:%M:%S" if seconds else "%Y-%m-%d %H:%M")


def time_of_day(value: datetime | int | None, zone: tzinfo) -> str:
    """`09:31:04` in the department's zone."""
    return MISSING if value is None else _local(value, zone).strftime("%H:%M:%S")


def _local(value: datetime | int, zone: tzinfo) -> datetime:
    return (from_us(value) if isinstance(value, int) else value).astimezone(zone)


def day(value: date | None) -> str:
    """`2026-10-12`."""
    return MISSING if value is None else value.strftime("%Y-%m-%d")


def size(count: int | None) -> str:
    """`1.2 MB`: bytes in steps of 1,000."""
    if count is None:
        return MISSING
    amount, step = Decimal(count), 0
    while amount >= 1000 and step < len(_BYTES) - 1:
        amount, step = amount / 1000, step + 1
    return f"{number(amount, 1 if step else 0)} {_BYTES[step]}"


def amount(value: Value | None, unit: str, decimals: int | None = None, lang: str = "zh") -> tuple[str, str]:
    """A figure split for setting in two sizes: ("92.5", "%"), ("1,284", "件"), ("4 分 18 秒", "").

    Units: count, people, times, score, yuan, percent (0–100), share (0–1), us and seconds (durations); any other
    word is shown as it is.
    """
    if value is None:
        return MISSING, ""
    if unit in {"us", "seconds"}:
        return duration(int(rounded(Decimal(str(value)) * (1 if unit == "us" else SECOND), 0)), lang), ""
    if unit == "share":
        value = Decimal(str(value)) * 100
    if unit in {"share", "percent"} and decimals is None:
        decimals = 1
    names = _UNITS.get(unit)
    return number(value, decimals), names["zh" if lang.startswith("zh") else "en"] if names else unit
