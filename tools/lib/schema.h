/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is known about every attribute: its type and the word that the command
 * line has for it.
 */

#ifndef _LB_SCHEMA_H
#define _LB_SCHEMA_H

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lb_names;

/**
 * enum lb_kind - type of an attribute
 * @LB_KIND_PAD: padding, or unknown
 * @LB_KIND_STRING: string, ended by a NUL
 * @LB_KIND_FLAG: nothing
 * @LB_KIND_U8: 1 byte
 * @LB_KIND_U16: 2 bytes
 * @LB_KIND_U32: 4 bytes
 * @LB_KIND_TIME: 4 bytes, ms
 * @LB_KIND_U64: 8 bytes
 * @LB_KIND_SEED: 8 bytes, hexadecimal
 * @LB_KIND_BE16: 2 bytes, big endian
 * @LB_KIND_ADDR4: IPv4 address
 * @LB_KIND_ADDR6: IPv6 address
 * @LB_KIND_MACS: MAC addresses, any number
 * @LB_KIND_NEST: attributes
 * @LB_KIND_PORTS: attributes that are a list of ports
 * @LB_KIND_ALLOW: attributes that are a range of clients
 * @LB_KIND_FALLBACK: attributes that are an address with or without a port
 */
enum lb_kind {
	LB_KIND_PAD,
	LB_KIND_STRING,
	LB_KIND_FLAG,
	LB_KIND_U8,
	LB_KIND_U16,
	LB_KIND_U32,
	LB_KIND_TIME,
	LB_KIND_U64,
	LB_KIND_SEED,
	LB_KIND_BE16,
	LB_KIND_ADDR4,
	LB_KIND_ADDR6,
	LB_KIND_MACS,
	LB_KIND_NEST,
	LB_KIND_PORTS,
	LB_KIND_ALLOW,
	LB_KIND_FALLBACK,
};

/**
 * struct lb_attr - what is known about an attribute
 * @kind: its type
 * @word: the command line's word for it; NULL if that of the nest it is in
 *	says all there is to say
 * @names: the words of its values, or NULL
 * @nest: what it may contain, if it is a nest
 */
struct lb_attr {
	enum lb_kind kind;
	const char *word;
	const struct lb_names *names;
	const struct lb_schema *nest;
};

/**
 * struct lb_schema - the attributes that a message or nest may contain
 * @attr: indexed by number
 * @max: largest number
 */
struct lb_schema {
	const struct lb_attr *attr;
	unsigned int max;
};

/* Indexes of the table that lb_schema_parse() fills. */
#define LB_TB_MAX	32

extern const struct lb_schema lb_top_schema;
extern const struct lb_schema lb_vip_schema;
extern const struct lb_schema lb_real_schema;
extern const struct lb_schema lb_check_schema;
extern const struct lb_schema lb_ports_schema;
extern const struct lb_schema lb_range_schema;
extern const struct lb_schema lb_sources_schema;
extern const struct lb_schema lb_allow_schema;
extern const struct lb_schema lb_allow_range_schema;
extern const struct lb_schema lb_fallback_schema;
extern const struct lb_schema lb_conn_schema;
extern const struct lb_schema lb_persist_schema;
extern const struct lb_schema lb_info_schema;
extern const struct lb_schema lb_stats_schema;
extern const struct lb_schema lb_drop_schema;
extern const struct lb_schema lb_trace_schema;
extern const struct lb_schema lb_record_schema;
extern const struct lb_schema lb_explain_schema;
extern const struct lb_schema lb_standing_schema;
extern const struct lb_schema lb_hop_schema;

int lb_schema_parse(const struct lb_schema *schema, const void *data,
		    size_t len, const struct nlattr *tb[LB_TB_MAX]);
bool lb_schema_describe(const struct nlmsghdr *request, uint32_t offset,
			char *buf, size_t size);
bool lb_schema_missing(const struct nlmsghdr *request, uint32_t nest_offset,
		       uint32_t type, char *buf, size_t size);

#endif /* _LB_SCHEMA_H */
