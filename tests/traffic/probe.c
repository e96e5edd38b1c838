// SPDX-License-Identifier: GPL-2.0-only
/*
 * probe VIP REAL tcp|udp SOURCE DEST PORT [keep] - what a server that is probed
 * has to say, in one line. With "keep" the probe is not ended.
 */

#include "../nl.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define PATIENCE	10000	/* ms */

/**
 * struct probe - a socket of a checker
 * @nl: socket of the family
 * @vip: name of the VIP
 * @real: name of the real
 * @udp: UDP, not TCP
 * @source: own address
 * @local: own address and port
 * @port: port of the real
 */
struct probe {
	struct nl nl;
	const char *vip;
	const char *real;
	bool udp;
	const char *source;
	struct sockaddr_in6 local;
	__u16 port;
};

static socklen_t address(struct sockaddr_in6 *to, const char *text, __u16 port)
{
	struct sockaddr_in *in = (struct sockaddr_in *)to;

	memset(to, 0, sizeof(*to));
	if (inet_pton(AF_INET6, text, &to->sin6_addr) == 1) {
		to->sin6_family = AF_INET6;
		to->sin6_port = htons(port);
		return sizeof(*to);
	}
	inet_pton(AF_INET, text, &in->sin_addr);
	in->sin_family = AF_INET;
	in->sin_port = htons(port);

	return sizeof(*in);
}

static int tell(struct probe *probe, __u8 cmd)
{
	struct nlmsghdr *nlh = nl_begin(&probe->nl, cmd, 0);
	struct nl_answer answer = { 0 };
	struct nlattr *nest;
	int err;

	nl_put_name(nlh, L4LB_A_VIP, probe->vip);
	nl_put_name(nlh, L4LB_A_REAL, probe->real);
	nest = mnl_attr_nest_start(nlh, L4LB_A_PROBE);
	nl_put_addr(nlh, L4LB_A_PROBE_ADDR4, probe->source);
	mnl_attr_put_u16(nlh, L4LB_A_PROBE_SPORT, probe->local.sin6_port);
	mnl_attr_put_u16(nlh, L4LB_A_PROBE_PORT, htons(probe->port));
	mnl_attr_put_u8(nlh, L4LB_A_PROBE_PROTO,
			probe->udp ? L4LB_PROTO_UDP : L4LB_PROTO_TCP);
	mnl_attr_nest_end(nlh, nest);
	err = nl_talk(&probe->nl, NULL, NULL, &answer);
	if (!err)
		err = answer.err;
	if (err)
		fprintf(stderr, "probe: %s: %s\n", strerror(-err), answer.text);

	return err;
}

static int fail(const char *what)
{
	fprintf(stderr, "probe: %s: %s\n", what, strerror(errno));

	return 1;
}

/* What the server says first, or answers. */
static int talk(const struct probe *probe, int fd)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	char line[256];
	ssize_t len;

	if (probe->udp && send(fd, "?", 1, 0) < 0)
		return fail("send");
	if (poll(&poll_fd, 1, PATIENCE) <= 0)
		return fail("no answer");
	len = recv(fd, line, sizeof(line), 0);
	if (len <= 0)
		return fail("recv");

	return fwrite(line, 1, (size_t)len, stdout) != (size_t)len;
}

static int run(struct probe *probe, const char *dest, bool keep)
{
	socklen_t len = address(&probe->local, probe->source, 0);
	struct sockaddr_in6 to;
	int fd, ret;

	fd = socket(probe->local.sin6_family,
		    probe->udp ? SOCK_DGRAM : SOCK_STREAM, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&probe->local, len) ||
	    getsockname(fd, (struct sockaddr *)&probe->local, &len))
		return fail("bind");
	if (tell(probe, L4LB_CMD_PROBE_NEW))
		return 1;

	len = address(&to, dest, probe->port);
	ret = connect(fd, (struct sockaddr *)&to, len) ? fail("connect") :
							 talk(probe, fd);
	close(fd);
	if (!keep && tell(probe, L4LB_CMD_PROBE_DEL))
		return 1;

	return ret;
}

int main(int argc, char **argv)
{
	static struct probe probe;

	if (argc < 7) {
		fputs("usage: probe VIP REAL tcp|udp SOURCE DEST PORT [keep]\n",
		      stderr);
		return 2;
	}
	if (nl_open(&probe.nl)) {
		fputs("probe: no socket\n", stderr);
		return 1;
	}
	probe.vip = argv[1];
	probe.real = argv[2];
	probe.udp = !strcmp(argv[3], "udp");
	probe.source = argv[4];
	probe.port = (__u16)atoi(argv[6]);

	return run(&probe, argv[5], argc > 7);
}
