"""A sixteenth house (pipeline/samples/house.py): papers as brokers' and agents' offices gather them from issuers of every kind, each in the form that issuer would print; names of issuers, people and numbers
invented; drawn by hands that had read none of the rules of extraction.

Whoever writes rules of extraction leaves this folder closed, as pipeline/samples/held.
"""
