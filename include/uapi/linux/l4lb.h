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
 *	VIP_NEW		VIP, REPLACE		creates; EEXIST if the name or a
 *						port of it is taken. With
 *						REPLACE: sets what exists to
 *						defaults plus the request
 *	VIP_SET		VIP			changes the attributes given
 *	VIP_DEL		VIP (name)		removes it and its reals
 *	VIP_GET		VIP (name), or dump	reads one, or all
 *	REAL_NEW	VIP (name), REAL,	creates; REPLACE as above
 *			REPLACE
 *	REAL_SET	VIP (name), REAL	changes the attributes given
 *	REAL_DEL	VIP, REAL (names)	removes it
 *	REAL_GET	VIP, REAL (names), or	reads one, or all, or
 *			dump with VIP (name)	those of one VIP
 *	REAL_HEALTH	VIP, REAL (names,	reports a verdict on its health
 *			health, reason, epoch)
 *	CONN_GET	dump with FILTER	reads connections
 *	CONN_DEL	FILTER			ends the matching connections;
 *						replies with CONN_COUNT
 *	PERSIST_GET	dump with FILTER	reads persistence entries
 *	PERSIST_NEW	VIP, REAL (names),	binds a client to a real, or
 *			PERSIST			binds it anew
 *	PERSIST_DEL	FILTER			removes the matching entries;
 *						replies with PERSIST_COUNT
 *	STATS_RESET	-			counters start from zero
 *	FLUSH		-			removes every VIP and connection
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
 * follows from it).
 *
 * Values are ABI: append at the end of an enum, never reorder, never reuse.
 */

#ifndef _UAPI_LINUX_L4LB_H
#define _UAPI_LINUX_L4LB_H

#define L4LB_GENL_NAME		"l4lb"
#define L4LB_GENL_VERSION	1

#define L4LB_MCGRP_CONFIG	"config"
#define L4LB_MCGRP_HEALTH	"health"

/* Longest strings, without the final NUL. */
#define L4LB_NAME_MAX		31
#define L4LB_REASON_MAX		255
#define L4LB_CHECK_TYPE_MAX	15

/* Most port ranges of one VIP, and most ports of one check. */
#define L4LB_PORTS_MAX		64
#define L4LB_CHECK_PORTS_MAX	16

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

	__L4LB_A_MAX
};

#define L4LB_A_MAX (__L4LB_A_MAX - 1)

/**
 * enum l4lb_event - what a notification is about
 * @L4LB_EVENT_NEW: created
 * @L4LB_EVENT_SET: changed
 * @L4LB_EVENT_DEL: removed; a removed VIP is announced once, not real by real
 * @L4LB_EVENT_HEALTH: the health, its reason or the VIP's state changed
 * @__L4LB_EVENT_MAX: internal use
 */
enum l4lb_event {
	L4LB_EVENT_NEW = 1,
	L4LB_EVENT_SET,
	L4LB_EVENT_DEL,
	L4LB_EVENT_HEALTH,

	__L4LB_EVENT_MAX
};

#define L4LB_EVENT_MAX (__L4LB_EVENT_MAX - 1)

/**
 * enum l4lb_mode - how packets reach a real
 * @L4LB_MODE_DR: direct return; only the destination MAC address changes
 * @L4LB_MODE_NAT: destination address and port change, replies come back
 *	through the balancer
 * @__L4LB_MODE_MAX: internal use
 */
enum l4lb_mode {
	L4LB_MODE_DR = 1,
	L4LB_MODE_NAT,

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
 * @__L4LB_VIP_STATE_MAX: internal use
 */
enum l4lb_vip_state {
	L4LB_VIP_UP = 1,
	L4LB_VIP_DEGRADED,
	L4LB_VIP_NO_REAL,
	L4LB_VIP_NO_ADDRESS,

	__L4LB_VIP_STATE_MAX
};

#define L4LB_VIP_STATE_MAX (__L4LB_VIP_STATE_MAX - 1)

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
 * @__L4LB_A_CHECK_MAX: internal use
 */
enum l4lb_check_attr {
	L4LB_A_CHECK_TYPE = 1,
	L4LB_A_CHECK_PORTS,
	L4LB_A_CHECK_INTERVAL,
	L4LB_A_CHECK_TIMEOUT,
	L4LB_A_CHECK_RISE,
	L4LB_A_CHECK_FALL,

	__L4LB_A_CHECK_MAX
};

#define L4LB_A_CHECK_MAX (__L4LB_A_CHECK_MAX - 1)

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

	__L4LB_A_REAL_MAX
};

#define L4LB_A_REAL_MAX (__L4LB_A_REAL_MAX - 1)

/**
 * enum l4lb_reach - how this host reaches a real
 * @L4LB_REACH_OK: by a neighbour that can be used
 * @L4LB_REACH_NO_ROUTE: there is no route
 * @L4LB_REACH_GATEWAY: only through a gateway, which DR cannot use
 * @L4LB_REACH_LOCAL: it is an address of this host, which is not supported yet
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
 * @L4LB_CONN_UDP: UDP
 * @__L4LB_CONN_STATE_MAX: internal use
 */
enum l4lb_conn_state {
	L4LB_CONN_SYN = 1,
	L4LB_CONN_UNCONFIRMED,
	L4LB_CONN_ESTABLISHED,
	L4LB_CONN_FIN,
	L4LB_CONN_CLOSED,
	L4LB_CONN_UDP,

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

/**
 * enum l4lb_info_attr - the module and the namespace (read only)
 * @L4LB_A_INFO_VERSION: string, version of the module
 * @L4LB_A_INFO_VIPS: u32, VIPs of the namespace
 * @L4LB_A_INFO_REALS: u32, reals of the namespace
 * @L4LB_A_INFO_CONNS: u32, connections of the namespace
 * @L4LB_A_INFO_CONNS_MAX: u32, most connections it may have
 * @L4LB_A_INFO_PERSISTS: u32, persistence entries of the namespace
 * @L4LB_A_INFO_PERSISTS_MAX: u32, most entries it may have; more clients are
 *	placed by the hash of their address
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
 *	occurred; totals of the namespace only
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

	__L4LB_DROP_MAX
};

#define L4LB_DROP_MAX (__L4LB_DROP_MAX - 1)

#endif /* _UAPI_LINUX_L4LB_H */
