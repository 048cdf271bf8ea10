"""State machines against small models: random steps, two people at once, a clock that jumps."""
