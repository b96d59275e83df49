// Room Tables.
