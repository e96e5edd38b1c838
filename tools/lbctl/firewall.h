/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rules of the host's firewall that do to packets of VIPs what they were not
 * meant to, or do not do what they were meant to.
 */

#ifndef _LBCTL_FIREWALL_H
#define _LBCTL_FIREWALL_H

#include <stdbool.h>
#include <stddef.h>

struct firewall;
struct lb_vip;

/* Room for what a rule is called, and for a command that adds one. */
#define FIREWALL_TEXT		160
#define FIREWALL_COMMAND	4096

/**
 * enum firewall_fault - what is wrong with what comes in by hook input
 * @FIREWALL_NONE: nothing
 * @FIREWALL_FIRST: none but packets of established connections are accepted
 * @FIREWALL_LATER: what opens a connection is accepted, what follows is not
 */
enum firewall_fault {
	FIREWALL_NONE,
	FIREWALL_FIRST,
	FIREWALL_LATER,
};

/**
 * struct firewall_end - where packets end
 * @rule: what to call the rule, or the chain whose policy it is
 * @accept: a command that has them accepted
 * @untracked: whether rules hide them from connection tracking
 */
struct firewall_end {
	char rule[FIREWALL_TEXT];
	char accept[FIREWALL_COMMAND];
	bool untracked;
};

bool firewall_is_likely(void);
struct firewall *firewall_read(void);
const char *firewall_unread(const struct firewall *firewall);
const char *firewall_blank(const struct firewall *firewall);
bool firewall_find(struct firewall *firewall, const struct lb_vip *vip,
		   char *rule, size_t size);
bool firewall_closes(struct firewall *firewall, const struct lb_vip *vip,
		     struct firewall_end *end);
enum firewall_fault firewall_misfires(struct firewall *firewall,
				      const struct lb_vip *vip,
				      struct firewall_end *end);
void firewall_free(struct firewall *firewall);

#endif /* _LBCTL_FIREWALL_H */
