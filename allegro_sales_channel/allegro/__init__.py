"""Allegro's REST API in plain Python: no Odoo in here.

Read in this order:

- ``errors``, ``values`` (money, time, checked JSON), ``side_fields`` (what may be wrong
  without harm) and ``lists``;
- the frozen dataclasses: ``checkout_form`` with ``form_lines``, ``form_parties`` and
  ``form_state``, ``events``, ``offers``, ``seller``, ``shipments``, ``documents``;
- ``http`` with ``deadline``, ``body`` and ``answers``: what is sent, what comes back;
- ``writers``, ``gate`` and ``masking``: who may write, and what is kept of it;
- ``oauth`` and ``client`` with ``paths`` and ``fetched``, which use them;
- ``statuses``, ``rules`` and ``tracking_numbers``: decisions; and ``fulfilment``, which
  tells Allegro about one order.
"""
