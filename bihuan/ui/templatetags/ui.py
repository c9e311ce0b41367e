"""The template tags of the site: a builtin of the template engine, so that no page loads it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext, pgettext

from bihuan.ui import formats, trees, values
from bihuan.ui.figures import FigureCard, FilterBar, Number, Part, Parts, Sparkline, Tab, Target, Timing, Whisker
from bihuan.ui.rule_words import rule_words

register = template.Library()
values.register_in(register)
language = values.language

_TITLE = "ui_page_title"
_CHARTS = "ui_has_charts"
_TONES = {"success": "met", "error": "bad", "warning": "warn", "info": "idle", "debug": "idle"}
_TONE_ICONS = {"met": "circle-check", "bad": "alert-octagon", "warn": "alert-triangle", "idle": "info-circle"}
_VERDICTS = {
    "met": ("met", "check", "met"),
    "violated": ("bad", "x", "bad"),
    "not_applicable": ("na", "minus", "idle"),
    "cannot_tell": ("unk", "question-mark", "warn"),
    "insufficient": ("unk", "question-mark", "warn"),
    "pending": ("todo", "", "idle"),
}
_SEVERITIES = {"urgent": ("▲", "bad"), "important": ("◆", "warn"), "general": ("●", "idle")}


# Page


@register.simple_block_tag(takes_context=True)
def captured_title(context: Context, content: str) -> str:
    """Keeps the page's name, so that window title, heading and top bar say the same."""
    context.dicts[0][_TITLE] = content.strip()  # the root: an include sees it too
    return content.strip()


@register.simple_tag(takes_context=True)
def page_title(context: Context) -> str:
    """The name kept by `captured_title`; already rendered, hence escaped."""
    return mark_safe(str(context.get(_TITLE, "")))  # noqa: S308 - output of a rendered block


@register.simple_tag
def dom_id(thing: object, region: str = "") -> str:
    """`{% dom_id case "closure" %}` → `case-42-closure`: the one way a region gets its id."""
    meta = getattr(thing, "_meta", None)
    name = f"{meta.model_name}-{getattr(thing, 'pk', None)}" if meta else str(thing)
    return slugify(f"{name}-{region}" if region else name, allow_unicode=True)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """`{% icon "check" %}` draws a Tabler icon; hidden from screen readers unless it gets a label."""
    if label:
        return format_html('<i class="ti ti-{}" role="img" aria-label="{}" title="{}"></i>', name, label, label)
    return format_html('<i class="ti ti-{}" aria-hidden="true"></i>', name)


@register.simple_tag
def kbd(*keys: str) -> SafeString:
    """`{% kbd "Ctrl" "Enter" %}`: keys as they stand on the keyboard."""
    return mark_safe("".join(format_html("<kbd>{}</kbd>", key) for key in keys))  # noqa: S308 - each part is escaped


@register.inclusion_tag("ui/toast.html")
def toast(text: object, tone: str = "idle") -> dict[str, object]:
    """A short note about what just happened; tone met, bad, warn, idle or a level of Django's messages."""
    tone = _TONES.get(tone, tone if tone in _TONE_ICONS else "idle")
    return {"text": text, "tone": tone, "tone_icon": _TONE_ICONS[tone]}


@register.inclusion_tag("ui/tabs.html")
def tabs(entries: Sequence[Tab], label: str = "") -> dict[str, object]:
    """Tabs that are addresses; works without script."""
    return {"entries": entries, "label": label}


@register.inclusion_tag("ui/filter_bar.html", takes_context=True)
def filter_bar(context: Context, bar: FilterBar) -> dict[str, object]:
    """Period and scope of a page, kept in the address."""
    return {"bar": bar, "request": context.get("request")}


@register.inclusion_tag("ui/pager.html")
def pager(page: object, label: str = "") -> dict[str, object]:
    """Which rows of how many, with the way to the others (`paging.Page`)."""
    return {"page": page, "label": label}


@register.inclusion_tag("ui/empty.html")
def empty(title: str, advice: str = "", url: str = "", action: str = "", symbol: str = "inbox") -> dict[str, object]:
    """Nothing here yet: says so and what to do."""
    return {"title": title, "advice": advice, "url": url, "action": action, "symbol": symbol}


@register.inclusion_tag("ui/progress.html")
def progress(label: str, done: int, total: int, note: str = "") -> dict[str, object]:
    """Long work: how much of how much, and in `note` the rate and the time left."""
    return {"label": label, "done": done, "total": total, "note": note}


@register.simple_block_tag
def dialog(content: str, name: str, title: str) -> str:
    """`{% dialog "reveal" _("…") %}…{% enddialog %}`; opened by any element with `data-opens="reveal"`."""
    return render_to_string("ui/dialog.html", {"content": content, "name": name, "title": title})


@register.simple_block_tag
def note(content: str, tone: str = "") -> str:
    """`{% note "warn" %}…{% endnote %}`: what, which rule, and what to do instead; tone nothing, warn or bad."""
    return render_to_string("ui/note.html", {"content": content, "tone": tone, "symbol": _TONE_ICONS.get(tone)})


# Marks


@register.inclusion_tag("ui/verdict.html")
def verdict(state: str, word: bool = True) -> dict[str, object]:
    """One of met, violated, not_applicable, cannot_tell, insufficient, pending; `word=False` in narrow cells."""
    shape, symbol, tone = _VERDICTS[state]
    words = {
        "met": gettext("Met"),
        "violated": gettext("Violated"),
        "not_applicable": gettext("Not applicable"),
        "cannot_tell": gettext("Cannot tell"),
        "insufficient": gettext("Insufficient"),
        "pending": gettext("To do"),
    }
    return {"shape": shape, "symbol": symbol, "tone": tone, "name": words[state], "word": word}


@register.inclusion_tag("ui/target.html")
def target(goal: Target, word: bool = True) -> dict[str, object]:
    """Whether a target is met; the mark is open where the interval includes the target."""
    name = goal.word or (gettext("On target") if goal.met else gettext("Off target"))
    return {"goal": goal, "name": name, "word": word, "tone": "met" if goal.met else "bad"}


@register.inclusion_tag("ui/severity.html")
def severity(grade: str) -> dict[str, object]:
    """▲ urgent, ◆ important, ● general."""
    sign, tone = _SEVERITIES[grade]
    words = {
        "urgent": pgettext("severity", "Urgent"),
        "important": pgettext("severity", "Important"),
        "general": pgettext("severity", "General"),
    }
    return {"sign": sign, "tone": tone, "word": words[grade]}


@register.inclusion_tag("ui/clock.html")
def clock(left_us: int, near_us: int = 0) -> dict[str, object]:
    """Time left or over of a running clock; `near_us` is when it begins to warn."""
    state = "over" if left_us < 0 else "near" if left_us <= near_us else "ok"
    symbols = {"over": "alert-octagon", "near": "clock-exclamation", "ok": "clock"}
    return {"state": state, "symbol": symbols[state], "text": formats.time_left(left_us, language())}


@register.simple_tag
def tag(text: str, tone: str = "", symbol: str = "") -> SafeString:
    """A small label; tone nothing, met, bad, warn or accent."""
    drawn = icon(symbol) if symbol else ""
    tone_class = f" is-{tone}" if tone else ""
    return format_html('<span class="bh-tag{}">{}{}</span>', tone_class, drawn, text)


@register.simple_tag
def source(rule: str, url: str = "") -> SafeString:
    """The id of the rule a number comes from (`S3-14`), with what it stands for; a link where the edition's text has an
    address."""
    if not rule:
        return SafeString("")
    if url:
        return format_html('<a class="src" href="{}" title="{}">{}</a>', url, stands_for(rule), rule)
    return format_html('<span class="src" title="{}">{}</span>', stands_for(rule), rule)


@register.filter
def stands_for(marks: str) -> str:
    """What rule marks stand for, for a title: `{{ row.source|stands_for }}`."""
    return rule_words(marks, language())


@register.inclusion_tag("ui/mask.html")
def mask(text: str, reveals: str = "") -> dict[str, object]:
    """A value already masked on the server; `reveals` is the dialog that asks for a reason."""
    return {"text": text, "reveals": reveals}


# Figures


@register.inclusion_tag("ui/figure.html")
def figure(card: FigureCard) -> dict[str, object]:
    """One figure: name and n · value, unit, change · target · trend with target line · interval."""
    return {"card": card, "trend": Sparkline(card.trend, card.goal) if card.trend else None}


@register.inclusion_tag("ui/spark.html")
def spark(
    values: Sequence[Number | None],
    goal: Number | None = None,
    width: int = 88,
    height: int = 24,
    scale: tuple[Number, Number] | None = None,
) -> dict[str, object]:
    """A trend without axes; give `scale` (low, high) where a column must be comparable."""
    return {"line": Sparkline(values, goal, width, height, scale)}


@register.inclusion_tag("ui/whisker.html")
def whisker(drawn: Whisker) -> dict[str, object]:
    """An interval on its column's scale; the dot is hollow where it cannot be told apart."""
    return {"drawn": drawn}


@register.inclusion_tag("ui/parts.html")
def parts(terms: Sequence[Part], width: int = 88) -> dict[str, object]:
    """The terms of a total: width is weight, the filled part is what was reached."""
    return {"drawn": Parts(terms, width)}


@register.inclusion_tag("ui/strip.html")
def strip(timings: Sequence[Timing]) -> dict[str, object]:
    """A row of timings or counts; scrolls sideways on the phone."""
    return {"timings": timings}


@register.inclusion_tag("ui/score_tree.html")
def score_tree(node: object, key: str = "score", open_levels: int = trees.OPEN_LEVELS) -> dict[str, object]:
    """A score with all it rests on; `key` is unique on the page, `open_levels` how many levels stand open."""
    return {"rows": trees.rows(node, language(), key=key, open_levels=open_levels), "key": key}


@register.inclusion_tag("ui/table.html")
def table(drawn: object, label: str = "") -> dict[str, object]:
    """A declared table (`tables.Table`)."""
    return {"table": drawn, "label": label}


@register.inclusion_tag("ui/chart.html", takes_context=True)
def chart(context: Context, drawn: Any, note: str = "") -> dict[str, object]:
    """A declared chart (`charts.*`) in its card, with the same numbers as a table and two downloads."""
    first = not context.get(_CHARTS)
    context.dicts[0][_CHARTS] = True  # the drawing library is loaded once a page, by its first chart
    return {"chart": drawn, "note": note, "payload": drawn.to_json(language()), "first": first}
