"""What the interface answers: the numbers of the pages, whole lists by key, masked words, verdicts with their places."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from bihuan.appraisal.models import Result, ResultSet
from bihuan.archive.store import Archive
from bihuan.people.tests.cast import Cast
from bihuan.standards.editions import load_edition
from bihuan.workplace.reading import view_of
from bihuan.workplace.tests.programs.small_record import MOBILE

pytestmark = [pytest.mark.django_db, pytest.mark.urls("bihuan.workplace.tests.programs.urls")]
SPAN = {"from": "2026-10-05", "to": "2026-10-06"}


@pytest.mark.parametrize("by", [(), ("agent",), ("team", "day"), ("channel",)])
def test_figures_are_the_numbers_of_the_page(reading: Archive, cast: Cast, ask: Any, by: tuple[str, ...]) -> None:
    names = ["contacts", "resolution_rate", "customer_first_response_time_mean"]
    names = [name for name in names if name in {row["name"] for row in ask("metrics").json()}]
    told = ask("figures", metrics=names, by=",".join(by), **SPAN).json()
    page = view_of(cast.user("manager"), SPAN).figures(names, by=by)
    assert len(names) >= 2
    assert [row["keys"] for row in told["rows"]] == [dict(zip(by, key, strict=True)) for key in page.keys]
    for at, row in enumerate(told["rows"]):
        for name, figure in page.row(at).items():
            plain = figure.to_json()
            assert row["figures"][name] == {field: plain[field] for field in row["figures"][name]}
    assert {name: one["value"] for name, one in told["totals"].items()} == {
        name: str(figure.value) for name, figure in page.totals.items()
    }


def test_figures_equal_those_counted_by_hand(reading: Archive, ask: Any) -> None:
    told = ask("figures", metrics=["contacts", "resolution_rate"], by="team", **SPAN).json()
    counted = {row["keys"]["team"]: row["figures"] for row in told["rows"]}
    assert {team: figures["contacts"]["value"] for team, figures in counted.items()} == {"east": "3", "west": "3"}
    west = counted["west"]["resolution_rate"]
    assert (west["numerator"], west["denominator"], west["n"]) == (2, 3, 3)
    assert Decimal(west["low"]) < Decimal(west["value"]) < Decimal(west["high"])
    assert told["totals"]["contacts"]["value"] == "6"


def test_figures_are_narrowed_like_a_page(reading: Archive, ask: Any) -> None:
    only = ask("figures", metrics="contacts", channel="phone", agent="1003", **SPAN).json()
    assert only["totals"]["contacts"]["value"] == "1"
    day = {"from": "2026-10-06", "to": "2026-10-06"}
    assert ask("figures", metrics="contacts", **day).json()["totals"]["contacts"]["value"] == "3"


@pytest.mark.parametrize("order", ["opened", "duration", "rating"])
@pytest.mark.parametrize("descending", [True, False])
def test_pages_by_key_give_every_contact_once(reading: Archive, ask: Any, order: str, descending: bool) -> None:
    seen: list[str] = []
    after = ""
    for _page in range(6):
        told = ask(
            "contacts", limit=2, order=order, descending=descending, **({"after": after} if after else {})
        ).json()
        seen += [row["external_id"] for row in told["contacts"]]
        after = told["next"]
        if not after:
            break
    assert sorted(seen) == ["139****5678", "c1", "c2", "c3", "c4", "c5"]


def test_contacts_are_found_by_every_filter(reading: Archive, ask: Any) -> None:
    def found(**question: Any) -> list[str]:
        return sorted(row["external_id"] for row in ask("contacts", **question).json()["contacts"])

    assert found(team="west", **SPAN) == ["139****5678", "c3", "c5"]
    assert found(channel="phone") == ["139****5678"]
    assert found(outcome="unsolved") == ["c3"]
    assert found(words="退款") == ["c3"]
    assert found(agent="1001", words="发票") == ["c2"]
    met = set(found(check="greeting", verdict="met"))
    assert met | set(found(check="greeting", verdict="violated")) >= {"c1", "c2", "c3"}
    assert ask("contacts", check="greeting").status_code == 422


def test_S2_6_S4_4_personal_data_never_leaves_unmasked(reading: Archive, ask: Any) -> None:
    rows = ask("contacts").json()["contacts"]
    one = next(row for row in rows if row["external_id"] == "c1")
    whole = ask(f"contacts/{one['contact_id']}")
    said = whole.json()["messages"][0]["text"]
    assert said == "我的电话是138****5678"
    assert whole.json()["contact"]["subject"] == "电话 138****5678"
    last = next(row for row in rows if row["external_id"] == "139****5678")
    assert last["customer_key"] == ask(f"contacts/{last['contact_id']}").json()["contact"]["customer_key"] == "13****78"
    assert [len(ask("contacts", words=one).json()["contacts"]) for one in ("138", "1381", MOBILE)] == [1, 0, 1]
    for answer in (whole, ask("contacts"), ask("verdicts", **SPAN)):
        assert MOBILE not in answer.content.decode()


def test_a_conversation_comes_whole_with_verdicts_and_score(reading: Archive, ask: Any) -> None:
    rows = ask("contacts", words="发票").json()["contacts"]
    told = ask(f"contacts/{rows[0]['contact_id']}").json()
    assert [event["kind"] for event in told["events"]][:2] == ["opened", "accepted"]
    assert told["edition"] == load_edition("recommended").hash
    greeting = next(one for one in told["verdicts"] if one["item"] == "greeting")
    assert greeting["verdict"] in ("met", "violated")
    assert all(set(span) == {"message", "start", "end", "event", "role"} for span in greeting["evidence"])
    assert told["score"]["kind"] == "total"
    assert told["human_review"] == {"reviewed": 0, "contacts": 3, "share": "0.0"}
    assert ask("contacts", agent="1001", **SPAN).json()["human_review"]["contacts"] == 3


def test_verdicts_page_by_key_and_narrow(reading: Archive, ask: Any) -> None:
    whole = ask("verdicts", limit=5000, **SPAN).json()["verdicts"]
    pages, after = [], ""
    for _page in range(len(whole)):
        told = ask("verdicts", limit=100, **SPAN, **({"after": after} if after else {})).json()
        pages += told["verdicts"]
        after = told["next"]
        if not after:
            break
    assert [(row["contact_id"], row["item"]) for row in pages] == [(row["contact_id"], row["item"]) for row in whole]
    only = ask("verdicts", item="greeting", **SPAN).json()["verdicts"]
    assert {row["item"] for row in only} == {"greeting"}
    assert {row["contact_id"] for row in only} == {row["contact_id"] for row in whole}
    assert ask("verdicts", edition="no-such", **SPAN).status_code == 422


def test_results_are_those_the_account_may_see(cast: Cast, reading: Archive, ask: Any) -> None:
    kept = ResultSet.objects.create(
        month="2026-10-01", edition_ref="recommended", edition_hash="e" * 64, manifest="m" * 64, engine="1",
        content="c" * 64, sequence=1, computed_at=timezone.now(),
    )  # fmt: skip
    tree = {"kind": "total", "id": "total", "children": []}
    for number, team in (("1001", "east"), ("9001", "")):
        Result.objects.create(
            set=kept, scheme="s3-14", person=number, name=number, team=team, total=Decimal("81.250"), contacts=3,
            fatal_contacts=0, standing="ranked", tree=tree,
        )  # fmt: skip
    told = ask("results", month="2026-10").json()
    assert [row["person"] for row in told["results"]] == ["1001", "9001"]
    assert told["results"][0]["total"] == "81.250"
    assert told["results"][0]["human_review"] == {"reviewed": 0, "contacts": 3, "share": "0.0"}
    of_1001 = told["results"][0]["id"]
    assert ask(f"results/{of_1001}").json()["tree"] == tree
    own = ask("results", month="2026-10", who="administrator").json()["results"]
    assert [row["person"] for row in own] == ["9001"]
    assert ask(f"results/{of_1001}", who="administrator").status_code == 404
    assert ask("results", month="2026-09").status_code == 404
    assert ask("results", month="2026-13").status_code == 422


def test_editions_are_read_whole_with_their_lint(reading: Archive, ask: Any) -> None:
    listed = ask("editions").json()
    assert {"recommended", "service-quality"} <= {one["id"] for one in listed}
    whole = ask("editions/recommended").json()
    assert whole["edition"]["hash"] == load_edition("recommended").hash
    assert json.dumps(whole["document"])
    assert ask("editions/recommended/lint").json() == []
    found = ask("editions/service-quality/lint", lang="en").json()
    assert any(one["code"].startswith("X") for one in found)


def test_an_empty_record_is_no_error(home: Any, ask: Any) -> None:
    none = {"reviewed": 0, "contacts": 0, "share": None}
    assert ask("contacts").json() == {"contacts": [], "human_review": none, "next": None}
    assert ask("figures", metrics="contacts").status_code == 200
    assert ask("verdicts", **SPAN).json()["verdicts"] == []
    assert ask("contacts/none").status_code == 404
    assert Client().get("/api/v1/openapi.json").status_code == 200


@pytest.mark.parametrize("path", ["figures", "contacts"])
@pytest.mark.parametrize(
    "span", [{"from": "2026-10-06", "to": "2026-10-05"}, {"from": "2026-10-05"}, {"to": "2026-10-06"}]
)
def test_a_period_is_asked_for_whole_and_never_guessed(
    reading: Archive, ask: Any, path: str, span: dict[str, str]
) -> None:
    assert ask(path, **({"metrics": "contacts"} if path == "figures" else {}), **span).status_code == 422


def test_a_check_or_a_metric_that_is_not_named_rightly_is_refused_and_not_answered_empty(
    reading: Archive, ask: Any
) -> None:
    assert ask("contacts", check="no_such_check", verdict="met").status_code == 422
    assert ask("figures", metrics=",", **SPAN).status_code == 422
