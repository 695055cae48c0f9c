// Kernels with faults that the compiler's checks must find, and some without.
#include "program.h"

void all_cases()
{
    launch("reversed", Grid{3}, values(768), places(768));
    launch("quotients", Grid{2}, numbers(1001, 1000), 3, 1001LL);
    launch("behind", Grid{2}, values(1001), places(1001), 1001LL);
    launch("beyond", Grid{2}, places(1001), 1001LL);
    launch("divergent", Grid{1}, places(256));
    launch("torn_shuffle", Grid{1}, values(256));
    launch("unsaid", Grid{1}, places(256));
    launch("overflow", Grid{1}, numbers(256, 1000), 0x7FFFFFF0, 256LL);
    launch("cast", Grid{1}, values(256), numbers(256, 1), 1e30f, 256LL);
    launch("missed", Grid{1}, places(256), 256LL);
}
