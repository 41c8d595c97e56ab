"""Templates with what never changes worked out beforehand, once for each language.

A page says some three hundred words that are the same for every reader of a language, draws dozens of
icons and names dozens of addresses. Where a template calls for one of these with nothing but constants,
the answer is put into the template when it is compiled.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.template import TemplateDoesNotExist
from django.template.backends.jinja2 import Jinja2, Template
from django.utils import translation
from jinja2 import Environment, TemplateNotFound, nodes
from jinja2.visitor import NodeTransformer
from markupsafe import Markup


class FoldedEnvironment(Environment):
    """An environment for the pages of one language.

    `constant` names the functions whose answer depends on their arguments and the language alone;
    `_` with constant words is always one of them.
    """

    language: str = settings.LANGUAGE_CODE
    constant: Mapping[str, Callable[..., Any]] = {}

    def compile(self, source: Any, *args: Any, **kwargs: Any) -> Any:
        """As always, of a template whose constant calls are already answered."""
        if isinstance(source, str):
            source = self.parse(source, *args[:2])
        with translation.override(self.language):
            folded = _Folding(self).visit(source)
        return super().compile(folded, *args, **kwargs)


class _Folding(NodeTransformer):
    def __init__(self, environment: FoldedEnvironment) -> None:
        self.environment = environment

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:  # noqa: N802 - the visitor's way
        """Answer the call now, if that can be."""
        call = self.generic_visit(node)
        assert isinstance(call, nodes.Call)
        name = call.node.name if isinstance(call.node, nodes.Name) else ""
        if call.dyn_args or call.dyn_kwargs or not all(_is_constant(arg) for arg in call.args):
            return call
        if name == "_":
            return _translated(call)
        if name in self.environment.constant and all(
            _is_constant(one.value) for one in call.kwargs
        ):
            values = [arg.as_const() for arg in call.args]
            named = {one.key: one.value.as_const() for one in call.kwargs}
            return _constant(call, self.environment.constant[name](*values, **named))
        return call


def _translated(call: nodes.Call) -> nodes.Expr:
    """`_("Hello %(name)s", name=…)`: the words now, what is filled in as ever."""
    words = Markup(translation.gettext(call.args[0].as_const()))  # noqa: S704 - the catalogue's
    if not call.kwargs:
        return _constant(call, words % {})
    filled_in = nodes.Dict(
        [nodes.Pair(nodes.Const(one.key), one.value) for one in call.kwargs], lineno=call.lineno
    )
    return nodes.Mod(_constant(call, words), filled_in, lineno=call.lineno)


def _is_constant(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Const)


def _constant(call: nodes.Call, value: object) -> nodes.Const:
    return nodes.Const(value, lineno=call.lineno, environment=call.environment)


class Pages(Jinja2):
    """Django's backend, with an environment for each language."""

    def __init__(self, params: dict[str, Any]) -> None:
        super().__init__(params)
        self.in_language = {
            language: _in_language(self.env, language) for language, _name in settings.LANGUAGES
        }

    def get_template(self, template_name: str) -> Template:
        """The template in the active language."""
        language = translation.get_language() or ""
        environment = self.in_language.get(language, self.in_language[settings.LANGUAGE_CODE])
        try:
            return Template(environment.get_template(template_name), self)
        except TemplateNotFound as missing:
            raise TemplateDoesNotExist(str(missing.name), backend=self) from missing


def _in_language(environment: Environment, language: str) -> FoldedEnvironment:
    made = environment.overlay()
    assert isinstance(made, FoldedEnvironment)
    made.language = language
    return made
