// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbctl doctor: who answers for which address on the wire.
 */

#include "cmd.h"
#include "doctor.h"
#include "err.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAC_TEXT	18

/* What may be asked at once without being a flood. */
#define QUESTIONS_MAX	1024

static const char *mac_print(const uint8_t *mac, char *buf, size_t size)
{
	snprintf(buf, size, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1],
		 mac[2], mac[3], mac[4], mac[5]);

	return buf;
}

static const char *protocol(const struct lb_addr *addr)
{
	return addr->family == AF_INET ? "ARP" : "neighbour discovery";
}

static struct question *question_find(const struct doctor *doctor,
				      const struct lb_addr *addr)
{
	size_t i;

	for (i = 0; i < doctor->question_count; i++) {
		if (lb_addr_equal(&doctor->questions[i].addr, addr))
			return &doctor->questions[i];
	}

	return NULL;
}

static void question_add(struct doctor *doctor, const struct lb_link *link,
			 const struct lb_addr *addr)
{
	struct question *question;

	if (doctor->question_count == QUESTIONS_MAX || !link || !link->ether ||
	    !link->up || question_find(doctor, addr))
		return;
	question = &doctor->questions[doctor->question_count++];
	question->link = link;
	question->addr = *addr;
	doctor_own_addr(doctor, link, addr->family, &question->source);
}

/* A halted one need not answer, but may answer for a VIP. */
static void real_ask(struct doctor *doctor, const struct lb_real *real)
{
	struct lb_route route;

	if (doctor_owns(doctor, &real->addr) ||
	    lb_rtnl_route(&doctor->host, &real->addr, &route, NULL) ||
	    route.has_gateway || route.local)
		return;
	question_add(doctor, lb_rtnl_link(&doctor->host, route.link),
		     &real->addr);
}

/* One stands for all that only an address of this host could ask for. */
static void warn_unasked(const struct doctor *doctor)
{
	const struct question *question;
	char addr[LB_ADDR_TEXT];
	size_t i;

	for (i = 0; i < doctor->question_count; i++) {
		question = &doctor->questions[i];
		if (question->asked || question->source.family)
			continue;
		cmd_warn(doctor->cmd,
			 "cannot ask who has %s: %s has no other address to ask from",
			 lb_addr_print(&question->addr, addr, sizeof(addr)),
			 question->link->name);
		return;
	}
}

/**
 * doctor_ask() - ask who has the addresses of VIPs and reals
 * @doctor: doctor
 */
void doctor_ask(struct doctor *doctor)
{
	const struct picture *pic = &doctor->pic;
	struct lb_err err = { 0 };
	size_t i;

	doctor->questions = calloc(QUESTIONS_MAX, sizeof(*doctor->questions));
	if (!doctor->questions)
		return;
	for (i = 0; i < pic->vip_count; i++)
		question_add(doctor, doctor_front(doctor, &pic->vips[i].addr),
			     &pic->vips[i].addr);
	for (i = 0; i < pic->real_count; i++)
		real_ask(doctor, &pic->reals[i]);

	if (doctor->question_count == QUESTIONS_MAX)
		cmd_warn(doctor->cmd, "only %u addresses are asked for",
			 QUESTIONS_MAX);
	if (!solicit(doctor->questions, doctor->question_count, &err)) {
		warn_unasked(doctor);
		return;
	}
	cmd_warn(doctor->cmd, "cannot ask who has which address: %s", err.text);
	doctor->question_count = 0;
}

static bool is_own_mac(const struct doctor *doctor, const uint8_t *mac)
{
	size_t i;

	for (i = 0; i < doctor->host.link_count; i++) {
		if (doctor->host.links[i].ether &&
		    !memcmp(doctor->host.links[i].mac, mac, LB_MAC_LEN))
			return true;
	}

	return false;
}

static bool has_mac(const struct doctor *doctor, const struct lb_real *real,
		    const uint8_t *mac)
{
	const struct question *question = question_find(doctor, &real->addr);
	unsigned int i;

	for (i = 0; question && i < question->count; i++) {
		if (!memcmp(question->mac[i], mac, LB_MAC_LEN))
			return true;
	}

	return false;
}

/* Which real has that MAC address; best one of the same VIP. */
static const struct lb_real *real_find(const struct doctor *doctor,
				       const struct lb_vip *vip,
				       const uint8_t *mac)
{
	const struct lb_real *real, *other = NULL;
	size_t i;

	for (i = 0; i < doctor->pic.real_count; i++) {
		real = &doctor->pic.reals[i];
		if (!has_mac(doctor, real, mac))
			continue;
		if (!strcmp(real->vip, vip->name))
			return real;
		other = real;
	}

	return other;
}

static void unhidden_real(struct finding *finding, const struct lb_vip *vip,
			  const struct lb_real *real, const char *mac)
{
	char addr[LB_ADDR_TEXT], vip_addr[LB_ADDR_TEXT];

	finding->what = "arp-problem";
	finding->real = real->name;
	lb_addr_print(&real->addr, addr, sizeof(addr));
	lb_addr_print(&vip->addr, vip_addr, sizeof(vip_addr));
	finding_say(finding,
		    "this real (%s, %s) answers %s for %s, so clients reach it past the balancer",
		    addr, mac, protocol(&vip->addr), vip_addr);
	if (vip->addr.family == AF_INET)
		finding_mend(finding,
			     "sysctl -w net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2, with %s on lo",
			     vip_addr);
	else
		finding_mend(finding,
			     "ip addr add %s/128 dev lo, and remove it from every other interface",
			     vip_addr);
	snprintf(finding->where, sizeof(finding->where), "%s", addr);
}

static void other_machine(struct finding *finding, const struct lb_vip *vip,
			  const struct lb_link *link, const char *mac)
{
	char addr[LB_ADDR_TEXT];

	finding->what = "duplicate-vip";
	finding->real = NULL;
	*finding->where = '\0';
	lb_addr_print(&vip->addr, addr, sizeof(addr));
	finding_say(finding,
		    "another machine (%s) answers %s for %s on %s", mac,
		    protocol(&vip->addr), addr, link->name);
	finding_mend(finding,
		     "ip neigh show | grep %s says who it is; take %s from it, or let this one stand back: lbctl standby on",
		     mac, addr);
}

static void vip_others(struct doctor *doctor, const struct lb_vip *vip)
{
	const struct question *question = question_find(doctor, &vip->addr);
	struct finding finding = { .vip = vip->name };
	const struct lb_real *real;
	char mac[MAC_TEXT];
	unsigned int i;

	for (i = 0; question && i < question->count; i++) {
		if (is_own_mac(doctor, question->mac[i]))
			continue;
		mac_print(question->mac[i], mac, sizeof(mac));
		real = real_find(doctor, vip, question->mac[i]);
		if (real)
			unhidden_real(&finding, vip, real, mac);
		else
			other_machine(&finding, vip, question->link, mac);
		doctor_tell(doctor, &finding);
	}
}

/* On standby the address is where it should be: on the other one. */
static void look_others(struct doctor *doctor)
{
	size_t i;

	if (doctor->pic.info.standby)
		return;
	for (i = 0; i < doctor->pic.vip_count; i++) {
		if (doctor_is_first(doctor, i))
			vip_others(doctor, &doctor->pic.vips[i]);
	}
}

/* The question for a real; a machine that is several reals is told of once. */
static struct question *question_untold(const struct doctor *doctor,
					const struct lb_real *real)
{
	struct question *question;

	if (real->admin == L4LB_ADMIN_HALT)
		return NULL;
	question = question_find(doctor, &real->addr);
	if (!question || !question->asked || question->told)
		return NULL;
	question->told = true;

	return question;
}

static void unanswered(struct finding *finding, const struct question *question)
{
	char addr[LB_ADDR_TEXT];

	finding->what = "no-answer";
	lb_addr_print(&question->addr, addr, sizeof(addr));
	finding_say(finding, "nobody answers %s for %s on %s",
		    protocol(&question->addr), addr, question->link->name);
	finding_mend(finding,
		     "look at the server and its network, or: lbctl real halt all %s",
		     addr);
}

/* Two machines for one real get each other's connections. */
static void several(struct finding *finding, const struct question *question)
{
	char addr[LB_ADDR_TEXT], one[MAC_TEXT], other[MAC_TEXT];

	finding->what = "duplicate-real";
	lb_addr_print(&question->addr, addr, sizeof(addr));
	mac_print(question->mac[0], one, sizeof(one));
	mac_print(question->mac[1], other, sizeof(other));
	finding_say(finding, "two machines (%s, %s) answer %s for %s", one,
		    other, protocol(&question->addr), addr);
	finding_mend(finding, "take %s from one of them", addr);
}

static void look_reals(struct doctor *doctor)
{
	const struct question *question;
	struct finding finding = { 0 };
	const struct lb_real *real;
	size_t i;

	for (i = 0; i < doctor->pic.real_count; i++) {
		real = &doctor->pic.reals[i];
		question = question_untold(doctor, real);
		if (!question || question->count == 1)
			continue;
		finding.vip = real->vip;
		finding.real = real->name;
		if (question->count)
			several(&finding, question);
		else
			unanswered(&finding, question);
		doctor_tell(doctor, &finding);
	}
}

const struct examination wire_examinations[] = {
	{ look_others },
	{ look_reals },
	{ NULL },
};
