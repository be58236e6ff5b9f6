from odoo.tests import tagged

from .common import AllegroCommon, form_json
from .tour_common import TourCase


@tagged("post_install", "-at_install")
class TestReceiptTours(AllegroCommon, TourCase):
    def setUp(self):
        super().setUp()
        self.company.write(
            {"allegro_auto_invoice": True, "allegro_person_document": "receipt"}
        )

    def test_a_receipt_is_printed(self):
        [order] = self.import_forms(form_json())
        order._allegro_confirmed("SENT")
        self.run_action("invoice")
        self.start_tour("/odoo", "allegro_receipts", login="admin")
        self.assertEqual(order.allegro_receipt_ids.state, "printed")
        self.assertEqual(order.allegro_receipt_ids.number, "W000123")

    def test_another_document_is_chosen(self):
        [order] = self.import_forms(form_json())
        self.start_tour(
            f"/odoo/orders/{order.id}", "allegro_document_choice", login="admin"
        )
        self.assertEqual(order.allegro_document, "invoice")
