// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programs that check: what they are told, what they may do, what their end
 * means, and that nothing is left of them.
 */

#include "kselftest_harness.h"

#include "args.h"
#include "check.h"
#include "check_exec.h"
#include "compiler.h"
#include "exec.h"
#include "plan.h"

#include <event2/event.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Programs, and what came of one. */
struct rig {
	struct event_base *base;
	struct check_pool *pool;
	struct check check;
	struct plan plan;
	char dir[32];
	char room[64];
	unsigned int dones;
	enum check_outcome outcome;
	char reason[CHECK_REASON];
	size_t traced;
};

FIXTURE(exec) {
	struct rig rig;
};

static void take_done(void *data, enum check_outcome outcome,
		      const char *reason, uint32_t us)
{
	struct rig *rig = data;

	(void)us;

	rig->dones++;
	rig->outcome = outcome;
	snprintf(rig->reason, sizeof(rig->reason), "%s", reason);
}

static void take_trace(void *data, char direction, const void *bytes,
		       size_t len)
{
	struct rig *rig = data;

	(void)bytes;

	rig->traced += direction == '<' ? len : 0;
}

FIXTURE_SETUP(exec)
{
	struct rig *rig = &self->rig;

	if (geteuid())
		SKIP(return, "needs root");

	strcpy(rig->dir, "/tmp/l4lb-XXXXXX");
	ASSERT_NE(NULL, mkdtemp(rig->dir));
	ASSERT_EQ(0, chmod(rig->dir, 0755));
	snprintf(rig->room, sizeof(rig->room), "%s/room", rig->dir);
	ASSERT_EQ(0, mkdir(rig->room, 0777));
	ASSERT_EQ(0, chmod(rig->room, 0777));
	ASSERT_EQ(0, setenv(LB_EXEC_ENV, rig->dir, 1));
	check_exec_user("nobody");

	rig->base = event_base_new();
	rig->pool = check_pool_new(rig->base, 4);
	ASSERT_NE(NULL, rig->pool);
	ASSERT_EQ(0, check_init(&rig->check, rig->pool, take_done, rig));
	rig->check.trace = take_trace;

	strcpy(rig->plan.type, "exec");
	rig->plan.timeout = 300000;
	lb_addr_parse("192.0.2.10", &rig->plan.vip_addr, NULL);
	lb_addr_parse("192.0.2.20", &rig->plan.addr, NULL);
	rig->plan.vip_port = 80;
	rig->plan.n_ports = 1;
	rig->plan.port[0] = 8080;
	ASSERT_EQ(0, lb_args_parse(&rig->plan.args, "run=prog", NULL));
}

FIXTURE_TEARDOWN(exec)
{
	struct rig *rig = &self->rig;
	char command[64];

	check_exit(&rig->check);
	/* Until the last one has been waited for. */
	EXPECT_LE(0, event_base_dispatch(rig->base));
	EXPECT_EQ(-1, waitpid(-1, NULL, WNOHANG));
	EXPECT_EQ(ECHILD, errno);
	check_pool_free(rig->pool);
	event_base_free(rig->base);
	snprintf(command, sizeof(command), "rm -r %s", rig->dir);
	EXPECT_EQ(0, system(command));
}

static int write_prog(const struct rig *rig, mode_t mode, const char *fmt, ...)
	__printf(3, 4);

static int write_prog(const struct rig *rig, mode_t mode, const char *fmt, ...)
{
	char path[64];
	va_list args;
	FILE *file;

	snprintf(path, sizeof(path), "%s/prog", rig->dir);
	file = fopen(path, "we");
	if (!file)
		return -1;
	va_start(args, fmt);
	vfprintf(file, fmt, args);
	va_end(args);

	return fclose(file) || chmod(path, mode);
}

static void run(struct rig *rig)
{
	unsigned int dones = rig->dones;

	check_start(&rig->check, check_find("exec"), &rig->plan);
	while (rig->dones == dones)
		event_base_loop(rig->base, EVLOOP_ONCE);
}

TEST_F(exec, what_it_is_told_and_its_first_line)
{
	struct rig *rig = &self->rig;

	ASSERT_EQ(0, write_prog(rig, 0755, "#!/bin/sh\n"
				"echo \"$# $*\"\necho more\n"));
	run(rig);
	EXPECT_EQ(CHECK_UP, rig->outcome);
	EXPECT_STREQ("exec 8080: 4 192.0.2.10 80 192.0.2.20 8080", rig->reason);
	EXPECT_LT(0, rig->traced);

	/* Where no port is known it is 0. */
	rig->plan.n_ports = 0;
	rig->plan.vip_port = 0;
	lb_addr_parse("2001:db8::10", &rig->plan.vip_addr, NULL);
	run(rig);
	EXPECT_STREQ("exec: 4 2001:db8::10 0 192.0.2.20 0", rig->reason);
}

TEST_F(exec, its_exit_status)
{
	static const struct {
		const char *end;
		enum check_outcome outcome;
		const char *reason;
	} cases[] = {
		{ "exit 0", CHECK_UP, "exec 8080: exit status 0" },
		{ "exit 1", CHECK_DOWN, "exec 8080: exit status 1" },
		{ "echo busy; exit 2", CHECK_SICK, "exec 8080: busy" },
		{ "printf gone; exit 255", CHECK_DOWN, "exec 8080: gone" },
		{ "kill -9 $$", CHECK_DOWN, "exec 8080: killed by signal 9" },
		{ "exit 127", CHECK_DOWN, "exec 8080: exit status 127" },
	};
	struct rig *rig = &self->rig;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		ASSERT_EQ(0, write_prog(rig, 0755, "#!/bin/sh\n%s\n",
					cases[i].end));
		run(rig);
		EXPECT_EQ(cases[i].outcome, rig->outcome);
		EXPECT_STREQ(cases[i].reason, rig->reason);
	}
}

static const char who_am_i[] =
	"#!/bin/sh\n"
	"while read -r key a b c d rest; do case $key in\n"
	"Uid:|Gid:) s=\"$s $a,$b,$c,$d\";;\n"
	"Groups:) s=\"$s groups=$a\";;\n"
	"CapInh:|CapPrm:|CapEff:|CapAmb:) s=\"$s $a\";;\n"
	"NoNewPrivs:) s=\"$s new=$a\";;\n"
	"esac; done < /proc/self/status\n"
	"[ -z \"$LD_PRELOAD_X$HOME\" ] && s=\"$s $PWD\"\n"
	"[ /dev/fd/0 -ef /dev/null ] && s=\"$s null\"\n"
	"echo \"$s\"\n";

#define NOBODY	" 65534,65534,65534,65534"
#define NOTHING	" 0000000000000000"

static const char nobody[] =
	"exec 8080: " NOBODY NOBODY " groups=" NOTHING NOTHING NOTHING NOTHING
	" new=1 / null";

TEST_F(exec, it_is_nobody_and_has_nothing)
{
	struct rig *rig = &self->rig;

	ASSERT_EQ(0, setenv("LD_PRELOAD_X", "1", 1));
	ASSERT_EQ(0, write_prog(rig, 0755, "%s", who_am_i));
	run(rig);
	EXPECT_EQ(CHECK_UP, rig->outcome);
	EXPECT_STREQ(nobody, rig->reason);
}

/* What programs say of the processes that they have started. */
static size_t read_pids(const struct rig *rig, pid_t *pids, size_t max)
{
	char path[96];
	size_t n = 0;
	FILE *file;

	snprintf(path, sizeof(path), "%s/pids", rig->room);
	file = fopen(path, "re");
	if (!file)
		return 0;
	while (n < max && fscanf(file, "%d", &pids[n]) == 1)
		n++;
	fclose(file);

	return n;
}

/* Starts what leaves the session, and has no parent, in the directory given. */
#define ESCAPE \
	"escape() {\n" \
	"	setsid sh -c 'trap \"\" TERM; echo $$ >> pids; sleep 1000' &\n" \
	"}\n" \
	"cd %s\n" \
	"trap '' TERM HUP INT\n" \
	"escape\n" \
	"(escape; setsid sh -c \"(setsid sh -c 'echo \\$\\$ >> pids; sleep 1000' &)\")\n" \
	"sleep 1000 &\n" \
	"echo $! >> pids\n" \
	"while [ $(wc -l < pids) -lt 4 ]; do sleep 0.1; done\n"
#define ESCAPES 4

/* Without this there is nothing to be done about it. */
#define CHILDREN "/proc/thread-self/children"

/* Time is out when the program has started all that it will. */
static void run_out(struct rig *rig, pid_t *pids, size_t count)
{
	unsigned int dones = rig->dones;

	check_start(&rig->check, check_find("exec"), &rig->plan);
	while (rig->dones == dones && read_pids(rig, pids, count) < count) {
		event_base_loop(rig->base, EVLOOP_NONBLOCK);
		usleep(10000);
	}
	if (rig->dones == dones) {
		event_del(rig->check.timer);
		event_active(rig->check.timer, EV_TIMEOUT, 1);
	}
	while (rig->dones == dones)
		event_base_loop(rig->base, EVLOOP_ONCE);
}

/* Time is out: it goes, with all it has started. */
TEST_F(exec, what_takes_too_long_is_killed_with_all_it_started)
{
	struct rig *rig = &self->rig;
	pid_t pids[2];
	size_t i;

	ASSERT_EQ(0, write_prog(rig, 0755,
				"#!/bin/sh\n"
				"trap '' TERM HUP INT\n"
				"sleep 1000 &\n"
				"echo $$ $! > %s/pids\n"
				"sleep 1000\n", rig->room));
	run_out(rig, pids, ARRAY_SIZE(pids));
	EXPECT_EQ(CHECK_DOWN, rig->outcome);
	EXPECT_STREQ("exec 8080: no answer within 5m", rig->reason);
	EXPECT_LE(0, event_base_dispatch(rig->base));

	ASSERT_EQ(ARRAY_SIZE(pids), read_pids(rig, pids, ARRAY_SIZE(pids)));
	/* It may be init's to wait for. */
	for (i = 0; i < ARRAY_SIZE(pids); i++) {
		while (!kill(pids[i], 0))
			usleep(10000);
		EXPECT_EQ(ESRCH, errno);
	}
}

/* Whatever it has done to get away is there no more when time is out. */
TEST_F(exec, what_escapes_is_killed_when_time_is_out)
{
	struct rig *rig = &self->rig;
	pid_t pids[ESCAPES];
	size_t i;

	if (access(CHILDREN, R_OK))
		SKIP(return, "no " CHILDREN);

	ASSERT_EQ(0, write_prog(rig, 0755, "#!/bin/sh\n" ESCAPE
				"sleep 1000\n", rig->room));
	run_out(rig, pids, ARRAY_SIZE(pids));
	EXPECT_EQ(CHECK_DOWN, rig->outcome);
	EXPECT_STREQ("exec 8080: no answer within 5m", rig->reason);
	EXPECT_LE(0, event_base_dispatch(rig->base));

	ASSERT_EQ(ESCAPES, read_pids(rig, pids, ARRAY_SIZE(pids)));
	for (i = 0; i < ARRAY_SIZE(pids); i++) {
		EXPECT_EQ(-1, kill(pids[i], 0));
		EXPECT_EQ(ESRCH, errno);
	}
}

/* It has ended, and what it has started is there no more when that is told. */
TEST_F(exec, what_escapes_is_killed)
{
	struct rig *rig = &self->rig;
	pid_t pids[ESCAPES];
	size_t i;

	if (access(CHILDREN, R_OK))
		SKIP(return, "no " CHILDREN);

	ASSERT_EQ(0, write_prog(rig, 0755, "#!/bin/sh\n" ESCAPE
				"echo busy\n"
				"exit 2\n", rig->room));
	run(rig);
	EXPECT_EQ(CHECK_SICK, rig->outcome);
	EXPECT_STREQ("exec 8080: busy", rig->reason);

	ASSERT_EQ(ESCAPES, read_pids(rig, pids, ARRAY_SIZE(pids)));
	for (i = 0; i < ARRAY_SIZE(pids); i++) {
		EXPECT_EQ(-1, kill(pids[i], 0));
		EXPECT_EQ(ESRCH, errno);
	}
}

/* Whoever checks is killed, and has no time to clean up. */
TEST_F(exec, nothing_outlives_who_checks)
{
	struct rig *rig = &self->rig;
	pid_t pids[ESCAPES];
	pid_t pid;
	size_t i;

	if (access(CHILDREN, R_OK))
		SKIP(return, "no " CHILDREN);

	ASSERT_EQ(0, write_prog(rig, 0755, "#!/bin/sh\n" ESCAPE
				"sleep 1000\n", rig->room));
	pid = fork();
	ASSERT_LE(0, pid);
	if (!pid) {
		if (!event_reinit(rig->base))
			run(rig);
		_exit(1);
	}
	while (read_pids(rig, pids, ARRAY_SIZE(pids)) < ESCAPES)
		usleep(10000);
	EXPECT_EQ(0, kill(pid, SIGKILL));
	EXPECT_EQ(pid, waitpid(pid, NULL, 0));
	for (i = 0; i < ARRAY_SIZE(pids); i++) {
		while (!kill(pids[i], 0))
			usleep(10000);
		EXPECT_EQ(ESRCH, errno);
	}
}

/* Descriptors of ours would keep alive what we have ended. */
TEST_F(exec, nobody_keeps_what_is_ours)
{
	struct rig *rig = &self->rig;
	char byte;
	int ends[2];

	ASSERT_EQ(0, write_prog(rig, 0755, "#!/bin/sh\n"
				": > %s/pids\n"
				"sleep 1000\n", rig->room));
	ASSERT_EQ(0, pipe(ends));
	check_start(&rig->check, check_find("exec"), &rig->plan);
	close(ends[1]);
	EXPECT_EQ(0, read(ends[0], &byte, 1));
	EXPECT_EQ(0, rig->dones);
	close(ends[0]);
}

/* It has ended, what it has started has not, and holds its output. */
TEST_F(exec, what_it_leaves_behind_is_killed)
{
	struct rig *rig = &self->rig;

	ASSERT_EQ(0, write_prog(rig, 0755,
				"#!/bin/sh\nsleep 1000 &\necho ok\n"));
	run(rig);
	EXPECT_EQ(CHECK_UP, rig->outcome);
	EXPECT_STREQ("exec 8080: ok", rig->reason);
}

TEST_F(exec, what_talks_without_end)
{
	struct rig *rig = &self->rig;

	rig->plan.timeout = 1000;
	ASSERT_EQ(0, write_prog(rig, 0755,
				"#!/bin/sh\nwhile :; do printf 0123456789abcdef; done\n"));
	run(rig);
	EXPECT_EQ(CHECK_DOWN, rig->outcome);

	rig->plan.timeout = 300000;
	ASSERT_EQ(0, write_prog(rig, 0755, "#!/bin/sh\nprintf '%%0400d\\033[2J\\n' 7\n"));
	run(rig);
	EXPECT_EQ(CHECK_UP, rig->outcome);
	EXPECT_EQ(CHECK_REASON - 1, strlen(rig->reason));
}

TEST_F(exec, one_that_is_given_up_leaves_nothing)
{
	struct rig *rig = &self->rig;

	ASSERT_EQ(0, write_prog(rig, 0755, "#!/bin/sh\nsleep 1000\n"));
	check_start(&rig->check, check_find("exec"), &rig->plan);
	event_base_loop(rig->base, EVLOOP_ONCE | EVLOOP_NONBLOCK);
	check_stop(&rig->check);
	EXPECT_LE(0, event_base_dispatch(rig->base));
	EXPECT_EQ(0, rig->dones);
}

/* What is wrong with the program is not the server's fault. */
TEST_F(exec, what_may_not_be_run_says_nothing_of_the_server)
{
	struct rig *rig = &self->rig;

	run(rig);
	EXPECT_EQ(CHECK_VOID, rig->outcome);
	EXPECT_NE(NULL, strstr(rig->reason, "No such file"));

	ASSERT_EQ(0, write_prog(rig, 0775, "#!/bin/sh\n"));
	run(rig);
	EXPECT_EQ(CHECK_VOID, rig->outcome);
	EXPECT_NE(NULL, strstr(rig->reason, "can be written to by others"));

	ASSERT_EQ(0, write_prog(rig, 0755, "#!/no/such/shell\n"));
	run(rig);
	EXPECT_EQ(CHECK_VOID, rig->outcome);
	EXPECT_NE(NULL, strstr(rig->reason, "No such file"));

	check_exec_user("l4lb-none");
	run(rig);
	EXPECT_EQ(CHECK_VOID, rig->outcome);
	EXPECT_NE(NULL, strstr(rig->reason, "there is no user"));
	check_exec_user("root");
	run(rig);
	EXPECT_EQ(CHECK_VOID, rig->outcome);
	EXPECT_NE(NULL, strstr(rig->reason, "is root"));
}

TEST_HARNESS_MAIN
