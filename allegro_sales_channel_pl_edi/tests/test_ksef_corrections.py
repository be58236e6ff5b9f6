"""Corrections as KSeF gets them: rows before and after, down to nothing."""

import base64
from decimal import Decimal

from odoo.tests import tagged

from odoo.addons.allegro_sales_channel.tests.common import (
    company_invoice,
    line_json,
    money,
)

from .ksef_common import NAMESPACE, NET, TAX, KsefCommon

ZLOTY_TAX = ("P_14_1W", "P_14_2W")


@tagged("post_install", "-at_install")
class TestKsefCorrections(KsefCommon):
    def rows(self, root):
        """Each row: is it before, pieces, price, net."""
        return [
            (
                row.find("f:StanPrzed", NAMESPACE) is not None,
                *(
                    row.findtext(f"f:{name}", namespaces=NAMESPACE)
                    for name in ("P_8B", "P_9A", "P_11")
                ),
            )
            for row in root.findall(".//f:FaWiersz", NAMESPACE)
        ]

    def correct(self, invoice, taken, off=None, kind="return", **values):
        """
        :param taken: pieces by number of the line
        :param off: amounts likewise
        """
        lines = invoice.invoice_line_ids
        note = invoice._allegro_correct(
            {lines[number]: quantity for number, quantity in taken.items()},
            {lines[number]: amount for number, amount in (off or {}).items()},
            kind=kind,
            **values,
        )
        note.action_post()
        return note

    def test_pieces_before_and_after(self):
        invoice, _total = self.invoiced(
            line_json("VAT-23", "123.00", 3), line_json("VAT-8", "10.80")
        )
        note = self.correct(invoice, {0: 1}, reason="Zwrot towaru")
        root = self.assert_exact(note, Decimal("123.00"), sign=-1)
        self.assertEqual(
            self.rows(root),
            [(True, "3", "100.00", "300.00"), (False, "2", "100.00", "200.00")],
        )
        for name, expected in (
            ("RodzajFaktury", "KOR"),
            ("TypKorekty", "2"),
            ("PrzyczynaKorekty", "Zwrot towaru"),
            ("NrFaKorygowanej", invoice.name),
            ("P_13_1", "-100.00"),
            ("P_14_1", "-23.00"),
            ("P_15", "-123.00"),
        ):
            self.assertEqual(self.texts(root, name), [expected])
        # the next one begins where this one ended
        root = self.assert_exact(
            self.correct(invoice, {0: 2}), Decimal("246.00"), sign=-1
        )
        self.assertEqual(
            self.rows(root),
            [(True, "2", "100.00", "200.00"), (False, "0", "100.00", "0.00")],
        )

    def test_a_lower_price_is_no_piece_less(self):
        invoice, _total = self.invoiced(line_json("VAT-23", "123.00", 2))
        note = self.correct(invoice, {}, {0: 24.60}, kind="discount")
        root = self.assert_exact(note, Decimal("24.60"), sign=-1)
        self.assertEqual(
            self.rows(root),
            [(True, "2", "100.00", "200.00"), (False, "2", "90.00", "180.00")],
        )
        self.assertEqual(self.texts(root, "TypKorekty"), ["2"])

    def test_an_error_counts_from_the_start(self):
        invoice, total = self.invoiced(line_json("VAT-23", "123.00", 2))
        root = self.assert_exact(
            self.correct(invoice, {0: 2}, kind="error"), total, sign=-1
        )
        self.assertEqual(self.texts(root, "TypKorekty"), ["1"])

    def test_only_the_buyers_data(self):
        invoice, _total = self.invoiced(line_json("VAT-23", "123.00"))
        self.assertFalse(invoice.l10n_pl_edi_attachment_id)
        right = invoice.partner_id.copy({"name": "Firma Testowa S.A."})
        for is_sent in (False, True):
            if is_sent:
                # what was told stays what was told
                invoice.l10n_pl_edi_attachment_file = base64.b64encode(
                    invoice._l10n_pl_edi_render_xml().encode()
                )
                invoice.invalidate_recordset()
                self.assertTrue(invoice.l10n_pl_edi_attachment_id)
                invoice.commercial_partner_id.name = "Firma Inna"
            note = invoice._allegro_correct({}, kind="buyer_data")
            note.partner_id = right
            note.action_post()
            root = self.assert_exact(note, Decimal(0))
            self.assertEqual(self.rows(root), [])
            self.assertEqual(self.texts(root, "TypKorekty"), ["1"])
            names = {
                party: self.texts(root.find(f".//f:{party}", NAMESPACE), "Nazwa")
                for party in ("Podmiot2", "Podmiot2K")
            }
            self.assertEqual(
                names,
                {
                    "Podmiot2": ["Firma Testowa S.A."],
                    "Podmiot2K": ["Firma Testowa Sp. z o.o."],
                },
            )

    def test_three_corrections_reach_nothing(self):
        """Also the złoty of the tax, at the rate of the original."""
        for currency in ("PLN", "CZK", "EUR", "HUF"):
            for method in ("round_per_line", "round_globally"):
                self.company.tax_calculation_rounding_method = method
                with self.subTest(currency=currency, method=method):
                    invoice, _total = self.invoiced(
                        line_json("VAT-23", "33.33", 3, currency),
                        line_json("VAT-8", "0.07", 3, currency),
                        line_json("VAT-23", "8.99", 1, currency),
                        currency=currency,
                        delivery_cost="14.45",
                    )
                    names = (*NET, *TAX, *ZLOTY_TAX, "P_15")
                    root = self.xml_of(invoice)
                    left = {name: self.amounts(root, [name]) for name in names}
                    rates = set(self.texts(root, "KursWaluty"))
                    self.add_rate_of_today(currency)
                    last = len(invoice.invoice_line_ids)
                    for taken in (
                        {0: 1, 1: 1},
                        {0: 1, 2: 1},
                        {0: 1, 1: 2} | dict.fromkeys(range(3, last), 1),
                    ):
                        note = self.correct(invoice, taken)
                        root = self.assert_exact(
                            note, Decimal(str(note.amount_total)), sign=-1
                        )
                        self.assertEqual(set(self.texts(root, "KursWaluty")), rates)
                        for name in names:
                            left[name] += self.amounts(root, [name])
                    self.assertFalse({n: a for n, a in left.items() if a})

    def add_rate_of_today(self, currency):
        """What is corrected later has the rate of then."""
        if currency != "PLN":
            rates = self.env["res.currency.rate"].search(
                [("currency_id.name", "=", currency)]
            )
            rates.rate = rates[0].rate * 1.07

    def test_deposits_are_given_back_beside_the_total(self):
        invoice, total = self.invoiced(
            line_json("VAT-8", "4.00", 6, deposit={"price": money("0.50")})
        )
        quantities, amounts = invoice._allegro_rest()
        note = invoice._allegro_correct(quantities, amounts, kind="return")
        note.action_post()
        root = self.assert_exact(note, total, sign=-1)
        self.assertEqual(self.texts(root, "DoZaplaty"), ["-27.00"])

    def test_what_people_add_is_a_difference(self):
        """A credit note of Odoo's own, with a line that the invoice does not have."""
        invoice, _total = self.invoiced(
            line_json("VAT-23", "123.00", 2), invoice=company_invoice()
        )
        note = invoice._reverse_moves()
        line = note.invoice_line_ids
        line.quantity = 1
        line.copy({"product_id": self.products["VAT-8"].id, "price_unit": 12.30})
        note.action_post()
        root = self.assert_exact(note, Decimal("135.30"), sign=-1)
        self.assertEqual(
            self.rows(root),
            [
                (False, "-1", "10.00", "-10.00"),
                (True, "2", "100.00", "200.00"),
                (False, "1", "100.00", "100.00"),
            ],
        )
