"""Learning names from papers that people have set right: lessons from them, and whether what was learned is any good.

In:    papers as the rules read them, with their true names. Out: a model that may be used, with its figures, or word that it may not.
"""
