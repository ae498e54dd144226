"""The store: what is known of every batch, submission, file and claim, in a database; and the papers as they were filed, as blobs.

A process opens it once (`pipeline.store.setup.open_store`); only then may `models` and what stands on it be imported, as Django wants it.
Below this package nothing knows a database.
"""
