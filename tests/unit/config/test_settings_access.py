"""Settings of who may come in."""

from __future__ import annotations

import pytest

from config import Settings


@pytest.mark.parametrize(
    ("web", "said"),
    [
        ({"proxy_user_header": "X-User"}, "needs trusted_proxies"),
        ({"proxy_user_header": "X-User", "trusted_proxies": ["127.0.0.1"], "public": True}, "exclude each other"),
        ({"trusted_proxies": ["proxy.lan"]}, "no address or network"),
        ({"trusted_proxies": ["10.0.0.1/8"]}, "no address or network"),
        ({"hosts": ["https://watch.lan"]}, "no host name"),
        ({"hosts": ["watch.lan:8420"]}, "no host name"),
        ({"proxy_user_header": "X User", "trusted_proxies": ["127.0.0.1"]}, "proxy_user_header"),
    ],
)
def test_what_would_let_in_others_than_was_meant_is_refused(web: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Settings(web=web)  # type: ignore[arg-type]


def test_names_are_kept_in_lower_case() -> None:
    assert Settings(web={"hosts": ["Watch.LAN"]}).web.hosts == ("watch.lan",)  # type: ignore[arg-type]
