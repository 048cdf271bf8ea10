"""What a route may ask for of themes: the process that reads and groups ideas."""

from litestar.di import NamedDependency

from themes.worker import Worker

Machine = NamedDependency[Worker]
