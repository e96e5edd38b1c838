// SPDX-License-Identifier: GPL-2.0-only
/*
 * Watches the module come and go, by what generic netlink's controller tells.
 *
 * To ask again and again would not do: who asks for a family makes the kernel
 * load its module, so that one just unloaded would be back at once.
 */

#include "family.h"
#include "err.h"

#include <errno.h>
#include <event2/event.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/l4lb.h>
#include <stdlib.h>
#include <string.h>

#define RECEIVE_SIZE	16384

/**
 * struct family - watches the module
 * @sock: socket to the controller
 * @event: it can be read
 * @cb: whom to tell
 * @data: for @cb
 */
struct family {
	struct mnl_socket *sock;
	struct event *event;
	family_cb cb;
	void *data;
};

static int name_cb(const struct nlattr *attr, void *data)
{
	bool *ours = data;

	if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_NAME &&
	    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) == 0)
		*ours = !strcmp(mnl_attr_get_str(attr), L4LB_GENL_NAME);

	return MNL_CB_OK;
}

static int message_cb(const struct nlmsghdr *nlh, void *data)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	struct family *family = data;
	bool ours = false;

	if (nlh->nlmsg_type != GENL_ID_CTRL ||
	    mnl_nlmsg_get_payload_len(nlh) < sizeof(*genl))
		return MNL_CB_OK;

	mnl_attr_parse(nlh, sizeof(*genl), name_cb, &ours);
	if (ours && (genl->cmd == CTRL_CMD_NEWFAMILY ||
		     genl->cmd == CTRL_CMD_DELFAMILY))
		family->cb(family->data, genl->cmd == CTRL_CMD_DELFAMILY);

	return MNL_CB_OK;
}

static void family_readable(evutil_socket_t fd, short what, void *data)
{
	struct family *family = data;
	char buf[RECEIVE_SIZE];
	ssize_t got;

	(void)fd;
	(void)what;

	for (;;) {
		got = mnl_socket_recvfrom(family->sock, buf, sizeof(buf));
		if (got >= 0)
			mnl_cb_run(buf, (size_t)got, 0, 0, message_cb, family);
		else if (errno == ENOBUFS)
			family->cb(family->data, false);
		else if (errno != EINTR)
			break;
	}
}

static int family_join(const struct family *family)
{
	int group = GENL_ID_CTRL;

	if (mnl_socket_bind(family->sock, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    mnl_socket_setsockopt(family->sock, NETLINK_ADD_MEMBERSHIP, &group,
				  sizeof(group)) < 0)
		return -errno;

	return event_add(family->event, NULL) ? -ENOMEM : 0;
}

/**
 * family_new() - begin to watch
 * @familyp: where to
 * @base: event loop
 * @cb: whom to tell
 * @data: for @cb
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int family_new(struct family **familyp, struct event_base *base, family_cb cb,
	       void *data, struct lb_err *err)
{
	struct family *family = calloc(1, sizeof(*family));
	int ret;

	if (!family)
		return lb_err_code(err, -ENOMEM);

	family->cb = cb;
	family->data = data;
	family->sock = mnl_socket_open2(NETLINK_GENERIC,
					SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (!family->sock) {
		ret = -errno;
		goto err_free;
	}

	ret = -ENOMEM;
	family->event = event_new(base, mnl_socket_get_fd(family->sock),
				  EV_READ | EV_PERSIST, family_readable,
				  family);
	if (!family->event)
		goto err_free;

	ret = family_join(family);
	if (ret)
		goto err_free;
	*familyp = family;

	return 0;

err_free:
	family_free(family);
	return lb_err_code(err, ret);
}

/**
 * family_free() - stop watching
 * @family: what family_new() made, or NULL
 */
void family_free(struct family *family)
{
	if (!family)
		return;
	if (family->event)
		event_free(family->event);
	if (family->sock)
		mnl_socket_close(family->sock);
	free(family);
}
