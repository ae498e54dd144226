"""A twelfth house (pipeline/samples/house.py): papers of small and middle-sized family firms, their customers' purchasing clerks and county branches of banks and insurers, written with
word processors, spreadsheets and small accounting systems; names of issuers, people and numbers invented; drawn by a hand that had read none of the rules of extraction.

Whoever writes rules of extraction leaves this folder closed, as pipeline/samples/held.
"""
