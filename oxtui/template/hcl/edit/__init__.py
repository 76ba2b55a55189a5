"""Changes of the text that leave everything else as it is: comments, order, layout."""
