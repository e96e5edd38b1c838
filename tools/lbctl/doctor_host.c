// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbctl doctor: what is wrong with this host itself.
 */

#include "checker.h"
#include "doctor.h"
#include "err.h"
#include "listener.h"
#include "saved.h"
#include "version.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void look_version(struct doctor *doctor)
{
	struct finding finding = { .what = "version" };

	if (!strcmp(doctor->pic.info.version, LB_VERSION))
		return;
	finding_say(&finding, "the module is version %s, lbctl is version %s",
		    doctor->pic.info.version, LB_VERSION);
	finding_mend(&finding,
		     "lbctl save /etc/l4lb.conf && rmmod l4lb && modprobe l4lb && lbctl apply /etc/l4lb.conf");
	doctor_tell(doctor, &finding);
}

static void look_checker(struct doctor *doctor)
{
	struct finding finding = { .what = "no-checker" };

	if (!picture_needs_checker(&doctor->pic) || lb_checker_runs())
		return;
	finding_say(&finding,
		    "reals have checks, but no checker is running: nobody sees when one fails");
	finding_mend(&finding, "systemctl enable --now lbcheckd");
	doctor_tell(doctor, &finding);
}

/* Where an address would be put, as far as that can be guessed. */
static const char *link_for(const struct doctor *doctor,
			    const struct lb_addr *addr)
{
	const struct lb_link *link = doctor_front(doctor, addr);

	return link ? link->name : "lo";
}

static const struct lb_link *link_named(const struct doctor *doctor,
					const char *name)
{
	size_t i;

	for (i = 0; i < doctor->host.link_count; i++) {
		if (!strcmp(doctor->host.links[i].name, name))
			return &doctor->host.links[i];
	}

	return NULL;
}

/* It comes with its interface, if somebody is there to put it there. */
static void address_waits(const struct doctor *doctor,
			  struct finding *finding, const struct lb_vip *vip,
			  const char *addr)
{
	const struct lb_link *link = link_named(doctor, vip->dev);

	if (link && link->up) {
		finding_say(finding,
			    "%s is not on %s, although that is up, so it does not serve",
			    addr, vip->dev);
		if (lb_checker_runs())
			finding_mend(finding, "lbctl vip set %s dev %s",
				     vip->name, vip->dev);
		else
			finding_mend(finding, "systemctl start lbcheckd");
		return;
	}
	finding_say(finding, "it waits for %s, which is %s", vip->dev,
		    link ? "down" : "not there");
	finding_mend(finding, "ip link set dev %s up%s", vip->dev,
		     link ? "" : ", once it is there");
}

static void look_address(struct doctor *doctor)
{
	struct finding finding = { .what = "no-address" };
	const struct lb_vip *vip;
	char addr[LB_ADDR_TEXT];
	size_t i;

	for (i = 0; i < doctor->pic.vip_count; i++) {
		vip = &doctor->pic.vips[i];
		if (vip->state != L4LB_VIP_NO_ADDRESS ||
		    !doctor_is_first(doctor, i))
			continue;
		finding.vip = vip->name;
		lb_addr_print(&vip->addr, addr, sizeof(addr));
		if (*vip->dev) {
			address_waits(doctor, &finding, vip, addr);
			doctor_tell(doctor, &finding);
			continue;
		}
		finding_say(&finding,
			    "%s is not an address of this host, so it does not serve",
			    addr);
		finding_mend(&finding, "ip addr add %s/%u dev %s", addr,
			     lb_addr_bits(&vip->addr),
			     link_for(doctor, &vip->addr));
		doctor_tell(doctor, &finding);
	}
}

/* A number from below /proc/sys, or -1. */
static int sysctl_read(const char *path)
{
	char name[128], text[16] = "";
	ssize_t len;
	int fd;

	snprintf(name, sizeof(name), "/proc/sys/%s", path);
	fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	len = read(fd, text, sizeof(text) - 1);
	close(fd);

	return len > 0 ? atoi(text) : -1;
}

static void look_forward(struct doctor *doctor, int family, const char *path)
{
	struct finding finding = { .what = "ip-forward" };
	const struct lb_vip *vip;
	size_t i;

	if (sysctl_read(path))
		return;
	for (i = 0; i < doctor->pic.vip_count; i++) {
		vip = &doctor->pic.vips[i];
		if (vip->addr.family != family || vip->mode == L4LB_MODE_DR)
			continue;
		finding.vip = vip->name;
		finding_say(&finding,
			    "this host does not forward, so fragments and ICMP errors of reals do not reach clients");
		finding_mend(&finding, "sysctl -w %s=1", path);
		doctor_tell(doctor, &finding);
		return;
	}
}

static void look_forward4(struct doctor *doctor)
{
	look_forward(doctor, AF_INET, "net/ipv4/ip_forward");
}

static void look_forward6(struct doctor *doctor)
{
	look_forward(doctor, AF_INET6, "net/ipv6/conf/all/forwarding");
}

static bool is_strict(const char *name, char *path, size_t size)
{
	int all = sysctl_read("net/ipv4/conf/all/rp_filter"), own;

	snprintf(path, size, "net/ipv4/conf/%s/rp_filter", name);
	own = sysctl_read(path);

	return (all > own ? all : own) == 1;
}

/*
 * Clients are somewhere out there; an address for documentation, which nobody
 * has a route for, stands for them.
 */
static int way_out(struct doctor *doctor)
{
	struct lb_addr anywhere;
	struct lb_route route;

	lb_addr_parse("203.0.113.1", &anywhere, NULL);
	if (lb_rtnl_route(&doctor->host, &anywhere, &route, NULL))
		return 0;

	return route.link;
}

static void look_rp_filter(struct doctor *doctor)
{
	struct finding finding = { .what = "rp-filter" };
	const struct lb_link *link, *out;
	const struct lb_vip *vip;
	char path[128];
	size_t i;

	out = lb_rtnl_link(&doctor->host, way_out(doctor));
	for (i = 0; out && i < doctor->pic.vip_count; i++) {
		vip = &doctor->pic.vips[i];
		if (vip->addr.family != AF_INET || !doctor_is_first(doctor, i))
			continue;
		link = doctor_front(doctor, &vip->addr);
		if (!link || link == out ||
		    !is_strict(link->name, path, sizeof(path)))
			continue;
		finding.vip = vip->name;
		finding_say(&finding,
			    "clients come in by %s, but their route is by %s, and rp_filter drops %s",
			    link->name, out->name,
			    vip->hook == L4LB_HOOK_INPUT ?
			    "what they send" :
			    "their fragments and ICMP errors");
		finding_mend(&finding, "sysctl -w %s=2", path);
		doctor_tell(doctor, &finding);
	}
}

static void look_sockets(struct doctor *doctor)
{
	struct finding finding = { .what = "local-socket" };
	char addr[LB_ADDR_TEXT], process[LISTENER_TEXT];
	const struct listener *socket;
	const struct lb_vip *vip;
	struct listener *list;
	size_t count, i;

	if (listener_list(&list, &count))
		return;
	for (i = 0; i < doctor->pic.vip_count; i++) {
		vip = &doctor->pic.vips[i];
		socket = listener_find(list, count, vip);
		if (!socket)
			continue;
		finding.vip = vip->name;
		listener_process(socket, process, sizeof(process));
		lb_addr_print_port(&socket->addr, socket->port, addr,
				   sizeof(addr));
		finding_say(&finding,
			    "%s listens on %s %s, but gets no clients at the address of this VIP",
			    process,
			    socket->proto == L4LB_PROTO_UDP ? "udp" : "tcp",
			    addr);
		finding_mend(&finding,
			     "let %s listen on another address or port, or give the VIP others: lbctl vip set %s ports ...",
			     process, vip->name);
		doctor_tell(doctor, &finding);
	}
	free(list);
}

static void look_saved(struct doctor *doctor)
{
	struct finding finding = { .what = "not-saved" };
	char why[FINDING_TEXT];

	if (!doctor->pic.vip_count && access(SAVED_FILE, F_OK))
		return;
	switch (saved_compare(why, sizeof(why))) {
	case SAVED_SAME:
		return;
	case SAVED_NONE:
		finding_say(&finding,
			    "there is no %s, so all this is gone after the next boot",
			    SAVED_FILE);
		finding_mend(&finding, "lbctl save " SAVED_FILE);
		break;
	case SAVED_DIFFERS:
		finding_say(&finding,
			    "the configuration that runs is not that of " SAVED_FILE);
		finding_mend(&finding,
			     "lbctl plan %s, then lbctl save %s or lbctl apply %s",
			     SAVED_FILE, SAVED_FILE, SAVED_FILE);
		break;
	case SAVED_WRONG:
		finding.what = "saved-wrong";
		finding_say(&finding, SAVED_FILE " cannot be applied: %s", why);
		finding_mend(&finding, "lbctl plan " SAVED_FILE);
		break;
	}
	doctor_tell(doctor, &finding);
}

const struct examination host_examinations[] = {
	{ look_version },
	{ look_checker },
	{ look_address },
	{ look_forward4 },
	{ look_forward6 },
	{ look_rp_filter },
	{ look_sockets },
	{ look_saved },
	{ NULL },
};
