// libSBML's C interface, and nothing else.
//
// The library is opened at the first file of its format, not linked: its C++ takes 20 ms to load, which every start of
// the program would pay, and only files in SBML need it.
#pragma once
#include <dlfcn.h>
#include <stddef.h>
#include <sbml/SBMLTypes.h>
#include <sbml/conversion/ConversionProperties.h>

/// Every function used: the table below and the one place that fills it are made from this list.
#define CSBML_FUNCTIONS(F) \
    F(readSBMLFromString) \
    F(SBMLDocument_free) F(SBMLDocument_getLevel) F(SBMLDocument_getVersion) F(SBMLDocument_getModel) \
    F(SBMLDocument_setLocationURI) F(SBMLDocument_getError) F(SBMLDocument_getNumErrors) F(SBMLDocument_convert) \
    F(SBMLDocument_checkConsistency) F(SBMLDocument_setConsistencyChecks) \
    F(XMLError_getLine) F(XMLError_getColumn) F(XMLError_getMessage) F(XMLError_getShortMessage) \
    F(XMLError_getSeverity) F(XMLError_getErrorId) \
    F(ConversionProperties_create) F(ConversionProperties_free) F(ConversionProperties_addOptionWithKey) \
    F(ConversionProperties_setBoolValue) F(ConversionProperties_setValue) \
    F(SBase_getLine) F(SBase_getColumn) \
    F(Model_getId) F(Model_getName) F(Model_getSubstanceUnits) F(Model_getTimeUnits) F(Model_getVolumeUnits) \
    F(Model_getExtentUnits) F(Model_getConversionFactor) F(Model_isSetConversionFactor) \
    F(Model_getFunctionDefinition) F(Model_getUnitDefinitionById) F(Model_getCompartment) F(Model_getSpecies) \
    F(Model_getParameter) F(Model_getInitialAssignment) F(Model_getRule) F(Model_getConstraint) F(Model_getReaction) \
    F(Model_getEvent) F(Model_getNumFunctionDefinitions) F(Model_getNumCompartments) F(Model_getNumSpecies) \
    F(Model_getNumParameters) F(Model_getNumInitialAssignments) F(Model_getNumRules) F(Model_getNumConstraints) \
    F(Model_getNumReactions) F(Model_getNumEvents) \
    F(FunctionDefinition_getId) F(FunctionDefinition_getMath) F(FunctionDefinition_getArgument) \
    F(FunctionDefinition_getBody) F(FunctionDefinition_getNumArguments) \
    F(UnitDefinition_getUnit) F(UnitDefinition_getNumUnits) F(Unit_getKind) F(Unit_getExponentAsDouble) \
    F(Unit_getScale) F(Unit_getMultiplier) F(UnitKind_forName) \
    F(Compartment_getId) F(Compartment_getSize) F(Compartment_isSetSize) F(Compartment_getConstant) \
    F(Compartment_getSpatialDimensionsAsDouble) F(Compartment_isSetSpatialDimensions) \
    F(Species_getId) F(Species_getCompartment) F(Species_getInitialAmount) F(Species_getInitialConcentration) \
    F(Species_isSetInitialAmount) F(Species_isSetInitialConcentration) F(Species_getHasOnlySubstanceUnits) \
    F(Species_getBoundaryCondition) F(Species_getConstant) F(Species_getConversionFactor) \
    F(Species_isSetConversionFactor) \
    F(Parameter_getId) F(Parameter_getValue) F(Parameter_isSetValue) F(Parameter_getConstant) \
    F(LocalParameter_getId) F(LocalParameter_getValue) F(LocalParameter_isSetValue) \
    F(InitialAssignment_getSymbol) F(InitialAssignment_getMath) \
    F(Rule_getVariable) F(Rule_getMath) F(Rule_isAlgebraic) F(Rule_isAssignment) F(Rule_isRate) \
    F(Constraint_getMath) F(Constraint_getMessageString) \
    F(Reaction_getId) F(Reaction_getKineticLaw) F(Reaction_getReversible) F(Reaction_getFast) F(Reaction_isSetFast) \
    F(Reaction_getReactant) F(Reaction_getProduct) F(Reaction_getNumReactants) F(Reaction_getNumProducts) \
    F(Reaction_getModifier) F(Reaction_getNumModifiers) \
    F(KineticLaw_getMath) F(KineticLaw_getParameter) F(KineticLaw_getLocalParameter) F(KineticLaw_getNumParameters) \
    F(KineticLaw_getNumLocalParameters) \
    F(SpeciesReference_getId) F(SpeciesReference_isSetId) F(SpeciesReference_getSpecies) \
    F(SpeciesReference_getStoichiometry) F(SpeciesReference_isSetStoichiometry) \
    F(SpeciesReference_getStoichiometryMath) F(SpeciesReference_isSetStoichiometryMath) \
    F(SpeciesReference_getDenominator) F(SpeciesReference_getConstant) F(StoichiometryMath_getMath) \
    F(Event_getId) F(Event_getTrigger) F(Event_getDelay) F(Event_getPriority) F(Event_getUseValuesFromTriggerTime) \
    F(Event_getEventAssignment) F(Event_getNumEventAssignments) \
    F(Trigger_getMath) F(Trigger_getInitialValue) F(Trigger_getPersistent) F(Delay_getMath) F(Priority_getMath) \
    F(EventAssignment_getVariable) F(EventAssignment_getMath) \
    F(ASTNode_getType) F(ASTNode_getNumChildren) F(ASTNode_getChild) F(ASTNode_getName) F(ASTNode_getValue) \
    F(ASTNode_getMantissa) F(ASTNode_getExponent)

/// libSBML's functions, where the library is.
struct CSBMLFunctions {
#define CSBML_FIELD(name) __typeof__(&name) _Nonnull name;
    CSBML_FUNCTIONS(CSBML_FIELD)
#undef CSBML_FIELD
};

/// Opens the library and fills the table; returns the name of what is missing (the library, or a function that an older
/// version lacks), or NULL when all is there.
static inline const char *_Nullable csbml_open(struct CSBMLFunctions *_Nonnull functions) {
#ifdef __APPLE__
    const char *file = "libsbml.5.dylib";
#else
    const char *file = "libsbml.so.5";
#endif
    void *library = dlopen(file, RTLD_LAZY | RTLD_LOCAL);
    if (library == NULL) return file;
    void *found = NULL;
#define CSBML_FIND(function) \
    found = dlsym(library, #function); \
    if (found == NULL) return #function; \
    functions->function = (__typeof__(&function))found;
    CSBML_FUNCTIONS(CSBML_FIND)
#undef CSBML_FIND
    return NULL;
}
