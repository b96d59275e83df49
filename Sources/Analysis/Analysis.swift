// Room Analysis.
