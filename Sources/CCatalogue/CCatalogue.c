#include "CCatalogue.h"

// #embed is C23; clang has it in every mode and says so.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char sources[] = {
#embed "../Catalogue/Tables/sources.csv"
};
static const unsigned char cytokines[] = {
#embed "../Catalogue/Tables/cytokines.csv"
};
static const unsigned char chains[] = {
#embed "../Catalogue/Tables/chains.csv"
};
static const unsigned char cells[] = {
#embed "../Catalogue/Tables/cells.csv"
};
static const unsigned char complexes[] = {
#embed "../Catalogue/Tables/complexes.csv"
};
static const unsigned char synonyms[] = {
#embed "../Catalogue/Tables/synonyms.csv"
};
static const unsigned char relations[] = {
#embed "../Catalogue/Tables/relations.csv"
};
static const unsigned char measurements[] = {
#embed "../Catalogue/Tables/measurements.csv"
};
static const unsigned char setaside[] = {
#embed "../Catalogue/Tables/setaside.csv"
};

static const CatalogueTable tables[] = {
    {"sources", sources, sizeof sources},
    {"cytokines", cytokines, sizeof cytokines},
    {"chains", chains, sizeof chains},
    {"cells", cells, sizeof cells},
    {"complexes", complexes, sizeof complexes},
    {"synonyms", synonyms, sizeof synonyms},
    {"relations", relations, sizeof relations},
    {"measurements", measurements, sizeof measurements},
    {"setaside", setaside, sizeof setaside},
};

size_t catalogue_table_count(void) { return sizeof tables / sizeof tables[0]; }

CatalogueTable catalogue_table(size_t index) { return tables[index]; }
