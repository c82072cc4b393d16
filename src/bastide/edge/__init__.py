"""An edge: a process that holds windows' sockets, hands out the window and passes requests on to the core.

Several listen on one port (SO_REUSEPORT); the kernel gives any connection to any of them. They know no trade and hold no data:
one that ends takes only its connections along.
"""
