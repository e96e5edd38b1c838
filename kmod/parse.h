/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Netlink attributes as objects: policies and what they cannot express.
 */

#ifndef _L4LB_PARSE_H
#define _L4LB_PARSE_H

#include <net/netlink.h>

#include <uapi/linux/l4lb.h>

struct l4lb_allow_change;
struct l4lb_conn_filter;
struct l4lb_explain_query;
struct l4lb_global;
struct l4lb_persist_pin;
struct l4lb_probe_key;
struct l4lb_real_config;
struct l4lb_request;
struct l4lb_verdict;
struct l4lb_vip_config;

/**
 * l4lb_attr_misses() - whether an attribute is missing that has to be there
 * @extack: where to say so
 * @nest: nest that it should be in, or NULL for none
 * @tb: attributes that are there
 * @type: which
 *
 * Context: Any.
 * Return: true if it is.
 */
static inline bool l4lb_attr_misses(struct netlink_ext_ack *extack,
				    const struct nlattr *nest,
				    struct nlattr **tb, int type)
{
	if (!NL_REQ_ATTR_CHECK(extack, nest, tb, type))
		return false;

	NL_SET_ERR_MSG(extack, "a required attribute is missing");

	return true;
}

/* Policies of the requests, by what they take. */
extern const struct nla_policy l4lb_vip_new_policy[L4LB_A_ALLOW + 1];
extern const struct nla_policy l4lb_vip_request_policy[L4LB_A_ALLOW_OP + 1];
extern const struct nla_policy l4lb_vip_name_policy[L4LB_A_VIP + 1];
extern const struct nla_policy l4lb_real_new_policy[L4LB_A_REPLACE + 1];
extern const struct nla_policy l4lb_real_request_policy[L4LB_A_REAL + 1];
extern const struct nla_policy l4lb_real_name_policy[L4LB_A_REAL + 1];
extern const struct nla_policy l4lb_health_request_policy[L4LB_A_REAL + 1];
extern const struct nla_policy l4lb_filter_request_policy[L4LB_A_FILTER + 1];
extern const struct nla_policy l4lb_probe_policy[L4LB_A_PROBE + 1];
extern const struct nla_policy l4lb_persist_new_policy[L4LB_A_PERSIST + 1];
extern const struct nla_policy l4lb_info_request_policy[L4LB_A_INFO + 1];
extern const struct nla_policy l4lb_txn_begin_policy[L4LB_A_GENERATION + 1];
extern const struct nla_policy l4lb_txn_commit_policy[L4LB_A_DRY_RUN + 1];

extern const struct nla_policy l4lb_event_request_policy[L4LB_A_RECORD + 1];
extern const struct nla_policy l4lb_explain_request_policy[L4LB_A_EXPLAIN + 1];

/* Of a nest that requests of VIPs have. */
extern const struct nla_policy l4lb_allow_policy[L4LB_A_ALLOW_MAX + 1];

/* Process context. Each refuses with a text. */
const char *l4lb_parse_vip_name(struct nlattr **attrs,
				struct netlink_ext_ack *extack);
const char *l4lb_parse_real_name(struct nlattr **attrs,
				 struct netlink_ext_ack *extack);
int l4lb_parse_vip_new(struct nlattr **attrs, struct l4lb_vip_config *config,
		       struct netlink_ext_ack *extack);
int l4lb_parse_vip_set(struct nlattr **attrs, struct l4lb_vip_config *config,
		       struct netlink_ext_ack *extack);
int l4lb_parse_real_new(struct nlattr **attrs, struct l4lb_real_config *config,
			const struct l4lb_vip_config *vip,
			struct netlink_ext_ack *extack);
int l4lb_parse_real_set(struct nlattr **attrs, struct l4lb_real_config *config,
			const struct l4lb_vip_config *vip,
			struct netlink_ext_ack *extack);
int l4lb_parse_verdict(struct nlattr **attrs, struct l4lb_verdict *verdict,
		       struct netlink_ext_ack *extack);
int l4lb_parse_filter(struct nlattr **attrs, struct l4lb_conn_filter *filter,
		      const char **vip, struct netlink_ext_ack *extack);
int l4lb_parse_probe(struct nlattr **attrs, struct l4lb_probe_key *key,
		     struct netlink_ext_ack *extack);
int l4lb_parse_persist(struct nlattr **attrs, struct l4lb_persist_pin *pin,
		       struct netlink_ext_ack *extack);
int l4lb_parse_info(struct nlattr **attrs, struct l4lb_global *global,
		    struct netlink_ext_ack *extack);
int l4lb_parse_since(struct nlattr **attrs, u64 *since,
		     struct netlink_ext_ack *extack);
int l4lb_parse_explain(struct nlattr **attrs,
		       struct l4lb_explain_query *query,
		       struct netlink_ext_ack *extack);
int l4lb_parse_allow(const struct l4lb_request *request,
		     struct l4lb_allow_change *change,
		     struct netlink_ext_ack *extack);

#endif /* _L4LB_PARSE_H */
