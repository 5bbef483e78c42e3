/* command.h: what the files of the command line share. Not for others. */
#ifndef KANSLI_SRC_COMMAND_H
#define KANSLI_SRC_COMMAND_H

#include <kansli/err.h>

struct options {
    const char *db, *listen, *base_url, *proxy, *role, *organisation, *person, *name;
    const char *account, *scope, *resource, *group, *format, *out;
    int days;
    bool demo, no_limits, json, password_stdin, dry_run, help;
    char **words; /* what is no option */
    int count;
};

/* One clear line on standard error, and the exit code: 1 for what failed, 2 for what was not
 * understood. */
int command_failed(const struct err *err, const char *what);
int command_misused(const char *text);

/* command_carry.c: registers and lists, out and in. */
int command_backup(struct options *o);
int command_restore(struct options *o);
int command_export(struct options *o);
int command_import(struct options *o);

#endif
