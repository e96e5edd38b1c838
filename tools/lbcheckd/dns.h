/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Questions to a name server and what its answers mean. Pure: knows no socket,
 * no clock and no check.
 */

#ifndef _LBCHECKD_DNS_H
#define _LBCHECKD_DNS_H

#include <linux/l4lb.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lb_args;

/* Room for a name as text, and for any question. */
#define DNS_NAME	256
#define DNS_QUERY	288

/* Longest answer there can be. */
#define DNS_ANSWER	65535

/* Room for what came of it. */
#define DNS_TEXT	(L4LB_REASON_MAX + 1)

/**
 * struct dns_query - a question to a name server
 * @type: number of the type of records that is asked for
 * @type_name: its name
 * @any_rcode: any answer will do, an error too
 * @expect: what one of the records has to be, or NULL
 * @len: length of @bytes
 * @bytes: the question, as it is sent
 */
struct dns_query {
	uint16_t type;
	const char *type_name;
	bool any_rcode;
	const char *expect;
	size_t len;
	uint8_t bytes[DNS_QUERY];
};

/**
 * enum dns_verdict - what an answer means
 * @DNS_GOOD: it is what was asked for
 * @DNS_WRONG: it is not
 * @DNS_OTHER: it is to another question
 */
enum dns_verdict {
	DNS_GOOD,
	DNS_WRONG,
	DNS_OTHER,
};

int dns_query_make(struct dns_query *query, const struct lb_args *args,
		   uint16_t id);
enum dns_verdict dns_judge(const struct dns_query *query, const uint8_t *bytes,
			   size_t len, char *text, size_t size);

#endif /* _LBCHECKD_DNS_H */
