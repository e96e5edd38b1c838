// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbctl vip: virtual services.
 */

#include "cmd.h"
#include "describe.h"
#include "err.h"
#include "names.h"
#include "out.h"
#include "place.h"
#include "request.h"
#include "vip_guard.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* What says where an address is to be. */
#define PLACE	(LB_BIT(L4LB_A_VIP_ADDR4) | LB_BIT(L4LB_A_VIP_DEV))

/* What says which packets go past rules of INPUT. */
#define BYPASS	(LB_BIT(L4LB_A_VIP_ADDR4) | LB_BIT(L4LB_A_VIP_PROTOS) | \
		 LB_BIT(L4LB_A_VIP_PORTS) | LB_BIT(L4LB_A_VIP_HOOK))

/* What a VIP would be like after the request. */
static void vip_overlay(struct lb_vip *vip, const struct lb_vip *request)
{
	if (lb_has(request->has, L4LB_A_VIP_ADDR4))
		vip->addr = request->addr;
	if (lb_has(request->has, L4LB_A_VIP_PROTOS))
		vip->protos = request->protos;
	if (lb_has(request->has, L4LB_A_VIP_PORTS))
		vip->ports = request->ports;
	if (lb_has(request->has, L4LB_A_VIP_DEV))
		memcpy(vip->dev, request->dev, sizeof(vip->dev));
}

static void overlap_text(const struct lb_vip *vip, const struct lb_vip *other,
			 struct lb_err *err)
{
	char addr[LB_ADDR_TEXT], word[LB_ERR_WORD];
	struct lb_range common;
	char last[16] = "";
	uint8_t protos;

	if (!lb_vip_overlap(vip, other, &protos, &common))
		return;

	if (common.last != common.first)
		snprintf(last, sizeof(last), "-%u", common.last);
	memcpy(word, err->word, sizeof(word));
	lb_err_set(err, -EEXIST, "port %u%s on %s %s is taken by %s",
		   common.first, last,
		   lb_addr_print(&vip->addr, addr, sizeof(addr)),
		   lb_names_word(&lb_protos_names, protos), other->name);
	memcpy(err->word, word, sizeof(word));
}

/*
 * The module can only say that something is taken. Say by which VIP, if it can
 * be found.
 */
static void explain_overlap(struct cmd *cmd, const struct lb_vip *request,
			    struct lb_err *err)
{
	struct lb_vip candidate = *request;
	struct lb_vip *vips;
	size_t count, i;

	if (lb_vip_list(cmd->nl, &vips, &count, NULL))
		return;

	for (i = 0; i < count; i++) {
		if (strcmp(vips[i].name, request->name))
			continue;
		candidate = vips[i];
		vip_overlay(&candidate, request);
	}
	for (i = 0; i < count; i++) {
		if (strcmp(vips[i].name, request->name))
			overlap_text(&candidate, &vips[i], err);
	}
	lb_vip_list_free(vips, count);
}

static void warn_of_place(struct cmd *cmd, const struct lb_vip *vip)
{
	char addr[LB_ADDR_TEXT];

	if (lb_place_waits(vip))
		cmd_warn(cmd, "it waits for %s, which is not there or down",
			 vip->dev);
	else if (vip->state == L4LB_VIP_NO_ADDRESS && !*vip->dev)
		cmd_warn(cmd,
			 "%s is not an address of this host, so it does not serve",
			 lb_addr_print(&vip->addr, addr, sizeof(addr)));
}

/* What is odd about what was asked for, but no reason to refuse it. */
static void warn_of(struct cmd *cmd, const struct lb_vip *request)
{
	bool renamed = lb_has(request->has, L4LB_A_VIP_NEW_NAME);
	struct lb_vip vip;

	if (cmd->quiet || !(request->has & (PLACE | BYPASS)) ||
	    lb_vip_get(cmd->nl, renamed ? request->new_name : request->name,
		       &vip, NULL))
		return;

	if (request->has & PLACE)
		warn_of_place(cmd, &vip);
	if (request->has & BYPASS)
		vip_guard_warn(cmd, &vip);
	lb_vip_release(&vip);
}

static int vip_send(struct cmd *cmd, uint8_t nl_cmd, bool replace,
		    const struct lb_vip *vip)
{
	struct lb_err err = { 0 };
	int ret;

	if (replace || vip->has & PLACE)
		cmd_hold(cmd);
	ret = lb_vip_send(cmd->nl, nl_cmd, replace, vip, &err);
	if (!ret && (replace || vip->has & PLACE))
		cmd->place = true;
	if (ret == -EEXIST)
		explain_overlap(cmd, vip, &err);
	else if (!ret)
		warn_of(cmd, vip);

	return cmd_result(cmd, ret, &err);
}

static int vip_new_send(struct cmd *cmd, const struct lb_vip *vip, bool replace)
{
	struct lb_err err = { 0 };
	int ret;

	ret = cmd_open(cmd);
	if (ret)
		return ret;
	if (!vip->force && vip_guard(vip, &err))
		return cmd_refused(cmd, -EADDRINUSE, &err);

	return vip_send(cmd, L4LB_CMD_VIP_NEW, replace, vip);
}

static int vip_new(struct cmd *cmd, struct lb_words *words, bool replace)
{
	struct lb_err err = { 0 };
	struct lb_vip vip;
	int ret;

	ret = lb_parse_vip_new(words, &vip, &err);
	cmd_object(cmd, vip.name);
	if (!ret)
		ret = lb_vip_check_settle(&vip, &vip, &err);
	if (!ret)
		ret = lb_vip_settle(&vip, &vip, &err);
	if (ret) {
		ret = cmd_usage(cmd, ret, &err);
		goto out;
	}

	ret = vip_new_send(cmd, &vip, replace);

out:
	lb_vip_release(&vip);

	return ret;
}

static int vip_add(struct cmd *cmd, struct lb_words *words)
{
	return vip_new(cmd, words, false);
}

static int vip_replace(struct cmd *cmd, struct lb_words *words)
{
	return vip_new(cmd, words, true);
}

static bool vip_moves(const struct lb_vip *request)
{
	return lb_has(request->has, L4LB_A_VIP_ADDR4) ||
	       lb_has(request->has, L4LB_A_VIP_PORTS);
}

/* What is asked for may be wrong only for what there is. */
static int change_settle(struct cmd *cmd, struct lb_vip *request,
			 struct lb_vip *now)
{
	struct lb_err err = { 0 };
	int ret;

	ret = lb_vip_ports_settle(request, now, &err);
	if (ret)
		return cmd_usage(cmd, ret, &err);
	vip_overlay(now, request);
	ret = lb_vip_check_settle(request, now, &err);
	if (!ret && vip_moves(request) && !request->force)
		ret = vip_guard(now, &err);
	if (ret)
		return cmd_refused(cmd, ret, &err);
	ret = lb_vip_settle(request, now, &err);

	return ret ? cmd_usage(cmd, ret, &err) : EXIT_DONE;
}

static int vip_change(struct cmd *cmd, struct lb_vip *vip)
{
	struct lb_err err = { 0 };
	struct lb_vip now;
	int ret;

	ret = cmd_open(cmd);
	if (ret)
		return ret;

	if (lb_vip_unsettled(vip) || vip_moves(vip)) {
		ret = lb_vip_get(cmd->nl, vip->name, &now, &err);
		if (ret)
			return cmd_refused(cmd, ret, &err);
		ret = change_settle(cmd, vip, &now);
		lb_vip_release(&now);
		if (ret)
			return ret;
	}

	return vip_send(cmd, L4LB_CMD_VIP_SET, false, vip);
}

static int vip_set(struct cmd *cmd, struct lb_words *words)
{
	struct lb_err err = { 0 };
	struct lb_vip vip;
	int ret;

	ret = lb_parse_vip_set(words, &vip, &err);
	cmd_object(cmd, vip.name);
	if (ret)
		ret = cmd_usage(cmd, ret, &err);
	else
		ret = vip_change(cmd, &vip);
	lb_vip_release(&vip);

	return ret;
}

static int vip_del(struct cmd *cmd, struct lb_words *words)
{
	struct lb_vip vip = { 0 };
	struct lb_err err = { 0 };
	bool if_exists;
	int ret;

	ret = lb_parse_name(words, "NAME", vip.name, &err);
	cmd_object(cmd, vip.name);
	if (!ret)
		ret = lb_parse_if_exists(words, &if_exists, &err);
	if (ret)
		return cmd_usage(cmd, ret, &err);

	ret = cmd_open(cmd);
	if (ret)
		return ret;

	cmd_hold(cmd);
	ret = lb_vip_send(cmd->nl, L4LB_CMD_VIP_DEL, false, &vip, &err);
	if (ret == -ENOENT && if_exists)
		return EXIT_DONE;
	if (!ret)
		cmd->place = true;

	return cmd_result(cmd, ret, &err);
}

/* Everybody may know that there is a list, but not what is in it. */
static int vip_show_one(struct cmd *cmd, const char *name)
{
	struct lb_err err = { 0 };
	struct lb_vip vip;
	int ret;

	ret = lb_vip_get(cmd->nl, name, &vip, &err);
	if (ret)
		return cmd_refused(cmd, ret, &err);
	ret = lb_allow_list(cmd->nl, name, &vip.allow, &err);
	if (!ret || ret == -EPERM) {
		lb_out_object(cmd->out, NULL);
		describe_vip(cmd->out, &vip, true);
		lb_out_end(cmd->out);
		ret = EXIT_DONE;
	} else {
		ret = cmd_refused(cmd, ret, &err);
	}
	lb_vip_release(&vip);

	return ret;
}

static int vip_show_all(struct cmd *cmd)
{
	struct lb_err err = { 0 };
	struct lb_vip *vips;
	size_t count, i;
	int ret;

	ret = lb_vip_list(cmd->nl, &vips, &count, &err);
	if (ret)
		return cmd_refused(cmd, ret, &err);

	lb_out_object(cmd->out, NULL);
	lb_out_list(cmd->out, "vips");
	for (i = 0; i < count; i++) {
		lb_out_object(cmd->out, NULL);
		describe_vip(cmd->out, &vips[i], false);
		lb_out_end(cmd->out);
	}
	lb_out_end(cmd->out);
	lb_out_end(cmd->out);
	lb_vip_list_free(vips, count);

	return EXIT_DONE;
}

static int vip_show(struct cmd *cmd, struct lb_words *words)
{
	char name[L4LB_NAME_MAX + 1] = "";
	struct lb_err err = { 0 };
	int ret = 0;

	if (lb_words_peek(words)) {
		ret = lb_parse_name(words, "NAME", name, &err);
		cmd_object(cmd, name);
	}
	if (!ret)
		ret = lb_words_end(words, &err);
	if (ret)
		return cmd_usage(cmd, ret, &err);

	ret = cmd_open(cmd);
	if (ret)
		return ret;

	return *name ? vip_show_one(cmd, name) : vip_show_all(cmd);
}

#define VIP_NEW_USAGE	"NAME ADDRESS tcp|udp|tcp,udp PORTS [OPTION...]"

const struct verb vip_verbs[] = {
	{ .object = "vip", .name = "add", .usage = VIP_NEW_USAGE,
	  .run = vip_add },
	{ .object = "vip", .name = "replace", .usage = VIP_NEW_USAGE,
	  .run = vip_replace },
	{ .object = "vip", .name = "set", .usage = "NAME OPTION...",
	  .run = vip_set },
	{ .object = "vip", .name = "del", .usage = "NAME [if-exists]",
	  .run = vip_del },
	{ .object = "vip", .name = "show", .usage = "[NAME]",
	  .run = vip_show },
	{ .object = NULL },
};
