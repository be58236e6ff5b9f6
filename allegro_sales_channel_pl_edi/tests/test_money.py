"""Random orders: the same money in order, Allegro, invoice, KSeF file and ledger.

A few here; ``python3 -m dev bench money`` runs thousands and tells by kind.
"""

import json
import os
from collections import Counter
from contextlib import contextmanager, suppress
from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.allegro_sales_channel.allegro.working_days import (
    last_working_day_before,
)
from odoo.addons.allegro_sales_channel.tests.common_money import PolishAllegroCommon

from .money_checks import Differs, check_corrections, check_document, check_order
from .money_orders import CURRENCIES, deal

#: Beginning with which number, how many, and where to write what came of it.
FIRST = int(os.environ.get("MONEY_FIRST", 0))
STEP = int(os.environ.get("MONEY_STEP", 1))
ORDERS = int(os.environ.get("MONEY_ORDERS", 64))
SEED = os.environ.get("MONEY_SEED", "1")
REPORT = os.environ.get("MONEY_REPORT", os.devnull)


class _Undo(Exception):
    """Nothing of it is to stay."""


@tagged("post_install", "-at_install")
class TestMoney(PolishAllegroCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rates["zw"].allegro_exemption_basis = "art. 43 ust. 1 pkt 2"
        day = last_working_day_before(cls.company._allegro_today())
        cls.rate_of = {
            code: cls.env["res.currency.rate"].search(
                [
                    ("currency_id.name", "=", code),
                    ("company_id", "=", cls.company.id),
                    ("name", "=", day),
                ]
            )
            for code in CURRENCIES
        }
        cls.products["VAT-23"].list_price = 70
        cls.products["VAT-8"].list_price = 30
        cls._make_set("PIECES", "VAT-23", pieces=3)
        cls._make_set(
            "SET",
            "VAT-23",
            component_ids=[
                Command.create({"product_id": cls.products["VAT-8"].id, "quantity": 2})
            ],
        )

    @classmethod
    def _make_set(cls, sku, product, **values):
        cls.env["allegro.offer"].create(
            {
                "account_id": cls.account.id,
                "offer_id": f"offer-{sku}",
                "name": sku,
                "external_id": sku,
                "product_id": cls.products[product].id,
                **values,
            }
        )

    @contextmanager
    def undone(self):
        with suppress(_Undo), self.env.cr.savepoint():
            yield
            raise _Undo

    def sell(self, a_deal):
        """
        :raises Differs: when it is not the same money everywhere
        """
        with self.undone():
            self.company.tax_calculation_rounding_method = a_deal.rounding
            with_tax = a_deal.setting == "prices with tax"
            self.company.account_price_include = (
                "tax_included" if with_tax else "tax_excluded"
            )
            if a_deal.setting == "charges":
                # the delivery has a tax of its own
                self.account.delivery_tax_rule = "product"
            self.rate_of[a_deal.currency].rate = float(a_deal.rate)
            form = a_deal.form()
            paid = form["summary"]["totalToPay"]["amount"]
            [order] = self.import_forms(form)
            check_order(order, paid=float(paid))
            invoice = order._create_invoices()
            invoice.invoice_date = self.company._allegro_today()
            invoice.action_post()
            check_document(invoice, float(paid))
            check_corrections(invoice, a_deal.returns)

    def fault_of(self, a_deal):
        """What is wrong with it, in words; None when all is right."""
        try:
            self.sell(a_deal)
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        finally:
            self.env.invalidate_all()
        return None

    def smallest(self, a_deal):
        """The smallest deal in which something is still wrong, and what it is."""
        for less in a_deal.smaller():
            if self.fault_of(less):
                return self.smallest(less)
        return a_deal, self.fault_of(a_deal)

    def test_a_cent_is_seen(self):
        """Whatever may go wrong: the checks can fail."""
        [order] = self.import_forms(deal("1", 0).form())
        with self.assertRaises(Differs):
            check_order(order, order.amount_total + 0.01)
        invoice = order._create_invoices()
        invoice.action_post()
        check_document(invoice, order.amount_total)
        with self.assertRaises(Differs):
            check_document(invoice, order.amount_total - 0.01)
        # the file as Odoo alone writes it, with prices that contain the tax
        model = self.env.registry["account.move"]
        with (
            patch.object(model, "_allegro_write_lines", lambda *_args: None),
            self.assertRaises(Differs),
        ):
            check_document(invoice, order.amount_total)

    def test_random_orders(self):
        tried, wrong = Counter(), {}
        for number in range(FIRST, ORDERS, STEP):
            a_deal = deal(SEED, number)
            kind = f"{a_deal.setting} | {a_deal.rounding} | {a_deal.currency}"
            tried[kind] += 1
            fault = self.fault_of(a_deal)
            if fault and kind not in wrong:
                # one of a kind is enough to look at, and making it small takes long
                a_deal, fault = self.smallest(a_deal)
            if fault:
                wrong.setdefault(kind, []).append([number, a_deal, fault])
        with open(REPORT, "w") as report:
            json.dump({"tried": tried, "wrong": wrong}, report, default=str)
        self.assertFalse(wrong)
