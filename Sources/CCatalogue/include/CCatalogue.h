// The catalogue's built-in tables, as bytes in the program: found however and wherever the program is started.
#pragma once
#include <stddef.h>

typedef struct {
    const char *_Nonnull name;
    const unsigned char *_Nonnull bytes;
    size_t count;
} CatalogueTable;

size_t catalogue_table_count(void);
CatalogueTable catalogue_table(size_t index);
