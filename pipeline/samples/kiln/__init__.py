"""A fifteenth house (pipeline/samples/house.py): papers that ordinary small and middle firms, their county insurance branches and local banks make by filling in templates of a word processor: blanks with lines
below, labels and values run together, values over their captions, particulars in brackets, sums only in words or in 万元; names of issuers, people and numbers invented; drawn by a hand that had read none of the
rules of extraction.

Whoever writes rules of extraction leaves this folder closed, as pipeline/samples/held.
"""
