"""A stateful fake of KSeF over real HTTP, as Odoo's client and the ministry show it.

It imports nothing of the addons. What it knows, and where from:

- the addresses, bodies and codes that ``l10n_pl_edi`` uses (``tools``, ``models``);
- https://github.com/CIRFMF/ksef-docs: the list of a session's invoices, what a second
  invoice of the same number is answered (440, with the first one's number), and the
  form of errors.
"""

from .server import FakeKsef
