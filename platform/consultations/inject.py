"""What a route may ask for of consultations by parameter name: `find_similar`."""

from litestar.di import NamedDependency

from consultations.similar import FindSimilar

Similar = NamedDependency[FindSimilar]
