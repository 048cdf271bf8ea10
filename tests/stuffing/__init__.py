"""Faked support, played back: generated attacks like the one of Breda in 2020, and honest crowds that look like one."""
