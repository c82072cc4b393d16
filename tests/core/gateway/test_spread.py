"""Windows that lost the server together come back as fast as one core takes them, and no faster."""

from bastide.core.gateway.session import spread


def test_a_town_is_back_at_once_and_a_state_takes_its_time() -> None:
    assert spread(0) == spread(50) == 2_000
    assert spread(25_000) == 10_000
    assert spread(1_000_000) == 30_000
