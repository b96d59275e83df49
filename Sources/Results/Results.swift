// Room Results.
