// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbctl monitor: events as they happen, a line for each.
 */

#include "cmd.h"
#include "describe.h"
#include "duration.h"
#include "err.h"
#include "events.h"
#include "msg.h"
#include "names.h"
#include "nl.h"
#include "out.h"
#include "stamp.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

static void print_health(const struct lb_real *real)
{
	char rtt[LB_DURATION_TEXT];

	printf(": %s", lb_names_word(&lb_health_names, real->health));
	if (*real->reason)
		printf(": %s", real->reason);
	if (*real->result_text && strcmp(real->result_text, real->reason))
		printf(" (last check: %s)", real->result_text);
	if (real->rtt)
		printf(" (%s)",
		       lb_duration_print_us(real->rtt, rtt, sizeof(rtt)));
}

static void print_event(const struct lb_event *event)
{
	const char *word = lb_names_word(&lb_event_names, event->event);

	stamp_print(stamp_now());
	if (!event->is_real) {
		printf("%s vip %s", word, event->vip.name);
		if (lb_has(event->vip.has, L4LB_A_VIP_STATE))
			printf(": %s", lb_names_word(&lb_vip_state_names,
						     event->vip.state));
	} else {
		printf("%s real %s/%s", word, event->real.vip,
		       event->real.name);
		if (event->event == L4LB_EVENT_PORTS)
			printf(": no source port was left");
		else if (event->event != L4LB_EVENT_DEL)
			print_health(&event->real);
	}
	putchar('\n');
}

/* A removed object has nothing but its name. */
static void json_object(struct lb_out *out, const struct lb_event *event)
{
	bool gone = event->event == L4LB_EVENT_DEL;

	if (event->is_real) {
		lb_out_object(out, "real");
		if (gone) {
			lb_out_str(out, "vip", NULL, event->real.vip);
			lb_out_str(out, "name", NULL, event->real.name);
		} else {
			describe_real(out, &event->real, true, true);
		}
	} else {
		lb_out_object(out, "vip");
		if (gone)
			lb_out_str(out, "name", NULL, event->vip.name);
		else
			describe_vip(out, &event->vip, true);
	}
	lb_out_end(out);
}

static int json_event(const struct lb_event *event)
{
	struct lb_out *out = lb_out_new(stdout, true, false);

	if (!out)
		return -ENOMEM;

	lb_out_object(out, NULL);
	lb_out_uint(out, "time", NULL, stamp_now());
	lb_out_str(out, "event", NULL,
		   lb_names_word(&lb_event_names, event->event));
	lb_out_uint(out, "generation", NULL, event->generation);
	json_object(out, event);

	return lb_out_free(out);
}

static void print_record(const struct lb_record *record)
{
	char object[EVENTS_OBJECT_TEXT], state[EVENTS_STATE_TEXT];

	events_object(record, object, sizeof(object));
	events_state(record, state, sizeof(state));
	stamp_print(stamp_now());
	printf("%s %s%s%s\n", lb_names_word(&lb_event_names, record->event),
	       object, *state ? ": " : "", state);
}

static int json_record(const struct lb_record *record)
{
	struct lb_out *out = lb_out_new(stdout, true, false);

	if (!out)
		return -ENOMEM;

	lb_out_object(out, NULL);
	lb_out_uint(out, "time", NULL, stamp_now());
	lb_out_str(out, "event", NULL,
		   lb_names_word(&lb_event_names, record->event));
	lb_out_uint(out, "generation", NULL, record->generation);
	lb_out_object(out, lb_names_word(&lb_record_names, record->what));
	if (*record->vip)
		lb_out_str(out, "vip", NULL, record->vip);
	if (*record->real)
		lb_out_str(out, "real", NULL, record->real);
	events_json(out, record);
	lb_out_end(out);

	return lb_out_free(out);
}

/* What is not about VIPs and reals themselves. */
static int record_show(const struct nlmsghdr *nlh, bool json)
{
	struct lb_record record;
	int ret;

	ret = lb_record_get(nlh, &record);
	if (!ret && json)
		return json_record(&record);
	if (!ret)
		print_record(&record);

	return ret;
}

static int event_show(const struct nlmsghdr *nlh, void *data)
{
	const struct cmd *cmd = data;
	struct lb_event event;
	int ret;

	ret = lb_msg_get_event(nlh, &event);
	if (ret == -EOPNOTSUPP)
		ret = record_show(nlh, cmd->json);
	else if (!ret && cmd->json)
		ret = json_event(&event);
	else if (!ret)
		print_event(&event);
	if (ret == -EOPNOTSUPP)
		return MNL_CB_OK;
	if (!ret && fflush(stdout))
		ret = -errno;
	if (!ret)
		return MNL_CB_OK;
	errno = -ret;

	return MNL_CB_ERROR;
}

/* What was lost is nowhere to be had; what there is now, "show" tells. */
static int monitor_read(struct cmd *cmd, struct lb_err *err)
{
	int ret;

	ret = lb_nl_receive(cmd->nl, event_show, cmd, err);
	if (ret != -ENOBUFS)
		return ret;
	cmd_warn(cmd, "there were more events than could be read");

	return 0;
}

/* Who may not see clients is shown the rest. */
static int clients_subscribe(struct cmd *cmd, struct lb_err *err)
{
	int ret = lb_nl_subscribe(cmd->nl, L4LB_MCGRP_CLIENT, err);

	return ret == -EPERM || ret == -ENOENT ? 0 : ret;
}

static int monitor_events(struct cmd *cmd, struct lb_err *err)
{
	struct pollfd fd = { .fd = lb_nl_fd(cmd->nl), .events = POLLIN };
	int ret;

	ret = lb_nl_watch(cmd->nl, err);
	if (!ret)
		ret = lb_nl_subscribe(cmd->nl, L4LB_MCGRP_CONFIG, err);
	if (!ret)
		ret = lb_nl_subscribe(cmd->nl, L4LB_MCGRP_HEALTH, err);
	if (!ret)
		ret = clients_subscribe(cmd, err);
	while (!ret) {
		if (poll(&fd, 1, -1) < 0 && errno != EINTR)
			return lb_err_code(err, -errno);
		ret = monitor_read(cmd, err);
	}

	return ret;
}

static int monitor_run(struct cmd *cmd, struct lb_words *words)
{
	struct lb_err err = { 0 };
	int ret;

	ret = cmd_begin(cmd, words);
	if (ret)
		return ret;
	ret = monitor_events(cmd, &err);

	return cmd_result(cmd, ret, &err);
}

const struct verb monitor_verbs[] = {
	{ .object = "monitor", .usage = "", .run = monitor_run },
	{ .object = NULL },
};
