// SPDX-License-Identifier: GPL-2.0-only
/*
 * load VERB ADDRESS PORT ... - clients for the servers of serve.c
 */

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <linux/types.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* In ms: until a client gives up, and until it asks again. */
#define PATIENCE	60000
#define RETRY		10000

/* Of a flood: clients side by side, turns until one gives up. */
#define FLOOD_WIDTH	8
#define FLOOD_PATIENCE	100
#define LINE		65536

static union {
	struct sockaddr sa;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
} server;

static socklen_t server_len;

static void help(void)
{
	fputs("usage: load ask ADDRESS PORT N     N connections, their greetings\n"
	      "       load again ADDRESS PORT OWN-PORT N\n"
	      "                                  the same, all from one port\n"
	      "       load asku ADDRESS PORT N [SIZE] [option|df|nosum]...\n"
	      "                                  N datagrams, their answers' line\n"
	      "       load stream ADDRESS PORT BYTES\n"
	      "                                  there and back, and compared\n"
	      "       load flood ADDRESS PORT MS connections and datagrams until\n"
	      "                                  it is ended, with a pause of MS\n"
	      "                                  between turns; says when the\n"
	      "                                  first conversation was had\n",
	      stderr);
	exit(2);
}

static void set_server(const char *addr, const char *port)
{
	if (inet_pton(AF_INET, addr, &server.in.sin_addr) == 1) {
		server.in.sin_family = AF_INET;
		server.in.sin_port = htons(atoi(port));
		server_len = sizeof(server.in);
	} else if (inet_pton(AF_INET6, addr, &server.in6.sin6_addr) == 1) {
		server.in6.sin6_family = AF_INET6;
		server.in6.sin6_port = htons(atoi(port));
		server_len = sizeof(server.in6);
	} else {
		errx(2, "not an address: %s", addr);
	}
}

/* Whether it was before the time ran out. */
static bool wait_for(int fd, short events, int ms)
{
	struct pollfd pfd = { .fd = fd, .events = events };

	return poll(&pfd, 1, ms) == 1;
}

/* @port: own port, or 0 for any */
static int open_tcp(__u16 port)
{
	struct sockaddr_in6 own = { .sin6_port = htons(port) };
	socklen_t len = sizeof(int);
	int fd, one = 1, error = 0;

	fd = socket(server.sa.sa_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (fd < 0)
		err(1, "socket");
	if (port) {
		own.sin6_family = server.sa.sa_family;
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
		if (bind(fd, (struct sockaddr *)&own, server_len))
			err(1, "bind");
	}
	if (!connect(fd, &server.sa, server_len))
		return fd;
	if (errno != EINPROGRESS)
		err(1, "connect");
	if (!wait_for(fd, POLLOUT, PATIENCE))
		errx(1, "connect: no answer");
	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len);
	if (error)
		errx(1, "connect: %s", strerror(error));

	return fd;
}

static void print_greeting(int fd)
{
	char line[256];
	size_t used = 0;
	ssize_t len;

	do {
		if (!wait_for(fd, POLLIN, PATIENCE))
			errx(1, "no greeting");
		len = recv(fd, line + used, sizeof(line) - used, 0);
		if (len <= 0)
			errx(1, "no greeting: %s",
			     len ? strerror(errno) : "closed");
		used += len;
	} while (line[used - 1] != '\n');
	fwrite(line, 1, used, stdout);
	fflush(stdout);
}

static void ask(unsigned int n)
{
	int fd;

	while (n--) {
		fd = open_tcp(0);
		print_greeting(fd);
		close(fd);
	}
}

/* Each from the same port, after the end of the one before. */
static void again(__u16 port, unsigned int n)
{
	char byte;
	int fd;

	while (n--) {
		fd = open_tcp(port);
		print_greeting(fd);
		shutdown(fd, SHUT_WR);
		if (!wait_for(fd, POLLIN, PATIENCE) || recv(fd, &byte, 1, 0))
			errx(1, "the server did not close");
		close(fd);
	}
}

static int open_udp(char **words)
{
	int fd, one = 1, how;
	static const __u8 option[4] = { 1, 1, 1, 1 };

	fd = socket(server.sa.sa_family, SOCK_DGRAM, 0);
	if (fd < 0 || connect(fd, &server.sa, server_len))
		err(1, "socket");

	how = IP_PMTUDISC_DONT;
	if (server.sa.sa_family == AF_INET)
		setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &how, sizeof(how));
	for (; *words; words++) {
		if (!strcmp(*words, "option")) {
			setsockopt(fd, IPPROTO_IP, IP_OPTIONS, option,
				   sizeof(option));
		} else if (!strcmp(*words, "df")) {
			how = IP_PMTUDISC_DO;
			setsockopt(fd, IPPROTO_IP, IP_MTU_DISCOVER, &how,
				   sizeof(how));
		} else if (!strcmp(*words, "nosum")) {
			setsockopt(fd, SOL_SOCKET, SO_NO_CHECK, &one,
				   sizeof(one));
		} else {
			help();
		}
	}

	return fd;
}

/* Datagrams may be lost, so they are sent again; true if answered in full. */
static bool ask_datagram(int fd, const char *data, size_t size)
{
	static char answer[LINE];
	int left = PATIENCE / RETRY;
	char *end;
	ssize_t len;

	while (left--) {
		if (send(fd, data, size, 0) < 0 && errno != EMSGSIZE &&
		    errno != ECONNREFUSED && errno != EHOSTUNREACH)
			err(1, "send");
		if (!wait_for(fd, POLLIN, RETRY))
			continue;
		len = recv(fd, answer, sizeof(answer), 0);
		if (len < 0)
			continue;
		end = memchr(answer, '\n', len);
		if (!end)
			errx(1, "a strange answer");
		end++;
		if ((size_t)(answer + len - end) != size ||
		    memcmp(end, data, size))
			errx(1, "the answer has other data");
		fwrite(answer, 1, end - answer, stdout);
		fflush(stdout);
		return true;
	}

	return false;
}

static void ask_datagrams(unsigned int n, char **words)
{
	static char data[LINE];
	size_t size = 1, i;
	int fd;

	if (*words && **words >= '0' && **words <= '9') {
		size = strtoul(*words, NULL, 10);
		if (size > sizeof(data))
			help();
		words++;
	}
	for (i = 0; i < size; i++)
		data[i] = 'a' + i % 26;
	while (n--) {
		fd = open_udp(words);
		if (!ask_datagram(fd, data, size))
			errx(1, "no answer");
		close(fd);
	}
}

/* A byte that depends on its place: nothing can be lost or swapped unseen. */
static __u8 stream_byte(__u64 at)
{
	return (at * 2654435761u) >> 24 ^ at;
}

static void stream_send(int fd, __u64 *at, __u64 size)
{
	__u8 buf[16384];
	size_t i, n = size - *at < sizeof(buf) ? size - *at : sizeof(buf);
	ssize_t len;

	for (i = 0; i < n; i++)
		buf[i] = stream_byte(*at + i);
	len = send(fd, buf, n, MSG_NOSIGNAL);
	if (len < 0 && errno != EAGAIN)
		err(1, "send after %llu bytes", (unsigned long long)*at);
	if (len > 0)
		*at += len;
	if (*at == size)
		shutdown(fd, SHUT_WR);
}

/* False at the end of it. */
static bool stream_receive(int fd, __u64 *at)
{
	__u8 buf[16384];
	ssize_t i, len;

	len = recv(fd, buf, sizeof(buf), 0);
	if (len < 0 && errno != EAGAIN)
		err(1, "recv after %llu bytes", (unsigned long long)*at);
	for (i = 0; i < len; i++, (*at)++)
		if (buf[i] != stream_byte(*at))
			errx(1, "another byte came back at %llu",
			     (unsigned long long)*at);

	return len != 0;
}

static void stream(__u64 size)
{
	__u64 sent = 0, received = 0;
	struct pollfd pfd;

	pfd.fd = open_tcp(0);
	print_greeting(pfd.fd);
	for (;;) {
		pfd.events = POLLIN | (sent < size ? POLLOUT : 0);
		if (poll(&pfd, 1, PATIENCE) != 1)
			errx(1, "stuck after %llu bytes",
			     (unsigned long long)received);
		if (sent < size && pfd.revents & POLLOUT)
			stream_send(pfd.fd, &sent, size);
		if (pfd.revents & (POLLIN | POLLHUP | POLLERR) &&
		    !stream_receive(pfd.fd, &received))
			break;
	}
	if (received != size)
		errx(1, "%llu of %llu bytes came back",
		     (unsigned long long)received, (unsigned long long)size);
	printf("%llu bytes\n", (unsigned long long)received);
}

/**
 * struct talk - one short conversation at a time; whatever goes wrong ends it
 * @fd: its connection, or -1 between two
 * @left: turns until it has taken too long
 * @asked: the greeting has come, and its answer is under way
 */
struct talk {
	int fd;
	int left;
	bool asked;
};

static void talk_step(struct talk *talk)
{
	static bool said;
	char buf[256];
	ssize_t len;

	if (talk->fd < 0) {
		talk->fd = socket(server.sa.sa_family,
				  SOCK_STREAM | SOCK_NONBLOCK, 0);
		talk->left = FLOOD_PATIENCE;
		talk->asked = false;
		if (talk->fd >= 0)
			connect(talk->fd, &server.sa, server_len);
		return;
	}

	len = recv(talk->fd, buf, sizeof(buf), 0);
	if (len > 0 && !talk->asked) {
		talk->asked = true;
		send(talk->fd, "again\n", 6, MSG_NOSIGNAL);
		return;
	}
	if (len > 0 && !said) {
		said = true;
		printf("flooding\n");
		fflush(stdout);
	}
	if (len < 0 && errno == EAGAIN && --talk->left)
		return;
	close(talk->fd);
	talk->fd = -1;
}

static void flood_datagrams(int *fd)
{
	static unsigned int turn;
	char data[64];
	int i;

	/* Now and then from another port. */
	if (*fd >= 0 && !(turn++ % 8)) {
		close(*fd);
		*fd = -1;
	}
	if (*fd < 0)
		*fd = socket(server.sa.sa_family, SOCK_DGRAM | SOCK_NONBLOCK, 0);
	memset(data, 'x', sizeof(data));
	for (i = 0; i < 4; i++)
		sendto(*fd, data, sizeof(data), 0, &server.sa, server_len);
	while (recv(*fd, data, sizeof(data), 0) >= 0)
		continue;
}

static void flood(unsigned int pause)
{
	struct talk talks[FLOOD_WIDTH];
	int i, udp = -1;

	for (i = 0; i < FLOOD_WIDTH; i++)
		talks[i].fd = -1;
	for (;;) {
		for (i = 0; i < FLOOD_WIDTH; i++)
			talk_step(&talks[i]);
		flood_datagrams(&udp);
		usleep(pause * 1000);
	}
}

int main(int argc, char **argv)
{
	const char *verb = argv[1];

	if (argc < 4)
		help();

	set_server(argv[2], argv[3]);
	if (!strcmp(verb, "ask") && argc == 5)
		ask(atoi(argv[4]));
	else if (!strcmp(verb, "again") && argc == 6)
		again(atoi(argv[4]), atoi(argv[5]));
	else if (!strcmp(verb, "asku") && argc >= 5)
		ask_datagrams(atoi(argv[4]), argv + 5);
	else if (!strcmp(verb, "stream") && argc == 5)
		stream(strtoull(argv[4], NULL, 10));
	else if (!strcmp(verb, "flood") && argc == 5)
		flood(atoi(argv[4]));
	else
		help();

	return 0;
}
