"""Tables without a terminal: cells, columns, filters, order, marks. `ResourceTable` draws them."""
