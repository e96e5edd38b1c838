// SPDX-License-Identifier: GPL-2.0-only
/*
 * What becomes of the answers of a target's agent.
 */

#include "answer.h"
#include "agent.h"
#include "err.h"
#include "group.h"
#include "log.h"
#include "model.h"
#include "names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct agent_wish no_wish = {
	.has_weight = true,
	.weight = 100,
	.admin = L4LB_ADMIN_ONLINE,
};

static void agent_silent(struct target *target, const char *why)
{
	char label[TARGET_LABEL];

	if (!target->agent_lost)
		log_line(LOG_NOTICE, "%s: nothing from its agent: %s",
			 target_label(target, label), why);
	target->agent_lost = true;
}

static void agent_log(const struct target *target, const char *answer,
		      uint8_t before)
{
	const char *now = lb_names_word(&lb_admin_names,
					target->told.agent_admin);
	const char *old = lb_names_word(&lb_admin_names, before);
	char label[TARGET_LABEL];

	/* A weight may be another one each time. */
	log_line(target->told.agent_admin != before ? LOG_NOTICE : LOG_INFO,
		 "%s: its agent wants %s, %u%%: %s",
		 target_label(target, label), now, target->told.agent_weight,
		 answer);
	if (target->told.agent_admin != before)
		target_news(target, "agent", now, old, answer);
}

/* What the agent wants, or with no answer, that there is none to ask. */
static void agent_tell(struct target *target, const struct agent_wish *wish,
		       const char *answer)
{
	uint8_t before = target->told.agent_admin;
	uint16_t weight = target->told.agent_weight;
	char raw[CHECK_REASON + 16], text[CHECK_REASON];
	struct lb_real report = { 0 };

	if (wish->has_weight)
		weight = wish->weight;
	told_agent(&target->told, &report, weight,
		   wish->admin ? wish->admin : before);
	/* Without a check there is nothing else to show. */
	if (!target->check.probe) {
		snprintf(raw, sizeof(raw), "agent: %s", answer);
		lb_text_clean(text, sizeof(text), raw, sizeof(raw));
		told_result(&target->told, &report, 0, text, 0, 0);
	}

	target_tell(target, &report);
	if (weight != target->told.agent_weight ||
	    !lb_has(report.has, L4LB_A_REAL_AGENT_WEIGHT))
		return;
	agent_log(target, answer, before);
}

static void agent_says(struct target *target, const char *answer)
{
	free(target->says);
	target->says = answer ? strdup(answer) : NULL;
}

/**
 * answer_take() - hear what an agent says
 * @data: target
 * @result: what came of asking
 *
 * Return: false: it is asked once in every interval.
 */
bool answer_take(void *data, const struct probe_result *result)
{
	const char *answer = agent_answer(result->reason);
	struct target *target = data;
	struct agent_wish wish;
	char text[CHECK_REASON];

	if (result->outcome != CHECK_UP) {
		agent_silent(target, result->reason);
		return false;
	}
	if (!agent_parse(answer, &wish)) {
		snprintf(text, sizeof(text), "not understood: %.200s", answer);
		agent_silent(target, text);
		return false;
	}

	target->agent_lost = false;
	if (wish.admin)
		agent_says(target, wish.admin == L4LB_ADMIN_ONLINE ? NULL :
								     answer);
	agent_tell(target, &wish, answer);

	return false;
}

/**
 * answer_forget() - the agent is not asked any more
 * @target: whose it was
 *
 * Return: whether the module is to be told so, by answer_none().
 */
bool answer_forget(struct target *target)
{
	agent_says(target, NULL);
	target->agent_lost = false;

	return target->told.agent_weight != no_wish.weight ||
	       target->told.agent_admin != no_wish.admin;
}

/**
 * answer_none() - tell that nothing is wanted
 * @target: target without an agent
 */
void answer_none(struct target *target)
{
	agent_tell(target, &no_wish, "it is not asked any more");
}
