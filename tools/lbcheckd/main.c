// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbcheckd: checks the real servers and tells the module of their health.
 *
 * What there is to check, and how, is in the module: this program has no
 * configuration, and loses nothing when it ends.
 */

#include "check.h"
#include "checker.h"
#include "err.h"
#include "exporter.h"
#include "kernel.h"
#include "log.h"
#include "metrics.h"
#include "netns.h"
#include "news.h"
#include "notify.h"
#include "placer.h"
#include "probe.h"
#include "supervisor.h"
#include "target.h"
#include "trial.h"
#include "version.h"

#include <errno.h>
#include <event2/event.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* Descriptors that are not for checks, and most that are. */
#define FILES_RESERVED	64
#define CHECKS_MAX	16384

/**
 * enum exit_status - as lbctl's, where they apply
 * @EXIT_DONE: told to end; the server that was checked is up
 * @EXIT_REFUSED: cannot run; the server that was checked is not up
 * @EXIT_USAGE: the command line is wrong
 * @EXIT_NO_MODULE: the module is not loaded, and is not waited for
 * @EXIT_NOT_FOUND: there is no such network namespace, VIP or real
 * @EXIT_NO_PRIVILEGE: not permitted
 * @EXIT_VERSION: the module and this program do not fit together
 */
enum exit_status {
	EXIT_DONE		= 0,
	EXIT_REFUSED		= 1,
	EXIT_USAGE		= 2,
	EXIT_NO_MODULE		= 3,
	EXIT_NOT_FOUND		= 4,
	EXIT_NO_PRIVILEGE	= 7,
	EXIT_VERSION		= 8,
};

/**
 * struct settings - what the command line says
 * @netns: network namespace to enter, or NULL
 * @trial: VIP/NAME of the only real to check, once, or NULL
 * @notify: command that tells people, or NULL
 * @metrics: where figures can be read, or NULL
 * @json: show a single check as JSON
 * @verbose: log more
 * @to_syslog: log to syslog too
 * @help: print how to use it, and end
 * @version: print the version, and end
 */
struct settings {
	const char *netns;
	const char *trial;
	const char *notify;
	const char *metrics;
	bool json;
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
 * @probes: checks that go on
 * @targets: what is checked
 * @kernel: module
 * @placer: keeps addresses on interfaces
 * @notify: tells people, or NULL
 * @exporter: measures, or NULL
 * @supervisor: service manager, or NULL
 * @status: &enum exit_status to end with
 */
struct daemon {
	struct event_base *base;
	struct event *term;
	struct event *interrupt;
	struct event *hangup;
	struct check_pool *pool;
	struct probes *probes;
	struct targets *targets;
	struct kernel *kernel;
	struct placer *placer;
	struct notify *notify;
	struct exporter *exporter;
	struct supervisor *supervisor;
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

static void on_vips(void *data)
{
	struct daemon *daemon = data;

	placer_kick(daemon->placer);
}

static int on_place(void *data, bool anew, struct lb_err *err)
{
	struct daemon *daemon = data;

	return kernel_place(daemon->kernel, anew, err);
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
	.vips	= on_vips,
	.fail	= on_fail,
};

static int on_report(void *data, const struct lb_real *report)
{
	struct daemon *daemon = data;

	return kernel_report(daemon->kernel, report);
}

static void on_news(void *data, const struct news *news)
{
	struct daemon *daemon = data;

	notify_tell(daemon->notify, news);
}

static const struct targets_ops targets_ops = {
	.report	= on_report,
	.news	= on_news,
};

static void on_measure(void *data, struct figures *figures)
{
	struct daemon *daemon = data;
	struct kernel_stats stats = kernel_stats(daemon->kernel);

	figures->connected = kernel_is_connected(daemon->kernel);
	figures->targets = targets_count(daemon->targets);
	figures->held = targets_held(daemon->targets);
	figures->probes = probes_count(daemon->probes);
	figures->reports = stats.reports;
	figures->refused = stats.refused;
	figures->notify = notify_stats(daemon->notify);
	figures->stats = probes_stats(daemon->probes, &figures->types);
}

static void on_end(evutil_socket_t number, short what, void *data)
{
	struct daemon *daemon = data;

	(void)what;

	log_line(LOG_INFO, "ending: %s", strsignal(number));
	supervisor_stopping(daemon->supervisor);
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

static int signals_init(struct daemon *daemon)
{
	daemon->term = signal_new(daemon, SIGTERM, on_end);
	daemon->interrupt = signal_new(daemon, SIGINT, on_end);
	daemon->hangup = signal_new(daemon, SIGHUP, on_hangup);

	return daemon->term && daemon->interrupt && daemon->hangup ? 0 :
								     -ENOMEM;
}

static int targets_init(struct daemon *daemon)
{
	daemon->pool = check_pool_new(daemon->base, checks_max());
	if (!daemon->pool)
		return -ENOMEM;
	daemon->probes = probes_new(daemon->base, daemon->pool);
	if (!daemon->probes)
		return -ENOMEM;
	daemon->targets = targets_new(daemon->base, daemon->probes,
				      &targets_ops, daemon);

	return daemon->targets ? 0 : -ENOMEM;
}

static int daemon_init(struct daemon *daemon, const struct settings *settings,
		       struct lb_err *err)
{
	int ret = 0;

	daemon->base = base_new();
	if (!daemon->base)
		return lb_err_set(err, -ENOMEM, "cannot make an event loop");
	if (signals_init(daemon) || targets_init(daemon))
		return lb_err_code(err, -ENOMEM);

	if (settings->notify)
		ret = notify_new(&daemon->notify, daemon->base,
				 settings->notify, err);
	if (!ret && settings->metrics)
		ret = exporter_new(&daemon->exporter, daemon->base,
				   settings->metrics, on_measure, daemon, err);
	if (!ret)
		ret = placer_new(&daemon->placer, daemon->base, on_place,
				 daemon, err);
	if (ret)
		return ret;

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
	exporter_free(daemon->exporter);
	kernel_free(daemon->kernel);
	placer_free(daemon->placer);
	targets_free(daemon->targets);
	probes_free(daemon->probes);
	check_pool_free(daemon->pool);
	notify_free(daemon->notify);
	event_drop(daemon->term);
	event_drop(daemon->interrupt);
	event_drop(daemon->hangup);
	if (daemon->base)
		event_base_free(daemon->base);
}

static int daemon_run(const struct settings *settings,
		      struct supervisor *supervisor, struct lb_err *err)
{
	struct daemon daemon = {
		.supervisor = supervisor,
		.status = EXIT_DONE,
	};

	int ret;

	ret = lb_checker_claim(err);
	if (ret)
		return ret == -EACCES || ret == -EPERM ? EXIT_NO_PRIVILEGE :
							 EXIT_REFUSED;

	if (daemon_init(&daemon, settings, err)) {
		daemon.status = EXIT_REFUSED;
	} else {
		supervisor_ready(supervisor, daemon.base);
		if (event_base_dispatch(daemon.base) < 0) {
			lb_err_set(err, -EIO, "the event loop failed");
			daemon.status = EXIT_REFUSED;
		}
	}
	/* It has a timer in the event loop. */
	supervisor_free(supervisor);
	daemon_exit(&daemon);

	return daemon.status;
}

static int trial_status(const struct settings *settings, struct lb_err *err)
{
	int ret;

	/* Whatever it runs short of is said in the result. */
	checks_max();
	ret = trial_run(settings->trial, settings->json, stdout, err);
	switch (ret) {
	case 0:
		return EXIT_DONE;
	case -ENOENT:
		return EXIT_NOT_FOUND;
	case -EPERM:
		return EXIT_NO_PRIVILEGE;
	case -EPROTONOSUPPORT:
		return EXIT_NO_MODULE;
	case -EPROTO:
		return EXIT_VERSION;
	default:
		return EXIT_REFUSED;
	}
}

static int usage_wrong(int opt)
{
	fprintf(stderr, "lbcheckd: %s \"-%c\"; see lbcheckd -h\n",
		strchr("ncNm", opt) ? "a value is missing after" :
				      "unknown option", opt);

	return EXIT_USAGE;
}

static int option_take(int opt, struct settings *settings)
{
	switch (opt) {
	case 'n':
		settings->netns = optarg;
		break;
	case 'c':
		settings->trial = optarg;
		break;
	case 'N':
		settings->notify = optarg;
		break;
	case 'm':
		settings->metrics = optarg;
		break;
	case 'j':
		settings->json = true;
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
		return usage_wrong(optopt);
	}

	return EXIT_DONE;
}

static int settings_parse(int argc, char **argv, struct settings *settings)
{
	int opt, status;

	opterr = 0;
	while ((opt = getopt(argc, argv, "+n:c:N:m:jfvsVh")) != -1) {
		status = option_take(opt, settings);
		if (status)
			return status;
	}
	if (optind < argc) {
		fprintf(stderr, "lbcheckd: unexpected \"%s\"; see lbcheckd -h\n",
			argv[optind]);
		return EXIT_USAGE;
	}
	if (settings->json && !settings->trial) {
		fprintf(stderr, "lbcheckd: \"-j\" goes with \"-c\"; see lbcheckd -h\n");
		return EXIT_USAGE;
	}

	return EXIT_DONE;
}

static void help_show(void)
{
	puts("usage: lbcheckd [-n NETNS] [-f] [-v] [-s] [-N COMMAND] [-m WHERE]\n"
	     "       lbcheckd [-n NETNS] [-j] -c VIP/NAME\n"
	     "  -n NETNS     check in this network namespace, a name or a path\n"
	     "  -f           stay in the foreground, as it does anyway\n"
	     "  -v           log more\n"
	     "  -s           log to syslog as well as to stderr\n"
	     "  -N COMMAND   run it when a server's health changes\n"
	     "  -m WHERE     metrics: 127.0.0.1:PORT, [::1]:PORT or unix:PATH\n"
	     "  -c VIP/NAME  check this server once, now, and show how\n"
	     "  -j           show that as JSON\n"
	     "  -V           print the version\n"
	     "  -h           print this");
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
	struct supervisor *supervisor;
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

	supervisor = supervisor_new();
	if (settings.netns) {
		ret = lb_netns_enter(settings.netns, &err);
		if (ret)
			return netns_failed(settings.netns, ret, &err);
	}

	log_init(settings.verbose, settings.to_syslog);
	if (settings.trial) {
		supervisor_free(supervisor);
		status = trial_status(&settings, &err);
	} else {
		status = daemon_run(&settings, supervisor, &err);
	}
	if (*err.text)
		fprintf(stderr, "lbcheckd: %s\n", err.text);

	return status;
}
