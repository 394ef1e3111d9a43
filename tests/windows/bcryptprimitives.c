/*
 * bcryptprimitives.dll for wine 8, which has none: what Rust's standard library imports of it. For tests alone; Windows
 * has had it since version 7.
 */
#include <windows.h>
#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE bytes, SIZE_T count)
{
    while (count > 0) {
        ULONG part = count > 4096 ? 4096 : (ULONG)count;

        if (!RtlGenRandom(bytes, part))
            return FALSE;
        bytes += part;
        count -= part;
    }
    return TRUE;
}
