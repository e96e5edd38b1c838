// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the commands of lbctl have in common: the one line on stderr that says
 * what failed and why, and the exit status.
 */

#include "cmd.h"
#include "err.h"
#include "nl.h"
#include "place.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/**
 * cmd_object() - note a name that the command is about, for messages
 * @cmd: command
 * @name: the name, or any word that was given; may be empty; appended to what
 *	was noted before
 */
void cmd_object(struct cmd *cmd, const char *name)
{
	size_t used = strlen(cmd->what);

	if (!*name || used + 2 >= sizeof(cmd->what))
		return;
	cmd->what[used++] = ' ';
	lb_text_clean(cmd->what + used, sizeof(cmd->what) - used, name,
		      strlen(name));
}

/**
 * cmd_words() - note all words that are left, for messages
 * @cmd: command
 * @words: its arguments
 */
void cmd_words(struct cmd *cmd, const struct lb_words *words)
{
	unsigned int i;

	for (i = words->next; i < words->count; i++)
		cmd_object(cmd, words->word[i]);
}

/**
 * cmd_usage() - say that the command line is wrong
 * @cmd: command
 * @ret: result of a function of parse.h
 * @err: why
 *
 * Return: the exit status.
 */
int cmd_usage(const struct cmd *cmd, int ret, const struct lb_err *err)
{
	const struct verb *verb = cmd->verb;

	if (ret == -ENODATA || ret == -ENOPROTOOPT)
		fprintf(stderr, "lbctl: %s%s; usage: lbctl %s%s%s%s%s\n",
			cmd->where, err->text, verb->object,
			verb->name ? " " : "", verb->name ? verb->name : "",
			*verb->usage ? " " : "", verb->usage);
	else if (ret == -EINVAL)
		fprintf(stderr, "lbctl: %s%s: %s\n", cmd->where, cmd->what,
			err->text);
	else
		fprintf(stderr, "lbctl: %s%s\n", cmd->where, err->text);

	return EXIT_USAGE;
}

/**
 * cmd_refused() - say that a request was refused
 * @cmd: command
 * @ret: -errno of the request
 * @err: why
 *
 * Return: the exit status.
 */
int cmd_refused(const struct cmd *cmd, int ret, const struct lb_err *err)
{
	if (*err->word)
		fprintf(stderr, "lbctl: %s%s: %s (%s)\n", cmd->where,
			cmd->what, err->text, err->word);
	else
		fprintf(stderr, "lbctl: %s%s: %s\n", cmd->where, cmd->what,
			err->text);

	switch (-ret) {
	case ENOENT:
		return EXIT_NOT_FOUND;
	case EEXIST:
		return EXIT_EXISTS;
	case ETIMEDOUT:
		return EXIT_TIME_OUT;
	case EPERM:
	case EACCES:
		return EXIT_NO_PRIVILEGE;
	case EPROTONOSUPPORT:
		return EXIT_NO_MODULE;
	case EPROTO:
		return EXIT_VERSION;
	default:
		return EXIT_REFUSED;
	}
}

/**
 * cmd_result() - end a command with the result of its request
 * @cmd: command
 * @ret: 0 or -errno
 * @err: why it was refused; what to warn of if it was not
 *
 * Return: the exit status.
 */
int cmd_result(const struct cmd *cmd, int ret, const struct lb_err *err)
{
	if (ret)
		return cmd_refused(cmd, ret, err);
	if (*err->text)
		cmd_warn(cmd, "%s", err->text);

	return EXIT_DONE;
}

/**
 * cmd_warn() - warn of something that was done
 * @cmd: command
 * @fmt: format of the warning
 */
void cmd_warn(const struct cmd *cmd, const char *fmt, ...)
{
	va_list args;

	if (cmd->quiet)
		return;

	fprintf(stderr, "lbctl: %s%s: warning: ", cmd->where, cmd->what);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
}

static void holding(sigset_t *signals)
{
	sigemptyset(signals);
	sigaddset(signals, SIGHUP);
	sigaddset(signals, SIGINT);
	sigaddset(signals, SIGPIPE);
	sigaddset(signals, SIGTERM);
}

/**
 * cmd_hold() - let signals that would end us wait until cmd_place()
 * @cmd: a command that is about to change what VIPs there are, or where
 *
 * Nobody else might put their addresses where they belong.
 */
void cmd_hold(struct cmd *cmd)
{
	sigset_t signals;

	if (cmd->held)
		return;
	holding(&signals);
	cmd->held = !sigprocmask(SIG_BLOCK, &signals, &cmd->before);
}

/**
 * cmd_place() - put addresses on the interfaces that VIPs name, and take them
 * off, if commands have changed that; once for all of them
 * @cmd: the last of these
 *
 * Context: a signal that waited may end the process.
 */
void cmd_place(struct cmd *cmd)
{
	struct lb_err err = { 0 };

	if (cmd->place && cmd->nl && lb_place(cmd->nl, false, &err))
		cmd_warn(cmd, "%s", err.text);
	cmd->place = false;

	if (cmd->held)
		sigprocmask(SIG_SETMASK, &cmd->before, NULL);
	cmd->held = false;
}

/**
 * cmd_interrupted() - ask whether signals wait that would have ended us
 * @cmd: the last command
 *
 * Return: whether cmd_place() will be the end.
 */
bool cmd_interrupted(const struct cmd *cmd)
{
	sigset_t waiting, signals;
	int number;

	if (!cmd->held || sigpending(&waiting))
		return false;
	holding(&signals);
	for (number = 1; number < NSIG; number++) {
		if (sigismember(&signals, number) == 1 &&
		    sigismember(&cmd->before, number) == 0 &&
		    sigismember(&waiting, number) == 1)
			return true;
	}

	return false;
}

/**
 * cmd_open() - connect to the module, unless a command before it did
 * @cmd: command
 *
 * Return: the exit status.
 */
int cmd_open(struct cmd *cmd)
{
	struct lb_err err = { 0 };
	int ret;

	if (cmd->nl)
		return EXIT_DONE;
	ret = lb_nl_open(&cmd->nl, &err);

	return ret ? cmd_refused(cmd, ret, &err) : EXIT_DONE;
}

/**
 * cmd_begin() - connect to the module for a command that takes no more words
 * @cmd: command
 * @words: the words
 *
 * Return: the exit status.
 */
int cmd_begin(struct cmd *cmd, const struct lb_words *words)
{
	struct lb_err err = { 0 };
	int ret;

	ret = lb_words_end(words, &err);

	return ret ? cmd_usage(cmd, ret, &err) : cmd_open(cmd);
}
