/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rules of a firewall, as far as they can be understood: what a rule asks for
 * that is not known here may be so or not, and all that is concluded holds for
 * either.
 */

#ifndef _LBCTL_RULESET_H
#define _LBCTL_RULESET_H

#include "addr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What connection tracking thinks of a packet. */
#define RULE_NEW		0x01
#define RULE_ESTABLISHED	0x02
#define RULE_RELATED		0x04
#define RULE_INVALID		0x08
#define RULE_UNTRACKED		0x10

/* What a box asks for. */
#define BOX_FAMILY	0x01
#define BOX_ADDR	0x02
#define BOX_PORT	0x04
#define BOX_PROTO	0x08
#define BOX_STATE	0x10
#define BOX_FLAGS	0x20
#define BOX_UNKNOWN	0x40
#define BOX_NEVER	0x80

/**
 * enum rule_does - what a rule does with a packet
 * @RULE_PASSES: nothing that matters here
 * @RULE_ACCEPTS: ends this hook
 * @RULE_REFUSES: drops or rejects it
 * @RULE_RETURNS: goes on behind the rule that led to this chain
 * @RULE_JUMPS: goes on in another chain, and then here
 * @RULE_GOES: goes on in another chain
 */
enum rule_does {
	RULE_PASSES,
	RULE_ACCEPTS,
	RULE_REFUSES,
	RULE_RETURNS,
	RULE_JUMPS,
	RULE_GOES,
};

/**
 * enum rule_source - whose a chain is
 * @RULES_NFT: nft's
 * @RULES_SAVE: that of a program that saves rules of iptables
 */
enum rule_source {
	RULES_NFT,
	RULES_SAVE,
};

/**
 * struct rule_box - packets that have all of this
 * @has: which of it, bits BOX_*; %BOX_UNKNOWN for more that is not known,
 *	%BOX_NEVER for what no packet of a client has
 * @family: AF_INET or AF_INET6
 * @first: first address that they are sent to
 * @last: last one
 * @ports: ports that they are sent to
 * @protos: bits L4LB_PROTO_TCP and L4LB_PROTO_UDP
 * @states: bits RULE_NEW and so on
 * @mask: which of the flags of TCP matter
 * @flags: those of these that are set
 */
struct rule_box {
	uint8_t has;
	int family;
	struct lb_addr first;
	struct lb_addr last;
	struct lb_range ports;
	uint8_t protos;
	uint8_t states;
	uint8_t mask;
	uint8_t flags;
};

/**
 * struct rule_match - a condition: packets that are in any of some boxes
 * @negated: or in none
 * @first: number of the first box
 * @count: how many
 */
struct rule_match {
	bool negated;
	size_t first;
	size_t count;
};

/**
 * struct rule - a rule
 * @next: number of the next rule of its chain, -1 for none
 * @chain: number of its chain
 * @number: what it is called there
 * @first: number of its first condition
 * @count: how many it has
 * @does: what it does if they are met
 * @untracks: whether it has connection tracking leave them alone, too
 * @target: number of the chain where that goes on, -1 if there is none
 * @marks: walks that may have ended here
 */
struct rule {
	int next;
	int chain;
	unsigned int number;
	size_t first;
	size_t count;
	enum rule_does does;
	bool untracks;
	int target;
	unsigned int marks;
};

/**
 * struct rule_chain - a chain
 * @name: who has it, its table and its own name
 * @source: &enum rule_source
 * @family: AF_INET, AF_INET6, or 0 for both
 * @input: whether packets for this host begin here
 * @raw: whether all packets do, before connection tracking sees them
 * @prio: its place among those
 * @refuses: whether what comes to its end is dropped
 * @hidden: whether another one says better what is in it
 * @first: number of its first rule, -1 for none
 * @last: number of its last rule
 * @rules: how many there are
 */
struct rule_chain {
	char *name;
	enum rule_source source;
	int family;
	bool input;
	bool raw;
	int prio;
	bool refuses;
	bool hidden;
	int first;
	int last;
	unsigned int rules;
};

/**
 * struct ruleset - all rules
 * @chains: chains
 * @chain_count: how many
 * @rules: rules
 * @rule_count: how many
 * @matches: their conditions
 * @match_count: how many
 * @boxes: the boxes of these
 * @box_count: how many
 * @opaque: for which families nft does not tell all that its rules ask for:
 *	bits RULESET_IPV4, RULESET_IPV6
 * @blank: name of a set of ipset that rules ask for and that is not known, or
 *	NULL
 * @failed: whether some are missing, for there are too many
 */
struct ruleset {
	struct rule_chain *chains;
	size_t chain_count;
	struct rule *rules;
	size_t rule_count;
	struct rule_match *matches;
	size_t match_count;
	struct rule_box *boxes;
	size_t box_count;
	unsigned int opaque;
	char *blank;
	bool failed;
};

#define RULESET_IPV4	1
#define RULESET_IPV6	2

/**
 * struct rule_probe - packets that are alike: of clients, to some ports
 * @addr: address that they are sent to
 * @ports: ports
 * @proto: L4LB_PROTO_TCP or L4LB_PROTO_UDP
 * @state: RULE_NEW and so on
 * @flags: flags of TCP
 */
struct rule_probe {
	struct lb_addr addr;
	struct lb_range ports;
	uint8_t proto;
	uint8_t state;
	uint8_t flags;
};

/**
 * struct rule_fate - what becomes of them in a chain
 * @named: number of the first rule that may refuse them and names their address
 *	or port, -1 for none
 * @accepts: how many rules may accept them
 * @refused: whether those that no rule may have accepted are refused in the end
 * @refuser: number of the rule that does, -1 for the end of the chain
 * @untracked: whether connection tracking may be told to leave them alone
 * @all_untracked: whether it surely is
 */
struct rule_fate {
	int named;
	unsigned int accepts;
	bool refused;
	int refuser;
	bool untracked;
	bool all_untracked;
};

/**
 * struct rule_sets - who knows what is in sets of ipset
 * @read: what ipset save says of the set NAME, for free(); NULL if it cannot tell
 * @data: for @read
 */
struct rule_sets {
	char *(*read)(void *data, const char *name);
	void *data;
};

/* To make one. */
int ruleset_chain(struct ruleset *set, const char *name);
int ruleset_chain_find(const struct ruleset *set, const char *name);
struct rule *ruleset_rule(struct ruleset *set, int chain, unsigned int number);
struct rule *ruleset_rule_again(struct ruleset *set, size_t index);
void ruleset_match(struct ruleset *set, bool negated);
struct rule_box *ruleset_box(struct ruleset *set, uint8_t has);
void ruleset_box_prefix(struct rule_box *box, const struct lb_prefix *prefix);
void ruleset_unknown(struct ruleset *set);
void ruleset_free(struct ruleset *set);

void ruleset_read_nft(struct ruleset *set, const char *text, size_t len);
void ruleset_read_save(struct ruleset *set, char *text, const char *tool,
		       int family, const struct rule_sets *sets);
bool ruleset_save_is_nft(const char *text);
bool ruleset_add_ipset(struct ruleset *set, char *text, const char *sides);

/* To ask it. */
void ruleset_walk(struct ruleset *set, int chain,
		  const struct rule_probe *probe, unsigned int mark,
		  struct rule_fate *fate);
void ruleset_survey(struct ruleset *set, int chain,
		    const struct rule_probe *probe, unsigned int mark);
void ruleset_unmark(struct ruleset *set);

#endif /* _LBCTL_RULESET_H */
