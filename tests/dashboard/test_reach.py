"""Whether a server may show anything, by where it listens and whom it lets in; the settings that see to it."""

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit import config

from dashboard import reach
from tests.support.made.runs import MadeRun
from tests.support.pages import Opened

ROOT = Path(__file__).parents[2]

EVERYWHERE = "0.0.0.0"  # noqa: S104 -- what is refused

Set = Callable[[str, object], None]


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Set]:
    """Sets a Streamlit option, as a flag would, in a server that has shown no page yet."""
    monkeypatch.delenv(reach.VARIABLE, raising=False)
    before = {}

    def set_(option: str, value: object) -> None:
        before.setdefault(option, config.get_option(option))
        config._set_option(option, value, "a test")

    reach._bound_address.cache_clear()
    set_("server.address", "127.0.0.1")
    set_("server.allowedHosts", ["127.0.0.1", "localhost"])
    yield set_
    for option, value in before.items():
        config._set_option(option, value, "a test")
    reach._bound_address.cache_clear()


@pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1", "localhost"])
def test_this_machine_alone_is_no_trouble(setting: Set, address: str) -> None:
    setting("server.address", address)
    assert reach.refusal() is None


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (None, EVERYWHERE),
        ("", EVERYWHERE),
        (EVERYWHERE, EVERYWHERE),
        ("::", "::"),
        ("192.0.2.7", "192.0.2.7"),
        ("cxr.example", "cxr.example"),
        ("localhost.example", "localhost.example"),
        ("127.0.0.1.example", "127.0.0.1.example"),
        ("0", "0"),
    ],
)
def test_any_other_address_is_named_and_must_be_meant(
    setting: Set, monkeypatch: pytest.MonkeyPatch, address: str | None, said: str
) -> None:
    setting("server.address", address)
    assert f"this server listens on {said} and not on this machine alone" in str(reach.refusal())
    monkeypatch.setenv(reach.VARIABLE, f"{said}0")
    assert reach.refusal() is not None
    monkeypatch.setenv(reach.VARIABLE, said)
    assert reach.refusal() is None


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        (["dashboard/app.py"], "with --server.address 127.0.0.1,"),
        (["dashboard/app.py", "second-site"], "with STREAMLIT_SERVER_ADDRESS=127.0.0.1,"),
    ],
)
def test_what_to_do_fits_how_it_was_started(
    setting: Set, monkeypatch: pytest.MonkeyPatch, words: list[str], remedy: str
) -> None:
    monkeypatch.setattr("sys.argv", words)
    setting("server.address", EVERYWHERE)
    assert f"start it again {remedy} or set SECOND_SITE_LISTEN" in str(reach.refusal())


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("server.enableCORS", False, "server.enableCORS=false"),
        ("server.enableXsrfProtection", False, "server.enableXsrfProtection=false"),
        ("server.enableAgentApi", True, "server.enableAgentApi=true"),
        ("global.developmentMode", True, "global.developmentMode=true"),
        ("server.allowedHosts", [], "server.allowedHosts empty"),
        ("server.allowedHosts", ["localhost", " * "], "server.allowedHosts=*"),
        ("server.corsAllowedOrigins", ["*"], "server.corsAllowedOrigins=*"),
    ],
)
def test_what_lets_other_web_pages_in_is_refused_whoever_means_it(
    setting: Set, monkeypatch: pytest.MonkeyPatch, option: str, value: object, said: str
) -> None:
    monkeypatch.setenv(reach.VARIABLE, "127.0.0.1")
    setting(option, value)
    assert f"with the setting {said} other web pages" in str(reach.refusal())


def test_named_hosts_and_origins_are_no_trouble(setting: Set) -> None:
    setting("server.allowedHosts", ["cxr.example", "*.ward.example"])
    setting("server.corsAllowedOrigins", ["https://cxr.example"])
    assert reach.refusal() is None


def test_settings_that_change_later_do_not_move_the_socket(setting: Set) -> None:
    setting("server.address", EVERYWHERE)
    assert reach.refusal() is not None
    setting("server.address", "127.0.0.1")
    assert reach.refusal() is not None


@pytest.mark.parametrize("page", ["overview", "labels", "image", "nonsense"])
def test_every_page_is_that_one_sentence(setting: Set, open_page: Opened, results: Path, page: str) -> None:
    MadeRun().write(results)
    setting("server.address", EVERYWHERE)
    app = open_page(page=page)
    assert app.warning[0].value.startswith("Nothing is shown")
    assert list(app.main.children.values()) == list(app.warning)
    assert not app.sidebar.children


def test_the_settings_beside_the_script_are_those_of_the_project() -> None:
    beside = ROOT / "dashboard" / ".streamlit" / "config.toml"
    assert beside.read_bytes() == (ROOT / ".streamlit" / "config.toml").read_bytes()
    assert not beside.is_symlink()


def test_the_settings_leave_no_door_to_a_default() -> None:
    settings = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert settings["global"] == {"developmentMode": False}
    assert settings["browser"] == {"gatherUsageStats": False}
    assert settings["client"]["allowedOrigins"] == []
    assert settings["server"] == {
        "address": "127.0.0.1",
        "allowedHosts": ["127.0.0.1", "localhost"],
        "enableCORS": True,
        "corsAllowedOrigins": [],
        "enableXsrfProtection": True,
        "enableStaticServing": False,
        "enableAgentApi": False,
        "trustedUserHeaders": {},
        "unsafeMetricsUserAttributes": [],
        "headless": True,
        "fileWatcherType": "none",
        "maxUploadSize": 5,
    }
