// Room HDF5.
