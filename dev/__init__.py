"""The developer's own commands: ``python3 -m dev demo``, ``test``, ``lint`` and others.

Everything before ``python_environment.enter`` runs with nothing but Python itself.
"""
