"""A thirteenth house (pipeline/samples/house.py): papers of heavy industry and the public sector: shipyards, steel works, power stations, hospitals, universities, their procurement offices,
old-line insurers and the bureaus; conservative and kept on paper; names of issuers, people and numbers invented; drawn by a hand that had read none of the rules of extraction.

Whoever writes rules of extraction leaves this folder closed, as pipeline/samples/held.
"""
