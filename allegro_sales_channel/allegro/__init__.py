"""Allegro's REST API in plain Python: no Odoo in here.

Read in this order: ``errors``, ``values`` (money, time, checked JSON), the frozen
dataclasses (``checkout_form``, ``events``, ``offers``, ``seller``), ``oauth`` and
``client`` (the only two that touch the network) and ``rules`` (decisions).
"""
