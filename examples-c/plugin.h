/*
 * What a host and its plug-ins agree on: a plug-in exports one of these under the name "plugin". Neither
 * the host nor this file knows of oauth-token.
 */
#ifndef PLUGIN_H
#define PLUGIN_H

struct plugin {
    void *(*start)(void);       /* NULL if it cannot be used */
    int (*work)(void *started); /* 0, or -1 if that failed; from any thread */
    void (*stop)(void *started);
};

#endif
