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
