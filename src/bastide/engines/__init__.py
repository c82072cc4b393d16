"""Processes that Bastide starts when none is configured: PostgreSQL and LiveKit. They know no module."""
