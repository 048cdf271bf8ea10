"""The kernel: what every room stands on.

Settings, the clock, the database's two doors, facts (events), one-use tokens,
languages, local time, forms and pages. It knows no word of the domain: no idea,
panel or consultation may appear here. Only `db.py` commits, only `clock.py` asks
the time, only `html.py` imports bleach.
"""
