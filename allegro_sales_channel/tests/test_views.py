"""The public names of screens, and what their filters find."""

from collections import Counter

from lxml import etree

from odoo.tests import Form, tagged
from odoo.tools.safe_eval import safe_eval

from .common import AllegroCommon, form_json, line_json

ACTIONS = {
    "action_allegro_account": "allegro.account",
    "action_allegro_documents_due": "sale.order",
    "action_allegro_incoming_order": "allegro.incoming.order",
    "action_allegro_offer": "allegro.offer",
    "action_allegro_offer_without_product": "allegro.offer",
    "action_allegro_sale_order": "sale.order",
}

#: The filters of ours on each page, in groups: those of one group exclude each other,
#: so either is found; of two groups both have to be met.
FILTER_GROUPS = {
    "sale.sale_order_view_search_inherit_sale": (
        "channel_allegro",
        "allegro_to_process allegro_to_ship allegro_cancelled_buyer",
        "allegro_late allegro_ship_today",
        "allegro_open",
        "allegro_refused",
        "allegro_parcel_refused",
        "allegro_missing",
        "allegro_unmanaged",
        "allegro_invoice_wanted",
        "allegro_gets_receipt allegro_document_person",
        "allegro_invoice_blocked",
        "allegro_invoice_held",
        "allegro_tax_differs",
    ),
    "account.view_account_invoice_filter": (
        "channel_allegro",
        "allegro_document_error",
    ),
    "stock.view_picking_internal_search": ("channel_allegro", "allegro_late"),
    "sale.view_order_product_search": ("channel_allegro",),
    "allegro_sales_channel.allegro_account_view_search": ("reconnect", "archived"),
    "allegro_sales_channel.allegro_daily_proof_view_search": ("alarm", "day"),
    "allegro_sales_channel.allegro_delivery_method_view_search": (
        "without_carrier",
        "without_method",
        "pl",
        "archived",
    ),
    "allegro_sales_channel.allegro_document_view_search": (
        "waiting failed",
        "late",
        "invoices credit_notes",
    ),
    "allegro_sales_channel.allegro_historic_order_view_search": (
        "bought",
        "sent cancelled",
    ),
    "allegro_sales_channel.allegro_incoming_order_view_search": (
        "waiting failed quarantined",
    ),
    "allegro_sales_channel.allegro_offer_view_search": (
        "without_product with_product ignored",
        "live",
        "conflict",
        "suggested",
        "waiting",
        "sets",
    ),
    "allegro_sales_channel.allegro_receipt_amount_view_search": ("printed", "day"),
    "allegro_sales_channel.allegro_receipt_view_search": (
        "to_print printed to_note",
        "link_error",
        "day",
    ),
    "allegro_sales_channel.allegro_request_view_search": (
        "unfinished",
        "failed",
        "mine",
    ),
    "allegro_sales_channel.sale_order_view_search_documents_due": (
        "late this_week",
        "invoice_wanted",
        "held_back",
    ),
    "allegro_sales_channel.allegro_stock_audit_view_search": (
        "to_check back_in_stock written_off",
        "overdue",
        "had_left",
        "waiting_since",
    ),
}


def filter_groups(arch):
    """The names of the filters between separators, as the web client groups them."""
    groups = [[]]
    for node in etree.fromstring(arch).iter("filter", "separator", "field", "group"):
        if node.tag == "filter" and "group_by" not in node.get("context", ""):
            groups[-1].append(node.get("name"))
        elif groups[-1]:
            groups.append([])
    return [" ".join(group) for group in groups if group]


def is_ours(module):
    return module.startswith("allegro_sales_channel")


@tagged("post_install", "-at_install")
class TestScreens(AllegroCommon):
    def test_actions_open_and_explain_themselves_when_empty(self):
        for name, model in ACTIONS.items():
            with self.subTest(name):
                action = self.env.ref(f"allegro_sales_channel.{name}")
                self.assertEqual(action.res_model, model)
                self.assertIn("o_view_nocontent_smiling_face", action.help)
                modes = [(False, mode) for mode in action.view_mode.split(",")]
                self.env[model].get_views([*modes, (False, "search")])

    def test_one_view_of_ours_for_each_of_odoo_and_none_of_ours_for_ours(self):
        """So nobody has to look in two places for what stands on a screen."""
        ours = self.env["ir.model.data"].search(
            [
                ("model", "=", "ir.ui.view"),
                ("module", "=like", "allegro_sales_channel%"),
            ]
        )
        addon_of = {data.res_id: data.module for data in ours}
        names = {data.res_id: data.complete_name for data in ours}
        views = self.env["ir.ui.view"].browse(list(addon_of))
        inherited = views.filtered("inherit_id")
        self.assertGreater(len(inherited), 10)
        own = inherited.filtered(
            lambda view: addon_of.get(view.inherit_id.id) == addon_of[view.id]
        )
        self.assertFalse([names[view.id] for view in own])
        # a primary view is a screen of its own
        places = Counter(
            (addon_of[view.id], view.inherit_id)
            for view in inherited.filtered(lambda view: view.mode == "extension")
        )
        twice = [place for place, count in places.items() if count > 1]
        self.assertFalse([(addon, view.xml_id) for addon, view in twice])

    def test_root_menu(self):
        root = self.env.ref("allegro_sales_channel.menu_allegro_root")
        self.assertEqual(root.name, "Allegro integration")
        self.assertTrue(root.web_icon_data)
        self.assertTrue(root.child_id)

    def _filter(self, name):
        view = self.env.ref("sale.sale_order_view_search_inherit_sale")
        arch = etree.fromstring(
            self.env["sale.order"].get_view(view.id, "search")["arch"]
        )
        (node,) = arch.xpath(f"//filter[@name='{name}']")
        domain = node.get("domain")
        return self.env["sale.order"].search(safe_eval(domain)) if domain else node

    def test_filters(self):
        def form(status, provider="SELLER", lines=()):
            fulfillment = {"status": status, "provider": {"id": provider}}
            return form_json(*lines, fulfillment=fulfillment)

        unmanaged = (line_json("SKU-1"), line_json(sku=None))
        new, processing, sent, allegros, partly = self.import_forms(
            form("NEW"),
            form("PROCESSING"),
            form("SENT"),
            form("NEW", "ALLEGRO"),
            form("READY_FOR_SHIPMENT", lines=unmanaged),
        )
        direct = self.env["sale.order"].create(
            {"partner_id": self.env["res.partner"].create({"name": "Direct"}).id}
        )
        everything = new | processing | sent | allegros | partly | direct
        for name, expected in (
            ("channel_allegro", everything - direct),
            ("allegro_to_process", new),
            ("allegro_to_ship", processing | partly),
            ("allegro_unmanaged", partly),
            ("allegro_late", new | processing | partly),
        ):
            self.assertEqual(self._filter(name) & everything, expected, name)
        new._allegro_want("PROCESSING")
        self.assertFalse(self._filter("allegro_to_process") & new)
        self.assertIn(
            "sales_channel_id", self._filter("group_sales_channel").get("context")
        )

    def test_filters_that_can_both_be_true_narrow_each_other_down(self):
        for name, expected in FILTER_GROUPS.items():
            with self.subTest(name):
                view = self.env.ref(name)
                arch = self.env[view.model].get_view(view.id, "search")["arch"]
                ours = {name for group in expected for name in group.split()}
                found = [
                    group for group in filter_groups(arch) if ours & set(group.split())
                ]
                self.assertEqual(found, list(expected))

    def test_nothing_of_allegro_on_other_orders(self):
        view = self.env.ref("sale.view_order_form")
        arch = etree.fromstring(
            self.env["sale.order"].get_view(view.id, "form")["arch"]
        )
        (page,) = arch.xpath("//page[@name='allegro']")
        self.assertEqual(page.get("invisible"), "not allegro_checkout_form_id")
        groups = page.xpath(".//group/@name")
        for name in ("allegro_recipient", "allegro_invoice", "allegro_payment"):
            self.assertIn(name, groups)

    def test_settings_lead_to_the_accounts(self):
        self._make_account(seller_id="2", state="reconnect")
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(settings.allegro_account_count, 1)
        arch = self.env["res.config.settings"].get_view(
            self.env.ref("base.res_config_settings_view_form").id, "form"
        )["arch"]
        action = self.env.ref("allegro_sales_channel.action_allegro_account")
        self.assertIn('id="allegro_setting_container"', arch)
        self.assertIn(f'name="{action.id}"', arch)


@tagged("post_install", "-at_install")
class TestOdoosForms(AllegroCommon):
    """Odoo's own forms stay what other addons and their tests expect."""

    def _extended_forms(self):
        """The forms of Odoo's models that views of ours extend."""
        data = self.env["ir.model.data"].search([("model", "=", "ir.ui.view")])
        ours = self.env["ir.ui.view"].browse(
            data.filtered(lambda row: is_ours(row.module)).mapped("res_id")
        )
        forms = ours.filtered(
            lambda view: view.type == "form"
            and not is_ours(self.env[view.model]._original_module)
        )
        while parents := forms.filtered(lambda view: view.mode == "extension"):
            forms = (forms - parents) | parents.inherit_id
        return forms

    def _forms_within_themselves(self, node, models):
        """
        :param node: of a form, or of a view within it
        :param models: of the form and of the views within it that lead to the node
        :return: names of fields of ours that list records of one of those models
        """
        for child in node:
            within = models
            if child.tag == "field":
                field = self.env[models[-1]]._fields[child.get("name")]
                within = [*models, field.comodel_name] if field.relational else models
                own = all(map(is_ours, field._modules))
                if own and field.type.endswith("2many") and within[-1] in models:
                    yield str(field)
            yield from self._forms_within_themselves(child, within)

    def test_no_form_within_itself(self):
        # Odoo's Form, and so every addon's tests on that form, would open the form of
        # the listed records, and no longer find the lines of the form itself.
        forms = self._extended_forms()
        models = set(forms.mapped("model"))
        self.assertLessEqual({"sale.order", "stock.picking", "account.move"}, models)
        for form in forms:
            with self.subTest(form.xml_id):
                arch = self.env[form.model].get_view(form.id, "form")["arch"]
                found = self._forms_within_themselves(
                    etree.fromstring(arch), [form.model]
                )
                self.assertFalse(list(found))

    def test_lines_of_an_order_can_be_added_and_edited(self):
        partner = self.env["res.partner"].create({"name": "Direct"})
        first, second = self.env["product.product"].create(
            [{"name": "First", "list_price": 10}, {"name": "Second", "list_price": 7}]
        )
        with Form(self.env["sale.order"]) as form:
            form.partner_id = partner
            with form.order_line.new() as line:
                line.product_id = first
            with form.order_line.new() as line:
                line.product_id = second
                line.product_uom_qty = 3
        order = form.record
        with Form(order) as form:
            with form.order_line.edit(0) as line:
                line.product_uom_qty = 2
            form.order_line.remove(1)
        self.assertEqual(order.order_line.product_id, first)
        self.assertEqual(order.order_line.product_uom_qty, 2)
