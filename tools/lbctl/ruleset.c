// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules of a firewall: what they are made of, and what becomes of packets.
 */

#include "ruleset.h"

#include <stdlib.h>
#include <string.h>

/* More would take too long to look at, or too much memory. */
#define ITEMS_MAX	250000
#define STEPS_MAX	100000

/* The kernel allows no more jumps either. */
#define DEPTH_MAX	16

/* Whether packets have something: none, some or who knows, or all. */
enum level {
	NONE,
	SOME,
	ALL,
};

/**
 * struct walk - a way through the rules
 * @set: the rules
 * @probe: whose way
 * @mark: what to mark those with that may end it
 * @survey: whether it goes on where it may not have ended
 * @parted: whether only some of the packets may have come so far
 * @steps: rules met so far
 * @fate: what becomes of the packets
 */
struct walk {
	struct ruleset *set;
	const struct rule_probe *probe;
	unsigned int mark;
	bool survey;
	bool parted;
	unsigned int steps;
	struct rule_fate fate;
};

/* A list with room for one more, cleared; NULL if that is too much. */
static void *list_grow(struct ruleset *set, void *list, size_t count,
		       size_t size)
{
	if (!(count & (count - 1)) && count < ITEMS_MAX)
		list = reallocarray(list, count ? 2 * count : 1, size);
	else if (count >= ITEMS_MAX)
		list = NULL;
	if (list)
		memset((char *)list + size * count, 0, size);
	else
		set->failed = true;

	return list;
}

static struct rule_match *match_add(struct ruleset *set)
{
	struct rule_match *list;

	list = list_grow(set, set->matches, set->match_count, sizeof(*list));
	if (!list)
		return NULL;
	set->matches = list;
	set->rules[set->rule_count - 1].count++;

	return &list[set->match_count++];
}

/**
 * ruleset_chain() - add a chain
 * @set: rules
 * @name: its name
 *
 * Return: its number, or -1.
 */
int ruleset_chain(struct ruleset *set, const char *name)
{
	struct rule_chain *list, *chain;

	list = list_grow(set, set->chains, set->chain_count, sizeof(*list));
	if (!list)
		return -1;
	set->chains = list;
	chain = &list[set->chain_count];
	chain->first = -1;
	chain->last = -1;
	chain->name = strdup(name);
	if (!chain->name) {
		set->failed = true;
		return -1;
	}

	return (int)set->chain_count++;
}

/**
 * ruleset_chain_find() - find a chain
 * @set: rules
 * @name: its name
 *
 * Return: its number, or -1.
 */
int ruleset_chain_find(const struct ruleset *set, const char *name)
{
	size_t i;

	for (i = 0; i < set->chain_count; i++) {
		if (!strcmp(set->chains[i].name, name))
			return (int)i;
	}

	return -1;
}

/**
 * ruleset_rule() - add a rule to the end of a chain
 * @set: rules
 * @chain: number of the chain
 * @number: what it is called there
 *
 * Return: the rule, until the next one is added; NULL if there are too many.
 */
struct rule *ruleset_rule(struct ruleset *set, int chain, unsigned int number)
{
	struct rule_chain *to = &set->chains[chain];
	int index = (int)set->rule_count;
	struct rule *list, *rule;

	list = list_grow(set, set->rules, set->rule_count, sizeof(*list));
	if (!list)
		return NULL;
	set->rules = list;
	rule = &list[set->rule_count++];
	if (to->last < 0)
		to->first = index;
	else
		list[to->last].next = index;
	to->last = index;
	rule->next = -1;
	rule->chain = chain;
	rule->number = number;
	rule->first = set->match_count;
	rule->target = -1;

	return rule;
}

/**
 * ruleset_rule_again() - add a rule that asks for what another one does, to the
 * same chain
 * @set: rules
 * @index: number of the other one
 *
 * Return: the rule, until the next one is added; NULL if there are too many.
 */
struct rule *ruleset_rule_again(struct ruleset *set, size_t index)
{
	const struct rule model = set->rules[index];
	struct rule_match *match;
	struct rule *rule;
	size_t i;

	rule = ruleset_rule(set, model.chain, model.number);
	for (i = 0; rule && i < model.count; i++) {
		match = match_add(set);
		if (!match)
			return NULL;
		*match = set->matches[model.first + i];
	}

	return rule;
}

/**
 * ruleset_match() - add a condition to the last rule
 * @set: rules, with one at least
 * @negated: whether it is met by what is in none of its boxes
 */
void ruleset_match(struct ruleset *set, bool negated)
{
	struct rule_match *match = match_add(set);

	if (!match)
		return;
	match->negated = negated;
	match->first = set->box_count;
}

/**
 * ruleset_box() - add a box to the last condition
 * @set: rules, with one at least that has a condition
 * @has: what it asks for
 *
 * Return: the box, until the next one is added; NULL if there are too many.
 */
struct rule_box *ruleset_box(struct ruleset *set, uint8_t has)
{
	struct rule_box *list;

	/* There may be no condition to add it to. */
	if (set->failed)
		return NULL;
	list = list_grow(set, set->boxes, set->box_count, sizeof(*list));
	if (!list)
		return NULL;
	set->boxes = list;
	list[set->box_count].has = has;
	set->matches[set->match_count - 1].count++;

	return &list[set->box_count++];
}

/**
 * ruleset_box_prefix() - narrow a box to the addresses of a network
 * @box: box
 * @prefix: the network, whatever bits are set behind it
 */
void ruleset_box_prefix(struct rule_box *box, const struct lb_prefix *prefix)
{
	uint8_t *first = (uint8_t *)&box->first.v6;
	uint8_t *last = (uint8_t *)&box->last.v6;
	unsigned int i;

	box->has |= BOX_ADDR;
	box->first = prefix->addr;
	box->last = prefix->addr;
	for (i = prefix->len; i < lb_addr_bits(&box->first); i++) {
		first[i / 8] &= (uint8_t)~(0x80 >> i % 8);
		last[i / 8] |= (uint8_t)(0x80 >> i % 8);
	}
}

/**
 * ruleset_unknown() - add a condition that is not known to the last rule
 * @set: rules, with one at least
 */
void ruleset_unknown(struct ruleset *set)
{
	ruleset_match(set, false);
	ruleset_box(set, BOX_UNKNOWN);
}

/**
 * ruleset_free() - free all rules
 * @set: rules
 */
void ruleset_free(struct ruleset *set)
{
	size_t i;

	for (i = 0; i < set->chain_count; i++)
		free(set->chains[i].name);
	free(set->chains);
	free(set->rules);
	free(set->matches);
	free(set->boxes);
	free(set->blank);
}

static bool addr_is_within(const struct lb_addr *addr,
			   const struct rule_box *box)
{
	size_t size = addr->family == AF_INET ? sizeof(addr->v4) :
						sizeof(addr->v6);

	return addr->family == box->first.family &&
	       memcmp(&addr->v6, &box->first.v6, size) >= 0 &&
	       memcmp(&addr->v6, &box->last.v6, size) <= 0;
}

static bool is_out(const struct rule_box *box, const struct rule_probe *probe)
{
	return (box->has & BOX_NEVER) ||
	       (box->has & BOX_FAMILY && box->family != probe->addr.family) ||
	       (box->has & BOX_ADDR && !addr_is_within(&probe->addr, box)) ||
	       (box->has & BOX_PROTO && !(box->protos & probe->proto)) ||
	       (box->has & BOX_STATE && !(box->states & probe->state)) ||
	       (box->has & BOX_FLAGS &&
		(probe->flags & box->mask) != box->flags) ||
	       (box->has & BOX_PORT &&
		(probe->ports.first > box->ports.last ||
		 probe->ports.last < box->ports.first));
}

static enum level box_level(const struct rule_box *box,
			    const struct rule_probe *probe)
{
	if (is_out(box, probe))
		return NONE;
	if (box->has & BOX_UNKNOWN)
		return SOME;
	if (box->has & BOX_PORT &&
	    (probe->ports.first < box->ports.first ||
	     probe->ports.last > box->ports.last))
		return SOME;

	return ALL;
}

/* An address or a port that must not be is not what a rule is about. */
static enum level match_level(const struct ruleset *set,
			      const struct rule_match *match,
			      const struct rule_probe *probe, bool *named)
{
	enum level level = NONE, one;
	const struct rule_box *box;
	size_t i;

	for (i = 0; i < match->count && level < ALL; i++) {
		box = &set->boxes[match->first + i];
		one = box_level(box, probe);
		if (one && !match->negated && box->has & (BOX_ADDR | BOX_PORT))
			*named = true;
		if (one > level)
			level = one;
	}

	return match->negated ? ALL - level : level;
}

static enum level rule_level(const struct ruleset *set, const struct rule *rule,
			     const struct rule_probe *probe, bool *named)
{
	enum level level = ALL, one;
	size_t i;

	for (i = 0; i < rule->count && level; i++) {
		one = match_level(set, &set->matches[rule->first + i], probe,
				  named);
		if (one < level)
			level = one;
	}

	return level;
}

static enum rule_does chain_walk(struct walk *walk, int chain, bool named,
				 unsigned int depth);

static enum rule_does target_walk(struct walk *walk, const struct rule *rule,
				  bool named, unsigned int depth)
{
	enum rule_does end = RULE_PASSES;

	if (rule->target >= 0 && depth < DEPTH_MAX)
		end = chain_walk(walk, rule->target, named, depth + 1);
	if (end == RULE_PASSES && rule->does == RULE_GOES)
		end = RULE_RETURNS;

	return end;
}

/* What a rule does with those that it takes; all or some of them. */
static enum rule_does rule_do(struct walk *walk, int index, enum level level,
			      bool named, unsigned int depth)
{
	struct rule *rule = &walk->set->rules[index];

	if (level < ALL && rule->does != RULE_PASSES)
		walk->parted = true;
	if (rule->untracks) {
		walk->fate.untracked = true;
		walk->fate.all_untracked |= level == ALL && !walk->parted;
	}
	switch (rule->does) {
	case RULE_JUMPS:
	case RULE_GOES:
		return target_walk(walk, rule, named, depth);
	case RULE_ACCEPTS:
		walk->fate.accepts++;
		rule->marks |= walk->mark;
		break;
	case RULE_REFUSES:
		if (named && walk->fate.named < 0)
			walk->fate.named = index;
		walk->fate.refuser = index;
		rule->marks |= walk->mark;
		break;
	default:
		break;
	}

	return rule->does;
}

/* How the way of all ends in a chain; RULE_PASSES if it may go on behind it. */
static enum rule_does chain_walk(struct walk *walk, int chain, bool named,
				 unsigned int depth)
{
	const struct ruleset *set = walk->set;
	enum rule_does end;
	enum level level;
	bool names;
	int i;

	for (i = set->chains[chain].first; i >= 0; i = set->rules[i].next) {
		if (++walk->steps > STEPS_MAX)
			break;
		names = named;
		level = rule_level(set, &set->rules[i], walk->probe, &names);
		if (!level)
			continue;
		end = rule_do(walk, i, level, names, depth);
		if (level < ALL)
			continue;
		if (end == RULE_RETURNS)
			break;
		if (end != RULE_PASSES && !walk->survey)
			return end;
	}

	return RULE_PASSES;
}

/**
 * ruleset_walk() - see what becomes of packets in a chain and those it leads to
 * @set: rules
 * @chain: number of a chain where packets begin
 * @probe: the packets
 * @mark: what to mark the rules with that may accept or refuse them
 * @fate: what becomes of them
 */
void ruleset_walk(struct ruleset *set, int chain,
		  const struct rule_probe *probe, unsigned int mark,
		  struct rule_fate *fate)
{
	struct walk walk = {
		.set = set,
		.probe = probe,
		.mark = mark,
		.fate = { .named = -1, .refuser = -1 },
	};
	enum rule_does end;

	end = chain_walk(&walk, chain, false, 0);
	*fate = walk.fate;
	fate->refused = end == RULE_REFUSES;
	if (fate->refused || walk.steps > STEPS_MAX)
		return;
	fate->refuser = -1;
	fate->refused = end == RULE_PASSES && set->chains[chain].refuses;
}

/**
 * ruleset_survey() - mark all rules of a chain and those it leads to that may
 * accept or refuse packets, whatever becomes of them before
 * @set: rules
 * @chain: number of a chain of the input hook
 * @probe: the packets
 * @mark: what to mark them with
 */
void ruleset_survey(struct ruleset *set, int chain,
		    const struct rule_probe *probe, unsigned int mark)
{
	struct walk walk = {
		.set = set,
		.probe = probe,
		.mark = mark,
		.survey = true,
	};

	chain_walk(&walk, chain, false, 0);
}

/**
 * ruleset_unmark() - take all marks away
 * @set: rules
 */
void ruleset_unmark(struct ruleset *set)
{
	size_t i;

	for (i = 0; i < set->rule_count; i++)
		set->rules[i].marks = 0;
}
