"""The read-only JSON API under /v1: what anybody may read, for machines. Its OpenAPI document lists exactly it.

shapes.py says what is answered, reading.py turns rows into it, routes.py is the edge. Nothing here writes.
"""
