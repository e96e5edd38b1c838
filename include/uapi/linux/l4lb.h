/* SPDX-License-Identifier: (GPL-2.0-only WITH Linux-syscall-note) OR MIT */
/*
 * Generic netlink interface of the L4 load balancer, family "l4lb".
 *
 * A request names its objects by nests: %L4LB_A_VIP with %L4LB_A_VIP_NAME says
 * which VIP, %L4LB_A_REAL with %L4LB_A_REAL_NAME which of its reals. The
 * configuration belongs to the network namespace of the socket.
 *
 *	request		nests it takes		what it does
 *	INFO_GET	-			versions, limits, totals
 *	INFO_SET	INFO			changes limits, the seed of all,
 *					standby, partners; none of it goes
 *					with the VIPs
 *	VIP_NEW		VIP, ALLOW, REPLACE	creates; EEXIST if the name or a
 *						port of it is taken. With
 *						REPLACE: sets what exists to
 *						defaults plus the request
 *	VIP_SET		VIP, ALLOW, ALLOW_OP	changes the attributes given
 *	VIP_DEL		VIP (name)		removes it and its reals
 *	VIP_GET		VIP (name), or dump	reads one, or all
 *	REAL_NEW	VIP (name), REAL,	creates; REPLACE as above
 *			REPLACE
 *	REAL_SET	VIP (name), REAL	changes the attributes given
 *	REAL_DEL	VIP, REAL (names)	removes it
 *	REAL_GET	VIP, REAL (names), or	reads one, or all, or
 *			dump with VIP (name)	those of one VIP
 *	REAL_HEALTH	VIP, REAL (names,	reports a verdict on its health,
 *			epoch, what is		what the last check has found,
 *			reported)		or what its agent wants
 *	CONN_GET	dump with FILTER	reads connections
 *	CONN_DEL	FILTER			ends the matching connections;
 *						replies with CONN_COUNT
 *	PERSIST_GET	dump with FILTER	reads persistence entries
 *	PERSIST_NEW	VIP, REAL (names),	binds a client to a real, or
 *			PERSIST			binds it anew
 *	PERSIST_DEL	FILTER			removes the matching entries;
 *						replies with PERSIST_COUNT
 *	PROBE_NEW	VIP, REAL (names),	lets what a socket of this host
 *			PROBE			sends to the real be addressed
 *						to the VIP, as clients' packets
 *						are with DR, and its answers
 *						come from the real
 *	PROBE_DEL	VIP, REAL, PROBE	ends that, ten seconds later, when
 *						the socket has been closed. It
 *						ends with the real and after ten
 *						minutes too
 *	ALLOW_GET	dump with VIP (name)	reads whom the VIP serves, several
 *						ALLOW in several messages
 *	EXPLAIN_GET	EXPLAIN			says what would become of a
 *						client's SYN or datagram, and
 *						why; with CONN and PERSIST, if
 *						it has these. Changes nothing
 *	EVENT_GET	dump with RECORD	reads what has happened, the oldest
 *			(time)			first: at most the last
 *						L4LB_RECORDS_MAX; with a time,
 *						from then on
 *	TRACE_SET	FILTER			sends TRACE_NTF to this socket for
 *						every packet of matching clients,
 *						at most LIMIT in a second, until
 *						the socket is closed. EBUSY if
 *						another has it
 *	STATS_RESET	-			counters start from zero
 *	FLUSH		-			removes every VIP and connection
 *	TXN_BEGIN	GENERATION		begins a transaction; ESTALE if the
 *						configuration is of another
 *						generation
 *	TXN_COMMIT	DRY_RUN			does all of it, or nothing
 *	TXN_ABORT	-			forgets it
 *
 * In a transaction, NEW, SET and DEL of VIPs and reals, PERSIST_NEW,
 * PERSIST_DEL without a limit and INFO_SET of that socket are acknowledged and
 * kept. With
 * TXN_COMMIT what they name is looked up in their order, and whether it all fits
 * together is judged by its end. If one has to be refused nothing is done and
 * the transaction is over; a reply TXN_COMMIT with TXN_MESSAGE says which one it
 * was, then the error says why. With DRY_RUN nothing is done in any case. All
 * other requests act at once. A transaction ends with its socket, which has one
 * at a time.
 *
 * Reading VIPs, reals and counters needs no privilege; everything else needs
 * CAP_NET_ADMIN in the user namespace that owns the network namespace.
 *
 * Every request is strict: an attribute that is unknown, of a wrong length or
 * out of range is refused, and the extended acknowledgment says which one and
 * why. A request that fails has changed nothing.
 *
 * Notifications are multicast in the namespace, always with %L4LB_A_EVENT and
 * %L4LB_A_GENERATION: VIP_NTF with the whole VIP and REAL_NTF with the VIP's
 * name and the whole real, or with the names alone of what was removed, to the
 * group "config" (created, changed, removed) or "health" (a verdict or what
 * follows from it), or with EVENT_NTF to "config" or "client". TRACE_NTF is none
 * of them: it is sent to one socket, with
 * nothing but what it tells.
 *
 * Values are ABI: append at the end of an enum, never reorder, never reuse.
 */

#ifndef _UAPI_LINUX_L4LB_H
#define _UAPI_LINUX_L4LB_H

#define L4LB_GENL_NAME		"l4lb"
#define L4LB_GENL_VERSION	1

#define L4LB_MCGRP_CONFIG	"config"
#define L4LB_MCGRP_HEALTH	"health"
#define L4LB_MCGRP_CLIENT	"client"	/* needs CAP_NET_ADMIN */

/* Longest strings, without the final NUL. */
#define L4LB_NAME_MAX		31
#define L4LB_REASON_MAX		255
#define L4LB_CHECK_TYPE_MAX	15
#define L4LB_CHECK_ARGS_MAX	1023

/* Most port ranges of one VIP, and most ports of one check. */
#define L4LB_PORTS_MAX		64
#define L4LB_CHECK_PORTS_MAX	16

/* Most ranges of clients that one VIP serves. */
#define L4LB_ALLOWS_MAX		16384

/* Most sources of one VIP with SNAT, and most partners of a namespace. */
#define L4LB_SOURCES_MAX	16
#define L4LB_PARTNERS_MAX	8

/* Packets in a second that are traced, if nothing else is said. */
#define L4LB_TRACE_LIMIT_DEFAULT	1000

/* So many of the last events are remembered, in a namespace of a user's fewer. */
#define L4LB_RECORDS_MAX	4096

/* Most reals that an explanation tells of. */
#define L4LB_EXPLAIN_REALS_MAX	256

/* Most of what INFO_SET lets a namespace have. */
#define L4LB_VIPS_MAX		4096
#define L4LB_REALS_MAX		65536
#define L4LB_CONNS_MAX		(16U << 20)
#define L4LB_PERSISTS_MAX	(16U << 20)

#define L4LB_WEIGHT_MAX		65535
#define L4LB_WEIGHT_DEFAULT	100

/* Times are in milliseconds; 31 days at the most. */
#define L4LB_TIME_MAX		(31U * 24 * 3600 * 1000)
#define L4LB_IDLE_DEFAULT	(124U * 60 * 1000)
#define L4LB_IDLE_MIN		1000
#define L4LB_PERSIST_MIN	1000
#define L4LB_CHECK_INTERVAL_DEFAULT	5000
#define L4LB_CHECK_TIMEOUT_DEFAULT	3000
#define L4LB_CHECK_TIME_MIN	100
#define L4LB_CHECK_RISE_DEFAULT	2
#define L4LB_CHECK_FALL_DEFAULT	3
#define L4LB_CHECK_COUNT_MAX	100

/* Percent of its weight that an agent may give a real. */
#define L4LB_AGENT_WEIGHT_MAX	256

/**
 * enum l4lb_cmd - requests, replies and notifications
 * @L4LB_CMD_INFO_GET: read %L4LB_A_INFO and the totals in %L4LB_A_STATS
 * @L4LB_CMD_VIP_NEW: create the VIP in %L4LB_A_VIP
 * @L4LB_CMD_VIP_SET: change the VIP in %L4LB_A_VIP
 * @L4LB_CMD_VIP_DEL: remove the VIP in %L4LB_A_VIP and its reals
 * @L4LB_CMD_VIP_GET: read one VIP, or dump all
 * @L4LB_CMD_VIP_NTF: notification about a VIP
 * @L4LB_CMD_REAL_NEW: create the real in %L4LB_A_REAL under %L4LB_A_VIP
 * @L4LB_CMD_REAL_SET: change the real in %L4LB_A_REAL
 * @L4LB_CMD_REAL_DEL: remove the real in %L4LB_A_REAL
 * @L4LB_CMD_REAL_GET: read one real, or dump them
 * @L4LB_CMD_REAL_NTF: notification about a real
 * @L4LB_CMD_REAL_HEALTH: report the health of a real
 * @L4LB_CMD_CONN_GET: dump connections, one %L4LB_A_CONN each
 * @L4LB_CMD_CONN_DEL: end connections
 * @L4LB_CMD_STATS_RESET: let every counter start from zero
 * @L4LB_CMD_FLUSH: remove every VIP, real and connection
 * @L4LB_CMD_PERSIST_GET: dump persistence entries, one %L4LB_A_PERSIST each,
 *	with the VIP's and the real's names
 * @L4LB_CMD_PERSIST_NEW: bind the client in %L4LB_A_PERSIST to a real
 * @L4LB_CMD_PERSIST_DEL: remove persistence entries
 * @L4LB_CMD_ALLOW_GET: dump the ranges of clients that a VIP serves
 * @L4LB_CMD_INFO_SET: change what holds for the whole namespace
 * @L4LB_CMD_PROBE_NEW: begin with the probe in %L4LB_A_PROBE
 * @L4LB_CMD_PROBE_DEL: end it
 * @L4LB_CMD_TXN_BEGIN: begin a transaction
 * @L4LB_CMD_TXN_COMMIT: do all that the transaction has gathered, or nothing
 * @L4LB_CMD_TXN_ABORT: forget the transaction
 * @L4LB_CMD_EXPLAIN_GET: say what would become of the packet in
 *	%L4LB_A_EXPLAIN, and why
 * @L4LB_CMD_EVENT_GET: dump what has happened, one %L4LB_A_RECORD each
 * @L4LB_CMD_TRACE_SET: begin to trace the packets of %L4LB_A_FILTER
 * @L4LB_CMD_TRACE_NTF: a packet, in %L4LB_A_TRACE
 * @L4LB_CMD_EVENT_NTF: something has happened that is not about VIPs and reals
 *	themselves, in %L4LB_A_RECORD; without who did it where all may listen.
 *	Clients that were bound go to %L4LB_MCGRP_CLIENT, others to
 *	%L4LB_MCGRP_CONFIG
 * @__L4LB_CMD_MAX: internal use
 */
enum l4lb_cmd {
	L4LB_CMD_INFO_GET = 1,
	L4LB_CMD_VIP_NEW,
	L4LB_CMD_VIP_SET,
	L4LB_CMD_VIP_DEL,
	L4LB_CMD_VIP_GET,
	L4LB_CMD_VIP_NTF,
	L4LB_CMD_REAL_NEW,
	L4LB_CMD_REAL_SET,
	L4LB_CMD_REAL_DEL,
	L4LB_CMD_REAL_GET,
	L4LB_CMD_REAL_NTF,
	L4LB_CMD_REAL_HEALTH,
	L4LB_CMD_CONN_GET,
	L4LB_CMD_CONN_DEL,
	L4LB_CMD_STATS_RESET,
	L4LB_CMD_FLUSH,
	L4LB_CMD_PERSIST_GET,
	L4LB_CMD_PERSIST_NEW,
	L4LB_CMD_PERSIST_DEL,
	L4LB_CMD_ALLOW_GET,
	L4LB_CMD_INFO_SET,
	L4LB_CMD_PROBE_NEW,
	L4LB_CMD_PROBE_DEL,
	L4LB_CMD_TXN_BEGIN,
	L4LB_CMD_TXN_COMMIT,
	L4LB_CMD_TXN_ABORT,
	L4LB_CMD_EXPLAIN_GET,
	L4LB_CMD_EVENT_GET,
	L4LB_CMD_TRACE_SET,
	L4LB_CMD_TRACE_NTF,
	L4LB_CMD_EVENT_NTF,

	__L4LB_CMD_MAX
};

#define L4LB_CMD_MAX (__L4LB_CMD_MAX - 1)

/**
 * enum l4lb_attr - top-level attributes
 * @L4LB_A_VIP: nest of &enum l4lb_vip_attr
 * @L4LB_A_REAL: nest of &enum l4lb_real_attr
 * @L4LB_A_CONN: nest of &enum l4lb_conn_attr
 * @L4LB_A_FILTER: nest of &enum l4lb_filter_attr
 * @L4LB_A_INFO: nest of &enum l4lb_info_attr
 * @L4LB_A_STATS: nest of &enum l4lb_stats_attr, totals of the namespace
 * @L4LB_A_EVENT: u8, &enum l4lb_event, in notifications
 * @L4LB_A_GENERATION: u32, grows with every change of the configuration
 * @L4LB_A_CONN_COUNT: u32, how many connections CONN_DEL ended
 * @L4LB_A_REPLACE: flag, with NEW: what exists is set to defaults plus the
 *	request; a real keeps its state unless the request has one
 * @L4LB_A_PERSIST: nest of &enum l4lb_persist_attr
 * @L4LB_A_PERSIST_COUNT: u32, how many entries PERSIST_DEL removed
 * @L4LB_A_ALLOW: nest of %L4LB_A_ALLOW_RANGE, clients that the VIP serves. May
 *	be there several times, for more ranges than one holds; an empty one
 *	with %L4LB_ALLOW_SET means any client
 * @L4LB_A_ALLOW_OP: u8, &enum l4lb_allow_op, default %L4LB_ALLOW_SET
 * @L4LB_A_PROBE: nest of &enum l4lb_probe_attr
 * @L4LB_A_DRY_RUN: flag, see whether the transaction could be done; it goes on
 *	if so
 * @L4LB_A_TXN_MESSAGE: u32, which message of a transaction is at fault, the
 *	first is 0
 * @L4LB_A_EXPLAIN: nest of &enum l4lb_explain_attr
 * @L4LB_A_RECORD: nest of &enum l4lb_record_attr
 * @L4LB_A_TRACE: nest of &enum l4lb_trace_attr
 * @__L4LB_A_MAX: internal use
 */
enum l4lb_attr {
	L4LB_A_VIP = 1,
	L4LB_A_REAL,
	L4LB_A_CONN,
	L4LB_A_FILTER,
	L4LB_A_INFO,
	L4LB_A_STATS,
	L4LB_A_EVENT,
	L4LB_A_GENERATION,
	L4LB_A_CONN_COUNT,
	L4LB_A_REPLACE,
	L4LB_A_PERSIST,
	L4LB_A_PERSIST_COUNT,
	L4LB_A_ALLOW,
	L4LB_A_ALLOW_OP,
	L4LB_A_PROBE,
	L4LB_A_DRY_RUN,
	L4LB_A_TXN_MESSAGE,
	L4LB_A_EXPLAIN,
	L4LB_A_RECORD,
	L4LB_A_TRACE,

	__L4LB_A_MAX
};

#define L4LB_A_MAX (__L4LB_A_MAX - 1)

/**
 * enum l4lb_event - what a notification is about
 * @L4LB_EVENT_NEW: created
 * @L4LB_EVENT_SET: changed
 * @L4LB_EVENT_DEL: removed; a removed VIP is announced once, not real by real
 * @L4LB_EVENT_HEALTH: the health, its reason or the VIP's state changed
 * @L4LB_EVENT_PORTS: source ports towards the real ran out, so that new
 *	connections were dropped; at most once a second
 * @__L4LB_EVENT_MAX: internal use
 */
enum l4lb_event {
	L4LB_EVENT_NEW = 1,
	L4LB_EVENT_SET,
	L4LB_EVENT_DEL,
	L4LB_EVENT_HEALTH,
	L4LB_EVENT_PORTS,

	__L4LB_EVENT_MAX
};

#define L4LB_EVENT_MAX (__L4LB_EVENT_MAX - 1)

/**
 * enum l4lb_mode - how packets reach a real
 * @L4LB_MODE_DR: direct return; only the destination MAC address changes
 * @L4LB_MODE_NAT: destination address and port change, replies come back
 *	through the balancer
 * @L4LB_MODE_SNAT: source address and port change too, so replies come back
 *	without a route of the real's
 * @__L4LB_MODE_MAX: internal use
 */
enum l4lb_mode {
	L4LB_MODE_DR = 1,
	L4LB_MODE_NAT,
	L4LB_MODE_SNAT,

	__L4LB_MODE_MAX
};

#define L4LB_MODE_MAX (__L4LB_MODE_MAX - 1)

/**
 * enum l4lb_sched - how a real is chosen for a new connection
 * @L4LB_SCHED_WRR: weighted round robin
 * @L4LB_SCHED_RR: round robin; weights other than 0 count as equal
 * @L4LB_SCHED_WLC: fewest connections for its weight
 * @L4LB_SCHED_LC: fewest connections; weights other than 0 count as equal
 * @L4LB_SCHED_SH: by a hash of the client's address
 * @L4LB_SCHED_MH: by a hash of the client's address and port
 * @__L4LB_SCHED_MAX: internal use
 */
enum l4lb_sched {
	L4LB_SCHED_WRR = 1,
	L4LB_SCHED_RR,
	L4LB_SCHED_WLC,
	L4LB_SCHED_LC,
	L4LB_SCHED_SH,
	L4LB_SCHED_MH,

	__L4LB_SCHED_MAX
};

#define L4LB_SCHED_MAX (__L4LB_SCHED_MAX - 1)

/**
 * enum l4lb_orphan - what a client's TCP packet gets whose connection has ended
 * @L4LB_ORPHAN_RST: a reset
 * @L4LB_ORPHAN_DROP: nothing
 * @L4LB_ORPHAN_KEEP: it goes to the real, although that is halted, down or
 *	removed, until the connection expires
 * @__L4LB_ORPHAN_MAX: internal use
 */
enum l4lb_orphan {
	L4LB_ORPHAN_RST = 1,
	L4LB_ORPHAN_DROP,
	L4LB_ORPHAN_KEEP,

	__L4LB_ORPHAN_MAX
};

#define L4LB_ORPHAN_MAX (__L4LB_ORPHAN_MAX - 1)

/**
 * enum l4lb_no_real - what a client gets when no real can take its connection
 * @L4LB_NO_REAL_RST: a reset; for UDP, ICMP
 * @L4LB_NO_REAL_ICMP: an ICMP error, port unreachable
 * @L4LB_NO_REAL_DROP: nothing
 * @__L4LB_NO_REAL_MAX: internal use
 */
enum l4lb_no_real {
	L4LB_NO_REAL_RST = 1,
	L4LB_NO_REAL_ICMP,
	L4LB_NO_REAL_DROP,

	__L4LB_NO_REAL_MAX
};

#define L4LB_NO_REAL_MAX (__L4LB_NO_REAL_MAX - 1)

/**
 * enum l4lb_hook - where a VIP's packets are taken
 * @L4LB_HOOK_EARLY: as they come in, after the raw table: rules of INPUT and
 *	connection tracking do not see them
 * @L4LB_HOOK_INPUT: where the host would take them itself, after its rules of
 *	INPUT; answers of NAT are taken as they come in all the same
 * @__L4LB_HOOK_MAX: internal use
 */
enum l4lb_hook {
	L4LB_HOOK_EARLY = 1,
	L4LB_HOOK_INPUT,

	__L4LB_HOOK_MAX
};

#define L4LB_HOOK_MAX (__L4LB_HOOK_MAX - 1)

/* Bits of L4LB_A_VIP_PROTOS. */
#define L4LB_PROTO_TCP		1
#define L4LB_PROTO_UDP		2
#define L4LB_PROTO_ALL		(L4LB_PROTO_TCP | L4LB_PROTO_UDP)

/**
 * enum l4lb_vip_state - whether and how a VIP serves (read only)
 * @L4LB_VIP_UP: every real with a weight can take new connections
 * @L4LB_VIP_DEGRADED: some real cannot
 * @L4LB_VIP_NO_REAL: no real can
 * @L4LB_VIP_NO_ADDRESS: its address is not on this host, so its packets are
 *	left to the stack
 * @L4LB_VIP_STANDBY: the whole namespace stands back, so its packets are left
 *	to the stack
 * @__L4LB_VIP_STATE_MAX: internal use
 */
enum l4lb_vip_state {
	L4LB_VIP_UP = 1,
	L4LB_VIP_DEGRADED,
	L4LB_VIP_NO_REAL,
	L4LB_VIP_NO_ADDRESS,
	L4LB_VIP_STANDBY,

	__L4LB_VIP_STATE_MAX
};

#define L4LB_VIP_STATE_MAX (__L4LB_VIP_STATE_MAX - 1)

/**
 * enum l4lb_allow_op - what a list of clients does to the one there is
 * @L4LB_ALLOW_SET: takes its place
 * @L4LB_ALLOW_ADD: comes in addition; refused where any client is served
 * @L4LB_ALLOW_DEL: is taken out of it; refused where any client is served, and
 *	if nothing would be left
 * @__L4LB_ALLOW_OP_MAX: internal use
 */
enum l4lb_allow_op {
	L4LB_ALLOW_SET = 1,
	L4LB_ALLOW_ADD,
	L4LB_ALLOW_DEL,

	__L4LB_ALLOW_OP_MAX
};

#define L4LB_ALLOW_OP_MAX (__L4LB_ALLOW_OP_MAX - 1)

/**
 * enum l4lb_allow_attr - clients that a VIP serves; needs CAP_NET_ADMIN to read
 * @L4LB_A_ALLOW_RANGE: nest of &enum l4lb_allow_range_attr, any number; read
 *	back sorted and merged, at most %L4LB_ALLOWS_MAX then
 * @__L4LB_A_ALLOW_MAX: internal use
 */
enum l4lb_allow_attr {
	L4LB_A_ALLOW_RANGE = 1,

	__L4LB_A_ALLOW_MAX
};

#define L4LB_A_ALLOW_MAX (__L4LB_A_ALLOW_MAX - 1)

/**
 * enum l4lb_allow_range_attr - a range of addresses of the VIP's family
 * @L4LB_A_ALLOW_FIRST4: be32, first IPv4 address
 * @L4LB_A_ALLOW_LAST4: be32, last IPv4 address, not below the first
 * @L4LB_A_ALLOW_FIRST6: 16 bytes, first IPv6 address
 * @L4LB_A_ALLOW_LAST6: 16 bytes, last IPv6 address, not below the first
 * @__L4LB_A_ALLOW_RANGE_MAX: internal use
 */
enum l4lb_allow_range_attr {
	L4LB_A_ALLOW_FIRST4 = 1,
	L4LB_A_ALLOW_LAST4,
	L4LB_A_ALLOW_FIRST6,
	L4LB_A_ALLOW_LAST6,

	__L4LB_A_ALLOW_RANGE_MAX
};

#define L4LB_A_ALLOW_RANGE_MAX (__L4LB_A_ALLOW_RANGE_MAX - 1)

/**
 * enum l4lb_sources_attr - addresses that reals see in place of the clients'
 * @L4LB_A_SOURCES_ADDR4: be32, an IPv4 address of this host; any number of
 *	times up to %L4LB_SOURCES_MAX
 * @L4LB_A_SOURCES_ADDR6: 16 bytes, an IPv6 address of this host
 * @__L4LB_A_SOURCES_MAX: internal use
 */
enum l4lb_sources_attr {
	L4LB_A_SOURCES_ADDR4 = 1,
	L4LB_A_SOURCES_ADDR6,

	__L4LB_A_SOURCES_MAX
};

#define L4LB_A_SOURCES_MAX (__L4LB_A_SOURCES_MAX - 1)

/**
 * enum l4lb_fallback_attr - where new connections go that no real can take
 * @L4LB_A_FALLBACK_ADDR4: be32, its IPv4 address; the family is the VIP's
 * @L4LB_A_FALLBACK_ADDR6: 16 bytes, its IPv6 address
 * @L4LB_A_FALLBACK_PORT: be16, as %L4LB_A_REAL_PORT
 * @__L4LB_A_FALLBACK_MAX: internal use
 */
enum l4lb_fallback_attr {
	L4LB_A_FALLBACK_ADDR4 = 1,
	L4LB_A_FALLBACK_ADDR6,
	L4LB_A_FALLBACK_PORT,

	__L4LB_A_FALLBACK_MAX
};

#define L4LB_A_FALLBACK_MAX (__L4LB_A_FALLBACK_MAX - 1)

/**
 * enum l4lb_vip_attr - a virtual service
 * @L4LB_A_VIP_NAME: string, a letter, then letters, digits, ``-_.``; at most
 *	%L4LB_NAME_MAX bytes, no reserved word
 * @L4LB_A_VIP_NEW_NAME: string, SET only: its name from now on
 * @L4LB_A_VIP_ADDR4: be32, its IPv4 address; excludes ADDR6
 * @L4LB_A_VIP_ADDR6: 16 bytes, its IPv6 address; excludes ADDR4
 * @L4LB_A_VIP_PROTOS: u8, bits L4LB_PROTO_TCP and L4LB_PROTO_UDP, at least one
 * @L4LB_A_VIP_PORTS: nest of one or more %L4LB_A_PORTS_RANGE; replaces the
 *	list. Read back sorted and merged
 * @L4LB_A_VIP_MODE: u8, &enum l4lb_mode, default %L4LB_MODE_DR
 * @L4LB_A_VIP_SCHED: u8, &enum l4lb_sched, default %L4LB_SCHED_WRR
 * @L4LB_A_VIP_IDLE: u32, ms that an established TCP connection may be silent,
 *	%L4LB_IDLE_MIN to %L4LB_TIME_MAX, default %L4LB_IDLE_DEFAULT
 * @L4LB_A_VIP_CHECK: nest of &enum l4lb_check_attr, how its reals are checked
 * @L4LB_A_VIP_STATE: u8, &enum l4lb_vip_state (read only)
 * @L4LB_A_VIP_REALS: u32, how many reals it has (read only)
 * @L4LB_A_VIP_CONNS: u32, connections of its reals now (read only)
 * @L4LB_A_VIP_STATS: nest of &enum l4lb_stats_attr (read only)
 * @L4LB_A_VIP_ORPHAN: u8, &enum l4lb_orphan, default %L4LB_ORPHAN_RST
 * @L4LB_A_VIP_NO_REAL: u8, &enum l4lb_no_real, default %L4LB_NO_REAL_RST
 * @L4LB_A_VIP_SEED: u64, what the hash of sh and mh begins with, default 0;
 *	balancers with the same seed, weights and addresses of reals choose alike
 * @L4LB_A_VIP_PERSIST: u32, ms for which a client without connections keeps its
 *	real, %L4LB_PERSIST_MIN to %L4LB_TIME_MAX, or 0 for not at all, the
 *	default
 * @L4LB_A_VIP_MASK: u8, prefix length of what counts as one client, 1 to 32 or
 *	128, default the whole address
 * @L4LB_A_VIP_PERSISTS: u32, its persistence entries now (read only)
 * @L4LB_A_VIP_PAD: padding
 * @L4LB_A_VIP_HOOK: u8, &enum l4lb_hook, default %L4LB_HOOK_EARLY
 * @L4LB_A_VIP_SOURCES: nest of &enum l4lb_sources_attr, for SNAT; replaces the
 *	list. Empty, the default: the source that the route to the real prefers
 * @L4LB_A_VIP_FALLBACK: nest of &enum l4lb_fallback_attr; empty, the default:
 *	there is none
 * @L4LB_A_VIP_SLOW_START: u32, ms in which a real that comes up gets from 1 % to
 *	its weight, at most %L4LB_TIME_MAX, default 0
 * @L4LB_A_VIP_ALLOWS: u32, ranges of clients that it serves; 0: any client
 *	(read only)
 * @L4LB_A_VIP_DEV: string, name of the interface that its address is to be on,
 *	at most IFNAMSIZ - 1 bytes; empty, the default: none. The module only
 *	keeps it, the programs put the address there
 * @__L4LB_A_VIP_MAX: internal use
 */
enum l4lb_vip_attr {
	L4LB_A_VIP_NAME = 1,
	L4LB_A_VIP_NEW_NAME,
	L4LB_A_VIP_ADDR4,
	L4LB_A_VIP_ADDR6,
	L4LB_A_VIP_PROTOS,
	L4LB_A_VIP_PORTS,
	L4LB_A_VIP_MODE,
	L4LB_A_VIP_SCHED,
	L4LB_A_VIP_IDLE,
	L4LB_A_VIP_CHECK,
	L4LB_A_VIP_STATE,
	L4LB_A_VIP_REALS,
	L4LB_A_VIP_CONNS,
	L4LB_A_VIP_STATS,
	L4LB_A_VIP_ORPHAN,
	L4LB_A_VIP_NO_REAL,
	L4LB_A_VIP_SEED,
	L4LB_A_VIP_PERSIST,
	L4LB_A_VIP_MASK,
	L4LB_A_VIP_PERSISTS,
	L4LB_A_VIP_PAD,
	L4LB_A_VIP_HOOK,
	L4LB_A_VIP_SOURCES,
	L4LB_A_VIP_FALLBACK,
	L4LB_A_VIP_SLOW_START,
	L4LB_A_VIP_ALLOWS,
	L4LB_A_VIP_DEV,

	__L4LB_A_VIP_MAX
};

#define L4LB_A_VIP_MAX (__L4LB_A_VIP_MAX - 1)

/**
 * enum l4lb_ports_attr - a list of port ranges
 * @L4LB_A_PORTS_RANGE: nest of &enum l4lb_range_attr, one for each range, at
 *	most %L4LB_PORTS_MAX (checks: %L4LB_CHECK_PORTS_MAX single ports);
 *	1-65535 is what lbctl calls ``any``
 * @__L4LB_A_PORTS_MAX: internal use
 */
enum l4lb_ports_attr {
	L4LB_A_PORTS_RANGE = 1,

	__L4LB_A_PORTS_MAX
};

#define L4LB_A_PORTS_MAX (__L4LB_A_PORTS_MAX - 1)

/**
 * enum l4lb_range_attr - a range of ports
 * @L4LB_A_RANGE_FIRST: be16, first port, 1 or more
 * @L4LB_A_RANGE_LAST: be16, last port, not below the first
 * @__L4LB_A_RANGE_MAX: internal use
 */
enum l4lb_range_attr {
	L4LB_A_RANGE_FIRST = 1,
	L4LB_A_RANGE_LAST,

	__L4LB_A_RANGE_MAX
};

#define L4LB_A_RANGE_MAX (__L4LB_A_RANGE_MAX - 1)

/**
 * enum l4lb_via - which way checks take
 * @L4LB_VIA_REAL: to the real's own address
 * @L4LB_VIA_VIP: as clients' packets do: to the VIP's address, given to that one
 *	real
 * @__L4LB_VIA_MAX: internal use
 */
enum l4lb_via {
	L4LB_VIA_REAL = 1,
	L4LB_VIA_VIP,

	__L4LB_VIA_MAX
};

#define L4LB_VIA_MAX (__L4LB_VIA_MAX - 1)

/**
 * enum l4lb_check_attr - how a real is checked
 * @L4LB_A_CHECK_TYPE: string, at most %L4LB_CHECK_TYPE_MAX bytes of lower-case
 *	letters, digits and ``-``. With a type the nest is a whole new check,
 *	without one only what is given changes. To the kernel only ``off`` (the
 *	real counts as up) has a meaning; default ``tcp`` if the VIP has TCP,
 *	else ``off``
 * @L4LB_A_CHECK_PORTS: nest of %L4LB_A_PORTS_RANGE with single ports, all of
 *	which must answer; without ranges: the service's own port
 * @L4LB_A_CHECK_INTERVAL: u32, ms between two checks, not below the timeout,
 *	default %L4LB_CHECK_INTERVAL_DEFAULT
 * @L4LB_A_CHECK_TIMEOUT: u32, ms until a check has failed, default
 *	%L4LB_CHECK_TIMEOUT_DEFAULT
 * @L4LB_A_CHECK_RISE: u8, good results in a row until a real is up, default
 *	%L4LB_CHECK_RISE_DEFAULT
 * @L4LB_A_CHECK_FALL: u8, bad results in a row until it is not, default
 *	%L4LB_CHECK_FALL_DEFAULT
 * @L4LB_A_CHECK_FAST: u32, ms between two checks from a result against the
 *	verdict until the verdict is certain; 0, the default: the interval
 * @L4LB_A_CHECK_VIA: u8, &enum l4lb_via, default %L4LB_VIA_REAL
 * @L4LB_A_CHECK_AGENT: be16, port on which the real says how much it wants to
 *	do, or 0, the default: it is not asked
 * @L4LB_A_CHECK_GUARD: u8, if so many percent of a VIP's reals fail at once it is
 *	the checker that is believed to have failed; 1 to 100, or 0, the default:
 *	never
 * @L4LB_A_CHECK_SECRET: string, name of the secret that the check logs in with,
 *	as that of a VIP, or empty, the default: none
 * @L4LB_A_CHECK_ARGS: string, at most %L4LB_CHECK_ARGS_MAX bytes: what the type
 *	of the check makes of it; empty by default. Needs CAP_NET_ADMIN to read,
 *	and is not in notifications
 * @__L4LB_A_CHECK_MAX: internal use
 */
enum l4lb_check_attr {
	L4LB_A_CHECK_TYPE = 1,
	L4LB_A_CHECK_PORTS,
	L4LB_A_CHECK_INTERVAL,
	L4LB_A_CHECK_TIMEOUT,
	L4LB_A_CHECK_RISE,
	L4LB_A_CHECK_FALL,
	L4LB_A_CHECK_FAST,
	L4LB_A_CHECK_VIA,
	L4LB_A_CHECK_AGENT,
	L4LB_A_CHECK_GUARD,
	L4LB_A_CHECK_SECRET,
	L4LB_A_CHECK_ARGS,

	__L4LB_A_CHECK_MAX
};

#define L4LB_A_CHECK_MAX (__L4LB_A_CHECK_MAX - 1)

/**
 * enum l4lb_probe_attr - a checker's socket that talks to a real with DR
 * @L4LB_A_PROBE_ADDR4: be32, its address, one of this host that is no VIP
 * @L4LB_A_PROBE_ADDR6: 16 bytes, its address
 * @L4LB_A_PROBE_SPORT: be16, its port
 * @L4LB_A_PROBE_PORT: be16, port of the real that it talks to
 * @L4LB_A_PROBE_PROTO: u8, %L4LB_PROTO_TCP or %L4LB_PROTO_UDP
 * @__L4LB_A_PROBE_MAX: internal use
 */
enum l4lb_probe_attr {
	L4LB_A_PROBE_ADDR4 = 1,
	L4LB_A_PROBE_ADDR6,
	L4LB_A_PROBE_SPORT,
	L4LB_A_PROBE_PORT,
	L4LB_A_PROBE_PROTO,

	__L4LB_A_PROBE_MAX
};

#define L4LB_A_PROBE_MAX (__L4LB_A_PROBE_MAX - 1)

/**
 * enum l4lb_admin - what the administrator wants of a real
 * @L4LB_ADMIN_ONLINE: takes new connections, if its health and weight let it
 * @L4LB_ADMIN_DRAIN: no new connections, existing ones go on
 * @L4LB_ADMIN_HALT: no new connections, existing ones end
 * @__L4LB_ADMIN_MAX: internal use
 */
enum l4lb_admin {
	L4LB_ADMIN_ONLINE = 1,
	L4LB_ADMIN_DRAIN,
	L4LB_ADMIN_HALT,

	__L4LB_ADMIN_MAX
};

#define L4LB_ADMIN_MAX (__L4LB_ADMIN_MAX - 1)

/**
 * enum l4lb_health - what the checks say of a real
 * @L4LB_HEALTH_UNKNOWN: no verdict yet; it serves if no other real of its VIP
 *	was up when it came
 * @L4LB_HEALTH_UP: it works
 * @L4LB_HEALTH_SICK: it answers, but wrongly: no new connections
 * @L4LB_HEALTH_DOWN: it does not answer: existing connections end as well
 * @__L4LB_HEALTH_MAX: internal use
 */
enum l4lb_health {
	L4LB_HEALTH_UNKNOWN = 1,
	L4LB_HEALTH_UP,
	L4LB_HEALTH_SICK,
	L4LB_HEALTH_DOWN,

	__L4LB_HEALTH_MAX
};

#define L4LB_HEALTH_MAX (__L4LB_HEALTH_MAX - 1)

/**
 * enum l4lb_real_attr - a real server of a VIP
 * @L4LB_A_REAL_NAME: string, as the name of a VIP; unique within its VIP
 * @L4LB_A_REAL_ADDR4: be32, its IPv4 address; the family is the VIP's
 * @L4LB_A_REAL_ADDR6: 16 bytes, its IPv6 address
 * @L4LB_A_REAL_PORT: be16, its port where it differs from the VIP's; 0 for the
 *	same; not with DR, nor where the VIP has more than one port
 * @L4LB_A_REAL_WEIGHT: u32, 0 to %L4LB_WEIGHT_MAX, default
 *	%L4LB_WEIGHT_DEFAULT; 0 takes no new connections
 * @L4LB_A_REAL_ADMIN: u8, &enum l4lb_admin, default %L4LB_ADMIN_ONLINE
 * @L4LB_A_REAL_CHECK: nest of &enum l4lb_check_attr, its own check in place of
 *	the VIP's
 * @L4LB_A_REAL_CHECK_INHERIT: flag: checked as its VIP says, the default;
 *	excludes CHECK
 * @L4LB_A_REAL_HEALTH: u8, &enum l4lb_health (set by REAL_HEALTH only)
 * @L4LB_A_REAL_REASON: string, why, at most %L4LB_REASON_MAX bytes of text
 *	without control characters (set by REAL_HEALTH only)
 * @L4LB_A_REAL_SINCE: u64, when its health became what it is, in ms since 1970
 *	(read only)
 * @L4LB_A_REAL_EPOCH: u32, changes when its address, port or check does. With
 *	REAL_HEALTH: the verdict is on that epoch and ESTALE if it has passed
 * @L4LB_A_REAL_SERVES: u8, 1 if it takes new connections now, else 0
 *	(read only)
 * @L4LB_A_REAL_REACH: u8, &enum l4lb_reach (read only)
 * @L4LB_A_REAL_CONNS: u32, its connections now (read only)
 * @L4LB_A_REAL_STATS: nest of &enum l4lb_stats_attr (read only)
 * @L4LB_A_REAL_PAD: padding
 * @L4LB_A_REAL_MAX_CONNS: u32, connections at which it takes no new ones, 0 for
 *	no limit, the default
 * @L4LB_A_REAL_RESULT: u8, &enum l4lb_health that the last check alone speaks
 *	for; not unknown (set by REAL_HEALTH only)
 * @L4LB_A_REAL_RESULT_TEXT: string, what the last check has found, as REASON
 *	(set by REAL_HEALTH only)
 * @L4LB_A_REAL_RTT: u32, microseconds that the last check has taken (set by
 *	REAL_HEALTH only)
 * @L4LB_A_REAL_FLAPS: u32, how often it has ceased to be up (read only)
 * @L4LB_A_REAL_AGENT_WEIGHT: u16, percent of its weight that it wants, at most
 *	%L4LB_AGENT_WEIGHT_MAX, default 100 (set by REAL_HEALTH only)
 * @L4LB_A_REAL_AGENT_ADMIN: u8, &enum l4lb_admin that it wants; what is further
 *	from online, that or ADMIN, counts (set by REAL_HEALTH only)
 * @__L4LB_A_REAL_MAX: internal use
 */
enum l4lb_real_attr {
	L4LB_A_REAL_NAME = 1,
	L4LB_A_REAL_ADDR4,
	L4LB_A_REAL_ADDR6,
	L4LB_A_REAL_PORT,
	L4LB_A_REAL_WEIGHT,
	L4LB_A_REAL_ADMIN,
	L4LB_A_REAL_CHECK,
	L4LB_A_REAL_CHECK_INHERIT,
	L4LB_A_REAL_HEALTH,
	L4LB_A_REAL_REASON,
	L4LB_A_REAL_SINCE,
	L4LB_A_REAL_EPOCH,
	L4LB_A_REAL_SERVES,
	L4LB_A_REAL_REACH,
	L4LB_A_REAL_CONNS,
	L4LB_A_REAL_STATS,
	L4LB_A_REAL_PAD,
	L4LB_A_REAL_MAX_CONNS,
	L4LB_A_REAL_RESULT,
	L4LB_A_REAL_RESULT_TEXT,
	L4LB_A_REAL_RTT,
	L4LB_A_REAL_FLAPS,
	L4LB_A_REAL_AGENT_WEIGHT,
	L4LB_A_REAL_AGENT_ADMIN,

	__L4LB_A_REAL_MAX
};

#define L4LB_A_REAL_MAX (__L4LB_A_REAL_MAX - 1)

/**
 * enum l4lb_reach - how this host reaches a real
 * @L4LB_REACH_OK: by a neighbour that can be used
 * @L4LB_REACH_NO_ROUTE: there is no route
 * @L4LB_REACH_GATEWAY: only through a gateway, which DR cannot use
 * @L4LB_REACH_LOCAL: it is this host itself
 * @L4LB_REACH_UNSUPPORTED: by a route with a tunnel or IPsec, which is not
 *	supported yet
 * @__L4LB_REACH_MAX: internal use
 */
enum l4lb_reach {
	L4LB_REACH_OK = 1,
	L4LB_REACH_NO_ROUTE,
	L4LB_REACH_GATEWAY,
	L4LB_REACH_LOCAL,
	L4LB_REACH_UNSUPPORTED,

	__L4LB_REACH_MAX
};

#define L4LB_REACH_MAX (__L4LB_REACH_MAX - 1)

/**
 * enum l4lb_conn_state - how far a connection has come
 * @L4LB_CONN_SYN: TCP, the client has sent a SYN
 * @L4LB_CONN_UNCONFIRMED: TCP, taken over in mid-stream; not yet confirmed by
 *	another packet
 * @L4LB_CONN_ESTABLISHED: TCP, open
 * @L4LB_CONN_FIN: TCP, one side has closed
 * @L4LB_CONN_CLOSED: TCP, reset or closed on both sides
 * @L4LB_CONN_UDP: UDP, both sides have sent, or the client for a while
 * @L4LB_CONN_UDP_NEW: UDP, the client has sent and nothing has followed yet
 * @__L4LB_CONN_STATE_MAX: internal use
 */
enum l4lb_conn_state {
	L4LB_CONN_SYN = 1,
	L4LB_CONN_UNCONFIRMED,
	L4LB_CONN_ESTABLISHED,
	L4LB_CONN_FIN,
	L4LB_CONN_CLOSED,
	L4LB_CONN_UDP,
	L4LB_CONN_UDP_NEW,

	__L4LB_CONN_STATE_MAX
};

#define L4LB_CONN_STATE_MAX (__L4LB_CONN_STATE_MAX - 1)

/**
 * enum l4lb_conn_attr - a connection (read only)
 * @L4LB_A_CONN_VIP: string, name of its VIP
 * @L4LB_A_CONN_REAL: string, name of its real
 * @L4LB_A_CONN_PROTO: u8, IPPROTO_TCP or IPPROTO_UDP
 * @L4LB_A_CONN_CLIENT4: be32, the client's IPv4 address
 * @L4LB_A_CONN_CLIENT6: 16 bytes, the client's IPv6 address
 * @L4LB_A_CONN_CLIENT_PORT: be16, the client's port
 * @L4LB_A_CONN_VIP_PORT: be16, the port of the VIP
 * @L4LB_A_CONN_STATE: u8, &enum l4lb_conn_state
 * @L4LB_A_CONN_IDLE: u32, ms since its last packet, in steps of about 250
 * @L4LB_A_CONN_LEFT: u32, ms until it expires if it stays silent
 * @L4LB_A_CONN_ORPHAN: flag: its real is halted, down or removed
 * @L4LB_A_CONN_MODE: u8, &enum l4lb_mode; clients on this host are served by
 *	%L4LB_MODE_SNAT in every mode of the VIP
 * @L4LB_A_CONN_SOURCE4: be32, with SNAT, the address that the real sees
 * @L4LB_A_CONN_SOURCE6: 16 bytes, the same with IPv6
 * @L4LB_A_CONN_SOURCE_PORT: be16, with SNAT, the port that the real sees
 * @__L4LB_A_CONN_MAX: internal use
 */
enum l4lb_conn_attr {
	L4LB_A_CONN_VIP = 1,
	L4LB_A_CONN_REAL,
	L4LB_A_CONN_PROTO,
	L4LB_A_CONN_CLIENT4,
	L4LB_A_CONN_CLIENT6,
	L4LB_A_CONN_CLIENT_PORT,
	L4LB_A_CONN_VIP_PORT,
	L4LB_A_CONN_STATE,
	L4LB_A_CONN_IDLE,
	L4LB_A_CONN_LEFT,
	L4LB_A_CONN_ORPHAN,
	L4LB_A_CONN_MODE,
	L4LB_A_CONN_SOURCE4,
	L4LB_A_CONN_SOURCE6,
	L4LB_A_CONN_SOURCE_PORT,

	__L4LB_A_CONN_MAX
};

#define L4LB_A_CONN_MAX (__L4LB_A_CONN_MAX - 1)

/**
 * enum l4lb_filter_attr - which connections are meant; what is given must match
 * @L4LB_A_FILTER_VIP: string, name of the VIP
 * @L4LB_A_FILTER_REAL: string, name of the real
 * @L4LB_A_FILTER_ADDR4: be32, the client's IPv4 network; excludes ADDR6
 * @L4LB_A_FILTER_ADDR6: 16 bytes, the client's IPv6 network; excludes ADDR4
 * @L4LB_A_FILTER_LEN: u8, prefix length of the network, default a whole address
 * @L4LB_A_FILTER_LIMIT: u32, at most so many, 1 or more
 * @__L4LB_A_FILTER_MAX: internal use
 */
enum l4lb_filter_attr {
	L4LB_A_FILTER_VIP = 1,
	L4LB_A_FILTER_REAL,
	L4LB_A_FILTER_ADDR4,
	L4LB_A_FILTER_ADDR6,
	L4LB_A_FILTER_LEN,
	L4LB_A_FILTER_LIMIT,

	__L4LB_A_FILTER_MAX
};

#define L4LB_A_FILTER_MAX (__L4LB_A_FILTER_MAX - 1)

/**
 * enum l4lb_persist_attr - a client bound to a real
 * @L4LB_A_PERSIST_VIP: string, name of the VIP (read only)
 * @L4LB_A_PERSIST_REAL: string, name of the real (read only)
 * @L4LB_A_PERSIST_ADDR4: be32, the client's IPv4 network under the VIP's mask;
 *	excludes ADDR6
 * @L4LB_A_PERSIST_ADDR6: 16 bytes, the client's IPv6 network
 * @L4LB_A_PERSIST_LEN: u8, prefix length (read only)
 * @L4LB_A_PERSIST_LEFT: u32, ms until it ends, unless a new or living
 *	connection prolongs it; with NEW: for so long, default the VIP's time
 * @L4LB_A_PERSIST_AGE: u32, ms since it was made (read only)
 * @L4LB_A_PERSIST_FOREVER: flag: it does not end by itself; excludes LEFT
 * @L4LB_A_PERSIST_TENTATIVE: flag: no connection of it was ever established
 *	(read only)
 * @__L4LB_A_PERSIST_MAX: internal use
 */
enum l4lb_persist_attr {
	L4LB_A_PERSIST_VIP = 1,
	L4LB_A_PERSIST_REAL,
	L4LB_A_PERSIST_ADDR4,
	L4LB_A_PERSIST_ADDR6,
	L4LB_A_PERSIST_LEN,
	L4LB_A_PERSIST_LEFT,
	L4LB_A_PERSIST_AGE,
	L4LB_A_PERSIST_FOREVER,
	L4LB_A_PERSIST_TENTATIVE,

	__L4LB_A_PERSIST_MAX
};

#define L4LB_A_PERSIST_MAX (__L4LB_A_PERSIST_MAX - 1)

/* Bits of L4LB_A_INFO_LIMITED. */
#define L4LB_LIMIT_CONNS	1
#define L4LB_LIMIT_PERSISTS	2
#define L4LB_LIMIT_VIPS		4
#define L4LB_LIMIT_REALS	8

/**
 * enum l4lb_info_attr - the module and the namespace; read only but for what
 * says with INFO_SET
 * @L4LB_A_INFO_VERSION: string, version of the module
 * @L4LB_A_INFO_VIPS: u32, VIPs of the namespace
 * @L4LB_A_INFO_REALS: u32, reals of the namespace
 * @L4LB_A_INFO_CONNS: u32, connections of the namespace
 * @L4LB_A_INFO_CONNS_MAX: u32, most connections it may have; with INFO_SET: from
 *	now on, at most %L4LB_CONNS_MAX, 0 for the default. Existing ones stay;
 *	the hash table is made for the limit that holds when the first VIP is
 *	created
 * @L4LB_A_INFO_PERSISTS: u32, persistence entries of the namespace
 * @L4LB_A_INFO_PERSISTS_MAX: u32, most entries it may have; more clients are
 *	placed by the hash of their address; with INFO_SET: from now on, at most
 *	%L4LB_PERSISTS_MAX, 0 for the default. Existing ones stay
 * @L4LB_A_INFO_VIPS_MAX: u32, most VIPs it may have; with INFO_SET: from now on,
 *	at most %L4LB_VIPS_MAX, not below how many there are, 0 for the default
 * @L4LB_A_INFO_REALS_MAX: u32, most reals it may have; with INFO_SET: from now
 *	on, at most %L4LB_REALS_MAX, not below how many there are, 0 for the
 *	default
 * @L4LB_A_INFO_SEED: u64, what is added to the seeds of all VIPs, default 0; with
 *	INFO_SET: from now on
 * @L4LB_A_INFO_PAD: padding
 * @L4LB_A_INFO_STANDBY: u8, 1 if the namespace stands back: every packet is left
 *	to the stack. With INFO_SET: from now on
 * @L4LB_A_INFO_PARTNERS: 6 bytes for each MAC address of another balancer of
 *	which this one is a real: packets from there are not balanced again. With
 *	INFO_SET: replaces the list, at most %L4LB_PARTNERS_MAX
 * @L4LB_A_INFO_FLOOD: u8, 1 if clients that open connections and do not go on
 *	were more than the budget within the last second
 * @L4LB_A_INFO_LIMITED: u8, bits L4LB_LIMIT_*, the limits that differ from their
 *	defaults (read only)
 * @__L4LB_A_INFO_MAX: internal use
 */
enum l4lb_info_attr {
	L4LB_A_INFO_VERSION = 1,
	L4LB_A_INFO_VIPS,
	L4LB_A_INFO_REALS,
	L4LB_A_INFO_CONNS,
	L4LB_A_INFO_CONNS_MAX,
	L4LB_A_INFO_PERSISTS,
	L4LB_A_INFO_PERSISTS_MAX,
	L4LB_A_INFO_VIPS_MAX,
	L4LB_A_INFO_REALS_MAX,
	L4LB_A_INFO_SEED,
	L4LB_A_INFO_PAD,
	L4LB_A_INFO_STANDBY,
	L4LB_A_INFO_PARTNERS,
	L4LB_A_INFO_FLOOD,
	L4LB_A_INFO_LIMITED,

	__L4LB_A_INFO_MAX
};

#define L4LB_A_INFO_MAX (__L4LB_A_INFO_MAX - 1)

/**
 * enum l4lb_stats_attr - counters since creation or the last reset (read only)
 * @L4LB_A_STATS_CONNS: u64, connections made
 * @L4LB_A_STATS_IN_PACKETS: u64, packets towards the reals
 * @L4LB_A_STATS_IN_BYTES: u64, their bytes, from the IP header on
 * @L4LB_A_STATS_OUT_PACKETS: u64, packets towards the clients; none with DR
 * @L4LB_A_STATS_OUT_BYTES: u64, their bytes, from the IP header on
 * @L4LB_A_STATS_DROP: nest of &enum l4lb_drop_attr, one for each reason that
 *	occurred; totals of the namespace and of VIPs
 * @L4LB_A_STATS_PAD: padding
 * @__L4LB_A_STATS_MAX: internal use
 */
enum l4lb_stats_attr {
	L4LB_A_STATS_CONNS = 1,
	L4LB_A_STATS_IN_PACKETS,
	L4LB_A_STATS_IN_BYTES,
	L4LB_A_STATS_OUT_PACKETS,
	L4LB_A_STATS_OUT_BYTES,
	L4LB_A_STATS_DROP,
	L4LB_A_STATS_PAD,

	__L4LB_A_STATS_MAX
};

#define L4LB_A_STATS_MAX (__L4LB_A_STATS_MAX - 1)

/**
 * enum l4lb_drop_attr - packets dropped for one reason (read only)
 * @L4LB_A_DROP_REASON: u8, &enum l4lb_drop
 * @L4LB_A_DROP_PACKETS: u64, how many
 * @L4LB_A_DROP_PAD: padding
 * @__L4LB_A_DROP_MAX: internal use
 */
enum l4lb_drop_attr {
	L4LB_A_DROP_REASON = 1,
	L4LB_A_DROP_PACKETS,
	L4LB_A_DROP_PAD,

	__L4LB_A_DROP_MAX
};

#define L4LB_A_DROP_MAX (__L4LB_A_DROP_MAX - 1)

/**
 * enum l4lb_drop - why a packet was dropped
 * @L4LB_DROP_MALFORMED: its headers are too short or contradict each other
 * @L4LB_DROP_MARTIAN: its source cannot be a client's address
 * @L4LB_DROP_NO_REAL: no real of the VIP can take a new connection
 * @L4LB_DROP_NO_CONN: it belongs to no known connection and opens none
 * @L4LB_DROP_ORPHAN: its connection's real is halted, down or removed
 * @L4LB_DROP_NO_ROUTE: the real or the client cannot be reached
 * @L4LB_DROP_CONN_LIMIT: the namespace has its most connections
 * @L4LB_DROP_CHAIN: too many connections share its place in the table
 * @L4LB_DROP_COLLISION: NAT: client and real already speak through another VIP
 * @L4LB_DROP_NO_MEMORY: memory ran out
 * @L4LB_DROP_TTL: its time to live ended here
 * @L4LB_DROP_TOO_BIG: larger than the path to the real or client allows
 * @L4LB_DROP_NOT_ALLOWED: the VIP does not serve this client
 * @L4LB_DROP_PORTS: SNAT: every source port towards the real is in use
 * @L4LB_DROP_FRAGMENT: a fragment whose first part is not known
 * @L4LB_DROP_FLOOD: more clients open connections without going on than the
 *	budget allows
 * @__L4LB_DROP_MAX: internal use
 */
enum l4lb_drop {
	L4LB_DROP_MALFORMED = 1,
	L4LB_DROP_MARTIAN,
	L4LB_DROP_NO_REAL,
	L4LB_DROP_NO_CONN,
	L4LB_DROP_ORPHAN,
	L4LB_DROP_NO_ROUTE,
	L4LB_DROP_CONN_LIMIT,
	L4LB_DROP_CHAIN,
	L4LB_DROP_COLLISION,
	L4LB_DROP_NO_MEMORY,
	L4LB_DROP_TTL,
	L4LB_DROP_TOO_BIG,
	L4LB_DROP_NOT_ALLOWED,
	L4LB_DROP_PORTS,
	L4LB_DROP_FRAGMENT,
	L4LB_DROP_FLOOD,

	__L4LB_DROP_MAX
};

#define L4LB_DROP_MAX (__L4LB_DROP_MAX - 1)

/**
 * enum l4lb_explain_result - what would become of a packet
 * @L4LB_EXPLAIN_FORWARD: it goes to a real
 * @L4LB_EXPLAIN_LOCAL: it goes to a real that is this host itself
 * @L4LB_EXPLAIN_DROP: it is dropped, for %L4LB_A_EXPLAIN_DROP
 * @L4LB_EXPLAIN_NO_VIP: it is left to the stack: no VIP has the address
 * @L4LB_EXPLAIN_NO_PORT: it is left to the stack: no VIP of that address has the
 *	port and protocol
 * @L4LB_EXPLAIN_NO_ADDRESS: it is left to the stack: the VIP's address is not on
 *	this host
 * @L4LB_EXPLAIN_STANDBY: it is left to the stack: the namespace stands back
 * @__L4LB_EXPLAIN_RESULT_MAX: internal use
 */
enum l4lb_explain_result {
	L4LB_EXPLAIN_FORWARD = 1,
	L4LB_EXPLAIN_LOCAL,
	L4LB_EXPLAIN_DROP,
	L4LB_EXPLAIN_NO_VIP,
	L4LB_EXPLAIN_NO_PORT,
	L4LB_EXPLAIN_NO_ADDRESS,
	L4LB_EXPLAIN_STANDBY,

	__L4LB_EXPLAIN_RESULT_MAX
};

#define L4LB_EXPLAIN_RESULT_MAX (__L4LB_EXPLAIN_RESULT_MAX - 1)

/**
 * enum l4lb_explain_by - what decides on the real
 * @L4LB_BY_CONN: the client's connection
 * @L4LB_BY_PERSIST: the client's persistence entry
 * @L4LB_BY_SCHED: the scheduler
 * @L4LB_BY_SOURCE: a hash of the client's address, as there is no room for an
 *	entry
 * @L4LB_BY_FALLBACK: no real can take it, and the VIP has a fallback
 * @__L4LB_BY_MAX: internal use
 */
enum l4lb_explain_by {
	L4LB_BY_CONN = 1,
	L4LB_BY_PERSIST,
	L4LB_BY_SCHED,
	L4LB_BY_SOURCE,
	L4LB_BY_FALLBACK,

	__L4LB_BY_MAX
};

#define L4LB_BY_MAX (__L4LB_BY_MAX - 1)

/**
 * enum l4lb_persist_way - what persistence makes of a client's new connection
 * @L4LB_PERSIST_KEEPS: it goes to the real of the client's entry
 * @L4LB_PERSIST_AWAY: the client has an entry, but its real is full: it goes
 *	elsewhere, this time
 * @L4LB_PERSIST_BINDS: the client has no entry that holds, and is bound to the
 *	real that is chosen
 * @L4LB_PERSIST_HASHED: there is no room for an entry: a hash of the client's
 *	address chooses the real
 * @__L4LB_PERSIST_WAY_MAX: internal use
 */
enum l4lb_persist_way {
	L4LB_PERSIST_KEEPS = 1,
	L4LB_PERSIST_AWAY,
	L4LB_PERSIST_BINDS,
	L4LB_PERSIST_HASHED,

	__L4LB_PERSIST_WAY_MAX
};

#define L4LB_PERSIST_WAY_MAX (__L4LB_PERSIST_WAY_MAX - 1)

/**
 * enum l4lb_standing - how a real stands when one is chosen
 * @L4LB_STANDING_CHOSEN: it is the one
 * @L4LB_STANDING_SERVES: it could be another time
 * @L4LB_STANDING_FULL: it has as many connections as it may have
 * @L4LB_STANDING_WEIGHT: its weight is 0
 * @L4LB_STANDING_DRAIN: it drains
 * @L4LB_STANDING_HALT: it is halted
 * @L4LB_STANDING_UNKNOWN: it waits for its first good check
 * @L4LB_STANDING_SICK: its checks find it sick
 * @L4LB_STANDING_DOWN: its checks find it down
 * @__L4LB_STANDING_MAX: internal use
 */
enum l4lb_standing {
	L4LB_STANDING_CHOSEN = 1,
	L4LB_STANDING_SERVES,
	L4LB_STANDING_FULL,
	L4LB_STANDING_WEIGHT,
	L4LB_STANDING_DRAIN,
	L4LB_STANDING_HALT,
	L4LB_STANDING_UNKNOWN,
	L4LB_STANDING_SICK,
	L4LB_STANDING_DOWN,

	__L4LB_STANDING_MAX
};

#define L4LB_STANDING_MAX (__L4LB_STANDING_MAX - 1)

/**
 * enum l4lb_explain_attr - a packet and what would become of it; all but the
 * first seven are read only
 * @L4LB_A_EXPLAIN_CLIENT4: be32, the client's IPv4 address; excludes CLIENT6
 * @L4LB_A_EXPLAIN_CLIENT6: 16 bytes, the client's IPv6 address
 * @L4LB_A_EXPLAIN_CLIENT_PORT: be16, the client's port, 1 or more. Without it no
 *	connection is looked up, and a hash of the port has 0 for it
 * @L4LB_A_EXPLAIN_ADDR4: be32, the IPv4 address that it is to; excludes ADDR6
 * @L4LB_A_EXPLAIN_ADDR6: 16 bytes, the IPv6 address that it is to
 * @L4LB_A_EXPLAIN_PORT: be16, the port that it is to, 1 or more
 * @L4LB_A_EXPLAIN_PROTO: u8, %L4LB_PROTO_TCP for a SYN or %L4LB_PROTO_UDP
 * @L4LB_A_EXPLAIN_RESULT: u8, &enum l4lb_explain_result
 * @L4LB_A_EXPLAIN_DROP: u8, &enum l4lb_drop, if it would be dropped
 * @L4LB_A_EXPLAIN_VIP: string, name of the VIP that it is for, if there is one.
 *	What follows is only there if the VIP has looked at it
 * @L4LB_A_EXPLAIN_HOOK: u8, &enum l4lb_hook
 * @L4LB_A_EXPLAIN_ALLOWS: u32, ranges of clients that the VIP serves, or 0
 * @L4LB_A_EXPLAIN_NO_REAL: u8, &enum l4lb_no_real, what the client gets, if no
 *	real can take it
 * @L4LB_A_EXPLAIN_ORPHAN: u8, &enum l4lb_orphan, what other packets of the
 *	client's connection get, if that has ended with its real
 * @L4LB_A_EXPLAIN_BY: u8, &enum l4lb_explain_by
 * @L4LB_A_EXPLAIN_PERSIST: u8, &enum l4lb_persist_way, if the VIP has
 *	persistence
 * @L4LB_A_EXPLAIN_SCHED: u8, &enum l4lb_sched, if the scheduler decides
 * @L4LB_A_EXPLAIN_SLOT: u32, in which slot of the scheduler's table the real
 *	stands, from 0 on; absent if it was not found in one
 * @L4LB_A_EXPLAIN_SLOTS: u32, how many slots there are; absent without a table
 * @L4LB_A_EXPLAIN_CPU: u32, the processor whose turn it is, where each of them
 *	takes turns by itself
 * @L4LB_A_EXPLAIN_STATELESS: flag: it makes no connection, as those that follow
 *	it find the same real, or as there is no room for one
 * @L4LB_A_EXPLAIN_REALS: u32, how many reals the VIP has
 * @L4LB_A_EXPLAIN_REAL: nest of &enum l4lb_standing_attr, one for each of the
 *	first %L4LB_EXPLAIN_REALS_MAX reals, if one was to be chosen
 * @L4LB_A_EXPLAIN_HOP: nest of &enum l4lb_hop_attr, how it would leave
 * @__L4LB_A_EXPLAIN_MAX: internal use
 */
enum l4lb_explain_attr {
	L4LB_A_EXPLAIN_CLIENT4 = 1,
	L4LB_A_EXPLAIN_CLIENT6,
	L4LB_A_EXPLAIN_CLIENT_PORT,
	L4LB_A_EXPLAIN_ADDR4,
	L4LB_A_EXPLAIN_ADDR6,
	L4LB_A_EXPLAIN_PORT,
	L4LB_A_EXPLAIN_PROTO,
	L4LB_A_EXPLAIN_RESULT,
	L4LB_A_EXPLAIN_DROP,
	L4LB_A_EXPLAIN_VIP,
	L4LB_A_EXPLAIN_HOOK,
	L4LB_A_EXPLAIN_ALLOWS,
	L4LB_A_EXPLAIN_NO_REAL,
	L4LB_A_EXPLAIN_ORPHAN,
	L4LB_A_EXPLAIN_BY,
	L4LB_A_EXPLAIN_PERSIST,
	L4LB_A_EXPLAIN_SCHED,
	L4LB_A_EXPLAIN_SLOT,
	L4LB_A_EXPLAIN_SLOTS,
	L4LB_A_EXPLAIN_CPU,
	L4LB_A_EXPLAIN_STATELESS,
	L4LB_A_EXPLAIN_REALS,
	L4LB_A_EXPLAIN_REAL,
	L4LB_A_EXPLAIN_HOP,

	__L4LB_A_EXPLAIN_MAX
};

#define L4LB_A_EXPLAIN_MAX (__L4LB_A_EXPLAIN_MAX - 1)

/**
 * enum l4lb_standing_attr - a real that a packet may go to (read only)
 * @L4LB_A_STANDING_REAL: string, its name
 * @L4LB_A_STANDING_IS: u8, &enum l4lb_standing
 * @L4LB_A_STANDING_CONNS: u32, its connections now
 * @L4LB_A_STANDING_WEIGHT: u32, the weight that counts
 * @__L4LB_A_STANDING_MAX: internal use
 */
enum l4lb_standing_attr {
	L4LB_A_STANDING_REAL = 1,
	L4LB_A_STANDING_IS,
	L4LB_A_STANDING_CONNS,
	L4LB_A_STANDING_WEIGHT,

	__L4LB_A_STANDING_MAX
};

#define L4LB_A_STANDING_MAX (__L4LB_A_STANDING_MAX - 1)

/**
 * enum l4lb_hop_attr - how a packet leaves towards its real (read only)
 * @L4LB_A_HOP_REAL: string, name of the real; ``fallback`` for the VIP's
 *	fallback
 * @L4LB_A_HOP_MODE: u8, &enum l4lb_mode
 * @L4LB_A_HOP_ADDR4: be32, IPv4 address of the real
 * @L4LB_A_HOP_ADDR6: 16 bytes, IPv6 address of the real
 * @L4LB_A_HOP_PORT: be16, the real's port
 * @L4LB_A_HOP_SOURCE4: be32, with SNAT, the source that the real sees
 * @L4LB_A_HOP_SOURCE6: 16 bytes, the same with IPv6
 * @L4LB_A_HOP_REACH: u8, &enum l4lb_reach
 * @L4LB_A_HOP_DEV: string, the device that it leaves by; absent if there is no
 *	way to the real, or if that is this host
 * @L4LB_A_HOP_MAC: the neighbour's address on the link, as long as the device
 *	has them; absent while it is not known
 * @L4LB_A_HOP_MTU: u32, bytes that may be sent, with the IP header
 * @__L4LB_A_HOP_MAX: internal use
 */
enum l4lb_hop_attr {
	L4LB_A_HOP_REAL = 1,
	L4LB_A_HOP_MODE,
	L4LB_A_HOP_ADDR4,
	L4LB_A_HOP_ADDR6,
	L4LB_A_HOP_PORT,
	L4LB_A_HOP_SOURCE4,
	L4LB_A_HOP_SOURCE6,
	L4LB_A_HOP_REACH,
	L4LB_A_HOP_DEV,
	L4LB_A_HOP_MAC,
	L4LB_A_HOP_MTU,

	__L4LB_A_HOP_MAX
};

#define L4LB_A_HOP_MAX (__L4LB_A_HOP_MAX - 1)

/**
 * enum l4lb_record_what - what an event was about
 * @L4LB_RECORD_VIP: a VIP
 * @L4LB_RECORD_REAL: a real
 * @L4LB_RECORD_PERSIST: with %L4LB_EVENT_NEW a client that was bound to a real,
 *	with %L4LB_EVENT_DEL entries that were removed
 * @L4LB_RECORD_CONN: connections that were ended
 * @L4LB_RECORD_GLOBAL: what holds for the namespace
 * @L4LB_RECORD_STANDBY: whether the namespace stands back
 * @L4LB_RECORD_STATS: the counters, which were reset
 * @L4LB_RECORD_ALL: all VIPs, which were removed; each has an event of its own
 *	too
 * @__L4LB_RECORD_WHAT_MAX: internal use
 */
enum l4lb_record_what {
	L4LB_RECORD_VIP = 1,
	L4LB_RECORD_REAL,
	L4LB_RECORD_PERSIST,
	L4LB_RECORD_CONN,
	L4LB_RECORD_GLOBAL,
	L4LB_RECORD_STANDBY,
	L4LB_RECORD_STATS,
	L4LB_RECORD_ALL,

	__L4LB_RECORD_WHAT_MAX
};

#define L4LB_RECORD_WHAT_MAX (__L4LB_RECORD_WHAT_MAX - 1)

/**
 * enum l4lb_record_attr - something that has happened (read only)
 * @L4LB_A_RECORD_SEQ: u64, its number, from 1 on
 * @L4LB_A_RECORD_TIME: u64, when, in ms since 1970. With EVENT_GET: no earlier
 *	than then
 * @L4LB_A_RECORD_EVENT: u8, &enum l4lb_event
 * @L4LB_A_RECORD_WHAT: u8, &enum l4lb_record_what
 * @L4LB_A_RECORD_GENERATION: u32, of the configuration, after it
 * @L4LB_A_RECORD_UID: u32, who did it, as the reader's user namespace has it
 * @L4LB_A_RECORD_PID: u32, the process that did it, as its own namespace has
 *	it; 0 if that was the module itself
 * @L4LB_A_RECORD_COMM: string, command name of that process
 * @L4LB_A_RECORD_VIP: string, name of the VIP
 * @L4LB_A_RECORD_REAL: string, name of the real
 * @L4LB_A_RECORD_STATE: u8, of a VIP &enum l4lb_vip_state, of standby whether
 *	it is on
 * @L4LB_A_RECORD_ADMIN: u8, of a real &enum l4lb_admin
 * @L4LB_A_RECORD_HEALTH: u8, of a real &enum l4lb_health
 * @L4LB_A_RECORD_WEIGHT: u32, of a real, its weight
 * @L4LB_A_RECORD_REASON: string, of a real, why its health is what it is
 * @L4LB_A_RECORD_CLIENT4: be32, the client that was bound
 * @L4LB_A_RECORD_CLIENT6: 16 bytes, the client that was bound
 * @L4LB_A_RECORD_COUNT: u32, how many entries, connections or VIPs it were
 * @L4LB_A_RECORD_PAD: padding
 * @__L4LB_A_RECORD_MAX: internal use
 */
enum l4lb_record_attr {
	L4LB_A_RECORD_SEQ = 1,
	L4LB_A_RECORD_TIME,
	L4LB_A_RECORD_EVENT,
	L4LB_A_RECORD_WHAT,
	L4LB_A_RECORD_GENERATION,
	L4LB_A_RECORD_UID,
	L4LB_A_RECORD_PID,
	L4LB_A_RECORD_COMM,
	L4LB_A_RECORD_VIP,
	L4LB_A_RECORD_REAL,
	L4LB_A_RECORD_STATE,
	L4LB_A_RECORD_ADMIN,
	L4LB_A_RECORD_HEALTH,
	L4LB_A_RECORD_WEIGHT,
	L4LB_A_RECORD_REASON,
	L4LB_A_RECORD_CLIENT4,
	L4LB_A_RECORD_CLIENT6,
	L4LB_A_RECORD_COUNT,
	L4LB_A_RECORD_PAD,

	__L4LB_A_RECORD_MAX
};

#define L4LB_A_RECORD_MAX (__L4LB_A_RECORD_MAX - 1)

/**
 * enum l4lb_trace_verdict - what became of a packet
 * @L4LB_TRACE_SENT: it was sent on, or has reached a real or client that is this
 *	host itself
 * @L4LB_TRACE_DROPPED: it was dropped, for %L4LB_A_TRACE_DROP
 * @L4LB_TRACE_LEFT: it was left to the stack, from which it may come back
 * @__L4LB_TRACE_VERDICT_MAX: internal use
 */
enum l4lb_trace_verdict {
	L4LB_TRACE_SENT = 1,
	L4LB_TRACE_DROPPED,
	L4LB_TRACE_LEFT,

	__L4LB_TRACE_VERDICT_MAX
};

#define L4LB_TRACE_VERDICT_MAX (__L4LB_TRACE_VERDICT_MAX - 1)

/**
 * enum l4lb_trace_attr - a packet and what became of it (read only)
 * @L4LB_A_TRACE_TIME: u64, when, in ms since 1970
 * @L4LB_A_TRACE_VERDICT: u8, &enum l4lb_trace_verdict
 * @L4LB_A_TRACE_DROP: u8, &enum l4lb_drop
 * @L4LB_A_TRACE_PROTO: u8, its protocol, as IP has it
 * @L4LB_A_TRACE_SRC4: be32, its source as it came
 * @L4LB_A_TRACE_SRC6: 16 bytes, the same with IPv6
 * @L4LB_A_TRACE_DST4: be32, its destination as it came
 * @L4LB_A_TRACE_DST6: 16 bytes, the same with IPv6
 * @L4LB_A_TRACE_SPORT: be16, its source port
 * @L4LB_A_TRACE_DPORT: be16, its destination port
 * @L4LB_A_TRACE_FLAGS: u8, flags of its TCP header
 * @L4LB_A_TRACE_LEN: u32, its bytes, from the IP header on
 * @L4LB_A_TRACE_REPLY: flag: it came from a real
 * @L4LB_A_TRACE_NEW: flag: a real was chosen for it
 * @L4LB_A_TRACE_VIP: string, name of its VIP, if it has one
 * @L4LB_A_TRACE_REAL: string, name of its real, if it has one
 * @L4LB_A_TRACE_STATE: u8, &enum l4lb_conn_state of its connection afterwards;
 *	absent if it has none
 * @L4LB_A_TRACE_MISSED: u32, how many packets before it were not told of, as
 *	they were too many; absent if none
 * @L4LB_A_TRACE_PAD: padding
 * @__L4LB_A_TRACE_MAX: internal use
 */
enum l4lb_trace_attr {
	L4LB_A_TRACE_TIME = 1,
	L4LB_A_TRACE_VERDICT,
	L4LB_A_TRACE_DROP,
	L4LB_A_TRACE_PROTO,
	L4LB_A_TRACE_SRC4,
	L4LB_A_TRACE_SRC6,
	L4LB_A_TRACE_DST4,
	L4LB_A_TRACE_DST6,
	L4LB_A_TRACE_SPORT,
	L4LB_A_TRACE_DPORT,
	L4LB_A_TRACE_FLAGS,
	L4LB_A_TRACE_LEN,
	L4LB_A_TRACE_REPLY,
	L4LB_A_TRACE_NEW,
	L4LB_A_TRACE_VIP,
	L4LB_A_TRACE_REAL,
	L4LB_A_TRACE_STATE,
	L4LB_A_TRACE_MISSED,
	L4LB_A_TRACE_PAD,

	__L4LB_A_TRACE_MAX
};

#define L4LB_A_TRACE_MAX (__L4LB_A_TRACE_MAX - 1)

#endif /* _UAPI_LINUX_L4LB_H */
