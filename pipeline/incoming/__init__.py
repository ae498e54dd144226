"""How papers come in: from a folder or a bucket, whole submissions only, into the spool that a run reads."""
