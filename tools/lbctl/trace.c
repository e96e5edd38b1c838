// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbctl trace: what becomes of packets, a line for each.
 */

#include "trace.h"
#include "cmd.h"
#include "err.h"
#include "names.h"
#include "nl.h"
#include "out.h"
#include "stamp.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <poll.h>
#include <stdio.h>

#define FLAGS_TEXT	9

/* The letters of tcpdump, from the lowest bit on. */
static const char flag_letters[] = "FSRP.UEW";

static const char *flags_print(uint8_t flags, char buf[FLAGS_TEXT])
{
	unsigned int i, used = 0;

	for (i = 0; i < 8; i++) {
		if (flags & (1U << i))
			buf[used++] = flag_letters[i];
	}
	buf[used] = '\0';

	return buf;
}

static const char *proto_print(uint8_t proto, char *buf, size_t size)
{
	switch (proto) {
	case IPPROTO_TCP:
		return "tcp";
	case IPPROTO_UDP:
		return "udp";
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return "icmp";
	default:
		snprintf(buf, size, "protocol-%u", proto);
		return buf;
	}
}

static void print_names(const struct lb_trace *trace)
{
	if (*trace->vip || *trace->real)
		printf(" %s%s%s", trace->vip, *trace->real ? "/" : "",
		       trace->real);
	if (trace->state)
		printf(" %s", lb_names_word(&lb_conn_state_names,
					    trace->state));
}

static void print_trace(const struct lb_trace *trace)
{
	char from[LB_ADDR_TEXT], to[LB_ADDR_TEXT], proto[16];
	char flags[FLAGS_TEXT];

	if (trace->missed) {
		stamp_print(trace->time);
		printf("%u packets were too many to be shown\n",
		       trace->missed);
	}

	stamp_print(trace->time);
	lb_addr_print_port(&trace->src, trace->sport, from, sizeof(from));
	lb_addr_print_port(&trace->dst, trace->dport, to, sizeof(to));
	printf("%s %s > %s", proto_print(trace->proto, proto, sizeof(proto)),
	       from, to);
	if (trace->flags)
		printf(" %s", flags_print(trace->flags, flags));
	printf(" %u: %s%s", trace->len, trace->chosen ? "new, " : "",
	       lb_names_word(&lb_trace_verdict_names, trace->verdict));
	print_names(trace);
	if (trace->verdict == L4LB_TRACE_DROPPED)
		printf(": %s", lb_drop_text(trace->drop));
	putchar('\n');
}

static int json_trace(const struct lb_trace *trace)
{
	struct lb_out *out = lb_out_new(stdout, true, false);
	char addr[LB_ADDR_TEXT], flags[FLAGS_TEXT], proto[16];

	if (!out)
		return -ENOMEM;

	lb_out_object(out, NULL);
	lb_out_uint(out, "time", NULL, trace->time);
	lb_out_str(out, "protocol", NULL,
		   proto_print(trace->proto, proto, sizeof(proto)));
	lb_out_str(out, "src", NULL,
		   lb_addr_print(&trace->src, addr, sizeof(addr)));
	lb_out_uint(out, "sport", NULL, trace->sport);
	lb_out_str(out, "dst", NULL,
		   lb_addr_print(&trace->dst, addr, sizeof(addr)));
	lb_out_uint(out, "dport", NULL, trace->dport);
	lb_out_str(out, "flags", NULL, flags_print(trace->flags, flags));
	lb_out_uint(out, "bytes", NULL, trace->len);
	lb_out_bool(out, "reply", NULL, trace->reply);
	lb_out_str(out, "verdict", NULL,
		   lb_names_word(&lb_trace_verdict_names, trace->verdict));
	if (trace->verdict == L4LB_TRACE_DROPPED)
		lb_out_str(out, "drop", NULL,
			   lb_names_word(&lb_drop_names, trace->drop));
	lb_out_bool(out, "new", NULL, trace->chosen);
	if (*trace->vip)
		lb_out_str(out, "vip", NULL, trace->vip);
	if (*trace->real)
		lb_out_str(out, "real", NULL, trace->real);
	if (trace->state)
		lb_out_str(out, "state", NULL,
			   lb_names_word(&lb_conn_state_names, trace->state));
	lb_out_uint(out, "missed", NULL, trace->missed);

	return lb_out_free(out);
}

static int trace_show(const struct nlmsghdr *nlh, void *data)
{
	const struct cmd *cmd = data;
	struct lb_trace trace;
	int ret;

	ret = lb_trace_get(nlh, &trace);
	if (ret == -EOPNOTSUPP)
		return MNL_CB_OK;
	if (!ret && cmd->json)
		ret = json_trace(&trace);
	else if (!ret)
		print_trace(&trace);
	if (!ret && fflush(stdout))
		ret = -errno;
	if (!ret)
		return MNL_CB_OK;
	errno = -ret;

	return MNL_CB_ERROR;
}

/* What does not fit into the socket is counted by the module. */
static int trace_read(struct cmd *cmd, struct lb_err *err)
{
	int ret = lb_nl_receive(cmd->nl, trace_show, cmd, err);

	return ret == -ENOBUFS ? 0 : ret;
}

static int trace_packets(struct cmd *cmd, const struct lb_filter *filter,
			 struct lb_err *err)
{
	struct pollfd fd = { .fd = lb_nl_fd(cmd->nl), .events = POLLIN };
	int ret;

	ret = lb_nl_watch(cmd->nl, err);
	if (!ret)
		ret = lb_trace_begin(cmd->nl, filter, err);
	while (!ret) {
		if (poll(&fd, 1, -1) < 0 && errno != EINTR)
			return lb_err_code(err, -errno);
		ret = trace_read(cmd, err);
	}

	return ret;
}

static int trace_run(struct cmd *cmd, struct lb_words *words)
{
	struct lb_filter filter;
	struct lb_err err = { 0 };
	int ret;

	cmd_words(cmd, words);
	ret = lb_parse_conn_filter(words, &filter, &err);
	if (ret)
		return cmd_usage(cmd, ret, &err);

	ret = cmd_open(cmd);
	if (ret)
		return ret;
	ret = trace_packets(cmd, &filter, &err);

	return cmd_result(cmd, ret, &err);
}

const struct verb trace_verbs[] = {
	{ .object = "trace",
	  .usage = "[src PREFIX] [vip NAME] [real NAME] [limit N]",
	  .run = trace_run },
	{ .object = NULL },
};
