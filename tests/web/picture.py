"""Makes the README's picture of the inspector page: ``python -m tests.web.picture`` writes tests/web/inspector.png."""

import shutil
from pathlib import Path
from threading import Thread

from playwright.sync_api import sync_playwright
from waitress.server import create_server

from jwtcli.core.jwk import with_kid
from jwtcli.core.new_keys import generate
from jwtcli.web.app import create_app
from jwtcli.web.issuer import Issuer

AT = 1_700_000_000
PLACE = Path(__file__).with_name("inspector.png")


def main() -> None:
    """Start the server on a clock that stands still, mint, verify, and take the picture."""
    url = "http://127.0.0.1:8765"
    issuer = Issuer(url, (with_kid(generate("ES256"), "none"),), lambda: AT)
    server = create_server(create_app(issuer, ["127.0.0.1:8765"]), host="127.0.0.1", port=8765)
    Thread(target=server.run, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1000, "height": 820})
        page.goto(url)
        page.get_by_role("button", name="Make an example").click()
        page.get_by_text('"alice"').wait_for()
        page.get_by_role("button", name="Verify", exact=True).click()
        page.locator("#outcome").wait_for()
        page.evaluate("document.activeElement.blur(), window.scrollTo(0, 0)")
        page.screenshot(path=PLACE)
        browser.close()
    server.close()


if __name__ == "__main__":
    main()
