// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbctl: configures the load balancer.
 *
 * Finds the command in the tables of the objects and runs it. What every
 * object can do is in a file of its own.
 */

#include "cmd.h"
#include "err.h"
#include "netns.h"
#include "nl.h"
#include "option.h"
#include "out.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct verb *const objects[] = {
	vip_verbs, real_verbs, conn_verbs, persist_verbs, global_verbs,
	standby_verbs, show_verbs, status_verbs, stats_verbs, explain_verbs,
	wait_verbs, save_verbs, apply_verbs, plan_verbs, confirm_verbs,
	batch_verbs, monitor_verbs, events_verbs, trace_verbs, flush_verbs,
	version_verbs, drain_verbs, doctor_verbs, top_verbs, import_verbs,
};

static const char *const option_help[] = {
	"vip options:  mode dr|nat|snat  sched wrr|rr|wlc|lc|sh|mh  idle TIME",
	"              persist TIME|off  mask LEN  orphan rst|drop|keep",
	"              no-real rst|icmp|drop  hook early|input  seed HEX",
	"              source ADDRESS,...  allow SOURCES|any  slow-start TIME|off",
	"              fallback ADDRESS[:PORT]|off  dev IFACE  check ...  force",
	"              set also: address ADDRESS  ports PORTS  name NAME",
	"real options: port N  weight N  max-conns N  state online|drain|halt",
	"              check ...|check inherit",
	"check:        [TYPE] [port LIST] [interval TIME] [fast TIME] [timeout TIME]",
	"              [rise N] [fall N] [via real|vip] [agent PORT|off]",
	"              [guard PERCENT|off] [secret NAME|none] [args TEXT]",
	"TYPE:         tcp icmp smtp imap imaps pop3 pop3s http https tls ldap ldaps",
	"              dns send-expect exec external off",
	"Any option takes \"default\" for a value.",
};

/* Room in a message for a word that somebody has given. */
#define WORD_TEXT	100

/* Options before the object. */
struct settings {
	bool json;
	bool pretty;
	bool quiet;
	bool help;
	const char *netns;
};

static void help_verbs(const struct verb *verb)
{
	for (; verb->object; verb++) {
		if (verb->run)
			printf("  lbctl %s%s%s%s%s\n", verb->object,
			       verb->name ? " " : "",
			       verb->name ? verb->name : "",
			       *verb->usage ? " " : "", verb->usage);
	}
}

static int unknown_object(const struct cmd *cmd, const char *word)
{
	const char *near = NULL;
	struct lb_err err = { 0 };
	unsigned int best = 3;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(objects); i++)
		lb_words_nearest(word, objects[i]->object, &near, &best);
	if (near)
		lb_err_set(&err, -ENOPROTOOPT,
			   "unknown object \"%s\"; is it \"%s\"? see lbctl help",
			   word, near);
	else
		lb_err_set(&err, -ENOPROTOOPT,
			   "unknown object \"%s\"; see lbctl help", word);
	fprintf(stderr, "lbctl: %s%s\n", cmd->where, err.text);

	return EXIT_USAGE;
}

static int help_object(const struct cmd *cmd, const char *object)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(objects); i++) {
		if (!strcmp(object, objects[i]->object)) {
			help_verbs(objects[i]);
			return EXIT_DONE;
		}
	}

	return unknown_object(cmd, object);
}

static int help_show(void)
{
	size_t i;

	puts("usage: lbctl [-j] [-p] [-q] [-n NETNS] OBJECT VERB ARGS");
	for (i = 0; i < ARRAY_SIZE(objects); i++)
		help_verbs(objects[i]);
	puts("  lbctl help [OBJECT]");
	for (i = 0; i < ARRAY_SIZE(option_help); i++)
		puts(option_help[i]);

	return EXIT_DONE;
}

static int unknown_verb(const struct cmd *cmd, const struct verb *verbs,
			const char *word)
{
	const char *separator = "", *near = NULL;
	const struct verb *verb;
	unsigned int best = 3;
	char clean[WORD_TEXT];

	for (verb = verbs; word && verb->object; verb++)
		lb_words_nearest(word, verb->name, &near, &best);
	if (word)
		lb_text_clean(clean, sizeof(clean), word, strlen(word));
	fprintf(stderr, "lbctl: %s", cmd->where);
	if (near)
		fprintf(stderr, "unknown verb \"%s\" for %s; is it \"%s\"?",
			clean, verbs->object, near);
	else if (word)
		fprintf(stderr, "unknown verb \"%s\" for %s;", clean,
			verbs->object);
	else
		fputs("a verb is missing;", stderr);

	fprintf(stderr, " usage: lbctl %s ", verbs->object);
	for (verb = verbs; verb->object; verb++) {
		if (!verb->run)
			continue;
		fprintf(stderr, "%s%s", separator, verb->name);
		separator = "|";
	}
	fputc('\n', stderr);

	return EXIT_USAGE;
}

static int run_verb(struct cmd *cmd, const struct verb *verb,
		    struct lb_words *words)
{
	snprintf(cmd->name, sizeof(cmd->name), "%s%s%s", verb->object,
		 verb->name ? " " : "", verb->name ? verb->name : "");
	if (!verb->run) {
		fprintf(stderr, "lbctl: %s\"%s\" is not supported yet\n",
			cmd->where, cmd->name);
		return EXIT_USAGE;
	}

	snprintf(cmd->what, sizeof(cmd->what), "%s", cmd->name);
	words->what = cmd->name;
	words->usage = verb->usage;
	cmd->verb = verb;

	return verb->run(cmd, words);
}

static int run_object(struct cmd *cmd, const struct verb *verbs,
		      struct lb_words *words)
{
	const char *word = lb_words_peek(words);
	const struct verb *verb;

	for (verb = verbs; verb->object; verb++) {
		if (!verb->name)
			return run_verb(cmd, verb, words);
		if (word && !strcmp(verb->name, word)) {
			lb_words_take(words);
			return run_verb(cmd, verb, words);
		}
	}

	return unknown_verb(cmd, verbs, word);
}

static int run(struct cmd *cmd, struct lb_words *words)
{
	const char *word = lb_words_take(words);
	size_t i;

	if (!word) {
		fprintf(stderr, "lbctl: %san object is missing; see lbctl help\n",
			cmd->where);
		return EXIT_USAGE;
	}
	if (!strcmp(word, "help")) {
		word = lb_words_take(words);
		return word ? help_object(cmd, word) : help_show();
	}

	for (i = 0; i < ARRAY_SIZE(objects); i++) {
		if (!strcmp(word, objects[i]->object))
			return run_object(cmd, objects[i], words);
	}

	return unknown_object(cmd, word);
}

/* Whatever a command shows, and by whatever means: nobody wants to see it. */
static int silence(void)
{
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	int ret;

	if (fd < 0)
		return -errno;
	ret = dup2(fd, STDOUT_FILENO) < 0 ? -errno : 0;
	close(fd);

	return ret;
}

/* Run a command with a place for its output. */
static int run_output(const struct settings *settings, struct lb_words *words)
{
	struct cmd cmd = {
		.json = settings->json,
		.quiet = settings->quiet,
		.run = run,
	};
	int status, ret;

	if (!settings->quiet || !silence())
		cmd.out = lb_out_new(stdout, settings->json, settings->pretty);
	if (!cmd.out) {
		fprintf(stderr, "lbctl: %s\n", strerror(errno));
		return EXIT_REFUSED;
	}

	status = run(&cmd, words);
	cmd_place(&cmd);
	lb_nl_close(cmd.nl);

	ret = lb_out_free(cmd.out);
	if (ret && !status) {
		fprintf(stderr, "lbctl: output: %s\n", strerror(-ret));
		status = EXIT_REFUSED;
	}

	return status;
}

static int option_wrong(char option)
{
	char clean[2];

	lb_text_clean(clean, sizeof(clean), &option, 1);
	fprintf(stderr, "lbctl: %s \"-%s\"; see lbctl help\n",
		option == 'n' ? "a value is missing after" : "unknown option",
		clean);

	return EXIT_USAGE;
}

static int settings_parse(int argc, char **argv, struct settings *settings)
{
	int opt;

	opterr = 0;
	while ((opt = getopt(argc, argv, "+jpqn:h")) != -1) {
		switch (opt) {
		case 'j':
			settings->json = true;
			break;
		case 'p':
			settings->pretty = true;
			break;
		case 'q':
			settings->quiet = true;
			break;
		case 'n':
			settings->netns = optarg;
			break;
		case 'h':
			settings->help = true;
			break;
		default:
			return option_wrong((char)optopt);
		}
	}

	return EXIT_DONE;
}

static int netns_failed(const char *name, int ret, const struct lb_err *err)
{
	char clean[WORD_TEXT];

	lb_text_clean(clean, sizeof(clean), name, strlen(name));
	fprintf(stderr, "lbctl: network namespace %s: %s\n", clean, err->text);
	if (ret == -ENOENT)
		return EXIT_NOT_FOUND;

	return ret == -EPERM || ret == -EACCES ? EXIT_NO_PRIVILEGE :
						 EXIT_REFUSED;
}

int main(int argc, char **argv)
{
	struct settings settings = { 0 };
	struct lb_err err = { 0 };
	struct lb_words words;
	int ret;

	ret = settings_parse(argc, argv, &settings);
	if (ret)
		return ret;
	if (settings.help)
		return help_show();

	if (settings.netns) {
		ret = lb_netns_enter(settings.netns, &err);
		if (ret)
			return netns_failed(settings.netns, ret, &err);
	}

	words = (struct lb_words) {
		.word = argv + optind,
		.count = (unsigned int)(argc - optind),
		.what = "lbctl",
	};

	return run_output(&settings, &words);
}
