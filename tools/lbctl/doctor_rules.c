// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbctl doctor: what rules of this host's firewall and VIPs make of each other.
 */

#include "cmd.h"
#include "doctor.h"
#include "err.h"
#include "firewall.h"

#include <stddef.h>
#include <string.h>

/* The rule is about its packets, but is never asked. */
static void vip_bypasses(struct doctor *doctor, const struct lb_vip *vip,
			 const char *rule)
{
	struct finding finding = { .what = "input-rule", .vip = vip->name };

	finding_say(&finding,
		    "a rule of INPUT (%s) is about its packets, but never sees them",
		    rule);
	finding_mend(&finding,
		     "lbctl vip set %s hook input, or say it with: lbctl vip set %s allow ...",
		     vip->name, vip->name);
	doctor_tell(doctor, &finding);
}

/* Who may come to it was not said to the firewall, nor to the module. */
static void vip_is_open(struct doctor *doctor, const struct lb_vip *vip,
			const struct firewall_end *end)
{
	struct finding finding = { .what = "input-policy", .vip = vip->name };

	finding_say(&finding,
		    "INPUT refuses what no rule accepts (%s), but never sees its packets, so any client gets in",
		    end->rule);
	finding_mend(&finding,
		     "lbctl vip set %s allow ..., or lbctl vip set %s hook input; if any client may: %s",
		     vip->name, vip->name, end->accept);
	doctor_tell(doctor, &finding);
}

static void early_look(struct doctor *doctor, struct firewall *firewall,
		       const struct lb_vip *vip)
{
	char rule[FIREWALL_TEXT];
	struct firewall_end end;

	if (firewall_find(firewall, vip, rule, sizeof(rule)))
		vip_bypasses(doctor, vip, rule);
	else if (!vip->allows && firewall_closes(firewall, vip, &end))
		vip_is_open(doctor, vip, &end);
}

static void input_look(struct doctor *doctor, struct firewall *firewall,
		       const struct lb_vip *vip)
{
	struct finding finding = { .what = "input-state", .vip = vip->name };
	struct firewall_end end;
	const char *cause;

	switch (firewall_misfires(firewall, vip, &end)) {
	case FIREWALL_NONE:
		return;
	case FIREWALL_FIRST:
		cause = end.untracked ?
			"only packets of connections that conntrack sees, and refuses its own" :
			"only packets of established connections, and refuses its own";
		break;
	case FIREWALL_LATER:
		cause = "what opens its connections, but refuses what follows";
		break;
	}
	finding_say(&finding, "INPUT accepts %s (%s), which %s", cause,
		    end.rule,
		    end.untracked ? "a notrack rule hides from conntrack" :
				    "conntrack takes for new or invalid");
	finding_mend(&finding, "%s", end.accept);
	doctor_tell(doctor, &finding);
}

/* Its name is a word of foreign origin. */
static void look_sets(struct doctor *doctor, const struct firewall *firewall)
{
	const char *blank = firewall_blank(firewall);
	char name[64];

	if (!blank)
		return;
	lb_text_clean(name, sizeof(name), blank, strlen(blank));
	cmd_warn(doctor->cmd,
		 "what is in the ipset %s is not known, so rules with it are not judged",
		 name);
}

static void look_firewall(struct doctor *doctor)
{
	struct firewall *firewall = firewall_read();
	const struct lb_vip *vip;
	size_t i;

	if (!firewall)
		return;
	if (firewall_unread(firewall))
		cmd_warn(doctor->cmd,
			 "the rules of %s are too many to be looked at",
			 firewall_unread(firewall));
	look_sets(doctor, firewall);
	for (i = 0; i < doctor->pic.vip_count; i++) {
		vip = &doctor->pic.vips[i];
		if (vip->hook == L4LB_HOOK_EARLY)
			early_look(doctor, firewall, vip);
		else
			input_look(doctor, firewall, vip);
	}
	firewall_free(firewall);
}

const struct examination rule_examinations[] = {
	{ look_firewall },
	{ NULL },
};
