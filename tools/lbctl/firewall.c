// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules of the host's firewall that do to packets of VIPs what they were not
 * meant to, or do not do what they were meant to.
 *
 * Rules of nft are read from nft. Of those that iptables has put there nft does
 * not tell all, so that they are read from iptables, too, and so are those of
 * older kinds, which nft knows nothing of.
 */

#include "firewall.h"
#include "compiler.h"
#include "firewall_accept.h"
#include "model.h"
#include "program.h"
#include "ruleset.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* At this place of the input hook the module takes what comes by it. */
#define HOOK_PRIO	99

/* Marks of walks. */
#define MARK_BEFORE	1
#define MARK_NOW	2

/**
 * struct firewall - all rules
 * @set: what is known of them
 * @unread: program that took too long or said too much, or NULL
 * @no_sets: whether ipset is not asked any more
 */
struct firewall {
	struct ruleset set;
	const char *unread;
	bool no_sets;
};

/**
 * struct iptables - a family of tables
 * @family: AF_INET or AF_INET6
 * @opaque: bit of rules that nft does not tell all of
 * @tool: what its program is called
 * @legacy: the same for tables that nft does not know
 * @save: what tells all rules
 * @save_nft: the same for those that nft has, on newer systems
 * @save_legacy: and for those that it does not have
 * @names: where the kernel has names of these tables
 */
static const struct iptables {
	int family;
	unsigned int opaque;
	const char *tool;
	const char *legacy;
	const char *save;
	const char *save_nft;
	const char *save_legacy;
	const char *names;
} families[] = {
	{ AF_INET, RULESET_IPV4, "iptables", "iptables-legacy",
	  "iptables-save", "iptables-nft-save", "iptables-legacy-save",
	  "/proc/self/net/ip_tables_names" },
	{ AF_INET6, RULESET_IPV6, "ip6tables", "ip6tables-legacy",
	  "ip6tables-save", "ip6tables-nft-save", "ip6tables-legacy-save",
	  "/proc/self/net/ip6_tables_names" },
};

static bool has_legacy(const struct iptables *family)
{
	FILE *file = fopen(family->names, "re");
	bool has;

	if (!file)
		return false;
	has = fgetc(file) != EOF;
	fclose(file);

	return has;
}

/**
 * firewall_is_likely() - ask whether this host may have rules at all
 *
 * Return: whether it is worth while to read them.
 */
bool firewall_is_likely(void)
{
	size_t i;

	if (!access("/sys/module/nf_tables", F_OK))
		return true;
	for (i = 0; i < ARRAY_SIZE(families); i++) {
		if (has_legacy(&families[i]))
			return true;
	}

	return false;
}

/* A program that is missing, or may not ask, has nothing to say. */
static int rules_ask(struct firewall *firewall, const char *const args[],
		     char **text, size_t *len)
{
	int ret = program_read(args, text, len);

	if (ret == -ETIME || ret == -EFBIG)
		firewall->unread = args[0];

	return ret;
}

static void nft_read(struct firewall *firewall)
{
	static const char *const args[] = {
		"nft", "-j", "list", "ruleset", NULL
	};
	char *text;
	size_t len;

	if (rules_ask(firewall, args, &text, &len))
		return;
	ruleset_read_nft(&firewall->set, text, len);
	free(text);
}

/* One that is missing or too slow is so for all sets. */
static char *set_read(void *data, const char *name)
{
	const char *const args[] = { "ipset", "save", name, NULL };
	struct firewall *firewall = data;
	char *text = NULL;
	size_t len;
	int ret;

	if (firewall->no_sets)
		return NULL;
	ret = program_read(args, &text, &len);
	firewall->no_sets = ret == -ENOENT || ret == -ETIME;

	return text;
}

/*
 * Of one kind, by the program for just that or else by the one that older
 * systems have, which may be for the other kind.
 */
static void save_read(struct firewall *firewall, const struct iptables *family,
		      bool is_nft)
{
	const char *const own[] = {
		is_nft ? family->save_nft : family->save_legacy, NULL
	};
	const char *const any[] = { family->save, NULL };
	const struct rule_sets sets = { set_read, firewall };
	char *text;
	size_t len;
	int ret;

	ret = rules_ask(firewall, own, &text, &len);
	if (ret == -ENOENT)
		ret = rules_ask(firewall, any, &text, &len);
	if (ret)
		return;
	if (ruleset_save_is_nft(text) == is_nft)
		ruleset_read_save(&firewall->set, text,
				  is_nft ? family->tool : family->legacy,
				  family->family, &sets);
	free(text);
}

/**
 * firewall_read() - read the rules of this network namespace
 *
 * Return: the rules, for firewall_free(), as far as there are programs that may
 * read them; NULL without memory.
 */
struct firewall *firewall_read(void)
{
	struct firewall *firewall = calloc(1, sizeof(*firewall));
	size_t i;

	if (!firewall)
		return NULL;
	nft_read(firewall);
	for (i = 0; i < ARRAY_SIZE(families); i++) {
		if (firewall->set.opaque & families[i].opaque)
			save_read(firewall, &families[i], true);
		if (has_legacy(&families[i]))
			save_read(firewall, &families[i], false);
	}

	return firewall;
}

/**
 * firewall_unread() - say which rules could not be looked at
 * @firewall: the rules
 *
 * Return: who has them; NULL if there are none.
 */
const char *firewall_unread(const struct firewall *firewall)
{
	if (firewall->unread)
		return firewall->unread;

	return firewall->set.failed ? "the firewall" : NULL;
}

/**
 * firewall_blank() - say what rules ask for that is not known
 * @firewall: the rules
 *
 * Return: name of a set of ipset; NULL if there is none.
 */
const char *firewall_blank(const struct firewall *firewall)
{
	return firewall->set.blank;
}

/**
 * firewall_free() - drop the rules
 * @firewall: the rules
 */
void firewall_free(struct firewall *firewall)
{
	ruleset_free(&firewall->set);
	free(firewall);
}

/**
 * struct question - what is asked of each chain for all packets of a VIP
 * @set: the rules
 * @vip: the VIP
 * @answer: asks it for some of them; whether that is the answer
 * @end: where to say more
 * @fault: where to say what is wrong
 */
struct question {
	struct ruleset *set;
	const struct lb_vip *vip;
	bool (*answer)(struct question *question, int chain,
		       const struct rule_probe *probe);
	struct firewall_end *end;
	enum firewall_fault fault;
};

static const char *rule_print(const struct ruleset *set, int chain, int index,
			      char *buf, size_t size)
{
	const struct rule *rule = index < 0 ? NULL : &set->rules[index];
	const struct rule_chain *home = &set->chains[rule ? rule->chain :
							    chain];

	if (rule)
		snprintf(buf, size, "%s, %s %u", home->name,
			 home->source == RULES_NFT ? "handle" : "rule",
			 rule->number);
	else
		snprintf(buf, size, "%s, policy drop", home->name);

	return buf;
}

/* Both protocols, one after the other: first of all packets. */
static bool chain_ask(struct question *question, int chain)
{
	const struct lb_vip *vip = question->vip;
	struct rule_probe probe = { .addr = vip->addr, .state = RULE_NEW };
	unsigned int i;

	for (i = 0; i < vip->ports.count; i++) {
		probe.ports = vip->ports.range[i];
		probe.proto = L4LB_PROTO_TCP;
		probe.flags = TH_SYN;
		if (vip->protos & probe.proto &&
		    question->answer(question, chain, &probe))
			return true;
		probe.proto = L4LB_PROTO_UDP;
		probe.flags = 0;
		if (vip->protos & probe.proto &&
		    question->answer(question, chain, &probe))
			return true;
	}

	return false;
}

static bool all_ask(struct question *question)
{
	const struct ruleset *set = question->set;
	const struct rule_chain *chain;
	size_t i;

	/* What is not there may be what accepts them. */
	if (set->failed)
		return false;
	for (i = 0; i < set->chain_count; i++) {
		chain = &set->chains[i];
		if (chain->input && !chain->hidden &&
		    (!chain->family ||
		     chain->family == question->vip->addr.family) &&
		    chain_ask(question, (int)i))
			return true;
	}

	return false;
}

static bool is_named(struct question *question, int chain,
		     const struct rule_probe *probe)
{
	struct rule_fate fate;

	ruleset_walk(question->set, chain, probe, 0, &fate);
	if (fate.named < 0)
		return false;
	rule_print(question->set, chain, fate.named, question->end->rule,
		   sizeof(question->end->rule));

	return true;
}

/**
 * firewall_find() - find a rule that is meant to refuse packets of a VIP
 * @firewall: the rules
 * @vip: the VIP
 * @rule: what to call it
 * @size: size of @rule
 *
 * Return: whether there is one.
 */
bool firewall_find(struct firewall *firewall, const struct lb_vip *vip,
		   char *rule, size_t size)
{
	struct firewall_end end;
	struct question question = {
		.set = &firewall->set,
		.vip = vip,
		.answer = is_named,
		.end = &end,
	};

	if (!all_ask(&question))
		return false;
	snprintf(rule, size, "%s", end.rule);

	return true;
}

static void end_fill(const struct question *question, int chain, int rule,
		     bool later)
{
	const struct rule_chain *home = &question->set->chains[chain];
	struct firewall_end *end = question->end;

	rule_print(question->set, chain, rule, end->rule, sizeof(end->rule));
	firewall_accept(home, question->vip, later, end->accept,
			sizeof(end->accept));
}

static bool is_refused(struct question *question, int chain,
		       const struct rule_probe *probe)
{
	struct rule_fate fate;

	ruleset_walk(question->set, chain, probe, 0, &fate);
	if (!fate.refused)
		return false;
	end_fill(question, chain, fate.refuser, false);

	return true;
}

/**
 * firewall_closes() - see whether clients of a VIP are refused who are not
 * accepted by a rule
 * @firewall: the rules
 * @vip: the VIP
 * @end: by what
 *
 * Return: whether they are.
 */
bool firewall_closes(struct firewall *firewall, const struct lb_vip *vip,
		     struct firewall_end *end)
{
	struct question question = {
		.set = &firewall->set,
		.vip = vip,
		.answer = is_refused,
		.end = end,
	};

	return all_ask(&question);
}

/* Whether a rule that does this has marks of one walk, but not of the other. */
static bool marked(const struct ruleset *set, enum rule_does does,
		   unsigned int with, unsigned int without, int *index)
{
	size_t i;

	for (i = 0; i < set->rule_count; i++) {
		if (set->rules[i].does != does ||
		    (set->rules[i].marks & (with | without)) != with)
			continue;
		*index = (int)i;
		return true;
	}

	return false;
}

/**
 * struct view - what connection tracking may take packets for
 * @probe: the packets, each time as something else
 * @count: how many times
 */
struct view {
	struct rule_probe probe[2];
	unsigned int count;
};

/* For what it has not seen, if a rule has it look away. */
static void view_make(struct ruleset *set, const struct rule_probe *probe,
		      struct view *view)
{
	const struct rule_chain *chain;
	bool some = false, all = false;
	struct rule_probe raw = *probe;
	struct rule_fate fate;
	size_t i;

	raw.state = 0;
	for (i = 0; i < set->chain_count; i++) {
		chain = &set->chains[i];
		if (!chain->raw || chain->hidden ||
		    (chain->family && chain->family != probe->addr.family))
			continue;
		ruleset_walk(set, (int)i, &raw, 0, &fate);
		some |= fate.untracked;
		all |= fate.all_untracked;
	}
	view->count = 0;
	if (!all)
		view->probe[view->count++] = *probe;
	if (some || all) {
		view->probe[view->count] = *probe;
		view->probe[view->count++].state = RULE_UNTRACKED;
	}
}

static bool view_is_blind(const struct view *view)
{
	return view->probe[0].state == RULE_UNTRACKED;
}

/* Whether a rule would accept them if they were what they never are. */
static bool is_expected(struct ruleset *set, int chain,
			const struct rule_probe *probe, uint8_t state)
{
	struct rule_probe other = *probe;
	int rule;

	other.state = state;
	if (state == RULE_ESTABLISHED)
		other.flags = probe->flags ? TH_ACK : 0;
	ruleset_survey(set, chain, &other, MARK_BEFORE);

	return marked(set, RULE_ACCEPTS, MARK_BEFORE, MARK_NOW, &rule);
}

/*
 * As established, or as new where connection tracking looks away, they would
 * come in, and there is no other way.
 */
static bool first_misfires(struct question *question, int chain,
			   const struct rule_probe *first)
{
	struct ruleset *set = question->set;
	struct rule_fate fate = { 0 };
	struct view view;
	unsigned int i;

	view_make(set, first, &view);
	for (i = 0; i < view.count; i++) {
		ruleset_unmark(set);
		ruleset_walk(set, chain, &view.probe[i], MARK_NOW, &fate);
		if (!fate.refused || fate.accepts)
			return false;
	}
	if (!is_expected(set, chain, first, RULE_ESTABLISHED) &&
	    !(view_is_blind(&view) &&
	      is_expected(set, chain, first, RULE_NEW)))
		return false;
	end_fill(question, chain, fate.refuser, false);
	question->end->untracked = view_is_blind(&view);
	question->fault = FIREWALL_FIRST;

	return true;
}

/*
 * A rule refuses them that does not refuse what opens a connection, or none
 * accepts them of those that accept that.
 */
static bool later_is_refused(struct ruleset *set, int chain,
			     const struct rule_probe *first,
			     const struct rule_probe *later, int *rule)
{
	struct rule_fate fate;

	ruleset_unmark(set);
	ruleset_survey(set, chain, first, MARK_BEFORE);
	ruleset_walk(set, chain, later, MARK_NOW, &fate);
	if (marked(set, RULE_REFUSES, MARK_NOW, MARK_BEFORE, rule))
		return true;
	if (!fate.refused ||
	    !marked(set, RULE_ACCEPTS, MARK_BEFORE, MARK_NOW, rule))
		return false;
	*rule = fate.refuser;

	return true;
}

static bool later_misfires(struct question *question, int chain,
			   const struct rule_probe *first, uint8_t state,
			   uint8_t flags)
{
	struct rule_probe probe = *first;
	struct view before, now;
	unsigned int i, j;
	int rule = -1;

	probe.state = state;
	probe.flags = flags;
	view_make(question->set, first, &before);
	view_make(question->set, &probe, &now);
	for (i = 0; i < before.count; i++) {
		for (j = 0; j < now.count; j++) {
			if (!later_is_refused(question->set, chain,
					      &before.probe[i], &now.probe[j],
					      &rule))
				return false;
		}
	}
	end_fill(question, chain, rule, true);
	question->end->untracked = view_is_blind(&now);
	question->fault = FIREWALL_LATER;

	return true;
}

/* What comes in is never noted as a connection: it is not let through. */
static bool misfires(struct question *question, int chain,
		     const struct rule_probe *probe)
{
	if (question->set->chains[chain].prio >= HOOK_PRIO)
		return false;
	if (first_misfires(question, chain, probe))
		return true;

	return probe->proto == L4LB_PROTO_TCP &&
	       (later_misfires(question, chain, probe, RULE_NEW, TH_ACK) ||
		later_misfires(question, chain, probe, RULE_INVALID,
			       TH_FIN | TH_ACK));
}

/**
 * firewall_misfires() - see whether rules take packets of a VIP with hook input
 * for what they are not
 * @firewall: the rules
 * @vip: the VIP
 * @end: where to say by which rule
 *
 * Connection tracking sees none of the answers, and no connection: all that it
 * sees is new, or invalid. What rules of the raw table hide from it is neither.
 *
 * Return: what is wrong.
 */
enum firewall_fault firewall_misfires(struct firewall *firewall,
				      const struct lb_vip *vip,
				      struct firewall_end *end)
{
	struct question question = {
		.set = &firewall->set,
		.vip = vip,
		.answer = misfires,
		.end = end,
	};

	all_ask(&question);

	return question.fault;
}
