// Vector lanes: one cache line of floats or doubles, with arithmetic that the compiler cannot break into elements.
//
// Swift's SIMD operators on floating-point types are loops over elements in the 6.3 standard library; these are not.
// All are inlined into the Swift module that calls them and take on its -march. Contraction to fused multiply-add is
// off, so SSE2, AVX2, AVX-512 and NEON give the same bits.
#ifndef CLANES_H
#define CLANES_H

#include <math.h>
#include <stdint.h>
#if defined(__linux__)
#include <sys/mman.h>
#endif

#define CL_INLINE static inline __attribute__((always_inline, unused))

typedef float cl_f32x16 __attribute__((ext_vector_type(16)));
typedef double cl_f64x8 __attribute__((ext_vector_type(8)));
typedef double cl_f64x4 __attribute__((ext_vector_type(4)));

#define CL_OPERATIONS(V, S, NAME)                                                                              \
    CL_INLINE V cl_load_##NAME(const S *p) { V v; __builtin_memcpy(&v, p, sizeof v); return v; }               \
    CL_INLINE void cl_store_##NAME(S *p, V v) { __builtin_memcpy(p, &v, sizeof v); }                           \
    CL_INLINE V cl_all_##NAME(S s) { return (V)(s); }                                                          \
    CL_INLINE V cl_add_##NAME(V a, V b) { _Pragma("clang fp contract(off)") return a + b; }                    \
    CL_INLINE V cl_sub_##NAME(V a, V b) { _Pragma("clang fp contract(off)") return a - b; }                    \
    CL_INLINE V cl_mul_##NAME(V a, V b) { _Pragma("clang fp contract(off)") return a * b; }                    \
    CL_INLINE V cl_div_##NAME(V a, V b) { _Pragma("clang fp contract(off)") return a / b; }                    \
    CL_INLINE V cl_abs_##NAME(V a) { return __builtin_elementwise_abs(a); }                                    \
    CL_INLINE V cl_max_##NAME(V a, V b) { return __builtin_elementwise_max(a, b); }                            \
    CL_INLINE V cl_min_##NAME(V a, V b) { return __builtin_elementwise_min(a, b); }

CL_OPERATIONS(cl_f32x16, float, f32)
CL_OPERATIONS(cl_f64x8, double, f64)
CL_OPERATIONS(cl_f64x4, double, f64x4)

CL_INLINE cl_f32x16 cl_to_f32(cl_f64x8 low, cl_f64x8 high) {
    typedef float half __attribute__((ext_vector_type(8)));
    half a = __builtin_convertvector(low, half), b = __builtin_convertvector(high, half);
    return __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}
CL_INLINE cl_f64x8 cl_low_f64(cl_f32x16 v) {
    typedef float half __attribute__((ext_vector_type(8)));
    half a = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7);
    return __builtin_convertvector(a, cl_f64x8);
}
CL_INLINE cl_f64x8 cl_high_f64(cl_f32x16 v) {
    typedef float half __attribute__((ext_vector_type(8)));
    half a = __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
    return __builtin_convertvector(a, cl_f64x8);
}
// Every second element of 32, starting at the first or the second.
CL_INLINE cl_f32x16 cl_even_f32(cl_f32x16 a, cl_f32x16 b) {
    return __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
}
CL_INLINE cl_f32x16 cl_odd_f32(cl_f32x16 a, cl_f32x16 b) {
    return __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31);
}
// a0 b0 a1 b1 ..., the first and the second half.
CL_INLINE cl_f32x16 cl_zip_low_f32(cl_f32x16 a, cl_f32x16 b) {
    return __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
}
CL_INLINE cl_f32x16 cl_zip_high_f32(cl_f32x16 a, cl_f32x16 b) {
    return __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
}

typedef double cl_f64x4 __attribute__((ext_vector_type(4)));
// Two points of four numbers each, by their places among all.
CL_INLINE cl_f64x8 cl_two_points(const double *points, int32_t a, int32_t b) {
    cl_f64x4 u, v;
    __builtin_memcpy(&u, points + 4 * (long)a, sizeof u);
    __builtin_memcpy(&v, points + 4 * (long)b, sizeof v);
    return __builtin_shufflevector(u, v, 0, 1, 2, 3, 4, 5, 6, 7);
}
// a0 b0 a2 b2 ... and a1 b1 a3 b3 ...; a0 a1 b0 b1 a4 a5 ... and a2 a3 b2 b3 a6 a7 ...
CL_INLINE cl_f64x8 cl_zip_even_f64(cl_f64x8 a, cl_f64x8 b) {
    return __builtin_shufflevector(a, b, 0, 8, 2, 10, 4, 12, 6, 14);
}
CL_INLINE cl_f64x8 cl_zip_odd_f64(cl_f64x8 a, cl_f64x8 b) {
    return __builtin_shufflevector(a, b, 1, 9, 3, 11, 5, 13, 7, 15);
}
CL_INLINE cl_f64x8 cl_pairs_low_f64(cl_f64x8 a, cl_f64x8 b) {
    return __builtin_shufflevector(a, b, 0, 1, 8, 9, 4, 5, 12, 13);
}
CL_INLINE cl_f64x8 cl_pairs_high_f64(cl_f64x8 a, cl_f64x8 b) {
    return __builtin_shufflevector(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
}
// The first half of a vector plus the second.
CL_INLINE void cl_store_halves_f64(double *to, cl_f64x8 a) {
    cl_f64x4 sum = __builtin_shufflevector(a, a, 0, 1, 2, 3) + __builtin_shufflevector(a, a, 4, 5, 6, 7);
    __builtin_memcpy(to, &sum, sizeof sum);
}
// One number a lane, from a table by the kind of what is at a place.
CL_INLINE cl_f64x8 cl_look_up_f64(const double *table, const int32_t *kinds, const int32_t *at) {
    cl_f64x8 v;
    for (int i = 0; i < 8; i++) v[i] = table[kinds[at[i]]];
    return v;
}
// The same of two numbers multiplied: what one cell brings for the kind of each other, and what that brings for its own.
CL_INLINE cl_f64x8 cl_look_up_pairs_f64(
    const double *table, long width, const int32_t *kinds, long own, const int32_t *at) {
    cl_f64x8 v;
    for (int i = 0; i < 8; i++) v[i] = table[own * width + kinds[at[i]]] * table[at[i] * width + kinds[own]];
    return v;
}
// 1/√a to 4e-14 of itself, of what floats reach: found in single precision, mended by one step of Newton's.
CL_INLINE cl_f64x8 cl_inverse_sqrt_f64(cl_f64x8 a) {
    _Pragma("clang fp contract(off)")
    typedef float half __attribute__((ext_vector_type(8)));
    half root = __builtin_elementwise_sqrt(__builtin_convertvector(a, half));
    cl_f64x8 y = __builtin_convertvector(1.0f / root, cl_f64x8);
    return y * (1.5 - (0.5 * a) * (y * y));
}
// Whether some lane is at most `limit`.
CL_INLINE _Bool cl_any_at_most_f64(cl_f64x8 a, double limit) {
    return __builtin_reduce_or(a <= (cl_f64x8)(limit)) != 0;
}

// One bit a lane, where a is below b.
CL_INLINE uint32_t cl_bits_below_f64(cl_f64x8 a, cl_f64x8 b) {
    typedef _Bool bits __attribute__((ext_vector_type(8)));
    bits found = __builtin_convertvector(a < b, bits);
    uint8_t mask;
    __builtin_memcpy(&mask, &found, sizeof mask);
    return mask;
}
// Writes first, first + 1, ... of the bits that are set, one after the other, and how many; eight places are written to.
CL_INLINE long cl_store_places(int32_t *to, int32_t first, uint32_t bits) {
#if defined(__AVX512VL__)
    typedef int32_t eight __attribute__((vector_size(32)));
    eight all = (eight){0, 1, 2, 3, 4, 5, 6, 7} + first;
    eight packed = __builtin_ia32_compresssi256_mask(all, all, (uint8_t)bits);
    __builtin_memcpy(to, &packed, sizeof packed);
    return __builtin_popcount(bits);
#else
    long count = 0;
    for (int i = 0; i < 8; i++) {
        to[count] = first + i;
        count += bits >> i & 1;
    }
    return count;
#endif
}

// Cells sorted by place, to look for those near one of them: centres and reaches by slot, eight more than there are.
typedef struct {
    const double *x, *y, *z, *reach;
} cl_crowd;

// Who may touch whom among some cells, and how they push and pull.
//
// A cell's place among all is its slot; four numbers a slot say where it is: x, y, z and radius. One slot more than there
// are cells stands for nobody: it has no radius and is farther than anything.
typedef struct {
    // Row k, of the k-th of these cells: links[rows[k]] up to links[rows[k + 1]], whole lanes that nobody fills up.
    const int32_t *links, *rows;
    // By slot: CL_CROSSES_FACE where a short way to a neighbour may lead over a joined face.
    const uint8_t *marks;
    // Lengths of joined axes; 0 of those that are not.
    double spanX, spanY, spanZ;
    // Velocity over overlap, 1/s.
    double stiffness;
    // Sum of radii over distance at and below which cells do not hold on to each other.
    double least;
    // Velocity over gap by type and type, 1/s; none where no cells adhere. Types by slot.
    const double *strengths;
    // By slot and type, in place of them: the strength of a pair is the product of what both have for each other, √(1/s).
    const double *roots;
    const int32_t *types;
    long typeCount;
    // Not 0 where cells keep their z.
    long isSlab;
} cl_contacts;
enum { CL_CROSSES_FACE = 1 };

// A separable 7-point operator on one grid of voxels, in 1/s; the kernels of every processor level share it.
//
// (A c)(i,j,k) = (sigma + dx[i] + dy[j] + dz[k] + uptake(i,j,k)) c(i,j,k) − Σ over the six neighbours of coupling · c.
// Rows are `stride` elements long, a multiple of 16; beyond nx the couplings are 0 and so are the fields.
typedef struct {
    long nx, ny, nz, stride;
    // Across the lower and the upper face, by position along the axis; 0 at a wall.
    const double *west, *east, *south, *north, *below, *above;
    const double *dx, *dy, *dz;
    // Couplings through the joined faces of a periodic axis x; y and z carry theirs in the arrays above.
    double wrapWest, wrapEast;
    long periodicY, periodicZ;
} cl_operator_f64;

typedef struct {
    long nx, ny, nz, stride;
    const float *west, *east, *south, *north, *below, *above;
    const float *dx, *dy, *dz;
    float wrapWest, wrapEast;
    long periodicY, periodicZ;
} cl_operator_f32;

// Where many cells read a field and give to it: voxels from a first one on, weights along each axis.
typedef struct {
    // First voxel along x, y and z of each cell.
    const int32_t *firsts;
    // Of each cell along x, padded with zeros to whole quads, then along y and z.
    const double *weights;
    long perCell, quads, inY, inZ;
    // Elements from one row and one plane to the next.
    long row, plane;
} cl_stencils;

// How one axis of a grid and of the next coarser one give to each other, by coarse position.
//
// Each coarse voxel holds two fine ones, the last one of an odd axis only one. The even and the odd child take `own` of
// their parent and `other` of its lower (even) or upper (odd) neighbour. Arrays are padded with zeros to whole lanes.
typedef struct {
    const float *evenOwn, *evenOther, *oddOwn, *oddOther;
    long count, periodic;
} cl_transfer;

// How a sparse matrix is eliminated without pivoting at run time: rows and columns in pivot order, fill-in included.
//
// Entries are stored row by row, columns rising, one Double (or one vector of lanes) each. Eliminating row i walks its
// entries left of the diagonal; for each, `targets` names where in row i the pivot row's later entries are subtracted.
typedef struct {
    long rows;
    const int32_t *starts, *diagonals, *columns, *targets;
    // The row and the unknown that are eliminated at each pivot.
    const int32_t *rowOf, *unknownOf;
    // Pivots that need watching: rows whose diagonal M leaves empty.
    const uint8_t *isAlgebraic;
} cl_elimination;

// One weighted sum of stages: base + Σ weight · stage.
typedef struct {
    const double *stages;
    // Elements from one stage to the next.
    long stride;
    const double *weights;
    long terms;
} cl_stage_sum;

// Asks for the cache line of an address that is read soon; never faults.
CL_INLINE void cl_prefetch(const void *p) { __builtin_prefetch(p, 0, 3); }

// Pages of 2 MiB: the processor then looks up hundreds of times fewer of them as it goes through memory.
enum { CL_LARGE_PAGE = 1 << 21 };
// Asks for large pages for memory that begins at one; nothing happens where the system has none.
CL_INLINE void cl_prefer_large_pages(void *start, long bytes) {
#if defined(__linux__)
    madvise(start, (size_t)bytes, 14 /* MADV_HUGEPAGE, which strict C hides */);
#endif
}

CL_INLINE void cl_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

// Lets subnormal numbers be zero on the calling thread: they cost 25 times as much and are of no use in a field.
CL_INLINE void cl_flush_subnormals(void) {
#if defined(__x86_64__)
    __builtin_ia32_ldmxcsr(__builtin_ia32_stmxcsr() | 0x8040);
#elif defined(__aarch64__)
    uint64_t control;
    __asm__ volatile("mrs %0, fpcr" : "=r"(control));
    __asm__ volatile("msr fpcr, %0" : : "r"(control | (1ull << 24)));
#endif
}

// A Swift closure (Int) -> Void as its two words, so that a team's other threads can call it without a copy on the heap.
typedef struct {
    void *function;
    void *context;
} cl_work;

// Swift passes a closure that does not escape as these two words; ThreadTeam declares this with that signature.
__attribute__((swiftcall)) void cl_publish_work(void *function, void *context, cl_work *slot);

CL_INLINE void cl_run_work(const cl_work *work, long chunk) {
    typedef __attribute__((swiftcall)) void (*body)(long, __attribute__((swift_context)) void *);
    ((body)work->function)(chunk, work->context);
}

// The derivative of ln Γ; the recurrence up to 10, then the asymptotic series (from memory).
double cl_digamma(double x);

// One step of a flat program: `to` = operation(a, b, c), of every lane.
//
// A place is an index times CL_BANKS plus the bank it is in. A row holds one number a lane; a constant is held eight
// times and shared by the lanes.
enum { CL_VALUES, CL_INPUTS, CL_CONSTANTS, CL_SCRATCH, CL_RESULT, CL_BANKS = 8 };
typedef struct {
    int32_t operation, to, a, b, c;
} cl_instruction;

// Where a program reads and writes, by bank; `stride` is the length of a row, `step` 0 where lanes share it.
typedef struct {
    const double *bank[CL_BANKS];
    long stride[CL_BANKS], step[CL_BANKS];
} cl_banks;

CL_INLINE cl_banks cl_banks_of(const double *values, const double *inputs, const double *constants, double *scratch,
                               double *result, long lanes) {
    cl_banks b = {{values, inputs, constants, scratch, result},
                  {lanes, lanes, 8, lanes, lanes}, {1, 1, 0, 1, 1}};
    return b;
}
CL_INLINE const double *cl_row(const cl_banks *b, int32_t place) {
    return b->bank[place & 7] + (place >> 3) * b->stride[place & 7];
}
// Of the banks scratch and result, which are written.
CL_INLINE double *cl_target(const cl_banks *b, int32_t place) { return (double *)cl_row(b, place); }
CL_INLINE long cl_step(const cl_banks *b, int32_t place) { return b->step[place & 7]; }
// One number of a block of one lane, and eight of a block of eight, where every row is eight numbers long.
CL_INLINE double cl_get_f64x1(const cl_banks *b, int32_t place) { return *cl_row(b, place); }
CL_INLINE void cl_put_f64x1(const cl_banks *b, int32_t place, double v) { *cl_target(b, place) = v; }
CL_INLINE cl_f64x8 cl_get_f64x8(const cl_banks *b, int32_t place) {
    cl_f64x8 v;
    __builtin_memcpy(&v, b->bank[place & 7] + (place & ~7), sizeof v);
    return v;
}
CL_INLINE void cl_put_f64x8(const cl_banks *b, int32_t place, cl_f64x8 v) {
    __builtin_memcpy((double *)b->bank[place & 7] + (place & ~7), &v, sizeof v);
}

// A condition is 1 where it holds and 0 where not; whatever is not 0 counts as true. CL_SELECT is a ? b : c.
enum {
    CL_COPY, CL_ADD, CL_SUBTRACT, CL_MULTIPLY, CL_DIVIDE, CL_NEGATE, CL_MINIMUM, CL_MAXIMUM, CL_MAGNITUDE, CL_FLOOR,
    CL_SQUARE_ROOT, CL_LESS, CL_LESS_OR_EQUAL, CL_EQUAL, CL_AND, CL_OR, CL_EXCLUSIVE_OR, CL_NOT, CL_SELECT,
    // From here on one lane at a time, by the system's mathematical library.
    CL_POWER, CL_EXP, CL_LN, CL_LOG10, CL_CUBE_ROOT, CL_SIN, CL_COS, CL_TAN, CL_SINH, CL_COSH, CL_TANH, CL_ARCSIN,
    CL_ARCCOS, CL_ARCTAN, CL_ARCSINH, CL_ARCCOSH, CL_ARCTANH, CL_GAMMA, CL_DIGAMMA
};

CL_INLINE double cl_scalar_operation(int32_t operation, double a, double b) {
    switch (operation) {
    case CL_POWER: return pow(a, b);
    case CL_EXP: return exp(a);
    case CL_LN: return log(a);
    case CL_LOG10: return log10(a);
    case CL_CUBE_ROOT: return cbrt(a);
    case CL_SIN: return sin(a);
    case CL_COS: return cos(a);
    case CL_TAN: return tan(a);
    case CL_SINH: return sinh(a);
    case CL_COSH: return cosh(a);
    case CL_TANH: return tanh(a);
    case CL_ARCSIN: return asin(a);
    case CL_ARCCOS: return acos(a);
    case CL_ARCTAN: return atan(a);
    case CL_ARCSINH: return asinh(a);
    case CL_ARCCOSH: return acosh(a);
    case CL_ARCTANH: return atanh(a);
    case CL_GAMMA: return tgamma(a);
    case CL_DIGAMMA: return cl_digamma(a);
    default: return __builtin_nan("");
    }
}

#define CL_CHOICES(NAME, V, ALL)                                                                                       \
    CL_INLINE V cl_negative_##NAME(V a) { return -a; }                                                                 \
    CL_INLINE V cl_smaller_##NAME(V a, V b) { return b < a ? b : a; }                                                  \
    CL_INLINE V cl_larger_##NAME(V a, V b) { return a < b ? b : a; }                                                   \
    CL_INLINE V cl_floor_##NAME(V a) { return __builtin_elementwise_floor(a); }                                        \
    CL_INLINE V cl_sqrt_##NAME(V a) { return __builtin_elementwise_sqrt(a); }                                          \
    CL_INLINE V cl_less_##NAME(V a, V b) { return a < b ? ALL(1) : ALL(0); }                                           \
    CL_INLINE V cl_less_or_equal_##NAME(V a, V b) { return a <= b ? ALL(1) : ALL(0); }                                 \
    CL_INLINE V cl_equal_##NAME(V a, V b) { return a == b ? ALL(1) : ALL(0); }                                         \
    CL_INLINE V cl_select_##NAME(V a, V b, V c) { return a != ALL(0) ? b : c; }
#define CL_ONE(x) ((double)(x))
#define CL_EIGHT(x) ((cl_f64x8)((double)(x)))
CL_CHOICES(f64x1, double, CL_ONE)
CL_CHOICES(f64x8, cl_f64x8, CL_EIGHT)

// 1, 3 or 4: the x86-64 level this processor reaches; 1 elsewhere.
int cl_processor_level(void);

#endif
