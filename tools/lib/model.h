/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The objects of the balancer as plain structs.
 *
 * Fields that may be absent from a message have a bit in @has, the bit whose
 * number is that of the attribute: LB_BIT(L4LB_A_VIP_MODE). In a request it
 * says what to send, in what was read what the module told.
 */

#ifndef _LB_MODEL_H
#define _LB_MODEL_H

#include "addr.h"
#include "allow.h"
#include "mac.h"
#include "source.h"

#include <linux/l4lb.h>
#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lb_err;

#define LB_BIT(attr)	(1U << (attr))

/**
 * struct lb_stats - counters of a VIP, a real or the namespace
 * @conns: connections made
 * @in_packets: packets towards the reals
 * @in_bytes: their bytes
 * @out_packets: packets towards the clients
 * @out_bytes: their bytes
 */
struct lb_stats {
	uint64_t conns;
	uint64_t in_packets;
	uint64_t in_bytes;
	uint64_t out_packets;
	uint64_t out_bytes;
};

/**
 * struct lb_drop - packets dropped for one reason
 * @reason: &enum l4lb_drop
 * @packets: how many
 */
struct lb_drop {
	uint8_t reason;
	uint64_t packets;
};

#define LB_DROPS_MAX	64

/**
 * struct lb_drops - packets dropped, by reason
 * @count: how many reasons
 * @drop: the reasons
 */
struct lb_drops {
	unsigned int count;
	struct lb_drop drop[LB_DROPS_MAX];
};

/**
 * struct lb_check - how a real is checked
 * @has: bits of &enum l4lb_check_attr
 * @type: its type; a check without one changes another
 * @ports: single ports to check; none for the service's own
 * @interval: ms between two checks
 * @timeout: ms until a check has failed
 * @rise: good results until a real is up
 * @fall: bad results until it is not
 * @fast: ms between two checks while results are against the verdict, 0 for
 *	@interval
 * @via: &enum l4lb_via
 * @agent: port on which the real says how much it wants to do, 0 for none
 * @guard: percent of the VIP's reals that may fail at once, 0 for all
 * @secret: name of what to log in with, empty for none
 * @args: what the type makes of it, for lb_check_release(); NULL for nothing.
 *	Of what was read only with the privilege to see it
 */
struct lb_check {
	uint32_t has;
	char type[L4LB_CHECK_TYPE_MAX + 1];
	struct lb_ports ports;
	uint32_t interval;
	uint32_t timeout;
	uint8_t rise;
	uint8_t fall;
	uint32_t fast;
	uint8_t via;
	uint16_t agent;
	uint8_t guard;
	char secret[L4LB_NAME_MAX + 1];
	char *args;
};

/**
 * struct lb_vip - a virtual service
 * @has: bits of &enum l4lb_vip_attr, L4LB_A_VIP_ADDR4 for either family
 * @name: its name
 * @new_name: its name from now on
 * @addr: its address
 * @protos: bits L4LB_PROTO_TCP and L4LB_PROTO_UDP
 * @ports: its ports
 * @ports_op: what @ports does in a request, for lb_vip_ports_settle()
 * @mode: &enum l4lb_mode
 * @sched: &enum l4lb_sched
 * @idle: ms that a connection may be silent
 * @orphan: &enum l4lb_orphan
 * @no_real: &enum l4lb_no_real
 * @hook: &enum l4lb_hook
 * @seed: what hashes that choose a real begin with
 * @persist: ms that a client without connections keeps its real, 0 for off
 * @mask: prefix length of what counts as one client, 0 for its default
 * @sources: what reals see with SNAT, none for its default
 * @fallback: where connections go that no real can take; no family for none
 * @fallback_port: port of that, 0 for the VIP's
 * @slow_start: ms in which a real that comes up gets its weight
 * @dev: interface that its address is to be on, empty for none
 * @allow_op: &enum l4lb_allow_op for @allow, or 0 to leave clients as they are
 * @allow: clients that it serves, for lb_vip_release(); of what was read only
 *	if lb_allow_list() did
 * @allows: ranges of clients that it serves, 0 for any client
 * @force: of a request: although it takes clients of this host itself
 * @check: how its reals are checked
 * @state: &enum l4lb_vip_state
 * @reals: how many reals it has
 * @conns: connections now
 * @persists: persistence entries now
 * @stats: its counters
 * @drops: its packets dropped
 * @line: where in a file it is
 */
struct lb_vip {
	uint32_t has;
	char name[L4LB_NAME_MAX + 1];
	char new_name[L4LB_NAME_MAX + 1];
	struct lb_addr addr;
	uint8_t protos;
	struct lb_ports ports;
	enum lb_list_op ports_op;
	uint8_t mode;
	uint8_t sched;
	uint32_t idle;
	uint8_t orphan;
	uint8_t no_real;
	uint8_t hook;
	uint64_t seed;
	uint32_t persist;
	uint8_t mask;
	struct lb_sources sources;
	struct lb_addr fallback;
	uint16_t fallback_port;
	uint32_t slow_start;
	char dev[IFNAMSIZ];
	uint8_t allow_op;
	struct lb_allow allow;
	uint32_t allows;
	bool force;
	struct lb_check check;
	uint8_t state;
	uint32_t reals;
	uint32_t conns;
	uint32_t persists;
	struct lb_stats stats;
	struct lb_drops drops;
	unsigned int line;
};

/**
 * struct lb_real - a real server of a VIP
 * @has: bits of &enum l4lb_real_attr, L4LB_A_REAL_ADDR4 for either family;
 *	L4LB_A_REAL_CHECK if it has a check of its own,
 *	L4LB_A_REAL_CHECK_INHERIT if it is checked as its VIP says
 * @vip: name of its VIP
 * @name: its name
 * @addr: its address
 * @port: its port, 0 for that of the VIP
 * @weight: its weight
 * @max_conns: connections at which it takes no new ones, 0 for no limit
 * @admin: &enum l4lb_admin
 * @check: its own check
 * @health: &enum l4lb_health
 * @reason: why its health is what it is
 * @since: when its health became what it is, in ms since 1970
 * @epoch: changes when its address, port or check does
 * @serves: whether it takes new connections now
 * @reach: &enum l4lb_reach
 * @conns: connections now
 * @stats: its counters
 * @result: &enum l4lb_health that the last check alone speaks for, 0 for none
 * @result_text: what the last check has found
 * @rtt: microseconds that it has taken
 * @flaps: how often it has ceased to be up
 * @agent_weight: percent of its weight that it wants
 * @agent_admin: &enum l4lb_admin that it wants
 * @clients: persistence entries bound to it, if they were counted
 * @line: where in a file it is
 */
struct lb_real {
	uint32_t has;
	char vip[L4LB_NAME_MAX + 1];
	char name[L4LB_NAME_MAX + 1];
	struct lb_addr addr;
	uint16_t port;
	uint32_t weight;
	uint32_t max_conns;
	uint8_t admin;
	struct lb_check check;
	uint8_t health;
	char reason[L4LB_REASON_MAX + 1];
	uint64_t since;
	uint32_t epoch;
	bool serves;
	uint8_t reach;
	uint32_t conns;
	struct lb_stats stats;
	uint8_t result;
	char result_text[L4LB_REASON_MAX + 1];
	uint32_t rtt;
	uint32_t flaps;
	uint16_t agent_weight;
	uint8_t agent_admin;
	uint32_t clients;
	unsigned int line;
};

/**
 * struct lb_conn - a connection
 * @vip: name of its VIP
 * @real: name of its real
 * @proto: IPPROTO_TCP or IPPROTO_UDP
 * @client: the client's address
 * @client_port: the client's port
 * @vip_port: the port of the VIP
 * @state: &enum l4lb_conn_state
 * @idle: ms since its last packet
 * @left: ms until it expires
 * @orphan: whether its real is halted, down or removed
 * @mode: &enum l4lb_mode
 * @source: the address that the real sees, if @mode is SNAT
 * @source_port: the port that it sees
 */
struct lb_conn {
	char vip[L4LB_NAME_MAX + 1];
	char real[L4LB_NAME_MAX + 1];
	uint8_t proto;
	struct lb_addr client;
	uint16_t client_port;
	uint16_t vip_port;
	uint8_t state;
	uint32_t idle;
	uint32_t left;
	bool orphan;
	uint8_t mode;
	struct lb_addr source;
	uint16_t source_port;
};

/**
 * struct lb_persist - a client bound to a real
 * @has: bits of &enum l4lb_persist_attr
 * @vip: name of the VIP
 * @real: name of the real
 * @client: the client's network
 * @left: ms until it ends
 * @age: ms since it was made
 * @forever: whether it does not end by itself
 * @tentative: whether no connection of it was ever established
 * @line: where in a file it is
 */
struct lb_persist {
	uint32_t has;
	char vip[L4LB_NAME_MAX + 1];
	char real[L4LB_NAME_MAX + 1];
	struct lb_prefix client;
	uint32_t left;
	uint32_t age;
	bool forever;
	bool tentative;
	unsigned int line;
};

/**
 * struct lb_probe - a socket of a checker that talks to a real with DR
 * @vip: name of the VIP
 * @real: name of the real
 * @source: its own address
 * @sport: its own port
 * @port: port of the real that it talks to
 * @proto: L4LB_PROTO_TCP or L4LB_PROTO_UDP
 */
struct lb_probe {
	char vip[L4LB_NAME_MAX + 1];
	char real[L4LB_NAME_MAX + 1];
	struct lb_addr source;
	uint16_t sport;
	uint16_t port;
	uint8_t proto;
};

/**
 * struct lb_filter - which connections or persistence entries are meant
 * @has: bits of &enum l4lb_filter_attr, L4LB_A_FILTER_ADDR4 for either family
 *	and the length of the prefix
 * @vip: name of the VIP
 * @real: name of the real
 * @src: the client's network
 * @limit: at most so many
 * @all: it was said that all are meant
 */
struct lb_filter {
	uint32_t has;
	char vip[L4LB_NAME_MAX + 1];
	char real[L4LB_NAME_MAX + 1];
	struct lb_prefix src;
	uint32_t limit;
	bool all;
};

/**
 * struct lb_info - the module and the namespace
 * @has: bits of &enum l4lb_info_attr
 * @version: version of the module
 * @vips: VIPs of the namespace
 * @reals: reals of the namespace
 * @conns: connections of the namespace
 * @conns_max: most connections it may have
 * @persists: persistence entries of the namespace
 * @persists_max: most persistence entries it may have
 * @vips_max: most VIPs it may have
 * @reals_max: most reals it may have
 * @seed: what is added to the seeds of all VIPs
 * @standby: whether every packet is left to the stack
 * @partners: other balancers of which this one is a real
 * @flood: whether more clients open connections without going on than may
 * @limited: bits L4LB_LIMIT_* of limits that are not their defaults
 * @generation: grows with every change of the configuration
 * @stats: totals of the namespace
 * @drops: packets dropped
 * @line: where in a file it is
 */
struct lb_info {
	uint32_t has;
	char version[32];
	uint32_t vips;
	uint32_t reals;
	uint32_t conns;
	uint32_t conns_max;
	uint32_t persists;
	uint32_t persists_max;
	uint32_t vips_max;
	uint32_t reals_max;
	uint64_t seed;
	bool standby;
	struct lb_macs partners;
	bool flood;
	uint8_t limited;
	uint32_t generation;
	struct lb_stats stats;
	struct lb_drops drops;
	unsigned int line;
};

/**
 * struct lb_event - a notification
 * @event: &enum l4lb_event
 * @generation: of the configuration, after the change
 * @is_real: whether it is about a real
 * @vip: the VIP, unless @is_real
 * @real: the real, with the name of its VIP, if @is_real
 */
struct lb_event {
	uint8_t event;
	uint32_t generation;
	bool is_real;
	union {
		struct lb_vip vip;
		struct lb_real real;
	};
};

bool lb_has(uint32_t has, unsigned int attr);
void lb_name_copy(char dst[L4LB_NAME_MAX + 1], const char *name);
void lb_check_default(struct lb_check *check, uint8_t protos);
int lb_check_settle(const struct lb_check *request, const struct lb_check *now,
		    const struct lb_vip *vip, struct lb_err *err);
int lb_vip_check_settle(const struct lb_vip *request, const struct lb_vip *vip,
			struct lb_err *err);
void lb_check_release(struct lb_check *check);
int lb_vip_ports_settle(struct lb_vip *request, const struct lb_vip *now,
			struct lb_err *err);
bool lb_vip_unsettled(const struct lb_vip *request);
int lb_vip_settle(struct lb_vip *request, const struct lb_vip *vip,
		  struct lb_err *err);
void lb_vip_release(struct lb_vip *vip);
void lb_vip_list_free(struct lb_vip *vips, size_t count);
void lb_real_release(struct lb_real *real);
void lb_real_list_free(struct lb_real *reals, size_t count);
const char *lb_persist_state(const struct lb_persist *persist);
bool lb_vip_overlap(const struct lb_vip *a, const struct lb_vip *b,
		    uint8_t *protos, struct lb_range *common);

#endif /* _LB_MODEL_H */
