/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Attributes of messages: taken apart by their schema, and read where any of
 * them may be absent. Text is made safe to print.
 */

#ifndef _LB_ATTR_H
#define _LB_ATTR_H

#include "addr.h"
#include "err.h"
#include "model.h"
#include "msg.h"
#include "schema.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

static inline void put_addr(struct nlmsghdr *nlh, uint16_t type4,
			    uint16_t type6, const struct lb_addr *addr)
{
	if (addr->family == AF_INET6)
		mnl_attr_put(nlh, type6, sizeof(addr->v6), &addr->v6);
	else
		mnl_attr_put_u32(nlh, type4, addr->v4.s_addr);
}

static inline int parse_nest(const struct lb_schema *schema,
			     const struct nlattr *nest,
			     const struct nlattr *tb[LB_TB_MAX])
{
	return lb_schema_parse(schema, mnl_attr_get_payload(nest),
			       mnl_attr_get_payload_len(nest), tb);
}

static inline int parse_message(const struct nlmsghdr *nlh,
				const struct nlattr *tb[LB_TB_MAX])
{
	size_t len = mnl_nlmsg_get_payload_len(nlh);

	if (len < sizeof(struct genlmsghdr))
		return -EBADMSG;

	return lb_schema_parse(&lb_top_schema,
			       mnl_nlmsg_get_payload_offset(nlh,
							    sizeof(struct genlmsghdr)),
			       len - sizeof(struct genlmsghdr), tb);
}

static inline uint32_t get_bits(const struct nlattr *const tb[LB_TB_MAX])
{
	uint32_t bits = 0;
	unsigned int i;

	for (i = 0; i < LB_TB_MAX; i++)
		bits |= tb[i] ? LB_BIT(i) : 0;

	return bits;
}

static inline void get_text(char *dst, size_t size, const struct nlattr *attr)
{
	if (attr)
		lb_text_clean(dst, size, mnl_attr_get_str(attr),
			      mnl_attr_get_payload_len(attr));
}

static inline uint8_t get_u8(const struct nlattr *attr)
{
	return attr ? mnl_attr_get_u8(attr) : 0;
}

static inline uint16_t get_u16(const struct nlattr *attr)
{
	return attr ? mnl_attr_get_u16(attr) : 0;
}

static inline uint16_t get_be16(const struct nlattr *attr)
{
	return attr ? ntohs(mnl_attr_get_u16(attr)) : 0;
}

static inline uint32_t get_u32(const struct nlattr *attr)
{
	return attr ? mnl_attr_get_u32(attr) : 0;
}

static inline uint64_t get_u64(const struct nlattr *attr)
{
	return attr ? mnl_attr_get_u64(attr) : 0;
}

static inline void get_either(const struct nlattr *attr4,
			      const struct nlattr *attr6, struct lb_addr *addr)
{
	if (attr4)
		lb_msg_get_addr(attr4, addr);
	else if (attr6)
		lb_msg_get_addr(attr6, addr);
}

#endif /* _LB_ATTR_H */
