// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a VIP would take away from this host, or from its firewall: who cuts
 * himself off must have said that he wants to.
 */

#include "vip_guard.h"
#include "cmd.h"
#include "err.h"
#include "firewall.h"
#include "listener.h"
#include "model.h"
#include "place.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

/**
 * vip_guard_look() - see whether a VIP takes clients of this host itself
 * @vip: the VIP as it would be
 * @sockets: those of this host
 * @count: how many
 * @err: which clients
 *
 * Return: 0, or -EADDRINUSE if it does.
 */
int vip_guard_look(const struct lb_vip *vip, const struct listener *sockets,
		   size_t count, struct lb_err *err)
{
	char addr[LB_ADDR_TEXT], process[LISTENER_TEXT];
	const struct listener *socket;

	if (lb_ports_any(&vip->ports) &&
	    (!*vip->dev || lb_place_is_foreign(&vip->addr)))
		return lb_err_set(err, -EADDRINUSE,
				  "it takes all ports of %s, also those by which this host is reached",
				  lb_addr_print(&vip->addr, addr,
						sizeof(addr)));

	socket = listener_find(sockets, count, vip);
	if (!socket)
		return 0;

	return lb_err_set(err, -EADDRINUSE,
			  "%s listens on %s %s and would get no more clients at this address",
			  listener_process(socket, process, sizeof(process)),
			  socket->proto == L4LB_PROTO_UDP ? "udp" : "tcp",
			  lb_addr_print_port(&socket->addr, socket->port, addr,
					     sizeof(addr)));
}

/**
 * vip_guard() - refuse a VIP that takes clients of this host itself
 * @vip: the VIP as it would be
 * @err: which clients
 *
 * Return: 0, or -EADDRINUSE if it does.
 */
int vip_guard(const struct lb_vip *vip, struct lb_err *err)
{
	struct listener *sockets = NULL;
	struct lb_err why = { 0 };
	size_t count = 0;
	int ret;

	/* What cannot be seen cannot be guarded. */
	listener_list(&sockets, &count);
	ret = vip_guard_look(vip, sockets, count, &why);
	free(sockets);
	if (!ret)
		return 0;

	return lb_err_set(err, ret, "%s; force takes them", why.text);
}

/**
 * vip_guard_warn() - warn of a rule of the firewall that is about a VIP but does
 * not see its packets
 * @cmd: command
 * @vip: the VIP as it is
 */
void vip_guard_warn(const struct cmd *cmd, const struct lb_vip *vip)
{
	/* Of many commands of one program only the first asks. */
	static struct firewall *firewall;
	static bool asked;
	char rule[FIREWALL_TEXT];

	if (cmd->quiet || vip->hook != L4LB_HOOK_EARLY)
		return;
	if (!asked && firewall_is_likely())
		firewall = firewall_read();
	asked = true;
	if (firewall && firewall_find(firewall, vip, rule, sizeof(rule)))
		cmd_warn(cmd,
			 "a rule of INPUT (%s) is about its packets, but sees them only with hook input",
			 rule);
}
