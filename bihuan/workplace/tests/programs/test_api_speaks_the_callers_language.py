"""Why a call was not answered is said in the language of `Accept-Language`; Chinese where none is asked for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from bihuan.archive.store import Archive
from bihuan.kit.errors import NotAllowed
from bihuan.people import actions
from bihuan.people.rules.tokens import ApiScope
from bihuan.people.tests.cast import Cast
from bihuan.workplace.api import words
from bihuan.workplace.api.words import SENTENCES, VALUES, said
from bihuan.workplace.imports.acts import carry_out
from bihuan.workplace.imports.models import Import
from bihuan.workplace.tests.programs.small_record import CONTACTS, contacts_csv

pytestmark = [pytest.mark.django_db, pytest.mark.urls("bihuan.workplace.tests.programs.urls")]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
BAD = "c7,在线,1001,k7,x,昨天,,,,已解决\n"
SPAN = {"from": "2026-10-05", "to": "2026-10-06"}


@pytest.fixture
def asked(cast: Cast) -> Any:
    secret = actions.issue_token(cast.user("manager"), name="t", scopes=tuple(ApiScope), days=7).secret

    def ask(where: str, language: str, **data: Any) -> Any:
        headers = {"Authorization": f"Bearer {secret}", **({"Accept-Language": language} if language else {})}
        return Client().get(f"/api/v1/{where}", data, headers=headers)

    return ask


CALLS = [
    ("figures", {"metrics": "no_such", **SPAN}, 422),
    ("figures", {"metrics": "contacts", "by": "mood", **SPAN}, 422),
    ("figures", {}, 422),
    ("verdicts", {"from": "2026-10-06", "to": "2026-10-05"}, 422),
    ("verdicts", {**SPAN, "after": "nonsense"}, 422),
    ("verdicts", {**SPAN, "edition": "no-such"}, 422),
    ("contacts", {"check": "greeting"}, 422),
    ("contacts", {"limit": "0", "channel": "pigeon", "from": "soon"}, 422),
    ("nothing-here", {}, 404),
]


@pytest.mark.parametrize(("where", "data", "status"), CALLS)
def test_refusals_follow_accept_language(
    reading: Archive, asked: Any, where: str, data: dict[str, Any], status: int
) -> None:
    chinese, english, unasked = (asked(where, language, **data) for language in ("zh-CN", "en-GB", ""))
    assert {answer.status_code for answer in (chinese, english, unasked)} == {status}
    for part in _sentences(english.json()):
        assert not CHINESE.search(part), part
    for part in _sentences(chinese.json()):
        assert CHINESE.search(part), part
    assert unasked.json() == chinese.json()
    assert english["Content-Language"] == "en"


def test_a_missing_token_is_said_in_both_languages() -> None:
    told = {
        lang: Client().get("/api/v1/metrics", headers={"Accept-Language": lang}).json()["detail"]
        for lang in ("zh", "en")
    }
    assert "Bearer" in told["zh"]
    assert "Bearer" in told["en"]
    assert CHINESE.search(told["zh"])
    assert not CHINESE.search(told["en"])


def test_imports_tell_their_problem_and_why_rows_were_refused_in_the_callers_language(
    home: Path, cast: Cast, ask: Any, asked: Any
) -> None:
    ask("imports", method="post", file=upload(b"a,b\n1,2\n"), source="generic-contacts")
    carry_out(Import.objects.get())
    bad = ask("imports", method="post", file=upload(contacts_csv(CONTACTS + BAD)), source="generic-contacts").json()[
        "id"
    ]
    carry_out(Import.objects.get(pk=bad))
    told = {lang: {one["id"]: one for one in asked("imports", lang).json()} for lang in ("zh", "en")}
    problems = {lang: next(one["problem"] for key, one in told[lang].items() if key != bad) for lang in told}
    assert problems["en"].startswith("The header lacks")
    assert problems["zh"].startswith("表头缺少")
    why = {lang: {one["why"] for one in asked(f"imports/{bad}/rejects", lang).json()} for lang in ("zh", "en")}
    assert why == {"zh": {"时间无法识别"}, "en": {"The time cannot be read"}}


def test_every_sentence_the_interface_raises_is_known() -> None:
    folder = Path(words.__file__).parent
    raised = {text for path in folder.glob("*.py") for text in _raised(ast.parse(path.read_text(encoding="utf-8")))}
    assert len(raised) > 8
    with translation.override("zh-hans"):
        assert {sentence for sentence in raised if not CHINESE.search(said(sentence))} == set()
        assert {one for one in (*SENTENCES, *VALUES.values()) if translation.gettext(one) == one} == set()


def test_a_refusal_of_the_business_is_translated_before_its_names_are_filled_in() -> None:
    with translation.override("zh-hans"):
        assert translation.gettext(NotAllowed.message) != ""
        assert said("No metric is called 好评率.") == "没有名为 好评率 的指标。"


def upload(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("会话.csv", content)


def _sentences(body: dict[str, Any]) -> Iterator[str]:
    yield body["detail"]
    if body.get("hint"):
        yield body["hint"]
    yield from (issue["message"] for issue in body.get("issues") or ())


def _raised(tree: ast.AST) -> Iterator[str]:
    """Sentences given to InputError, HttpError and `problem`, with a word for every value in them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("InputError", "HttpError", "problem"):
            for part in (*node.args, *(word.value for word in node.keywords if word.arg == "hint")):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield part.value
                elif isinstance(part, ast.JoinedStr):
                    yield "".join(str(one.value) if isinstance(one, ast.Constant) else "word" for one in part.values)
