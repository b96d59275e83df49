// Room Tissue.
