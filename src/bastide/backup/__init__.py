"""Backup and restore: a whole instance in one file, taken while people write, and laid into an empty folder."""
