"""A ninth house (pipeline/samples/house.py): papers as they lie on an underwriter's desk, set in the forms that insurers, banks, tax offices, courts of trade and laboratories
really print, with the names of issuers, people and numbers invented; drawn by a hand that had read none of the rules of extraction.

Whoever writes rules of extraction leaves this folder closed, as pipeline/samples/held.
"""
