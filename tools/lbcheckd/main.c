// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbcheckd: checks the real servers and tells the module of their health.
 *
 * What there is to check, and how, is in the module: this program has no
 * configuration, and loses nothing when it ends.
 */

#include "check.h"
#include "err.h"
#include "kernel.h"
#include "log.h"
#include "netns.h"
#include "target.h"
#include "version.h"

#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* Descriptors that are not for checks, and most that are. */
#define FILES_RESERVED	32
#define CHECKS_MAX	16384

/* Abstract, so that there is one in each network namespace. */
#define INSTANCE_NAME	"l4lb-lbcheckd"

/**
 * enum exit_status - as lbctl's, where they apply
 * @EXIT_DONE: told to end
 * @EXIT_REFUSED: cannot run
 * @EXIT_USAGE: the command line is wrong
 * @EXIT_NOT_FOUND: there is no such network namespace
 * @EXIT_NO_PRIVILEGE: not permitted
 * @EXIT_VERSION: the module and this program do not fit together
 */
enum exit_status {
	EXIT_DONE		= 0,
	EXIT_REFUSED		= 1,
	EXIT_USAGE		= 2,
	EXIT_NOT_FOUND		= 4,
	EXIT_NO_PRIVILEGE	= 7,
	EXIT_VERSION		= 8,
};

/**
 * struct settings - what the command line says
 * @netns: network namespace to enter, or NULL
 * @verbose: log more
 * @to_syslog: log to syslog too
 * @help: print how to use it, and end
 * @version: print the version, and end
 */
struct settings {
	const char *netns;
	bool verbose;
	bool to_syslog;
	bool help;
	bool version;
};

/**
 * struct daemon - all there is
 * @base: event loop
 * @term: SIGTERM
 * @interrupt: SIGINT
 * @hangup: SIGHUP
 * @pool: checks
 * @targets: what is checked
 * @kernel: module
 * @status: &enum exit_status to end with
 */
struct daemon {
	struct event_base *base;
	struct event *term;
	struct event *interrupt;
	struct event *hangup;
	struct check_pool *pool;
	struct targets *targets;
	struct kernel *kernel;
	int status;
};

static void on_update(void *data, const struct config *config)
{
	struct daemon *daemon = data;

	targets_update(daemon->targets, config);
}

static void on_health(void *data, const struct lb_real *real)
{
	struct daemon *daemon = data;

	targets_health(daemon->targets, real);
}

static void on_fail(void *data, int ret, const struct lb_err *err)
{
	struct daemon *daemon = data;

	log_line(LOG_ERR, "giving up: %s", err->text);
	daemon->status = ret == -EPERM ? EXIT_NO_PRIVILEGE : EXIT_VERSION;
	event_base_loopbreak(daemon->base);
}

static const struct kernel_ops kernel_ops = {
	.update	= on_update,
	.health	= on_health,
	.fail	= on_fail,
};

static int on_verdict(void *data, const struct lb_real *verdict)
{
	struct daemon *daemon = data;

	return kernel_report(daemon->kernel, verdict);
}

static void on_end(evutil_socket_t number, short what, void *data)
{
	struct daemon *daemon = data;

	(void)what;

	log_line(LOG_INFO, "ending: %s", strsignal(number));
	event_base_loopbreak(daemon->base);
}

static void on_hangup(evutil_socket_t number, short what, void *data)
{
	struct daemon *daemon = data;

	(void)number;
	(void)what;

	kernel_refresh(daemon->kernel);
}

/* How many checks may run at once: each has one descriptor. */
static unsigned int checks_max(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return 1;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	if (getrlimit(RLIMIT_NOFILE, &limit) ||
	    limit.rlim_cur <= FILES_RESERVED)
		return 1;
	limit.rlim_cur -= FILES_RESERVED;

	return limit.rlim_cur < CHECKS_MAX ? (unsigned int)limit.rlim_cur :
					     CHECKS_MAX;
}

static struct event_base *base_new(void)
{
	struct event_config *config = event_config_new();
	struct event_base *base;

	if (!config)
		return NULL;

	/* A time read before a long dump would end checks before their time. */
	event_config_set_flag(config, EVENT_BASE_FLAG_NO_CACHE_TIME);
	base = event_base_new_with_config(config);
	event_config_free(config);

	return base;
}

static struct event *signal_new(struct daemon *daemon, int number,
				event_callback_fn cb)
{
	struct event *event = evsignal_new(daemon->base, number, cb, daemon);

	if (event && event_add(event, NULL)) {
		event_free(event);
		return NULL;
	}

	return event;
}

static int daemon_init(struct daemon *daemon, struct lb_err *err)
{
	daemon->base = base_new();
	if (!daemon->base)
		return lb_err_set(err, -ENOMEM, "cannot make an event loop");

	daemon->term = signal_new(daemon, SIGTERM, on_end);
	daemon->interrupt = signal_new(daemon, SIGINT, on_end);
	daemon->hangup = signal_new(daemon, SIGHUP, on_hangup);
	daemon->pool = check_pool_new(daemon->base, checks_max());
	if (!daemon->term || !daemon->interrupt || !daemon->hangup ||
	    !daemon->pool)
		return lb_err_code(err, -ENOMEM);

	daemon->targets = targets_new(daemon->base, daemon->pool, on_verdict,
				      daemon);
	if (!daemon->targets)
		return lb_err_code(err, -ENOMEM);

	return kernel_new(&daemon->kernel, daemon->base, &kernel_ops, daemon,
			  err);
}

static void event_drop(struct event *event)
{
	if (event)
		event_free(event);
}

static void daemon_exit(struct daemon *daemon)
{
	kernel_free(daemon->kernel);
	targets_free(daemon->targets);
	check_pool_free(daemon->pool);
	event_drop(daemon->term);
	event_drop(daemon->interrupt);
	event_drop(daemon->hangup);
	if (daemon->base)
		event_base_free(daemon->base);
}

/* Held until the process ends, however it does. */
static int instance_claim(struct lb_err *err)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	socklen_t len;
	int fd;

	memcpy(address.sun_path + 1, INSTANCE_NAME, strlen(INSTANCE_NAME));
	len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 +
			  strlen(INSTANCE_NAME));

	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return lb_err_code(err, -errno);
	if (!bind(fd, (struct sockaddr *)&address, len))
		return 0;

	if (errno == EADDRINUSE)
		lb_err_set(err, -EADDRINUSE,
			   "another lbcheckd runs in this network namespace");
	else
		lb_err_code(err, -errno);
	close(fd);

	return -EADDRINUSE;
}

static int daemon_run(struct lb_err *err)
{
	struct daemon daemon = { .status = EXIT_DONE };

	if (instance_claim(err))
		return EXIT_REFUSED;

	if (daemon_init(&daemon, err)) {
		daemon.status = EXIT_REFUSED;
	} else if (event_base_dispatch(daemon.base) < 0) {
		lb_err_set(err, -EIO, "the event loop failed");
		daemon.status = EXIT_REFUSED;
	}
	daemon_exit(&daemon);

	return daemon.status;
}

static int settings_parse(int argc, char **argv, struct settings *settings)
{
	int opt;

	opterr = 0;
	while ((opt = getopt(argc, argv, "+n:fvsVh")) != -1) {
		switch (opt) {
		case 'n':
			settings->netns = optarg;
			break;
		case 'f':
			break;
		case 'v':
			settings->verbose = true;
			break;
		case 's':
			settings->to_syslog = true;
			break;
		case 'V':
			settings->version = true;
			break;
		case 'h':
			settings->help = true;
			break;
		default:
			fprintf(stderr, "lbcheckd: %s \"-%c\"; see lbcheckd -h\n",
				optopt == 'n' ? "a value is missing after" :
						"unknown option", optopt);
			return EXIT_USAGE;
		}
	}
	if (optind < argc) {
		fprintf(stderr, "lbcheckd: unexpected \"%s\"; see lbcheckd -h\n",
			argv[optind]);
		return EXIT_USAGE;
	}

	return EXIT_DONE;
}

static void help_show(void)
{
	puts("usage: lbcheckd [-n NETNS] [-f] [-v] [-s]\n"
	     "  -n NETNS  check in this network namespace, a name or a path\n"
	     "  -f        stay in the foreground, as it does anyway\n"
	     "  -v        log more\n"
	     "  -s        log to syslog as well as to stderr\n"
	     "  -V        print the version\n"
	     "  -h        print this");
}

static int netns_failed(const char *name, int ret, const struct lb_err *err)
{
	fprintf(stderr, "lbcheckd: network namespace %s: %s\n", name,
		err->text);
	if (ret == -ENOENT)
		return EXIT_NOT_FOUND;

	return ret == -EPERM || ret == -EACCES ? EXIT_NO_PRIVILEGE :
						 EXIT_REFUSED;
}

int main(int argc, char **argv)
{
	struct settings settings = { 0 };
	struct lb_err err = { 0 };
	int status, ret;

	status = settings_parse(argc, argv, &settings);
	if (status)
		return status;
	if (settings.help) {
		help_show();
		return EXIT_DONE;
	}
	if (settings.version) {
		puts("lbcheckd " LB_VERSION);
		return EXIT_DONE;
	}

	if (settings.netns) {
		ret = lb_netns_enter(settings.netns, &err);
		if (ret)
			return netns_failed(settings.netns, ret, &err);
	}

	log_init(settings.verbose, settings.to_syslog);
	status = daemon_run(&err);
	if (*err.text)
		fprintf(stderr, "lbcheckd: %s\n", err.text);

	return status;
}
