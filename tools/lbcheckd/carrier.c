// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whether this host is connected to what is between it and a server: whether
 * the interface that the route leads to has a carrier.
 *
 * The kernel is asked when a check has failed, and answers without a lock that
 * others hold for long: that takes some microseconds, so that nothing has to be
 * kept that could be out of date.
 */

#include "carrier.h"
#include "addr.h"

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define REQUEST_SIZE	256
#define ANSWER_SIZE	8192

/**
 * struct carrier - whom to ask
 * @nl: for routes
 * @fd: any socket, for interfaces
 * @seq: number of the last question
 */
struct carrier {
	struct mnl_socket *nl;
	int fd;
	unsigned int seq;
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

	carrier->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	carrier->nl = mnl_socket_open2(NETLINK_ROUTE,
				       SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (carrier->fd < 0 || !carrier->nl ||
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
	if (carrier->fd >= 0)
		close(carrier->fd);
	free(carrier);
}

static void route_request(struct nlmsghdr *nlh, unsigned int seq,
			  const struct lb_addr *addr)
{
	bool v6 = addr->family == AF_INET6;
	struct rtmsg *route;

	nlh->nlmsg_type = RTM_GETROUTE;
	nlh->nlmsg_flags = NLM_F_REQUEST;
	nlh->nlmsg_seq = seq;
	route = mnl_nlmsg_put_extra_header(nlh, sizeof(*route));
	route->rtm_family = addr->family;
	route->rtm_dst_len = v6 ? 128 : 32;
	if (v6)
		mnl_attr_put(nlh, RTA_DST, sizeof(addr->v6), &addr->v6);
	else
		mnl_attr_put(nlh, RTA_DST, sizeof(addr->v4), &addr->v4);
}

static int route_attr_cb(const struct nlattr *attr, void *data)
{
	unsigned int *index = data;

	if (mnl_attr_get_type(attr) == RTA_OIF &&
	    !mnl_attr_validate(attr, MNL_TYPE_U32))
		*index = mnl_attr_get_u32(attr);

	return MNL_CB_OK;
}

static int route_cb(const struct nlmsghdr *nlh, void *data)
{
	if (nlh->nlmsg_type != RTM_NEWROUTE ||
	    mnl_nlmsg_get_payload_len(nlh) < sizeof(struct rtmsg))
		return MNL_CB_OK;

	return mnl_attr_parse(nlh, sizeof(struct rtmsg), route_attr_cb, data);
}

/* Returns the number of the interface, or 0. The answer is there at once. */
static unsigned int route_ask(struct carrier *carrier,
			      const struct lb_addr *addr)
{
	char request[REQUEST_SIZE], answer[ANSWER_SIZE];
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(request);
	unsigned int index = 0;
	ssize_t len;

	route_request(nlh, ++carrier->seq, addr);
	if (mnl_socket_sendto(carrier->nl, nlh, nlh->nlmsg_len) < 0)
		return 0;
	while ((len = mnl_socket_recvfrom(carrier->nl, answer,
					  sizeof(answer))) > 0)
		mnl_cb_run(answer, (size_t)len, carrier->seq, 0, route_cb,
			   &index);

	return index;
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
	struct ifreq request = { 0 };

	request.ifr_ifindex = (int)route_ask(carrier, addr);
	if (!request.ifr_ifindex ||
	    ioctl(carrier->fd, SIOCGIFNAME, &request))
		return false;
	memcpy(name, request.ifr_name, IF_NAMESIZE);
	if (ioctl(carrier->fd, SIOCGIFFLAGS, &request))
		return false;

	return !(request.ifr_flags & IFF_RUNNING);
}
