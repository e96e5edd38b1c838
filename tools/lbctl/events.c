// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbctl events: what has happened, and who did it.
 */

#include "events.h"
#include "cmd.h"
#include "duration.h"
#include "err.h"
#include "names.h"
#include "option.h"
#include "out.h"
#include "record.h"
#include "stamp.h"

#include <stdio.h>
#include <string.h>

/**
 * events_object() - what an event is about: the kind, and its names
 * @record: event
 * @buf: where to put it
 * @size: size of @buf
 *
 * Return: @buf.
 */
const char *events_object(const struct lb_record *record, char *buf,
			  size_t size)
{
	const char *what = lb_names_word(&lb_record_names, record->what);
	char client[LB_ADDR_TEXT] = "";
	size_t used;

	used = (size_t)snprintf(buf, size, "%s%s%s%s%s", what,
				*record->vip ? " " : "", record->vip,
				*record->real ? "/" : "", record->real);
	if (record->client.family && used < size)
		snprintf(buf + used, size - used, " %s",
			 lb_addr_print(&record->client, client,
				       sizeof(client)));

	return buf;
}

/**
 * events_state() - what there is to say in a word of how it is now
 * @record: event
 * @buf: where to put it
 * @size: size of @buf
 *
 * Return: @buf, which may be empty.
 */
const char *events_state(const struct lb_record *record, char *buf,
			 size_t size)
{
	*buf = '\0';
	if (record->what == L4LB_RECORD_STANDBY)
		snprintf(buf, size, "%s", record->state ? "on" : "off");
	else if (record->health)
		snprintf(buf, size, "%s %s weight %u",
			 lb_names_word(&lb_health_names, record->health),
			 lb_names_word(&lb_admin_names, record->admin),
			 record->weight);
	else if (record->state)
		snprintf(buf, size, "%s",
			 lb_names_word(&lb_vip_state_names, record->state));
	else if (record->count)
		snprintf(buf, size, "%u", record->count);

	return buf;
}

/**
 * events_json() - the same as fields of an object
 * @out: where to put them
 * @record: event
 */
void events_json(struct lb_out *out, const struct lb_record *record)
{
	char client[LB_ADDR_TEXT];

	if (record->what == L4LB_RECORD_STANDBY)
		lb_out_bool(out, "standby", NULL, record->state);
	else if (record->state)
		lb_out_str(out, "state", NULL,
			   lb_names_word(&lb_vip_state_names, record->state));
	if (record->health) {
		lb_out_str(out, "state", NULL,
			   lb_names_word(&lb_admin_names, record->admin));
		lb_out_str(out, "health", NULL,
			   lb_names_word(&lb_health_names, record->health));
		lb_out_uint(out, "weight", NULL, record->weight);
	}
	if (record->client.family)
		lb_out_str(out, "client", NULL,
			   lb_addr_print(&record->client, client,
					 sizeof(client)));
	if (lb_has(record->has, L4LB_A_RECORD_COUNT))
		lb_out_uint(out, "count", NULL, record->count);
}

static void record_show(const struct lb_record *record, void *data)
{
	char object[EVENTS_OBJECT_TEXT], state[EVENTS_STATE_TEXT];
	char actor[LB_COMM_NAME + 16];
	struct cmd *cmd = data;
	struct lb_out *out = cmd->out;

	snprintf(actor, sizeof(actor), "%s[%u]", record->comm, record->pid);
	lb_out_object(out, NULL);
	lb_out_uint(out, "seq", NULL, record->seq);
	lb_out_when(out, "time", "time", record->time);
	lb_out_str(out, "event", "event",
		   lb_names_word(&lb_event_names, record->event));
	lb_out_str(out, NULL, "object",
		   events_object(record, object, sizeof(object)));
	lb_out_str(out, "object", NULL,
		   lb_names_word(&lb_record_names, record->what));
	if (*record->vip)
		lb_out_str(out, "vip", NULL, record->vip);
	if (*record->real)
		lb_out_str(out, "real", NULL, record->real);
	lb_out_str(out, NULL, "state",
		   events_state(record, state, sizeof(state)));
	events_json(out, record);
	lb_out_uint(out, "uid", "uid", record->uid);
	lb_out_uint(out, "pid", NULL, record->pid);
	lb_out_str(out, "comm", NULL, record->comm);
	lb_out_str(out, NULL, "by", record->pid ? actor : record->comm);
	lb_out_uint(out, "generation", NULL, record->generation);
	lb_out_str(out, *record->reason ? "reason" : NULL, "reason",
		   record->reason);
	lb_out_end(out);
}

static int since_set(void *object, const char *value, struct lb_err *err)
{
	uint64_t *since = object;
	uint64_t now = stamp_now();
	uint32_t ms;
	int ret;

	if (!value)
		return lb_option_no_default("since", err);
	ret = lb_duration_parse(value, 0, &ms, err);
	*since = !ret && now > ms ? now - ms : 1;

	return ret;
}

static const struct lb_option events_options[] = {
	{ .word = "since", .set = since_set },
	{ .word = NULL },
};

static int events_run(struct cmd *cmd, struct lb_words *words)
{
	struct lb_err err = { 0 };
	uint64_t since = 0;
	int ret;

	cmd_words(cmd, words);
	ret = lb_options_take(words, events_options, &since, &err);
	if (ret)
		return cmd_usage(cmd, ret, &err);

	ret = cmd_open(cmd);
	if (ret)
		return ret;

	lb_out_object(cmd->out, NULL);
	lb_out_list(cmd->out, "events");
	ret = lb_record_list(cmd->nl, since, record_show, cmd, &err);
	lb_out_end(cmd->out);
	lb_out_end(cmd->out);

	return ret ? cmd_refused(cmd, ret, &err) : EXIT_DONE;
}

const struct verb events_verbs[] = {
	{ .object = "events", .usage = "[since TIME]", .run = events_run },
	{ .object = NULL },
};
