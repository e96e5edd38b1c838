// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the module has been told of a real, and hence what is news to it. Pure:
 * the time is given.
 *
 * A text that changes with every check, as that of a server that greets with
 * the time of day, is told a few times a minute and no more.
 */

#include "told.h"
#include "model.h"

#include <stdio.h>

#define BITS_HEALTH	(LB_BIT(L4LB_A_REAL_HEALTH) | \
			 LB_BIT(L4LB_A_REAL_REASON))
#define BITS_RESULT	(LB_BIT(L4LB_A_REAL_RESULT) | \
			 LB_BIT(L4LB_A_REAL_RESULT_TEXT) | \
			 LB_BIT(L4LB_A_REAL_RTT))
#define BITS_AGENT	(LB_BIT(L4LB_A_REAL_AGENT_WEIGHT) | \
			 LB_BIT(L4LB_A_REAL_AGENT_ADMIN))

/* FNV-1a */
static uint64_t text_hash(const char *text)
{
	uint64_t hash = 14695981039346656037ULL;

	for (; *text; text++)
		hash = (hash ^ (unsigned char)*text) * 1099511628211ULL;

	return hash;
}

/**
 * told_adopt() - take over what the module holds
 * @told: where to
 * @real: the real, as the module holds it
 */
void told_adopt(struct told *told, const struct lb_real *real)
{
	told->health = real->health;
	told->reason = text_hash(real->reason);
	if (lb_has(real->has, L4LB_A_REAL_RESULT))
		told->result = real->result;
	if (lb_has(real->has, L4LB_A_REAL_RESULT_TEXT))
		told->text = text_hash(real->result_text);

	told->agent_weight = 100;
	told->agent_admin = L4LB_ADMIN_ONLINE;
	if (lb_has(real->has, L4LB_A_REAL_AGENT_WEIGHT))
		told->agent_weight = real->agent_weight;
	if (lb_has(real->has, L4LB_A_REAL_AGENT_ADMIN))
		told->agent_admin = real->agent_admin;
}

/**
 * told_verdict() - add a verdict to a report, if it is news
 * @told: what has been told
 * @report: where to
 * @health: &enum l4lb_health, not unknown
 * @reason: why
 */
void told_verdict(const struct told *told, struct lb_real *report,
		  uint8_t health, const char *reason)
{
	if (told->health == health && told->reason == text_hash(reason))
		return;

	report->has |= BITS_HEALTH;
	report->health = health;
	snprintf(report->reason, sizeof(report->reason), "%s", reason);
}

/**
 * told_result() - add what a check has found to a report, if it is news or goes
 * with some
 * @told: what has been told
 * @report: where to
 * @result: &enum l4lb_health that it speaks for; 0 if it could not be made
 * @text: what it has found
 * @us: microseconds that it has taken
 * @now: in ms
 */
void told_result(const struct told *told, struct lb_real *report,
		 uint8_t result, const char *text, uint32_t us, uint64_t now)
{
	bool news = report->has & BITS_HEALTH;

	news |= result && told->result != result;
	news |= told->text != text_hash(text);

	if (news) {
		report->has |= result ? BITS_RESULT :
					LB_BIT(L4LB_A_REAL_RESULT_TEXT);
		report->result = result;
		report->rtt = us;
		snprintf(report->result_text, sizeof(report->result_text),
			 "%s", text);
	} else if (result &&
		   (!told->rtt_at || now - told->rtt_at >= TOLD_RTT_EVERY)) {
		report->has |= LB_BIT(L4LB_A_REAL_RTT);
		report->rtt = us;
	}
}

/**
 * told_agent() - add what an agent wants to a report, if it is news
 * @told: what has been told
 * @report: where to
 * @weight: percent of the configured weight
 * @admin: &enum l4lb_admin
 */
void told_agent(const struct told *told, struct lb_real *report,
		uint16_t weight, uint8_t admin)
{
	if (told->agent_weight == weight && told->agent_admin == admin)
		return;

	report->has |= BITS_AGENT;
	report->agent_weight = weight;
	report->agent_admin = admin;
}

/**
 * told_is_news() - ask whether a report has anything to tell
 * @report: the report
 *
 * Return: whether it has.
 */
bool told_is_news(const struct lb_real *report)
{
	return report->has & (BITS_HEALTH | BITS_RESULT | BITS_AGENT);
}

/* Neither the health, nor the result, nor what the agent wants is another. */
static bool is_text_only(const struct told *told, const struct lb_real *report)
{
	if (report->has & BITS_AGENT)
		return false;
	if (report->has & BITS_HEALTH && told->health != report->health)
		return false;
	if (lb_has(report->has, L4LB_A_REAL_RESULT) &&
	    told->result != report->result)
		return false;

	return report->has & (LB_BIT(L4LB_A_REAL_REASON) |
			      LB_BIT(L4LB_A_REAL_RESULT_TEXT));
}

/**
 * told_allow() - ask whether a report is to be made, or is one too many
 * @told: what has been told
 * @report: the report
 * @now: in ms
 *
 * Return: whether it is to be made.
 */
bool told_allow(struct told *told, const struct lb_real *report, uint64_t now)
{
	if (!is_text_only(told, report))
		return true;

	if (now - told->texts_since >= TOLD_TEXT_SPAN) {
		told->texts_since = now;
		told->texts = 0;
	}

	return told->texts++ < TOLD_TEXTS_MAX;
}

/**
 * told_keep() - note what the module has taken
 * @told: where to
 * @report: the report
 * @now: in ms
 */
void told_keep(struct told *told, const struct lb_real *report, uint64_t now)
{
	if (report->has & BITS_HEALTH) {
		told->health = report->health;
		told->reason = text_hash(report->reason);
	}
	if (lb_has(report->has, L4LB_A_REAL_RESULT))
		told->result = report->result;
	if (lb_has(report->has, L4LB_A_REAL_RESULT_TEXT))
		told->text = text_hash(report->result_text);
	if (lb_has(report->has, L4LB_A_REAL_RTT))
		told->rtt_at = now ? now : 1;
	if (report->has & BITS_AGENT) {
		told->agent_weight = report->agent_weight;
		told->agent_admin = report->agent_admin;
	}
}
