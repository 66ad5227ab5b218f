"""An intake that is not for the open web is served under its onion's name only."""

from dataclasses import replace

import pytest

from submission.app import create_app
from submission.config import Config


@pytest.mark.parametrize(
    ("host", "status"), [("abc.onion", 200), ("abc.onion:80", 200), ("example.org", 421), ("127.0.0.1:8080", 421)]
)
def test_only_an_onion_is_served(config: Config, host: str, status: int) -> None:
    """Another name gets a page that says so, without the name."""
    client = create_app(replace(config, clearnet_allowed=False)).test_client()

    answer = client.get("/", headers={"Host": host})

    assert answer.status_code == status
    assert host not in answer.text


def test_a_demonstration_is_served_under_any_name(config: Config) -> None:
    """Where the open web is allowed, the name does not matter."""
    assert create_app(config).test_client().get("/", headers={"Host": "127.0.0.1:8080"}).status_code == 200
