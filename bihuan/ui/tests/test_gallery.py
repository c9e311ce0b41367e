"""The gallery shows every component there is, so that nobody invents one that exists."""

import re
from pathlib import Path

import pytest

from bihuan.ui.templatetags.ui import register

TEMPLATES = Path(__file__).resolve().parents[1] / "templates" / "ui"
SOURCES = "".join(
    path.read_text(encoding="utf-8") for path in [TEMPLATES / "gallery.html", *(TEMPLATES / "gallery").glob("*.html")]
)
SHELL = {"captured_title", "page_title", "dom_id"}  # of the page, not drawn
COMPONENTS = [path for path in TEMPLATES.glob("*.html") if path.name not in {"gallery.html"}]


@pytest.mark.parametrize("name", sorted(set(register.tags) - SHELL))
def test_every_component_is_in_the_gallery(name):
    drawn = re.sub(r"\{% verbatim %\}.*?\{% endverbatim %\}", "", SOURCES, flags=re.DOTALL)
    assert re.search(rf"\{{% {name}\b", drawn), f"{name} has no sample"


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.name)
def test_every_component_starts_with_its_contract(path):
    source = re.sub(r"^\{% extends [^%]+%\}\s*", "", path.read_text(encoding="utf-8"))
    assert source.startswith("{% comment %}")


def test_the_gallery_opens_with_all_its_parts(ui_site):
    page = ui_site.get("/gallery/")
    html = page.content.decode()
    assert page.status_code == 200
    for region in ("figures", "marks", "table", "tree", "conversation", "states", "gallery-dialog"):
        assert f'id="{region}"' in html
    assert html.count("<h1") == 1
    assert html.count("echarts.min.js") == 1


def test_the_page_is_named_once_for_window_heading_and_phone_bar(ui_site):
    html = ui_site.get("/gallery/").content.decode()
    name = re.search(r"<title>(.+?) ·", html).group(1)
    assert f'<h1 class="is-named-above">{name}</h1>' in html
    assert f'<p class="grow cut">{name}</p>' in html


def test_sorting_the_sample_table_by_a_foreign_name_changes_nothing(ui_site):
    plain, tried = (ui_site.get(f"/gallery/{query}").content.decode() for query in ("", "?sort=password"))
    order = [re.findall(r'<td><a href="#table">(.+?)</a>', html) for html in (plain, tried)]
    assert order[0] == order[1] != []
