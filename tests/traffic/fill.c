// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many VIPs and reals at once: lbctl would need one process for each.
 *
 *	fill ADDRESS ADDRESSES PORT VIPS REAL REALS dr|nat SCHED
 *
 * VIPs v0, v1, ... are on ADDRESSES addresses from ADDRESS on, with one port of TCP
 * and UDP each, from PORT on; reals r0, r1, ... have addresses from REAL on and go to
 * the VIPs in turn. Nothing is checked. Says how long that took.
 */

#include "../nl.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const char *const scheds[] = {
	[L4LB_SCHED_WRR] = "wrr", [L4LB_SCHED_RR] = "rr",
	[L4LB_SCHED_WLC] = "wlc", [L4LB_SCHED_LC] = "lc",
	[L4LB_SCHED_SH] = "sh", [L4LB_SCHED_MH] = "mh",
};

struct fill {
	struct nl nl;
	__u32 addr;
	unsigned int addrs;
	unsigned int port;
	unsigned int vips;
	__u32 real;
	unsigned int reals;
	__u8 mode;
	__u8 sched;
};

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);

	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void put_be32(struct nlmsghdr *nlh, __u16 type, __u32 value)
{
	mnl_attr_put_u32(nlh, type, htonl(value));
}

static int add_vip(struct fill *fill, unsigned int i)
{
	struct nlmsghdr *nlh = nl_begin(&fill->nl, L4LB_CMD_VIP_NEW, 0);
	struct nlattr *nest = mnl_attr_nest_start(nlh, L4LB_A_VIP), *inner;
	__u16 port = (__u16)(fill->port + i / fill->addrs);
	char name[16];

	snprintf(name, sizeof(name), "v%u", i);
	mnl_attr_put_strz(nlh, L4LB_A_VIP_NAME, name);
	put_be32(nlh, L4LB_A_VIP_ADDR4, fill->addr + i % fill->addrs);
	mnl_attr_put_u8(nlh, L4LB_A_VIP_PROTOS, L4LB_PROTO_ALL);
	inner = mnl_attr_nest_start(nlh, L4LB_A_VIP_PORTS);
	nl_put_range(nlh, port, port);
	mnl_attr_nest_end(nlh, inner);
	mnl_attr_put_u8(nlh, L4LB_A_VIP_MODE, fill->mode);
	mnl_attr_put_u8(nlh, L4LB_A_VIP_SCHED, fill->sched);
	inner = mnl_attr_nest_start(nlh, L4LB_A_VIP_CHECK);
	mnl_attr_put_strz(nlh, L4LB_A_CHECK_TYPE, "off");
	mnl_attr_nest_end(nlh, inner);
	mnl_attr_nest_end(nlh, nest);

	return nl_do(&fill->nl);
}

static int add_real(struct fill *fill, unsigned int i)
{
	struct nlmsghdr *nlh = nl_begin(&fill->nl, L4LB_CMD_REAL_NEW, 0);
	struct nlattr *nest;
	char name[16];

	snprintf(name, sizeof(name), "v%u", i % fill->vips);
	nl_put_name(nlh, L4LB_A_VIP, name);
	nest = mnl_attr_nest_start(nlh, L4LB_A_REAL);
	snprintf(name, sizeof(name), "r%u", i);
	mnl_attr_put_strz(nlh, L4LB_A_REAL_NAME, name);
	put_be32(nlh, L4LB_A_REAL_ADDR4, fill->real + i);
	mnl_attr_nest_end(nlh, nest);

	return nl_do(&fill->nl);
}

static int add_all(struct fill *fill)
{
	double start = now(), middle;
	unsigned int i;
	int err = 0;

	for (i = 0; i < fill->vips && !err; i++)
		err = add_vip(fill, i);
	middle = now();
	for (i = 0; i < fill->reals && !err; i++)
		err = add_real(fill, i);
	if (err)
		fprintf(stderr, "fill: %s\n", strerror(-err));
	else
		printf("%u vips in %.2f s, %u reals in %.2f s\n", fill->vips,
		       middle - start, fill->reals, now() - middle);

	return err;
}

static unsigned int number(const char *text)
{
	return (unsigned int)strtoul(text, NULL, 10);
}

static __u32 address(const char *text)
{
	struct in_addr in = { 0 };

	inet_pton(AF_INET, text, &in);

	return ntohl(in.s_addr);
}

int main(int argc, char **argv)
{
	static struct fill fill;
	__u8 sched = L4LB_SCHED_MAX;

	if (argc != 9) {
		fputs("usage: fill ADDRESS ADDRESSES PORT VIPS REAL REALS dr|nat SCHED\n",
		      stderr);
		return 2;
	}
	if (nl_open(&fill.nl)) {
		fputs("fill: no socket\n", stderr);
		return 1;
	}

	while (sched > L4LB_SCHED_WRR && strcmp(scheds[sched], argv[8]))
		sched--;
	fill.addr = address(argv[1]);
	fill.addrs = number(argv[2]);
	fill.port = number(argv[3]);
	fill.vips = number(argv[4]);
	fill.real = address(argv[5]);
	fill.reals = number(argv[6]);
	fill.mode = strcmp(argv[7], "nat") ? L4LB_MODE_DR : L4LB_MODE_NAT;
	fill.sched = sched;

	return add_all(&fill) ? 1 : 0;
}
