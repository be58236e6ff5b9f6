"""Allegro's REST API in plain Python: no Odoo in here.

Read in this order: ``errors``, ``values`` (money, time, checked JSON), the frozen
dataclasses (``checkout_form``, ``events``, ``offers``, ``seller``, ``shipments``,
``documents``), ``http`` and ``answers`` (what is sent, what comes back), ``oauth`` and
``client`` (which use them), ``rules`` and ``fulfilment_rules`` (decisions) and
``fulfilment`` (telling Allegro about one order).
"""
