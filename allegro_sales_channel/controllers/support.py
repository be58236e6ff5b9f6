import json

from odoo import fields, http
from odoo.http import content_disposition, request


class AllegroSupport(http.Controller):
    """The file for support, as a download."""

    @http.route("/allegro/support/<int:account_id>", type="http", auth="user")
    def support_file(self, account_id):
        """
        :raises NotFound: when there is no such account
        :raises AccessError: for all but the account's managers
        """
        account = request.env["allegro.account"].browse(account_id).exists()
        if not account:
            raise request.not_found()
        data = json.dumps(account._support_data(), indent=2, default=str)
        name = f"allegro-support-{account_id}-{fields.Date.today()}.json"
        return request.make_response(
            data,
            headers=[
                ("Content-Type", "application/json"),
                ("Content-Disposition", content_disposition(name)),
                ("Cache-Control", "no-store"),
            ],
        )
