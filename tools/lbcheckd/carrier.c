// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether this host is connected to what is between it and a server: whether
 * the interface that the route leads to has a carrier.
 *
 * The kernel is asked when a check has failed: that takes some microseconds, so
 * that nothing has to be kept that could be out of date.
 */

#include "carrier.h"
#include "addr.h"

#include <libmnl/libmnl.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define REQUEST_SIZE	256
#define ANSWER_SIZE	8192

/**
 * struct carrier - whom to ask
 * @nl: socket
 * @seq: number of the last question
 */
struct carrier {
	struct mnl_socket *nl;
	unsigned int seq;
};

/**
 * struct way - what is known of the way to a server
 * @index: number of the interface, 0 if there is none
 * @name: its name
 * @lost: it has no carrier
 */
struct way {
	unsigned int index;
	char name[IF_NAMESIZE];
	bool lost;
};

/**
 * carrier_new() - be ready to ask
 *
 * Return: for carrier_free(), or NULL.
 */
struct carrier *carrier_new(void)
{
	struct carrier *carrier = calloc(1, sizeof(*carrier));

	if (!carrier)
		return NULL;

	carrier->nl = mnl_socket_open2(NETLINK_ROUTE,
				       SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (!carrier->nl ||
	    mnl_socket_bind(carrier->nl, 0, MNL_SOCKET_AUTOPID) < 0) {
		carrier_free(carrier);
		return NULL;
	}

	return carrier;
}

/**
 * carrier_free() - ask no more
 * @carrier: what carrier_new() made, or NULL
 */
void carrier_free(struct carrier *carrier)
{
	if (!carrier)
		return;
	if (carrier->nl)
		mnl_socket_close(carrier->nl);
	free(carrier);
}

static int route_attr_cb(const struct nlattr *attr, void *data)
{
	struct way *way = data;

	if (mnl_attr_get_type(attr) == RTA_OIF &&
	    !mnl_attr_validate(attr, MNL_TYPE_U32))
		way->index = mnl_attr_get_u32(attr);

	return MNL_CB_OK;
}

static int link_attr_cb(const struct nlattr *attr, void *data)
{
	struct way *way = data;

	if (mnl_attr_get_type(attr) == IFLA_IFNAME &&
	    !mnl_attr_validate(attr, MNL_TYPE_NUL_STRING))
		snprintf(way->name, sizeof(way->name), "%s",
			 mnl_attr_get_str(attr));

	return MNL_CB_OK;
}

static int answer_cb(const struct nlmsghdr *nlh, void *data)
{
	const struct ifinfomsg *link = mnl_nlmsg_get_payload(nlh);
	struct way *way = data;

	if (nlh->nlmsg_type == RTM_NEWROUTE)
		return mnl_attr_parse(nlh, sizeof(struct rtmsg), route_attr_cb,
				      way);
	if (nlh->nlmsg_type != RTM_NEWLINK ||
	    mnl_nlmsg_get_payload_len(nlh) < sizeof(*link))
		return MNL_CB_OK;

	/* What follows from the carrier is known up to a second later. */
	way->lost = !(link->ifi_flags & IFF_LOWER_UP);

	return mnl_attr_parse(nlh, sizeof(*link), link_attr_cb, way);
}

/* The answer is there at once. */
static void ask(struct carrier *carrier, struct nlmsghdr *nlh, struct way *way)
{
	char answer[ANSWER_SIZE];
	ssize_t len;

	nlh->nlmsg_flags = NLM_F_REQUEST;
	nlh->nlmsg_seq = ++carrier->seq;
	if (mnl_socket_sendto(carrier->nl, nlh, nlh->nlmsg_len) < 0)
		return;
	while ((len = mnl_socket_recvfrom(carrier->nl, answer,
					  sizeof(answer))) > 0)
		mnl_cb_run(answer, (size_t)len, carrier->seq, 0, answer_cb,
			   way);
}

static void ask_route(struct carrier *carrier, const struct lb_addr *addr,
		      struct way *way)
{
	bool v6 = addr->family == AF_INET6;
	char request[REQUEST_SIZE];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(request);
	struct rtmsg *route;

	nlh->nlmsg_type = RTM_GETROUTE;
	route = mnl_nlmsg_put_extra_header(nlh, sizeof(*route));
	route->rtm_family = addr->family;
	route->rtm_dst_len = v6 ? 128 : 32;
	if (v6)
		mnl_attr_put(nlh, RTA_DST, sizeof(addr->v6), &addr->v6);
	else
		mnl_attr_put(nlh, RTA_DST, sizeof(addr->v4), &addr->v4);
	ask(carrier, nlh, way);
}

static void ask_link(struct carrier *carrier, struct way *way)
{
	char request[REQUEST_SIZE];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(request);
	struct ifinfomsg *link;

	nlh->nlmsg_type = RTM_GETLINK;
	link = mnl_nlmsg_put_extra_header(nlh, sizeof(*link));
	link->ifi_index = (int)way->index;
	ask(carrier, nlh, way);
}

/**
 * carrier_is_lost() - ask whether packets to a server get no further than here
 * @carrier: what carrier_new() made
 * @addr: the server's address
 * @name: where the name of the interface goes that has no carrier
 *
 * Return: whether they do not; false also if that cannot be found out.
 */
bool carrier_is_lost(struct carrier *carrier, const struct lb_addr *addr,
		     char name[IF_NAMESIZE])
{
	struct way way = { 0 };

	ask_route(carrier, addr, &way);
	if (way.index)
		ask_link(carrier, &way);
	memcpy(name, way.name, IF_NAMESIZE);

	return way.lost;
}
