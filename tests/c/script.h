/* A script of commands, one a line: a letter, a digit that names a place, and the rest. Every byte string is one. */
#ifndef SCRIPT_H
#define SCRIPT_H

#include <stdint.h>

#include "check.h"

typedef struct {
    char letter;
    /* 0 to 3 are places; what is beyond stands for NULL. */
    unsigned place;
    const char *rest;
    size_t length;
} command;

typedef struct {
    const char *next;
    const char *end;
} script;

static inline unsigned place_of(char digit) { return (unsigned)(digit - '0') & 7; }

/* Reads the next line; false at the end. */
static inline bool read_command(script *script, command *command)
{
    if (script->next == script->end)
        return false;
    const char *start = script->next;
    const char *line_end = memchr(start, '\n', (size_t)(script->end - start));
    const char *end = line_end == NULL ? script->end : line_end;
    script->next = line_end == NULL ? end : end + 1;
    size_t length = (size_t)(end - start);
    command->letter = length > 0 ? start[0] : '\0';
    command->place = length > 1 ? place_of(start[1]) : 0;
    command->rest = length > 2 ? start + 2 : end;
    command->length = (size_t)(end - command->rest);
    return true;
}

/* The place that the byte at `index` of the rest names. */
static inline unsigned place_in(const command *command, size_t index)
{
    return index < command->length ? place_of(command->rest[index]) : 0;
}

/* The number at the beginning of the rest. */
static inline uint32_t number_in(const command *command)
{
    uint32_t number = 0;
    for (size_t i = 0; i < command->length && command->rest[i] >= '0' && command->rest[i] <= '9'; i++)
        number = number * 10 + (uint32_t)(command->rest[i] - '0');
    return number;
}

/* Bytes of their own, so that reading beyond them is noticed; terminated where `is_text`. */
static inline char *copied(const char *bytes, size_t length, bool is_text)
{
    char *copy = malloc(length + (is_text ? 1 : 0));
    CHECK(copy != NULL || length == 0);
    if (length > 0)
        memcpy(copy, bytes, length);
    if (is_text)
        copy[length] = '\0';
    return copy;
}

/* What stands before and behind a separator, as text; `behind` is NULL where there is none. */
typedef struct {
    char *before;
    char *behind;
    size_t behind_length;
} pair;

static inline pair split(const command *command, char separator)
{
    const char *found = command->length == 0 ? NULL : memchr(command->rest, separator, command->length);
    if (found == NULL)
        return (pair){copied(command->rest, command->length, true), NULL, 0};
    size_t before = (size_t)(found - command->rest);
    size_t behind = command->length - before - 1;
    return (pair){copied(command->rest, before, true), copied(found + 1, behind, true), behind};
}

static inline void free_pair(pair pair)
{
    free(pair.before);
    free(pair.behind);
}

#endif
