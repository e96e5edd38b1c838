// SPDX-License-Identifier: GPL-2.0-only
/*
 * The daemon's log: one line for each message, on stderr, with its priority if
 * the journal reads that, and, if wished, in the system's log.
 */

#include "log.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE_SIZE	1024

static bool log_verbose;
static bool log_to_syslog;
static bool log_to_journal;

/* It says which file it reads, which may not be ours any more. */
static bool stderr_is_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	uintmax_t dev, ino;
	struct stat st;

	return stream && sscanf(stream, "%ju:%ju", &dev, &ino) == 2 &&
	       !fstat(STDERR_FILENO, &st) && st.st_dev == dev &&
	       st.st_ino == ino;
}

/**
 * log_init() - say where to log, and how much
 * @verbose: messages of priority LOG_INFO too
 * @to_syslog: to the system's log as well
 */
void log_init(bool verbose, bool to_syslog)
{
	log_verbose = verbose;
	log_to_syslog = to_syslog;
	log_to_journal = stderr_is_journal();
	if (to_syslog)
		openlog("lbcheckd", LOG_PID, LOG_DAEMON);
}

/**
 * log_line() - log a message
 * @priority: LOG_ERR to LOG_INFO
 * @fmt: format of the message
 */
void log_line(int priority, const char *fmt, ...)
{
	char line[LINE_SIZE];
	va_list args;

	if (priority > LOG_NOTICE && !log_verbose)
		return;

	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);

	/* sd-daemon(3) */
	if (log_to_journal)
		fprintf(stderr, "<%d>%s\n", priority, line);
	else
		fprintf(stderr, "%s\n", line);
	if (log_to_syslog)
		syslog(priority, "%s", line);
}
