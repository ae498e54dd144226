"""A fourth house (pipeline/samples/house.py): large property insurers' schedules, foreign banks, tender offices, the new fully digital invoices; drawn after the rules of extraction were written,
by hands that had not seen them.

Whoever writes rules of extraction leaves this folder closed, as pipeline/samples/held.
"""
