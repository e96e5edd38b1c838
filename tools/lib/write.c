// SPDX-License-Identifier: GPL-2.0-only
/*
 * Objects to the command line's words, which make them again: those that differ
 * from their defaults, in the same order always.
 */

#include "write.h"
#include "duration.h"
#include "lex.h"
#include "names.h"
#include "seed.h"
#include "site.h"
#include "whole.h"

#include <stdlib.h>
#include <string.h>

static void write_time(FILE *file, const char *word, uint32_t ms)
{
	char text[LB_DURATION_TEXT];

	fprintf(file, " %s %s", word,
		ms ? lb_duration_print(ms, text, sizeof(text)) : "off");
}

static void write_name(FILE *file, const char *word,
		       const struct lb_names *names, uint8_t value)
{
	fprintf(file, " %s %s", word, lb_names_word(names, value));
}

static void write_ports(FILE *file, const struct lb_ports *ports)
{
	char text[LB_PORTS_TEXT];

	fprintf(file, " %s", lb_ports_print(ports, text, sizeof(text)));
}

static void write_addr(FILE *file, const struct lb_addr *addr)
{
	char text[LB_ADDR_TEXT];

	fprintf(file, " %s", lb_addr_print(addr, text, sizeof(text)));
}

/* A whole check: its type, and what the type alone does not say. */
static void write_check(FILE *file, const struct lb_check *check)
{
	fprintf(file, " check %s", check->type);
	if (check->ports.count) {
		fputs(" port", file);
		write_ports(file, &check->ports);
	}
	if (check->interval != L4LB_CHECK_INTERVAL_DEFAULT)
		write_time(file, "interval", check->interval);
	if (check->fast)
		write_time(file, "fast", check->fast);
	if (check->timeout != L4LB_CHECK_TIMEOUT_DEFAULT)
		write_time(file, "timeout", check->timeout);
	if (check->rise != L4LB_CHECK_RISE_DEFAULT)
		fprintf(file, " rise %u", check->rise);
	if (check->fall != L4LB_CHECK_FALL_DEFAULT)
		fprintf(file, " fall %u", check->fall);
	if (check->via != L4LB_VIA_REAL)
		write_name(file, "via", &lb_via_names, check->via);
	if (check->agent)
		fprintf(file, " agent %u", check->agent);
	if (check->guard)
		fprintf(file, " guard %u", check->guard);
	if (*check->secret)
		fprintf(file, " secret %s", check->secret);
	if (check->args) {
		fputs(" args ", file);
		lb_lex_write(file, check->args);
	}
}

static void write_allow(FILE *file, const struct lb_allow *allow)
{
	char *text = allow->count ? lb_allow_text(allow) : NULL;

	fprintf(file, " allow %s", text ? text : "any");
	free(text);
}

static void write_sources(FILE *file, const struct lb_sources *sources)
{
	char text[LB_SOURCES_TEXT];

	fprintf(file, " source %s",
		lb_sources_print(sources, text, sizeof(text)));
}

static void write_fallback(FILE *file, const struct lb_vip *vip)
{
	char text[LB_ADDR_TEXT] = "off";

	if (vip->fallback.family)
		lb_addr_print_port(&vip->fallback, vip->fallback_port, text,
				   sizeof(text));
	fprintf(file, " fallback %s", text);
}

/* It may be the name of any interface, also of what needs quotes. */
static void write_dev(FILE *file, const char *dev)
{
	fputs(" dev ", file);
	lb_lex_write(file, *dev ? dev : "default");
}

/* What a VIP has by place where it is made, and as options where it changes. */
static void write_vip_place(FILE *file, const struct lb_vip *vip, uint32_t has)
{
	if (lb_has(has, L4LB_A_VIP_ADDR4)) {
		fputs(" address", file);
		write_addr(file, &vip->addr);
	}
	if (lb_has(has, L4LB_A_VIP_PROTOS))
		write_name(file, "protocol", &lb_protos_names, vip->protos);
	if (lb_has(has, L4LB_A_VIP_PORTS)) {
		fputs(" ports", file);
		write_ports(file, &vip->ports);
	}
}

/**
 * lb_write_vip_options() - write options of a VIP
 * @file: where to
 * @vip: the VIP
 * @has: bits of those to write, see lb_vip_diff()
 */
void lb_write_vip_options(FILE *file, const struct lb_vip *vip, uint32_t has)
{
	char seed[LB_SEED_TEXT];

	write_vip_place(file, vip, has);
	if (lb_has(has, L4LB_A_VIP_MODE))
		write_name(file, "mode", &lb_mode_names, vip->mode);
	if (lb_has(has, L4LB_A_VIP_SCHED))
		write_name(file, "sched", &lb_sched_names, vip->sched);
	if (lb_has(has, L4LB_A_VIP_PERSIST))
		write_time(file, "persist", vip->persist);
	if (lb_has(has, L4LB_A_VIP_MASK))
		fprintf(file, " mask %u", vip->mask);
	if (lb_has(has, L4LB_A_VIP_IDLE))
		write_time(file, "idle", vip->idle);
	if (has & LB_VIP_ALLOW)
		write_allow(file, &vip->allow);
	if (lb_has(has, L4LB_A_VIP_ORPHAN))
		write_name(file, "orphan", &lb_orphan_names, vip->orphan);
	if (lb_has(has, L4LB_A_VIP_NO_REAL))
		write_name(file, "no-real", &lb_no_real_names, vip->no_real);
	if (lb_has(has, L4LB_A_VIP_FALLBACK))
		write_fallback(file, vip);
	if (lb_has(has, L4LB_A_VIP_HOOK))
		write_name(file, "hook", &lb_hook_names, vip->hook);
	if (lb_has(has, L4LB_A_VIP_SLOW_START))
		write_time(file, "slow-start", vip->slow_start);
	if (lb_has(has, L4LB_A_VIP_SEED))
		fprintf(file, " seed %s",
			lb_seed_print(vip->seed, seed, sizeof(seed)));
	if (lb_has(has, L4LB_A_VIP_SOURCES))
		write_sources(file, &vip->sources);
	if (lb_has(has, L4LB_A_VIP_DEV))
		write_dev(file, vip->dev);
	if (lb_has(has, L4LB_A_VIP_CHECK))
		write_check(file, &vip->check);
}

/* A VIP of which nothing is said that needs not be said. */
static uint32_t vip_said(const struct lb_vip *vip)
{
	struct lb_vip plain = {
		.addr = vip->addr,
		.protos = vip->protos,
		.ports = vip->ports,
	};

	lb_vip_whole(&plain, NULL);

	return lb_vip_diff(&plain, vip) | LB_BIT(L4LB_A_VIP_MODE) |
	       LB_BIT(L4LB_A_VIP_SCHED);
}

/**
 * lb_write_vip() - write the line that makes a VIP, without its end
 * @file: where to
 * @verb: ``add`` or ``replace``
 * @vip: the VIP, a whole one
 */
void lb_write_vip(FILE *file, const char *verb, const struct lb_vip *vip)
{
	fprintf(file, "vip %s %s", verb, vip->name);
	write_addr(file, &vip->addr);
	fprintf(file, " %s", lb_names_word(&lb_protos_names, vip->protos));
	write_ports(file, &vip->ports);
	lb_write_vip_options(file, vip, vip_said(vip));
}

/**
 * lb_write_real_options() - write options of a real
 * @file: where to
 * @real: the real
 * @has: bits of those to write, see lb_real_diff()
 */
void lb_write_real_options(FILE *file, const struct lb_real *real, uint32_t has)
{
	if (lb_has(has, L4LB_A_REAL_ADDR4)) {
		fputs(" address", file);
		write_addr(file, &real->addr);
	}
	if (lb_has(has, L4LB_A_REAL_PORT) && real->port)
		fprintf(file, " port %u", real->port);
	else if (lb_has(has, L4LB_A_REAL_PORT))
		fputs(" port default", file);
	if (lb_has(has, L4LB_A_REAL_WEIGHT))
		fprintf(file, " weight %u", real->weight);
	if (lb_has(has, L4LB_A_REAL_MAX_CONNS))
		fprintf(file, " max-conns %u", real->max_conns);
	if (lb_has(has, L4LB_A_REAL_ADMIN))
		write_name(file, "state", &lb_admin_names, real->admin);
	if (lb_has(has, L4LB_A_REAL_CHECK))
		write_check(file, &real->check);
	else if (lb_has(has, L4LB_A_REAL_CHECK_INHERIT))
		fputs(" check inherit", file);
}

static uint32_t real_said(const struct lb_real *real)
{
	const struct lb_real plain = {
		.addr = real->addr,
		.weight = L4LB_WEIGHT_DEFAULT,
	};

	return lb_real_diff(&plain, real) |
	       (real->has & LB_BIT(L4LB_A_REAL_ADMIN));
}

/**
 * lb_write_real() - write the line that makes a real, without its end
 * @file: where to
 * @verb: ``add`` or ``replace``
 * @real: the real, a whole one
 */
void lb_write_real(FILE *file, const char *verb, const struct lb_real *real)
{
	fprintf(file, "real %s %s %s", verb, real->vip, real->name);
	write_addr(file, &real->addr);
	lb_write_real_options(file, real, real_said(real));
}

static void write_limit(FILE *file, const char *word, uint32_t max)
{
	if (max)
		fprintf(file, " limit %s %u", word, max);
	else
		fprintf(file, " limit %s default", word);
}

/**
 * lb_write_info() - write the line that sets what holds for the namespace,
 * without its end
 * @file: where to
 * @info: what holds; a limit of 0 is its default
 * @has: bits of what to write
 */
void lb_write_info(FILE *file, const struct lb_info *info, uint32_t has)
{
	char seed[LB_SEED_TEXT], partners[LB_MACS_TEXT];

	fputs("global set", file);
	if (lb_has(has, L4LB_A_INFO_SEED))
		fprintf(file, " seed %s",
			lb_seed_print(info->seed, seed, sizeof(seed)));
	if (lb_has(has, L4LB_A_INFO_VIPS_MAX))
		write_limit(file, "vips", info->vips_max);
	if (lb_has(has, L4LB_A_INFO_REALS_MAX))
		write_limit(file, "reals", info->reals_max);
	if (lb_has(has, L4LB_A_INFO_CONNS_MAX))
		write_limit(file, "conns", info->conns_max);
	if (lb_has(has, L4LB_A_INFO_PERSISTS_MAX))
		write_limit(file, "persist", info->persists_max);
	if (lb_has(has, L4LB_A_INFO_PARTNERS))
		fprintf(file, " partner %s",
			lb_macs_print(&info->partners, partners,
				      sizeof(partners)));
}

/**
 * lb_write_pin() - write the line that binds a client for ever, without its end
 * @file: where to
 * @pin: the client
 */
void lb_write_pin(FILE *file, const struct lb_persist *pin)
{
	char client[LB_ADDR_TEXT];

	fprintf(file, "persist add vip %s src %s real %s forever", pin->vip,
		lb_addr_print(&pin->client.addr, client, sizeof(client)),
		pin->real);
}

/**
 * lb_site_write() - write a site as lines, which make it again
 * @site: the site, sorted
 * @file: where to
 */
void lb_site_write(const struct lb_site *site, FILE *file)
{
	const struct lb_info none = { 0 };
	uint32_t has = lb_info_diff(&site->info, &none);
	size_t vip, real = 0, pin = 0;
	const char *name;

	if (has) {
		lb_write_info(file, &site->info, has);
		fputc('\n', file);
	}
	for (vip = 0; vip < site->vip_count; vip++) {
		name = site->vips[vip].name;
		lb_write_vip(file, "add", &site->vips[vip]);
		fputc('\n', file);
		while (real < site->real_count &&
		       !strcmp(site->reals[real].vip, name)) {
			lb_write_real(file, "add", &site->reals[real++]);
			fputc('\n', file);
		}
		while (pin < site->pin_count &&
		       !strcmp(site->pins[pin].vip, name)) {
			lb_write_pin(file, &site->pins[pin++]);
			fputc('\n', file);
		}
	}
}
