from werkzeug.exceptions import Forbidden

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request


class AllegroOAuth(http.Controller):
    """Where Allegro sends the seller's browser back to after the consent page."""

    @http.route(
        "/allegro/oauth/callback",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=False,
    )
    def callback(self, state=None, code=None, error=None, **_other):
        """Finish the connection and show the account.

        :param state: what the account's *Connect* button sent along
        :param code: Allegro's code, to be exchanged for tokens
        :param error: Allegro's word when there is none (``access_denied``)
        """
        accounts = request.env["allegro.account"]
        try:
            account = accounts._from_oauth_state(state)
        except AccessError as refused:
            raise Forbidden(str(refused)) from refused
        try:
            # in a savepoint: what failed half way leaves nothing behind
            with request.env.cr.savepoint():
                account._finish_callback(code, error)
        except UserError as refused:
            account._connection_refused(refused)
        return request.redirect(account._page())
