"""One module per page. A page asks `queries` and draws; it computes nothing and knows no database."""
