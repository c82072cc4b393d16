"""Names lead nowhere and look alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bastide.core.content import Plain
from bastide.core.errors import Invalid
from bastide.files.names import NAME_MOST, checked_name
from bastide.files.ranges import attachment


@pytest.mark.parametrize(
    ("given_name", "expected"),
    [
        ("Compte rendu.odt", "Compte rendu.odt"),
        ("  Compte   rendu.odt ", "Compte rendu.odt"),
        ("../../etc/passwd", "passwd"),
        ("C:\\fakepath\\bilan.pdf", "bilan.pdf"),
        ("/absolu.txt", "absolu.txt"),
        ("..\\..\\x/../y.txt", "y.txt"),
        ("e\u0301te\u0301.txt", "été.txt"),
        (".profil", ".profil"),
        ("<img src=x onerror=alert(1)>.png", "<img src=x onerror=alert(1)>.png"),
        ("n" * NAME_MOST, "n" * NAME_MOST),
    ],
)
def test_made_harmless(given_name: str, expected: str) -> None:
    assert checked_name(Plain(given_name)) == Plain(expected)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        ".",
        "..",
        ". .",
        "dossier/",
        "a/..",
        "\\",
        "n" * (NAME_MOST + 1),
        "a\0b",
        "a\x1bb",
        "a\x7fb",
        "facture\u202egnp.exe",
        "\ud800",
    ],
)
def test_refused(name: str) -> None:
    with pytest.raises(Invalid) as caught:
        checked_name(Plain(name))
    assert caught.value.field == "name"


def test_line_breaks_become_spaces() -> None:
    assert checked_name(Plain("a\r\nContent-Type: html\r\n\r\n<script>")) == Plain(
        "a Content-Type: html <script>"
    )


@given(st.text(max_size=500))
def test_whatever_comes(name: str) -> None:
    try:
        tidy = checked_name(Plain(name)).text
    except Invalid:
        return
    assert 1 <= len(tidy) <= NAME_MOST
    assert "/" not in tidy
    assert "\\" not in tidy
    assert "\n" not in tidy
    assert tidy not in {".", ".."}


@given(st.text(max_size=100))
def test_a_header_that_no_name_breaks_out_of(name: str) -> None:
    try:
        header = attachment(checked_name(Plain(name)).text)
    except Invalid:
        return
    assert header.isascii()
    assert header.count('"') == 2
    assert header.startswith('attachment; filename="')
    assert not set(header) & set("\r\n\\")
    assert ";" not in header.split('"')[1]
