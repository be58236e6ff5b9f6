"""Files for KSeF, their arithmetic and the official schema."""

import os
import re
from decimal import Decimal
from pathlib import Path

from lxml import etree

from odoo.exceptions import UserError

from odoo.addons.allegro_sales_channel.tests.common import company_invoice, form_json
from odoo.addons.allegro_sales_channel.tests.common_money import PolishAllegroCommon
from odoo.addons.allegro_sales_channel_pl_edi.fa3_schema import official_schema

NAMESPACE = {"f": "http://crd.gov.pl/wzor/2025/06/25/13775/"}
#: TKwotowy2 of the schema.
EIGHT_DECIMALS = re.compile(r"-?([1-9]\d{0,13}|0)(\.\d{1,8})?")
NET = (
    *("P_13_1", "P_13_2", "P_13_3", "P_13_5", "P_13_6_1", "P_13_6_2", "P_13_7"),
    "P_13_10",
)
TAX = ("P_14_1", "P_14_2", "P_14_3", "P_14_5")
CENT = Decimal("0.01")


class KsefCommon(PolishAllegroCommon):
    def setUp(self):
        super().setUp()
        self.rates["zw"].allegro_exemption_basis = "art. 43 ust. 1 pkt 2"

    def invoiced(self, *lines, handed_over=False, **values):
        values.setdefault("invoice", company_invoice())
        form = form_json(*lines, **values)
        [order] = self.import_forms(form)
        if handed_over:
            order.picking_ids.button_validate()
            order.picking_ids.date_done = handed_over
        invoice = order._create_invoices()
        invoice.invoice_date = self.company._allegro_today()
        invoice.action_post()
        total = Decimal(form["summary"]["totalToPay"]["amount"])
        return invoice, total

    def xml_of(self, invoice):
        content = invoice._l10n_pl_edi_render_xml()
        root = etree.fromstring(content.encode())
        self.assertFalse(invoice._l10n_pl_edi_check_mandatory_fields())
        # the ministry's own, where it is at hand: those that are shipped may be old
        folder = os.environ.get("KSEF_SCHEMAS")
        if folder and invoice.allegro_order_id:
            official_schema(Path(folder)).assertValid(root)
        return root

    def assert_blocked(self, invoice, reason):
        """It is said before it is sent, and not sent all the same."""
        errors = invoice._l10n_pl_edi_check_mandatory_fields()
        self.assertIn(reason, errors["allegro_fa3"]["message"])
        with self.assertRaisesRegex(UserError, reason):
            invoice._l10n_pl_edi_render_xml()

    def amounts(self, root, names):
        found = [root.find(f".//f:{name}", NAMESPACE) for name in names]
        return sum(
            (Decimal(node.text) for node in found if node is not None), Decimal()
        )

    def assert_exact(self, invoice, total, sign=1):
        """The arithmetic that nobody checks: of every line, and of the sums."""
        root = self.xml_of(invoice)
        lines = root.findall(".//f:FaWiersz", NAMESPACE)
        net = Decimal()
        for line in lines:
            price, quantity, worth = (
                line.findtext(f"f:{name}", namespaces=NAMESPACE)
                for name in ("P_9A", "P_8B", "P_11")
            )
            self.assertTrue(EIGHT_DECIMALS.fullmatch(price), price)
            product = Decimal(price) * Decimal(quantity)
            self.assertEqual(product.quantize(CENT), Decimal(worth))
            is_before = line.find("f:StanPrzed", NAMESPACE) is not None
            net += -Decimal(worth) if is_before else Decimal(worth)
        self.assertEqual(net, self.amounts(root, NET))
        gross = self.amounts(root, NET) + self.amounts(root, TAX)
        self.assertEqual(gross, self.amounts(root, ["P_15"]))
        charges = self.amounts(root, ["SumaObciazen"])
        self.assertEqual(gross + charges, sign * total)
        if charges:
            self.assertEqual(self.amounts(root, ["DoZaplaty"]), sign * total)
        return root

    def texts(self, root, name):
        return [node.text for node in root.findall(f".//f:{name}", NAMESPACE)]
