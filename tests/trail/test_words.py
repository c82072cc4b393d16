"""What the audit writes has words in the window: each act, each detail's name, each word and each reason.

What is written is read from the code that writes it: a line with a new word fails here until people can read it.
"""

import ast
from collections.abc import Iterator

import msgspec
import pytest

from bastide.core.policy import Action, Hosting, Label, Reading, Role, SpaceKind, Tool
from bastide.export.events import ExportState
from bastide.settings import ROOT

SOURCE = ROOT / "src" / "bastide"
WORDS = ROOT / "web" / "src" / "core" / "i18n"
# Who writes a line, and which of the arguments that are plain text are words of it.
WRITERS = frozenset({"Line", "line", "_line", "_audit", "_record", "_note"})
# Another `_line` cleans what people type into these.
FIELDS = frozenset({"given_name", "family_name", "function", "service", "phone"})
LANGUAGES = ("fr", "en")


def texts(node: ast.AST | None) -> Iterator[str]:
    """The texts that an expression can be."""
    match node:
        case ast.Constant(value=str() as text):
            yield text
        case ast.IfExp(body=body, orelse=other):
            yield from texts(body)
            yield from texts(other)
        case _:
            return


class Written(ast.NodeVisitor):
    """Names and words of details, and reasons, in one module."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.words: set[str] = set()
        self.reasons: set[str] = set()

    def visit_Call(self, node: ast.Call) -> None:
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called in WRITERS:
            for argument in node.args:
                self.words |= {text for text in texts(argument) if ":" not in text and text}
            for keyword in node.keywords:
                if keyword.arg == "reason":
                    self.reasons |= set(texts(keyword.value))
                elif keyword.arg == "detail":
                    self._details(keyword.value)
                elif keyword.arg is not None and called != "Line":
                    self.names.add(keyword.arg)
                    self.words |= set(texts(keyword.value))
        if called == "PasskeyRefused":
            reasons = (r for k in node.keywords if k.arg == "reason" for r in texts(k.value))
            self.reasons |= {f"passkey-{reason}" for reason in reasons}
        self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        for target in node.targets:
            match target:
                case ast.Name(id="detail" | "details"):
                    self._details(node.value)
                case ast.Name(id="step"):
                    self.words |= set(texts(node.value))
                case ast.Subscript(value=ast.Name(id="detail"), slice=name):
                    self.names |= set(texts(name))
                case _:
                    pass
        self.generic_visit(node)

    def _details(self, node: ast.AST) -> None:
        for one in ast.walk(node):
            if isinstance(one, ast.Dict):
                for name, word in zip(one.keys, one.values, strict=True):
                    self.names |= set(texts(name))
                    self.words |= set(texts(word))


@pytest.fixture(scope="module")
def written() -> Written:
    found = Written()
    modules = [
        p for p in SOURCE.rglob("*.py") if "audit" in (text := p.read_text()) or "PasskeyRefused" in text
    ]
    for module in modules:
        found.visit(ast.parse(module.read_text()))
    return found


def window(language: str) -> dict[str, dict[str, str]]:
    audit = msgspec.json.decode((WORDS / language / "audit.json").read_bytes())
    return {part: audit[part] for part in ("act", "value", "detail")}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_detail_has_a_name(written: Written, language: str) -> None:
    assert {"member", "step", "label_change", "because"} <= written.names, "the walk finds what is written"
    assert written.names - {"declared"} - window(language)["detail"].keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_can_be_read(written: Written, language: str) -> None:
    enums = {
        word.value
        for words in (Label, Role, SpaceKind, Tool, Hosting, Reading, ExportState)
        for word in words
    }
    assert {"proposed", "stay-over", "recovery"} <= written.words, "the walk finds what is written"
    said = {word for word in written.words | enums if word} - FIELDS
    assert said - window(language)["value"].keys() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_can_be_read(written: Written, language: str) -> None:
    assert {"password", "passkey-answer", "passkey-another"} <= written.reasons, (
        "the walk finds what is written"
    )
    assert written.reasons - window(language)["value"].keys() == set()
    assert not {r for r in written.reasons if r != r.lower()}, "our own words, no names of classes"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_act_of_the_policy_has_its_words(language: str) -> None:
    """A refusal of any act is a line."""
    assert {a.value.replace(":", "_") for a in Action} - window(language)["act"].keys() == set()
