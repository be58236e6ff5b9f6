"""Run inside ``odoo shell`` by stage.py: makes the company that sells on Allegro."""

import json
import os
from datetime import timedelta

from odoo import Command, fields

from odoo.addons.allegro_sales_channel.allegro.oauth import Tokens

STOCK = 200
#: What a part costs, as a share of its price.
COST = 0.6


def make_company(env):
    company = env.company
    company.write(
        {
            "name": "Części Pewne",
            "street": "ul. Warsztatowa 7",
            "zip": "40-001",
            "city": "Katowice",
            "country_id": env.ref("base.pl").id,
            "vat": "PL5260250274",
            "email": "sklep@example.com",
        }
    )
    env["account.chart.template"].try_loading("pl", company, install_demo=False)
    return company


def make_users(env, names):
    groups = {
        "seller": ("allegro_sales_channel.group_allegro_user",),
        "warehouse": ("stock.group_stock_user",),
    }
    env.ref("base.user_admin").write({"password": "admin"})
    for name in names:
        if name == "admin":
            continue
        env["res.users"].create(
            {
                "name": name.capitalize(),
                "login": name,
                "password": name,
                "email": f"{name}@example.com",
                "group_ids": [
                    Command.set([env.ref(group).id for group in groups[name]])
                ],
            }
        )


def make_products(env, company, offers):
    taxes = env["account.tax"].search(
        [
            ("type_tax_use", "=", "sale"),
            ("company_id", "=", company.id),
            ("amount_type", "=", "percent"),
        ]
    )
    known = [
        offer
        for offer in offers
        if offer["known"] and offer["external_id"] and not is_set(offer)
    ]
    values, seen = [], set()
    for offer in known:
        if offer["external_id"] in seen:
            continue
        seen.add(offer["external_id"])
        rate = float(offer["vat_rate"] or 23)
        net = float(offer["price"]) / (1 + rate / 100)
        values.append(
            {
                "name": offer["name"],
                "default_code": offer["external_id"],
                "barcode": offer["ean"],
                "is_storable": True,
                "list_price": round(net, 2),
                "standard_price": round(net * COST, 2),
                "taxes_id": [
                    Command.set(
                        taxes.filtered(lambda tax, r=rate: tax.amount == r)[:1].ids
                    )
                ],
            }
        )
    products = env["product.product"].create(values)
    shelf = env["stock.warehouse"].search([("company_id", "=", company.id)], limit=1)
    for product in products:
        env["stock.quant"]._update_available_quantity(
            product, shelf.lot_stock_id, STOCK
        )
    return products


def is_set(offer):
    parts = offer["products"]
    return len(parts) > 1 or (parts and parts[0]["quantity"] > 1)


def make_account(env, plan):
    account = env["allegro.account"].create(
        {
            "name": "Allegro",
            "environment": "custom",
            "api_url": plan["allegro_url"],
            "auth_url": f"{plan['allegro_url']}/auth/oauth",
            "client_id": plan["client"]["client_id"],
            "client_secret": plan["client"]["secret"],
            "order_import_start": fields.Datetime.now() - timedelta(days=4),
        }
    )
    if plan["tokens"]:
        now = fields.Datetime.now().astimezone()
        account._connected(Tokens.from_json(plan["tokens"], now))


plan = json.loads(os.environ["STAGE"])
env = env  # noqa: F821, PLW0127 - given by the shell
company = make_company(env)
make_users(env, plan["users"])
make_products(env, company, plan["offers"])
make_account(env, plan)
env.cr.commit()
