// Room ModelFiles.
