// SPDX-License-Identifier: GPL-2.0-only
/*
 * The journal is told how important a line is, and nobody else is.
 */

#include "kselftest_harness.h"

#include "log.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

FIXTURE(log) {
	char path[32];
	int old;
	struct stat st;
};

FIXTURE_SETUP(log)
{
	int fd;

	strcpy(self->path, "/tmp/log.XXXXXX");
	fd = mkstemp(self->path);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, fstat(fd, &self->st));
	self->old = dup(STDERR_FILENO);
	ASSERT_LE(0, dup2(fd, STDERR_FILENO));
	close(fd);
}

FIXTURE_TEARDOWN(log)
{
	unlink(self->path);
}

static void said(FIXTURE_DATA(log) * self, char text[64])
{
	FILE *file = fopen(self->path, "re");

	memset(text, 0, 64);
	if (!file || !fgets(text, 64, file))
		abort();
	fclose(file);
	dup2(self->old, STDERR_FILENO);
}

static void stream(const FIXTURE_DATA(log) * self, unsigned long more)
{
	char text[64];

	snprintf(text, sizeof(text), "%lu:%lu", (unsigned long)self->st.st_dev,
		 (unsigned long)self->st.st_ino + more);
	setenv("JOURNAL_STREAM", text, 1);
}

TEST_F(log, the_journal_has_the_priority)
{
	char text[64];

	stream(self, 0);
	log_init(false, false);
	log_line(LOG_WARNING, "a %s", "word");
	said(self, text);
	EXPECT_STREQ("<4>a word\n", text);
}

TEST_F(log, a_file_has_not)
{
	char text[64];

	unsetenv("JOURNAL_STREAM");
	log_init(false, false);
	log_line(LOG_WARNING, "a word");
	said(self, text);
	EXPECT_STREQ("a word\n", text);
}

TEST_F(log, nor_one_that_is_in_its_place)
{
	char text[64];

	stream(self, 1);
	log_init(false, false);
	log_line(LOG_WARNING, "a word");
	said(self, text);
	EXPECT_STREQ("a word\n", text);
}

TEST_HARNESS_MAIN
