// HDF5 names most of its constants by macros that call functions, which Swift cannot import: each is a function here.
#pragma once
#include <hdf5.h>
#include <stdlib.h>

static inline hid_t h5_memory_float64(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t h5_memory_float32(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t h5_memory_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t h5_memory_int32(void) { return H5T_NATIVE_INT32; }
static inline hid_t h5_memory_uint8(void) { return H5T_NATIVE_UINT8; }
static inline hid_t h5_stored_float64(void) { return H5T_IEEE_F64LE; }
static inline hid_t h5_stored_float32(void) { return H5T_IEEE_F32LE; }
static inline hid_t h5_stored_int64(void) { return H5T_STD_I64LE; }
static inline hid_t h5_stored_int32(void) { return H5T_STD_I32LE; }
static inline hid_t h5_stored_uint8(void) { return H5T_STD_U8LE; }
static inline hid_t h5_string(void) { return H5T_C_S1; }
static inline size_t h5_variable_length(void) { return H5T_VARIABLE; }

static inline hid_t h5_default(void) { return H5P_DEFAULT; }
static inline hid_t h5_dataset_creation(void) { return H5Pcreate(H5P_DATASET_CREATE); }
static inline herr_t h5_forget_times(hid_t list) { return H5Pset_obj_track_times(list, 0); }
static inline hid_t h5_link_creation(void) { return H5Pcreate(H5P_LINK_CREATE); }
static inline hid_t h5_all(void) { return H5S_ALL; }
static inline unsigned h5_truncate(void) { return H5F_ACC_TRUNC; }
static inline unsigned h5_read_only(void) { return H5F_ACC_RDONLY; }

// Keeps HDF5 from printing its error stack.
static inline void h5_lock_no_files(void) { setenv("HDF5_USE_FILE_LOCKING", "FALSE", 1); }
static inline herr_t h5_silence(void) { return H5Eset_auto2(H5E_DEFAULT, NULL, NULL); }

// 1 where the link leads into another file, 0 where it does not, negative on failure.
static inline int h5_link_leaves_file(hid_t place, const char *name) {
    H5L_info_t info;
    if (H5Lget_info(place, name, &info, H5P_DEFAULT) < 0) return -1;
    return info.type != H5L_TYPE_HARD && info.type != H5L_TYPE_SOFT;
}

// Visits the links of a group in order of name.
static inline herr_t h5_visit_links(hid_t group, H5L_iterate_t visit, void *context) {
    hsize_t position = 0;
    return H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, &position, visit, context);
}
