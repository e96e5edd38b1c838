// SPDX-License-Identifier: GPL-2.0-only
/*
 * Health of reals.
 *
 * What the administrator wants, what the checks say and what the agent of a
 * real wants are three things. None overwrites another: what counts is made of
 * them here.
 */

#include "health.h"
#include "conn.h"
#include "netns.h"
#include "ramp.h"
#include "real.h"
#include "vip.h"

#include <linux/netlink.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

static u64 wall_ms(void)
{
	return ktime_get_real_ns() / NSEC_PER_MSEC;
}

static void agent_reset(struct l4lb_real_health *health)
{
	health->agent_weight = 100;
	health->agent_admin = L4LB_ADMIN_ONLINE;
}

/**
 * l4lb_health_init() - begin with nothing known
 * @health: health to fill
 *
 * Context: Any.
 */
void l4lb_health_init(struct l4lb_real_health *health)
{
	memset(health, 0, sizeof(*health));
	health->state = L4LB_HEALTH_UNKNOWN;
	health->since = wall_ms();
	agent_reset(health);
}

static void texts_free(struct l4lb_real_health *health)
{
	kfree(health->reason);
	kfree(health->result_text);
	health->reason = NULL;
	health->result_text = NULL;
}

/**
 * l4lb_health_free() - free what a health has
 * @health: health of a real that nobody knows any more
 *
 * Context: Process context.
 */
void l4lb_health_free(struct l4lb_real_health *health)
{
	texts_free(health);
}

/* Returns 1 if that is news. */
static int text_change(char **text, const char *to)
{
	char *copy = NULL;

	if (!strcmp(*text ?: "", to))
		return 0;

	if (*to) {
		copy = kstrdup(to, GFP_KERNEL_ACCOUNT);
		if (!copy)
			return -ENOMEM;
	}
	*text = copy;

	return 1;
}

/**
 * l4lb_health_copy() - give a real's successor its health
 * @to: health without texts
 * @from: health to copy
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or -ENOMEM; then @to is for l4lb_health_free() all the same.
 */
int l4lb_health_copy(struct l4lb_real_health *to, const struct l4lb_real_health *from)
{
	*to = *from;
	to->reason = NULL;
	to->result_text = NULL;

	if (text_change(&to->reason, from->reason ?: "") < 0 ||
	    text_change(&to->result_text, from->result_text ?: "") < 0)
		return -ENOMEM;

	return 0;
}

/**
 * l4lb_real_check() - how a real is checked
 * @real: real
 * @inherited: check of its VIP
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: the check.
 */
const struct l4lb_check *l4lb_real_check(const struct l4lb_real *real,
					 const struct l4lb_check *inherited)
{
	return real->config.check_own ? &real->config.check : inherited;
}

/**
 * l4lb_real_health() - health that counts
 * @real: real
 * @inherited: check of its VIP
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: &enum l4lb_health; up where the check is off.
 */
u8 l4lb_real_health(const struct l4lb_real *real,
		    const struct l4lb_check *inherited)
{
	if (l4lb_check_is_off(l4lb_real_check(real, inherited)))
		return L4LB_HEALTH_UP;

	return real->health.state;
}

static bool asks_agent(const struct l4lb_real *real,
		       const struct l4lb_check *inherited)
{
	const struct l4lb_check *check = l4lb_real_check(real, inherited);

	return check->agent && !l4lb_check_is_off(check);
}

static u8 real_admin(const struct l4lb_real *real,
		     const struct l4lb_check *inherited)
{
	u8 admin = real->config.admin;

	if (!asks_agent(real, inherited))
		return admin;

	return max(admin, real->health.agent_admin);
}

/**
 * l4lb_real_weight() - weight that counts
 * @real: real
 * @inherited: check of its VIP
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: the weight, 0 only if the administrator or the agent says so.
 */
u32 l4lb_real_weight(const struct l4lb_real *real,
		     const struct l4lb_check *inherited)
{
	u32 percent = real->health.agent_weight;
	u32 weight = real->config.weight;

	if (!asks_agent(real, inherited))
		return weight;
	if (!weight || !percent)
		return 0;

	return clamp_t(u32, weight * percent / 100, 1, L4LB_WEIGHT_MAX);
}

/**
 * l4lb_real_is_fit() - whether health lets a real take new connections
 * @real: real
 * @inherited: check of its VIP
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: true if it does.
 */
bool l4lb_real_is_fit(const struct l4lb_real *real,
		      const struct l4lb_check *inherited)
{
	u8 health = l4lb_real_health(real, inherited);

	return health == L4LB_HEALTH_UP ||
	       (health == L4LB_HEALTH_UNKNOWN && real->provisional);
}

/**
 * l4lb_real_is_out() - whether a real would begin anew if it came back now
 * @real: real
 * @inherited: check of its VIP
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: true if it is halted or not fit.
 */
bool l4lb_real_is_out(const struct l4lb_real *real,
		      const struct l4lb_check *inherited)
{
	return real_admin(real, inherited) == L4LB_ADMIN_HALT ||
	       !l4lb_real_is_fit(real, inherited);
}

/**
 * l4lb_real_hindrance() - what keeps a real from taking new connections
 * @real: real
 * @inherited: check of its VIP
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: &enum l4lb_standing, or 0 if nothing does.
 */
u8 l4lb_real_hindrance(const struct l4lb_real *real,
		       const struct l4lb_check *inherited)
{
	u8 admin = real_admin(real, inherited);

	if (admin != L4LB_ADMIN_ONLINE)
		return admin == L4LB_ADMIN_HALT ? L4LB_STANDING_HALT :
						  L4LB_STANDING_DRAIN;
	if (!l4lb_real_weight(real, inherited))
		return L4LB_STANDING_WEIGHT;
	if (l4lb_real_is_fit(real, inherited))
		return 0;

	switch (l4lb_real_health(real, inherited)) {
	case L4LB_HEALTH_UNKNOWN:
		return L4LB_STANDING_UNKNOWN;
	case L4LB_HEALTH_SICK:
		return L4LB_STANDING_SICK;
	default:
		return L4LB_STANDING_DOWN;
	}
}

/**
 * l4lb_real_serves() - whether a real takes new connections
 * @real: real
 * @inherited: check of its VIP
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: true if it does.
 */
bool l4lb_real_serves(const struct l4lb_real *real,
		      const struct l4lb_check *inherited)
{
	return !l4lb_real_hindrance(real, inherited);
}

/**
 * l4lb_real_settle() - tell the data path what follows from the configuration
 * @real: real of a VIP whose configuration is published
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_real_settle(struct l4lb_real *real)
{
	const struct l4lb_vip_config *config = l4lb_vip_config(real->vip);
	const struct l4lb_check *check = &config->check;
	bool orphans;

	/* If the check comes back, the real serves until there is a verdict. */
	if (l4lb_check_is_off(l4lb_real_check(real, check))) {
		real->health.state = L4LB_HEALTH_UNKNOWN;
		real->health.result = 0;
		texts_free(&real->health);
		real->provisional = true;
	}
	if (!asks_agent(real, check))
		agent_reset(&real->health);

	orphans = real_admin(real, check) == L4LB_ADMIN_HALT ||
		  l4lb_real_health(real, check) == L4LB_HEALTH_DOWN;
	if (orphans && !real->orphans)
		WRITE_ONCE(real->term, real->term + 1);

	WRITE_ONCE(real->idle, l4lb_ticks(config->idle));
	WRITE_ONCE(real->max_conns, real->config.max_conns);
	WRITE_ONCE(real->orphans, orphans);
	WRITE_ONCE(real->keeps, !orphans && l4lb_real_is_fit(real, check));
	WRITE_ONCE(real->serves, l4lb_real_serves(real, check));
}

/* Each of these returns 1 if there is news in it. */
static int take_health(struct l4lb_real_health *health,
		       const struct l4lb_verdict *verdict)
{
	u8 before = health->state;
	int news;

	if (!verdict->health)
		return 0;

	news = text_change(&health->reason, verdict->reason ?: "");
	if (news < 0 || verdict->health == before)
		return news;

	health->state = verdict->health;
	health->since = wall_ms();
	health->flaps += before == L4LB_HEALTH_UP;

	return 1;
}

static int take_result(struct l4lb_real_health *health,
		       const struct l4lb_verdict *verdict)
{
	int news = 0;

	if (verdict->result_text)
		news = text_change(&health->result_text, verdict->result_text);
	if (news < 0)
		return news;

	if (verdict->rtt)
		health->rtt = *verdict->rtt;
	if (verdict->result && verdict->result != health->result) {
		health->result = verdict->result;
		news = 1;
	}

	return news;
}

static int take_agent(struct l4lb_real_health *health,
		      const struct l4lb_verdict *verdict)
{
	const u16 weight = health->agent_weight;
	const u8 admin = health->agent_admin;

	if (verdict->agent_weight)
		health->agent_weight = *verdict->agent_weight;
	if (verdict->agent_admin)
		health->agent_admin = verdict->agent_admin;

	return weight != health->agent_weight || admin != health->agent_admin;
}

static int health_take(struct l4lb_real_health *health,
		       const struct l4lb_verdict *verdict)
{
	int health_news, result_news;

	health_news = take_health(health, verdict);
	if (health_news < 0)
		return health_news;
	result_news = take_result(health, verdict);
	if (result_news < 0)
		return result_news;

	return take_agent(health, verdict) | health_news | result_news;
}

/* Frees the texts that @gone has and @kept has not. */
static void health_replace(struct l4lb_real_health *gone,
			   const struct l4lb_real_health *kept)
{
	if (gone->reason != kept->reason)
		kfree(gone->reason);
	if (gone->result_text != kept->result_text)
		kfree(gone->result_text);
}

static int report_refuse(const struct l4lb_real *real,
			 const struct l4lb_check *inherited,
			 const struct l4lb_verdict *verdict,
			 struct netlink_ext_ack *extack)
{
	if (l4lb_check_is_off(l4lb_real_check(real, inherited))) {
		NL_SET_ERR_MSG(extack, "the check of this real is off");
		return -EINVAL;
	}
	if ((verdict->agent_weight || verdict->agent_admin) &&
	    !asks_agent(real, inherited)) {
		NL_SET_ERR_MSG(extack, "the check of this real has no agent");
		return -EINVAL;
	}

	return 0;
}

/* Lets the data path choose by a health that has changed. */
static int health_publish(struct l4lb_real *real,
			  const struct l4lb_real_health *next)
{
	const struct l4lb_check *check = &l4lb_vip_config(real->vip)->check;
	const struct l4lb_real_health before = real->health;
	const struct l4lb_ramp ramp = real->ramp;
	const bool served = l4lb_real_serves(real, check);
	const bool was_out = l4lb_real_is_out(real, check);
	const u32 weight = l4lb_real_weight(real, check);
	int err;

	real->health = *next;
	if (l4lb_real_serves(real, check) != served ||
	    l4lb_real_weight(real, check) != weight) {
		l4lb_ramp_follow(real, was_out);
		err = l4lb_vip_refresh(real->vip);
		if (err) {
			real->health = before;
			real->ramp = ramp;
			return err;
		}
	}

	return 0;
}

/**
 * l4lb_real_report() - take a verdict on a real
 * @real: real
 * @verdict: verdict
 * @extack: where to explain a failure
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 1 if that changed something, 0 if not, or a negative errno; then
 * nothing has changed.
 */
int l4lb_real_report(struct l4lb_real *real,
		     const struct l4lb_verdict *verdict,
		     struct netlink_ext_ack *extack)
{
	struct l4lb_real_health before = real->health, next = real->health;
	int news, err;

	lockdep_assert_held(&real->vip->ln->lock);

	err = report_refuse(real, &l4lb_vip_config(real->vip)->check, verdict,
			    extack);
	if (err)
		return err;

	news = health_take(&next, verdict);
	err = news < 0 ? news : health_publish(real, &next);
	if (err) {
		health_replace(&next, &before);
		NL_SET_ERR_MSG(extack, "out of memory");
		return err;
	}

	health_replace(&before, &next);
	if (verdict->health)
		real->provisional = false;
	l4lb_real_settle(real);

	return news;
}
