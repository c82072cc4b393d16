"""Settings: what is understood, what is refused, and how secrets are kept."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bastide.core.clock import Clock
from bastide.core.ids import Ids
from bastide.settings import ExternalLiveKit, Settings, SettingsError, load, secret


def test_without_any_it_serves_this_machine_alone() -> None:
    settings = load([], {})
    assert (settings.host, settings.port, settings.demo) == ("127.0.0.1", 8420, True)
    assert settings.origin == "http://localhost:8420"
    assert settings.https is False
    assert settings.media_port == 8421


def test_an_option_wins_over_the_environment() -> None:
    environ = {
        "BASTIDE_PORT": "9000",
        "BASTIDE_NO_DEMO": "yes",
        "BASTIDE_DATA": "/srv/bastide",
        "BASTIDE_HOST": "127.0.0.2",
    }
    settings = load(["--port", "9001"], environ)
    assert (settings.port, settings.demo, settings.data) == (9001, False, Path("/srv/bastide"))
    assert settings.host == "127.0.0.2"
    options = ["--host", "127.0.0.3", "--data", "/srv/other", "--no-demo"]
    other = load(options, {**environ, "BASTIDE_NO_DEMO": "no"})
    assert (other.host, other.data, other.demo, other.port) == ("127.0.0.3", Path("/srv/other"), False, 9000)


def test_a_proxy_is_declared_by_its_address() -> None:
    settings = load(["--host", "0.0.0.0", "--public-url", "https://bastide.example/"], {})
    assert (settings.origin, settings.https) == ("https://bastide.example", True)
    assert settings.inside == "http://127.0.0.1:8420"


def test_calls_go_to_the_address_that_is_served() -> None:
    proxy = ["--public-url", "https://bastide.example"]
    assert load([], {}).media_address == "127.0.0.1"
    assert load(["--host", "192.0.2.7", *proxy], {}).media_address == "192.0.2.7"
    assert load(["--media-address", "203.0.113.9", *proxy], {}).media_address == "203.0.113.9"


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({"BASTIDE_PROT": "9000"}, "Did you mean BASTIDE_PORT"),
        ({"BASTIDE_PORT": "0"}, "number from 1 to 65535"),
        ({"BASTIDE_PORT": "70000"}, "number from 1 to 65535"),
        ({"BASTIDE_NO_DEMO": "perhaps"}, "yes or no"),
        ({"BASTIDE_HOST": "example.org"}, "must be an address"),
        ({"BASTIDE_HOST": "192.0.2.7"}, "need HTTPS"),
        ({"BASTIDE_PUBLIC_URL": "http://bastide.example"}, "must begin with https"),
        ({"BASTIDE_PUBLIC_URL": "https://bastide.example/somewhere"}, "a scheme, a host"),
        ({"BASTIDE_DATABASE_URL": "mysql://localhost/x"}, "must begin with postgresql"),
        ({"BASTIDE_PORT": "١٢٣"}, "number from 1 to 65535"),
        ({"BASTIDE_PORT": "８４２０"}, "number from 1 to 65535"),
        ({"BASTIDE_PORT": "²"}, "number from 1 to 65535"),
        ({"BASTIDE_MEDIA_PORT": "٤٢"}, "number from 1 to 65535"),
        ({"BASTIDE_PROXY": "192.0.2.10"}, "public_url, too"),
        (
            {"BASTIDE_PUBLIC_URL": "https://bastide.example", "BASTIDE_PROXY": "front"},
            "addresses or networks",
        ),
        ({"BASTIDE_PUBLIC_URL": "https://bastide.example", "BASTIDE_PROXY": "*"}, "addresses or networks"),
        ({"BASTIDE_PUBLIC_URL": "https://bastide.example", "BASTIDE_PROXY": "192.0.2.1,"}, "addresses or"),
        ({"BASTIDE_PUBLIC_URL": "https://bastide.example", "BASTIDE_PROXY": "192.0.2.7/28"}, "or networks"),
        ({"BASTIDE_PUBLIC_URL": "https://bastide.example", "BASTIDE_PROXY": "0.0.0.0/0"}, "not be everybody"),
        ({"BASTIDE_PUBLIC_URL": "https://bastide.example", "BASTIDE_PROXY": "::/0"}, "not be everybody"),
        ({"BASTIDE_UPLOAD_MOST": "0"}, "size such as 500M"),
        ({"BASTIDE_UPLOAD_MOST": "2 bananas"}, "size such as 500M"),
        ({"BASTIDE_GUESTS_KEPT": "0"}, "number of days"),
        ({"BASTIDE_GUESTS_KEPT": "90 jours"}, "number of days"),
        ({"BASTIDE_LIVEKIT_URL": "wss://livekit.example"}, "go together"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(environ: dict[str, str], sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        load([], environ)


@pytest.mark.parametrize(
    ("size", "count"), [("1", 1), ("500M", 500 * 1024**2), ("4g", 4 * 1024**3), ("2147483648", 2 << 30)]
)
def test_a_size_is_in_bytes_or_in_powers_of_1024(size: str, count: int) -> None:
    assert load(["--upload-most", size], {}).upload_most == count
    assert load([], {"BASTIDE_UPLOAD_MOST": size}).upload_most == count


def test_who_is_believed_about_where_a_request_comes_from() -> None:
    front = ["--public-url", "https://bastide.example"]
    assert load([], {}).believed == (), "nobody stands in front: any header is the client's own"
    assert [str(n) for n in load(front, {}).believed] == ["127.0.0.0/8", "::1/128"]
    named = load([*front, "--proxy", "192.0.2.10, 2001:db8::/64"], {})
    assert [str(n) for n in named.believed] == ["192.0.2.10/32", "2001:db8::/64"], "and this machine no more"
    assert load(front, {"BASTIDE_PROXY": "192.0.2.10,2001:db8::/64"}) == named


def test_addresses_with_passwords_are_no_options() -> None:
    with pytest.raises(SettingsError, match="--database-url"):
        load(["--database-url", "postgresql://x"], {})


@given(
    port=st.integers(1, 65535),
    demo=st.booleans(),
    public_url=st.sampled_from([None, "https://bastide.example", "http://localhost:5173"]),
    livekit=st.sampled_from([None, ExternalLiveKit("wss://livekit.example", "key", "secret")]),
    database_url=st.sampled_from([None, "postgresql://u:p@db.example/bastide"]),
    upload_most=st.integers(1, 1 << 39),
    guests_kept=st.integers(1, 3650),
    administration_minutes=st.integers(5, 240),
    proxies=st.sampled_from([None, ("192.0.2.10/32",), ("192.0.2.0/28", "2001:db8::/64")]),
)
def test_a_child_reads_the_same_settings(
    *,
    port: int,
    demo: bool,
    public_url: str | None,
    livekit: ExternalLiveKit | None,
    database_url: str | None,
    upload_most: int,
    guests_kept: int,
    administration_minutes: int,
    proxies: tuple[str, ...] | None,
) -> None:
    settings = Settings(
        data=Path("/srv/données"),
        port=port,
        demo=demo,
        public_url=public_url,
        livekit=livekit,
        database_url=database_url,
        upload_most=upload_most,
        guests_kept=guests_kept,
        administration_minutes=administration_minutes,
        proxies=None if public_url is None else proxies,
    )
    assert load([], settings.environment()) == settings


def test_a_secret_is_made_once_and_for_this_account_alone(tmp_path: Path) -> None:
    ids = Ids(Clock())
    made = secret(tmp_path, "livekit", ids)
    assert len(made) == 64
    assert secret(tmp_path, "livekit", ids) == made
    assert secret(tmp_path, "other", ids) != made
    assert (tmp_path / "secrets" / "livekit").stat().st_mode & 0o777 == 0o600
    (tmp_path / "secrets" / "livekit").chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        secret(tmp_path, "livekit", ids)
