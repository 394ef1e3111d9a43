/* Checks that end the program and say what did not hold. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oauth_token.h"

#define CHECK(condition) ((condition) ? (void)0 : check_failed(__FILE__, __LINE__, #condition))

#define CHECK_TEXT(actual, expected) check_text(__FILE__, __LINE__, #actual, (actual), (expected))

#define CHECK_CONTAINS(text, part) check_contains(__FILE__, __LINE__, #text, (text), (part))

#define CHECK_STATUS(actual, expected) \
    check_status(__FILE__, __LINE__, #actual, (actual), (expected))

static inline void check_failed(const char *file, int line, const char *condition)
{
    fprintf(stderr, "%s:%d: %s does not hold\n", file, line, condition);
    exit(EXIT_FAILURE);
}

static inline void check_text(const char *file, int line, const char *what, const char *actual,
                              const char *expected)
{
    if (actual != NULL && strcmp(actual, expected) == 0)
        return;
    fprintf(stderr, "%s:%d: %s is \"%s\", not \"%s\"\n", file, line, what,
            actual == NULL ? "(NULL)" : actual, expected);
    exit(EXIT_FAILURE);
}

static inline void check_contains(const char *file, int line, const char *what, const char *text,
                                  const char *part)
{
    if (text != NULL && strstr(text, part) != NULL)
        return;
    fprintf(stderr, "%s:%d: %s is \"%s\", without \"%s\"\n", file, line, what,
            text == NULL ? "(NULL)" : text, part);
    exit(EXIT_FAILURE);
}

static inline void check_status(const char *file, int line, const char *what, oauth_status actual,
                                oauth_status expected)
{
    if (actual == expected)
        return;
    fprintf(stderr, "%s:%d: %s is %s, not %s\n", file, line, what, oauth_status_name(actual),
            oauth_status_name(expected));
    exit(EXIT_FAILURE);
}

#endif
