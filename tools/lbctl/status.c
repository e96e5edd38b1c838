// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbctl status: one line, and an exit status as plugins of Nagios have it.
 */

#include "cmd.h"
#include "checker.h"
#include "describe.h"
#include "err.h"
#include "names.h"
#include "nl.h"
#include "out.h"
#include "picture.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How many faults are told; more would not fit on a line. */
#define FAULTS_TOLD	8

enum verdict {
	VERDICT_OK,
	VERDICT_WARNING,
	VERDICT_CRITICAL,
	VERDICT_UNKNOWN,
};

static const char *const verdict_words[] = {
	[VERDICT_OK]		= "OK",
	[VERDICT_WARNING]	= "WARNING",
	[VERDICT_CRITICAL]	= "CRITICAL",
	[VERDICT_UNKNOWN]	= "UNKNOWN",
};

/**
 * struct status - what is told
 * @verdict: the worst of all
 * @faults: how many there are
 * @fault: those that are told, with "; " between
 * @file: to write @fault
 * @vip: the only VIP that is meant; empty for all
 * @vips: VIPs seen
 * @vips_up: those that serve
 * @reals: reals seen
 * @serving: those that serve
 * @conns: connections of the VIPs seen
 * @conns_max: most there may be
 */
struct status {
	enum verdict verdict;
	unsigned int faults;
	char *fault;
	FILE *file;
	char vip[L4LB_NAME_MAX + 1];
	unsigned int vips;
	unsigned int vips_up;
	unsigned int reals;
	unsigned int serving;
	uint64_t conns;
	uint32_t conns_max;
};

/* A bar begins what programs read. */
static void fault_add(struct status *status, enum verdict verdict,
		      const char *name, const char *fault)
{
	if (verdict > status->verdict)
		status->verdict = verdict;
	if (status->faults++ >= FAULTS_TOLD)
		return;

	if (status->faults > 1)
		fputs("; ", status->file);
	if (*name)
		fprintf(status->file, "%s ", name);
	for (; *fault; fault++)
		fputc(*fault == '|' ? '/' : *fault, status->file);
}

static void real_judge(struct status *status, const struct lb_real *real)
{
	char name[2 * L4LB_NAME_MAX + 2];
	char fault[L4LB_REASON_MAX + 32];
	const char *health = lb_names_word(&lb_health_names, real->health);

	status->reals++;
	status->serving += real->serves;
	if (real->serves || !real->weight)
		return;

	snprintf(name, sizeof(name), "%s/%s", real->vip, real->name);
	if (real->admin != L4LB_ADMIN_ONLINE)
		snprintf(fault, sizeof(fault), "%s",
			 lb_names_word(&lb_admin_names, real->admin));
	else if (real->health == L4LB_HEALTH_UP)
		snprintf(fault, sizeof(fault), "does not serve");
	else
		snprintf(fault, sizeof(fault), "%s%s%s", health,
			 *real->reason ? ": " : "", real->reason);
	fault_add(status, VERDICT_WARNING, name, fault);
}

static void vip_judge(struct status *status, const struct lb_vip *vip)
{
	char state[VIP_STATE_TEXT];

	describe_vip_state(vip, state, sizeof(state));
	status->vips++;
	status->conns += vip->conns;
	switch (vip->state) {
	case L4LB_VIP_DEGRADED:
		fault_add(status, VERDICT_WARNING, vip->name, state);
		status->vips_up++;
		break;
	case L4LB_VIP_NO_REAL:
	case L4LB_VIP_NO_ADDRESS:
		fault_add(status, VERDICT_CRITICAL, vip->name, state);
		break;
	case L4LB_VIP_STANDBY:
		break;
	default:
		status->vips_up++;
		break;
	}
}

/* What is the matter with the balancer itself. */
static void host_judge(struct status *status, struct picture *pic)
{
	const struct lb_info *info = &pic->info;

	status->conns_max = info->conns_max;
	if (!*status->vip && !status->vips)
		fault_add(status, VERDICT_WARNING, "", "there is no VIP");
	if (*status->vip && !status->vips)
		fault_add(status, VERDICT_CRITICAL, "", "there is no such VIP");
	if (info->conns >= info->conns_max)
		fault_add(status, VERDICT_CRITICAL, "",
			  "no room for more connections");
	if (info->persists >= info->persists_max)
		fault_add(status, VERDICT_WARNING, "",
			  "no room for more persistence entries");
	if (info->flood)
		fault_add(status, VERDICT_WARNING, "",
			  "a flood of half-open connections");
	if (picture_needs_checker(pic) && !lb_checker_runs())
		fault_add(status, VERDICT_WARNING, "", "no checker is running");
}

/* The worst comes first: VIPs, then the balancer, then single reals. */
static void judge(struct status *status, struct picture *pic)
{
	const struct lb_real *reals;
	size_t i, j, count;

	for (i = 0; i < pic->vip_count; i++) {
		if (!*status->vip || !strcmp(status->vip, pic->vips[i].name))
			vip_judge(status, &pic->vips[i]);
	}
	host_judge(status, pic);
	for (i = 0; i < pic->vip_count; i++) {
		if (*status->vip && strcmp(status->vip, pic->vips[i].name))
			continue;
		reals = picture_reals(pic, &pic->vips[i], &count);
		for (j = 0; j < count; j++)
			real_judge(status, &reals[j]);
	}
}

static void status_text(const struct status *status, bool standby)
{
	printf("L4LB %s: ", verdict_words[status->verdict]);
	if (status->faults) {
		fputs(status->fault, stdout);
		if (status->faults > FAULTS_TOLD)
			printf("; and %u more", status->faults - FAULTS_TOLD);
		printf("; ");
	}
	if (standby)
		printf("standby, ");
	printf("%u of %u VIPs and %u of %u reals serve", status->vips_up,
	       status->vips, status->serving, status->reals);
	printf(" | vips=%u vips_up=%u reals=%u reals_serving=%u conns=%llu",
	       status->vips, status->vips_up, status->reals, status->serving,
	       (unsigned long long)status->conns);
	if (!*status->vip)
		printf(";;;0;%u", status->conns_max);
	putchar('\n');
}

static void status_json(struct lb_out *out, const struct status *status,
			bool standby)
{
	lb_out_object(out, NULL);
	lb_out_str(out, "status", NULL, verdict_words[status->verdict]);
	lb_out_uint(out, "code", NULL, status->verdict);
	lb_out_str(out, "text", NULL, status->fault);
	lb_out_bool(out, "standby", NULL, standby);
	lb_out_uint(out, "faults", NULL, status->faults);
	lb_out_uint(out, "vips", NULL, status->vips);
	lb_out_uint(out, "vips_up", NULL, status->vips_up);
	lb_out_uint(out, "reals", NULL, status->reals);
	lb_out_uint(out, "reals_serving", NULL, status->serving);
	lb_out_uint(out, "conns", NULL, status->conns);
	lb_out_end(out);
}

/* Who runs plugins reads what they print, and on stdout only. */
static int status_unknown(const struct cmd *cmd, const struct lb_err *err)
{
	if (cmd->json) {
		lb_out_object(cmd->out, NULL);
		lb_out_str(cmd->out, "status", NULL,
			   verdict_words[VERDICT_UNKNOWN]);
		lb_out_uint(cmd->out, "code", NULL, VERDICT_UNKNOWN);
		lb_out_str(cmd->out, "text", NULL, err->text);
		lb_out_end(cmd->out);
	} else {
		printf("L4LB %s: %s\n", verdict_words[VERDICT_UNKNOWN],
		       err->text);
	}

	return VERDICT_UNKNOWN;
}

static int status_find(struct cmd *cmd, struct status *status,
		       struct lb_err *err)
{
	struct picture pic;
	size_t size;
	int ret;

	ret = cmd->nl ? 0 : lb_nl_open(&cmd->nl, err);
	if (!ret)
		ret = picture_read(cmd->nl, &pic, err);
	if (ret)
		return ret;
	status->file = open_memstream(&status->fault, &size);
	if (!status->file) {
		picture_free(&pic);
		return lb_err_code(err, -errno);
	}

	judge(status, &pic);
	if (fclose(status->file))
		ret = lb_err_code(err, -ENOMEM);
	else if (cmd->json)
		status_json(cmd->out, status, pic.info.standby);
	else
		status_text(status, pic.info.standby);
	free(status->fault);
	picture_free(&pic);

	return ret;
}

static int status_run(struct cmd *cmd, struct lb_words *words)
{
	struct status status = { 0 };
	struct lb_err err = { 0 };
	int ret = 0;

	if (lb_words_peek(words))
		ret = lb_parse_name(words, "VIP", status.vip, &err);
	if (!ret)
		ret = lb_words_end(words, &err);
	if (!ret)
		ret = status_find(cmd, &status, &err);

	return ret ? status_unknown(cmd, &err) : (int)status.verdict;
}

const struct verb status_verbs[] = {
	{ .object = "status", .usage = "[VIP]", .run = status_run },
	{ .object = NULL },
};
