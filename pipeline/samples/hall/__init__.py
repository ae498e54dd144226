"""A tenth house (pipeline/samples/house.py): papers as a service hall's counter gets them late in the decade: portals' prints, orders out of buyers' systems, contracts signed on platforms,
electronic policies, receipts and licences; names of issuers, people and numbers invented; drawn by a hand that had read none of the rules of extraction.

Whoever writes rules of extraction leaves this folder closed, as pipeline/samples/held.
"""
