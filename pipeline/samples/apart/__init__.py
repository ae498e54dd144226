"""An eighth house (pipeline/samples/house.py): papers as an independent laboratory expects them from applicants of all sorts, typed by small firms, printed by ERP systems,
written for public tenders, issued by offices and banks; invented names, drawn by a hand that had read none of the rules of extraction.

Whoever writes rules of extraction leaves this folder closed, as pipeline/samples/held.
"""
