"""An edition looked over before it is used: what the linter finds, and examples of its own checks that come out otherwise."""

from __future__ import annotations

from bihuan.kit.errors import Issue, Level
from bihuan.standards.rules.edition import Edition
from bihuan.standards.rules.lint import lint

_SAID = {
    "zh": "第 {number} 个示例应为“{wanted}”，检查的结论却是“{verdict}”（{reason}）。",
    "en": "Example {number} should be {wanted}, but the check says {verdict} ({reason}).",
}
_VERDICTS = {
    "zh": {"met": "符合", "violated": "违反", "not_applicable": "不适用", "cannot_tell": "无法判断"},
    "en": {"met": "met", "violated": "violated", "not_applicable": "not applicable", "cannot_tell": "cannot tell"},
}


def examine(edition: Edition, language: str = "zh") -> list[Issue]:
    """Every finding, errors among them: an edition whose checks fail their own examples cannot be published."""
    return sorted([*lint(edition, language), *failed_examples(edition, language)])


def failed_examples(edition: Edition, language: str = "zh") -> list[Issue]:
    """Examples of the edition's own checks with another verdict than they name."""
    if not any(setting.definition for setting in edition.checks.values()):
        return []
    from bihuan.standards.checks.answers import in_words  # the engines of the checks take long to load
    from bihuan.standards.checks.authored.trials import trials
    from bihuan.standards.checks.registry import checks_of

    known, tongue = checks_of(edition), "zh" if language.startswith("zh") else "en"
    own = [known[setting.id] for setting in edition.checks.values() if setting.definition]
    words = _VERDICTS[tongue]
    return [
        Issue(
            Level.ERROR,
            f"{edition.checks[trial.check].place}.definition.examples.{trial.number - 1}",
            _SAID[tongue].format(
                number=trial.number, wanted=words[trial.example.verdict], verdict=words[trial.verdict],
                reason=in_words(known[trial.check], trial.reason, tongue),
            ),
            edition.checks[trial.check].source,
            "check.example",
        )
        for trial in trials(edition, own)
        if not trial.passed
    ]  # fmt: skip
