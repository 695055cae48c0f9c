/* Says of functions of the driver library whether it exports them, and whether by its plain name, for a CUDA version, it means the same function. A process of
   its own, so that this library is nowhere found by tests that look for a driver. Arguments: the library, then NAME PLAIN-NAME VERSION of each question. */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

typedef int (*get_address)(const char* name, void** function, int version, uint64_t flags, int* found);

int main(int count, char** arguments)
{
    void* driver = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
    if (!driver)
    {
        fprintf(stderr, "%s\n", dlerror());
        return 1;
    }
    get_address get = (get_address)dlsym(driver, "cuGetProcAddress_v2");
    for (int i = 2; i + 2 < count; i += 3)
    {
        void *exported = dlsym(driver, arguments[i]), *meant = NULL;
        int found = 0, status = get(arguments[i + 1], &meant, atoi(arguments[i + 2]), 0, &found);
        puts(!exported ? "missing" : status != 0 || !meant ? "unknown" : meant == exported ? "same" : "another");
    }
    return 0;
}
