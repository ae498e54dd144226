"""What stands where on a page: pieces of text, blocks, labels with their values, table rows.

In:    read pages (`models.page.Page`): lines with places, ruled cells where the reader found them.
Out:   `Piece` (text that knows where it stands), `Block` (a cell's or a free line's text), `Hit` (a label and its value),
       `Table` (rows by column heading).
Fails: never; what isn't there is not returned. A label with nothing beside it comes back as a blank hit.
Elsewhere: what the labels of a paper are (extractors/papers), what a piece means (extractors/fields.py).

Ruled cells are used where they are and neighbourhood on the page where they are missing or broken, so no paper needs one layout.
"""

from extractors.layout.blocks import Block, Sheet, blocks, ends_early, sheet
from extractors.layout.labels import label_values
from extractors.layout.lines import in_rows, wrapped_with
from extractors.layout.pieces import NOTHING, Piece, Span, fold, piece_of
from extractors.layout.tables import Table, TableRow, table_rows
from extractors.layout.values import Hit
from extractors.layout.wording import Labels, is_blank

__all__ = [
    "NOTHING", "Block", "Hit", "Labels", "Piece", "Sheet", "Span", "Table", "TableRow",
    "blocks", "ends_early", "fold", "in_rows", "is_blank", "label_values", "piece_of", "sheet", "table_rows", "wrapped_with",
]
