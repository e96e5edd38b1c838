// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a plan does that whoever wrote the file may not have meant: VIPs that
 * take clients of this host itself, or that get none because their address is
 * not here. A file says what is to be, so that they are warned of and not
 * refused; those that were so before have been warned of before.
 */

#include "caution.h"
#include "change.h"
#include "cmd.h"
#include "err.h"
#include "listener.h"
#include "place.h"
#include "rtnl.h"
#include "vip_guard.h"

#include <stdlib.h>

/* What says where a VIP is. */
#define PLACE	(LB_BIT(L4LB_A_VIP_ADDR4) | LB_BIT(L4LB_A_VIP_PROTOS) | \
		 LB_BIT(L4LB_A_VIP_PORTS) | LB_BIT(L4LB_A_VIP_DEV))

/* This host: its sockets, and what to ask for its addresses. */
struct host {
	struct listener *sockets;
	size_t count;
	struct lb_rtnl rtnl;
	bool known;
};

static bool is_risky(const struct lb_change *change)
{
	if (change->noun != LB_NOUN_VIP || change->kind == LB_CHANGE_DEL ||
	    change->then.vip->force)
		return false;

	return change->kind == LB_CHANGE_ADD || change->has & PLACE;
}

static void place_look(struct host *host, const struct lb_vip *vip,
		       struct lb_err *err)
{
	struct lb_route route;
	char addr[LB_ADDR_TEXT];

	if (lb_place_waits(vip))
		lb_err_set(err, 0, "it waits for %s, which is not there or down",
			   vip->dev);
	if (*vip->dev || !host->known)
		return;
	if (!lb_rtnl_route(&host->rtnl, &vip->addr, &route, NULL) &&
	    route.local)
		return;
	lb_err_set(err, 0,
		   "%s is not an address of this host, so it does not serve",
		   lb_addr_print(&vip->addr, addr, sizeof(addr)));
}

static void change_look(const struct cmd *cmd, const char *label,
			struct host *host, const struct lb_change *change)
{
	const struct lb_vip *vip = change->then.vip;
	const char *verb = change->kind == LB_CHANGE_ADD ? "add" : "set";
	struct lb_err why = { 0 };

	if (!vip_guard_look(vip, host->sockets, host->count, &why))
		place_look(host, vip, &why);
	if (*why.text)
		cmd_warn(cmd, "%s, line %u: vip %s %s: %s", label,
			 change->line, verb, vip->name, why.text);
}

/**
 * caution() - warn of VIPs that come or move and take clients of this host
 * itself or have no address on it, unless their line has "force"
 * @cmd: command
 * @label: what the file is called
 * @plan: what is done
 */
void caution(const struct cmd *cmd, const char *label,
	     const struct lb_plan *plan)
{
	struct host host = { 0 };
	bool begun = false;
	size_t i;

	for (i = 0; i < plan->count && !cmd->quiet; i++) {
		if (!is_risky(&plan->change[i]))
			continue;
		if (!begun) {
			listener_list(&host.sockets, &host.count);
			host.known = !lb_rtnl_open(&host.rtnl, NULL);
			begun = true;
		}
		change_look(cmd, label, &host, &plan->change[i]);
	}
	free(host.sockets);
	if (host.known)
		lb_rtnl_close(&host.rtnl);
}
