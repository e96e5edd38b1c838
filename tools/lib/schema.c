// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is known about every attribute. Messages are taken apart by these
 * tables, and an attribute that the module refused is given the name that the
 * command line has for it.
 */

#include "schema.h"
#include "addr.h"
#include "compiler.h"
#include "duration.h"
#include "err.h"
#include "msg.h"
#include "names.h"
#include "seed.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/l4lb.h>
#include <stdio.h>
#include <string.h>

#define SCHEMA(noun)							\
const struct lb_schema lb_##noun##_schema = {				\
	.attr = noun##_attrs,						\
	.max = ARRAY_SIZE(noun##_attrs) - 1,				\
}

static const struct lb_attr range_attrs[] = {
	[L4LB_A_RANGE_FIRST]	= { .kind = LB_KIND_BE16 },
	[L4LB_A_RANGE_LAST]	= { .kind = LB_KIND_BE16 },
};

SCHEMA(range);

static const struct lb_attr ports_attrs[] = {
	[L4LB_A_PORTS_RANGE]	= {
		.kind = LB_KIND_NEST, .nest = &lb_range_schema
	},
};

SCHEMA(ports);

static const struct lb_attr check_attrs[] = {
	[L4LB_A_CHECK_TYPE]	= { .kind = LB_KIND_STRING, .word = "check" },
	[L4LB_A_CHECK_PORTS]	= {
		.kind = LB_KIND_PORTS, .word = "check port",
		.nest = &lb_ports_schema
	},
	[L4LB_A_CHECK_INTERVAL]	= {
		.kind = LB_KIND_TIME, .word = "check interval"
	},
	[L4LB_A_CHECK_TIMEOUT]	= {
		.kind = LB_KIND_TIME, .word = "check timeout"
	},
	[L4LB_A_CHECK_RISE]	= { .kind = LB_KIND_U8, .word = "check rise" },
	[L4LB_A_CHECK_FALL]	= { .kind = LB_KIND_U8, .word = "check fall" },
	[L4LB_A_CHECK_FAST]	= {
		.kind = LB_KIND_TIME, .word = "check fast"
	},
	[L4LB_A_CHECK_VIA]	= {
		.kind = LB_KIND_U8, .word = "check via", .names = &lb_via_names
	},
	[L4LB_A_CHECK_AGENT]	= {
		.kind = LB_KIND_BE16, .word = "check agent"
	},
	[L4LB_A_CHECK_GUARD]	= { .kind = LB_KIND_U8, .word = "check guard" },
	[L4LB_A_CHECK_SECRET]	= {
		.kind = LB_KIND_STRING, .word = "check secret"
	},
	[L4LB_A_CHECK_ARGS]	= {
		.kind = LB_KIND_STRING, .word = "check args"
	},
};

SCHEMA(check);

static const struct lb_attr allow_range_attrs[] = {
	[L4LB_A_ALLOW_FIRST4]	= { .kind = LB_KIND_ADDR4 },
	[L4LB_A_ALLOW_LAST4]	= { .kind = LB_KIND_ADDR4 },
	[L4LB_A_ALLOW_FIRST6]	= { .kind = LB_KIND_ADDR6 },
	[L4LB_A_ALLOW_LAST6]	= { .kind = LB_KIND_ADDR6 },
};

SCHEMA(allow_range);

static const struct lb_attr allow_attrs[] = {
	[L4LB_A_ALLOW_RANGE]	= {
		.kind = LB_KIND_ALLOW, .word = "allow",
		.nest = &lb_allow_range_schema
	},
};

SCHEMA(allow);

static const struct lb_attr fallback_attrs[] = {
	[L4LB_A_FALLBACK_ADDR4]	= { .kind = LB_KIND_ADDR4 },
	[L4LB_A_FALLBACK_ADDR6]	= { .kind = LB_KIND_ADDR6 },
	[L4LB_A_FALLBACK_PORT]	= { .kind = LB_KIND_BE16 },
};

SCHEMA(fallback);

static const struct lb_attr drop_attrs[] = {
	[L4LB_A_DROP_REASON]	= { .kind = LB_KIND_U8 },
	[L4LB_A_DROP_PACKETS]	= { .kind = LB_KIND_U64 },
};

SCHEMA(drop);

static const struct lb_attr stats_attrs[] = {
	[L4LB_A_STATS_CONNS]		= { .kind = LB_KIND_U64 },
	[L4LB_A_STATS_IN_PACKETS]	= { .kind = LB_KIND_U64 },
	[L4LB_A_STATS_IN_BYTES]		= { .kind = LB_KIND_U64 },
	[L4LB_A_STATS_OUT_PACKETS]	= { .kind = LB_KIND_U64 },
	[L4LB_A_STATS_OUT_BYTES]	= { .kind = LB_KIND_U64 },
	[L4LB_A_STATS_DROP]		= {
		.kind = LB_KIND_NEST, .nest = &lb_drop_schema
	},
};

SCHEMA(stats);

static const struct lb_attr sources_attrs[] = {
	[L4LB_A_SOURCES_ADDR4]	= { .kind = LB_KIND_ADDR4, .word = "source" },
	[L4LB_A_SOURCES_ADDR6]	= { .kind = LB_KIND_ADDR6, .word = "source" },
};

SCHEMA(sources);

static const struct lb_attr vip_attrs[] = {
	[L4LB_A_VIP_NAME]	= { .kind = LB_KIND_STRING, .word = "vip" },
	[L4LB_A_VIP_NEW_NAME]	= { .kind = LB_KIND_STRING, .word = "name" },
	[L4LB_A_VIP_ADDR4]	= { .kind = LB_KIND_ADDR4, .word = "address" },
	[L4LB_A_VIP_ADDR6]	= { .kind = LB_KIND_ADDR6, .word = "address" },
	[L4LB_A_VIP_PROTOS]	= {
		.kind = LB_KIND_U8, .word = "protocol",
		.names = &lb_protos_names
	},
	[L4LB_A_VIP_PORTS]	= {
		.kind = LB_KIND_PORTS, .word = "ports",
		.nest = &lb_ports_schema
	},
	[L4LB_A_VIP_MODE]	= {
		.kind = LB_KIND_U8, .word = "mode", .names = &lb_mode_names
	},
	[L4LB_A_VIP_SCHED]	= {
		.kind = LB_KIND_U8, .word = "sched", .names = &lb_sched_names
	},
	[L4LB_A_VIP_IDLE]	= { .kind = LB_KIND_TIME, .word = "idle" },
	[L4LB_A_VIP_CHECK]	= {
		.kind = LB_KIND_NEST, .word = "check", .nest = &lb_check_schema
	},
	[L4LB_A_VIP_STATE]	= { .kind = LB_KIND_U8, .word = "state" },
	[L4LB_A_VIP_REALS]	= { .kind = LB_KIND_U32, .word = "reals" },
	[L4LB_A_VIP_CONNS]	= { .kind = LB_KIND_U32, .word = "conns" },
	[L4LB_A_VIP_STATS]	= {
		.kind = LB_KIND_NEST, .word = "stats", .nest = &lb_stats_schema
	},
	[L4LB_A_VIP_ORPHAN]	= {
		.kind = LB_KIND_U8, .word = "orphan", .names = &lb_orphan_names
	},
	[L4LB_A_VIP_NO_REAL]	= {
		.kind = LB_KIND_U8, .word = "no-real",
		.names = &lb_no_real_names
	},
	[L4LB_A_VIP_HOOK]	= {
		.kind = LB_KIND_U8, .word = "hook", .names = &lb_hook_names
	},
	[L4LB_A_VIP_SEED]	= { .kind = LB_KIND_SEED, .word = "seed" },
	[L4LB_A_VIP_PERSIST]	= { .kind = LB_KIND_TIME, .word = "persist" },
	[L4LB_A_VIP_MASK]	= { .kind = LB_KIND_U8, .word = "mask" },
	[L4LB_A_VIP_PERSISTS]	= { .kind = LB_KIND_U32, .word = "persists" },
	[L4LB_A_VIP_PAD]	= { .kind = LB_KIND_PAD },
	[L4LB_A_VIP_SOURCES]	= {
		.kind = LB_KIND_NEST, .word = "source",
		.nest = &lb_sources_schema
	},
	[L4LB_A_VIP_FALLBACK]	= {
		.kind = LB_KIND_FALLBACK, .word = "fallback",
		.nest = &lb_fallback_schema
	},
	[L4LB_A_VIP_SLOW_START]	= {
		.kind = LB_KIND_TIME, .word = "slow-start"
	},
	[L4LB_A_VIP_ALLOWS]	= { .kind = LB_KIND_U32, .word = "allow" },
	[L4LB_A_VIP_DEV]	= { .kind = LB_KIND_STRING, .word = "dev" },
};

SCHEMA(vip);

static const struct lb_attr real_attrs[] = {
	[L4LB_A_REAL_NAME]	= { .kind = LB_KIND_STRING, .word = "real" },
	[L4LB_A_REAL_ADDR4]	= { .kind = LB_KIND_ADDR4, .word = "address" },
	[L4LB_A_REAL_ADDR6]	= { .kind = LB_KIND_ADDR6, .word = "address" },
	[L4LB_A_REAL_PORT]	= { .kind = LB_KIND_BE16, .word = "port" },
	[L4LB_A_REAL_WEIGHT]	= { .kind = LB_KIND_U32, .word = "weight" },
	[L4LB_A_REAL_ADMIN]	= {
		.kind = LB_KIND_U8, .word = "state", .names = &lb_admin_names
	},
	[L4LB_A_REAL_CHECK]	= {
		.kind = LB_KIND_NEST, .word = "check", .nest = &lb_check_schema
	},
	[L4LB_A_REAL_CHECK_INHERIT] = {
		.kind = LB_KIND_FLAG, .word = "check inherit"
	},
	[L4LB_A_REAL_HEALTH]	= {
		.kind = LB_KIND_U8, .word = "health",
		.names = &lb_health_names
	},
	[L4LB_A_REAL_REASON]	= { .kind = LB_KIND_STRING, .word = "reason" },
	[L4LB_A_REAL_SINCE]	= { .kind = LB_KIND_U64, .word = "since" },
	[L4LB_A_REAL_EPOCH]	= { .kind = LB_KIND_U32, .word = "epoch" },
	[L4LB_A_REAL_SERVES]	= { .kind = LB_KIND_U8, .word = "serves" },
	[L4LB_A_REAL_REACH]	= { .kind = LB_KIND_U8, .word = "reach" },
	[L4LB_A_REAL_CONNS]	= { .kind = LB_KIND_U32, .word = "conns" },
	[L4LB_A_REAL_STATS]	= {
		.kind = LB_KIND_NEST, .word = "stats", .nest = &lb_stats_schema
	},
	[L4LB_A_REAL_PAD]	= { .kind = LB_KIND_PAD },
	[L4LB_A_REAL_MAX_CONNS]	= { .kind = LB_KIND_U32, .word = "max-conns" },
	[L4LB_A_REAL_RESULT]	= {
		.kind = LB_KIND_U8, .word = "result",
		.names = &lb_health_names
	},
	[L4LB_A_REAL_RESULT_TEXT] = {
		.kind = LB_KIND_STRING, .word = "result text"
	},
	[L4LB_A_REAL_RTT]	= { .kind = LB_KIND_U32, .word = "rtt" },
	[L4LB_A_REAL_FLAPS]	= { .kind = LB_KIND_U32, .word = "flaps" },
	[L4LB_A_REAL_AGENT_WEIGHT] = {
		.kind = LB_KIND_U16, .word = "agent weight"
	},
	[L4LB_A_REAL_AGENT_ADMIN] = {
		.kind = LB_KIND_U8, .word = "agent state",
		.names = &lb_admin_names
	},
};

SCHEMA(real);

static const struct lb_attr conn_attrs[] = {
	[L4LB_A_CONN_VIP]		= { .kind = LB_KIND_STRING },
	[L4LB_A_CONN_REAL]		= { .kind = LB_KIND_STRING },
	[L4LB_A_CONN_PROTO]		= { .kind = LB_KIND_U8 },
	[L4LB_A_CONN_CLIENT4]		= { .kind = LB_KIND_ADDR4 },
	[L4LB_A_CONN_CLIENT6]		= { .kind = LB_KIND_ADDR6 },
	[L4LB_A_CONN_CLIENT_PORT]	= { .kind = LB_KIND_BE16 },
	[L4LB_A_CONN_VIP_PORT]		= { .kind = LB_KIND_BE16 },
	[L4LB_A_CONN_STATE]		= { .kind = LB_KIND_U8 },
	[L4LB_A_CONN_IDLE]		= { .kind = LB_KIND_TIME },
	[L4LB_A_CONN_LEFT]		= { .kind = LB_KIND_TIME },
	[L4LB_A_CONN_ORPHAN]		= { .kind = LB_KIND_FLAG },
	[L4LB_A_CONN_MODE]		= { .kind = LB_KIND_U8 },
	[L4LB_A_CONN_SOURCE4]		= { .kind = LB_KIND_ADDR4 },
	[L4LB_A_CONN_SOURCE6]		= { .kind = LB_KIND_ADDR6 },
	[L4LB_A_CONN_SOURCE_PORT]	= { .kind = LB_KIND_BE16 },
};

SCHEMA(conn);

static const struct lb_attr persist_attrs[] = {
	[L4LB_A_PERSIST_VIP]	= { .kind = LB_KIND_STRING, .word = "vip" },
	[L4LB_A_PERSIST_REAL]	= { .kind = LB_KIND_STRING, .word = "real" },
	[L4LB_A_PERSIST_ADDR4]	= { .kind = LB_KIND_ADDR4, .word = "src" },
	[L4LB_A_PERSIST_ADDR6]	= { .kind = LB_KIND_ADDR6, .word = "src" },
	[L4LB_A_PERSIST_LEN]	= { .kind = LB_KIND_U8, .word = "src length" },
	[L4LB_A_PERSIST_LEFT]	= { .kind = LB_KIND_TIME, .word = "for" },
	[L4LB_A_PERSIST_AGE]	= { .kind = LB_KIND_TIME, .word = "age" },
	[L4LB_A_PERSIST_FOREVER] = { .kind = LB_KIND_FLAG, .word = "forever" },
	[L4LB_A_PERSIST_TENTATIVE] = {
		.kind = LB_KIND_FLAG, .word = "tentative"
	},
};

SCHEMA(persist);

static const struct lb_attr filter_attrs[] = {
	[L4LB_A_FILTER_VIP]	= { .kind = LB_KIND_STRING, .word = "vip" },
	[L4LB_A_FILTER_REAL]	= { .kind = LB_KIND_STRING, .word = "real" },
	[L4LB_A_FILTER_ADDR4]	= { .kind = LB_KIND_ADDR4, .word = "src" },
	[L4LB_A_FILTER_ADDR6]	= { .kind = LB_KIND_ADDR6, .word = "src" },
	[L4LB_A_FILTER_LEN]	= { .kind = LB_KIND_U8, .word = "src length" },
	[L4LB_A_FILTER_LIMIT]	= { .kind = LB_KIND_U32, .word = "limit" },
};

static const struct lb_schema filter_schema = {
	.attr = filter_attrs,
	.max = L4LB_A_FILTER_MAX,
};

static const struct lb_attr info_attrs[] = {
	[L4LB_A_INFO_VERSION]	= { .kind = LB_KIND_STRING },
	[L4LB_A_INFO_VIPS]	= { .kind = LB_KIND_U32 },
	[L4LB_A_INFO_REALS]	= { .kind = LB_KIND_U32 },
	[L4LB_A_INFO_CONNS]	= { .kind = LB_KIND_U32 },
	[L4LB_A_INFO_CONNS_MAX]	= {
		.kind = LB_KIND_U32, .word = "limit conns"
	},
	[L4LB_A_INFO_PERSISTS]	= { .kind = LB_KIND_U32 },
	[L4LB_A_INFO_PERSISTS_MAX] = {
		.kind = LB_KIND_U32, .word = "limit persist"
	},
	[L4LB_A_INFO_VIPS_MAX]	= {
		.kind = LB_KIND_U32, .word = "limit vips"
	},
	[L4LB_A_INFO_REALS_MAX]	= {
		.kind = LB_KIND_U32, .word = "limit reals"
	},
	[L4LB_A_INFO_SEED]	= { .kind = LB_KIND_SEED, .word = "seed" },
	[L4LB_A_INFO_PAD]	= { .kind = LB_KIND_PAD },
	[L4LB_A_INFO_STANDBY]	= { .kind = LB_KIND_U8, .word = "standby" },
	[L4LB_A_INFO_PARTNERS]	= { .kind = LB_KIND_MACS, .word = "partner" },
	[L4LB_A_INFO_FLOOD]	= { .kind = LB_KIND_U8 },
	[L4LB_A_INFO_LIMITED]	= { .kind = LB_KIND_U8 },
};

SCHEMA(info);

static const struct lb_attr probe_attrs[] = {
	[L4LB_A_PROBE_ADDR4]	= { .kind = LB_KIND_ADDR4, .word = "source" },
	[L4LB_A_PROBE_ADDR6]	= { .kind = LB_KIND_ADDR6, .word = "source" },
	[L4LB_A_PROBE_SPORT]	= { .kind = LB_KIND_BE16 },
	[L4LB_A_PROBE_PORT]	= { .kind = LB_KIND_BE16, .word = "port" },
	[L4LB_A_PROBE_PROTO]	= { .kind = LB_KIND_U8 },
};

static const struct lb_schema probe_schema = {
	.attr = probe_attrs,
	.max = L4LB_A_PROBE_MAX,
};

static const struct lb_attr trace_attrs[] = {
	[L4LB_A_TRACE_TIME]	= { .kind = LB_KIND_U64 },
	[L4LB_A_TRACE_VERDICT]	= { .kind = LB_KIND_U8 },
	[L4LB_A_TRACE_DROP]	= { .kind = LB_KIND_U8 },
	[L4LB_A_TRACE_PROTO]	= { .kind = LB_KIND_U8 },
	[L4LB_A_TRACE_SRC4]	= { .kind = LB_KIND_ADDR4 },
	[L4LB_A_TRACE_SRC6]	= { .kind = LB_KIND_ADDR6 },
	[L4LB_A_TRACE_DST4]	= { .kind = LB_KIND_ADDR4 },
	[L4LB_A_TRACE_DST6]	= { .kind = LB_KIND_ADDR6 },
	[L4LB_A_TRACE_SPORT]	= { .kind = LB_KIND_BE16 },
	[L4LB_A_TRACE_DPORT]	= { .kind = LB_KIND_BE16 },
	[L4LB_A_TRACE_FLAGS]	= { .kind = LB_KIND_U8 },
	[L4LB_A_TRACE_LEN]	= { .kind = LB_KIND_U32 },
	[L4LB_A_TRACE_REPLY]	= { .kind = LB_KIND_FLAG },
	[L4LB_A_TRACE_NEW]	= { .kind = LB_KIND_FLAG },
	[L4LB_A_TRACE_VIP]	= { .kind = LB_KIND_STRING },
	[L4LB_A_TRACE_REAL]	= { .kind = LB_KIND_STRING },
	[L4LB_A_TRACE_STATE]	= { .kind = LB_KIND_U8 },
	[L4LB_A_TRACE_MISSED]	= { .kind = LB_KIND_U32 },
	[L4LB_A_TRACE_PAD]	= { .kind = LB_KIND_PAD },
};

SCHEMA(trace);

static const struct lb_attr record_attrs[] = {
	[L4LB_A_RECORD_SEQ]	= { .kind = LB_KIND_U64 },
	[L4LB_A_RECORD_TIME]	= { .kind = LB_KIND_U64, .word = "since" },
	[L4LB_A_RECORD_EVENT]	= { .kind = LB_KIND_U8 },
	[L4LB_A_RECORD_WHAT]	= { .kind = LB_KIND_U8 },
	[L4LB_A_RECORD_GENERATION] = { .kind = LB_KIND_U32 },
	[L4LB_A_RECORD_UID]	= { .kind = LB_KIND_U32 },
	[L4LB_A_RECORD_PID]	= { .kind = LB_KIND_U32 },
	[L4LB_A_RECORD_COMM]	= { .kind = LB_KIND_STRING },
	[L4LB_A_RECORD_VIP]	= { .kind = LB_KIND_STRING },
	[L4LB_A_RECORD_REAL]	= { .kind = LB_KIND_STRING },
	[L4LB_A_RECORD_STATE]	= { .kind = LB_KIND_U8 },
	[L4LB_A_RECORD_ADMIN]	= { .kind = LB_KIND_U8 },
	[L4LB_A_RECORD_HEALTH]	= { .kind = LB_KIND_U8 },
	[L4LB_A_RECORD_WEIGHT]	= { .kind = LB_KIND_U32 },
	[L4LB_A_RECORD_REASON]	= { .kind = LB_KIND_STRING },
	[L4LB_A_RECORD_CLIENT4]	= { .kind = LB_KIND_ADDR4 },
	[L4LB_A_RECORD_CLIENT6]	= { .kind = LB_KIND_ADDR6 },
	[L4LB_A_RECORD_COUNT]	= { .kind = LB_KIND_U32 },
	[L4LB_A_RECORD_PAD]	= { .kind = LB_KIND_PAD },
};

SCHEMA(record);

static const struct lb_attr standing_attrs[] = {
	[L4LB_A_STANDING_REAL]	= { .kind = LB_KIND_STRING },
	[L4LB_A_STANDING_IS]	= { .kind = LB_KIND_U8 },
	[L4LB_A_STANDING_CONNS]	= { .kind = LB_KIND_U32 },
	[L4LB_A_STANDING_WEIGHT] = { .kind = LB_KIND_U32 },
};

SCHEMA(standing);

static const struct lb_attr hop_attrs[] = {
	[L4LB_A_HOP_REAL]	= { .kind = LB_KIND_STRING },
	[L4LB_A_HOP_MODE]	= { .kind = LB_KIND_U8 },
	[L4LB_A_HOP_ADDR4]	= { .kind = LB_KIND_ADDR4 },
	[L4LB_A_HOP_ADDR6]	= { .kind = LB_KIND_ADDR6 },
	[L4LB_A_HOP_PORT]	= { .kind = LB_KIND_BE16 },
	[L4LB_A_HOP_SOURCE4]	= { .kind = LB_KIND_ADDR4 },
	[L4LB_A_HOP_SOURCE6]	= { .kind = LB_KIND_ADDR6 },
	[L4LB_A_HOP_REACH]	= { .kind = LB_KIND_U8 },
	[L4LB_A_HOP_DEV]	= { .kind = LB_KIND_STRING },
	[L4LB_A_HOP_MAC]	= { .kind = LB_KIND_PAD },
	[L4LB_A_HOP_MTU]	= { .kind = LB_KIND_U32 },
};

SCHEMA(hop);

static const struct lb_attr explain_attrs[] = {
	[L4LB_A_EXPLAIN_CLIENT4] = { .kind = LB_KIND_ADDR4, .word = "client" },
	[L4LB_A_EXPLAIN_CLIENT6] = { .kind = LB_KIND_ADDR6, .word = "client" },
	[L4LB_A_EXPLAIN_CLIENT_PORT] = {
		.kind = LB_KIND_BE16, .word = "client port"
	},
	[L4LB_A_EXPLAIN_ADDR4]	= { .kind = LB_KIND_ADDR4, .word = "vip" },
	[L4LB_A_EXPLAIN_ADDR6]	= { .kind = LB_KIND_ADDR6, .word = "vip" },
	[L4LB_A_EXPLAIN_PORT]	= { .kind = LB_KIND_BE16, .word = "port" },
	[L4LB_A_EXPLAIN_PROTO]	= {
		.kind = LB_KIND_U8, .word = "protocol",
		.names = &lb_protos_names
	},
	[L4LB_A_EXPLAIN_RESULT]	= { .kind = LB_KIND_U8 },
	[L4LB_A_EXPLAIN_DROP]	= { .kind = LB_KIND_U8 },
	[L4LB_A_EXPLAIN_VIP]	= { .kind = LB_KIND_STRING },
	[L4LB_A_EXPLAIN_HOOK]	= { .kind = LB_KIND_U8 },
	[L4LB_A_EXPLAIN_ALLOWS]	= { .kind = LB_KIND_U32 },
	[L4LB_A_EXPLAIN_NO_REAL] = { .kind = LB_KIND_U8 },
	[L4LB_A_EXPLAIN_ORPHAN]	= { .kind = LB_KIND_U8 },
	[L4LB_A_EXPLAIN_BY]	= { .kind = LB_KIND_U8 },
	[L4LB_A_EXPLAIN_PERSIST] = { .kind = LB_KIND_U8 },
	[L4LB_A_EXPLAIN_SCHED]	= { .kind = LB_KIND_U8 },
	[L4LB_A_EXPLAIN_SLOT]	= { .kind = LB_KIND_U32 },
	[L4LB_A_EXPLAIN_SLOTS]	= { .kind = LB_KIND_U32 },
	[L4LB_A_EXPLAIN_CPU]	= { .kind = LB_KIND_U32 },
	[L4LB_A_EXPLAIN_STATELESS] = { .kind = LB_KIND_FLAG },
	[L4LB_A_EXPLAIN_REALS]	= { .kind = LB_KIND_U32 },
	[L4LB_A_EXPLAIN_REAL]	= {
		.kind = LB_KIND_NEST, .nest = &lb_standing_schema
	},
	[L4LB_A_EXPLAIN_HOP]	= {
		.kind = LB_KIND_NEST, .nest = &lb_hop_schema
	},
};

SCHEMA(explain);

static const struct lb_attr top_attrs[] = {
	[L4LB_A_VIP]	= {
		.kind = LB_KIND_NEST, .word = "vip", .nest = &lb_vip_schema
	},
	[L4LB_A_REAL]	= {
		.kind = LB_KIND_NEST, .word = "real", .nest = &lb_real_schema
	},
	[L4LB_A_CONN]	= { .kind = LB_KIND_NEST, .nest = &lb_conn_schema },
	[L4LB_A_FILTER]	= {
		.kind = LB_KIND_NEST, .word = "filter", .nest = &filter_schema
	},
	[L4LB_A_INFO]	= { .kind = LB_KIND_NEST, .nest = &lb_info_schema },
	[L4LB_A_PROBE]	= { .kind = LB_KIND_NEST, .nest = &probe_schema },
	[L4LB_A_STATS]	= { .kind = LB_KIND_NEST, .nest = &lb_stats_schema },
	[L4LB_A_EVENT]	= { .kind = LB_KIND_U8 },
	[L4LB_A_GENERATION]	= { .kind = LB_KIND_U32, .word = "generation" },
	[L4LB_A_CONN_COUNT]	= { .kind = LB_KIND_U32 },
	[L4LB_A_REPLACE]	= { .kind = LB_KIND_FLAG, .word = "replace" },
	[L4LB_A_PERSIST]	= {
		.kind = LB_KIND_NEST, .word = "persist",
		.nest = &lb_persist_schema
	},
	[L4LB_A_PERSIST_COUNT]	= { .kind = LB_KIND_U32 },
	[L4LB_A_ALLOW]	= {
		.kind = LB_KIND_NEST, .word = "allow", .nest = &lb_allow_schema
	},
	[L4LB_A_ALLOW_OP]	= { .kind = LB_KIND_U8, .word = "allow" },
	[L4LB_A_EXPLAIN]	= {
		.kind = LB_KIND_NEST, .word = "packet",
		.nest = &lb_explain_schema
	},
	[L4LB_A_RECORD]	= { .kind = LB_KIND_NEST, .nest = &lb_record_schema },
	[L4LB_A_TRACE]	= { .kind = LB_KIND_NEST, .nest = &lb_trace_schema },
	[L4LB_A_DRY_RUN]	= { .kind = LB_KIND_FLAG },
	[L4LB_A_TXN_MESSAGE]	= { .kind = LB_KIND_U32 },
};

SCHEMA(top);

static bool length_ok(enum lb_kind kind, const struct nlattr *attr)
{
	const char *payload = mnl_attr_get_payload(attr);
	size_t len = mnl_attr_get_payload_len(attr);

	switch (kind) {
	case LB_KIND_STRING:
		return len && !payload[len - 1];
	case LB_KIND_U8:
		return len == sizeof(uint8_t);
	case LB_KIND_U16:
	case LB_KIND_BE16:
		return len == sizeof(uint16_t);
	case LB_KIND_U32:
	case LB_KIND_TIME:
	case LB_KIND_ADDR4:
		return len == sizeof(uint32_t);
	case LB_KIND_U64:
	case LB_KIND_SEED:
		return len == sizeof(uint64_t);
	case LB_KIND_ADDR6:
		return len == sizeof(struct in6_addr);
	case LB_KIND_MACS:
		return !(len % LB_MAC_LEN);
	default:
		return true;
	}
}

/**
 * lb_schema_parse() - index the attributes of a message or nest
 * @schema: what it may contain; anything else is skipped
 * @data: the attributes
 * @len: their length
 * @tb: where to; the last of several with one number counts
 *
 * Return: 0, or -EBADMSG if an attribute has a wrong length.
 */
int lb_schema_parse(const struct lb_schema *schema, const void *data,
		    size_t len, const struct nlattr *tb[LB_TB_MAX])
{
	const struct nlattr *attr;
	unsigned int type;

	memset(tb, 0, LB_TB_MAX * sizeof(tb[0]));

	mnl_attr_for_each_payload(data, len) {
		type = mnl_attr_get_type(attr);
		if (type > schema->max || type >= LB_TB_MAX)
			continue;
		if (!length_ok(schema->attr[type].kind, attr))
			return -EBADMSG;
		tb[type] = attr;
	}

	return 0;
}

/* A place in a request: an attribute, and what is known about it. */
struct place {
	const struct nlattr *attr;
	const struct lb_attr *known;
};

/* The attribute that spans an address. */
static const struct nlattr *attr_at(const void *data, size_t len,
				    const char *at)
{
	const char *end = (const char *)data + len;
	const struct nlattr *attr;
	const char *begin;

	for (attr = data; mnl_attr_ok(attr, (int)(end - (const char *)attr));
	     attr = mnl_attr_next(attr)) {
		begin = (const char *)attr;
		if (at >= begin && at < begin + mnl_attr_get_len(attr))
			return attr;
	}

	return NULL;
}

/* The innermost attribute at an offset whose word is known. */
static bool place_find(const struct nlmsghdr *request, uint32_t offset,
		       struct place *best)
{
	const struct lb_schema *schema = &lb_top_schema;
	const char *base = (const char *)request;
	const struct nlattr *attr;
	const void *data;
	unsigned int type;
	size_t len;

	memset(best, 0, sizeof(*best));
	if (offset >= request->nlmsg_len)
		return false;

	data = mnl_nlmsg_get_payload_offset(request,
					    sizeof(struct genlmsghdr));
	len = (size_t)(base + request->nlmsg_len - (const char *)data);

	while (schema) {
		attr = attr_at(data, len, base + offset);
		if (!attr)
			break;
		type = mnl_attr_get_type(attr);
		if (type > schema->max)
			break;
		if (schema->attr[type].word) {
			best->attr = attr;
			best->known = &schema->attr[type];
		}
		if ((const char *)attr == base + offset)
			break;
		schema = schema->attr[type].nest;
		data = mnl_attr_get_payload(attr);
		len = mnl_attr_get_payload_len(attr);
	}

	return best->attr;
}

static void print_number(const struct lb_attr *known, const struct nlattr *attr,
			 char *buf, size_t size)
{
	if (known->kind == LB_KIND_TIME)
		lb_duration_print(mnl_attr_get_u32(attr), buf, size);
	else if (known->kind == LB_KIND_SEED)
		lb_seed_print(mnl_attr_get_u64(attr), buf, size);
	else if (known->kind == LB_KIND_U64)
		snprintf(buf, size, "%llu",
			 (unsigned long long)mnl_attr_get_u64(attr));
	else if (known->kind == LB_KIND_U32)
		snprintf(buf, size, "%u", mnl_attr_get_u32(attr));
	else if (known->kind == LB_KIND_U16)
		snprintf(buf, size, "%u", mnl_attr_get_u16(attr));
	else if (known->kind == LB_KIND_BE16)
		snprintf(buf, size, "%u", ntohs(mnl_attr_get_u16(attr)));
	else if (known->names)
		snprintf(buf, size, "%s",
			 lb_names_word(known->names, mnl_attr_get_u8(attr)));
	else
		snprintf(buf, size, "%u", mnl_attr_get_u8(attr));
}

/* An object is printed as its name, which is its first attribute. */
static void print_name(const struct lb_schema *schema,
		       const struct nlattr *nest, char *buf, size_t size)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest) {
		if (mnl_attr_get_type(attr) == 1 &&
		    schema->attr[1].kind == LB_KIND_STRING &&
		    length_ok(LB_KIND_STRING, attr))
			lb_text_clean(buf, size, mnl_attr_get_str(attr),
				      mnl_attr_get_payload_len(attr));
	}
}

static void print_value(const struct lb_attr *known, const struct nlattr *attr,
			char *buf, size_t size)
{
	struct lb_allow_range range;
	struct lb_ports ports;
	struct lb_macs macs;
	struct lb_addr addr;
	uint16_t port;

	*buf = '\0';
	if (!length_ok(known->kind, attr))
		return;

	switch (known->kind) {
	case LB_KIND_STRING:
		lb_text_clean(buf, size, mnl_attr_get_str(attr),
			      mnl_attr_get_payload_len(attr));
		break;
	case LB_KIND_ADDR4:
	case LB_KIND_ADDR6:
		lb_msg_get_addr(attr, &addr);
		lb_addr_print(&addr, buf, size);
		break;
	case LB_KIND_MACS:
		lb_msg_get_macs(attr, &macs);
		lb_macs_print(&macs, buf, size);
		break;
	case LB_KIND_PORTS:
		if (!lb_msg_get_ports(attr, &ports))
			lb_ports_print(&ports, buf, size);
		break;
	case LB_KIND_ALLOW:
		if (!lb_msg_get_allow_range(attr, &range))
			lb_allow_print(&range, buf, size);
		break;
	case LB_KIND_FALLBACK:
		if (!lb_msg_get_fallback(attr, &addr, &port))
			lb_addr_print_port(&addr, port, buf, size);
		break;
	case LB_KIND_NEST:
		print_name(known->nest, attr, buf, size);
		break;
	case LB_KIND_PAD:
	case LB_KIND_FLAG:
		break;
	default:
		print_number(known, attr, buf, size);
		break;
	}
}

/**
 * lb_schema_describe() - say which word of a request an attribute came from
 * @request: the request
 * @offset: where in it the attribute is
 * @buf: where to, such as ``ports "25"``
 * @size: size of @buf
 *
 * Return: false if the attribute is not known.
 */
bool lb_schema_describe(const struct nlmsghdr *request, uint32_t offset,
			char *buf, size_t size)
{
	char value[LB_PORTS_TEXT];
	struct place place;

	*buf = '\0';
	if (!place_find(request, offset, &place))
		return false;

	print_value(place.known, place.attr, value, sizeof(value));
	if (*value)
		snprintf(buf, size, "%s \"%s\"", place.known->word, value);
	else
		snprintf(buf, size, "%s", place.known->word);

	return true;
}

/**
 * lb_schema_missing() - name an attribute that a request lacks
 * @request: the request
 * @nest_offset: where in it the nest is that lacks it, 0 for the message
 * @type: number of the attribute
 * @buf: where to
 * @size: size of @buf
 *
 * Return: false if the attribute is not known.
 */
bool lb_schema_missing(const struct nlmsghdr *request, uint32_t nest_offset,
		       uint32_t type, char *buf, size_t size)
{
	const struct lb_schema *schema = &lb_top_schema;
	const char *outer = NULL;
	struct place place;

	*buf = '\0';
	if (nest_offset) {
		if (!place_find(request, nest_offset, &place))
			return false;
		schema = place.known->nest;
		outer = place.known->word;
	}

	if (!schema || type > schema->max)
		return false;
	if (schema->attr[type].word)
		outer = schema->attr[type].word;
	if (!outer)
		return false;
	snprintf(buf, size, "%s", outer);

	return true;
}
