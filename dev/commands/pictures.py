"""``python3 -m dev pictures``: the pictures, from the running system."""

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path

from .. import console, pages, postgres, programs, stage
from ..odoo_process import Odoo
from ..places import BASE, REPOSITORY

#: Where the store's page and the README show them from.
_FOLDER = REPOSITORY / BASE / "static" / "description" / "pictures"
_PAST_ORDERS = 20
_SETTLING_MS = 2000


@dataclass(frozen=True)
class Picture:
    """
    :param name: of the file
    :param path: below Odoo's address
    :param ready: what must be on the screen before the picture is taken
    :param clicks: what is clicked before, one after the other
    """

    name: str
    path: str
    ready: str
    clicks: tuple[str, ...] = ()


_ALLEGRO_ORDERS = "/odoo/allegro-orders"
_SECOND_ORDER = ".o_data_row:nth-child(2) td[name=name]"
_PICTURES = (
    Picture("overview", "/odoo/allegro", ".o_allegro_overview_card, .o_kanban_record"),
    Picture("orders", "/odoo/orders", ".o_data_row .o_field_badge"),
    Picture("order", _ALLEGRO_ORDERS, ".o_form_view", (_SECOND_ORDER,)),
    Picture(
        "allegro-page",
        _ALLEGRO_ORDERS,
        ".o_form_view",
        (_SECOND_ORDER, "a[name=allegro]"),
    ),
    Picture(
        "tracking",
        _ALLEGRO_ORDERS,
        ".modal .o_form_view",
        (
            _SECOND_ORDER,
            "button[name=action_allegro_start_processing]",
            "button[name=action_allegro_add_tracking]",
        ),
    ),
    Picture(
        "cancel",
        _ALLEGRO_ORDERS,
        ".modal .o_form_view",
        (_SECOND_ORDER, "button[name=action_allegro_cancel]"),
    ),
    Picture("stock-audit", "/odoo/allegro-stock-audit", ".o_data_row"),
    Picture("offers", "/odoo/allegro-offers", ".o_data_row"),
    Picture(
        "settings",
        "/odoo/settings",
        "#allegro_auto_invoice",
        (".tab[data-key=sale_management]",),
    ),
)


def run(arguments):
    """:return: 0"""
    argparse.ArgumentParser(prog="python3 -m dev pictures").parse_args(arguments)
    programs.browser()
    _FOLDER.mkdir(parents=True, exist_ok=True)
    with postgres.running() as server, tempfile.TemporaryDirectory() as folder:
        odoo = Odoo.prepare(server)
        with (
            stage.set_up(odoo, "pictures", past_orders=_PAST_ORDERS) as shop,
            odoo.serve(shop.database, Path(folder) / "odoo.log") as address,
        ):
            _let_a_buyer_cancel(shop)
            with pages.logged_in(address, "admin") as page:
                for picture in _PICTURES:
                    _take(page, address, picture)
    return 0


def _let_a_buyer_cancel(shop):
    """One order is imported, then cancelled at Allegro, and imported as such."""
    form = shop.allegro.create_order("courier", seller=stage.SELLER)
    shop.import_orders()
    shop.allegro.act(form, "cancel")
    shop.import_orders()


def _take(page, address, picture):
    page.goto(address + picture.path)
    for clicked in picture.clicks:
        page.click(clicked)
    page.locator(picture.ready).first.scroll_into_view_if_needed()
    # avatars and the chatter come later; the network never rests (Odoo's bus)
    page.wait_for_timeout(_SETTLING_MS)
    file = _FOLDER / f"{picture.name}.png"
    page.screenshot(path=str(file))
    console.say(f"   {file.relative_to(REPOSITORY)}")
