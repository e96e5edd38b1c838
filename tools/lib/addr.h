/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Addresses, prefixes and lists of ports: parsed and printed as the command
 * line writes them.
 */

#ifndef _LB_ADDR_H
#define _LB_ADDR_H

#include <linux/l4lb.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lb_err;

/* Room for any printed address with port or prefix length. */
#define LB_ADDR_TEXT	64

/* Room for any printed list of ports. */
#define LB_PORTS_TEXT	(L4LB_PORTS_MAX * 12 + 1)

/**
 * struct lb_addr - an IPv4 or IPv6 address
 * @family: AF_INET, AF_INET6, or 0 for none
 * @v4: if AF_INET
 * @v6: if AF_INET6
 */
struct lb_addr {
	int family;
	union {
		struct in_addr v4;
		struct in6_addr v6;
	};
};

/**
 * struct lb_prefix - a network
 * @addr: its address, without host bits
 * @len: length of the prefix
 */
struct lb_prefix {
	struct lb_addr addr;
	uint8_t len;
};

/**
 * struct lb_range - a range of ports
 * @first: first port
 * @last: last port
 */
struct lb_range {
	uint16_t first;
	uint16_t last;
};

/**
 * struct lb_ports - a sorted list of ranges of ports that do not overlap
 * @count: how many ranges
 * @range: the ranges
 */
struct lb_ports {
	unsigned int count;
	struct lb_range range[L4LB_PORTS_MAX];
};

int lb_uint_parse(const char *text, unsigned int min, unsigned int max,
		  unsigned int *value);

int lb_addr_parse(const char *text, struct lb_addr *addr, struct lb_err *err);
int lb_addr_parse_port(const char *text, struct lb_addr *addr, uint16_t *port,
		       struct lb_err *err);
const char *lb_addr_print(const struct lb_addr *addr, char *buf, size_t size);
const char *lb_addr_print_port(const struct lb_addr *addr, uint16_t port,
			       char *buf, size_t size);
unsigned int lb_addr_bits(const struct lb_addr *addr);
bool lb_addr_equal(const struct lb_addr *a, const struct lb_addr *b);

int lb_prefix_parse(const char *text, struct lb_prefix *prefix,
		    struct lb_err *err);
const char *lb_prefix_print(const struct lb_prefix *prefix, char *buf,
			    size_t size);

int lb_ports_parse(const char *text, struct lb_ports *ports,
		   struct lb_err *err);
int lb_ports_parse_single(const char *text, struct lb_ports *ports,
			  unsigned int max, struct lb_err *err);
int lb_ports_add(struct lb_ports *ports, const struct lb_ports *more,
		 struct lb_err *err);
int lb_ports_del(struct lb_ports *ports, const struct lb_ports *less,
		 struct lb_err *err);
const char *lb_ports_print(const struct lb_ports *ports, char *buf,
			   size_t size);
bool lb_ports_any(const struct lb_ports *ports);
bool lb_ports_equal(const struct lb_ports *a, const struct lb_ports *b);
bool lb_ports_overlap(const struct lb_ports *a, const struct lb_ports *b,
		      struct lb_range *common);

#endif /* _LB_ADDR_H */
