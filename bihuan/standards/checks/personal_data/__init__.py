"""Personal data in free text: where it is, how to mask it, and which of it an agent has disclosed (S2-6, S4-4).

Pure functions of the text. Masking keeps every length, so evidence offsets stay true on masked text, and masking twice
changes nothing.
"""

from bihuan.standards.checks.personal_data.detection import disclosed, find, find_many
from bihuan.standards.checks.personal_data.masking import mask, mask_many, masked_key
from bihuan.standards.checks.personal_data.prefilter import CANDIDATE_PATTERN, may_hold
from bihuan.standards.checks.personal_data.spans import KIND_LABELS, Span

__all__ = [
    "CANDIDATE_PATTERN",
    "KIND_LABELS",
    "Span",
    "disclosed",
    "find",
    "find_many",
    "mask",
    "mask_many",
    "masked_key",
    "may_hold",
]
