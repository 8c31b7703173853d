"""One technology a module; each adapter implements a port and translates its errors."""
