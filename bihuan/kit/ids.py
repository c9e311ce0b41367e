"""Identifiers: sortable random ones for things people create, content ones for facts that must not double."""

from __future__ import annotations

import hashlib
import json
import secrets
import time
import uuid
from typing import Any


def new_id() -> uuid.UUID:
    """A UUID whose order is the order of creation (RFC 9562, version 7)."""
    stamp = time.time_ns() // 1_000_000
    value = (stamp << 80) | (0x7 << 76) | (secrets.randbits(12) << 64) | (0b10 << 62) | secrets.randbits(62)
    return uuid.UUID(int=value)


def content_id(*parts: object) -> str:
    """32 hex digits that depend on the parts alone: the same fact has the same id on every machine."""
    joined = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.blake2b(joined.encode(), digest_size=16).hexdigest()


def content_hash(value: Any) -> str:
    """SHA-256 of a JSON-like value in canonical form; 64 hex digits."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


def canonical_json(value: Any) -> str:
    """A JSON-like value in canonical form: sorted keys, no spaces."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
