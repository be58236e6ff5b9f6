"""Shadow mode against what really happened at Allegro, in the daily comparison."""

from datetime import timedelta
from unittest.mock import patch

from odoo.tests import tagged

from ..allegro.errors import AllegroNotFoundError, AllegroUnavailableError
from .common import company_invoice
from .test_invoice import InvoiceCommon
from .test_writers import WAYBILL, WritersCommon


@tagged("post_install", "-at_install")
class TestShadowProof(WritersCommon, InvoiceCommon):
    def setUp(self):
        super().setUp()
        modes = ("status_mode", "parcel_mode", "invoice_mode")
        self.account.write(dict.fromkeys(modes, "shadow"))

    def shadowed(self, **values):
        """An order with a status and a number in the trail, half a day ago."""
        order = self.order(**values)
        self.start(order)
        self.enter_number(order)
        self.run_action("push")
        self.assertEqual(len(self.trail(order)), 2)
        self.age(hours=12)
        return order

    def age(self, **time):
        """Let the trail be older: what is new may yet be done."""
        self.env.cr.execute(
            "UPDATE allegro_trail SET create_date = create_date - %s",
            [timedelta(**time)],
        )
        self.env["allegro.trail"].invalidate_model(["create_date"])

    def in_panel(self, order, status=None, waybill=None):
        form_id = order.allegro_checkout_form_id
        if waybill:
            self.fake.add_shipment(form_id, "DPD", waybill)
        if status:
            self.fake.forms[form_id]["fulfillment"]["status"] = status
            self.fake.forms[form_id]["revision"] = f"set to {status}"
            self.fake.announce(form_id)
            self.run_action("sync")

    def compare(self):
        """The comparison of today, and what it names: reason, wanted, there."""
        request = self.env["allegro.request"]._want(self.account, "proof")
        self.run_action("requests")
        self.assertEqual((request.state, request.error), ("done", False))
        named = request.proof_ids.exception_ids.filtered("wanted")
        return request.proof_ids, [(e.reason, e.wanted, e.there or "") for e in named]

    def counts(self, proofs):
        return (
            sum(proofs.mapped("shadow_same_count")),
            sum(proofs.mapped("shadow_different_count")),
        )

    def test_the_same(self):
        order = self.shadowed()
        # what is further is no difference, and case is none
        self.in_panel(order, "SENT", WAYBILL.lower())
        proofs, named = self.compare()
        self.assertEqual((named, self.counts(proofs)), ([], (2, 0)))
        self.assertEqual(set(proofs.mapped("state")), {"equal"})

    def test_all_is_different(self):
        order = self.shadowed()
        self.in_panel(order, waybill="0000007268999Q")
        proofs, named = self.compare()
        self.assertEqual(
            named,
            [
                ("shadow_status", "PROCESSING", "NEW"),
                ("shadow_parcel", WAYBILL, "0000007268999Q"),
            ],
        )
        self.assertEqual(self.counts(proofs), (0, 2))
        # it is told, and nothing to be alarmed about
        self.assertEqual(proofs.filtered("exception_ids").state, "explained")
        status = proofs.exception_ids[0]
        self.assertEqual(status.order_id, order)
        self.assertIn("sent In progress on", status.words)
        self.assertIn("on Allegro: New", status.words)

    def test_cancelled_is_not_sent(self):
        order = self.shadowed()
        order.with_user(self.seller).action_allegro_hand_over()
        self.run_action("push")
        self.age(hours=12)
        self.in_panel(order, "CANCELLED", WAYBILL)
        _proofs, named = self.compare()
        self.assertEqual(named, [("shadow_status", "SENT", "CANCELLED")])

    def test_an_order_that_allegro_no_longer_has(self):
        order = self.shadowed()
        self.in_panel(order, "PROCESSING")
        gone = AllegroNotFoundError("gone", status=404)
        with patch.object(type(self.fake), "shipments", side_effect=gone):
            _proofs, named = self.compare()
        self.assertEqual(named, [("shadow_parcel", WAYBILL, "")])

    def test_what_is_too_new_or_too_old_is_left_out(self):
        order = self.order()
        self.start(order)
        self.run_action("push")
        self.assertEqual(self.compare()[1], [])
        self.age(hours=1)
        self.assertEqual(len(self.compare()[1]), 1)
        self.age(days=7)
        self.assertEqual(self.compare()[1], [])

    def test_what_was_really_sent_is_not_compared(self):
        self.account.status_mode = "on"
        order = self.order()
        self.start(order)
        self.run_action("push")
        self.assertEqual(self.trail(order).state, "done")
        self.age(hours=1)
        proofs, named = self.compare()
        self.assertEqual((named, self.counts(proofs)), ([], (0, 0)))

    def test_invoices(self):
        orders = [self.handed_over(invoice=company_invoice()) for _number in range(3)]
        self.run_invoicing()
        same, other, missing = (order.invoice_ids for order in orders)
        for move, number in ((same, same.name), (other, "FV/7")):
            form_id = move.allegro_order_id.allegro_checkout_form_id
            self.fake.upload_invoice(form_id, number, f"{number}.pdf", b"%PDF-")
        self.age(hours=1)
        proofs, named = self.compare()
        self.assertCountEqual(
            named,
            [
                ("shadow_invoice", other.name, "FV/7"),
                ("shadow_invoice", missing.name, ""),
            ],
        )
        self.assertEqual(self.counts(proofs), (1, 2))

    def test_interrupted_it_goes_on_and_counts_each_once(self):
        orders = [self.shadowed() for _number in range(3)]
        for order in orders:
            self.in_panel(order, "PROCESSING", WAYBILL)
        shipments, asked = type(self.fake).shipments, []

        def dies(fake, form_id):
            asked.append(form_id)
            if len(asked) == 2:
                raise AllegroUnavailableError("away")
            return shipments(fake, form_id)

        batch = "odoo.addons.allegro_sales_channel.models.requests"
        request = self.env["allegro.request"]._want(self.account, "proof")
        with (
            patch(f"{batch}.allegro_request_shadow.BATCH", 1),
            patch.object(type(self.fake), "shipments", dies),
        ):
            self.run_action("requests")
            self.assertEqual(self.counts(request.proof_ids), (2, 0))
            self.run_action("requests")
        self.assertEqual(request.state, "done")
        self.assertEqual(self.counts(request.proof_ids), (6, 0))
        self.assertEqual(len(asked), 4)
