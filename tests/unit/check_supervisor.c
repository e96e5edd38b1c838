// SPDX-License-Identifier: GPL-2.0-only
/*
 * The service manager hears what it wants to.
 */

#include "kselftest_harness.h"

#include "supervisor.h"

#include <event2/event.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>

FIXTURE(supervisor) {
	struct event_base *base;
	int fd;
	char name[64];
	char text[64];
};

FIXTURE_SETUP(supervisor)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	memset(self, 0, sizeof(*self));
	snprintf(self->name, sizeof(self->name), "@supervisor.%d", getpid());
	memcpy(address.sun_path + 1, self->name + 1, strlen(self->name) - 1);
	self->base = event_base_new();
	self->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	ASSERT_EQ(0, bind(self->fd, (struct sockaddr *)&address,
			  offsetof(struct sockaddr_un, sun_path) +
			  strlen(self->name)));
	setenv("NOTIFY_SOCKET", self->name, 1);
	unsetenv("WATCHDOG_USEC");
	unsetenv("WATCHDOG_PID");
}

FIXTURE_TEARDOWN(supervisor)
{
	close(self->fd);
	event_base_free(self->base);
}

static const char *heard(FIXTURE_DATA(supervisor) * self)
{
	ssize_t got = recv(self->fd, self->text, sizeof(self->text) - 1,
			   MSG_DONTWAIT);

	self->text[got > 0 ? got : 0] = '\0';

	return self->text;
}

TEST_F(supervisor, it_hears_when_all_is_ready)
{
	struct supervisor *supervisor = supervisor_new();

	ASSERT_NE(NULL, supervisor);
	EXPECT_EQ(NULL, getenv("NOTIFY_SOCKET"));
	EXPECT_STREQ("", heard(self));
	supervisor_ready(supervisor, self->base);
	EXPECT_STREQ("READY=1", heard(self));
	supervisor_stopping(supervisor);
	EXPECT_STREQ("STOPPING=1", heard(self));
	/* Nothing more is to be told. */
	EXPECT_EQ(1, event_base_loop(self->base, EVLOOP_NONBLOCK));
	supervisor_free(supervisor);
}

TEST_F(supervisor, it_hears_that_all_is_well)
{
	struct supervisor *supervisor;
	int i;

	setenv("WATCHDOG_USEC", "100000", 1);
	supervisor = supervisor_new();
	EXPECT_EQ(NULL, getenv("WATCHDOG_USEC"));
	supervisor_ready(supervisor, self->base);
	EXPECT_STREQ("READY=1", heard(self));
	for (i = 0; i < 3; i++) {
		event_base_loop(self->base, EVLOOP_ONCE);
		EXPECT_STREQ("WATCHDOG=1", heard(self));
	}
	supervisor_free(supervisor);
}

TEST_F(supervisor, what_is_meant_for_others_is_not_for_us)
{
	struct supervisor *supervisor;

	setenv("WATCHDOG_USEC", "100000", 1);
	setenv("WATCHDOG_PID", "1", 1);
	supervisor = supervisor_new();
	supervisor_ready(supervisor, self->base);
	EXPECT_EQ(1, event_base_loop(self->base, EVLOOP_NONBLOCK));
	supervisor_free(supervisor);
}

TEST_F(supervisor, without_one_nobody_hears)
{
	static const char *const names[] = {
		"", "relative", "/no/such/socket", "@no-such-socket",
	};
	struct supervisor *supervisor;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		setenv("NOTIFY_SOCKET", names[i], 1);
		supervisor = supervisor_new();
		supervisor_ready(supervisor, self->base);
		supervisor_stopping(supervisor);
		supervisor_free(supervisor);
	}
	supervisor_ready(NULL, self->base);
	supervisor_stopping(NULL);
	supervisor_free(NULL);
	EXPECT_STREQ("", heard(self));
}

TEST_HARNESS_MAIN
