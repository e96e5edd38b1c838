// SPDX-License-Identifier: GPL-2.0-only
/*
 * Netlink attributes as what holds for a whole namespace.
 */

#include "global.h"
#include "parse.h"

#include <linux/etherdevice.h>

/* Not const: the policies of 6.1 point to what may be written. */
static struct netlink_range_validation vips_range = {
	.max	= L4LB_VIPS_MAX,
};

static struct netlink_range_validation reals_range = {
	.max	= L4LB_REALS_MAX,
};

static struct netlink_range_validation conns_range = {
	.max	= L4LB_CONNS_MAX,
};

static struct netlink_range_validation persists_range = {
	.max	= L4LB_PERSISTS_MAX,
};

static const struct nla_policy info_policy[L4LB_A_INFO_MAX + 1] = {
	[L4LB_A_INFO_CONNS_MAX]	= NLA_POLICY_FULL_RANGE(NLA_U32, &conns_range),
	[L4LB_A_INFO_PERSISTS_MAX] =
		NLA_POLICY_FULL_RANGE(NLA_U32, &persists_range),
	[L4LB_A_INFO_VIPS_MAX]	= NLA_POLICY_FULL_RANGE(NLA_U32, &vips_range),
	[L4LB_A_INFO_REALS_MAX]	= NLA_POLICY_FULL_RANGE(NLA_U32, &reals_range),
	[L4LB_A_INFO_SEED]	= { .type = NLA_U64 },
	[L4LB_A_INFO_STANDBY]	= NLA_POLICY_MAX(NLA_U8, 1),
	[L4LB_A_INFO_PARTNERS]	= { .type = NLA_BINARY,
				    .len = L4LB_PARTNERS_MAX * ETH_ALEN },
};

const struct nla_policy l4lb_info_request_policy[L4LB_A_INFO + 1] = {
	[L4LB_A_INFO]	= NLA_POLICY_NESTED(info_policy),
};

static int parse_partners(const struct nlattr *attr,
			  struct l4lb_global *global,
			  struct netlink_ext_ack *extack)
{
	const u8 *mac = nla_data(attr);
	unsigned int i;

	if (nla_len(attr) % ETH_ALEN) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "a mac address has 6 bytes");
		return -EINVAL;
	}

	memset(global->partners, 0, sizeof(global->partners));
	global->n_partners = nla_len(attr) / ETH_ALEN;
	for (i = 0; i < global->n_partners; i++, mac += ETH_ALEN) {
		ether_addr_copy(global->partners[i], mac);
		if (!is_valid_ether_addr(global->partners[i])) {
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "a partner's mac address is that of one host");
			return -EINVAL;
		}
	}

	return 0;
}

/**
 * l4lb_parse_info() - what is to hold for the whole namespace from now on
 * @attrs: attributes of the request
 * @global: what holds, to be changed
 * @extack: where to explain a failure
 *
 * Context: Process context.
 * Return: 0, or a negative errno.
 */
int l4lb_parse_info(struct nlattr **attrs, struct l4lb_global *global,
		    struct netlink_ext_ack *extack)
{
	struct nlattr *tb[L4LB_A_INFO_MAX + 1];
	int err;

	err = nla_parse_nested(tb, L4LB_A_INFO_MAX, attrs[L4LB_A_INFO],
			       info_policy, extack);
	if (err)
		return err;

	if (tb[L4LB_A_INFO_VIPS_MAX])
		global->vips_max = nla_get_u32(tb[L4LB_A_INFO_VIPS_MAX]);
	if (tb[L4LB_A_INFO_REALS_MAX])
		global->reals_max = nla_get_u32(tb[L4LB_A_INFO_REALS_MAX]);
	if (tb[L4LB_A_INFO_CONNS_MAX])
		global->conns_max = nla_get_u32(tb[L4LB_A_INFO_CONNS_MAX]);
	if (tb[L4LB_A_INFO_PERSISTS_MAX])
		global->persists_max =
			nla_get_u32(tb[L4LB_A_INFO_PERSISTS_MAX]);
	if (tb[L4LB_A_INFO_SEED])
		global->seed = nla_get_u64(tb[L4LB_A_INFO_SEED]);
	if (tb[L4LB_A_INFO_STANDBY])
		global->standby = nla_get_u8(tb[L4LB_A_INFO_STANDBY]);
	if (tb[L4LB_A_INFO_PARTNERS])
		return parse_partners(tb[L4LB_A_INFO_PARTNERS], global,
				      extack);

	return 0;
}
