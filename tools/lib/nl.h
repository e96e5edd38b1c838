/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A generic netlink socket to the balancer, in the network namespace that the
 * process is in when it opens it.
 */

#ifndef _LB_NL_H
#define _LB_NL_H

#include <libmnl/libmnl.h>
#include <stdint.h>

struct lb_err;
struct lb_nl;

int lb_nl_open(struct lb_nl **nlp, struct lb_err *err);
void lb_nl_close(struct lb_nl *nl);
int lb_nl_fd(const struct lb_nl *nl);

struct nlmsghdr *lb_nl_request(struct lb_nl *nl, uint8_t cmd, uint16_t flags);
int lb_nl_talk(struct lb_nl *nl, struct nlmsghdr *nlh, mnl_cb_t cb, void *data,
	       struct lb_err *err);

int lb_nl_begin(struct lb_nl *nl, struct nlmsghdr *nlh, struct lb_err *err);
int lb_nl_continue(struct lb_nl *nl, mnl_cb_t cb, void *data,
		   struct lb_err *err);

int lb_nl_subscribe(struct lb_nl *nl, const char *group, struct lb_err *err);
int lb_nl_watch(struct lb_nl *nl, struct lb_err *err);
int lb_nl_listen(struct lb_nl *nl, struct lb_err *err);
int lb_nl_receive(struct lb_nl *nl, mnl_cb_t cb, void *data,
		  struct lb_err *err);

struct nlmsghdr *lb_nl_build(char *buf, uint16_t family, uint8_t cmd,
			     uint16_t flags, uint32_t seq);
int lb_nl_decode(const struct nlmsghdr *nlh, const struct nlmsghdr *request,
		 struct lb_err *err);

#endif /* _LB_NL_H */
