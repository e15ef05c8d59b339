"""The data management plan: cards of all items, facts measured on their data, and documents made from both.

A plan is a folder: ``project.yaml`` and ``items/*.yaml``, which people write, and ``facts/*.json``, which
``dialogue dmp refresh`` writes.
"""
