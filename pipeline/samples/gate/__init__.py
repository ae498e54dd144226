"""A fourteenth house (pipeline/samples/house.py): papers that platforms print: portals' exports, e-licences, contracts signed on platforms, orders of buyers' systems, e-policies, fully digital invoices,
banks' e-receipts, e-certificates; names of issuers, people and numbers invented; drawn by a hand that had read none of the rules of extraction.

Whoever writes rules of extraction leaves this folder closed, as pipeline/samples/held.
"""
