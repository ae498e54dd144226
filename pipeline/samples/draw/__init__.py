"""How the invented papers look: one module a family of papers, each taking `case.Values` and giving a `sheet.Paper`.

A paper's truth is written where its ink is: `Paper.put` stands beside the drawing of the value.
"""
