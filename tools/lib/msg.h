/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Objects to attributes and back. Needs no socket.
 */

#ifndef _LB_MSG_H
#define _LB_MSG_H

#include "model.h"

#include <linux/netlink.h>

void lb_msg_put_vip(struct nlmsghdr *nlh, const struct lb_vip *vip);
void lb_msg_put_allow(struct nlmsghdr *nlh, uint8_t op,
		      const struct lb_allow *allow);
void lb_msg_put_real(struct nlmsghdr *nlh, const struct lb_real *real);
void lb_msg_put_probe(struct nlmsghdr *nlh, const struct lb_probe *probe);
void lb_msg_put_persist(struct nlmsghdr *nlh, const struct lb_persist *persist);
void lb_msg_put_info(struct nlmsghdr *nlh, const struct lb_info *info);
void lb_msg_put_filter(struct nlmsghdr *nlh, const struct lb_filter *filter);

void lb_msg_get_addr(const struct nlattr *attr, struct lb_addr *addr);
void lb_msg_get_macs(const struct nlattr *attr, struct lb_macs *macs);
int lb_msg_get_ports(const struct nlattr *nest, struct lb_ports *ports);
int lb_msg_get_allow_range(const struct nlattr *nest,
			   struct lb_allow_range *range);
int lb_msg_get_fallback(const struct nlattr *nest, struct lb_addr *addr,
			uint16_t *port);
int lb_msg_get_allow(const struct nlmsghdr *nlh, struct lb_allow *allow);
int lb_msg_get_vip(const struct nlmsghdr *nlh, struct lb_vip *vip);
int lb_msg_get_real(const struct nlmsghdr *nlh, struct lb_real *real);
int lb_msg_get_conn(const struct nlmsghdr *nlh, struct lb_conn *conn);
int lb_msg_get_persist(const struct nlmsghdr *nlh, struct lb_persist *persist);
int lb_msg_get_info(const struct nlmsghdr *nlh, struct lb_info *info);
int lb_msg_get_count(const struct nlmsghdr *nlh, uint32_t *count);
int lb_msg_get_txn(const struct nlmsghdr *nlh, int64_t *message);
int lb_msg_get_event(const struct nlmsghdr *nlh, struct lb_event *event);

#endif /* _LB_MSG_H */
