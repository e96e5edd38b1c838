// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whoever asks by HTTP gets the page, and whoever does not cannot stay.
 */

#include "kselftest_harness.h"

#include "err.h"
#include "scrape.h"

#include <event2/buffer.h>
#include <event2/event.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

FIXTURE(scrape) {
	struct event_base *base;
	struct scrape *scrape;
	unsigned int asked;
	char path[64];
	char where[80];
	char answer[65536];
};

static void take(void *data)
{
	unsigned int *asked = data;

	(*asked)++;
}

FIXTURE_SETUP(scrape)
{
	memset(self, 0, sizeof(*self));
	snprintf(self->path, sizeof(self->path), "/tmp/scrape.%d", getpid());
	snprintf(self->where, sizeof(self->where), "unix:%s", self->path);
	self->base = event_base_new();
	ASSERT_EQ(0, scrape_new(&self->scrape, self->base, self->where, take,
				&self->asked, NULL));
}

FIXTURE_TEARDOWN(scrape)
{
	scrape_free(self->scrape);
	event_base_free(self->base);
}

static int visit(FIXTURE_DATA(scrape) * self, const char *request)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	strcpy(address.sun_path, self->path);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) ||
	    send(fd, request, strlen(request), MSG_NOSIGNAL) < 0)
		abort();

	return fd;
}

/* Until the other side has closed. */
static const char *answer(FIXTURE_DATA(scrape) * self, int fd)
{
	size_t used = 0;
	ssize_t got;

	do {
		event_base_loop(self->base, EVLOOP_NONBLOCK);
		got = recv(fd, self->answer + used,
			   sizeof(self->answer) - 1 - used, MSG_DONTWAIT);
		used += got > 0 ? (size_t)got : 0;
	} while (got > 0 || (got < 0 && errno == EAGAIN));
	self->answer[used] = '\0';
	close(fd);

	return self->answer;
}

static void ask_until(FIXTURE_DATA(scrape) * self, unsigned int asked)
{
	while (self->asked < asked)
		event_base_loop(self->base, EVLOOP_ONCE);
}

static void give(FIXTURE_DATA(scrape) * self, const char *text)
{
	struct evbuffer *page = evbuffer_new();

	evbuffer_add(page, text, strlen(text));
	scrape_page(self->scrape, page);
	evbuffer_free(page);
}

TEST_F(scrape, who_asks_gets_the_page)
{
	int fd = visit(self, "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");

	ask_until(self, 1);
	give(self, "l4lb_up 1\n");
	EXPECT_STREQ("HTTP/1.1 200 OK\r\n"
		     "Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
		     "Content-Length: 10\r\n"
		     "Connection: close\r\n\r\n"
		     "l4lb_up 1\n", answer(self, fd));
}

TEST_F(scrape, all_who_ask_meanwhile_get_the_same)
{
	int a = visit(self, "GET /metrics?x=1 HTTP/1.0\n\n");
	int b, i;

	ask_until(self, 1);
	b = visit(self, "GET /metrics HTTP/1.0\n\n");
	for (i = 0; i < 10; i++)
		event_base_loop(self->base, EVLOOP_NONBLOCK);
	give(self, "one\n");
	EXPECT_NE(NULL, strstr(answer(self, a), "\r\n\r\none\n"));
	EXPECT_NE(NULL, strstr(answer(self, b), "\r\n\r\none\n"));
	EXPECT_EQ(1, self->asked);

	a = visit(self, "HEAD /metrics HTTP/1.0\n\n");
	ask_until(self, 2);
	give(self, "two\n");
	EXPECT_EQ(NULL, strstr(answer(self, a), "two"));
}

TEST_F(scrape, a_request_may_come_in_pieces)
{
	int fd = visit(self, "GET /met"), i;

	for (i = 0; i < 10; i++)
		event_base_loop(self->base, EVLOOP_NONBLOCK);
	EXPECT_EQ(0, self->asked);
	ASSERT_EQ(16, send(fd, "rics HTTP/1.0\n\nxx", 16, 0));
	ask_until(self, 1);
	scrape_page(self->scrape, NULL);
	EXPECT_NE(NULL, strstr(answer(self, fd), "503 Service Unavailable"));
}

TEST_F(scrape, other_requests_are_refused)
{
	static const struct {
		const char *request;
		const char *status;
	} cases[] = {
		{ "\n\n", "400" },
		{ "GET\n\n", "400" },
		{ "POST /metrics HTTP/1.0\n\n", "405" },
		{ "GET / HTTP/1.0\n\n", "404" },
		{ "GET /metrics/ HTTP/1.0\n\n", "404" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(cases); i++)
		EXPECT_EQ(0, strncmp(cases[i].status,
				     answer(self, visit(self, cases[i].request)) +
				     strlen("HTTP/1.1 "), 3))
			TH_LOG("case %zu", i);
	EXPECT_EQ(0, self->asked);
}

TEST_F(scrape, a_request_without_end_is_refused)
{
	char big[8193];

	memset(big, 'a', sizeof(big));
	big[sizeof(big) - 1] = '\0';
	EXPECT_NE(NULL, strstr(answer(self, visit(self, big)), "431"));
}

TEST_F(scrape, who_leaves_is_no_loss)
{
	int fd = visit(self, "GET /metrics HTTP/1.0\n\n");
	int i;

	ask_until(self, 1);
	close(fd);
	for (i = 0; i < 10; i++)
		event_base_loop(self->base, EVLOOP_NONBLOCK);
	give(self, "page\n");
	for (i = 0; i < 10; i++)
		event_base_loop(self->base, EVLOOP_NONBLOCK);
	fd = visit(self, "GET /metrics HTTP/1.0\n\n");
	ask_until(self, 2);
	give(self, "page\n");
	EXPECT_NE(NULL, strstr(answer(self, fd), "page"));
}

/* The ninth waits until there is room. */
TEST_F(scrape, not_all_can_be_there_at_once)
{
	int fd[9], i;

	for (i = 0; i < 9; i++)
		fd[i] = visit(self, i < 8 ? "" : "GET /metrics HTTP/1.0\n\n");
	for (i = 0; i < 50; i++)
		event_base_loop(self->base, EVLOOP_NONBLOCK);
	EXPECT_EQ(0, self->asked);
	close(fd[0]);
	ask_until(self, 1);
	give(self, "page\n");
	EXPECT_NE(NULL, strstr(answer(self, fd[8]), "page"));
	for (i = 1; i < 8; i++)
		close(fd[i]);
}

/* Who asks then waits, and we do nothing but that. */
TEST_F(scrape, without_descriptors_they_wait)
{
	int fd = visit(self, "GET /metrics HTTP/1.0\n\n");
	struct rlimit before, none;

	ASSERT_EQ(0, getrlimit(RLIMIT_NOFILE, &before));
	none = before;
	none.rlim_cur = (rlim_t)fd + 1;
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &none));
	event_base_loop(self->base, EVLOOP_ONCE);
	EXPECT_EQ(0, self->asked);
	EXPECT_EQ(1, event_base_get_num_events(self->base,
					       EVENT_BASE_COUNT_ADDED));
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &before));

	ask_until(self, 1);
	give(self, "page\n");
	EXPECT_NE(NULL, strstr(answer(self, fd), "page"));
}

TEST_F(scrape, a_socket_left_behind_is_taken_over)
{
	struct scrape *other;
	struct stat info;

	ASSERT_EQ(0, stat(self->path, &info));
	EXPECT_EQ(0660, info.st_mode & 0777);
	ASSERT_EQ(0, scrape_new(&other, self->base, self->where, take,
				&self->asked, NULL));
	scrape_free(other);
	EXPECT_NE(0, stat(self->path, &info));
}

TEST(other_places_are_refused)
{
	static const char *const places[] = {
		"", "127.0.0.1", "127.0.0.1:0", "0.0.0.0:9414",
		"192.168.1.1:9414", "[::]:9414", "[fe80::1]:9414",
		"localhost:9414", "unix:", "unix:relative", "unix:/no/such/dir/x",
		"unix:/etc/passwd",
	};
	struct event_base *base = event_base_new();
	struct scrape *scrape;
	char path[256];
	struct lb_err err;
	size_t i;

	memset(path, 'x', sizeof(path));
	memcpy(path, "unix:/", strlen("unix:/"));
	path[sizeof(path) - 1] = '\0';
	EXPECT_EQ(-EINVAL, scrape_new(&scrape, base, path, take, NULL, &err));
	for (i = 0; i < ARRAY_SIZE(places); i++) {
		err.text[0] = '\0';
		EXPECT_GT(0, scrape_new(&scrape, base, places[i], take, NULL,
					&err));
		EXPECT_NE('\0', err.text[0]) TH_LOG("case %zu", i);
	}
	event_base_free(base);
}

TEST_HARNESS_MAIN
