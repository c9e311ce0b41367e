"""Translations are held by machine: missing, fuzzy, stale, differing and clashing ones are all found."""

import pytest

from bihuan.ui import messages


@pytest.fixture
def part(tmp_path):
    folder = tmp_path / "shop"
    (folder / "templates").mkdir(parents=True)
    (folder / "__init__.py").write_text("")
    (folder / "sale.py").write_text(
        'title = _("Sale of %(n)s")\nlabel = f"{gettext(\'Inside\')}"\nword = pgettext("till", "Open")\n'
    )
    (folder / "templates" / "a.html").write_text(
        '{% translate "Price" %}\n  {% blocktranslate %}For {{ name }}{% endblocktranslate %}\n{{ x|default:_("None") }}'
    )
    return folder


def written(part, *, fuzzy=(), **changes):
    texts = {
        "Sale of %(n)s": "%(n)s 大促",
        "Inside": "内",
        "Open": "开",
        "Price": "价",
        "For %(name)s": "给 %(name)s",
        "None": "无",
    }
    texts.update(changes)
    messages.update_part(part)
    catalog = messages.catalogue(part)
    for message in catalog:
        if message.id:
            message.string = texts.get(message.id, "")
            if message.id in fuzzy:
                message.flags.add("fuzzy")
    return catalog


def saved(part, catalog):
    with (part / messages.PLACE).open("wb") as file:
        messages.write_po(file, catalog)


def test_texts_are_found_in_code_fstrings_templates_and_filters(part):
    assert set(messages.used_in(part)) == {
        ("", "Sale of %(n)s"),
        ("", "Inside"),
        ("till", "Open"),
        ("", "Price"),
        ("", "For %(name)s"),
        ("", "None"),
    }


def test_a_complete_catalogue_has_no_faults(part):
    saved(part, written(part))
    assert messages.faults(part) == []


def test_a_missing_a_fuzzy_and_a_stale_text_are_each_found(part):
    catalog = written(part, fuzzy=("Inside",), Price="")
    catalog.add("Gone", "没了")
    saved(part, catalog)
    found = " | ".join(messages.faults(part))
    assert "no translation of 'Price'" in found
    assert "'Inside' is marked fuzzy" in found
    assert "unused 'Gone'" in found


def test_a_lost_placeholder_is_found(part):
    saved(part, written(part, **{"For %(name)s": "给谁"}))
    assert ["placeholders differ" in fault for fault in messages.faults(part)] == [True]


def test_updating_keeps_translations_and_adds_the_rest_once(part):
    saved(part, written(part))
    (part / "more.py").write_text('gettext("Later")')
    assert messages.update_part(part) == 1
    assert messages.update_part(part) == 0
    kept = {message.id: message.string for message in messages.catalogue(part) if message.id}
    assert (kept["Price"], kept["Later"]) == ("价", "")


def test_two_parts_that_translate_one_text_differently_clash(part, tmp_path):
    saved(part, written(part))
    other = tmp_path / "yard"
    (other / messages.PLACE.parent).mkdir(parents=True)
    (other / messages.PLACE).write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Price"\nmsgstr "钱"\n'
    )
    assert len(messages.clashes([part, other])) == 1


def test_compiling_writes_what_django_reads(part):
    saved(part, written(part))
    assert messages.compile_part(part)
    assert (part / messages.PLACE).with_suffix(".mo").read_bytes()[:4] in {b"\xde\x12\x04\x95", b"\x95\x04\x12\xde"}


def test_the_texts_of_this_part_are_complete():
    assert [fault for part in messages.parts(names=["ui"]) for fault in messages.faults(part)] == []
