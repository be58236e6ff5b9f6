"""The developer's own commands: ``python3 -m dev demo | test | lint | bench | pictures``.

Everything before ``python_environment.enter`` runs with nothing but Python itself.
"""
