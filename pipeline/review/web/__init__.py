"""The review page as a Django application: who may do what, cases, the audit log, views. What a claim looks like and what a correction does to it stand beside it, without Django."""
