// SPDX-License-Identifier: GPL-2.0-only
/*
 * A generic netlink socket to the balancer.
 *
 * Requests are answered in order, each with its own sequence number, and an
 * answer is read to its end, the acknowledgment or the end of the dump: what
 * is left in the socket would be taken for the answer to the next request.
 */

#include "nl.h"
#include "compiler.h"
#include "err.h"
#include "schema.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/genetlink.h>
#include <linux/l4lb.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/*
 * A request is at most a VIP with %L4LB_ALLOWS_MAX ranges of IPv6 clients, 44
 * bytes each. The kernel takes as much as the send buffer has room for.
 */
#define SEND_SIZE	(48 * L4LB_ALLOWS_MAX + 8192)
#define RECEIVE_SIZE	32768

#define GONE	"the module " L4LB_GENL_NAME " has been unloaded"

#define GROUPS_MAX	8
#define GROUP_NAME_MAX	16

struct group {
	char name[GROUP_NAME_MAX];
	uint32_t id;
};

/**
 * struct lb_nl - a socket to the balancer
 * @sock: the socket
 * @portid: its address
 * @seq: sequence number of the last request
 * @family: number of the family
 * @version: version of the family that the module has
 * @groups: how many entries @group has
 * @group: multicast groups of the family
 * @interrupted: what was asked for by lb_nl_begin() changed meanwhile
 * @send: the request
 * @receive: answers
 */
struct lb_nl {
	struct mnl_socket *sock;
	unsigned int portid;
	uint32_t seq;
	uint16_t family;
	uint32_t version;
	unsigned int groups;
	struct group group[GROUPS_MAX];
	bool interrupted;
	char send[SEND_SIZE] __aligned(NLMSG_ALIGNTO);
	char receive[RECEIVE_SIZE] __aligned(NLMSG_ALIGNTO);
};

/* The answer to a request. */
struct answer {
	const struct nlmsghdr *request;
	mnl_cb_t cb;
	void *data;
	struct lb_err *err;
	int code;
	bool interrupted;
};

/**
 * lb_nl_build() - begin a request
 * @buf: where to, large enough for it
 * @family: number of the family
 * @cmd: command
 * @flags: NLM_F_* besides NLM_F_REQUEST
 * @seq: sequence number
 *
 * Return: the request, for attributes to be added.
 */
struct nlmsghdr *lb_nl_build(char *buf, uint16_t family, uint8_t cmd,
			     uint16_t flags, uint32_t seq)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = family;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = seq;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = L4LB_GENL_VERSION;

	return nlh;
}

/* The attributes behind an error message, and their length. */
static const void *ack_attrs(const struct nlmsghdr *nlh, size_t *len)
{
	size_t total = mnl_nlmsg_get_payload_len(nlh);
	const struct nlmsgerr *ack;
	size_t head = sizeof(int);

	*len = 0;
	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return NULL;

	if (nlh->nlmsg_type == NLMSG_ERROR) {
		ack = mnl_nlmsg_get_payload(nlh);
		head = sizeof(*ack);
		if (!(nlh->nlmsg_flags & NLM_F_CAPPED) &&
		    ack->msg.nlmsg_len > sizeof(ack->msg))
			head += MNL_ALIGN(ack->msg.nlmsg_len) -
				sizeof(ack->msg);
	}
	if (head > total)
		return NULL;
	*len = total - head;

	return mnl_nlmsg_get_payload_offset(nlh, head);
}

static uint32_t ack_u32(const struct nlattr *attr)
{
	return attr && mnl_attr_get_payload_len(attr) == sizeof(uint32_t) ?
	       mnl_attr_get_u32(attr) : 0;
}

/* The reason that came with an acknowledgment, if any. */
static void ack_explain(const struct nlmsghdr *nlh,
			const struct nlmsghdr *request, struct lb_err *err)
{
	const struct nlattr *tb[NLMSGERR_ATTR_MAX + 1] = { NULL };
	const struct nlattr *attr;
	char word[LB_ERR_WORD] = "";
	const void *data;
	size_t len;

	data = ack_attrs(nlh, &len);
	if (data) {
		mnl_attr_for_each_payload(data, len) {
			if (mnl_attr_get_type(attr) <= NLMSGERR_ATTR_MAX)
				tb[mnl_attr_get_type(attr)] = attr;
		}
	}

	if (tb[NLMSGERR_ATTR_MSG]) {
		attr = tb[NLMSGERR_ATTR_MSG];
		lb_text_clean(err->text, sizeof(err->text),
			      mnl_attr_get_payload(attr),
			      mnl_attr_get_payload_len(attr));
	}

	if (tb[NLMSGERR_ATTR_MISS_TYPE]) {
		if (lb_schema_missing(request,
				      ack_u32(tb[NLMSGERR_ATTR_MISS_NEST]),
				      ack_u32(tb[NLMSGERR_ATTR_MISS_TYPE]),
				      word, sizeof(word)) && !*err->text)
			lb_err_set(err, 0, "%s is missing", word);
	} else if (tb[NLMSGERR_ATTR_OFFS]) {
		lb_schema_describe(request, ack_u32(tb[NLMSGERR_ATTR_OFFS]),
				   err->word, sizeof(err->word));
	}
}

/**
 * lb_nl_decode() - decode an acknowledgment or refusal
 * @nlh: message of type NLMSG_ERROR or NLMSG_DONE
 * @request: the request that it answers
 * @err: why not; a warning if the request was done; may be NULL
 *
 * Return: 0 or -errno, as the kernel says.
 */
int lb_nl_decode(const struct nlmsghdr *nlh, const struct nlmsghdr *request,
		 struct lb_err *err)
{
	size_t need = nlh->nlmsg_type == NLMSG_ERROR ? sizeof(struct nlmsgerr) :
						       sizeof(int);
	struct lb_err unused;
	int code = 0;

	if (!err)
		err = &unused;
	err->text[0] = '\0';
	err->word[0] = '\0';

	/* NLMSG_DONE may come without a code. */
	if (mnl_nlmsg_get_payload_len(nlh) >= need)
		memcpy(&code, mnl_nlmsg_get_payload(nlh), sizeof(code));
	else if (nlh->nlmsg_type == NLMSG_ERROR)
		return lb_err_code(err, -EBADMSG);
	if (code > 0)
		code = 0;

	ack_explain(nlh, request, err);
	if (code && !*err->text) {
		char word[LB_ERR_WORD];

		memcpy(word, err->word, sizeof(word));
		lb_err_code(err, code);
		memcpy(err->word, word, sizeof(word));
	}

	return code;
}

/* Take one message of an answer; true if it was the last. */
static bool answer_take(struct answer *answer, const struct nlmsghdr *nlh)
{
	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		answer->interrupted = true;

	switch (nlh->nlmsg_type) {
	case NLMSG_NOOP:
		return false;
	case NLMSG_OVERRUN:
		answer->code = lb_err_code(answer->err, -EOVERFLOW);
		return true;
	case NLMSG_ERROR:
	case NLMSG_DONE:
		if (!answer->code)
			answer->code = lb_nl_decode(nlh, answer->request,
						    answer->err);
		return true;
	default:
		break;
	}

	if (answer->cb && !answer->code &&
	    answer->cb(nlh, answer->data) < MNL_CB_STOP)
		answer->code = lb_err_set(answer->err, -errno,
					  "answer not understood: %s",
					  strerror(errno));

	return false;
}

/* Take what was received; true if the last message was among it. */
static bool answer_walk(struct lb_nl *nl, struct answer *answer, int len)
{
	const struct nlmsghdr *nlh;

	for (nlh = (const struct nlmsghdr *)nl->receive; mnl_nlmsg_ok(nlh, len);
	     nlh = mnl_nlmsg_next(nlh, &len)) {
		if (!mnl_nlmsg_portid_ok(nlh, nl->portid) ||
		    !mnl_nlmsg_seq_ok(nlh, answer->request->nlmsg_seq))
			continue;
		if (answer_take(answer, nlh))
			return true;
	}

	return false;
}

static int answer_read(struct lb_nl *nl, struct answer *answer)
{
	ssize_t got;

	for (;;) {
		got = mnl_socket_recvfrom(nl->sock, nl->receive,
					  sizeof(nl->receive));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return lb_err_code(answer->err, -errno);
		if (answer_walk(nl, answer, (int)got))
			return answer->code;
	}
}

/**
 * lb_nl_request() - begin a request to the balancer
 * @nl: socket; holds one request at a time
 * @cmd: &enum l4lb_cmd
 * @flags: NLM_F_* besides NLM_F_REQUEST and NLM_F_ACK; NLM_F_DUMP for a dump
 *
 * Return: the request, for attributes to be added.
 */
struct nlmsghdr *lb_nl_request(struct lb_nl *nl, uint8_t cmd, uint16_t flags)
{
	if ((flags & NLM_F_DUMP) != NLM_F_DUMP)
		flags |= NLM_F_ACK;

	return lb_nl_build(nl->send, nl->family, cmd, flags, ++nl->seq);
}

/**
 * lb_nl_talk() - send a request and read its answer
 * @nl: socket
 * @nlh: request from lb_nl_request()
 * @cb: called with every message that is not an acknowledgment, or NULL; to
 *	end in failure it sets errno and returns MNL_CB_ERROR
 * @data: for @cb
 * @err: why not; its text is a warning if the result is 0
 *
 * Return: 0 or -errno; -EINTR if the configuration changed during a dump, so
 * that what @cb has seen need not fit together.
 */
int lb_nl_talk(struct lb_nl *nl, struct nlmsghdr *nlh, mnl_cb_t cb, void *data,
	       struct lb_err *err)
{
	struct answer answer = {
		.request = nlh,
		.cb = cb,
		.data = data,
		.err = err,
	};
	int ret;

	if (mnl_socket_sendto(nl->sock, nlh, nlh->nlmsg_len) < 0)
		return lb_err_code(err, -errno);

	ret = answer_read(nl, &answer);
	if (!ret && answer.interrupted)
		return lb_err_set(err, -EINTR,
				  "the configuration changed meanwhile");

	return ret;
}

static int not_blocking(const struct lb_nl *nl)
{
	int fd = mnl_socket_get_fd(nl->sock);
	int flags = fcntl(fd, F_GETFL);

	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
		return -errno;

	return 0;
}

/**
 * lb_nl_begin() - send a request and do not wait for its answer
 * @nl: socket; does not block from now on, so only lb_nl_continue() may read
 * @nlh: request from lb_nl_request()
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_nl_begin(struct lb_nl *nl, struct nlmsghdr *nlh, struct lb_err *err)
{
	int ret = not_blocking(nl);

	if (ret)
		return lb_err_code(err, ret);
	nl->interrupted = false;
	if (mnl_socket_sendto(nl->sock, nlh, nlh->nlmsg_len) < 0)
		return lb_err_code(err, -errno);

	return 0;
}

/**
 * lb_nl_continue() - read a piece of the answer to what lb_nl_begin() sent
 * @nl: socket
 * @cb: as of lb_nl_talk()
 * @data: for @cb
 * @err: why not
 *
 * Return: 1 if the answer is complete, 0 if there is more to come; -errno as
 * lb_nl_talk(), after which the socket is of no use but to be closed, unless it
 * is -EINTR.
 */
int lb_nl_continue(struct lb_nl *nl, mnl_cb_t cb, void *data,
		   struct lb_err *err)
{
	struct answer answer = {
		.request = (const struct nlmsghdr *)nl->send,
		.cb = cb,
		.data = data,
		.err = err,
	};
	bool last;
	ssize_t got;

	got = mnl_socket_recvfrom(nl->sock, nl->receive, sizeof(nl->receive));
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (got < 0)
		return lb_err_code(err, -errno);

	last = answer_walk(nl, &answer, (int)got);
	nl->interrupted |= answer.interrupted;
	if (answer.code)
		return answer.code;
	if (last && nl->interrupted)
		return lb_err_set(err, -EINTR,
				  "the configuration changed meanwhile");

	return last;
}

static int group_cb(const struct nlattr *attr, void *data)
{
	const struct nlattr *item, *name = NULL, *id = NULL;
	struct lb_nl *nl = data;
	struct group *group;

	if (nl->groups == GROUPS_MAX)
		return MNL_CB_OK;

	mnl_attr_for_each_nested(item, attr) {
		if (mnl_attr_get_type(item) == CTRL_ATTR_MCAST_GRP_NAME)
			name = item;
		else if (mnl_attr_get_type(item) == CTRL_ATTR_MCAST_GRP_ID)
			id = item;
	}
	if (!name || !id || mnl_attr_validate(id, MNL_TYPE_U32) < 0)
		return MNL_CB_OK;

	group = &nl->group[nl->groups++];
	lb_text_clean(group->name, sizeof(group->name),
		      mnl_attr_get_payload(name),
		      mnl_attr_get_payload_len(name));
	group->id = mnl_attr_get_u32(id);

	return MNL_CB_OK;
}

static int family_attr_cb(const struct nlattr *attr, void *data)
{
	struct lb_nl *nl = data;

	switch (mnl_attr_get_type(attr)) {
	case CTRL_ATTR_FAMILY_ID:
		if (mnl_attr_validate(attr, MNL_TYPE_U16) < 0)
			return MNL_CB_ERROR;
		nl->family = mnl_attr_get_u16(attr);
		break;
	case CTRL_ATTR_VERSION:
		if (mnl_attr_validate(attr, MNL_TYPE_U32) < 0)
			return MNL_CB_ERROR;
		nl->version = mnl_attr_get_u32(attr);
		break;
	case CTRL_ATTR_MCAST_GROUPS:
		return mnl_attr_parse_nested(attr, group_cb, data);
	default:
		break;
	}

	return MNL_CB_OK;
}

static int family_cb(const struct nlmsghdr *nlh, void *data)
{
	return mnl_attr_parse(nlh, sizeof(struct genlmsghdr), family_attr_cb,
			      data);
}

static int family_resolve(struct lb_nl *nl, struct lb_err *err)
{
	struct nlmsghdr *nlh;
	int ret;

	nlh = lb_nl_build(nl->send, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, NLM_F_ACK,
			  ++nl->seq);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, L4LB_GENL_NAME);

	ret = lb_nl_talk(nl, nlh, family_cb, nl, err);
	if (ret == -ENOENT)
		return lb_err_set(err, -EPROTONOSUPPORT,
				  "the module " L4LB_GENL_NAME " is not loaded");
	if (ret)
		return ret;
	if (nl->version != L4LB_GENL_VERSION)
		return lb_err_set(err, -EPROTO,
				  "the module speaks version %u of its interface, this program version %u",
				  nl->version, L4LB_GENL_VERSION);

	return 0;
}

static int socket_setup(struct lb_nl *nl, struct lb_err *err)
{
	static const int options[] = {
		NETLINK_EXT_ACK, NETLINK_CAP_ACK, NETLINK_GET_STRICT_CHK,
	};
	int fd = mnl_socket_get_fd(nl->sock);
	int one = 1, room = 2 * SEND_SIZE;
	size_t i;

	if (mnl_socket_bind(nl->sock, 0, MNL_SOCKET_AUTOPID) < 0)
		return lb_err_code(err, -errno);
	nl->portid = mnl_socket_get_portid(nl->sock);

	/* Who is not root has to do with what anyone may have. */
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof(room)))
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));

	/* An old kernel that lacks one of them can do without. */
	for (i = 0; i < ARRAY_SIZE(options); i++)
		mnl_socket_setsockopt(nl->sock, options[i], &one, sizeof(one));

	return family_resolve(nl, err);
}

/**
 * lb_nl_open() - open a socket to the balancer
 * @nlp: where to
 * @err: why not
 *
 * Return: 0; -EPROTONOSUPPORT if the module is not loaded; -EPROTO if its
 * interface has another version; other -errno.
 */
int lb_nl_open(struct lb_nl **nlp, struct lb_err *err)
{
	struct lb_nl *nl = calloc(1, sizeof(*nl));
	int ret;

	if (!nl)
		return lb_err_code(err, -ENOMEM);

	nl->sock = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!nl->sock) {
		ret = lb_err_code(err, -errno);
		free(nl);
		return ret;
	}

	ret = socket_setup(nl, err);
	if (ret) {
		lb_nl_close(nl);
		return ret;
	}
	*nlp = nl;

	return 0;
}

/**
 * lb_nl_close() - close a socket
 * @nl: socket, or NULL
 */
void lb_nl_close(struct lb_nl *nl)
{
	if (!nl)
		return;
	mnl_socket_close(nl->sock);
	free(nl);
}

/**
 * lb_nl_fd() - the file descriptor of a socket, for an event loop
 * @nl: socket
 *
 * Return: the file descriptor.
 */
int lb_nl_fd(const struct lb_nl *nl)
{
	return mnl_socket_get_fd(nl->sock);
}

/**
 * lb_nl_subscribe() - receive the notifications of a multicast group
 * @nl: socket; does not block from now on, and takes no more requests
 * @group: %L4LB_MCGRP_CONFIG, %L4LB_MCGRP_HEALTH or
 *	%L4LB_MCGRP_CLIENT
 * @err: why not
 *
 * Return: 0 or -errno; -ENOENT if the module has no such group.
 */
int lb_nl_subscribe(struct lb_nl *nl, const char *group, struct lb_err *err)
{
	unsigned int i;
	int ret;

	for (i = 0; i < nl->groups; i++) {
		if (!strcmp(nl->group[i].name, group))
			break;
	}
	if (i == nl->groups)
		return lb_err_set(err, -ENOENT,
				  "the module has no notifications \"%s\"",
				  group);

	if (mnl_socket_setsockopt(nl->sock, NETLINK_ADD_MEMBERSHIP,
				  &nl->group[i].id, sizeof(uint32_t)) < 0)
		return lb_err_code(err, -errno);

	ret = not_blocking(nl);

	return ret ? lb_err_code(err, ret) : 0;
}

/**
 * lb_nl_watch() - let lb_nl_receive() notice that the module has gone: its
 * notifications have gone with it, and one loaded anew has others
 * @nl: socket
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_nl_watch(struct lb_nl *nl, struct lb_err *err)
{
	/* The first group of the controller has its number. */
	uint32_t group = GENL_ID_CTRL;

	if (mnl_socket_setsockopt(nl->sock, NETLINK_ADD_MEMBERSHIP, &group,
				  sizeof(group)) < 0)
		return lb_err_code(err, -errno);

	return 0;
}

static int gone_cb(const struct nlattr *attr, void *data)
{
	uint16_t *family = data;

	if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID &&
	    mnl_attr_validate(attr, MNL_TYPE_U16) == 0)
		*family = mnl_attr_get_u16(attr);

	return MNL_CB_OK;
}

static bool says_gone(const struct lb_nl *nl, const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *genl = mnl_nlmsg_get_payload(nlh);
	uint16_t family = 0;

	if (nlh->nlmsg_type != GENL_ID_CTRL ||
	    mnl_nlmsg_get_payload_len(nlh) < sizeof(*genl) ||
	    genl->cmd != CTRL_CMD_DELFAMILY)
		return false;
	mnl_attr_parse(nlh, sizeof(*genl), gone_cb, &family);

	return family == nl->family;
}

/**
 * lb_nl_listen() - only read from now on what was asked for
 * @nl: socket; does not block from now on, and takes no more requests
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_nl_listen(struct lb_nl *nl, struct lb_err *err)
{
	int ret = not_blocking(nl);

	return ret ? lb_err_code(err, ret) : 0;
}

/**
 * lb_nl_receive() - read the notifications that have arrived
 * @nl: socket that has subscribed
 * @cb: called with each; to end in failure it sets errno and returns
 *	MNL_CB_ERROR
 * @data: for @cb
 * @err: why not
 *
 * Return: 0 when there are no more; -ENOBUFS if some were lost, so that what
 * they would have told must be read anew; -EPROTONOSUPPORT after lb_nl_watch()
 * if there will never be more; other -errno.
 */
int lb_nl_receive(struct lb_nl *nl, mnl_cb_t cb, void *data, struct lb_err *err)
{
	const struct nlmsghdr *nlh;
	ssize_t got;
	int len;

	for (;;) {
		got = mnl_socket_recvfrom(nl->sock, nl->receive,
					  sizeof(nl->receive));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
			return 0;
		if (got < 0)
			return lb_err_code(err, -errno);

		len = (int)got;
		for (nlh = (const struct nlmsghdr *)nl->receive;
		     mnl_nlmsg_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len)) {
			if (says_gone(nl, nlh))
				return lb_err_set(err, -EPROTONOSUPPORT, GONE);
			if (nlh->nlmsg_type != nl->family)
				continue;
			if (cb(nlh, data) < MNL_CB_STOP)
				return lb_err_code(err, -errno);
		}
	}
}
