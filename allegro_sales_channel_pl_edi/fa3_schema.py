"""The ministry's schema of FA(3): what KSeF refuses at once, known before sending."""

import functools
from pathlib import Path

from lxml import etree

SCHEMAS = Path(__file__).parent / "data" / "schemas"


class _BesideTheSchema(etree.Resolver):
    """What schemas name by an address of the ministry lies in a folder beside them."""

    def __init__(self, folder):
        super().__init__()
        self.folder = folder

    def resolve(self, system_url, public_id, context):
        here = self.folder / system_url.rpartition("/")[2]
        return self.resolve_filename(str(here), context) if here.exists() else None


@functools.cache
def official_schema(folder=SCHEMAS):
    """:return: ``etree.XMLSchema`` of the FA(3) schema in that folder, read once"""
    [main] = folder.glob("schemat_FA*.xsd")
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_BesideTheSchema(folder / "bazowe"))
    return etree.XMLSchema(etree.fromstring(main.read_bytes(), parser))
