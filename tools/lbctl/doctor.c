// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbctl doctor: looks for what makes sites fail.
 */

#include "doctor.h"
#include "cmd.h"
#include "err.h"
#include "out.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/**
 * finding_say() - say what is wrong
 * @finding: finding
 * @fmt: format of the text, which may have words of foreign origin
 */
void finding_say(struct finding *finding, const char *fmt, ...)
{
	char text[FINDING_TEXT];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	lb_text_clean(finding->text, sizeof(finding->text), text,
		      strlen(text));
}

/**
 * finding_mend() - say how that is mended
 * @finding: finding
 * @fmt: format of the command, which may have words of foreign origin
 */
void finding_mend(struct finding *finding, const char *fmt, ...)
{
	char text[FINDING_TEXT];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	lb_text_clean(finding->mend, sizeof(finding->mend), text,
		      strlen(text));
}

static void tell_text(const struct finding *finding)
{
	printf("%s", finding->what);
	if (finding->vip)
		printf(" %s", finding->vip);
	if (finding->real)
		printf("/%s", finding->real);
	printf(": %s\n", finding->text);
	if (*finding->where)
		printf("\ton %s: %s\n", finding->where, finding->mend);
	else
		printf("\t%s\n", finding->mend);
}

/**
 * doctor_tell() - tell what was found
 * @doctor: doctor
 * @finding: that
 */
void doctor_tell(struct doctor *doctor, const struct finding *finding)
{
	struct lb_out *out = doctor->cmd->out;

	doctor->found++;
	if (!doctor->cmd->json) {
		if (!doctor->cmd->quiet)
			tell_text(finding);
		return;
	}

	lb_out_object(out, NULL);
	lb_out_str(out, "finding", NULL, finding->what);
	if (finding->vip)
		lb_out_str(out, "vip", NULL, finding->vip);
	if (finding->real)
		lb_out_str(out, "real", NULL, finding->real);
	lb_out_str(out, "text", NULL, finding->text);
	lb_out_str(out, "mend", NULL, finding->mend);
	lb_out_str(out, "where", NULL, finding->where);
	lb_out_end(out);
}

/**
 * doctor_is_first() - ask whether a VIP is the first with its address: what is
 * wrong with an address is told once
 * @doctor: doctor
 * @index: which VIP
 *
 * Return: whether it is.
 */
bool doctor_is_first(const struct doctor *doctor, size_t index)
{
	const struct lb_vip *vips = doctor->pic.vips;
	size_t i;

	for (i = 0; i < index; i++) {
		if (lb_addr_equal(&vips[i].addr, &vips[index].addr))
			return false;
	}

	return true;
}

static bool prefix_has(const struct lb_prefix *prefix,
		       const struct lb_addr *addr)
{
	const uint8_t *a = (const uint8_t *)&prefix->addr.v6;
	const uint8_t *b = (const uint8_t *)&addr->v6;
	unsigned int bytes = prefix->len / 8, bits = prefix->len % 8;

	if (prefix->addr.family != addr->family || memcmp(a, b, bytes))
		return false;

	return !bits || !((a[bytes] ^ b[bytes]) >> (8 - bits));
}

/**
 * doctor_front() - find the Ethernet that an address belongs to, by the networks
 * that this host has there
 * @doctor: doctor
 * @addr: the address
 *
 * Return: the interface, or NULL if there is none.
 */
const struct lb_link *doctor_front(const struct doctor *doctor,
				   const struct lb_addr *addr)
{
	const struct lb_host_addr *own;
	const struct lb_link *link;
	size_t i;

	for (i = 0; i < doctor->host.addr_count; i++) {
		own = &doctor->host.addrs[i];
		link = lb_rtnl_link(&doctor->host, own->link);
		if (link && link->ether && prefix_has(&own->prefix, addr))
			return link;
	}

	return NULL;
}

/**
 * doctor_owns() - ask whether this host has an address
 * @doctor: doctor
 * @addr: the address
 *
 * Return: whether it has.
 */
bool doctor_owns(const struct doctor *doctor, const struct lb_addr *addr)
{
	size_t i;

	for (i = 0; i < doctor->host.addr_count; i++) {
		if (lb_addr_equal(&doctor->host.addrs[i].prefix.addr, addr))
			return true;
	}

	return false;
}

static bool is_vip(const struct doctor *doctor, const struct lb_addr *addr)
{
	size_t i;

	for (i = 0; i < doctor->pic.vip_count; i++) {
		if (lb_addr_equal(&doctor->pic.vips[i].addr, addr))
			return true;
	}

	return false;
}

/**
 * doctor_own_addr() - find an address of this host by which it is known on an
 * Ethernet, which is not one of a VIP
 * @doctor: doctor
 * @link: interface
 * @family: AF_INET or AF_INET6
 * @addr: where to; no family if there is none
 */
void doctor_own_addr(const struct doctor *doctor, const struct lb_link *link,
		     int family, struct lb_addr *addr)
{
	const struct lb_host_addr *own;
	size_t i;

	memset(addr, 0, sizeof(*addr));
	for (i = 0; i < doctor->host.addr_count; i++) {
		own = &doctor->host.addrs[i];
		if (own->link != link->index ||
		    own->prefix.addr.family != family ||
		    is_vip(doctor, &own->prefix.addr))
			continue;
		*addr = own->prefix.addr;
		return;
	}
}

static void examine(struct doctor *doctor, const struct examination *table)
{
	for (; table->look; table++)
		table->look(doctor);
}

static void examine_all(struct doctor *doctor)
{
	struct lb_out *out = doctor->cmd->out;

	lb_out_object(out, NULL);
	lb_out_list(out, "findings");
	examine(doctor, host_examinations);
	examine(doctor, rule_examinations);
	examine(doctor, path_examinations);
	doctor_ask(doctor);
	examine(doctor, wire_examinations);
	lb_out_end(out);
	lb_out_end(out);
	if (!doctor->found && !doctor->cmd->json && !doctor->cmd->quiet)
		puts("nothing found");
}

static int doctor_run(struct cmd *cmd, struct lb_words *words)
{
	struct doctor doctor = { .cmd = cmd };
	struct lb_err err = { 0 };
	int ret;

	ret = picture_get(cmd, words, &doctor.pic);
	if (ret)
		return ret;

	ret = lb_rtnl_open(&doctor.host, &err);
	if (ret) {
		ret = cmd_refused(cmd, ret, &err);
	} else {
		examine_all(&doctor);
		ret = doctor.found ? EXIT_REFUSED : EXIT_DONE;
		lb_rtnl_close(&doctor.host);
	}
	free(doctor.questions);
	picture_free(&doctor.pic);

	return ret;
}

const struct verb doctor_verbs[] = {
	{ .object = "doctor", .usage = "", .run = doctor_run },
	{ .object = NULL },
};
