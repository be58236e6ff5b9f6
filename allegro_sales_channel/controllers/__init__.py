from . import oauth, portal, support
