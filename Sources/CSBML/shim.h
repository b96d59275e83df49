// libSBML's C interface, and nothing else.
#pragma once
#include <sbml/SBMLTypes.h>
