"""What never changes is put into a template when it is compiled, and reads as if it had not been."""

from __future__ import annotations

from typing import Any

import pytest
from django.template import TemplateDoesNotExist, engines
from django.utils import translation
from jinja2 import DictLoader, StrictUndefined
from markupsafe import Markup

from parley.web.folding import FoldedEnvironment, Pages


def environment(language: str, **constant: Any) -> FoldedEnvironment:
    made = FoldedEnvironment(
        autoescape=True, undefined=StrictUndefined, extensions=["jinja2.ext.i18n"]
    )
    made.language = language
    made.constant = constant
    made.globals.update(constant)
    made.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext, translation.ngettext, newstyle=True
    )
    return made


@pytest.mark.parametrize(("language", "said"), [("en", "Settings"), ("ru", "Настройки")])
def test_words_are_those_of_the_language(language: str, said: str) -> None:
    template = environment(language).from_string("{{ _('Settings') }}")

    with translation.override("en"):
        assert template.render() == said


def test_what_is_filled_in_is_escaped_and_the_words_are_not() -> None:
    template = environment("en").from_string("{{ _('<b>%(name)s</b> & 100%%', name=name) }}")

    assert template.render(name="<script>") == "<b>&lt;script&gt;</b> & 100%"


def test_a_constant_call_is_answered_once() -> None:
    asked: list[str] = []

    def icon(name: str, size: int = 20) -> Markup:
        asked.append(name)
        return Markup(f"<svg {name} {size}>")

    template = environment("en", icon=icon).from_string(
        "{% for _n in range(3) %}{{ icon('bell', size=16) }}{% endfor %}{{ icon(name) }}"
    )

    assert template.render(name="x") == "<svg bell 16>" * 3 + "<svg x 20>"
    assert template.render(name="x").endswith("<svg x 20>")
    assert asked == ["bell", "x", "x"]


def test_each_language_has_its_own_templates() -> None:
    pages = engines["jinja2"]
    assert isinstance(pages, Pages)
    assert set(pages.in_language) == {"en", "ru"}
    for name, made in pages.in_language.items():
        assert made.language == name


def test_a_template_that_is_none_is_looked_for_elsewhere() -> None:
    with pytest.raises(TemplateDoesNotExist):
        engines["jinja2"].get_template("no/such.html")


def test_a_language_that_there_is_not_reads_the_first_one() -> None:
    pages = engines["jinja2"]
    with translation.override("de"):
        assert pages.get_template("errors/404.html").template.environment.language == "en"


def test_templates_include_each_other_in_their_language() -> None:
    made = environment("ru")
    made.loader = DictLoader({"page": "{% include 'part' %}", "part": "{{ _('Settings') }}"})

    assert made.get_template("page").render() == "Настройки"
