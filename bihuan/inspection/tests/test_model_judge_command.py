"""`bihuan model-judge`: state, a round, examples; exit codes and no key anywhere."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

from bihuan.inspection.fairness import command as fairness_command
from bihuan.inspection.model_judge.command import ExamplesFail, StoppedEarly, mount
from bihuan.inspection.model_judge.refusals import ModelJudgeOff, ModelStopped
from bihuan.inspection.models import FairnessRun
from bihuan.inspection.tests.desk_world import DAY
from bihuan.inspection.tests.model_stub import KEY, answering, failing
from bihuan.inspection.tests.model_world import GOOD, Scene, asking_folder, scene
from bihuan.kit.errors import InputError

__all__ = ["asking_folder", "scene"]
APP = typer.Typer()
mount(APP)
fairness_command.mount(APP)
APP.command("other")(lambda: None)


def run(*arguments: str):
    return CliRunner().invoke(APP, ["model-judge", *arguments])


def test_a_round_answers_as_json_and_the_state_tells_it(scene: Scene) -> None:
    scene.stub.script = [answering("acted", (3, GOOD), tokens=250)]
    done = run("run", "--day", str(DAY), "--edition", scene.ref, "--json")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)[0] | {"edition": ""} == {
        "day": str(DAY), "edition": "", "model": "stub-1", "prompt_version": "1", "questions": 3, "answered": 3,
        "requests": 1, "left": 0, "stopped": None,
    }  # fmt: skip
    state = json.loads(run("status", "--json").stdout)
    assert state["budget"]["requests"] == {"used": 1, "limit": 1000}
    assert state["budget"]["tokens"]["used"] == 250
    assert KEY not in json.dumps(state)


def test_a_round_cut_short_says_why_and_exits_with_one(scene: Scene) -> None:
    scene.stub.script = [failing(401)]
    done = run("run", "--day", str(DAY), "--edition", scene.ref)
    assert (done.exit_code, type(done.exception)) == (1, StoppedEarly)
    assert "refused" in str(done.exception)
    assert "1 × refused HTTP 401" in run("status").stdout


def test_examples_that_come_out_otherwise_are_a_refusal(scene: Scene) -> None:
    scene.stub.script = [answering("unclear")]
    done = run("examples", scene.ref)
    assert isinstance(done.exception, ExamplesFail)
    assert "follows_up 1: cannot_tell (says_unclear), wanted met" in done.stdout


def test_a_fairness_run_that_the_budget_cuts_short_is_kept_by_no_one_and_goes_on_later(scene: Scene) -> None:
    scene.stub.script = [answering("acted", (3, GOOD))]
    asked = ("fairness", "--edition", scene.ref, "--from", str(DAY), "--to", str(DAY), "--model", "--json")
    scene.set(BUDGET_REQUESTS="1")
    assert isinstance(CliRunner().invoke(APP, list(asked)).exception, ModelStopped)
    assert not FairnessRun.objects.filter(finished_at__isnull=False).exists()
    scene.set(BUDGET_REQUESTS="100")
    done = CliRunner().invoke(APP, list(asked))
    found = {one["item"]: one for one in json.loads(done.stdout)["items"]}
    assert "region" in {lean["kind"] for lean in found["follows_up"]["kinds"]}
    sent = [json.dumps(one["body"]) for one in scene.stub.seen]
    assert len(sent) == len(set(sent)) > 1


def test_off_is_said_and_refused(scene: Scene, monkeypatch) -> None:
    monkeypatch.delenv("BIHUAN_JUDGE_URL")
    assert "Off." in run("status").stdout
    assert json.loads(run("status", "--json").stdout)["on"] is False
    for arguments in (("run", "--day", str(DAY)), ("examples", scene.ref)):
        assert isinstance(run(*arguments).exception, ModelJudgeOff)


@pytest.mark.parametrize("said", ["gestern", "2026-13-01", ""])
def test_a_day_that_is_none_is_bad_input(scene: Scene, said: str) -> None:
    assert isinstance(run("run", "--day", said).exception, InputError)


def test_a_wrong_setting_is_told_by_the_state(scene: Scene) -> None:
    scene.set(TIMEOUT="soon")
    told = json.loads(run("status", "--json").stdout)
    assert (told["on"], "BIHUAN_JUDGE_TIMEOUT" in told["wrong"]) == (False, True)


def test_the_help_shows_how_each_verb_is_called() -> None:
    told = run("--help").stdout
    for verb in ("status", "examples ours.yaml", "run --day 2026-10-12 --edition ours.yaml"):
        assert f"bihuan model-judge {verb}" in told
