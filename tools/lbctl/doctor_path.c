// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbctl doctor: what is wrong on the way to the reals and back.
 */

#include "doctor.h"

#include <stdio.h>

/* Packets without any answer, from which on that is no chance. */
#define SILENT_PACKETS	8

/* Calls a function with every VIP and real that are in use. */
static void each_real(struct doctor *doctor,
		      void (*look)(struct doctor *doctor,
				   const struct lb_vip *vip,
				   const struct lb_real *real))
{
	const struct lb_real *reals;
	size_t i, j, count;

	for (i = 0; i < doctor->pic.vip_count; i++) {
		reals = picture_reals(&doctor->pic, &doctor->pic.vips[i],
				      &count);
		for (j = 0; j < count; j++) {
			if (reals[j].admin != L4LB_ADMIN_HALT)
				look(doctor, &doctor->pic.vips[i], &reals[j]);
		}
	}
}

static void real_reach(struct doctor *doctor, const struct lb_vip *vip,
		       const struct lb_real *real)
{
	struct finding finding = {
		.what = "no-route",
		.vip = vip->name,
		.real = real->name,
	};
	char addr[LB_ADDR_TEXT], gateway[LB_ADDR_TEXT];
	struct lb_route route;

	lb_addr_print(&real->addr, addr, sizeof(addr));
	switch (real->reach) {
	case L4LB_REACH_NO_ROUTE:
		finding_say(&finding, "there is no route to %s", addr);
		finding_mend(&finding, "ip route add %s/%u dev ...", addr,
			     lb_addr_bits(&real->addr));
		break;
	case L4LB_REACH_GATEWAY:
		finding.what = "not-on-link";
		if (lb_rtnl_route(&doctor->host, &real->addr, &route, NULL) ||
		    !route.has_gateway)
			snprintf(gateway, sizeof(gateway), "a gateway");
		else
			lb_addr_print(&route.gateway, gateway,
				      sizeof(gateway));
		finding_say(&finding,
			    "%s is behind %s, and mode dr reaches no further than the own network",
			    addr, gateway);
		finding_mend(&finding, "lbctl vip set %s mode snat",
			     vip->name);
		break;
	case L4LB_REACH_UNSUPPORTED:
		finding_say(&finding,
			    "the route to %s is a tunnel or IPsec, which is not supported",
			    addr);
		finding_mend(&finding, "ip route get %s", addr);
		break;
	default:
		return;
	}
	doctor_tell(doctor, &finding);
}

static void look_reach(struct doctor *doctor)
{
	each_real(doctor, real_reach);
}

/* With DR answers go past this host, and a real need not have been asked. */
static void real_silent(struct doctor *doctor, const struct lb_vip *vip,
			const struct lb_real *real)
{
	struct finding finding = {
		.what = "no-reply",
		.vip = vip->name,
		.real = real->name,
	};
	char addr[LB_ADDR_TEXT] = "...";
	struct lb_route route;

	if (vip->mode != L4LB_MODE_NAT || !(vip->protos & L4LB_PROTO_TCP) ||
	    real->stats.in_packets < SILENT_PACKETS ||
	    real->stats.out_packets)
		return;

	if (!lb_rtnl_route(&doctor->host, &real->addr, &route, NULL) &&
	    route.source.family)
		lb_addr_print(&route.source, addr, sizeof(addr));
	finding_say(&finding,
		    "%llu packets went to it, and no reply was ever seen: its route to the clients does not lead through this host",
		    (unsigned long long)real->stats.in_packets);
	finding_mend(&finding, "ip route replace default via %s", addr);
	lb_addr_print(&real->addr, finding.where, sizeof(finding.where));
	doctor_tell(doctor, &finding);
}

static void look_replies(struct doctor *doctor)
{
	each_real(doctor, real_silent);
}

static void link_look(struct doctor *doctor, const struct lb_link *link,
		      const char *vip, const char *real)
{
	struct finding finding = {
		.what = "link-down",
		.vip = vip,
		.real = real,
	};

	if (!link || (link->up && link->running))
		return;
	finding_say(&finding, "%s is %s", link->name,
		    link->up ? "without a carrier" : "down");
	if (link->up)
		finding_mend(&finding, "ip -s link show dev %s; look at its cable and switch",
			     link->name);
	else
		finding_mend(&finding, "ip link set dev %s up", link->name);
	doctor_tell(doctor, &finding);
}

static void look_links(struct doctor *doctor)
{
	const struct lb_vip *vip;
	size_t i;

	for (i = 0; i < doctor->pic.vip_count; i++) {
		vip = &doctor->pic.vips[i];
		if (doctor_is_first(doctor, i))
			link_look(doctor, doctor_front(doctor, &vip->addr),
				  vip->name, NULL);
	}
}

/* What comes in must go out in one piece. */
static void real_mtu(struct doctor *doctor, const struct lb_vip *vip,
		     const struct lb_real *real)
{
	struct finding finding = {
		.what = "mtu",
		.vip = vip->name,
		.real = real->name,
	};
	const struct lb_link *front, *back;
	struct lb_route route;

	front = doctor_front(doctor, &vip->addr);
	if (!front || real->reach != L4LB_REACH_OK ||
	    lb_rtnl_route(&doctor->host, &real->addr, &route, NULL))
		return;
	back = lb_rtnl_link(&doctor->host, route.link);
	if (!back || back->mtu >= front->mtu)
		return;
	finding_say(&finding,
		    "packets of up to %u bytes come in by %s, but only %u bytes go out by %s",
		    front->mtu, front->name, back->mtu, back->name);
	finding_mend(&finding, "ip link set dev %s mtu %u", back->name,
		     front->mtu);
	doctor_tell(doctor, &finding);
}

static void look_mtu(struct doctor *doctor)
{
	each_real(doctor, real_mtu);
}

const struct examination path_examinations[] = {
	{ look_links },
	{ look_reach },
	{ look_replies },
	{ look_mtu },
	{ NULL },
};
