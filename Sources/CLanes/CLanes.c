#include "CLanes.h"

int cl_processor_level(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&
        __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        return 4;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2")) return 3;
#endif
    return 1;
}

__attribute__((swiftcall)) void cl_publish_work(void *function, void *context, cl_work *slot) {
    slot->function = function;
    slot->context = context;
}

double cl_digamma(double x) {
    double sum = 0;
    while (x < 10 && x > -1000) {
        sum -= 1 / x;
        x += 1;
    }
    double r = 1 / (x * x);
    return sum + log(x) - 0.5 / x
        - r * (1.0 / 12 - r * (1.0 / 120 - r * (1.0 / 252 - r * (1.0 / 240 - r * (1.0 / 132)))));
}
