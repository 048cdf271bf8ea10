"""What a route may ask for of consultations by parameter name: `find_similar`, `translator`."""

from typing import Any

from litestar.di import NamedDependency

from consultations.similar import FindSimilar

Similar = NamedDependency[FindSimilar]
Translator = NamedDependency[Any]
"""A `translating.Translate`, or None when the operator plugged none in."""
