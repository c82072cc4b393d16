"""Whatever a file is called, its name in an export leads nowhere and opens everywhere."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bastide.export.names import file_name, safe

ID = UUID("0197f3d2-0000-7000-8000-0123456789ab")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Plan d’évacuation.pdf", "Plan d’évacuation~0123456789ab.pdf"),
        ("../../etc/passwd", "_.._etc_passwd~0123456789ab"),
        ("..\\..\\windows.ini", "_.._windows~0123456789ab.ini"),
        ("/etc/shadow", "_etc_shadow~0123456789ab"),
        ("C:evil.exe", "C_evil~0123456789ab.exe"),
        ("..", "sans nom~0123456789ab"),
        (".bashrc", "bashrc~0123456789ab"),
        ("", "sans nom~0123456789ab"),
        ("CON", "_CON~0123456789ab"),
        ("aux.txt", "_aux~0123456789ab.txt"),
        ("a\u202egnp.exe", "agnp~0123456789ab.exe"),
        ("a\x00b.txt", "ab~0123456789ab.txt"),
        ("trailing. . .", "trailing~0123456789ab"),
        ("archive.tar.gz", "archive.tar~0123456789ab.gz"),
        ("x.verylongextension", "x.verylongextension~0123456789ab"),
    ],
)
def test_what_becomes_of_a_name(name: str, expected: str) -> None:
    assert file_name(name, ID) == expected


@given(st.text(max_size=400), st.uuids())
def test_no_name_leads_anywhere(name: str, file_id: UUID) -> None:
    for made in (safe(name), file_name(name, file_id)):
        assert made
        assert not set(made) & set('/\\:*?"<>|\x00\n')
        assert made.strip(" .") == made
        assert made not in (".", "..")
        assert len(made.encode()) <= 160


def test_the_same_name_twice_is_two_names() -> None:
    assert len({file_name("Note.odt", ID), file_name("note.odt", UUID(int=5))}) == 2
    assert file_name("x.odt", ID) == file_name("x.odt", ID), "a message's page finds its files by it"
