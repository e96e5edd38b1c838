// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands that have packets of a VIP accepted, in the language of whoever has
 * the chain that refuses them.
 */

#include "firewall_accept.h"
#include "addr.h"
#include "model.h"
#include "ruleset.h"

#include <stdio.h>
#include <string.h>

/* Ports that a rule of iptables takes; two of them make a range. */
#define MULTIPORT_MAX	15

static void nft_accept(const struct rule_chain *chain, const struct lb_vip *vip,
		       bool later, char *buf, size_t size)
{
	static const char *const protos[] = {
		[L4LB_PROTO_TCP] = "tcp",
		[L4LB_PROTO_UDP] = "udp",
		[L4LB_PROTO_ALL] = "meta l4proto { tcp, udp } th",
	};
	char addr[LB_ADDR_TEXT], ports[LB_PORTS_TEXT];

	lb_addr_print(&vip->addr, addr, sizeof(addr));
	lb_ports_print(&vip->ports, ports, sizeof(ports));
	snprintf(buf, size,
		 "nft 'insert rule %s %s daddr %s %s dport { %s }%s accept'",
		 chain->name, vip->addr.family == AF_INET ? "ip" : "ip6", addr,
		 protos[later ? L4LB_PROTO_TCP : vip->protos],
		 lb_ports_any(&vip->ports) ? "0-65535" : ports,
		 later ? " tcp flags & syn == 0" : "");
}

/* As many as one rule takes, from the one with this index on. */
static void ports_take(const struct lb_ports *ports, unsigned int *index,
		       char *buf, size_t size)
{
	unsigned int left = MULTIPORT_MAX, needs;
	const struct lb_range *range;
	size_t used = 0;

	for (; *index < ports->count; ++*index) {
		range = &ports->range[*index];
		needs = range->first == range->last ? 1 : 2;
		if (needs > left)
			break;
		left -= needs;
		used += (size_t)snprintf(buf + used, size - used,
					 needs == 1 ? "%s%u" : "%s%u:%u",
					 used ? "," : "", range->first,
					 range->last);
	}
}

/**
 * struct command - a command that is being written
 * @buf: where to
 * @size: size of @buf
 * @used: how much of it is
 */
struct command {
	char *buf;
	size_t size;
	size_t used;
};

/* With as many rules as it takes. */
static void save_accept_one(struct command *command,
			    const struct rule_chain *chain,
			    const struct lb_vip *vip, const char *proto,
			    const char *flags)
{
	char addr[LB_ADDR_TEXT], ports[MULTIPORT_MAX * 6];
	int tool = (int)strcspn(chain->name, " "), len;
	const char *table = chain->name + tool + 1;
	unsigned int index = 0;

	lb_addr_print(&vip->addr, addr, sizeof(addr));
	while (index < vip->ports.count && command->used < command->size) {
		ports_take(&vip->ports, &index, ports, sizeof(ports));
		len = snprintf(command->buf + command->used,
			       command->size - command->used,
			       "%s%.*s -t %.*s -I INPUT -d %s -p %s -m multiport --dports %s%s -j ACCEPT",
			       command->used ? " && " : "", tool, chain->name,
			       (int)strcspn(table, " "), table, addr, proto,
			       ports, flags);
		command->used += (size_t)len;
	}
}

static void save_accept(const struct rule_chain *chain,
			const struct lb_vip *vip, bool later, char *buf,
			size_t size)
{
	struct command command = { .buf = buf, .size = size };

	if (later || vip->protos & L4LB_PROTO_TCP)
		save_accept_one(&command, chain, vip, "tcp",
				later ? " ! --tcp-flags SYN SYN" : "");
	if (!later && vip->protos & L4LB_PROTO_UDP)
		save_accept_one(&command, chain, vip, "udp", "");
}

/**
 * firewall_accept() - write a command that has packets of a VIP accepted
 * @chain: the chain that does not
 * @vip: the VIP
 * @later: whether it is only about what follows what opens a connection
 * @buf: where to
 * @size: size of @buf
 */
void firewall_accept(const struct rule_chain *chain, const struct lb_vip *vip,
		     bool later, char *buf, size_t size)
{
	if (chain->source == RULES_NFT)
		nft_accept(chain, vip, later, buf, size);
	else
		save_accept(chain, vip, later, buf, size);
}
