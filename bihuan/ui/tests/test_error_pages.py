"""Every refusal says what happened and what to do next, in Chinese, and needs no context to do so."""

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from bihuan.ui import messages
from bihuan.ui.web import errors

PAGES = ("400.html", "403.html", "403_csrf.html", "404.html", "429.html", "500.html")


@pytest.mark.parametrize("name", PAGES)
def test_a_refusal_names_what_happened_why_and_the_way_on(name):
    with translation.override("en"):
        html = render_to_string(name)
    assert html.count('<p class="soft">') == 2
    assert 'href="/"' in html
    assert "<h1></h1>" not in html
    assert "<title> ·" not in html


@pytest.mark.parametrize(
    ("handler", "status"),
    [
        (errors.bad_request, 400),
        (errors.forbidden, 403),
        (errors.not_found, 404),
        (errors.too_many, 429),
    ],
)
def test_each_handler_answers_with_its_status(handler, status):
    assert handler(RequestFactory().get("/"), Exception("secret detail")).status_code == status


def test_no_detail_of_an_error_reaches_the_page():
    response = errors.bad_request(RequestFactory().get("/"), Exception("secret detail"))
    assert b"secret detail" not in response.content


def test_an_expired_form_and_a_bug_have_their_own_pages():
    request = RequestFactory().get("/")
    with translation.override("en"):
        assert b"This form has expired" in errors.form_expired(request, "no token").content
        assert b"Something broke on our side" in errors.server_error(request).content
        assert errors.server_error(request).status_code == 500


def test_every_text_of_the_error_pages_has_a_chinese_translation():
    part = next(part for part in messages.parts(names=["ui"]))
    translated = {message.id: message.string for message in messages.catalogue(part)}
    assert translated["Something broke on our side"] == "系统出错了"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda request: errors.forbidden(request, Exception()), {"zh-hans": "没有权限", "en": "You may not do this"}),
        (lambda request: errors.not_found(request, Exception()), {"zh-hans": "页面不存在", "en": "Page not found"}),
        (errors.server_error, {"zh-hans": "系统出错了", "en": "Something broke on our side"}),
    ],
)
def test_refusals_speak_the_readers_language_and_come_in_both_themes(answer, words, language):
    with translation.override(language):
        html = answer(RequestFactory().get("/")).content.decode()
    assert words[language] in html
    assert f'lang="{"zh-CN" if language == "zh-hans" else "en"}"' in html
    assert "ui/theme.js" in html  # sets the theme before the first paint
    assert all(f'data-theme="{theme}"' in html for theme in ("system", "light", "dark"))
