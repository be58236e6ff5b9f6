"""What Odoo has against what truly is on Allegro and on the shelves."""

from collections import Counter

#: Read in ``odoo shell``, which sees ``env``.
SCRIPT = """
import json
import os
from collections import Counter

Order = env["sale.order"]
orders = Order.search([("allegro_account_id", "!=", False)])
rows = [
    {
        "id": order.allegro_checkout_form_id,
        "total": f"{order.amount_total:.2f}",
        "state": order.state,
        "target": order.allegro_fulfillment_target or "",
        "refused": order.allegro_sync_error or "",
        "is_waiting": not order.order_line,
        "is_managed": not order.allegro_has_unmanaged,
    }
    for order in orders
]
inbox = env["allegro.incoming.order"].search_read([], ["checkout_form_id", "error"])
env.cr.execute(
    "SELECT sale_order_line_id, count(*) FROM ("
    " SELECT sl.id AS sale_order_line_id FROM stock_scrap s"
    " JOIN stock_move m ON m.scrap_id = s.id"
    " JOIN sale_order_line sl ON sl.id = m.sale_line_id WHERE s.state = 'done') x"
    " GROUP BY 1 HAVING count(*) > 1"
)
scrapped = env.cr.fetchall()
env.cr.execute(
    "SELECT order_id, product_id, sum(quantity) FROM allegro_stock_audit GROUP BY 1, 2"
)
audited = env.cr.fetchall()
sold = Counter()
for line in orders.order_line:
    sold[line.order_id.id, line.product_id.id] += line.product_uom_qty
audited = [row for row in audited if row[2] > sold[row[0], row[1]]]
env.cr.execute(
    "SELECT q.product_id, q.location_id, sum(q.quantity), sum(q.reserved_quantity)"
    " FROM stock_quant q JOIN stock_location l ON l.id = q.location_id"
    " WHERE l.usage = 'internal' GROUP BY 1, 2"
)
quants = {(p, l): (float(q), float(r)) for p, l, q, r in env.cr.fetchall()}
env.cr.execute(
    "SELECT product_id, location_id, sum(quantity_product_uom) FROM stock_move_line"
    " WHERE state NOT IN ('done', 'cancel', 'draft') GROUP BY 1, 2"
)
reserved = {(p, l): float(q) for p, l, q in env.cr.fetchall()}
env.cr.execute(
    "SELECT product_id, location, sum(quantity) FROM ("
    " SELECT product_id, location_dest_id AS location, quantity_product_uom AS quantity"
    " FROM stock_move_line WHERE state = 'done' UNION ALL"
    " SELECT product_id, location_id, -quantity_product_uom"
    " FROM stock_move_line WHERE state = 'done') x GROUP BY 1, 2"
)
counted = {(p, l): float(q) for p, l, q in env.cr.fetchall()}
START = json.loads(os.environ["START"])
wrong_stock = []
for key, (quantity, held) in quants.items():
    begun = START.get(f"{key[0]}/{key[1]}", 0.0)
    if round(quantity - begun - counted.get(key, 0.0), 4):
        wrong_stock.append(["on hand", key, quantity, begun, counted.get(key, 0.0)])
    if round(held - reserved.get(key, 0.0), 4):
        wrong_stock.append(["reserved", key, held, reserved.get(key, 0.0)])
print(json.dumps({
    "orders": rows, "inbox": inbox, "scrapped": scrapped, "audited": audited,
    "wrong_stock": wrong_stock,
}))
"""

#: What is on the shelves before anything happens.
START = """
import json
env.cr.execute(
    "SELECT q.product_id, q.location_id, sum(q.quantity) - coalesce((SELECT sum(CASE"
    " WHEN ml.location_dest_id = q.location_id THEN ml.quantity_product_uom"
    " ELSE -ml.quantity_product_uom END) FROM stock_move_line ml"
    " WHERE ml.state = 'done' AND ml.product_id = q.product_id"
    " AND q.location_id IN (ml.location_id, ml.location_dest_id)), 0)"
    " FROM stock_quant q JOIN stock_location l ON l.id = q.location_id"
    " WHERE l.usage = 'internal' GROUP BY 1, 2"
)
print(json.dumps({f"{p}/{l}": float(q) for p, l, q in env.cr.fetchall()}))
"""


def judge(there, here):
    """
    :param there: every order as the simulator truly has it
    :param here: what :data:`SCRIPT` printed
    :return: dict of a row's name to (how many, some of them)
    """
    of_odoo = {order["id"]: order for order in here["orders"]}
    held = {row["checkout_form_id"] for row in here["inbox"]}
    ids = Counter(order["id"] for order in here["orders"])
    real = {order["form"]["id"]: order for order in there}
    bought = [
        form_id
        for form_id, order in real.items()
        if order["form"]["status"] == "READY_FOR_PROCESSING"
    ]
    both = [form_id for form_id in real if form_id in of_odoo]
    return _rows(
        lost=[i for i in bought if i not in of_odoo and i not in held],
        still_waiting=sorted(held),
        doubled=[i for i, count in ids.items() if count > 1],
        other_total=[i for i in both if _differs(real[i], of_odoo[i])],
        not_told=[i for i in both if of_odoo[i]["target"] and not _refused(of_odoo[i])],
        parcels_sent_twice=[i for i in both if _twice(real[i]["shipments"])],
        statuses_sent_twice=[i for i in both if real[i]["status_changes"] > 4],
        scraps_twice=here["scrapped"],
        audited_twice=here["audited"],
        stock_off=here["wrong_stock"],
    )


def _rows(**found):
    return {name.replace("_", " "): items for name, items in found.items()}


def _differs(real, order):
    if not order["is_managed"] or order["state"] == "cancel":
        return False
    return real["form"]["summary"]["totalToPay"]["amount"] != order["total"]


def _refused(order):
    return bool(order["refused"])


def _twice(shipments):
    numbers = Counter(shipment["waybill"] for shipment in shipments)
    return any(count > 1 for count in numbers.values())
