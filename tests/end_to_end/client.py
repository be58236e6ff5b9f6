"""Calls to a running Odoo, as its own web client makes them."""

import time

import requests

#: Odoo looks for due scheduled actions once a minute, or when it is woken.
_PATIENCE = 100


class OdooError(Exception):
    """What a user would see in an error dialog."""


class OdooClient:
    """
    :param address: of the server
    :param database: its name
    :param user: login, and its password (as on a stage)
    """

    def __init__(self, address, database, user):
        self._address = address
        self._session = requests.Session()
        self._send(
            "/web/session/authenticate",
            {"db": database, "login": user, "password": user},
        )

    def call(self, model, method, *arguments, **keywords):
        """Call a method of a model, as over RPC.

        :raises OdooError: what Odoo answered instead
        """
        return self._send(
            f"/web/dataset/call_kw/{model}/{method}",
            {
                "model": model,
                "method": method,
                "args": list(arguments),
                "kwargs": keywords,
            },
        )

    def read(self, model, domain, *names):
        """The named fields of the records found."""
        return self.call(model, "search_read", domain, list(names))

    def run_action(self, name):
        """Run one of the addon's scheduled actions now, and wait for its end."""
        xml_id = f"ir_cron_allegro_{name}"
        [record] = self.read(
            "ir.model.data",
            [("module", "=", "allegro_sales_channel"), ("name", "=", xml_id)],
            "res_id",
        )
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                self.call("ir.cron", "method_direct_trigger", [record["res_id"]])
                return
            except OdooError as error:
                # Odoo's own scheduler is just running it, without our latest order
                if "already executing" not in str(error):
                    raise
                if time.monotonic() > deadline:
                    raise
            time.sleep(0.2)

    def wait_for(self, model, domain, *names, count=1):
        """The records, as soon as there are so many.

        :raises AssertionError: when they don't come
        """
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            found = self.read(model, domain, *names)
            if len(found) >= count:
                return found
            time.sleep(0.5)
        raise AssertionError(f"{model} {domain}: not {count} after {_PATIENCE} s")

    def _send(self, path, params):
        answer = self._session.post(
            f"{self._address}{path}",
            json={"jsonrpc": "2.0", "method": "call", "params": params},
            timeout=120,
        ).json()
        if "error" in answer:
            data = answer["error"].get("data", {})
            raise OdooError(data.get("message") or answer["error"]["message"])
        return answer["result"]
