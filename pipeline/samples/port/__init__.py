"""An eleventh house (pipeline/samples/house.py): papers of large buyers, exporters, brokers and co-insurers: long contracts with schedules and annexes, papers in two languages,
receipts of corporate treasuries, certificates of final acceptance; names of issuers, people and numbers invented; drawn by a hand that had read none of the rules of extraction.

Whoever writes rules of extraction leaves this folder closed, as pipeline/samples/held.
"""
