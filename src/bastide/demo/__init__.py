"""The demo organisation: invented people, spaces, conversations and files, the same for everybody.

``load(today)`` reads the texts under ``content/`` into the structs of ``model``; ``files.render`` makes the bytes of
one file; ``pictures.portrait`` draws the picture of one agent. Nothing here touches the database: the seeder passes
what it gets through the services.
"""
