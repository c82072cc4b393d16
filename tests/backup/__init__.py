"""Backups are taken while people write, are whole or no backup, and make the same instance again."""
