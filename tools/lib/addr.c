// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses, prefixes and lists of ports: parsed and printed as the command
 * line writes them.
 */

#include "addr.h"
#include "err.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define PORT_MAX	65535

/**
 * lb_uint_parse() - parse a decimal number, digits only
 * @text: what to parse
 * @min: smallest value allowed
 * @max: largest value allowed
 * @value: where to
 *
 * Return: 0; -EINVAL if it is not a number; -ERANGE if it is out of range.
 */
int lb_uint_parse(const char *text, unsigned int min, unsigned int max,
		  unsigned int *value)
{
	unsigned long long sum = 0;

	if (!*text)
		return -EINVAL;

	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return -EINVAL;
		if (sum <= UINT_MAX)
			sum = sum * 10 + (unsigned int)(*text - '0');
	}

	if (sum < min || sum > max)
		return -ERANGE;

	*value = (unsigned int)sum;

	return 0;
}

/**
 * lb_addr_parse() - parse an address
 * @text: IPv4 in dotted form, or IPv6 without brackets
 * @addr: where to
 * @err: why not
 *
 * Return: 0 or -EINVAL.
 */
int lb_addr_parse(const char *text, struct lb_addr *addr, struct lb_err *err)
{
	memset(addr, 0, sizeof(*addr));

	if (inet_pton(AF_INET, text, &addr->v4) == 1)
		addr->family = AF_INET;
	else if (inet_pton(AF_INET6, text, &addr->v6) == 1)
		addr->family = AF_INET6;
	else
		return lb_err_set(err, -EINVAL, "\"%s\" is not an address",
				  text);

	return 0;
}

static int port_parse(const char *text, uint16_t *port, struct lb_err *err)
{
	unsigned int value;
	int ret;

	ret = lb_uint_parse(text, 1, PORT_MAX, &value);
	if (ret == -ERANGE)
		return lb_err_set(err, -EINVAL, "port %s is not within 1-65535",
				  text);
	if (ret)
		return lb_err_set(err, -EINVAL, "\"%s\" is not a port", text);

	*port = (uint16_t)value;

	return 0;
}

/**
 * lb_addr_parse_port() - parse an address that may have a port
 * @text: ``192.0.2.1``, ``192.0.2.1:80``, ``2001:db8::1`` or
 *	``[2001:db8::1]:80``
 * @addr: where to
 * @port: where to, 0 if there is none
 * @err: why not
 *
 * Return: 0 or -EINVAL.
 */
int lb_addr_parse_port(const char *text, struct lb_addr *addr, uint16_t *port,
		       struct lb_err *err)
{
	const char *from = text, *end, *colon;
	char part[INET6_ADDRSTRLEN];
	bool bracket = *text == '[';
	int family = bracket ? AF_INET6 : AF_INET;
	size_t len;

	*port = 0;
	if (bracket) {
		from = text + 1;
		end = strchr(from, ']');
		if (!end || end[1] != ':')
			return lb_err_set(err, -EINVAL,
					  "\"%s\" is not [ADDRESS]:PORT", text);
		colon = end + 1;
	} else {
		end = strchr(text, ':');
		if (!end || strchr(end + 1, ':'))
			return lb_addr_parse(text, addr, err);
		colon = end;
	}

	len = (size_t)(end - from);
	if (len >= sizeof(part))
		return lb_err_set(err, -EINVAL, "\"%s\" is not an address",
				  text);
	memcpy(part, from, len);
	part[len] = '\0';

	if (lb_addr_parse(part, addr, err))
		return -EINVAL;
	if (addr->family != family)
		return lb_err_set(err, -EINVAL, "\"%s\" is not an address",
				  text);

	return port_parse(colon + 1, port, err);
}

/**
 * lb_addr_print() - print an address
 * @addr: the address
 * @buf: where to
 * @size: size of @buf, %LB_ADDR_TEXT fits all
 *
 * Return: @buf.
 */
const char *lb_addr_print(const struct lb_addr *addr, char *buf, size_t size)
{
	const void *from = addr->family == AF_INET6 ? (const void *)&addr->v6 :
						      (const void *)&addr->v4;

	if (!addr->family || !inet_ntop(addr->family, from, buf,
					(socklen_t)size))
		snprintf(buf, size, "-");

	return buf;
}

/**
 * lb_addr_print_port() - print an address with its port
 * @addr: the address
 * @port: the port, 0 for none
 * @buf: where to
 * @size: size of @buf, %LB_ADDR_TEXT fits all
 *
 * Return: @buf.
 */
const char *lb_addr_print_port(const struct lb_addr *addr, uint16_t port,
			       char *buf, size_t size)
{
	char text[INET6_ADDRSTRLEN];

	lb_addr_print(addr, text, sizeof(text));
	if (!port)
		snprintf(buf, size, "%s", text);
	else if (addr->family == AF_INET6)
		snprintf(buf, size, "[%s]:%u", text, port);
	else
		snprintf(buf, size, "%s:%u", text, port);

	return buf;
}

/**
 * lb_addr_bits() - how long an address is
 * @addr: the address
 *
 * Return: its bits.
 */
unsigned int lb_addr_bits(const struct lb_addr *addr)
{
	return addr->family == AF_INET6 ? 128 : 32;
}

/**
 * lb_addr_equal() - compare two addresses
 * @a: one
 * @b: the other
 *
 * Return: whether they are the same.
 */
bool lb_addr_equal(const struct lb_addr *a, const struct lb_addr *b)
{
	if (a->family != b->family)
		return false;
	if (a->family == AF_INET)
		return a->v4.s_addr == b->v4.s_addr;

	return !memcmp(&a->v6, &b->v6, sizeof(a->v6));
}

static bool host_bits(const struct lb_prefix *prefix)
{
	const uint8_t *byte = prefix->addr.family == AF_INET6 ?
			      prefix->addr.v6.s6_addr :
			      (const uint8_t *)&prefix->addr.v4.s_addr;
	unsigned int size = lb_addr_bits(&prefix->addr);
	unsigned int bit;

	for (bit = prefix->len; bit < size; bit++) {
		if (byte[bit / 8] & (0x80 >> bit % 8))
			return true;
	}

	return false;
}

/**
 * lb_prefix_parse() - parse a network
 * @text: an address, which is a network of its own, or ADDRESS/LEN
 * @prefix: where to
 * @err: why not
 *
 * Return: 0 or -EINVAL.
 */
int lb_prefix_parse(const char *text, struct lb_prefix *prefix,
		    struct lb_err *err)
{
	const char *slash = strchrnul(text, '/');
	size_t len = (size_t)(slash - text);
	char part[INET6_ADDRSTRLEN];
	unsigned int max, bits;

	if (len >= sizeof(part))
		return lb_err_set(err, -EINVAL, "\"%s\" is not a prefix", text);
	memcpy(part, text, len);
	part[len] = '\0';

	if (lb_addr_parse(part, &prefix->addr, NULL))
		return lb_err_set(err, -EINVAL, "\"%s\" is not a prefix", text);

	max = lb_addr_bits(&prefix->addr);
	bits = max;
	if (*slash && lb_uint_parse(slash + 1, 0, max, &bits))
		return lb_err_set(err, -EINVAL,
				  "prefix length \"%s\" is not within 0-%u",
				  slash + 1, max);
	prefix->len = (uint8_t)bits;

	if (host_bits(prefix))
		return lb_err_set(err, -EINVAL,
				  "\"%s\" has bits set beyond its prefix", text);

	return 0;
}

/**
 * lb_prefix_print() - print a network
 * @prefix: the network
 * @buf: where to
 * @size: size of @buf, %LB_ADDR_TEXT fits all
 *
 * Return: @buf.
 */
const char *lb_prefix_print(const struct lb_prefix *prefix, char *buf,
			    size_t size)
{
	char text[INET6_ADDRSTRLEN];

	lb_addr_print(&prefix->addr, text, sizeof(text));
	if (prefix->len == lb_addr_bits(&prefix->addr))
		snprintf(buf, size, "%s", text);
	else
		snprintf(buf, size, "%s/%u", text, prefix->len);

	return buf;
}

/*
 * Lists are collected as a set of bits, so that any order and any overlap
 * comes out sorted and merged.
 */
struct port_set {
	uint8_t byte[(PORT_MAX + 1) / 8];
};

static void port_set_add(struct port_set *set, unsigned int port)
{
	set->byte[port / 8] |= (uint8_t)(1 << port % 8);
}

static void port_set_del(struct port_set *set, unsigned int port)
{
	set->byte[port / 8] &= (uint8_t)~(1 << port % 8);
}

static bool port_set_has(const struct port_set *set, unsigned int port)
{
	return set->byte[port / 8] & (1 << port % 8);
}

static void port_set_ranges(struct port_set *set, const struct lb_ports *ports,
			    bool has)
{
	unsigned int i, port;

	for (i = 0; i < ports->count; i++) {
		for (port = ports->range[i].first; port <= ports->range[i].last;
		     port++) {
			if (has)
				port_set_add(set, port);
			else
				port_set_del(set, port);
		}
	}
}

static int port_set_list(const struct port_set *set, struct lb_ports *ports,
			 struct lb_err *err)
{
	unsigned int port;

	memset(ports, 0, sizeof(*ports));
	for (port = 1; port <= PORT_MAX; port++) {
		if (!port_set_has(set, port))
			continue;
		if (!port_set_has(set, port - 1)) {
			if (ports->count == L4LB_PORTS_MAX)
				return lb_err_set(err, -EINVAL,
						  "more than %u ranges of ports",
						  L4LB_PORTS_MAX);
			ports->range[ports->count++].first = (uint16_t)port;
		}
		ports->range[ports->count - 1].last = (uint16_t)port;
	}

	return 0;
}

static int port_item_parse(char *item, struct port_set *set, bool ranges,
			   struct lb_err *err)
{
	char *dash = strchr(item, '-');
	uint16_t first = 0, last;
	unsigned int port;

	if (dash && !ranges)
		return lb_err_set(err, -EINVAL,
				  "\"%s\" is a range; only single ports here",
				  item);
	if (dash)
		*dash = '\0';

	if (port_parse(item, &first, err))
		return -EINVAL;
	last = first;
	if (dash && port_parse(dash + 1, &last, err))
		return -EINVAL;
	if (last < first)
		return lb_err_set(err, -EINVAL, "range %u-%u is reversed",
				  first, last);

	for (port = first; port <= last; port++)
		port_set_add(set, port);

	return 0;
}

static int port_list_parse(const char *text, struct port_set *set, bool ranges,
			   struct lb_err *err)
{
	const char *from = text, *comma;
	char item[32];
	size_t len;

	memset(set, 0, sizeof(*set));

	for (;; from = comma + 1) {
		comma = strchrnul(from, ',');
		len = (size_t)(comma - from);
		if (!len || len >= sizeof(item))
			return lb_err_set(err, -EINVAL,
					  "\"%s\" is not a list of ports",
					  text);
		memcpy(item, from, len);
		item[len] = '\0';

		if (port_item_parse(item, set, ranges, err))
			return -EINVAL;
		if (!*comma)
			return 0;
	}
}

/**
 * lb_ports_parse() - parse a list of ports
 * @text: ``80``, ``80,443``, ``135,60200-60201``, ``any``
 * @ports: where to, sorted and merged
 * @err: why not
 *
 * Return: 0 or -EINVAL.
 */
int lb_ports_parse(const char *text, struct lb_ports *ports, struct lb_err *err)
{
	struct port_set set;

	memset(ports, 0, sizeof(*ports));

	if (!strcmp(text, "any"))
		text = "1-65535";
	if (port_list_parse(text, &set, true, err))
		return -EINVAL;

	return port_set_list(&set, ports, err);
}

/**
 * lb_ports_add() - add to a list of ports
 * @ports: the list; may be wrong if it fails
 * @more: what is added
 * @err: why not
 *
 * Return: 0 or -EINVAL.
 */
int lb_ports_add(struct lb_ports *ports, const struct lb_ports *more,
		 struct lb_err *err)
{
	struct port_set set = { 0 };

	port_set_ranges(&set, ports, true);
	port_set_ranges(&set, more, true);

	return port_set_list(&set, ports, err);
}

/**
 * lb_ports_del() - take ports out of a list
 * @ports: the list; may be wrong if it fails
 * @less: what is taken out
 * @err: why not
 *
 * Return: 0 or -EINVAL.
 */
int lb_ports_del(struct lb_ports *ports, const struct lb_ports *less,
		 struct lb_err *err)
{
	struct port_set set = { 0 };

	port_set_ranges(&set, ports, true);
	port_set_ranges(&set, less, false);

	return port_set_list(&set, ports, err);
}

/**
 * lb_ports_parse_single() - parse a list of single ports
 * @text: ``80`` or ``80,443``
 * @ports: where to, sorted, one range for each port
 * @max: most ports allowed
 * @err: why not
 *
 * Return: 0 or -EINVAL.
 */
int lb_ports_parse_single(const char *text, struct lb_ports *ports,
			  unsigned int max, struct lb_err *err)
{
	struct lb_range *range;
	struct port_set set;
	unsigned int port;

	memset(ports, 0, sizeof(*ports));
	if (max > L4LB_PORTS_MAX)
		max = L4LB_PORTS_MAX;

	if (port_list_parse(text, &set, false, err))
		return -EINVAL;

	for (port = 1; port <= PORT_MAX; port++) {
		if (!port_set_has(&set, port))
			continue;
		if (ports->count == max)
			return lb_err_set(err, -EINVAL, "more than %u ports",
					  max);
		range = &ports->range[ports->count++];
		range->first = (uint16_t)port;
		range->last = (uint16_t)port;
	}

	return 0;
}

/**
 * lb_ports_print() - print a list of ports
 * @ports: the list
 * @buf: where to
 * @size: size of @buf, %LB_PORTS_TEXT fits all
 *
 * Return: @buf.
 */
const char *lb_ports_print(const struct lb_ports *ports, char *buf, size_t size)
{
	const struct lb_range *range;
	size_t used = 0;
	unsigned int i;
	int len;

	*buf = '\0';
	for (i = 0; i < ports->count; i++) {
		range = &ports->range[i];
		if (range->first == 1 && range->last == PORT_MAX)
			len = snprintf(buf + used, size - used, "any");
		else if (range->first == range->last)
			len = snprintf(buf + used, size - used, "%s%u",
				       i ? "," : "", range->first);
		else
			len = snprintf(buf + used, size - used, "%s%u-%u",
				       i ? "," : "", range->first, range->last);
		if (len < 0 || (size_t)len >= size - used)
			break;
		used += (size_t)len;
	}

	return buf;
}

/**
 * lb_ports_any() - ask whether a list has every port
 * @ports: the list
 *
 * Return: whether it has.
 */
bool lb_ports_any(const struct lb_ports *ports)
{
	return ports->count == 1 && ports->range[0].first == 1 &&
	       ports->range[0].last == PORT_MAX;
}

/**
 * lb_ports_equal() - compare two lists of ports
 * @a: one
 * @b: the other
 *
 * Return: whether they are the same.
 */
bool lb_ports_equal(const struct lb_ports *a, const struct lb_ports *b)
{
	return a->count == b->count &&
	       !memcmp(a->range, b->range, a->count * sizeof(a->range[0]));
}

/**
 * lb_ports_overlap() - find what two lists of ports have in common
 * @a: one
 * @b: the other
 * @common: the first ports in common
 *
 * Return: whether there are any.
 */
bool lb_ports_overlap(const struct lb_ports *a, const struct lb_ports *b,
		      struct lb_range *common)
{
	const struct lb_range *ra, *rb;
	unsigned int i, j;

	for (i = 0; i < a->count; i++) {
		for (j = 0; j < b->count; j++) {
			ra = &a->range[i];
			rb = &b->range[j];
			if (ra->first > rb->last || rb->first > ra->last)
				continue;
			common->first = ra->first > rb->first ? ra->first :
								rb->first;
			common->last = ra->last < rb->last ? ra->last :
							     rb->last;
			return true;
		}
	}

	return false;
}
