"""A service that misbehaves in every way: what is tried again, what is left open, what becomes cannot tell, what is kept secret."""

from __future__ import annotations

import json
import logging
import pickle
import time

import pytest

from bihuan.inspection.model_judge.client import LARGEST, Failure, Reply, ask
from bihuan.inspection.model_judge.endpoint import Endpoint, Key, WrongSetting, read_endpoint
from bihuan.inspection.models import ModelAnswer, ModelFault
from bihuan.inspection.rules.model_service import Fault
from bihuan.inspection.tests.model_stub import (
    KEY,
    Stub,
    answering,
    closing,
    dripping,
    failing,
    saying,
    send,
    serving,
    silent,
)
from bihuan.inspection.tests.model_world import GOOD, Scene, asking_folder, scene

__all__ = ["asking_folder", "scene"]
QUESTION = [{"role": "user", "content": "好吗"}]


@pytest.fixture
def stub():
    with serving() as found:
        yield found


def endpoint(stub: Stub, **more) -> Endpoint:
    return Endpoint(stub.url, "m", Key(KEY), **{"timeout": 5.0, **more})


def faults() -> dict[str, int]:
    return dict(ModelFault.objects.values_list("code", "count"))


@pytest.mark.parametrize(
    ("status", "fault"),
    [(429, Fault.RATE_LIMITED), (500, Fault.SERVER_ERROR), (401, Fault.REFUSED), (404, Fault.NOT_THERE), (400, Fault.BAD_REQUEST)],
)  # fmt: skip
def test_a_refusing_status_is_a_failure_of_its_kind(stub: Stub, status: int, fault: Fault) -> None:
    stub.script = [failing(status, Retry_After="7")]
    assert ask(endpoint(stub), QUESTION) == Failure(fault, f"HTTP {status}", 7.0)


def test_a_service_that_never_answers_is_left_when_the_time_is_up(stub: Stub) -> None:
    stub.script = [silent(stub)]
    began = time.monotonic()
    came = ask(endpoint(stub, timeout=0.3), QUESTION)
    assert isinstance(came, Failure)
    assert came.fault == Fault.TIMED_OUT
    assert time.monotonic() - began < 3


def test_a_service_that_drips_for_ever_is_left_when_the_time_is_up(stub: Stub) -> None:
    stub.script = [dripping(stub)]
    began = time.monotonic()
    came = ask(endpoint(stub, timeout=0.3), QUESTION)
    assert isinstance(came, Failure)
    assert came.fault == Fault.TIMED_OUT
    assert time.monotonic() - began < 3


def test_a_closed_connection_and_a_dead_port_are_failures(stub: Stub) -> None:
    stub.script = [closing]
    came = ask(endpoint(stub), QUESTION)
    assert isinstance(came, Failure)
    assert came.fault == Fault.UNREACHABLE
    gone = ask(Endpoint("http://127.0.0.1:9/v1", "m", timeout=1.0), QUESTION)
    assert isinstance(gone, Failure)
    assert gone.fault == Fault.UNREACHABLE


def test_a_redirect_is_not_followed_and_the_key_goes_nowhere(stub: Stub) -> None:
    with serving() as elsewhere:
        elsewhere.script = [answering("acted")]
        stub.script = [failing(307, Location=f"{elsewhere.url}/chat/completions")]
        came = ask(endpoint(stub), QUESTION)
        assert came == Failure(Fault.REDIRECTED, "HTTP 307")
        assert elsewhere.seen == []


def test_a_huge_answer_is_not_read_to_its_end(stub: Stub) -> None:
    stub.script = [saying("啊" * LARGEST)]
    assert ask(endpoint(stub), QUESTION) == Failure(Fault.TOO_LARGE)


NO_ANSWERS = (
    b"", b"<html>login</html>", b"{}", b"[]", b'{"choices": []}', b'{"choices": [{"message": {"content": null}}]}', b"\xff",
)  # fmt: skip


@pytest.mark.parametrize("body", NO_ANSWERS)
def test_what_is_no_answer_of_a_chat_service_is_not_understood(stub: Stub, body: bytes) -> None:
    stub.script = [lambda handler, asked: send(handler, 200, body)]
    came = ask(endpoint(stub), QUESTION)
    assert isinstance(came, Failure)
    assert came.fault == Fault.NOT_UNDERSTOOD


def test_an_answer_cut_short_is_a_failure(stub: Stub) -> None:
    def cut(handler, asked):
        handler.send_response(200)
        handler.send_header("Content-Length", "5000")
        handler.end_headers()
        handler.wfile.write(b'{"choices": [')

    stub.script = [cut]
    came = ask(endpoint(stub), QUESTION)
    assert isinstance(came, Failure)
    assert came.fault == Fault.UNREACHABLE


def test_tokens_that_are_no_number_are_not_believed(stub: Stub) -> None:
    told = {"choices": [{"message": {"content": "x"}}], "usage": {"total_tokens": -5}}
    stub.script = [lambda handler, asked: send(handler, 200, json.dumps(told).encode())]
    assert ask(endpoint(stub), QUESTION) == Reply("x", "", None)


def test_failures_are_tried_again_after_growing_waits_and_as_long_as_the_service_asks(scene: Scene) -> None:
    scene.stub.script = [failing(500), failing(429, Retry_After="30"), answering("acted", (3, GOOD))]
    told = scene.ask()
    assert scene.clock.slept == [1.0, 30.0]
    assert (told.round.requests, scene.verdicts()) == (3, {"met says_acted": 3})
    assert faults() == {"server_error": 1, "rate_limited": 1}


NO_WAITS = (
    "\u00b2",
    "9" * 5_000,
    "Mon, 01 Jan 99999999999 00:00:00 GMT",
    "Mon, 01 Jan 0001 00:00:00 +9999",
    "soon",
    " ",
)


@pytest.mark.parametrize("said", NO_WAITS)
def test_a_wait_that_is_neither_a_number_nor_a_date_is_none(stub: Stub, said: str) -> None:
    stub.script = [failing(429, Retry_After=said)]
    assert ask(endpoint(stub), QUESTION) in (
        Failure(Fault.RATE_LIMITED, "HTTP 429"), Failure(Fault.RATE_LIMITED, "HTTP 429", 0.0)
    )  # fmt: skip


def test_what_the_libraries_choke_on_is_a_failure(stub: Stub) -> None:
    stub.script = [answering("acted")]
    for found in (Endpoint(f"{stub.url}/路", "m"), Endpoint(stub.url, "\ud800")):
        assert ask(found, QUESTION) == Failure(Fault.NOT_UNDERSTOOD, "UnicodeEncodeError")


def named(model: object):
    told = {"model": model, "choices": [{"message": {"content": json.dumps({"answer": "unclear"})}}]}
    return lambda handler, asked: send(handler, 200, json.dumps(told).encode())


@pytest.mark.parametrize(
    ("model", "kept"), [("a\0b\ud800", "ab"), ("模型" * 200, "模型" * 100), (["a"], ""), (None, "")]
)
def test_what_the_service_calls_its_model_is_kept_as_far_as_it_can_be(scene: Scene, model: object, kept: str) -> None:
    scene.stub.script = [named(model)]
    scene.ask()
    assert list(ModelAnswer.objects.values_list("told_model", flat=True)) == [kept]


def test_malformed_answers_do_not_end_the_round(scene: Scene) -> None:
    nested = {"answer": "acted", "quotes": [{"line": 3, "text": "\ud800\0"}]}
    scene.stub.script = [
        failing(429, Retry_After="\u00b2"), failing(503, Retry_After="Mon, 01 Jan 99999999999 00:00:00 GMT"),
        saying(json.dumps(nested)),
    ]  # fmt: skip
    told = scene.ask()
    assert (told.round.requests, told.round.stopped, told.round.left) == (3, "", 0)
    assert scene.verdicts() == {"cannot_tell quote_invented": 3}


def test_who_is_asked_to_wait_long_leaves_the_rest_open(scene: Scene) -> None:
    scene.stub.script = [failing(429, Retry_After="3600")]
    told = scene.ask()
    assert (told.round.stopped, told.round.left, scene.clock.slept) == ("asked_to_wait", 1, [])
    assert scene.verdicts() == {"cannot_tell not_asked": 3}


@pytest.mark.parametrize("behaviour", [failing(500), closing, lambda handler, asked: send(handler, 200, b"<html>")])
def test_what_the_service_is_to_blame_for_leaves_the_question_open(scene: Scene, behaviour) -> None:
    scene.stub.script = [behaviour]
    told = scene.ask()
    assert (told.round.requests, told.round.left, told.day.open) == (3, 1, 3)
    assert scene.verdicts() == {"cannot_tell not_asked": 3}
    assert ModelAnswer.objects.count() == 0
    scene.stub.script = [answering("acted", (3, GOOD))]
    scene.ask()
    assert scene.verdicts() == {"met says_acted": 3}


@pytest.mark.parametrize("words", ["{broken", json.dumps({"answer": "excellent"}), "当然可以！答案是 acted。"])
def test_what_the_model_is_to_blame_for_becomes_cannot_tell_after_the_last_try(scene: Scene, words: str) -> None:
    scene.stub.script = [saying(words)]
    told = scene.ask()
    assert (told.round.requests, scene.verdicts()) == (3, {"cannot_tell unusable_answer": 3})
    assert faults() == {"unusable": 3}
    assert scene.ask().round.requests == 0


def test_an_invented_quote_and_words_of_the_other_side_become_cannot_tell_at_once(scene: Scene) -> None:
    scene.stub.script = [answering("acted", (3, "已为您加急并赔偿"))]
    assert scene.ask().round.requests == 1
    assert scene.verdicts() == {"cannot_tell quote_invented": 3}
    scene.set(MODEL="other")
    scene.stub.script = [answering("acted", (1, "我的订单还没到"))]
    scene.ask()
    assert scene.verdicts() == {"cannot_tell quote_of_other": 3}


@pytest.mark.parametrize("status", [401, 403, 404, 302])
def test_a_service_set_up_wrongly_ends_the_round_at_the_first_request(scene: Scene, status: int) -> None:
    scene.stub.script = [failing(status, Location="http://127.0.0.1:9/")]
    told = scene.ask()
    assert told.round.stopped in ("refused", "not_there", "redirected")
    assert (len(scene.stub.seen), scene.verdicts()) == (1, {"cannot_tell not_asked": 3})


def test_the_key_is_in_no_log_no_repr_no_fault_and_no_pickle(scene: Scene, caplog, capfd) -> None:
    caplog.set_level(logging.DEBUG)
    scene.stub.script = [
        failing(401, Location=KEY), lambda handler, asked: send(handler, 500, KEY.encode()), closing, saying(KEY)
    ]  # fmt: skip
    scene.ask()
    scene.ask()
    named = read_endpoint()
    assert named is not None
    assert named.key.reveal() == KEY
    out = capfd.readouterr()
    kept = [*ModelFault.objects.values_list("detail", flat=True), *ModelAnswer.objects.values_list("reason", flat=True)]
    for told in (caplog.text, out.out, out.err, repr(named), str(named), f"{named.key}", repr(vars(named)), *kept):
        assert KEY not in told
    with pytest.raises(TypeError):
        pickle.dumps(named.key)


def test_the_key_may_come_from_a_file(tmp_path, monkeypatch) -> None:
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n")
    base = {"BIHUAN_JUDGE_URL": "https://models.example/v1", "BIHUAN_JUDGE_MODEL": "m"}
    named = read_endpoint({**base, "BIHUAN_JUDGE_KEY_FILE": str(file)})
    assert named is not None
    assert (named.key.reveal(), named.place, named.path) == (KEY, "models.example", "/v1/chat/completions")
    assert read_endpoint({}) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"URL": "http://models.example/v1"}, {"URL": "ftp://models.example"}, {"URL": "https://me:secret@models.example"},
        {"URL": "https://models.example:99999/"}, {"URL": "https://[models/v1"}, {"URL": "https://models.example/路"},
        {"URL": "https://models.example/a b"}, {"URL": "http://2130706433/v1"}, {"URL": "http://0x7f000001/v1"},
        {"URL": "http://0X7F000001/v1"}, {"URL": "http://models。example/v1"},
        {"MODEL": ""}, {"TIMEOUT": "0"}, {"TIMEOUT": "soon"}, {"RETRIES": "-1"},
        {"CONCURRENCY": "99"}, {"BUDGET_TOKENS": "many"}, {"KEY_FILE": "/nowhere/at/all"}, {"KEY": "schlüssel"},
    ],
)  # fmt: skip
def test_a_wrong_setting_is_refused_in_a_sentence_without_its_secret(wrong: dict[str, str]) -> None:
    base = {"URL": "https://models.example/v1", "MODEL": "m", "KEY": KEY, **wrong}
    with pytest.raises(WrongSetting) as refused:
        read_endpoint({f"BIHUAN_JUDGE_{name}": value for name, value in base.items()})
    assert KEY not in str(refused.value)
    assert "secret" not in str(refused.value)


def test_a_service_of_the_own_network_needs_no_https_and_a_budget_may_be_none() -> None:
    for url in ("http://127.0.0.1:8000/v1", "http://vllm:8000/v1", "http://10.0.0.8/v1"):
        base = {"BIHUAN_JUDGE_URL": url, "BIHUAN_JUDGE_MODEL": "m", "BIHUAN_JUDGE_BUDGET_TOKENS": "none"}
        named = read_endpoint(base)
        assert named is not None
        assert (named.tokens, named.requests) == (None, 1000)
