from tests.support.gateway import house, server, shared

__all__ = ["house", "server", "shared"]
