"""A third house (pipeline/samples/house.py): offices, insurers, banks, laboratories and copiers that neither of the first two families has, drawn later and by other hands.

Whoever writes rules of extraction leaves this folder closed, as pipeline/samples/held.
"""
