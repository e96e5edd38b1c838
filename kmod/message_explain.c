// SPDX-License-Identifier: GPL-2.0-only
/*
 * Explanations as netlink attributes.
 */

#include "message.h"
#include "allow.h"
#include "conn.h"
#include "explain.h"
#include "health.h"
#include "netns.h"
#include "real.h"
#include "sched.h"
#include "vip.h"

#include <linux/netdevice.h>
#include <net/neighbour.h>
#include <net/netlink.h>

#include <uapi/linux/l4lb.h>

static int put_addr(struct sk_buff *msg, int attr4, int attr6, u8 family,
		    const union nf_inet_addr *addr)
{
	if (family == AF_INET)
		return nla_put_in_addr(msg, attr4, addr->ip);

	return nla_put_in6_addr(msg, attr6, &addr->in6);
}

static int put_neigh(struct sk_buff *msg, const struct neighbour *neigh)
{
	unsigned char mac[ALIGN(MAX_ADDR_LEN, sizeof(unsigned long))];
	struct net_device *dev = neigh->dev;

	if (nla_put_string(msg, L4LB_A_HOP_DEV, dev->name))
		return -EMSGSIZE;
	if (!dev->addr_len || !(READ_ONCE(neigh->nud_state) & NUD_VALID))
		return 0;

	neigh_ha_snapshot(mac, neigh, dev);

	return nla_put(msg, L4LB_A_HOP_MAC, dev->addr_len, mac);
}

static int put_hop(struct sk_buff *msg, const struct l4lb_explain_query *query,
		   const struct l4lb_explanation *ex)
{
	struct nlattr *nest = nla_nest_start(msg, L4LB_A_EXPLAIN_HOP);
	const struct l4lb_real *real = ex->real;

	if (!nest ||
	    nla_put_string(msg, L4LB_A_HOP_REAL, real->config.name) ||
	    nla_put_u8(msg, L4LB_A_HOP_MODE, ex->mode) ||
	    put_addr(msg, L4LB_A_HOP_ADDR4, L4LB_A_HOP_ADDR6, real->family,
		     &real->addr) ||
	    nla_put_be16(msg, L4LB_A_HOP_PORT, real->port ?: query->port) ||
	    (ex->has_source &&
	     put_addr(msg, L4LB_A_HOP_SOURCE4, L4LB_A_HOP_SOURCE6,
		      real->family, &ex->source)) ||
	    nla_put_u8(msg, L4LB_A_HOP_REACH, READ_ONCE(real->route.reach)) ||
	    (ex->neigh && put_neigh(msg, ex->neigh)) ||
	    nla_put_u32(msg, L4LB_A_HOP_MTU, READ_ONCE(real->route.mtu)))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);

	return 0;
}

static u8 real_standing(const struct l4lb_real *real,
			const struct l4lb_explanation *ex)
{
	u8 hindrance;

	if (real == ex->real)
		return L4LB_STANDING_CHOSEN;

	hindrance = l4lb_real_hindrance(real, &ex->conf->config.check);
	if (hindrance)
		return hindrance;

	return l4lb_real_is_full(real) ? L4LB_STANDING_FULL :
					 L4LB_STANDING_SERVES;
}

static int put_standing(struct sk_buff *msg, const struct l4lb_real *real,
			const struct l4lb_explanation *ex)
{
	struct nlattr *nest = nla_nest_start(msg, L4LB_A_EXPLAIN_REAL);
	const struct l4lb_check *check = &ex->conf->config.check;

	if (!nest ||
	    nla_put_string(msg, L4LB_A_STANDING_REAL, real->config.name) ||
	    nla_put_u8(msg, L4LB_A_STANDING_IS, real_standing(real, ex)) ||
	    nla_put_u32(msg, L4LB_A_STANDING_CONNS,
			atomic_read(&real->conns)) ||
	    nla_put_u32(msg, L4LB_A_STANDING_WEIGHT,
			l4lb_real_weight(real, check)))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);

	return 0;
}

static int put_standings(struct sk_buff *msg, const struct l4lb_explanation *ex)
{
	const struct l4lb_real *real;
	u32 n = 0;

	if (nla_put_u32(msg, L4LB_A_EXPLAIN_REALS, ex->vip->n_reals))
		return -EMSGSIZE;

	list_for_each_entry(real, &ex->vip->reals, list) {
		if (n++ == L4LB_EXPLAIN_REALS_MAX)
			break;
		if (put_standing(msg, real, ex))
			return -EMSGSIZE;
	}

	return 0;
}

/* Who takes turns does so on each CPU, and who has no table has no slots. */
static int put_sched(struct sk_buff *msg, const struct l4lb_explanation *ex)
{
	u8 sched = ex->conf->config.sched;

	if (nla_put_u8(msg, L4LB_A_EXPLAIN_SCHED, sched) ||
	    (ex->slot != L4LB_SCHED_NO_SLOT &&
	     nla_put_u32(msg, L4LB_A_EXPLAIN_SLOT, ex->slot)) ||
	    (ex->conf->n_slots &&
	     nla_put_u32(msg, L4LB_A_EXPLAIN_SLOTS, ex->conf->n_slots)))
		return -EMSGSIZE;
	if (sched == L4LB_SCHED_SH || sched == L4LB_SCHED_MH)
		return 0;

	return nla_put_u32(msg, L4LB_A_EXPLAIN_CPU, ex->cpu);
}

static int put_choice(struct sk_buff *msg, const struct l4lb_explanation *ex)
{
	if ((ex->by && nla_put_u8(msg, L4LB_A_EXPLAIN_BY, ex->by)) ||
	    (ex->way && nla_put_u8(msg, L4LB_A_EXPLAIN_PERSIST, ex->way)) ||
	    (ex->stateless && nla_put_flag(msg, L4LB_A_EXPLAIN_STATELESS)) ||
	    (ex->by == L4LB_BY_SCHED && put_sched(msg, ex)))
		return -EMSGSIZE;

	return 0;
}

static bool conn_is_orphan(const struct l4lb_explanation *ex)
{
	return ex->conn && READ_ONCE(ex->conn->real->orphans);
}

/* Whether reals were looked at, and not a connection or the client alone. */
static bool compares_reals(const struct l4lb_explanation *ex)
{
	return ex->drop == L4LB_DROP_NO_REAL ||
	       (ex->by && ex->by != L4LB_BY_CONN);
}

static int put_look(struct sk_buff *msg, const struct l4lb_explanation *ex)
{
	const struct l4lb_vip_conf *conf = ex->conf;
	const struct l4lb_allow *allow = l4lb_vip_allow(ex->vip);

	if (nla_put_u8(msg, L4LB_A_EXPLAIN_HOOK, conf->config.hook) ||
	    nla_put_u32(msg, L4LB_A_EXPLAIN_ALLOWS, allow ? allow->n : 0) ||
	    (ex->drop == L4LB_DROP_NO_REAL &&
	     nla_put_u8(msg, L4LB_A_EXPLAIN_NO_REAL, conf->config.no_real)) ||
	    (conn_is_orphan(ex) &&
	     nla_put_u8(msg, L4LB_A_EXPLAIN_ORPHAN, conf->config.orphan)) ||
	    put_choice(msg, ex) ||
	    (compares_reals(ex) && put_standings(msg, ex)))
		return -EMSGSIZE;

	return 0;
}

/**
 * l4lb_message_put_explanation() - put what would become of a packet into a
 *	message
 * @msg: message
 * @query: the packet
 * @ex: what would become of it
 *
 * Context: Process context, under &l4lb_net.lock and rcu_read_lock().
 * Return: 0, or -EMSGSIZE; then the message is to be cancelled.
 */
int l4lb_message_put_explanation(struct sk_buff *msg,
				 const struct l4lb_explain_query *query,
				 const struct l4lb_explanation *ex)
{
	struct nlattr *nest = nla_nest_start(msg, L4LB_A_EXPLAIN);

	if (!nest ||
	    nla_put_u8(msg, L4LB_A_EXPLAIN_RESULT, ex->result) ||
	    (ex->result == L4LB_EXPLAIN_DROP &&
	     nla_put_u8(msg, L4LB_A_EXPLAIN_DROP, ex->drop)) ||
	    (ex->vip &&
	     nla_put_string(msg, L4LB_A_EXPLAIN_VIP,
			    l4lb_vip_config(ex->vip)->name)) ||
	    (ex->conf && put_look(msg, ex)) ||
	    (ex->real && put_hop(msg, query, ex)))
		return -EMSGSIZE;
	nla_nest_end(msg, nest);

	if ((ex->conn && l4lb_message_put_conn(msg, ex->conn)) ||
	    (ex->entry && l4lb_message_put_persist(msg, ex->entry)))
		return -EMSGSIZE;

	return 0;
}
