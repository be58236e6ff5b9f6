"""*Check connection*, in a browser."""

from odoo.tests import tagged

from .test_check import CheckCommon
from .tour_common import TourCase


@tagged("post_install", "-at_install")
class TestCheckTours(CheckCommon, TourCase):
    def test_check_connection(self):
        self.fake.clock_ahead = 600
        self.start_tour(
            f"/odoo/allegro-accounts/{self.account.id}",
            "allegro_check_connection",
            login="boss",
        )
