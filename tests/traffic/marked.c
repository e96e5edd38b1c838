// SPDX-License-Identifier: GPL-2.0-only
/*
 * marked MARK [DEVICE] - addresses of a device, or of all, whose protocol in the
 * kernel is MARK, in one line
 */

#include <arpa/inet.h>
#include <err.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

static const char *separator = "";

static void address_look(const struct nlmsghdr *nlh, unsigned char mark,
			 unsigned int index)
{
	const struct ifaddrmsg *header = NLMSG_DATA(nlh);
	int len = IFA_PAYLOAD(nlh);
	char text[INET6_ADDRSTRLEN];
	const void *addr = NULL;
	struct rtattr *attr;
	bool ours = false;

	for (attr = IFA_RTA(header); RTA_OK(attr, len);
	     attr = RTA_NEXT(attr, len)) {
		if (attr->rta_type == IFA_ADDRESS)
			addr = RTA_DATA(attr);
		else if (attr->rta_type == IFA_PROTO)
			ours = *(unsigned char *)RTA_DATA(attr) == mark;
	}
	if (!ours || !addr || (index && header->ifa_index != index))
		return;
	printf("%s%s/%u", separator,
	       inet_ntop(header->ifa_family, addr, text, sizeof(text)),
	       header->ifa_prefixlen);
	separator = " ";
}

/* Until the end of the list. */
static bool part_read(int fd, unsigned char mark, unsigned int index)
{
	static alignas(NLMSG_ALIGNTO) char buf[32768];
	const struct nlmsghdr *nlh = (const struct nlmsghdr *)buf;
	ssize_t got = recv(fd, buf, sizeof(buf), 0);

	if (got < 0)
		err(1, "addresses");
	for (; NLMSG_OK(nlh, got); nlh = NLMSG_NEXT(nlh, got)) {
		if (nlh->nlmsg_type == NLMSG_DONE)
			return false;
		if (nlh->nlmsg_type == NLMSG_ERROR)
			errx(1, "addresses: refused");
		if (nlh->nlmsg_type == RTM_NEWADDR)
			address_look(nlh, mark, index);
	}

	return true;
}

int main(int argc, char **argv)
{
	const struct {
		struct nlmsghdr nlh;
		struct ifaddrmsg header;
	} request = {
		.nlh = {
			.nlmsg_len = sizeof(request),
			.nlmsg_type = RTM_GETADDR,
			.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
		},
	};
	unsigned int index = 0;
	unsigned char mark;
	int fd;

	if (argc < 2 || argc > 3)
		errx(2, "usage: marked MARK [DEVICE]");
	mark = (unsigned char)strtoul(argv[1], NULL, 0);
	if (argc > 2) {
		index = if_nametoindex(argv[2]);
		if (!index)
			err(1, "%s", argv[2]);
	}
	fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	if (fd < 0 || send(fd, &request, sizeof(request), 0) < 0)
		err(1, "addresses");
	while (part_read(fd, mark, index))
		;
	putchar('\n');

	return 0;
}
