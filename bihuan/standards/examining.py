"""An edition looked over before it is used: what the linter finds, and examples of its own checks that come out otherwise."""

from __future__ import annotations

from collections.abc import Iterator

from bihuan.kit.errors import Issue, Level
from bihuan.standards.editions import load_edition
from bihuan.standards.lending import LENDER, lent_by_section
from bihuan.standards.rules.calling import Named
from bihuan.standards.rules.edition import Edition, Label
from bihuan.standards.rules.lint import lint
from bihuan.standards.rules.naming import NUMBERS, PROPERTIES

_SAID = {
    "zh": "第 {number} 个示例应为“{wanted}”，检查的结论却是“{verdict}”（{reason}）。",
    "en": "Example {number} should be {wanted}, but the check says {verdict} ({reason}).",
}
_VERDICTS = {
    "zh": {"met": "符合", "violated": "违反", "not_applicable": "不适用", "cannot_tell": "无法判断"},
    "en": {"met": "met", "violated": "violated", "not_applicable": "not applicable", "cannot_tell": "cannot tell"},
}
_LENT = {
    "zh": "没有规定，借用“{lender}”的数字：{names}。",
    "en": "Silent; these numbers are lent by {lender}: {names}.",
}
_UNTRIED = {
    "model": (Level.NOTE, {
        "zh": "由模型作答：示例不在此试判；结论先只作观察，经人工核对、有人批准后才计分（docs/EDITIONS.md）。",
        "en": "A model answers this: its examples are not tried here, and its verdicts are observed until a named person "
        "lets them count.",
    }),
    "no_encoder": (Level.WARNING, {
        "zh": "按语义比较需要安装附加组件 embeddings；此处没有，结论将是“无法判断”，示例未试判。",
        "en": "Comparing by meaning needs the extra `embeddings`, which is not installed here: the verdict will be "
        "cannot tell, and the examples were not tried.",
    }),
}  # fmt: skip


def examine(edition: Edition, language: str = "zh") -> list[Issue]:
    """Every finding, errors among them: an edition whose checks fail their own examples cannot be published."""
    return sorted([*read_over(edition, language), *failed_examples(edition, language)])


def read_over(edition: Edition, language: str = "zh") -> list[Issue]:
    """What can be found without running the examples; those of a published edition came out as they should."""
    return [*lint(edition, language), *untried_examples(edition, language), *lent_numbers(edition, language)]


def lent_numbers(edition: Edition, language: str = "zh") -> Iterator[Issue]:
    """What the edition is silent on and is lent, section by section: it decides, so it is said."""
    tongue = "zh" if language.startswith("zh") else "en"
    lender = Named(LENDER, load_edition(LENDER).title).said(tongue)
    for section, numbers in lent_by_section(edition).items():
        names = [_called(path).said(tongue) for path in numbers]
        told = _LENT[tongue].format(lender=lender, names=("、" if tongue == "zh" else ", ").join(names))
        place = section if section == "rounding" else f"numbers.{section}"
        yield Issue(Level.NOTE, place, told, "", "lent")


def _called(path: str) -> Label:
    return NUMBERS.get(path) or PROPERTIES.get(path) or Label(path, path)


def untried_examples(edition: Edition, language: str = "zh") -> list[Issue]:
    """The edition's own checks whose examples cannot be tried here: a model's, or those by meaning without the encoder."""
    own = [setting for setting in edition.checks.values() if setting.definition]
    if not own:
        return []
    from bihuan.standards.checks.authored.trials import untried  # the engines of the checks take long to load

    tongue = "zh" if language.startswith("zh") else "en"
    return [
        Issue(level, f"{setting.place}.definition", said[tongue], setting.source, f"check.{code}")
        for setting in own
        if (code := untried(setting))
        for level, said in (_UNTRIED[code],)
    ]


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
