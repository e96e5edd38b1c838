// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules of the firewall: which are about a VIP, and which misfire. Programs of
 * the test's own stand for those that list them.
 */

#include "kselftest_harness.h"

#include "firewall.h"
#include "model.h"
#include "program.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define COUNT(array)	(sizeof(array) / sizeof((array)[0]))

/* What the VIP has that is asked for. */
#define VIP4	"192.0.2.10"
#define VIP6	"2001:db8::10"

FIXTURE(firewall)
{
	char dir[64];
	struct lb_vip vip;
	struct firewall *rules;
	char rule[FIREWALL_TEXT];
	struct firewall_end end;
};

static void vip_make(struct lb_vip *vip, const char *addr, const char *ports)
{
	memset(vip, 0, sizeof(*vip));
	lb_addr_parse(addr, &vip->addr, NULL);
	lb_ports_parse(ports, &vip->ports, NULL);
	vip->protos = L4LB_PROTO_TCP;
}

FIXTURE_SETUP(firewall)
{
	self->rules = NULL;
	strcpy(self->dir, "/tmp/firewall.XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->dir));
	setenv("PATH", self->dir, 1);
	vip_make(&self->vip, VIP4, "80,443");
}

static void program_gone(const char *dir, const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	unlink(path);
}

FIXTURE_TEARDOWN(firewall)
{
	if (self->rules)
		firewall_free(self->rules);
	program_gone(self->dir, "nft");
	program_gone(self->dir, "iptables-nft-save");
	program_gone(self->dir, "iptables-save");
	program_gone(self->dir, "ipset");
	rmdir(self->dir);
}

/* A program that does just that. */
static void program_make(const char *dir, const char *name, const char *does)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	file = fopen(path, "w");
	if (!file)
		return;
	fprintf(file, "#!/bin/sh\n%s\n", does);
	fclose(file);
	chmod(path, 0755);
}

/* It has ' where JSON has ". */
static void nft_says(const char *dir, const char *json)
{
	char text[8192], *at;

	snprintf(text, sizeof(text), "/bin/cat <<'END'\n%s\nEND", json);
	for (at = strchr(text, '\n'); *at; at++) {
		if (*at == '\'')
			*at = '"';
	}
	program_make(dir, "nft", text);
}

#define CHAIN(name, rest) \
	"{'chain':{'family':'inet','table':'t','name':'" name "'" rest "}},"
#define INPUT(policy) \
	CHAIN("in", ",'hook':'input','prio':0,'policy':'" policy "'")
#define RULE(chain, number, expr) \
	"{'rule':{'family':'inet','table':'t','chain':'" chain "','handle':" \
	number ",'expr':[" expr "]}}"
#define MATCH(op, left, right) \
	"{'match':{'op':'" op "','left':" left ",'right':" right "}},"
#define FIELD(proto, name) \
	"{'payload':{'protocol':'" proto "','field':'" name "'}}"
#define STATE(op, right)	MATCH(op, "{'ct':{'key':'state'}}", right)
#define DADDR	FIELD("ip", "daddr")
#define DPORT	FIELD("tcp", "dport")
#define VMAP(key, data)	"{'vmap':{'key':" key ",'data':" data "}}"
#define TO(value, verdict)	"[" value "," verdict "]"
#define JUMP	"{'jump':{'target':'sub'}}"
#define DROP	"{'drop':null}"
#define ACCEPT	"{'accept':null}"

/* Sets and a chain that rules may name. */
#define NAMED	"{'set':{'family':'inet','table':'t','name':'mine'," \
		"'elem':[{'elem':{'val':{'range':['192.0.2.9'," \
		"'192.0.2.11']},'comment':'x'}}]}}," \
		"{'set':{'family':'inet','table':'t','name':'other'," \
		"'elem':['192.0.2.1',{'prefix':{'addr':'192.0.3.0'," \
		"'len':24}}]}}," \
		"{'set':{'family':'ip','table':'t','name':'wrong'," \
		"'elem':['" VIP4 "']}}," \
		"{'set':{'family':'inet','table':'t','name':'both'," \
		"'elem':[{'concat':['" VIP4 "',{'range':[79,81]}]}]}}," \
		"{'map':{'family':'inet','table':'t','name':'map'," \
		"'elem':[[22,{'accept':null}],[443,{'drop':null}]]}}," \
		CHAIN("sub", "") RULE("sub", "3", DROP) ","

static void nft_has(const char *dir, const char *policy, const char *rules)
{
	char json[8192];

	snprintf(json, sizeof(json), "{'nftables':[" INPUT("%s") NAMED
		 "%s]}", policy, rules);
	nft_says(dir, json);
}

TEST_F(firewall, without_a_program_there_is_nothing)
{
	self->rules = firewall_read();
	ASSERT_NE(NULL, self->rules);
	EXPECT_EQ(NULL, firewall_unread(self->rules));
	EXPECT_FALSE(firewall_find(self->rules, &self->vip, self->rule,
				   sizeof(self->rule)));
	EXPECT_FALSE(firewall_closes(self->rules, &self->vip, &self->end));
	EXPECT_EQ(FIREWALL_NONE, firewall_misfires(self->rules, &self->vip,
						   &self->end));
}

TEST_F(firewall, what_fails_or_is_no_json_says_nothing)
{
	static const char *const does[] = {
		"echo nonsense", "echo '{\"nftables\":[{'", "echo '[]'",
		"echo '{\"nftables\":[1,{\"chain\":2},{\"rule\":{}}]}'",
		"exit 1",
	};
	size_t i;

	for (i = 0; i < COUNT(does); i++) {
		program_make(self->dir, "nft", does[i]);
		self->rules = firewall_read();
		EXPECT_FALSE(firewall_find(self->rules, &self->vip, self->rule,
					   sizeof(self->rule)));
		firewall_free(self->rules);
		self->rules = NULL;
	}
}

/* Rules that name it, in all their forms, and what is like them. */
TEST_F(firewall, rules_that_name_a_vip_are_found)
{
	static const struct {
		const char *expr;
		bool found;
	} rules[] = {
		{ MATCH("==", DPORT, "80") DROP, true },
		{ MATCH("==", DPORT, "81") DROP, false },
		{ MATCH("==", DPORT, "80") ACCEPT, false },
		{ MATCH("!=", DPORT, "81") DROP, false },
		{ MATCH("==", DPORT, "{'range':[400,500]}") DROP, true },
		{ MATCH("==", DPORT, "{'range':[81,442]}") DROP, false },
		{ MATCH("==", DPORT, "{'set':[22,{'range':[400,500]}]}") DROP,
		  true },
		{ MATCH(">", DPORT, "442") DROP, true },
		{ MATCH(">", DPORT, "443") DROP, false },
		{ MATCH(">=", DPORT, "443") DROP, true },
		{ MATCH("<", DPORT, "80") DROP, false },
		{ MATCH("<=", DPORT, "80") DROP, true },
		{ MATCH("==", FIELD("udp", "dport"), "80") DROP, false },
		{ MATCH("==", FIELD("th", "dport"), "80") DROP, true },
		{ MATCH("==", "{'meta':{'key':'l4proto'}}", "'udp'")
		  MATCH("==", FIELD("th", "dport"), "80") DROP, false },
		{ MATCH("==", DADDR, "'" VIP4 "'") DROP, true },
		{ MATCH("==", DADDR, "'192.0.2.11'") DROP, false },
		{ MATCH("==", FIELD("ip6", "daddr"), "'" VIP6 "'") DROP,
		  false },
		{ MATCH("!=", FIELD("ip6", "daddr"), "'" VIP6 "'")
		  MATCH("==", DPORT, "80") DROP, false },
		{ MATCH("==", DADDR,
			"{'prefix':{'addr':'192.0.2.8','len':30}}") DROP,
		  true },
		{ MATCH("==", DADDR,
			"{'prefix':{'addr':'192.0.2.12','len':30}}") DROP,
		  false },
		{ MATCH("==", DADDR, "{'range':['192.0.2.1','192.0.2.10']}")
		  DROP, true },
		{ MATCH("==", DADDR, "{'range':['192.0.2.1','192.0.2.9']}")
		  DROP, false },
		{ MATCH("==", DADDR, "'@mine'") DROP, true },
		{ MATCH("==", DADDR, "'@other'") DROP, false },
		{ MATCH("!=", DADDR, "'@mine'") MATCH("==", DPORT, "80") DROP,
		  false },
		/* One of that name in another table is another one. */
		{ MATCH("==", DADDR, "'@wrong'") DROP, false },
		{ MATCH("==", DADDR, "'@wrong'") MATCH("==", DPORT, "80") DROP,
		  true },
		{ MATCH("==", "{'concat':[" DADDR "," DPORT "]}", "'@both'")
		  DROP, true },
		{ MATCH("==", "{'concat':[" DADDR "," DPORT "]}",
			"{'set':[{'concat':['" VIP4 "',81]}]}") DROP, false },
		{ MATCH("==", "{'concat':[" FIELD("ip", "saddr") "," DPORT
			"]}", "{'set':[{'concat':['192.0.2.1',80]}]}") DROP,
		  true },
		{ MATCH("==", DPORT, "80") "{'reject':{'type':'tcp reset'}}",
		  true },
		{ MATCH("==", DPORT, "80")
		  "{'xt':{'type':'target','name':'REJECT'}}", true },
		{ MATCH("==", DPORT, "80")
		  "{'xt':{'type':'target','name':'LOG'}}", false },
		{ MATCH("==", DPORT, "80") JUMP, true },
		{ MATCH("==", DPORT, "80") "{'goto':{'target':'sub'}}", true },
		{ MATCH("==", DPORT, "81") JUMP, false },
		{ MATCH("==", DPORT, "80") "{'jump':{'target':'none'}}",
		  false },
		{ VMAP(DPORT, "{'set':[" TO("22", ACCEPT) ","
				TO("{'range':[80,81]}", DROP) "]}"), true },
		{ VMAP(DPORT, "{'set':[" TO("80", ACCEPT) ","
				TO("81", DROP) "]}"), false },
		{ VMAP(DPORT, "{'set':[" TO("81", DROP) ","
				TO("80", JUMP) "]}"), true },
		{ VMAP(DPORT, "'@map'"), true },
		{ MATCH("==", FIELD("ip", "saddr"), "'192.0.2.99'")
		  MATCH("==", DPORT, "80") "{'counter':{'packets':0}}," DROP,
		  true },
		{ MATCH("==", "{'meta':{'key':'iif'}}", "'lo'")
		  MATCH("==", DPORT, "80") DROP, false },
		{ STATE("in", "'established'") MATCH("==", DPORT, "80") DROP,
		  false },
		{ DROP, false },
	};
	char text[2048];
	size_t i;

	for (i = 0; i < COUNT(rules); i++) {
		snprintf(text, sizeof(text), RULE("in", "7", "%s"),
			 rules[i].expr);
		nft_has(self->dir, "accept", text);
		self->rules = firewall_read();
		EXPECT_EQ(rules[i].found,
			  firewall_find(self->rules, &self->vip, self->rule,
					sizeof(self->rule)))
			TH_LOG("%s", rules[i].expr);
		firewall_free(self->rules);
		self->rules = NULL;
	}
}

TEST_F(firewall, a_rule_is_called_by_its_chain_and_number)
{
	nft_has(self->dir, "accept",
		RULE("in", "5", MATCH("==", DPORT, "80")
		     "{'jump':{'target':'sub'}}"));
	self->rules = firewall_read();
	EXPECT_TRUE(firewall_find(self->rules, &self->vip, self->rule,
				  sizeof(self->rule)));
	EXPECT_STREQ("inet t sub, handle 3", self->rule);
}

/* What has been accepted before is not refused behind it. */
TEST_F(firewall, the_order_of_rules_matters)
{
	vip_make(&self->vip, VIP4, "80");
	nft_has(self->dir, "accept",
		RULE("in", "5", MATCH("==", DPORT, "80") ACCEPT) ","
		RULE("in", "6", MATCH("==", DADDR, "'" VIP4 "'") DROP));
	self->rules = firewall_read();
	EXPECT_FALSE(firewall_find(self->rules, &self->vip, self->rule,
				   sizeof(self->rule)));
	vip_make(&self->vip, VIP4, "81");
	EXPECT_TRUE(firewall_find(self->rules, &self->vip, self->rule,
				  sizeof(self->rule)));
}

TEST_F(firewall, chains_that_lead_in_a_circle_end)
{
	nft_has(self->dir, "drop",
		RULE("in", "5", "{'jump':{'target':'in'}}") ","
		RULE("in", "6", "{'jump':{'target':'in'}}"));
	self->rules = firewall_read();
	EXPECT_FALSE(firewall_find(self->rules, &self->vip, self->rule,
				   sizeof(self->rule)));
	EXPECT_FALSE(firewall_closes(self->rules, &self->vip, &self->end));
}

TEST_F(firewall, a_policy_closes_what_no_rule_accepts)
{
	nft_has(self->dir, "drop",
		RULE("in", "5", STATE("in", "['established','related']")
		     ACCEPT) ","
		RULE("in", "6", MATCH("==", DPORT, "80")
		     STATE("in", "'new'") ACCEPT));
	self->rules = firewall_read();
	EXPECT_FALSE(firewall_find(self->rules, &self->vip, self->rule,
				   sizeof(self->rule)));
	EXPECT_TRUE(firewall_closes(self->rules, &self->vip, &self->end));
	EXPECT_STREQ("inet t in, policy drop", self->end.rule);
	EXPECT_STREQ("nft 'insert rule inet t in ip daddr " VIP4
		     " tcp dport { 80,443 } accept'", self->end.accept);
	vip_make(&self->vip, VIP4, "80");
	EXPECT_FALSE(firewall_closes(self->rules, &self->vip, &self->end));
	vip_make(&self->vip, VIP6, "81");
	self->vip.protos = L4LB_PROTO_ALL;
	EXPECT_TRUE(firewall_closes(self->rules, &self->vip, &self->end));
	EXPECT_STREQ("nft 'insert rule inet t in ip6 daddr " VIP6
		     " meta l4proto { tcp, udp } th dport { 81 } accept'",
		     self->end.accept);
}

TEST_F(firewall, so_does_a_last_rule)
{
	nft_has(self->dir, "accept",
		RULE("in", "5", MATCH("==", FIELD("ip", "saddr"),
				      "'192.0.2.99'") ACCEPT) ","
		RULE("in", "6", "{'goto':{'target':'sub'}}") ","
		RULE("in", "7", ACCEPT));
	self->rules = firewall_read();
	EXPECT_TRUE(firewall_closes(self->rules, &self->vip, &self->end));
	EXPECT_STREQ("inet t sub, handle 3", self->end.rule);
}

/* Rules that misfire with hook input, and what mends them. */
TEST_F(firewall, rules_that_take_packets_for_others_are_found)
{
	static const struct {
		const char *policy;
		const char *rules;
		enum firewall_fault fault;
	} cases[] = {
#define ESTABLISHED	RULE("in", "5", STATE("in", \
				"['established','related']") ACCEPT)
#define WEB_NEW		RULE("in", "6", MATCH("==", DPORT, \
				"{'set':[80,443]}") STATE("in", "'new'") \
				ACCEPT)
#define WEB		RULE("in", "6", MATCH("==", DPORT, \
				"{'set':[80,443]}") ACCEPT)
#define INVALID		RULE("in", "7", STATE("in", "'invalid'") DROP)
#define SYN_MASK	"{'&':[" FIELD("tcp", "flags") \
			",['fin','syn','rst','ack']]}"
#define OFFICE		MATCH("==", FIELD("ip", "saddr"), "'192.0.2.99'")
		{ "accept", ESTABLISHED, FIREWALL_NONE },
		{ "drop", ESTABLISHED, FIREWALL_FIRST },
		{ "drop", ESTABLISHED "," WEB_NEW, FIREWALL_LATER },
		{ "drop", ESTABLISHED "," WEB, FIREWALL_NONE },
		{ "drop", RULE("in", "4", MATCH("==", "{'meta':{'key':'iif'}}",
						"'lo'") ACCEPT) ","
		  ESTABLISHED, FIREWALL_FIRST },
		{ "drop", RULE("in", "4", OFFICE ACCEPT) "," ESTABLISHED,
		  FIREWALL_NONE },
		{ "drop", RULE("in", "4", OFFICE STATE("in", "'new'") ACCEPT)
		  "," ESTABLISHED, FIREWALL_LATER },
		{ "accept", INVALID, FIREWALL_LATER },
		{ "drop", WEB "," INVALID, FIREWALL_NONE },
		{ "drop", INVALID "," WEB, FIREWALL_LATER },
		{ "accept", RULE("in", "8", VMAP("{'ct':{'key':'state'}}",
						 "{'set':[" TO("'invalid'",
							       DROP) ","
						 TO("'established'", ACCEPT)
						 "]}")), FIREWALL_LATER },
		{ "accept", RULE("in", "8", MATCH("!=", SYN_MASK, "'syn'")
				 STATE("in", "'new'") DROP), FIREWALL_LATER },
		{ "accept", RULE("in", "8", MATCH("==", SYN_MASK, "0") DROP),
		  FIREWALL_NONE },
		{ "accept", RULE("in", "8", OFFICE DROP), FIREWALL_NONE },
		{ "accept", RULE("in", "8", STATE("in", "'invalid'")
				 JUMP), FIREWALL_LATER },
		/* What comes of a mend. */
		{ "drop", RULE("in", "9", MATCH("==", DADDR, "'" VIP4 "'")
			       MATCH("!", FIELD("tcp", "flags"), "'syn'")
			       ACCEPT) "," INVALID "," ESTABLISHED ","
		  WEB_NEW, FIREWALL_NONE },
		{ "accept", RULE("in", "9", MATCH("==", DADDR, "'" VIP4 "'")
				 MATCH("==", "{'&':[" FIELD("tcp", "flags")
				       ",'syn']}", "0") ACCEPT) "," INVALID,
		  FIREWALL_NONE },
	};
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		nft_has(self->dir, cases[i].policy, cases[i].rules);
		self->rules = firewall_read();
		EXPECT_EQ(cases[i].fault,
			  firewall_misfires(self->rules, &self->vip,
					    &self->end))
			TH_LOG("%s: %s", cases[i].policy, cases[i].rules);
		firewall_free(self->rules);
		self->rules = NULL;
	}
}

/* Then the module has seen them before. */
TEST_F(firewall, chains_behind_the_module_do_not_misfire)
{
	nft_says(self->dir, "{'nftables':["
		 CHAIN("in", ",'hook':'input','prio':200,'policy':'drop'")
		 ESTABLISHED "]}");
	self->rules = firewall_read();
	EXPECT_EQ(FIREWALL_NONE, firewall_misfires(self->rules, &self->vip,
						   &self->end));
}

/* Rules that hide from connection tracking what comes. */
TEST_F(firewall, what_conntrack_does_not_see_is_untracked)
{
	static const struct {
		const char *raw;
		const char *policy;
		const char *rules;
		enum firewall_fault fault;
		bool untracked;
	} cases[] = {
#define NOTRACK		"{'notrack':null}"
#define HIDE		RULE("raw", "1", MATCH("==", DPORT, \
				"{'set':[80,443]}") NOTRACK)
#define UNTRACKED	RULE("in", "3", STATE("in", "'untracked'") ACCEPT)
		{ HIDE, "accept", INVALID, FIREWALL_NONE, false },
		{ HIDE, "drop", ESTABLISHED, FIREWALL_FIRST, true },
		{ HIDE, "drop", ESTABLISHED "," WEB, FIREWALL_NONE, false },
		{ HIDE, "drop", ESTABLISHED "," WEB_NEW, FIREWALL_FIRST,
		  true },
		{ HIDE, "drop", ESTABLISHED "," UNTRACKED, FIREWALL_NONE,
		  false },
		{ HIDE, "drop", INVALID "," UNTRACKED, FIREWALL_NONE, false },
		{ HIDE, "drop", ESTABLISHED ","
		  RULE("in", "8", MATCH("==", SYN_MASK, "'syn'") ACCEPT),
		  FIREWALL_LATER, true },
		/* Others, or not all, or nobody knows. */
		{ RULE("raw", "1", MATCH("==", DPORT, "81") NOTRACK), "accept",
		  INVALID, FIREWALL_LATER, false },
		{ RULE("raw", "1", MATCH("==", DPORT, "80") NOTRACK), "accept",
		  INVALID, FIREWALL_LATER, false },
		{ RULE("raw", "1", OFFICE NOTRACK), "accept", INVALID,
		  FIREWALL_NONE, false },
		{ RULE("raw", "1", OFFICE NOTRACK), "drop", ESTABLISHED,
		  FIREWALL_FIRST, false },
		{ RULE("raw", "1", OFFICE NOTRACK), "drop",
		  ESTABLISHED "," WEB_NEW, FIREWALL_NONE, false },
		{ RULE("raw", "1", OFFICE ACCEPT) "," HIDE, "accept", INVALID,
		  FIREWALL_NONE, false },
		{ RULE("raw", "1", OFFICE ACCEPT) "," HIDE, "drop",
		  ESTABLISHED, FIREWALL_FIRST, false },
		{ RULE("raw", "1", MATCH("==", DPORT, "{'set':[80,443]}")
		       ACCEPT) "," HIDE, "accept", INVALID, FIREWALL_LATER,
		  false },
		/* What opens connections, and not what follows. */
		{ RULE("raw", "1", MATCH("==", SYN_MASK, "'syn'") NOTRACK),
		  "drop", UNTRACKED "," ESTABLISHED, FIREWALL_LATER, false },
	};
	char text[4096];
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		snprintf(text, sizeof(text),
			 CHAIN("raw", ",'hook':'prerouting','prio':-300")
			 "%s,%s", cases[i].raw, cases[i].rules);
		nft_has(self->dir, cases[i].policy, text);
		self->rules = firewall_read();
		memset(&self->end, 0, sizeof(self->end));
		EXPECT_EQ(cases[i].fault,
			  firewall_misfires(self->rules, &self->vip,
					    &self->end))
			TH_LOG("%s: %s", cases[i].policy, text);
		EXPECT_EQ(cases[i].untracked, self->end.untracked)
			TH_LOG("%s: %s", cases[i].policy, text);
		firewall_free(self->rules);
		self->rules = NULL;
	}
}

/* By then they have been seen. */
TEST_F(firewall, notrack_behind_conntrack_hides_nothing)
{
	nft_has(self->dir, "accept",
		CHAIN("raw", ",'hook':'prerouting','prio':-150") HIDE ","
		INVALID);
	self->rules = firewall_read();
	EXPECT_EQ(FIREWALL_LATER, firewall_misfires(self->rules, &self->vip,
						    &self->end));
}

#define IN_FILTER	"'family':'ip','table':'filter',"
#define XT_CHAIN	"{'chain':{" IN_FILTER "'name':'INPUT'," \
			"'hook':'input','prio':0,'policy':'drop'}}"
#define XT_RULE		"{'rule':{" IN_FILTER "'chain':'INPUT','handle':3," \
			"'expr':[{'xt':{'type':'match','name':'x'}}," DROP "]}}"

/* Of a table with rules that nft cannot tell, iptables tells all. */
static void tables_have(const char *dir, const char *policy, const char *rules)
{
	char text[2048];

	nft_says(dir, "{'nftables':[" XT_CHAIN "," XT_RULE "]}");
	snprintf(text, sizeof(text),
		 "/bin/cat <<'END'\n"
		 "# Generated by iptables-save v1.8.9 (nf_tables) on Thu\n"
		 "*filter\n:INPUT %s [0:0]\n:FORWARD DROP [0:0]\n:sub - [0:0]\n"
		 "%s\n-A sub -m comment --comment \"a \\\"-j b\" -j DROP\n"
		 "COMMIT\nEND", policy, rules);
	program_make(dir, "iptables-nft-save", text);
}

TEST_F(firewall, rules_of_iptables_are_found)
{
	static const struct {
		const char *rule;
		const char *found;
	} rules[] = {
		{ "-A INPUT -p tcp -m multiport --dports 25,80,1000:2000 -j DROP",
		  "iptables filter INPUT, rule 1" },
		{ "-A INPUT -p tcp -m multiport --dports 25,400: -j DROP",
		  "iptables filter INPUT, rule 1" },
		{ "-A INPUT -p tcp -m multiport --dports 25,81:442 -j DROP",
		  "" },
		{ "-A INPUT -p tcp -m multiport ! --dports 25 -j DROP", "" },
		{ "-A INPUT -p tcp -m multiport --ports 80 -j DROP",
		  "iptables filter INPUT, rule 1" },
		{ "-A INPUT -p udp -m udp --dport 80 -j DROP", "" },
		{ "-A INPUT -p tcp -m tcp --dport 80 -j REJECT --reject-with tcp-reset",
		  "iptables filter INPUT, rule 1" },
		{ "-A INPUT -p tcp -m tcp --dport 80 -j LOG --log-prefix \"-j DROP\"",
		  "" },
		{ "-A INPUT -i lo -j ACCEPT\n-A INPUT -d 192.0.2.0/24 -j sub",
		  "iptables filter sub, rule 1" },
		{ "-A INPUT -d 192.0.2.0/24 -g sub",
		  "iptables filter sub, rule 1" },
		{ "-A INPUT ! -d 192.0.2.1/32 -g sub", "" },
		{ "-A INPUT -d 192.0.2.64/26 -j sub", "" },
		{ "-A INPUT -m iprange --dst-range 192.0.2.1-192.0.2.20 -j DROP",
		  "iptables filter INPUT, rule 1" },
		{ "-A INPUT -m iprange --dst-range 192.0.2.1-192.0.2.2 -j DROP",
		  "" },
		{ "-A INPUT -i lo -p tcp -m tcp --dport 80 -j DROP", "" },
		{ "-A INPUT ! -i lo -p tcp -m tcp --dport 80 -j DROP",
		  "iptables filter INPUT, rule 1" },
		{ "-A INPUT -m set --match-set x src -p tcp --dport 80 -j DROP",
		  "iptables filter INPUT, rule 1" },
		{ "-A FORWARD -p tcp -m tcp --dport 80 -j DROP", "" },
		{ "-A none -p tcp -m tcp --dport 80 -j DROP", "" },
		{ "-A INPUT", "" },
		{ "-A INPUT -p", "" },
		{ "-A INPUT -d nonsense --dports , -j DROP", "" },
	};
	size_t i;

	for (i = 0; i < COUNT(rules); i++) {
		tables_have(self->dir, "ACCEPT", rules[i].rule);
		self->rules = firewall_read();
		*self->rule = '\0';
		firewall_find(self->rules, &self->vip, self->rule,
			      sizeof(self->rule));
		EXPECT_STREQ(rules[i].found, self->rule)
			TH_LOG("%s", rules[i].rule);
		firewall_free(self->rules);
		self->rules = NULL;
	}
}

TEST_F(firewall, so_are_those_that_misfire)
{
	static const struct {
		const char *policy;
		const char *rules;
		enum firewall_fault fault;
	} cases[] = {
		{ "DROP", "-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT",
		  FIREWALL_FIRST },
		{ "DROP", "-A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT\n"
		  "-A INPUT -p tcp -m multiport --dports 80,443 -m conntrack --ctstate NEW -j ACCEPT",
		  FIREWALL_LATER },
		{ "ACCEPT", "-A INPUT -m conntrack --ctstate INVALID -j sub",
		  FIREWALL_LATER },
		{ "ACCEPT",
		  "-A INPUT -p tcp ! --tcp-flags FIN,SYN,RST,ACK SYN -m state --state NEW -j DROP",
		  FIREWALL_LATER },
		{ "ACCEPT", "-A INPUT -d " VIP4 "/32 -p tcp ! --syn -j ACCEPT\n"
		  "-A INPUT -m conntrack --ctstate INVALID -j DROP",
		  FIREWALL_NONE },
		{ "DROP", "-A INPUT -m addrtype --dst-type LOCAL -j ACCEPT",
		  FIREWALL_NONE },
		{ "DROP", "-A INPUT -m addrtype ! --dst-type LOCAL -j ACCEPT\n"
		  "-A INPUT -m conntrack --ctstatus DNAT -j ACCEPT\n"
		  "-A INPUT -m conntrack ! --ctstate INVALID,NEW -j ACCEPT",
		  FIREWALL_FIRST },
	};
	size_t i;

	for (i = 0; i < COUNT(cases); i++) {
		tables_have(self->dir, cases[i].policy, cases[i].rules);
		self->rules = firewall_read();
		EXPECT_EQ(cases[i].fault,
			  firewall_misfires(self->rules, &self->vip,
					    &self->end))
			TH_LOG("%s: %s", cases[i].policy, cases[i].rules);
		firewall_free(self->rules);
		self->rules = NULL;
	}
}

TEST_F(firewall, tables_of_iptables_hide_from_conntrack)
{
	static const char *const raw[] = {
		"-A PREROUTING -p tcp -m multiport --dports 80,443 -j CT --notrack",
		"-A PREROUTING -d " VIP4 "/32 -j NOTRACK",
		"-A PREROUTING -j CT --zone 1",
	};
	static const enum firewall_fault fault[] = {
		FIREWALL_NONE, FIREWALL_NONE, FIREWALL_LATER,
	};
	char text[1024];
	size_t i;

	for (i = 0; i < COUNT(raw); i++) {
		snprintf(text, sizeof(text),
			 "-A INPUT -m conntrack --ctstate INVALID -j DROP\n"
			 "COMMIT\n*raw\n:PREROUTING ACCEPT [0:0]\n%s\n"
			 ":sub - [0:0]", raw[i]);
		tables_have(self->dir, "ACCEPT", text);
		self->rules = firewall_read();
		EXPECT_EQ(fault[i], firewall_misfires(self->rules, &self->vip,
						      &self->end))
			TH_LOG("%s", raw[i]);
		firewall_free(self->rules);
		self->rules = NULL;
	}
}

/* What is in a set, and whether a rule for it is about the VIP. */
TEST_F(firewall, sets_of_ipset_are_known)
{
	static const struct {
		const char *match;
		const char *has;
		bool found;
		bool blank;
	} sets[] = {
		{ "x dst", "hash:ip family inet hashsize 64 maxelem 9\n"
		  "add x " VIP4, true },
		{ "x dst", "hash:ip family inet\nadd x 192.0.2.11", false },
		{ "x dst", "hash:ip family inet netmask 28\nadd x 192.0.2.0",
		  true },
		{ "x dst", "hash:ip family inet bitmask 255.0.0.0\n"
		  "add x " VIP4, true },
		{ "x dst", "hash:ip family inet", false },
		{ "x dst", "hash:net family inet\nadd x 192.0.2.0/24 timeout 9",
		  true },
		{ "x dst", "hash:net family inet\nadd x 192.0.3.0/24", false },
		{ "x dst", "hash:net family inet6\nadd x 2001:db8::/32",
		  false },
		{ "x dst,dst", "hash:ip,port family inet\n"
		  "add x " VIP4 ",tcp:80", true },
		{ "x dst,dst", "hash:ip,port family inet\n"
		  "add x " VIP4 ",udp:80", false },
		{ "x dst,dst", "hash:ip,port family inet\n"
		  "add x " VIP4 ",tcp:81", false },
		{ "x dst,dst", "hash:ip,port family inet\n"
		  "add x " VIP4 ",icmp:echo-request", false },
		{ "x dst,src", "hash:ip,port family inet\n"
		  "add x " VIP4 ",tcp:81", true },
		{ "x dst,src", "hash:ip,port family inet\n"
		  "add x " VIP4 ",udp:81", false },
		{ "x src,dst", "hash:net,port family inet\n"
		  "add x 10.0.0.0/8,tcp:443", true },
		{ "x src,dst", "hash:net,port family inet\n"
		  "add x 10.0.0.0/8,tcp:444", false },
		{ "x dst,dst,src", "hash:ip,port,net family inet\n"
		  "add x " VIP4 ",tcp:80,10.0.0.0/8", true },
		{ "x dst", "bitmap:port range 1-1024\nadd x 79\nadd x 80",
		  true },
		{ "x dst", "bitmap:port range 1-1024\nadd x 79\nadd x 81",
		  false },
		{ "x src", "hash:ip family inet\nadd x " VIP4, false },
		{ "x dst,dst", "hash:net,iface family inet\n"
		  "add x 192.0.2.0/24,eth0", true },
		{ "x dst", "hash:mac\nadd x 02:00:00:00:00:01", false },
		/* What cannot be told. */
		{ "x dst", "list:set size 8\nadd x y", false, true },
		{ "x dst", "hash:net family inet\nadd x 192.0.2.0/24\n"
		  "add x " VIP4 " nomatch", false, true },
		{ "x dst -p tcp -m tcp --dport 80", "list:set size 8", true,
		  true },
		{ "y dst", "hash:ip family inet\nadd x " VIP4, false, true },
		{ "x dst,dst", "hash:ip,ip,ip,ip", false, true },
	};
	char text[512];
	size_t i;

	for (i = 0; i < COUNT(sets); i++) {
		snprintf(text, sizeof(text),
			 "-A INPUT -m set --match-set %s -j DROP",
			 sets[i].match);
		tables_have(self->dir, "ACCEPT", text);
		snprintf(text, sizeof(text),
			 "[ \"$*\" = 'save x' ] && echo 'create x %s'",
			 sets[i].has);
		program_make(self->dir, "ipset", text);
		self->rules = firewall_read();
		EXPECT_EQ(sets[i].found,
			  firewall_find(self->rules, &self->vip, self->rule,
					sizeof(self->rule)))
			TH_LOG("%s: %s", sets[i].match, sets[i].has);
		EXPECT_EQ(sets[i].blank, !!firewall_blank(self->rules))
			TH_LOG("%s: %s", sets[i].match, sets[i].has);
		firewall_free(self->rules);
		self->rules = NULL;
	}
}

TEST_F(firewall, what_is_not_in_a_set_is_refused)
{
	tables_have(self->dir, "ACCEPT",
		    "-A INPUT -m set ! --match-set x dst,dst -j DROP");
	program_make(self->dir, "ipset",
		     "echo 'create x hash:ip,port family inet\n"
		     "add x " VIP4 ",tcp:80\nadd x " VIP4 ",tcp:443'");
	self->rules = firewall_read();
	EXPECT_FALSE(firewall_closes(self->rules, &self->vip, &self->end));
	lb_ports_parse("80,443,445", &self->vip.ports, NULL);
	EXPECT_TRUE(firewall_closes(self->rules, &self->vip, &self->end));
	EXPECT_STREQ("iptables filter INPUT, rule 1", self->end.rule);
}

TEST_F(firewall, without_ipset_a_set_is_not_known)
{
	tables_have(self->dir, "DROP",
		    "-A INPUT -m set --match-set x dst -j ACCEPT");
	self->rules = firewall_read();
	EXPECT_STREQ("x", firewall_blank(self->rules));
	EXPECT_TRUE(firewall_closes(self->rules, &self->vip, &self->end));
}

#define ACCEPTS(proto, ports)	"iptables -t filter -I INPUT -d " VIP4 \
	" -p " proto " -m multiport --dports " ports " -j ACCEPT"

TEST_F(firewall, what_mends_is_written_for_iptables)
{
	tables_have(self->dir, "DROP", "");
	lb_ports_parse("80,90-99", &self->vip.ports, NULL);
	self->vip.protos = L4LB_PROTO_ALL;
	self->rules = firewall_read();
	EXPECT_TRUE(firewall_closes(self->rules, &self->vip, &self->end));
	EXPECT_STREQ("iptables filter INPUT, policy drop", self->end.rule);
	EXPECT_STREQ(ACCEPTS("tcp", "80,90:99") " && "
		     ACCEPTS("udp", "80,90:99"), self->end.accept);
	lb_ports_parse("any", &self->vip.ports, NULL);
	self->vip.protos = L4LB_PROTO_UDP;
	EXPECT_TRUE(firewall_closes(self->rules, &self->vip, &self->end));
	EXPECT_STREQ(ACCEPTS("udp", "1:65535"), self->end.accept);
}

/* A rule takes 15 ports, and a range is two. */
TEST_F(firewall, many_ports_take_several_rules)
{
	char ports[LB_PORTS_TEXT] = "";
	size_t used = 0;
	unsigned int i;

	tables_have(self->dir, "DROP", "");
	lb_ports_parse("1,3,5,7,9,11,13,15,17,19,21,23,25,27,30-39,50",
		       &self->vip.ports, NULL);
	self->rules = firewall_read();
	EXPECT_TRUE(firewall_closes(self->rules, &self->vip, &self->end));
	EXPECT_STREQ(ACCEPTS("tcp", "1,3,5,7,9,11,13,15,17,19,21,23,25,27")
		     " && " ACCEPTS("tcp", "30:39,50"), self->end.accept);

	for (i = 0; i < L4LB_PORTS_MAX; i++)
		used += (size_t)snprintf(ports + used, sizeof(ports) - used,
					 "%s%u-%u", i ? "," : "",
					 10000 + 10 * i, 10001 + 10 * i);
	ASSERT_EQ(0, lb_ports_parse(ports, &self->vip.ports, NULL));
	self->vip.protos = L4LB_PROTO_ALL;
	EXPECT_TRUE(firewall_closes(self->rules, &self->vip, &self->end));
	EXPECT_NE(NULL, strstr(self->end.accept,
			       ACCEPTS("udp", "10630:10631")))
		TH_LOG("%s", self->end.accept);
}

/* An old one is for both kinds; here it has none that nft has. */
TEST_F(firewall, an_older_program_is_asked_where_there_is_no_newer)
{
	char from[128], to[128];

	tables_have(self->dir, "ACCEPT",
		    "-A INPUT -p tcp -m multiport --dports 80 -j DROP");
	snprintf(from, sizeof(from), "%s/iptables-nft-save", self->dir);
	snprintf(to, sizeof(to), "%s/iptables-save", self->dir);
	ASSERT_EQ(0, rename(from, to));
	self->rules = firewall_read();
	EXPECT_TRUE(firewall_find(self->rules, &self->vip, self->rule,
				  sizeof(self->rule)));
	firewall_free(self->rules);

	program_make(self->dir, "iptables-save",
		     "echo '# Generated by iptables-save v1.6.0 on Thu\n"
		     "*filter\n:INPUT ACCEPT [0:0]\n"
		     "-A INPUT -p tcp -m tcp --dport 80 -j DROP\nCOMMIT'");
	self->rules = firewall_read();
	EXPECT_FALSE(firewall_find(self->rules, &self->vip, self->rule,
				   sizeof(self->rule)));
}

TEST_F(firewall, a_program_has_its_limits)
{
	program_make(self->dir, "nft", "exec /bin/cat /dev/zero");
	self->rules = firewall_read();
	EXPECT_STREQ("nft", firewall_unread(self->rules));
	firewall_free(self->rules);

	program_make(self->dir, "nft", "exec /bin/sleep 100");
	self->rules = firewall_read();
	EXPECT_STREQ("nft", firewall_unread(self->rules));
}

TEST_F(firewall, what_a_program_prints_is_whole)
{
	static const char *const args[] = { "nft", NULL };
	static const char *const none[] = { "none", NULL };
	size_t len;
	char *text;

	program_make(self->dir, "nft", "exec /usr/bin/seq 100000");
	ASSERT_EQ(0, program_read(args, &text, &len));
	EXPECT_EQ(588895, len);
	EXPECT_EQ(len, strlen(text));
	EXPECT_EQ(0, strncmp(text, "1\n2\n3\n", 6));
	EXPECT_STREQ("99999\n100000\n", text + len - 13);
	free(text);

	EXPECT_EQ(-ENOENT, program_read(none, &text, &len));
	program_make(self->dir, "nft", "exit 3");
	EXPECT_EQ(-EIO, program_read(args, &text, &len));
	program_make(self->dir, "nft", "exit 0");
	ASSERT_EQ(0, program_read(args, &text, &len));
	EXPECT_EQ(0, len);
	free(text);
}

TEST_HARNESS_MAIN
