/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Choices: which real gets a packet that has no connection, and whether that
 * has to be remembered.
 */

#ifndef _L4LB_CHOICE_H
#define _L4LB_CHOICE_H

#include "allow.h"
#include "packet.h"
#include "persist.h"
#include "proto_tcp.h"
#include "real.h"
#include "sched.h"
#include "vip.h"

#define L4LB_TCP_CHANGES	(L4LB_TCP_SYN | L4LB_TCP_FIN | L4LB_TCP_RST)

/**
 * enum l4lb_choice_known - what becomes of a packet that has a connection
 * @L4LB_KNOWN_GOES: it goes to the connection's real
 * @L4LB_KNOWN_ORPHAN: the connection has ended with its real
 * @L4LB_KNOWN_RESTARTS: it begins a connection in the place of that one
 * @L4LB_KNOWN_OVER: the connection is not there any more
 */
enum l4lb_choice_known {
	L4LB_KNOWN_GOES,
	L4LB_KNOWN_ORPHAN,
	L4LB_KNOWN_RESTARTS,
	L4LB_KNOWN_OVER,
};

/**
 * struct l4lb_choice_view - how a choice comes about
 * @by: &enum l4lb_explain_by
 * @way: &enum l4lb_persist_way, 0 without persistence
 * @slot: where the scheduler has found the real, or %L4LB_SCHED_NO_SLOT
 * @entry: persistence entry of the client, or NULL
 */
struct l4lb_choice_view {
	u8 by;
	u8 way;
	u32 slot;
	const struct l4lb_persist *entry;
};

/* For the functions below, where it is not as simple as they hope. */
bool l4lb_choice_takes_mid(const struct l4lb_packet *pkt,
			   const struct l4lb_vip_conf *conf);
struct l4lb_real *l4lb_choice_search(struct l4lb_packet *pkt,
				     struct l4lb_vip *vip,
				     const struct l4lb_vip_conf *conf);
bool l4lb_choice_is_as_begun(const struct l4lb_packet *pkt,
			     const struct l4lb_vip_conf *conf,
			     const struct l4lb_real *real);

/* Any context, under rcu_read_lock(). */
struct l4lb_real *l4lb_choice_peek(const struct l4lb_packet *pkt,
				   const struct l4lb_vip *vip,
				   const struct l4lb_vip_conf *conf,
				   struct l4lb_choice_view *view);

/* Data path: softirq or with bottom halves off, under rcu_read_lock(). */
struct l4lb_real *l4lb_choice_without(const struct l4lb_packet *pkt,
				      const struct l4lb_vip_conf *conf,
				      struct l4lb_real *real);

/**
 * l4lb_choice_takes() - whether a packet can be placed that opens nothing
 * @pkt: TCP packet without a connection
 * @conf: configuration of its VIP
 *
 * Where the choice follows from the client alone, a connection that another
 * balancer with the same configuration has had goes on here. A packet that
 * ends a connection is of use where that may never have had an entry.
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 * Return: false if nothing can be known of its connection.
 */
static inline bool l4lb_choice_takes(const struct l4lb_packet *pkt,
				     const struct l4lb_vip_conf *conf)
{
	if ((pkt->flags & L4LB_TCP_SYN) ||
	    !(pkt->flags & (L4LB_TCP_ACK | L4LB_TCP_FIN | L4LB_TCP_RST)))
		return false;

	return conf->stateless || l4lb_choice_takes_mid(pkt, conf);
}

static inline bool l4lb_choice_opens(const struct l4lb_packet *pkt)
{
	return pkt->proto == IPPROTO_UDP ||
	       (pkt->flags & (L4LB_TCP_CHANGES | L4LB_TCP_ACK)) == L4LB_TCP_SYN;
}

/* What becomes of a connection whose real is halted, down or removed. */
static inline u8 l4lb_choice_orphan(const struct l4lb_conn *conn)
{
	return rcu_dereference(conn->real->vip->conf)->config.orphan;
}

static inline bool l4lb_choice_is_orphan(const struct l4lb_conn *conn)
{
	return READ_ONCE(conn->real->orphans) &&
	       l4lb_choice_orphan(conn) != L4LB_ORPHAN_KEEP;
}

static inline bool l4lb_choice_is_over(const struct l4lb_conn *conn)
{
	return READ_ONCE(conn->dead) ||
	       l4lb_conn_expired(conn, l4lb_tick_now());
}

/**
 * l4lb_choice_known() - what becomes of a client's packet that has a connection
 * @pkt: packet
 * @conn: newest connection of its key
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 * Return: &enum l4lb_choice_known.
 */
static inline enum l4lb_choice_known
l4lb_choice_known(const struct l4lb_packet *pkt, const struct l4lb_conn *conn)
{
	if (l4lb_choice_is_over(conn))
		return L4LB_KNOWN_OVER;
	if (READ_ONCE(conn->real->orphans) && l4lb_choice_opens(pkt))
		return L4LB_KNOWN_RESTARTS;
	if (l4lb_choice_is_orphan(conn))
		return L4LB_KNOWN_ORPHAN;
	if (pkt->proto == IPPROTO_TCP && l4lb_tcp_restarts(conn, pkt))
		return L4LB_KNOWN_RESTARTS;

	return L4LB_KNOWN_GOES;
}

/**
 * l4lb_choice_refuses() - whether a packet without a connection gets no real
 * @pkt: packet
 * @conf: configuration of its VIP
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 * Return: &enum l4lb_drop, or 0 if it may have one.
 */
static inline u8 l4lb_choice_refuses(const struct l4lb_packet *pkt,
				     const struct l4lb_vip_conf *conf)
{
	if (!pkt->out && l4lb_packet_is_martian(pkt))
		return L4LB_DROP_MARTIAN;
	if (!l4lb_choice_opens(pkt) && !l4lb_choice_takes(pkt, conf))
		return L4LB_DROP_NO_CONN;
	if (conf->allow &&
	    !l4lb_allow_has(conf->allow, pkt->key.hi, pkt->key.lo))
		return L4LB_DROP_NOT_ALLOWED;

	return 0;
}

/**
 * l4lb_choice_mode() - how a packet gets to its real
 * @pkt: packet
 * @real: what was chosen
 *
 * To this host itself none needs a source of this host, which routing would
 * refuse.
 *
 * Context: Any.
 * Return: &enum l4lb_mode.
 */
static inline u8 l4lb_choice_mode(const struct l4lb_packet *pkt,
				  const struct l4lb_real *real)
{
	if (READ_ONCE(real->route.reach) == L4LB_REACH_LOCAL)
		return min_t(u8, real->mode, L4LB_MODE_NAT);

	/* Its address may be the VIP, which the real would answer itself. */
	return pkt->out ? L4LB_MODE_SNAT : real->mode;
}

static inline u8 l4lb_choice_first_state(const struct l4lb_packet *pkt)
{
	if (pkt->proto == IPPROTO_UDP)
		return L4LB_CONN_UDP_NEW;

	return pkt->flags & L4LB_TCP_SYN ? L4LB_CONN_SYN :
					   L4LB_CONN_UNCONFIRMED;
}

/**
 * l4lb_choice_make() - choose a real
 * @pkt: packet without a connection that opens one, or that
 *	l4lb_choice_takes()
 * @vip: its VIP
 * @conf: configuration of @vip
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 * Return: the real, or NULL if none takes the packet.
 */
static inline struct l4lb_real *
l4lb_choice_make(struct l4lb_packet *pkt, struct l4lb_vip *vip,
		 const struct l4lb_vip_conf *conf)
{
	if (conf->stateless && !rcu_access_pointer(conf->base))
		return conf->sched->choose(vip, conf, &pkt->key, 0);
	if (conf->persist_ticks && l4lb_choice_opens(pkt))
		return l4lb_persist_choose(vip, conf, pkt);

	return l4lb_choice_search(pkt, vip, conf);
}

/**
 * l4lb_choice_is_plain() - whether a choice need not be remembered
 * @pkt: packet
 * @conf: configuration of its VIP
 * @real: what was chosen
 *
 * The source of a client of this host may be the VIP: when its packet comes in
 * by lo, to this host as the real, the entry is what tells it from a martian.
 *
 * Context: Any but a hard interrupt, under rcu_read_lock().
 * Return: true if the packet is to make no entry: the next one of its
 * connection will find the same real, or there will be none.
 */
static inline bool l4lb_choice_is_plain(const struct l4lb_packet *pkt,
					const struct l4lb_vip_conf *conf,
					const struct l4lb_real *real)
{
	if (!(pkt->flags & (L4LB_TCP_SYN | L4LB_TCP_FIN | L4LB_TCP_RST)))
		return false;
	if (!(pkt->flags & L4LB_TCP_SYN))
		return true;

	return conf->stateless && !pkt->out &&
	       (!rcu_access_pointer(conf->base) ||
		l4lb_choice_is_as_begun(pkt, conf, real));
}

#endif /* _L4LB_CHOICE_H */
