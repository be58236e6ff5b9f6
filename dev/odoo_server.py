"""Odoo's command as a file: a server with workers starts a second one by its name."""

import sys

if __name__ == "__main__":
    # this folder's modules are none of Odoo's
    sys.path.pop(0)
    import odoo.cli

    odoo.cli.main()
