"""Themes: what the ideas are about.

Words: cluster (found by the machine), theme (named and corrected by people), placement (an idea in a theme and
why), similar (the nearest ideas). What people decided outlives every re-clustering; ideas that fit nowhere stand
openly under "Overig". The heavy work runs in a worker process of its own.
"""
