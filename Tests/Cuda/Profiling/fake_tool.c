/* A profiler's library as NVTX 3 loads it, with what a tool does when it attaches. It writes what it hears into a file beside itself, its name with .log. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef void (*function)(void);
typedef struct { size_t size; int (*get_functions)(int group, function*** table, unsigned* count); } callbacks;
typedef struct { size_t size; uint32_t version, reserved; void (*set_tool_version)(uint32_t); } version_info;

static int depth;

static void say(const char* what, const char* text)
{
    Dl_info self;
    char path[4096];
    dladdr((void*)say, &self);
    snprintf(path, sizeof path, "%s.log", self.dli_fname);
    FILE* log = fopen(path, "a");
    fprintf(log, "%*s%s %s\n", 2 * depth, "", what, text);
    fclose(log);
}

static int push(const char* name)
{
    say("push", name);
    return depth++;
}

static int pop(void)
{
    depth--;
    say("pop", "");
    return depth;
}

int InitializeInjectionNvtx2(const void* (*get_table)(uint32_t id))
{
    const callbacks* calls = get_table(1);
    const version_info* version = get_table(3);
    unsigned counts[7] = {0}, total = 0;
    function** table[7] = {0};
    char text[128];
    if (get_table(2) || !calls || !version || calls->size != sizeof *calls || version->size != sizeof *version || calls->get_functions(7, NULL, NULL)) { return 0; }
    for (int group = 1; group < 7; group++)
    {
        if (!calls->get_functions(group, &table[group], &counts[group])) { return 0; }
        if (table[group][0] || table[group][counts[group]]) { return 0; }
        for (unsigned i = 1; i < counts[group]; i++) { total += table[group][i] && !*table[group][i]; }
    }
    version->set_tool_version(3);
    snprintf(text, sizeof text, "version %u, core %u, domains %u, empty places %u", version->version, counts[1], counts[5], total);
    say("attach", text);
    *table[1][9] = (function)push;
#ifndef WITHOUT_POP
    *table[1][11] = (function)pop;
#else
    (void)pop;
#endif
#ifdef DECLINES
    return 0;
#else
    return 1;
#endif
}
