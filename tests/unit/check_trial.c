// SPDX-License-Identifier: GPL-2.0-only
/*
 * A check that somebody watches shows what goes on and what came of it.
 */

#include "kselftest_harness.h"

#include "err.h"
#include "model.h"
#include "trial.h"

#include <arpa/inet.h>
#include <sys/socket.h>

FIXTURE(trial) {
	struct lb_vip vip;
	struct lb_real real;
	struct lb_err err;
	int fd;
	char *text;
	size_t size;
};

FIXTURE_SETUP(trial)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(address);

	memset(self, 0, sizeof(*self));
	self->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ASSERT_EQ(0, bind(self->fd, (struct sockaddr *)&address, len));
	ASSERT_EQ(0, getsockname(self->fd, (struct sockaddr *)&address, &len));

	lb_name_copy(self->vip.name, "SMTP");
	self->vip.protos = L4LB_PROTO_TCP;
	lb_name_copy(self->real.vip, "SMTP");
	lb_name_copy(self->real.name, "HT1");
	self->real.addr.family = AF_INET;
	self->real.addr.v4 = address.sin_addr;
	self->real.port = ntohs(address.sin_port);
	self->real.health = L4LB_HEALTH_UP;
	snprintf(self->vip.check.type, sizeof(self->vip.check.type), "tcp");
	self->vip.check.interval = 60000;
	self->vip.check.timeout = 60000;
	self->vip.check.rise = 2;
	self->vip.check.fall = 3;
	self->vip.check.via = L4LB_VIA_REAL;
}

FIXTURE_TEARDOWN(trial)
{
	free(self->text);
	close(self->fd);
}

static int run(FIXTURE_DATA(trial) * self, bool json)
{
	FILE *file;
	int ret;

	free(self->text);
	self->text = NULL;
	file = open_memstream(&self->text, &self->size);
	ret = trial_check(&self->vip, &self->real, json, file, &self->err);
	fclose(file);

	return ret;
}

TEST_F(trial, one_that_is_up)
{
	ASSERT_EQ(0, listen(self->fd, 8));
	EXPECT_EQ(0, run(self, false));
	EXPECT_NE(NULL, strstr(self->text, "up: tcp "));
	EXPECT_NE(NULL, strstr(self->text, ": connected ("));
	EXPECT_EQ(0, run(self, true));
	EXPECT_EQ(self->text, strstr(self->text, "{\"vip\":\"SMTP\","));
	EXPECT_NE(NULL, strstr(self->text, "\"real\":\"HT1\","));
	EXPECT_NE(NULL, strstr(self->text, "\"address\":\"127.0.0.1\","));
	EXPECT_NE(NULL, strstr(self->text, "\"transcript\":["));
	EXPECT_NE(NULL, strstr(self->text, "\"result\":\"up\""));
	EXPECT_NE(NULL, strstr(self->text, "\"rtt_us\":"));
}

TEST_F(trial, one_that_is_not)
{
	EXPECT_EQ(1, run(self, false));
	EXPECT_NE(NULL, strstr(self->text, "down: tcp "));
	EXPECT_NE(NULL, strstr(self->text, ": connection refused ("));
	EXPECT_EQ(1, run(self, true));
	EXPECT_NE(NULL, strstr(self->text, "\"result\":\"down\""));
}

TEST_F(trial, one_that_nobody_checks)
{
	snprintf(self->vip.check.type, sizeof(self->vip.check.type),
		 "external");
	EXPECT_EQ(0, run(self, false));
	EXPECT_STREQ("up: external: nothing is checked\n", self->text);
	self->real.health = L4LB_HEALTH_SICK;
	EXPECT_EQ(1, run(self, true));
	EXPECT_NE(NULL, strstr(self->text, "\"result\":\"sick\""));
}

TEST_F(trial, one_that_cannot_be)
{
	snprintf(self->vip.check.type, sizeof(self->vip.check.type), "none");
	EXPECT_GT(0, run(self, false));
	EXPECT_NE(NULL, strstr(self->err.text, "no check \"none\""));
	EXPECT_STREQ("", self->text);

	snprintf(self->vip.check.type, sizeof(self->vip.check.type), "tcp");
	self->real.port = 0;
	EXPECT_GT(0, run(self, false));
	EXPECT_NE(NULL, strstr(self->err.text, "any port"));
}

TEST_F(trial, a_wrong_name)
{
	static const char *const names[] = {
		"", "SMTP", "/", "SMTP/", "/HT1",
		"A23456789012345678901234567890123/HT1",
		"SMTP/A23456789012345678901234567890123",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		EXPECT_EQ(-EINVAL, trial_run(names[i], false, stdout,
					     &self->err));
		EXPECT_NE(NULL, strstr(self->err.text, "is not VIP/NAME"));
	}
}

TEST_HARNESS_MAIN
