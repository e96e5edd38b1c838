// SPDX-License-Identifier: GPL-2.0-only
/*
 * People are told by a command, with what there is to know in its environment.
 */

#include "kselftest_harness.h"

#include "addr.h"
#include "err.h"
#include "log.h"
#include "news.h"
#include "notify.h"

#include <event2/event.h>
#include <sys/resource.h>
#include <sys/stat.h>

FIXTURE(notify) {
	struct event_base *base;
	struct notify *notify;
	struct lb_addr addr;
	struct news news;
	char dir[32];
	char script[64];
	char out[64];
	char command[160];
};

FIXTURE_SETUP(notify)
{
	memset(self, 0, sizeof(*self));
	snprintf(self->dir, sizeof(self->dir), "/tmp/notify.XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->dir));
	snprintf(self->script, sizeof(self->script), "%s/script", self->dir);
	snprintf(self->out, sizeof(self->out), "%s/out", self->dir);
	snprintf(self->command, sizeof(self->command), "%s %s", self->script,
		 self->out);
	self->base = event_base_new();
	ASSERT_EQ(0, lb_addr_parse("192.168.30.20", &self->addr, NULL));
	self->news = (struct news) {
		.event = "health",
		.vip = "HT-SMTP",
		.real = "HT1",
		.addr = &self->addr,
		.port = 25,
		.health = "down",
		.old = "up",
		.reason = "smtp 25: 421 too busy; $(id) `id` 'x' \"y\" \\",
	};
}

FIXTURE_TEARDOWN(notify)
{
	notify_free(self->notify);
	event_base_free(self->base);
	unlink(self->script);
	unlink(self->out);
	rmdir(self->dir);
}

static void script_write(FIXTURE_DATA(notify) * self, const char *text)
{
	FILE *file = fopen(self->script, "we");

	if (!file || fputs(text, file) < 0 || fclose(file) ||
	    chmod(self->script, 0700))
		abort();
}

/* Until so many have ended; the harness ends what takes long. */
static void run_until(FIXTURE_DATA(notify) * self, uint64_t ended)
{
	struct notify_stats stats;

	do {
		event_base_loop(self->base, EVLOOP_ONCE);
		stats = notify_stats(self->notify);
	} while (stats.run + stats.failed < ended);
}

static const char *what_was_written(FIXTURE_DATA(notify) * self)
{
	static char text[65536];
	FILE *file = fopen(self->out, "re");
	size_t len = 0;

	if (file) {
		len = fread(text, 1, sizeof(text) - 1, file);
		fclose(file);
	}
	text[len] = '\0';

	return text;
}

TEST_F(notify, the_environment_has_it_all)
{
	script_write(self, "#!/bin/sh\nset | grep ^L4LB_ | sort > \"$1\"\n"
		     "printf %s \"$L4LB_REASON\" >> \"$1\"\n");
	ASSERT_EQ(0, notify_new(&self->notify, self->base, self->command,
				NULL));
	notify_tell(self->notify, &self->news);
	run_until(self, 1);
	EXPECT_EQ(1, notify_stats(self->notify).run);
	EXPECT_NE(NULL, strstr(what_was_written(self),
			       "L4LB_ADDRESS='192.168.30.20'\n"
			       "L4LB_EVENT='health'\n"
			       "L4LB_HEALTH='down'\n"
			       "L4LB_OLD='up'\n"
			       "L4LB_PORT='25'\n"
			       "L4LB_REAL='HT1'\n"
			       "L4LB_REASON="));
	EXPECT_NE(NULL, strstr(what_was_written(self), "L4LB_VIP='HT-SMTP'\n"));
	EXPECT_NE(NULL, strstr(what_was_written(self), self->news.reason));
}

TEST_F(notify, what_is_not_known_is_empty)
{
	script_write(self, "#!/bin/sh\n"
		     "echo \"=$L4LB_REAL=$L4LB_ADDRESS=$L4LB_PORT=\" > \"$1\"\n");
	self->news.real = NULL;
	self->news.addr = NULL;
	self->news.port = 0;
	ASSERT_EQ(0, notify_new(&self->notify, self->base, self->command,
				NULL));
	notify_tell(self->notify, &self->news);
	run_until(self, 1);
	EXPECT_STREQ("====\n", what_was_written(self));
}

TEST_F(notify, all_are_told_though_few_at_once)
{
	unsigned int i;

	script_write(self, "#!/bin/sh\necho x >> \"$1\"\n");
	ASSERT_EQ(0, notify_new(&self->notify, self->base, self->command,
				NULL));
	for (i = 0; i < 50; i++)
		notify_tell(self->notify, &self->news);
	run_until(self, 50);
	EXPECT_EQ(50, notify_stats(self->notify).run);
	EXPECT_EQ(100, strlen(what_was_written(self)));
}

TEST_F(notify, for_more_than_that_there_is_no_room)
{
	unsigned int i;

	script_write(self, "#!/bin/sh\nexec sleep 2\n");
	ASSERT_EQ(0, notify_new(&self->notify, self->base, self->command,
				NULL));
	notify_limit(self->notify, 1);
	for (i = 0; i < 1100; i++)
		notify_tell(self->notify, &self->news);
	EXPECT_EQ(1100 - 1024 - 4, notify_stats(self->notify).lost);
}

/* A zombie is somebody else's to wait for. */
static bool is_over(pid_t pid)
{
	char path[64], state = 'Z';
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "re");
	if (!file)
		return true;
	if (fscanf(file, "%*d (%*[^)]) %c", &state) != 1)
		state = 'Z';
	fclose(file);

	return state == 'Z' || state == 'X';
}

/* What was killed may still be on its way out. */
static bool ends(pid_t pid)
{
	int i;

	for (i = 0; i < 1000 && !is_over(pid); i++)
		usleep(10000);

	return is_over(pid);
}

TEST_F(notify, what_takes_long_is_ended_with_its_children)
{
	script_write(self, "#!/bin/sh\nsleep 60 & echo $! > \"$1\"\nwait\n");
	ASSERT_EQ(0, notify_new(&self->notify, self->base, self->command,
				NULL));
	notify_limit(self->notify, 300);
	notify_tell(self->notify, &self->news);
	run_until(self, 1);
	EXPECT_EQ(1, notify_stats(self->notify).failed);
	EXPECT_TRUE(ends(atoi(what_was_written(self))));
}

TEST_F(notify, a_command_that_fails_is_counted)
{
	script_write(self, "#!/bin/sh\nexit 3\n");
	ASSERT_EQ(0, notify_new(&self->notify, self->base, self->command,
				NULL));
	notify_tell(self->notify, &self->news);
	run_until(self, 1);
	EXPECT_EQ(1, notify_stats(self->notify).failed);

	unlink(self->script);
	notify_tell(self->notify, &self->news);
	EXPECT_EQ(2, notify_stats(self->notify).failed);
}

/* What is raised for checks is not meant for others. */
TEST_F(notify, a_command_has_as_many_files_as_is_usual)
{
	struct rlimit limit;

	ASSERT_EQ(0, getrlimit(RLIMIT_NOFILE, &limit));
	if (limit.rlim_max <= 1024)
		SKIP(return, "there are no more than that");
	limit.rlim_cur = limit.rlim_max < 4096 ? limit.rlim_max : 4096;
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	script_write(self, "#!/bin/sh\nulimit -n > \"$1\"\n");
	ASSERT_EQ(0, notify_new(&self->notify, self->base, self->command,
				NULL));
	notify_tell(self->notify, &self->news);
	run_until(self, 1);
	EXPECT_STREQ("1024\n", what_was_written(self));
	EXPECT_EQ(0, getrlimit(RLIMIT_NOFILE, &limit));
	EXPECT_LT(1024, limit.rlim_cur);
}

TEST_F(notify, a_wrong_command_is_refused)
{
	static const char *const commands[] = {
		"", " ", "true", "./true", "/no/such/command", "/etc/passwd",
	};
	struct lb_err err;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		err.text[0] = '\0';
		EXPECT_GT(0, notify_new(&self->notify, self->base,
					commands[i], &err));
		EXPECT_NE('\0', err.text[0]);
	}
	notify_tell(NULL, &self->news);
	EXPECT_EQ(0, notify_stats(NULL).run);
}

TEST_HARNESS_MAIN
