"""A sixth house (pipeline/samples/house.py): ordinary offices. Policies with schedules and agreed terms over two or three pages, contracts in articles, invoices and banks' receipts of the common kinds;
drawn by hands that had read none of the rules of extraction.

Whoever writes rules of extraction leaves this folder closed, as pipeline/samples/held.
"""
