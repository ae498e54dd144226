"""A fifth house (pipeline/samples/house.py): electronic policies with watermarks and bar codes, frame contracts with orders, old and new invoices on coloured paper; drawn by hands
that had read none of the rules of extraction.

Whoever writes rules of extraction leaves this folder closed, as pipeline/samples/held.
"""
