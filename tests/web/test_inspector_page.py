"""The inspector page in a real browser: pasted, verified, minted, hostile, by keyboard, within its own server."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from playwright.sync_api import Page, expect, sync_playwright

from jwtcli.core.jwk import to_jwk
from jwtcli.core.signatures import sign
from tests.conftest import key_for
from tests.web.conftest import Urls

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
FAR = 4_102_444_800
LOOKS: tuple[tuple[Literal["light", "dark"], int], ...] = (
    ("light", 360),
    ("dark", 360),
    ("light", 1280),
    ("dark", 1280),
)


@pytest.fixture(scope="module")
def tab() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        tab = browser.new_page(reduced_motion="reduce")
        tab.set_default_timeout(20_000)
        yield tab
        browser.close()


@pytest.fixture
def page(tab: Page, running: Urls) -> Iterator[Page]:
    """The page, freshly opened; in the end nothing was complained of and nobody else was asked."""
    own = running["issuer"] + "/"
    complaints: list[str] = []
    elsewhere: list[str] = []
    listeners: dict[Any, Any] = {
        "console": lambda message: complaints.append(message.text) if message.type == "error" else None,
        "pageerror": lambda error: complaints.append(str(error)),
        "request": lambda request: None if request.url.startswith(own) else elsewhere.append(request.url),
    }
    for event, listener in listeners.items():
        tab.on(event, listener)
    tab.set_viewport_size({"width": 1280, "height": 900})
    tab.emulate_media(color_scheme="light")
    tab.goto(own)
    yield tab
    tab.goto("about:blank")
    for event, listener in listeners.items():
        tab.remove_listener(event, listener)
    # The browser itself reports a refusal (422) and a client that is not there (404): answers, not errors of the page.
    assert [text for text in complaints if "422" not in text and "404" not in text] == []
    assert [url for url in elsewhere if url != "about:blank"] == []


def _paste(page: Page, text: str) -> None:
    page.get_by_label("Paste a token").fill(text)


def _token(**claims: object) -> str:
    return sign({"typ": "JWT"}, {"iat": 1_700_000_000, **claims}, key_for("HS256"), "HS256")


def _secret() -> str:
    return str(to_jwk(key_for("HS256"))["k"])


def _choose_secret(page: Page) -> None:
    page.get_by_label("a secret (HMAC)").check()
    page.get_by_label("Key or secret").fill(_secret())
    page.get_by_label("How the secret is written").select_option("base64url")


def test_a_pasted_header_line_is_decoded_at_once(page: Page) -> None:
    _paste(page, f"Authorization: Bearer {_token(sub='alice', exp=FAR)}")
    expect(page.locator("#claim-rows")).to_contain_text('"alice"')
    expect(page.locator("#claim-rows")).to_contain_text("Whom the token is about")
    expect(page.locator("#phase")).to_contain_text("active: expires in")
    expect(page.locator("#token-status")).to_have_text("took off 'Authorization: Bearer'")
    assert [page.locator(f"#compact .{part}").count() for part in ("header", "payload", "signature")] == [1, 1, 1]


def test_a_good_token_is_accepted_and_an_altered_one_refused_with_its_reason(page: Page) -> None:
    good = _token(sub="alice", exp=FAR)
    _choose_secret(page)
    _paste(page, good)
    page.get_by_role("button", name="Verify", exact=True).click()
    expect(page.locator("#outcome")).to_have_text("accepted")
    expect(page.locator("#decoded-heading")).to_have_text("Decoded")
    _paste(page, good[:-4] + ("AAAA" if good[-4:] != "AAAA" else "BBBA"))
    expect(page.locator("#verdict")).to_be_hidden()
    expect(page.locator("#decoded-heading")).to_have_text("Decoded, not verified")
    page.get_by_role("button", name="Verify", exact=True).click()
    expect(page.locator("#outcome")).to_contain_text("refused: it is not this key's HS256 signature")
    expect(page.locator("#checks .failed")).to_have_count(1)


def test_minted_with_the_servers_key_it_verifies_with_the_servers_key(page: Page) -> None:
    page.get_by_role("button", name="Make an example").click()
    expect(page.locator("#claim-rows")).to_contain_text('"alice"')
    page.get_by_role("button", name="Edit the token above").click()
    page.get_by_label("Claims", exact=True).fill('{"sub": "bob", "big": 12345678901234567890}')
    page.get_by_role("button", name="Make", exact=True).click()
    expect(page.locator("#claim-rows")).to_contain_text("12345678901234567890")
    page.get_by_role("button", name="Verify", exact=True).click()
    expect(page.locator("#outcome")).to_have_text("accepted")


def test_the_time_left_ticks(page: Page) -> None:
    page.get_by_role("button", name="Make an example").click()
    phase = page.locator("#phase")
    expect(phase).to_contain_text("59m")
    before = phase.inner_text()
    expect(phase).not_to_have_text(before, timeout=5000)


def test_what_is_unwise_about_a_token_is_told_beside_it(page: Page) -> None:
    _paste(page, _token(sub="alice"))
    expect(page.locator("#findings")).to_contain_text("high the token never expires")
    _paste(page, _token(sub="alice", exp=1_700_003_600))
    expect(page.locator("#findings")).to_be_hidden()


def test_a_malformed_token_says_why_and_marks_the_place(page: Page) -> None:
    header, _, signature = _token().split(".")
    _paste(page, f"{header}.e30=.{signature}")
    expect(page.locator("#token-status")).to_contain_text("payload is not base64url")
    expect(page.locator("#compact .wrong")).to_have_text("e30=")


@pytest.mark.parametrize(
    "text", ["<script>document.title='x'</script>", "<img src=x onerror=alert(1)>", "\u202eevil\u2066"]
)
def test_hostile_claims_stay_text(page: Page, text: str) -> None:
    _paste(page, _token(sub=text, **{text: 1}))
    expect(page.locator("#decoded")).to_be_visible()
    assert page.title() == "jwtcli inspector"
    assert page.locator("#decoded script, #decoded img").count() == 0
    _choose_secret(page)
    page.get_by_role("button", name="Verify", exact=True).click()
    expect(page.locator("#outcome")).not_to_be_empty()
    assert not any(char in page.locator(".results").inner_text() for char in "\u202e\u2066")


def test_a_claim_of_a_megabyte_does_not_hang_the_page(page: Page) -> None:
    _paste(page, _token(sub="x" * 1_000_000))
    expect(page.locator("#claim-rows")).to_contain_text("xxxx", timeout=20_000)
    expect(page.locator("#compact")).to_be_hidden()


def test_everything_works_by_keyboard_alone(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the token")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.get_by_label("Paste a token").focus()
    page.keyboard.insert_text(_token(sub="alice", exp=FAR))
    expect(page.locator("#claim-rows")).to_contain_text('"alice"')
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(page.get_by_label("this server's own keys")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.insert_text(_secret())
    page.keyboard.press("Tab")
    page.keyboard.press("b")
    page.keyboard.press("b")
    page.get_by_label("How the secret is written").select_option("base64url")
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Verify", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#outcome")).to_have_text("accepted")
    expect(page.locator("#verdict")).to_be_focused()


def test_clear_and_copy_answer(page: Page) -> None:
    _paste(page, _token())
    page.get_by_role("button", name="Copy").click()
    expect(page.locator("#copied")).not_to_be_empty()
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_label("Paste a token")).to_have_value("")
    expect(page.locator("#empty")).to_be_visible()


@pytest.mark.parametrize("state", ["empty", "good", "refused", "hostile"])
def test_no_accessibility_finding_and_nothing_sticks_out(page: Page, tmp_path: Path, state: str) -> None:
    if state != "empty":
        _choose_secret(page)
        claims = {"good": {"sub": "alice", "exp": FAR}, "refused": {"sub": "alice", "exp": 1_700_000_060}}
        _paste(page, _token(**claims.get(state, {"sub": "<script>alert(1)</script>\u202eevil", "x" * 300: "y" * 3000})))
        page.get_by_role("button", name="Verify", exact=True).click()
        expect(page.locator("#outcome")).not_to_be_empty()
    folder = Path(os.environ.get("JWTCLI_SCREENSHOTS") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    for scheme, width in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=folder / f"{state}-{width}-{scheme}.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        if (scheme, width) in (LOOKS[0], LOOKS[-1]):  # both schemes and both widths; axe takes its time
            found = Axe().run(page).response["violations"]
            assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []


def test_the_login_form_of_the_issuer_sends_a_person_back_to_the_client(page: Page, running: Urls) -> None:
    back = f"{running['issuer']}/nowhere"
    asked = {
        "client_id": "shop",
        "redirect_uri": back,
        "response_type": "code",
        "state": "s",
        "code_challenge": "c" * 43,
        "code_challenge_method": "S256",
    }
    page.goto(f"{running['authorization_endpoint']}?{urlencode(asked)}")
    assert Axe().run(page).response["violations"] == []
    page.get_by_label("Username").fill("alice")
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(f"{back}?**")
    assert {"code", "iss", "state"} == set(parse_qs(urlsplit(page.url).query))
