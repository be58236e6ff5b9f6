"""A browser that is given time: the machine may have other work."""

from odoo.tests import HttpCase

#: For a whole tour; how long one of its steps may take stands in ``tours/tour.js``.
TOUR_SECONDS = 300


class TourCase(HttpCase):
    def start_tour(self, url_path, tour_name, step_delay=None, **kwargs):
        options = {"timeout": TOUR_SECONDS, **kwargs}
        return super().start_tour(url_path, tour_name, step_delay, **options)
