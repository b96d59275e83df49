// Counts the allocations of the whole process, to show that the step loop makes none. Linux with glibc only.
#ifndef CALLOCATIONS_H
#define CALLOCATIONS_H

// How often memory was allocated so far; -1 where that is not counted.
long allocations_so_far(void);

#endif
