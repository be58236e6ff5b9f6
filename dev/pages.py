"""The machine's Chromium, logged in to a running Odoo."""

from contextlib import contextmanager

from playwright.sync_api import sync_playwright

from . import programs

#: Wide enough for lists, and still readable when a README shrinks it.
_SIZE = {"width": 1400, "height": 800}


@contextmanager
def logged_in(address, user):
    """A page of Odoo's web client.

    :param address: of the server
    :param user: login, and its password (as on a stage)
    """
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=programs.browser(),
            # as root there is no sandbox, and a server has no graphics card
            args=["--no-sandbox", "--disable-gpu"],
        )
        page = chromium.new_context(viewport=_SIZE).new_page()
        page.goto(f"{address}/web/login")
        page.fill("input[name=login]", user)
        page.fill("input[name=password]", user)
        page.press("input[name=password]", "Enter")
        page.wait_for_selector(".o_web_client")
        try:
            yield page
        finally:
            chromium.close()
