import json
import re

import pytest
import yaml

from bihuan.kit.errors import DefinitionError, InputError
from bihuan.standards.editions import LIBRARY, SCHEMA, load_edition, parse_edition, shipped
from bihuan.standards.rules.units import WORDS, figure

TEXT = (LIBRARY / "recommended.yaml").read_text(encoding="utf-8")
SOURCES = re.compile(r"S[0-4]-\d+|X\d+|house")


def issues_of(text):
    with pytest.raises(DefinitionError) as caught:
        parse_edition(text)
    return caught.value.issues


def numbers(node, place=""):
    if isinstance(node, dict) and "value" in node:
        yield place, node
    elif isinstance(node, dict | list):
        for key, entry in node.items() if isinstance(node, dict) else enumerate(node):
            yield from numbers(entry, f"{place}.{key}")


def test_the_five_shipped_editions_load_the_recommended_one_first():
    assert shipped() == [
        "recommended", "performance-appraisal", "service-process", "service-quality", "training-assessment",
    ]  # fmt: skip
    assert [load_edition(name).id for name in shipped()] == shipped()


@pytest.mark.parametrize("name", shipped())
def test_every_number_names_its_source_and_every_house_number_says_why(name):
    document = yaml.safe_load((LIBRARY / f"{name}.yaml").read_text(encoding="utf-8"))
    found = list(numbers(document))
    assert len(found) > 5
    for place, number in found:
        assert SOURCES.fullmatch(number["source"]), place
        assert number["source"] != "house" or all(len(number["why"][language]) >= 6 for language in ("zh", "en")), place


def test_what_is_said_counts_not_how_it_is_written():
    document = yaml.safe_load(TEXT)
    turned = yaml.safe_dump(dict(reversed(document.items())), allow_unicode=True, sort_keys=True)
    assert parse_edition(turned).hash == load_edition("recommended").hash
    assert (
        parse_edition("# another comment\n" + TEXT.replace("value: 30,", "value: 30.0,")).hash
        == parse_edition(TEXT).hash
    )


def test_any_change_of_content_changes_the_hash():
    assert parse_edition(TEXT.replace("value: 30,", "value: 31,", 1)).hash != parse_edition(TEXT).hash
    assert re.fullmatch("[0-9a-f]{64}", parse_edition(TEXT).hash)


def test_all_shape_issues_are_reported_at_once_with_their_places():
    broken = TEXT.replace("severity: fatal", "severity: deadly").replace("method: share_of_applicable", "method: guess")
    broken = broken.replace("source: S3-10", "source: S9-10").replace("unit: CNY", "unit: EUR")
    places = {issue.place for issue in issues_of(broken)}
    assert {
        "checks.personal_data_leak.severity",
        "numbers.sampling.daily_share_low.source",
        "numbers.enablers.compensation_limit.unit",
    } <= places
    assert any(place.startswith("scorecards.service_quality") for place in places)


def test_a_house_number_without_a_reason_is_refused():
    text = re.sub(r"(fcr_window: \{value: 7, unit: d, source: house), why: \{[^}]*\}", r"\1", TEXT)
    assert text != TEXT
    assert [issue.place for issue in issues_of(text)] == ["numbers.metrics.fcr_window"]


def test_all_dangling_names_are_reported_at_once():
    text = TEXT.replace("fed_by: [progress_told,", "fed_by: [no_such_check,").replace(
        "input: five_star_share", "input: no_such_input"
    )
    messages = " ".join(issue.message for issue in issues_of(text))
    assert "no_such_check" in messages
    assert "no_such_input" in messages


def test_X1_two_targets_for_one_scope_are_refused():
    text = TEXT.replace("channel: social,", "channel: chat,", 1)
    assert [(issue.code, issue.place) for issue in issues_of(text)] == [
        ("X1.clash", "targets.first_response_time.chat")
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("a: [", "line 1, column 5"),
        ("- one", "document"),
        ("a: 1\na: 2", "line 2, column 1"),
        ("a: &x [1]\nb: *x", "line 2, column 4"),
        ("", "document"),
        ("[" * 1200, "document"),
    ],
)
def test_what_is_no_edition_ends_in_a_clear_issue(text, place):
    assert issues_of(text)[0].place == place


def test_an_unknown_time_zone_is_refused():
    assert issues_of(TEXT.replace("Asia/Shanghai", "Asia/Nowhere"))[0].place == "calendar.zone"


def test_an_unknown_edition_says_what_is_shipped():
    with pytest.raises(InputError, match="recommended"):
        load_edition("no-such-edition")


def test_a_file_is_an_edition_too(tmp_path):
    path = tmp_path / "ours.yaml"
    path.write_text(TEXT.replace("id: recommended", "id: ours"), encoding="utf-8")
    assert load_edition(path).id == "ours"
    path.write_text(TEXT.replace("id: recommended", "id: theirs-now"), encoding="utf-8")
    assert load_edition(path).id == "theirs-now"


def test_a_file_in_another_encoding_is_refused(tmp_path):
    path = tmp_path / "gbk.yaml"
    path.write_bytes(TEXT.encode("gb18030"))
    with pytest.raises(InputError, match="UTF-8"):
        load_edition(path)


def test_every_unit_of_the_schema_can_be_said():
    units = json.loads(SCHEMA.read_text())["$defs"]["number"]["properties"]["unit"]["enum"]
    assert set(units) == set(WORDS) - {""}
    compensation = load_edition("recommended").number("enablers.compensation_limit")
    assert (figure(compensation, "zh"), figure(compensation, "en")) == ("50 元", "50 yuan")
