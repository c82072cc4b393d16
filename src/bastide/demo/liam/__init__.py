"""The demo at the size of LIAM, the platform of a health insurance: 80,000 agents, 1,900 groups of 40, 41 communities.

Too much to be played through the services message by message: its rows are streamed into the tables with COPY, as the
services would have written them (journal without gaps, heads, ordinals, marks, counts), and `tests/demo/test_liam.py` holds
that by reading them through the services. For benches; its people and what they say are invented.
"""
