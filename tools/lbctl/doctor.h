/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lbctl doctor: looks for what makes sites fail. An examination is a function
 * in a table; what it finds it tells with the command that mends it.
 */

#ifndef _LBCTL_DOCTOR_H
#define _LBCTL_DOCTOR_H

#include "compiler.h"
#include "picture.h"
#include "rtnl.h"
#include "solicit.h"

#include <stdbool.h>
#include <stddef.h>

struct cmd;

/* Room for what is told of a finding. */
#define FINDING_TEXT	4608

/**
 * struct doctor - what examinations look at
 * @cmd: command
 * @pic: what the module has
 * @host: what the kernel has
 * @questions: what was asked on the wire, for VIPs and for reals
 * @question_count: how many
 * @found: how many findings there are
 */
struct doctor {
	struct cmd *cmd;
	struct picture pic;
	struct lb_rtnl host;
	struct question *questions;
	size_t question_count;
	unsigned int found;
};

/**
 * struct finding - something that is wrong
 * @what: word for it, for programs
 * @vip: name of the VIP, or NULL
 * @real: name of the real, or NULL
 * @text: what it is
 * @mend: command that mends it
 * @where: machine to run that on; empty for this one
 */
struct finding {
	const char *what;
	const char *vip;
	const char *real;
	char text[FINDING_TEXT];
	char mend[FINDING_TEXT];
	char where[LB_ADDR_TEXT];
};

/**
 * struct examination - looks for one thing
 * @look: does it; NULL at the end of a table
 */
struct examination {
	void (*look)(struct doctor *doctor);
};

extern const struct examination host_examinations[];
extern const struct examination rule_examinations[];
extern const struct examination path_examinations[];
extern const struct examination wire_examinations[];

void finding_say(struct finding *finding, const char *fmt, ...) __printf(2, 3);
void finding_mend(struct finding *finding, const char *fmt, ...)
	__printf(2, 3);
void doctor_tell(struct doctor *doctor, const struct finding *finding);

bool doctor_is_first(const struct doctor *doctor, size_t index);
const struct lb_link *doctor_front(const struct doctor *doctor,
				   const struct lb_addr *addr);
bool doctor_owns(const struct doctor *doctor, const struct lb_addr *addr);
void doctor_own_addr(const struct doctor *doctor, const struct lb_link *link,
		     int family, struct lb_addr *addr);
void doctor_ask(struct doctor *doctor);

#endif /* _LBCTL_DOCTOR_H */
