"""What an approval hall and its supervisors look at: the board, its lists, the page of a case."""
