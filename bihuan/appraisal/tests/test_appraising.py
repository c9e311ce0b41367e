"""A month appraised from the record: figures worked out by hand, and what may never happen to a kept result."""

from __future__ import annotations

import os
import subprocess
import sys
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from bihuan.appraisal.actions import NoSchemes, NothingToAppraise, appraise_month, content_named
from bihuan.appraisal.decisions import undecided
from bihuan.appraisal.keeping import keep_edition, kept_edition
from bihuan.appraisal.models import Result, ResultSet
from bihuan.appraisal.queries import contact_scores, day_scores, edition_of_set, history_of, lowest_contacts, reader_of
from bihuan.appraisal.tests.record import MONTH, Served, judge, lived, steady, tell
from bihuan.archive.tests.record_world import World, at
from bihuan.journal.models import Entry
from bihuan.kit.clock import DAY
from bihuan.kit.errors import NotAllowed
from bihuan.kit.ids import new_id
from bihuan.metrics.query import figures
from bihuan.people.tests.cast import make_cast
from bihuan.standards.editions import LIBRARY, load_edition, shipped
from bihuan.standards.metric_params import metric_params
from bihuan.standards.rules.tree import ScoreNode

pytestmark = pytest.mark.django_db
SYSTEM = "system:test"
# day one: a good contact; day two: three leaks; ratings 5, 5, 4, 3; one valid complaint
WORKED = [
    Served(0, "good", 5),
    Served(1, "fatal", 5, complained=True),
    Served(1, "fatal", 4),
    Served(1, "fatal", 3),
]


def appraise(edition=None, ref="recommended", actor=SYSTEM):
    return appraise_month(actor, month=MONTH, edition=edition or load_edition(ref), edition_ref=ref)


def result_of(kept, person="8001", scheme="service_quality_month"):
    return kept.results.get(person=person, scheme=scheme)


def terms_of(result):
    return {node.id: node for node in ScoreNode.from_json(result.tree).walk() if node.kind == "term"}


def test_S3_13_X19_the_daily_term_is_the_mean_of_day_scores_not_of_contacts(live) -> None:
    live({"8001": WORKED})
    result = result_of(appraise())
    assert [(d.value, d.n, d.fatal) for d in day_scores(result)] == [(Decimal(100), 1, 0), (Decimal(0), 3, 3)]
    assert terms_of(result)["daily"].value == Decimal(50)  # a mean over contacts would be 25


def test_S3_14_S0_12_the_total_of_a_month_is_60_20_20_of_its_record(live) -> None:
    live({"8001": WORKED})
    result = result_of(appraise())
    terms = terms_of(result)
    assert (terms["satisfaction"].value, terms["satisfaction"].n) == (Decimal(75), 4)  # 5, 5 and 4 of four
    assert terms["complaints"].value == Decimal(75)  # one valid complaint of four contacts
    assert result.total == Decimal("60.000")  # 50 × 0.6 + 75 × 0.2 + 75 × 0.2


def test_S4_11_terms_without_records_are_left_out_and_say_so(live) -> None:
    live({"8001": WORKED})
    result = result_of(appraise(), scheme="staff_appraisal_month")
    terms = terms_of(result)
    assert terms["customer_evaluation"].value == Decimal(75)  # (100 solved at once + 50 five stars) ÷ 2
    assert terms["inspection"].value == Decimal(50)
    assert (terms["daily_conduct"].value, terms["attendance"].reason) == (None, "not_recorded")
    assert result.total == Decimal("65.630")  # (75 × 50 + 50 × 30) ÷ 80 = 65.625, half up


def test_the_lowest_contacts_are_those_of_the_whole_month_not_of_its_lowest_days(live) -> None:
    mixed = [Served(0, "fatal"), *[Served(0)] * 9, *[Served(1, "fatal")] * 1, Served(1), Served(2, "fatal"), Served(2)]
    live({"8001": mixed})
    result = result_of(appraise())
    days = [(score.day.day, score.value) for score in day_scores(result)]
    assert days == [(1, Decimal(90)), (2, Decimal(50)), (3, Decimal(50))]
    found = [(day.day, score.score) for day, score in lowest_contacts(result, 3)]
    assert found == [(1, Decimal(0)), (2, Decimal(0)), (3, Decimal(0))]
    assert [(day.day, score.contact_id) for day, score in lowest_contacts(result, 1)] == [(1, "8001-0")]


def test_X6_S3_7_the_rates_join_the_daily_scores_at_the_end_of_the_period_beside_the_total(live) -> None:
    live({"8001": WORKED})
    result = result_of(appraise())
    tree = ScoreNode.from_json(result.period)
    rates = tree.find("dimension", "customer_satisfaction")
    assert [(item.id, item.verdict, item.reason, item.n) for item in rates.children] == [
        ("positive_share", "violated", "75.0 % < 90 %", 4),
        ("few_complaints", "violated", "25.0 % > 1 %", 4),
        ("recommendation", "cannot_tell", "nothing_recorded", 0),
    ]
    assert (rates.value, rates.weight, tree.value) == (0, 10, Decimal("45.000"))  # 50 × 90 % + 0 of 40 points × 10 %
    assert result.total == Decimal("60.000")  # the total takes the customers' answers as terms and not once more (X7)


def test_what_a_silent_edition_is_lent_is_kept_named_and_holds_for_its_results(live, recommended) -> None:
    world, literal = live({"8001": WORKED}, fresh=True), load_edition("service-quality")
    judge(world, {"8001": WORKED}, literal)
    mine, theirs = appraise(), appraise(literal, "service-quality")
    assert mine.lent == {}
    window = theirs.lent["metrics.fcr_window"]
    assert (window["value"], window["unit"], window["source"]) == ("7", "d", "house")
    assert "trust.shipped_starts" in theirs.lent
    moved = theirs.lent | {"metrics.fcr_window": window | {"value": "3"}}
    assert metric_params(literal, theirs.lent) == metric_params(literal)
    assert metric_params(literal, moved).numbers["fcr_window"] == 3 * DAY
    assert len({content_named([], undecided(literal), lent) for lent in (theirs.lent, moved)}) == 2


def test_X6_dimension_four_is_left_out_of_every_daily_score(live) -> None:
    """Customers were as displeased as can be with contacts that were served well: with their view a day would be 90."""
    live({"8001": [Served(0, "good", 1, complained=True), Served(1, "good", 1)]})
    result = result_of(appraise())
    assert [score.value for score in day_scores(result)] == [Decimal(100), Decimal(100)]
    assert [one.score for day in (0, 1) for one in contact_scores(result, MONTH.replace(day=1 + day))] == [100, 100]
    period = ScoreNode.from_json(result.period)
    assert (period.find("dimension", "customer_satisfaction").value, period.value) == (0, 90)


def test_X17_fatal_contacts_are_kept_beside_the_total_and_the_unfailed_score_beside_each(live) -> None:
    live({"8001": WORKED})
    result = result_of(appraise())
    assert result.fatal_contacts == 3
    fatal = contact_scores(result, MONTH.replace(day=2))
    assert {(one.score, one.unfailed, one.fatal) for one in fatal} == {(Decimal(0), Decimal(100), True)}


def test_X12_every_served_contact_is_scored_and_tests_are_not(live) -> None:
    live({"8001": [*WORKED, Served(2, "fatal", None, ineffective="test")]})
    result = result_of(appraise())
    assert sum(day.n for day in day_scores(result)) == 4
    assert terms_of(result)["daily"].n == 4
    assert result.fatal_contacts == 3


def test_a_month_in_which_little_could_be_told_takes_no_rank(live) -> None:
    live({"8001": [Served(0, "unjudged", 5)] * 40, "8002": steady(40)})
    kept = appraise()
    thin, whole = result_of(kept, "8001"), result_of(kept, "8002")
    assert (thin.total, thin.rank, thin.reason) == (None, None, "below_coverage_floor")
    assert terms_of(thin)["daily"].reason == "too_little_judged"
    assert (whole.rank, whole.reason) == (1, "")


def test_a_person_with_too_few_contacts_has_a_total_but_no_rank_and_no_place(live) -> None:
    live({"8001": steady(29), "8002": steady(30, fatal=3)})
    kept = appraise()
    few, enough = result_of(kept, "8001"), result_of(kept, "8002")
    assert few.total > enough.total
    assert (few.rank, few.reason, few.low) == (None, "too_few_contacts", None)
    assert (enough.rank, enough.standing) == (1, "out")  # one ranked person: no place below five


def test_X16_S4_15_of_six_people_the_best_is_in_and_ties_share_the_rank(live) -> None:
    served = {f"800{at}": steady(30, fatal=6 * (at // 2)) for at in range(6)}
    live(served)
    kept = appraise()
    ranks = {one.person: one.rank for one in kept.results.by_scheme("service_quality_month")}
    assert ranks == {"8000": 1, "8001": 1, "8002": 3, "8003": 3, "8004": 5, "8005": 5}
    best = result_of(kept, "8000")
    assert (best.standing, best.rank_best) == ("in", 1)
    assert best.low <= best.total <= best.high


def test_figures_of_a_result_equal_those_of_the_metric_pages(live, recommended) -> None:
    live({"8001": WORKED, "8002": steady(7, fatal=2, csat=4)})
    kept = appraise()
    names = ("served_contacts", "csat_top2", "csat_top1", "complaint_rate", "first_contact_resolution")
    table = figures(
        reader_of(kept), names, by=("agent",), period=(MONTH, MONTH.replace(day=31)), params=metric_params(recommended),
        as_of_us=0,
    )  # fmt: skip
    for person in ("8001", "8002"):
        told = {name: table.get(name, agent=person) for name in names}
        quality, staff = (
            result_of(kept, person, scheme) for scheme in ("service_quality_month", "staff_appraisal_month")
        )
        assert quality.contacts == told["served_contacts"].value
        terms = terms_of(quality) | terms_of(staff)
        assert terms["satisfaction"].value == rounded(told["csat_top2"])
        assert terms["complaints"].value == rounded(told["complaint_rate"], complement=True)
        assert terms["five_star_share"].value == rounded(told["csat_top1"])
        assert terms["first_contact_resolution"].value == rounded(told["first_contact_resolution"])


def rounded(figure, complement=False):
    exact = Decimal(figure.numerator) / figure.denominator * 100
    return (100 - exact if complement else exact).quantize(Decimal("0.001"))


def test_S3_14_without_a_ledger_nobody_earns_the_points_for_having_no_complaints(tmp_path, settings) -> None:
    settings.ARCHIVE_ROOT, settings.TIME_ZONE = tmp_path, "Asia/Shanghai"
    world = lived(tmp_path, {"8001": steady(4)})
    month_later = [{"contact_id": "ledger", "channel": "chat", "opened_us": at(0, day=40)}]
    world.tell(contacts=month_later)  # the one complaint of the record moves to August
    world.refresh()
    quality = result_of(appraise())
    term = terms_of(quality)["complaints"]
    assert (term.value, term.verdict, term.reason) == (None, "not_applicable", "cannot_tell")


def test_the_same_record_gives_the_same_bytes_and_no_second_set(live) -> None:
    live({"8001": WORKED, "8002": steady(30)})
    first, second = appraise(), appraise()
    assert first == second
    assert ResultSet.objects.count() == 1
    assert Entry.objects.filter(verb="results.computed").count() == 1


def test_the_order_of_the_record_and_the_number_of_threads_change_no_byte(tmp_path, settings) -> None:
    people = {"8001": WORKED, "8002": steady(31, fatal=4, csat=4), "8003": steady(40, fatal=2)}
    settings.TIME_ZONE = "Asia/Shanghai"
    contents = set()
    for name, months in (("one", people), ("two", dict(reversed(people.items())))):
        settings.ARCHIVE_ROOT = tmp_path / name
        lived(tmp_path / name, months)
        contents.add(appraise().content)
    contents.add(_content_with_threads(tmp_path / "one", threads=1))
    assert len(contents) == 1


def _content_with_threads(root, threads) -> str:
    program = (
        "import sys, django; django.setup()\n"
        "from pathlib import Path; from zoneinfo import ZoneInfo\n"
        "from bihuan.appraisal.actions import content_of; from bihuan.appraisal.tests.record import MONTH\n"
        "from bihuan.archive.reader import Reader; from bihuan.archive.store import Archive\n"
        "from bihuan.standards.editions import load_edition\n"
        "reader = Reader(Archive(Path(sys.argv[1]), ZoneInfo('Asia/Shanghai')))\n"
        "print(content_of(reader, load_edition('recommended'), MONTH))\n"
    )
    count = str(threads)
    environment = {"POLARS_MAX_THREADS": count, "OMP_NUM_THREADS": count, "OPENBLAS_NUM_THREADS": count}
    done = subprocess.run(
        [sys.executable, "-c", program, str(root)], env={**os.environ, **environment}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_changed_record_gives_a_new_version_and_the_old_one_stays_as_it_was(live) -> None:
    world = live({"8001": WORKED}, fresh=True)
    old = appraise()
    before = result_of(old).tree
    tell(world, {"8002": steady(3)})
    judge(world, {"8001": WORKED, "8002": steady(3)}, load_edition("recommended"))
    new = appraise()
    assert (old.sequence, new.sequence) == (1, 2)
    assert old.manifest != new.manifest
    assert result_of(old).tree == before
    assert reader_of(old).table("contacts").num_rows == 5
    assert reader_of(new).table("contacts").num_rows == 8


def test_another_edition_gives_its_own_version_and_each_set_is_explained_by_its_own(
    live, tmp_path, recommended
) -> None:
    world = live({"8001": WORKED}, fresh=True)
    mine = appraise()
    literal = load_edition("service-quality")
    judge(world, {"8001": WORKED}, literal)
    theirs = appraise(literal, "service-quality")
    assert edition_of_set(mine).hash == recommended.hash
    assert edition_of_set(theirs).hash == literal.hash
    assert [one.set for one in history_of(result_of(mine))] == [mine]
    assert [one.set for one in history_of(theirs.results.first())] == [theirs]
    assert {one.reason for one in theirs.results.all()} == {"no_ranking_rules"}


@pytest.mark.parametrize("model", [ResultSet, Result])
@pytest.mark.parametrize("act", ["change", "remove"])
def test_the_database_refuses_to_change_or_remove_a_kept_result(live, model, act) -> None:
    live({"8001": WORKED})
    appraise()
    rows = model.objects.all()
    acts = {"change": lambda: rows.update(id=new_id()), "remove": lambda: rows._raw_delete(rows.db)}
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        acts[act]()
    assert model.objects.exists()


def test_appraising_a_month_nobody_served_in_is_refused(live) -> None:
    live({"8001": WORKED})
    with pytest.raises(NothingToAppraise):
        appraise_month(SYSTEM, month=MONTH.replace(month=5), edition=load_edition("recommended"), edition_ref="x")
    with pytest.raises(NoSchemes):
        appraise(ref="service-process")
    assert not ResultSet.objects.exists()


@pytest.mark.parametrize("who", ["agent", "supervisor", "inspector", "trainer", "administrator", "stranger"])
def test_only_who_may_appraise_does(live, who) -> None:
    live({"8001": WORKED})
    cast = make_cast()
    with pytest.raises(NotAllowed):
        appraise(actor=cast.user(who))
    assert not ResultSet.objects.exists()
    assert appraise(actor=cast.user("manager")).computed_by == cast.user("manager")


def test_days_without_verdicts_are_judged_before_anything_is_totalled(tmp_path, settings) -> None:
    settings.ARCHIVE_ROOT, settings.TIME_ZONE = tmp_path, "Asia/Shanghai"
    tell(World(tmp_path), {"8001": [Served(0, csat=5), Served(1, csat=5)]})
    told = []
    kept = appraise_month(
        SYSTEM, month=MONTH, edition=load_edition("recommended"), edition_ref="recommended",
        progress=lambda *step: told.append(step),
    )  # fmt: skip
    assert [step for step in told if step[0] == "verdicts"] == [("verdicts", 1, 2), ("verdicts", 2, 2)]
    assert sum(day.n for day in day_scores(result_of(kept))) == 2


def test_results_stay_explained_when_the_file_of_their_edition_changes(live, tmp_path) -> None:
    world = live({"8001": WORKED}, fresh=True)
    text = (LIBRARY / "recommended.yaml").read_text(encoding="utf-8").replace("id: recommended", "id: mine")
    mine = tmp_path / "mine.yaml"
    mine.write_text(text, encoding="utf-8")
    old = load_edition(mine)
    judge(world, {"8001": WORKED}, old)
    kept = appraise(old, str(mine))
    mine.write_text(text.replace(f'version: "{old.version}"', 'version: "99"'), encoding="utf-8")
    assert load_edition(mine).hash != old.hash
    assert edition_of_set(kept) == old
    assert [one.score for one in contact_scores(result_of(kept), MONTH)] == [Decimal(100)]


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_edition_reads_as_itself_from_the_text_kept(name: str) -> None:
    edition = load_edition(name)
    keep_edition(edition)
    assert kept_edition(edition.hash) == edition
