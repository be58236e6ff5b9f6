from . import oauth, portal
