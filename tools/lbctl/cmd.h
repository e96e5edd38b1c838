/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the commands of lbctl have in common.
 */

#ifndef _LBCTL_CMD_H
#define _LBCTL_CMD_H

#include "compiler.h"
#include "parse.h"

#include <signal.h>
#include <stdbool.h>

struct lb_err;
struct lb_nl;
struct lb_out;

/**
 * enum exit_status - part of the interface
 * @EXIT_DONE: done, or nothing to do
 * @EXIT_REFUSED: refused
 * @EXIT_USAGE: the command line is wrong
 * @EXIT_NO_MODULE: the module is not loaded
 * @EXIT_NOT_FOUND: there is no such object
 * @EXIT_EXISTS: it exists, or overlaps with what exists
 * @EXIT_TIME_OUT: time ran out
 * @EXIT_NO_PRIVILEGE: not permitted
 * @EXIT_VERSION: the module and this program do not fit together
 * @EXIT_CHANGES: of plan alone: there is something to do
 */
enum exit_status {
	EXIT_DONE,
	EXIT_REFUSED,
	EXIT_USAGE,
	EXIT_NO_MODULE,
	EXIT_NOT_FOUND,
	EXIT_EXISTS,
	EXIT_TIME_OUT,
	EXIT_NO_PRIVILEGE,
	EXIT_VERSION,
	EXIT_CHANGES = 10,
};

/**
 * struct cmd - the command that runs
 * @nl: socket to the module, from cmd_open()
 * @out: where its output goes
 * @verb: what it is
 * @json: its output is JSON
 * @quiet: only errors are told
 * @place: addresses may have to be moved, see cmd_place()
 * @held: signals wait for that, see cmd_hold()
 * @before: those that waited before
 * @name: object and verb
 * @what: object, verb and the names they are about, for messages
 * @where: file and line it is from, for messages; empty if it is not from one
 * @run: runs another command
 */
struct cmd {
	struct lb_nl *nl;
	struct lb_out *out;
	const struct verb *verb;
	bool json;
	bool quiet;
	bool place;
	bool held;
	sigset_t before;
	char name[32];
	char what[160];
	char where[160];
	int (*run)(struct cmd *cmd, struct lb_words *words);
};

/**
 * struct verb - what can be done with an object
 * @object: the object; NULL at the end of a table
 * @name: the verb; NULL if the object takes none
 * @usage: its arguments
 * @run: does it, and returns the exit status; NULL if it is not there yet
 */
struct verb {
	const char *object;
	const char *name;
	const char *usage;
	int (*run)(struct cmd *cmd, struct lb_words *words);
};

extern const struct verb vip_verbs[];
extern const struct verb real_verbs[];
extern const struct verb conn_verbs[];
extern const struct verb persist_verbs[];
extern const struct verb global_verbs[];
extern const struct verb standby_verbs[];
extern const struct verb show_verbs[];
extern const struct verb stats_verbs[];
extern const struct verb explain_verbs[];
extern const struct verb events_verbs[];
extern const struct verb trace_verbs[];
extern const struct verb flush_verbs[];
extern const struct verb save_verbs[];
extern const struct verb apply_verbs[];
extern const struct verb plan_verbs[];
extern const struct verb confirm_verbs[];
extern const struct verb batch_verbs[];
extern const struct verb monitor_verbs[];
extern const struct verb drain_verbs[];
extern const struct verb doctor_verbs[];
extern const struct verb top_verbs[];
extern const struct verb wait_verbs[];
extern const struct verb status_verbs[];
extern const struct verb import_verbs[];
extern const struct verb version_verbs[];

int cmd_open(struct cmd *cmd);
int cmd_begin(struct cmd *cmd, const struct lb_words *words);
void cmd_object(struct cmd *cmd, const char *name);
void cmd_words(struct cmd *cmd, const struct lb_words *words);
int cmd_usage(const struct cmd *cmd, int ret, const struct lb_err *err);
int cmd_refused(const struct cmd *cmd, int ret, const struct lb_err *err);
int cmd_result(const struct cmd *cmd, int ret, const struct lb_err *err);
void cmd_hold(struct cmd *cmd);
void cmd_place(struct cmd *cmd);
bool cmd_interrupted(const struct cmd *cmd);
void cmd_warn(const struct cmd *cmd, const char *fmt, ...) __printf(2, 3);

#endif /* _LBCTL_CMD_H */
