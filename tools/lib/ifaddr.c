// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses on interfaces. Who has put one there is in the kernel, as its
 * protocol, so that it outlives the program and is known to the next one.
 */

#include "ifaddr.h"
#include "err.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

/* How often a list is read anew that changed meanwhile. */
#define TRIES	10

/* Room for what is asked, and for an answer of the kernel. */
#define REQUEST_SIZE	256
#define ANSWER_SIZE	32768

/**
 * struct reading - a list that is being read
 * @list: what was read
 * @count: how many
 * @room: for how many there is memory
 */
struct reading {
	struct lb_ifaddr *list;
	size_t count;
	size_t room;
};

/**
 * lb_ifaddr_open() - connect to the kernel
 * @sock: where to, for mnl_socket_close()
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_ifaddr_open(struct mnl_socket **sock, struct lb_err *err)
{
	int ret;

	*sock = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (!*sock)
		return lb_err_code(err, -errno);
	if (!mnl_socket_bind(*sock, 0, MNL_SOCKET_AUTOPID))
		return 0;

	ret = lb_err_code(err, -errno);
	mnl_socket_close(*sock);
	*sock = NULL;

	return ret;
}

static int talk(struct mnl_socket *sock, const struct nlmsghdr *nlh, mnl_cb_t cb,
		void *data)
{
	char *answer = malloc(ANSWER_SIZE);
	ssize_t got;
	int ret;

	if (!answer)
		return -ENOMEM;

	ret = mnl_socket_sendto(sock, nlh, nlh->nlmsg_len) < 0 ? -1 :
								 MNL_CB_OK;
	while (ret >= MNL_CB_OK) {
		got = mnl_socket_recvfrom(sock, answer, ANSWER_SIZE);
		if (got < 0) {
			ret = -1;
			break;
		}
		ret = mnl_cb_run(answer, (size_t)got, nlh->nlmsg_seq,
				 mnl_socket_get_portid(sock), cb, data);
		if (ret == MNL_CB_STOP)
			break;
	}
	ret = ret < 0 ? -errno : 0;
	free(answer);

	return ret;
}

static bool room_make(struct reading *reading)
{
	size_t room = reading->room ? 2 * reading->room : 64;
	struct lb_ifaddr *list;

	if (reading->count < reading->room)
		return true;
	list = realloc(reading->list, room * sizeof(*list));
	if (!list)
		return false;
	reading->list = list;
	reading->room = room;

	return true;
}

static bool addr_read(const struct nlattr *attr, int family,
		      struct lb_addr *addr)
{
	size_t size = family == AF_INET ? sizeof(addr->v4) : sizeof(addr->v6);

	if (mnl_attr_get_payload_len(attr) != size)
		return false;
	memset(addr, 0, sizeof(*addr));
	addr->family = family;
	if (family == AF_INET)
		memcpy(&addr->v4, mnl_attr_get_payload(attr), size);
	else
		memcpy(&addr->v6, mnl_attr_get_payload(attr), size);

	return true;
}

static int list_cb(const struct nlmsghdr *nlh, void *data)
{
	const struct ifaddrmsg *header = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr, *addr = NULL, *local = NULL;
	struct reading *reading = data;
	struct lb_ifaddr item = { 0 };

	if (nlh->nlmsg_type != RTM_NEWADDR ||
	    mnl_nlmsg_get_payload_len(nlh) < sizeof(*header) ||
	    (header->ifa_family != AF_INET && header->ifa_family != AF_INET6))
		return MNL_CB_OK;

	mnl_attr_for_each(attr, nlh, sizeof(*header)) {
		if (mnl_attr_get_type(attr) == IFA_LOCAL)
			local = attr;
		else if (mnl_attr_get_type(attr) == IFA_ADDRESS)
			addr = attr;
		else if (mnl_attr_get_type(attr) == IFA_PROTO &&
			 mnl_attr_get_payload_len(attr) == sizeof(uint8_t))
			item.ours = mnl_attr_get_u8(attr) == LB_IFADDR_MARK;
	}
	/* With a peer the other one is the peer's. */
	if (local)
		addr = local;
	if (!addr || !addr_read(addr, header->ifa_family, &item.prefix.addr))
		return MNL_CB_OK;

	item.link = (int)header->ifa_index;
	item.prefix.len = header->ifa_prefixlen;
	if (!room_make(reading)) {
		errno = ENOMEM;
		return MNL_CB_ERROR;
	}
	reading->list[reading->count++] = item;

	return MNL_CB_OK;
}

static struct nlmsghdr *request(char *buf, uint16_t type, uint16_t flags,
				const struct ifaddrmsg *header)
{
	static uint32_t seq;
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);

	nlh->nlmsg_type = type;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = ++seq;
	memcpy(mnl_nlmsg_put_extra_header(nlh, sizeof(*header)), header,
	       sizeof(*header));

	return nlh;
}

/**
 * lb_ifaddr_list() - read all addresses
 * @sock: from lb_ifaddr_open()
 * @list: where to, for free()
 * @count: how many
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_ifaddr_list(struct mnl_socket *sock, struct lb_ifaddr **list,
		   size_t *count, struct lb_err *err)
{
	const struct ifaddrmsg header = { .ifa_family = AF_UNSPEC };
	struct reading reading = { 0 };
	char buf[REQUEST_SIZE];
	int tries = 0, ret;

	do {
		reading.count = 0;
		ret = talk(sock, request(buf, RTM_GETADDR, NLM_F_DUMP, &header),
			   list_cb, &reading);
	} while (ret == -EINTR && ++tries < TRIES);
	if (ret) {
		free(reading.list);
		return lb_err_code(err, ret);
	}
	*list = reading.list;
	*count = reading.count;

	return 0;
}

static void put_local(struct nlmsghdr *nlh, const struct lb_addr *addr)
{
	if (addr->family == AF_INET)
		mnl_attr_put(nlh, IFA_LOCAL, sizeof(addr->v4), &addr->v4);
	else
		mnl_attr_put(nlh, IFA_LOCAL, sizeof(addr->v6), &addr->v6);
}

/**
 * lb_ifaddr_add() - put an address on an interface, alone, with our mark
 * @sock: from lb_ifaddr_open()
 * @link: number of the interface
 * @addr: the address
 * @err: why not
 *
 * Return: 0, or -errno; -EEXIST if it is there.
 */
int lb_ifaddr_add(struct mnl_socket *sock, int link,
		  const struct lb_addr *addr, struct lb_err *err)
{
	const struct ifaddrmsg header = {
		.ifa_family = (uint8_t)addr->family,
		.ifa_prefixlen = (uint8_t)lb_addr_bits(addr),
		.ifa_index = (uint32_t)link,
	};
	/* Clients know it, but the host itself is to begin nothing from it. */
	const struct ifa_cacheinfo deprecated = {
		.ifa_prefered = 0,
		.ifa_valid = UINT32_MAX,
	};
	char buf[REQUEST_SIZE];
	struct nlmsghdr *nlh;
	int ret;

	nlh = request(buf, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL | NLM_F_ACK,
		      &header);
	put_local(nlh, addr);
	mnl_attr_put_u8(nlh, IFA_PROTO, LB_IFADDR_MARK);
	if (addr->family == AF_INET6) {
		mnl_attr_put_u32(nlh, IFA_FLAGS,
				 IFA_F_NODAD | IFA_F_NOPREFIXROUTE);
		mnl_attr_put(nlh, IFA_CACHEINFO, sizeof(deprecated),
			     &deprecated);
	}
	ret = talk(sock, nlh, NULL, NULL);

	return ret ? lb_err_code(err, ret) : 0;
}

/**
 * lb_ifaddr_del() - take an address off its interface
 * @sock: from lb_ifaddr_open()
 * @ifaddr: the address
 * @err: why not
 *
 * Return: 0, or -errno; -EADDRNOTAVAIL or -ENODEV if it is not there.
 */
int lb_ifaddr_del(struct mnl_socket *sock, const struct lb_ifaddr *ifaddr,
		  struct lb_err *err)
{
	const struct ifaddrmsg header = {
		.ifa_family = (uint8_t)ifaddr->prefix.addr.family,
		.ifa_prefixlen = ifaddr->prefix.len,
		.ifa_index = (uint32_t)ifaddr->link,
	};
	char buf[REQUEST_SIZE];
	struct nlmsghdr *nlh;
	int ret;

	nlh = request(buf, RTM_DELADDR, NLM_F_ACK, &header);
	put_local(nlh, &ifaddr->prefix.addr);
	ret = talk(sock, nlh, NULL, NULL);

	return ret ? lb_err_code(err, ret) : 0;
}
