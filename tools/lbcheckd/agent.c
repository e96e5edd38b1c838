// SPDX-License-Identifier: GPL-2.0-only
/*
 * A server's own word on how much it wants to do: one line, which is there for
 * whoever connects to the agent's port, in the words of HAProxy's agents and of
 * Loadbalancer.org's: ``75%``, ``up``, ``drain``, ``down #disk full``.
 *
 * It is asked as a check is, so that as many run at once as may, and one that
 * several VIPs share is asked once.
 */

#include "agent.h"
#include "compiler.h"
#include "err.h"
#include "plan.h"

#include <ctype.h>
#include <errno.h>
#include <event2/event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define ANSWER_MAX	256

/**
 * struct agent - a question to an agent
 * @check: check that asks it
 * @event: there is more of the answer
 * @used: how much of @answer there is
 * @answer: what has come
 */
struct agent {
	struct check *check;
	struct event *event;
	size_t used;
	char answer[ANSWER_MAX];
};

static const struct {
	const char *word;
	uint8_t admin;
} agent_words[] = {
	{ "up",		L4LB_ADMIN_ONLINE },
	{ "ready",	L4LB_ADMIN_ONLINE },
	{ "drain",	L4LB_ADMIN_DRAIN },
	{ "maint",	L4LB_ADMIN_HALT },
	{ "down",	L4LB_ADMIN_HALT },
	{ "fail",	L4LB_ADMIN_HALT },
	{ "failed",	L4LB_ADMIN_HALT },
	{ "stopped",	L4LB_ADMIN_HALT },
};

static bool percent_parse(const char *word, struct agent_wish *wish)
{
	unsigned int value = 0;
	const char *at;

	for (at = word; isdigit((unsigned char)*at); at++) {
		value = value * 10 + (unsigned int)(*at - '0');
		if (value > L4LB_AGENT_WEIGHT_MAX)
			value = L4LB_AGENT_WEIGHT_MAX;
	}
	if (at == word || strcmp(at, "%"))
		return false;

	wish->has_weight = true;
	wish->weight = (uint16_t)value;

	return true;
}

static bool word_parse(const char *word, struct agent_wish *wish)
{
	size_t i;

	if (percent_parse(word, wish))
		return true;
	/* A limit of connections is for other balancers. */
	if (!strncasecmp(word, "maxconn:", strlen("maxconn:")))
		return true;

	for (i = 0; i < ARRAY_SIZE(agent_words); i++) {
		if (!strcasecmp(word, agent_words[i].word)) {
			wish->admin = agent_words[i].admin;
			return true;
		}
	}

	return false;
}

/**
 * agent_parse() - understand an answer
 * @answer: one line; behind a ``#`` it is for people
 * @wish: where to; of two words on the same matter the last one counts
 *
 * Return: false if there is no word in it, or one that is not known: nothing
 * of such an answer is to be believed.
 */
bool agent_parse(const char *answer, struct agent_wish *wish)
{
	char line[ANSWER_MAX], *word, *rest;

	memset(wish, 0, sizeof(*wish));
	snprintf(line, sizeof(line), "%s", answer);
	line[strcspn(line, "#")] = '\0';

	word = strtok_r(line, " \t,;", &rest);
	if (!word)
		return false;
	for (; word; word = strtok_r(NULL, " \t,;", &rest)) {
		if (!word_parse(word, wish))
			return false;
	}

	return true;
}

/**
 * agent_answer() - take the answer out of the reason of a result
 * @reason: such as ``agent 8888: 75%``
 *
 * Return: the answer.
 */
const char *agent_answer(const char *reason)
{
	const char *colon = strstr(reason, ": ");

	return colon ? colon + 2 : reason;
}

/**
 * agent_plan() - say how an agent is asked
 * @plan: where to
 * @check: what is checked on the same real
 */
void agent_plan(struct plan *plan, const struct plan *check)
{
	memset(plan, 0, sizeof(*plan));
	snprintf(plan->type, sizeof(plan->type), "%s", agent_ops.type);
	plan->addr = check->addr;
	plan->n_ports = 1;
	plan->port[0] = check->agent;
	plan->interval = check->interval;
	plan->timeout = check->timeout;
	plan->rise = 1;
	plan->fall = 1;
	plan->via = L4LB_VIA_REAL;
}

/* The line is there, or as much of it as there will be. */
static void agent_end(struct agent *agent)
{
	char line[ANSWER_MAX], *tab;

	agent->answer[agent->used] = '\0';
	agent->answer[strcspn(agent->answer, "\r\n")] = '\0';
	/* It separates words, and would be taken for what no line has. */
	for (tab = agent->answer; (tab = strchr(tab, '\t')); )
		*tab = ' ';
	lb_text_clean(line, sizeof(line), agent->answer, sizeof(agent->answer));
	check_up(agent->check, "%s", line);
}

static void agent_readable(evutil_socket_t fd, short what, void *data)
{
	struct agent *agent = data;
	ssize_t got;

	(void)what;

	got = recv(fd, agent->answer + agent->used,
		   sizeof(agent->answer) - 1 - agent->used, 0);
	if (got < 0) {
		if (errno != EAGAIN && errno != EINTR)
			check_lost(agent->check, errno);
		return;
	}

	check_trace(agent->check, '<', agent->answer + agent->used,
		    (size_t)got);
	agent->used += (size_t)got;
	if (!got || memchr(agent->answer, '\n', agent->used) ||
	    agent->used == sizeof(agent->answer) - 1)
		agent_end(agent);
}

static void agent_start(struct check *check)
{
	struct agent *agent = calloc(1, sizeof(*agent));
	int fd;

	check->priv = agent;
	if (!agent) {
		check_void(check, ENOMEM);
		return;
	}
	agent->check = check;

	fd = check_socket(check, SOCK_STREAM);
	if (fd < 0) {
		check_failed(check, -fd);
		return;
	}
	agent->event = event_new(check_base(check), fd, EV_READ | EV_PERSIST,
				 agent_readable, agent);
	if (!agent->event) {
		close(fd);
		check_void(check, ENOMEM);
		return;
	}
	if (event_add(agent->event, NULL))
		check_void(check, ENOMEM);
}

static void agent_stop(struct check *check)
{
	struct agent *agent = check->priv;
	evutil_socket_t fd;

	if (!agent)
		return;

	check->priv = NULL;
	if (agent->event) {
		fd = event_get_fd(agent->event);
		event_free(agent->event);
		close(fd);
	}
	free(agent);
}

const struct check_ops agent_ops = {
	.type	= "agent",
	.start	= agent_start,
	.stop	= agent_stop,
};
