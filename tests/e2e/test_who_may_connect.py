"""Real servers, started from anywhere, beside settings that let everybody in: who reaches them, and what is shown."""

import socket
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext

from tests.support.serving import DASHBOARD, ROOT, Served, served

HOSTILE = """
[global]
developmentMode = true
[server]
address = "0.0.0.0"
allowedHosts = ["*"]
enableCORS = false
corsAllowedOrigins = ["http://elsewhere.example"]
enableXsrfProtection = false
enableStaticServing = true
enableAgentApi = true
[browser]
gatherUsageStats = true
"""

FOLDERS = ("the project", "another project", "another folder")


def hostile(folder: Path) -> Path:
    """A folder whose Streamlit settings let everybody in."""
    (folder / ".streamlit").mkdir(parents=True)
    (folder / ".streamlit" / "config.toml").write_text(HOSTILE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module", params=FOLDERS)
def started(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The dashboard of a user whose own settings are hostile, started from a folder."""
    folders = {
        "the project": ROOT,
        "another project": hostile(tmp_path_factory.mktemp("elsewhere") / "project"),
        "another folder": Path("/"),
    }
    home = hostile(tmp_path_factory.mktemp("home") / "user")
    results = tmp_path_factory.mktemp("results")
    with served(DASHBOARD, results=results, folder=folders[request.param], variables={"HOME": str(home)}) as server:
        yield server


def port(server: Served) -> int:
    return int(urlsplit(server.address).port or 0)


def answers(address: str, *, number: int) -> bool:
    """Whether somebody listens there; Linux has all of 127.0.0.0/8, and only a server on every address takes it."""
    with socket.socket() as caller:
        return caller.connect_ex((address, number)) == 0


def shaken(server: Served, *, host: str) -> str:
    """What the server answers to the opening of the connection that carries the page, under a Host header."""
    asked = (
        f"GET /_stcore/stream HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Protocol: streamlit\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", port(server)), timeout=20) as caller:
        caller.sendall(asked.encode())
        return caller.recv(1024).decode().splitlines()[0]


def asked(server: Served, path: str, *, origin: str | None = None) -> HTTPResponse:
    """What the server answers to a web page of some origin."""
    caller = HTTPConnection("127.0.0.1", port(server), timeout=20)
    caller.request("GET", path, headers={} if origin is None else {"Origin": origin})
    return caller.getresponse()


def page(context: BrowserContext, server: Served, query: str = "") -> str:
    """Everything that a page says, when it has said something."""
    opened = context.new_page()
    opened.goto(f"{server.address}/{query}")
    opened.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    opened.locator("h1, [data-testid=stAlert]").first.wait_for()
    return opened.locator("[data-testid=stMain]").inner_text()


def test_only_this_machine_is_answered(started: Served) -> None:
    assert answers("127.0.0.1", number=port(started))
    assert not answers("127.0.0.2", number=port(started))


def test_a_foreign_host_gets_no_page(started: Served) -> None:
    assert shaken(started, host=f"localhost:{port(started)}") == "HTTP/1.1 101 Switching Protocols"
    assert shaken(started, host="rebound.example") == "HTTP/1.1 403 Forbidden"


def test_a_foreign_page_is_not_let_in(started: Served) -> None:
    answer = asked(started, "/_stcore/host-config", origin="http://elsewhere.example")
    assert answer.getheader("Access-Control-Allow-Origin") is None
    assert b'"allowedOrigins":[]' in answer.read()


def test_no_program_drives_the_page(started: Served) -> None:
    assert b"the API is switched off" in asked(started, "/_stcore/agent/openapi.json").read()


def test_the_page_is_shown(started: Served, context: BrowserContext) -> None:
    assert "No run yet" in page(context, started)


EVERYWHERE = "0.0.0.0"  # noqa: S104 -- what is refused
LISTENS = f"Nothing is shown, because this server listens on {EVERYWHERE} and not on this machine alone"
LETS_IN = "Nothing is shown, because with the setting "


@pytest.mark.parametrize(
    ("flags", "variables", "said"),
    [
        ((f"--server.address={EVERYWHERE}",), {}, LISTENS),
        (("--server.address=",), {}, LISTENS),
        ((), {"STREAMLIT_SERVER_ADDRESS": EVERYWHERE}, LISTENS),
        ((f"--server.address={EVERYWHERE}",), {"SECOND_SITE_LISTEN": "192.0.2.1"}, LISTENS),
        (("--server.enableCORS=false",), {}, f"{LETS_IN}server.enableCORS=false"),
        (("--server.allowedHosts=*",), {}, f"{LETS_IN}server.allowedHosts=*"),
    ],
)
def test_a_server_that_others_could_read_shows_one_sentence(
    context: BrowserContext, results: Path, flags: tuple[str, ...], variables: dict[str, str], said: str
) -> None:
    with served(DASHBOARD, results=results, flags=flags, variables=variables) as server:
        for query in ("", "?page=labels"):
            icon, sentence = page(context, server, query).strip().split(maxsplit=1)
            assert icon == "error"
            assert sentence.startswith(said)
            assert "\n" not in sentence


def test_a_server_that_is_meant_for_others_shows_everything(context: BrowserContext, results: Path) -> None:
    named = {"SECOND_SITE_LISTEN": EVERYWHERE}
    with served(DASHBOARD, results=results, flags=(f"--server.address={EVERYWHERE}",), variables=named) as server:
        assert "How far does it travel?" in page(context, server, "?run=paper-0001")
