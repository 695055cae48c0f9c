// Faults in what runs for the device become errors that stay; faults elsewhere go to whoever handled them before.
#include "emulator.h"

#include <csetjmp>
#include <csignal>

namespace
{
constexpr int ABANDONED = -1;

thread_local sigjmp_buf* t_escape;
thread_local CUdeviceptr t_address;
struct sigaction s_before[NSIG];
bool s_handling;
CUresult s_sticky = OK;

void on_fault(int signal, siginfo_t* info, void* context)
{
    if (t_escape != nullptr)
    {
        t_address = (CUdeviceptr)info->si_addr;
        siglongjmp(*t_escape, signal);
    }
    const struct sigaction& before = s_before[signal];
    if (before.sa_flags & SA_SIGINFO) { before.sa_sigaction(signal, info, context); }
    else if (before.sa_handler == SIG_DFL || before.sa_handler == SIG_IGN) { ::signal(signal, SIG_DFL); }
    else { before.sa_handler(signal); }
}

void handle_faults()
{
    if (s_handling) { return; }
    s_handling = true;
    struct sigaction action = {};
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    for (int signal : {SIGSEGV, SIGBUS, SIGFPE}) { sigaction(signal, &action, &s_before[signal]); }
}
}

namespace emu
{
CUresult sticky() { return s_sticky; }
CUresult stick(CUresult error) { return s_sticky = error; }

void abandon(const std::string& text)
{
    violation(text);
    siglongjmp(*t_escape, ABANDONED);
}

CUresult guarded(const std::function<void()>& code)
{
    if (s_sticky != OK) { return s_sticky; }
    handle_faults();
    sigjmp_buf escape;
    int signal = sigsetjmp(escape, 1);
    if (signal == 0)
    {
        t_escape = &escape;
        code();
        t_escape = nullptr;
        return OK;
    }
    t_escape = nullptr;
    if (signal == ABANDONED) { return stick(LAUNCH_FAILED); }
    if (signal == SIGFPE)
    {
        violation("an integer was divided by zero: on a device the result is any number");
        return stick(LAUNCH_FAILED);
    }
    violation("used: " + describe(t_address));
    return stick(ILLEGAL_ADDRESS);
}
}
