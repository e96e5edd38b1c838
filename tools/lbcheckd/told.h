/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the module has been told of a real.
 */

#ifndef _LBCHECKD_TOLD_H
#define _LBCHECKD_TOLD_H

#include <stdbool.h>
#include <stdint.h>

struct lb_real;

/* ms for which the time that checks take is not told again by itself. */
#define TOLD_RTT_EVERY	60000

/* Most changes of a text alone that are told within TOLD_TEXT_SPAN ms. */
#define TOLD_TEXTS_MAX	6
#define TOLD_TEXT_SPAN	60000

/**
 * struct told - what the module has been told of a real
 * @health: &enum l4lb_health
 * @result: &enum l4lb_health of the last check, 0 for none
 * @agent_admin: &enum l4lb_admin that its agent wants
 * @agent_weight: percent of its weight that its agent wants
 * @reason: hash of the reason of its health
 * @text: hash of what the last check has found
 * @rtt_at: when the time that a check took was told, in ms; 0 for never
 * @texts_since: when the changes of texts that @texts counts began, in ms
 * @texts: how many there have been
 *
 * Texts are only ever compared, and there are many reals: hashes do.
 */
struct told {
	uint8_t health;
	uint8_t result;
	uint8_t agent_admin;
	uint16_t agent_weight;
	uint64_t reason;
	uint64_t text;
	uint64_t rtt_at;
	uint64_t texts_since;
	unsigned int texts;
};

void told_adopt(struct told *told, const struct lb_real *real);
void told_verdict(const struct told *told, struct lb_real *report,
		  uint8_t health, const char *reason);
void told_result(const struct told *told, struct lb_real *report,
		 uint8_t result, const char *text, uint32_t us, uint64_t now);
void told_agent(const struct told *told, struct lb_real *report,
		uint16_t weight, uint8_t admin);
bool told_is_news(const struct lb_real *report);
bool told_allow(struct told *told, const struct lb_real *report, uint64_t now);
void told_keep(struct told *told, const struct lb_real *report, uint64_t now);

#endif /* _LBCHECKD_TOLD_H */
