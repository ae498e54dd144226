"""A fifteenth house (pipeline/samples/house.py): papers as the large standard issuers print them: policies with their lists of special agreements, invoices of every generation, banks' receipts with
their own captions, contracts after the national model texts, reports of inspection centres, certificates as the offices give them; names and numbers invented; drawn by a hand that had read none of the rules of extraction.

Whoever writes rules of extraction leaves this folder closed, as pipeline/samples/held.
"""
