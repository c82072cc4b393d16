"""Hosting: what administrators declare of the instance, and what it may hold because of it."""
