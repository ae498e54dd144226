"""The review page: what a reviewer sees of a claim and does to it. The modules of this folder need no web framework and no database; each says so where it does."""
