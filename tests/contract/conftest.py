import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--write-fixtures", action="store_true", default=False, help="write the window's fixtures anew"
    )
