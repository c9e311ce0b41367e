"""Check digits: a number whose check digit fails is no ID card and no bank card."""

from __future__ import annotations

from datetime import date
from typing import Final

_ID_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK: Final = "10X98765432"
_PROVINCES: Final = frozenset(
    f"{region}{province}"
    for region, last in (("1", 5), ("2", 3), ("3", 7), ("4", 6), ("5", 4), ("6", 5), ("7", 1), ("8", 3))
    for province in range(1 if region != "5" else 0, last + 1)
)
_LUHN_DOUBLED: Final = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def is_id_card(number: str) -> bool:
    """Eighteen places of a resident's ID card (GB 11643): province, date of birth and check digit all hold."""
    if len(number) != 18 or not number[:17].isdigit() or number[:2] not in _PROVINCES:
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _ID_WEIGHTS, strict=False))
    return _ID_CHECK[total % 11] == number[17].upper()


def is_luhn(number: str) -> bool:
    """Whether the check digit of a card number holds (ISO/IEC 7812-1)."""
    places = [int(digit) for digit in reversed(number)]
    return (sum(places[0::2]) + sum(_LUHN_DOUBLED[digit] for digit in places[1::2])) % 10 == 0
