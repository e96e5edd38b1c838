// SPDX-License-Identifier: GPL-2.0-only
/*
 * Choices: which real gets a packet that has no connection.
 *
 * A SYN goes where the scheduler says. Any other packet goes where the SYN of
 * its connection has gone, if that can be told without an entry: by a base
 * table, by the table of sh or mh, or, where SYNs found no room for an entry, by
 * the hash that they were forwarded by.
 */

#include "choice.h"
#include "base.h"
#include "netns.h"
#include "packet.h"
#include "persist.h"
#include "real.h"
#include "sched.h"
#include "vip.h"

#define TCP_ENDS	(L4LB_TCP_FIN | L4LB_TCP_RST)

static bool sched_is_hash(const struct l4lb_vip_conf *conf)
{
	return conf->config.sched == L4LB_SCHED_SH ||
	       conf->config.sched == L4LB_SCHED_MH;
}

/* Whether there may be clients whose SYN was forwarded without an entry. */
static bool flood_presses(const struct l4lb_packet *pkt,
			  const struct l4lb_vip_conf *conf)
{
	return conf->config.mode == L4LB_MODE_DR &&
	       l4lb_flood_presses(&pkt->ln->conns.flood);
}

static bool opens_connection(const struct l4lb_packet *pkt)
{
	return pkt->proto == IPPROTO_UDP || (pkt->flags & L4LB_TCP_SYN);
}

/**
 * l4lb_choice_takes_mid() - whether a packet in mid-stream can be placed where
 *	SYNs make entries
 * @pkt: TCP packet without SYN and with ACK, FIN or RST
 * @conf: configuration of its VIP
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 * Return: false if nothing can be known of its connection.
 */
bool l4lb_choice_takes_mid(const struct l4lb_packet *pkt,
			   const struct l4lb_vip_conf *conf)
{
	return rcu_access_pointer(conf->base) || flood_presses(pkt, conf) ||
	       (sched_is_hash(conf) && !(pkt->flags & TCP_ENDS));
}

/**
 * l4lb_choice_search() - choose a real where not the table alone decides
 * @pkt: packet, as for l4lb_choice_make()
 * @vip: its VIP
 * @conf: configuration of @vip
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 * Return: the real, or NULL if none takes the packet.
 */
struct l4lb_real *l4lb_choice_search(struct l4lb_packet *pkt,
				     struct l4lb_vip *vip,
				     const struct l4lb_vip_conf *conf)
{
	struct l4lb_real *real;

	if (!opens_connection(pkt)) {
		real = l4lb_base_choose(conf, &pkt->key);
		if (real && !READ_ONCE(real->orphans))
			return real;
		if (!conf->config.persist && !sched_is_hash(conf))
			return l4lb_sched_by_source(conf, pkt->key.hi,
						    pkt->key.lo);
	}

	if (unlikely(conf->config.persist))
		return l4lb_persist_choose(vip, conf, pkt);

	return l4lb_vip_choose(vip, conf, &pkt->key);
}

/**
 * l4lb_choice_peek() - which real a SYN or datagram would be given now
 * @pkt: packet that opens a connection
 * @vip: its VIP
 * @conf: configuration of @vip
 * @view: where to say how that came about
 *
 * Nothing changes: no turn is taken, no client is bound.
 *
 * Context: Any, under rcu_read_lock().
 * Return: the real, or NULL if none takes the packet.
 */
struct l4lb_real *l4lb_choice_peek(const struct l4lb_packet *pkt,
				   const struct l4lb_vip *vip,
				   const struct l4lb_vip_conf *conf,
				   struct l4lb_choice_view *view)
{
	struct l4lb_real *real = NULL;

	view->way = 0;
	view->entry = NULL;
	view->slot = L4LB_SCHED_NO_SLOT;
	if (conf->config.persist)
		view->way = l4lb_persist_peek(vip, conf, &pkt->key,
					      &view->entry, &real);

	switch (view->way) {
	case L4LB_PERSIST_KEEPS:
		view->by = L4LB_BY_PERSIST;
		return real;
	case L4LB_PERSIST_HASHED:
		view->by = L4LB_BY_SOURCE;
		return real;
	default:
		view->by = L4LB_BY_SCHED;
		return l4lb_sched_peek(vip, conf, &pkt->key, &view->slot);
	}
}

/**
 * l4lb_choice_is_as_begun() - whether a SYN's ACK will follow it by itself
 * @pkt: SYN
 * @conf: configuration of its VIP, with a base
 * @real: what was chosen
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 * Return: true if the base table says the same.
 */
bool l4lb_choice_is_as_begun(const struct l4lb_packet *pkt,
			     const struct l4lb_vip_conf *conf,
			     const struct l4lb_real *real)
{
	const struct l4lb_real *begun = l4lb_base_choose(conf, &pkt->key);

	return !begun || begun == real;
}

/**
 * l4lb_choice_without() - where a packet goes that finds no room for an entry
 * @pkt: packet
 * @conf: configuration of its VIP
 * @real: what was chosen
 *
 * A SYN goes to the real that its ACK will be sent to. If that takes no new
 * clients any more the SYN is dropped; the client will repeat it.
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 * Return: the real, or NULL if the packet is to be dropped, as always where
 * answers have to find the client.
 */
struct l4lb_real *l4lb_choice_without(const struct l4lb_packet *pkt,
				      const struct l4lb_vip_conf *conf,
				      struct l4lb_real *real)
{
	struct l4lb_real *begun;

	if (conf->config.mode != L4LB_MODE_DR)
		return NULL;
	if (!opens_connection(pkt))
		return real;

	if (pkt->proto == IPPROTO_TCP) {
		begun = l4lb_base_choose(conf, &pkt->key);
		if (begun && !READ_ONCE(begun->orphans))
			return READ_ONCE(begun->serves) ? begun : NULL;
	}

	if (conf->config.persist || sched_is_hash(conf))
		return real;

	return l4lb_sched_by_source(conf, pkt->key.hi, pkt->key.lo);
}
