// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command line's words to VIPs, reals and their checks.
 */

#include "parse.h"
#include "args.h"
#include "check_type.h"
#include "duration.h"
#include "err.h"
#include "names.h"
#include "option.h"
#include "seed.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/*
 * The clause "check": its type, if the first word is none of its options, and
 * those of its options that follow.
 */

static int check_set_port(void *object, const char *value, struct lb_err *err)
{
	struct lb_check *check = object;

	memset(&check->ports, 0, sizeof(check->ports));
	check->has |= LB_BIT(L4LB_A_CHECK_PORTS);
	if (!value)
		return 0;

	return lb_ports_parse_single(value, &check->ports,
				     L4LB_CHECK_PORTS_MAX, err);
}

static int check_set_interval(void *object, const char *value, struct lb_err *err)
{
	struct lb_check *check = object;

	check->interval = L4LB_CHECK_INTERVAL_DEFAULT;
	check->has |= LB_BIT(L4LB_A_CHECK_INTERVAL);
	if (!value)
		return 0;

	return lb_duration_parse(value, L4LB_CHECK_TIME_MIN, &check->interval,
				 err);
}

static int check_set_timeout(void *object, const char *value, struct lb_err *err)
{
	struct lb_check *check = object;

	check->timeout = L4LB_CHECK_TIMEOUT_DEFAULT;
	check->has |= LB_BIT(L4LB_A_CHECK_TIMEOUT);
	if (!value)
		return 0;

	return lb_duration_parse(value, L4LB_CHECK_TIME_MIN, &check->timeout,
				 err);
}

static int check_set_rise(void *object, const char *value, struct lb_err *err)
{
	unsigned int number = L4LB_CHECK_RISE_DEFAULT;
	struct lb_check *check = object;
	int ret = 0;

	if (value)
		ret = lb_option_number("rise", value, 1, L4LB_CHECK_COUNT_MAX,
				       &number, err);
	check->rise = (uint8_t)number;
	check->has |= LB_BIT(L4LB_A_CHECK_RISE);

	return ret;
}

static int check_set_fall(void *object, const char *value, struct lb_err *err)
{
	unsigned int number = L4LB_CHECK_FALL_DEFAULT;
	struct lb_check *check = object;
	int ret = 0;

	if (value)
		ret = lb_option_number("fall", value, 1, L4LB_CHECK_COUNT_MAX,
				       &number, err);
	check->fall = (uint8_t)number;
	check->has |= LB_BIT(L4LB_A_CHECK_FALL);

	return ret;
}

static int check_set_fast(void *object, const char *value, struct lb_err *err)
{
	struct lb_check *check = object;

	check->fast = 0;
	check->has |= LB_BIT(L4LB_A_CHECK_FAST);
	if (!value || !strcmp(value, "off"))
		return 0;

	return lb_duration_parse(value, L4LB_CHECK_TIME_MIN, &check->fast, err);
}

static int check_set_via(void *object, const char *value, struct lb_err *err)
{
	struct lb_check *check = object;

	check->via = L4LB_VIA_REAL;
	check->has |= LB_BIT(L4LB_A_CHECK_VIA);
	if (!value)
		return 0;

	return lb_option_word("via", value, &lb_via_names, &check->via,
			      err);
}

static int check_set_agent(void *object, const char *value, struct lb_err *err)
{
	struct lb_check *check = object;
	unsigned int number = 0;
	int ret = 0;

	if (value && strcmp(value, "off"))
		ret = lb_option_number("agent", value, 1, 65535, &number, err);
	check->agent = (uint16_t)number;
	check->has |= LB_BIT(L4LB_A_CHECK_AGENT);

	return ret;
}

static int check_set_guard(void *object, const char *value, struct lb_err *err)
{
	struct lb_check *check = object;
	unsigned int number = 0;
	int ret = 0;

	if (value && strcmp(value, "off"))
		ret = lb_option_number("guard", value, 1, 100, &number, err);
	check->guard = (uint8_t)number;
	check->has |= LB_BIT(L4LB_A_CHECK_GUARD);

	return ret;
}

static int check_set_secret(void *object, const char *value, struct lb_err *err)
{
	struct lb_check *check = object;

	memset(check->secret, 0, sizeof(check->secret));
	check->has |= LB_BIT(L4LB_A_CHECK_SECRET);
	if (!value || !strcmp(value, "none"))
		return 0;

	return lb_option_name(value, check->secret, err);
}

/* What is read back has to be what was written. */
static bool is_clean(const char *text)
{
	char clean[L4LB_CHECK_ARGS_MAX + 1];

	lb_text_clean(clean, sizeof(clean), text, strlen(text));

	return !strcmp(clean, text);
}

static int check_set_args(void *object, const char *value, struct lb_err *err)
{
	struct lb_check *check = object;
	struct lb_err why = { 0 };
	struct lb_args args;

	lb_check_release(check);
	check->has |= LB_BIT(L4LB_A_CHECK_ARGS);
	if (!value)
		return 0;

	if (lb_args_parse(&args, value, &why))
		return lb_err_set(err, -EINVAL, "args: %s", why.text);
	if (!is_clean(value))
		return lb_err_set(err, -EINVAL,
				  "args: control characters and what is not UTF-8 have to be written as \"\\xHH\"");
	check->args = strdup(value);

	return check->args ? 0 : lb_err_code(err, -ENOMEM);
}

static const struct lb_option check_options[] = {
	{ .word = "port", .set = check_set_port },
	{ .word = "interval", .set = check_set_interval },
	{ .word = "fast", .set = check_set_fast },
	{ .word = "timeout", .set = check_set_timeout },
	{ .word = "rise", .set = check_set_rise },
	{ .word = "fall", .set = check_set_fall },
	{ .word = "via", .set = check_set_via },
	{ .word = "agent", .set = check_set_agent },
	{ .word = "guard", .set = check_set_guard },
	{ .word = "secret", .set = check_set_secret },
	{ .word = "args", .set = check_set_args },
	{ .word = NULL },
};

static const struct lb_option *check_option(const struct lb_words *words)
{
	return lb_option_find(check_options, lb_words_peek(words));
}

static int check_set_type(const char *word, struct lb_check *check,
			  struct lb_err *err)
{
	const struct lb_check_type *type = lb_check_type_find(word);

	if (!type)
		return lb_check_type_unknown(word, err);
	snprintf(check->type, sizeof(check->type), "%s", type->name);
	check->has |= LB_BIT(L4LB_A_CHECK_TYPE);

	return 0;
}

static int check_take(struct lb_words *words, struct lb_check *check,
		      struct lb_err *err)
{
	const struct lb_option *opt;
	int ret = 0;

	lb_check_release(check);
	memset(check, 0, sizeof(*check));
	if (!check_option(words))
		ret = check_set_type(lb_words_take(words), check, err);

	while (!ret && (opt = check_option(words))) {
		lb_words_take(words);
		ret = lb_option_take(words, opt, check, err);
	}
	words->clause = check_options;
	if (!ret)
		ret = lb_check_type_refuse(check, 0, err);
	if (!ret)
		ret = lb_check_file_refuse(check, err);

	return ret;
}

/* Options of a VIP. */

static int vip_set_mode(void *object, const char *value, struct lb_err *err)
{
	struct lb_vip *vip = object;

	vip->mode = L4LB_MODE_DR;
	vip->has |= LB_BIT(L4LB_A_VIP_MODE);
	if (!value)
		return 0;

	return lb_option_word("mode", value, &lb_mode_names, &vip->mode,
			      err);
}

static int vip_set_sched(void *object, const char *value, struct lb_err *err)
{
	struct lb_vip *vip = object;

	vip->sched = L4LB_SCHED_WRR;
	vip->has |= LB_BIT(L4LB_A_VIP_SCHED);
	if (!value)
		return 0;

	return lb_option_word("sched", value, &lb_sched_names,
			      &vip->sched, err);
}

static int vip_set_idle(void *object, const char *value, struct lb_err *err)
{
	struct lb_vip *vip = object;

	vip->idle = L4LB_IDLE_DEFAULT;
	vip->has |= LB_BIT(L4LB_A_VIP_IDLE);
	if (!value)
		return 0;

	return lb_duration_parse(value, L4LB_IDLE_MIN, &vip->idle, err);
}

static int vip_set_orphan(void *object, const char *value, struct lb_err *err)
{
	struct lb_vip *vip = object;

	vip->orphan = L4LB_ORPHAN_RST;
	vip->has |= LB_BIT(L4LB_A_VIP_ORPHAN);
	if (!value)
		return 0;

	return lb_option_word("orphan", value, &lb_orphan_names,
			      &vip->orphan, err);
}

static int vip_set_no_real(void *object, const char *value, struct lb_err *err)
{
	struct lb_vip *vip = object;

	vip->no_real = L4LB_NO_REAL_RST;
	vip->has |= LB_BIT(L4LB_A_VIP_NO_REAL);
	if (!value)
		return 0;

	return lb_option_word("no-real", value, &lb_no_real_names,
			      &vip->no_real, err);
}

static int vip_set_hook(void *object, const char *value, struct lb_err *err)
{
	struct lb_vip *vip = object;

	vip->hook = L4LB_HOOK_EARLY;
	vip->has |= LB_BIT(L4LB_A_VIP_HOOK);
	if (!value)
		return 0;

	return lb_option_word("hook", value, &lb_hook_names, &vip->hook,
			      err);
}

static int vip_set_seed(void *object, const char *value, struct lb_err *err)
{
	struct lb_vip *vip = object;

	vip->seed = 0;
	vip->has |= LB_BIT(L4LB_A_VIP_SEED);
	if (!value)
		return 0;

	return lb_seed_parse(value, &vip->seed, err);
}

static int vip_set_persist(void *object, const char *value, struct lb_err *err)
{
	struct lb_vip *vip = object;

	vip->persist = 0;
	vip->has |= LB_BIT(L4LB_A_VIP_PERSIST);
	if (!value || !strcmp(value, "off"))
		return 0;

	return lb_duration_parse(value, L4LB_PERSIST_MIN, &vip->persist, err);
}

static int vip_set_fallback(void *object, const char *value, struct lb_err *err)
{
	struct lb_vip *vip = object;

	memset(&vip->fallback, 0, sizeof(vip->fallback));
	vip->fallback_port = 0;
	vip->has |= LB_BIT(L4LB_A_VIP_FALLBACK);
	if (!value || !strcmp(value, "off"))
		return 0;

	return lb_addr_parse_port(value, &vip->fallback, &vip->fallback_port,
				  err);
}

static int vip_set_slow_start(void *object, const char *value,
			      struct lb_err *err)
{
	struct lb_vip *vip = object;

	vip->slow_start = 0;
	vip->has |= LB_BIT(L4LB_A_VIP_SLOW_START);
	if (!value || !strcmp(value, "off"))
		return 0;

	return lb_duration_parse(value, 0, &vip->slow_start, err);
}

/* What the kernel takes for a name, unless it is unsafe to print. */
static bool dev_ok(const char *name)
{
	const unsigned char *c = (const unsigned char *)name;

	if (!*name || strlen(name) >= IFNAMSIZ || !strcmp(name, ".") ||
	    !strcmp(name, ".."))
		return false;
	for (; *c; c++) {
		if (*c <= ' ' || *c >= 0x7f || *c == '/' || *c == ':')
			return false;
	}

	return true;
}

static int vip_set_dev(void *object, const char *value, struct lb_err *err)
{
	struct lb_vip *vip = object;

	memset(vip->dev, 0, sizeof(vip->dev));
	vip->has |= LB_BIT(L4LB_A_VIP_DEV);
	if (!value)
		return 0;
	if (!dev_ok(value))
		return lb_err_set(err, -EINVAL,
				  "dev \"%s\" is no name of an interface",
				  value);
	memcpy(vip->dev, value, strlen(value));

	return 0;
}

/* What the sign before a list does; without one it is a whole new list. */
static uint8_t allow_op(const char *value)
{
	if (*value == '+')
		return L4LB_ALLOW_ADD;

	return *value == '-' ? L4LB_ALLOW_DEL : L4LB_ALLOW_SET;
}

static int vip_set_allow(void *object, const char *value, struct lb_err *err)
{
	struct lb_vip *vip = object;

	vip->allow_op = L4LB_ALLOW_SET;
	if (!value || !strcmp(value, "any"))
		return 0;

	vip->allow_op = allow_op(value);

	return lb_allow_parse(value + (vip->allow_op != L4LB_ALLOW_SET),
			      &vip->allow, err);
}

/* Where the address is not known here, the module knows what is too long. */
static int vip_set_mask(void *object, const char *value, struct lb_err *err)
{
	struct lb_vip *vip = object;
	unsigned int number = 0;
	int ret = 0;

	if (value)
		ret = lb_option_number("mask", value, 1,
				       vip->addr.family == AF_INET ? 32 : 128,
				       &number, err);
	vip->mask = (uint8_t)number;
	vip->has |= LB_BIT(L4LB_A_VIP_MASK);

	return ret;
}

static int vip_set_source(void *object, const char *value, struct lb_err *err)
{
	struct lb_vip *vip = object;

	memset(&vip->sources, 0, sizeof(vip->sources));
	vip->has |= LB_BIT(L4LB_A_VIP_SOURCES);
	if (!value)
		return 0;

	return lb_sources_parse(value, &vip->sources, err);
}

static int vip_set_check(void *object, struct lb_words *words, struct lb_err *err)
{
	struct lb_vip *vip = object;

	vip->has |= LB_BIT(L4LB_A_VIP_CHECK);
	if (lb_option_is_default(lb_words_peek(words))) {
		lb_words_take(words);
		memset(&vip->check, 0, sizeof(vip->check));
		return 0;
	}

	return check_take(words, &vip->check, err);
}

static int vip_set_address(void *object, const char *value, struct lb_err *err)
{
	struct lb_vip *vip = object;

	if (!value)
		return lb_option_no_default("address", err);
	vip->has |= LB_BIT(L4LB_A_VIP_ADDR4);

	return lb_addr_parse(value, &vip->addr, err);
}

static int vip_set_ports(void *object, const char *value, struct lb_err *err)
{
	struct lb_vip *vip = object;

	if (!value)
		return lb_option_no_default("ports", err);
	vip->has |= LB_BIT(L4LB_A_VIP_PORTS);
	vip->ports_op = lb_list_op(&value);

	return lb_ports_parse(value, &vip->ports, err);
}

static int vip_set_name(void *object, const char *value, struct lb_err *err)
{
	struct lb_vip *vip = object;
	int ret;

	if (!value)
		return lb_option_no_default("name", err);
	ret = lb_name_check(value, err);
	if (ret)
		return ret;

	lb_name_copy(vip->new_name, value);
	vip->has |= LB_BIT(L4LB_A_VIP_NEW_NAME);

	return 0;
}

static void vip_set_force(void *object)
{
	struct lb_vip *vip = object;

	vip->force = true;
}

/*
 * The first so many options only change a VIP: one that is created has them by
 * place.
 */
#define VIP_SET_ONLY	3

static const struct lb_option vip_options[] = {
	{ .word = "address", .set = vip_set_address },
	{ .word = "ports", .set = vip_set_ports },
	{ .word = "name", .set = vip_set_name },
	{ .word = "mode", .set = vip_set_mode },
	{ .word = "sched", .set = vip_set_sched },
	{ .word = "idle", .set = vip_set_idle },
	{ .word = "check", .clause = vip_set_check },
	{ .word = "persist", .set = vip_set_persist },
	{ .word = "mask", .set = vip_set_mask },
	{ .word = "orphan", .set = vip_set_orphan },
	{ .word = "no-real", .set = vip_set_no_real },
	{ .word = "hook", .set = vip_set_hook },
	{ .word = "seed", .set = vip_set_seed },
	{ .word = "source", .set = vip_set_source },
	{ .word = "allow", .set = vip_set_allow },
	{ .word = "fallback", .set = vip_set_fallback },
	{ .word = "slow-start", .set = vip_set_slow_start },
	{ .word = "dev", .set = vip_set_dev },
	{ .word = "force", .flag = vip_set_force },
	{ .word = NULL },
};

/**
 * lb_parse_name() - take the name of an object
 * @words: the words
 * @label: what it is called in the usage
 * @name: where to
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_parse_name(struct lb_words *words, const char *label,
		  char name[L4LB_NAME_MAX + 1], struct lb_err *err)
{
	const char *word = lb_words_take(words);
	int ret;

	if (!word)
		return lb_option_missing(label, err);
	ret = lb_name_check(word, err);
	if (!ret)
		lb_name_copy(name, word);

	return ret;
}

/**
 * lb_parse_vip_new() - parse ``NAME ADDRESS PROTOCOL PORTS [OPTION...]``
 * @words: the words
 * @vip: where to, for lb_vip_release(); for ``check default`` and ``mask
 *	default`` see lb_parse_vip_set()
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_parse_vip_new(struct lb_words *words, struct lb_vip *vip,
		     struct lb_err *err)
{
	const char *word;
	int ret;

	memset(vip, 0, sizeof(*vip));
	ret = lb_parse_name(words, "NAME", vip->name, err);
	if (ret)
		return ret;

	word = lb_words_take(words);
	if (!word)
		return lb_option_missing("ADDRESS", err);
	ret = vip_set_address(vip, word, err);
	if (ret)
		return ret;

	word = lb_words_take(words);
	if (!word)
		return lb_option_missing("PROTOCOL", err);
	vip->has |= LB_BIT(L4LB_A_VIP_PROTOS);
	ret = lb_option_word("protocol", word, &lb_protos_names,
			     &vip->protos, err);
	if (ret)
		return ret;

	word = lb_words_take(words);
	if (!word)
		return lb_option_missing("PORTS", err);
	ret = vip_set_ports(vip, word, err);
	if (!ret && vip->ports_op != LB_LIST_SET)
		ret = lb_err_set(err, -EINVAL,
				 "a new vip has no ports to change");
	if (ret)
		return ret;

	ret = lb_options_take(words, &vip_options[VIP_SET_ONLY], vip, err);
	if (!ret && vip->allow_op > L4LB_ALLOW_SET)
		return lb_err_set(err, -EINVAL,
				  "a new vip has no list of clients to change");

	return ret;
}

/**
 * lb_parse_vip_set() - parse ``NAME OPTION...``
 * @words: the words
 * @vip: where to, for lb_vip_release(); ``check default`` becomes a check with
 *	nothing in it, and ``mask default`` 0, because what they mean depends
 *	on the rest of the VIP: lb_vip_settle()
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_parse_vip_set(struct lb_words *words, struct lb_vip *vip,
		     struct lb_err *err)
{
	int ret;

	memset(vip, 0, sizeof(*vip));
	ret = lb_parse_name(words, "NAME", vip->name, err);
	if (ret)
		return ret;
	if (!lb_words_peek(words))
		return lb_option_missing("OPTION", err);

	return lb_options_take(words, vip_options, vip, err);
}

/* Options of a real. */

static int real_set_port(void *object, const char *value, struct lb_err *err)
{
	struct lb_real *real = object;
	unsigned int number = 0;
	int ret = 0;

	if (value)
		ret = lb_option_number("port", value, 1, 65535, &number, err);
	real->port = (uint16_t)number;
	real->has |= LB_BIT(L4LB_A_REAL_PORT);

	return ret;
}

static int real_set_weight(void *object, const char *value, struct lb_err *err)
{
	unsigned int number = L4LB_WEIGHT_DEFAULT;
	struct lb_real *real = object;
	int ret = 0;

	if (value)
		ret = lb_option_number("weight", value, 0, L4LB_WEIGHT_MAX,
				       &number, err);
	real->weight = number;
	real->has |= LB_BIT(L4LB_A_REAL_WEIGHT);

	return ret;
}

static int real_set_state(void *object, const char *value, struct lb_err *err)
{
	struct lb_real *real = object;

	real->admin = L4LB_ADMIN_ONLINE;
	real->has |= LB_BIT(L4LB_A_REAL_ADMIN);
	if (!value)
		return 0;

	return lb_option_word("state", value, &lb_admin_names,
			      &real->admin, err);
}

static int real_set_max_conns(void *object, const char *value,
			      struct lb_err *err)
{
	struct lb_real *real = object;

	real->max_conns = 0;
	real->has |= LB_BIT(L4LB_A_REAL_MAX_CONNS);
	if (!value)
		return 0;

	return lb_option_number("max-conns", value, 0, UINT32_MAX,
				&real->max_conns, err);
}

static int real_set_check(void *object, struct lb_words *words, struct lb_err *err)
{
	const char *word = lb_words_peek(words);
	struct lb_real *real = object;

	if (lb_option_is_default(word) || !strcmp(word, "inherit")) {
		lb_words_take(words);
		real->has |= LB_BIT(L4LB_A_REAL_CHECK_INHERIT);
		return 0;
	}
	real->has |= LB_BIT(L4LB_A_REAL_CHECK);

	return check_take(words, &real->check, err);
}

static const struct lb_option real_options[] = {
	{ .word = "port", .set = real_set_port },
	{ .word = "weight", .set = real_set_weight },
	{ .word = "max-conns", .set = real_set_max_conns },
	{ .word = "state", .set = real_set_state },
	{ .word = "check", .clause = real_set_check },
	{ .word = NULL },
};

static int real_names(struct lb_words *words, struct lb_real *real,
		      struct lb_err *err)
{
	int ret;

	memset(real, 0, sizeof(*real));
	ret = lb_parse_name(words, "VIP", real->vip, err);
	if (ret)
		return ret;

	return lb_parse_name(words, "NAME", real->name, err);
}

static int real_address(const char *word, struct lb_addr *addr,
			struct lb_err *err)
{
	uint16_t port;

	if (!lb_addr_parse(word, addr, err))
		return 0;
	if (!lb_addr_parse_port(word, addr, &port, NULL))
		return lb_err_set(err, -EINVAL,
				  "\"%s\" has a port; give it as \"port %u\"",
				  word, port);

	return -EINVAL;
}

/**
 * lb_parse_real_new() - parse ``VIP NAME ADDRESS [OPTION...]``
 * @words: the words
 * @real: where to, for lb_real_release()
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_parse_real_new(struct lb_words *words, struct lb_real *real,
		      struct lb_err *err)
{
	const char *word;
	int ret;

	ret = real_names(words, real, err);
	if (ret)
		return ret;

	word = lb_words_take(words);
	if (!word)
		return lb_option_missing("ADDRESS", err);
	ret = real_address(word, &real->addr, err);
	if (ret)
		return ret;
	real->has |= LB_BIT(L4LB_A_REAL_ADDR4);

	return lb_options_take(words, real_options, real, err);
}

/**
 * lb_parse_real_set() - parse ``VIP NAME OPTION...``
 * @words: the words
 * @real: where to, for lb_real_release()
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_parse_real_set(struct lb_words *words, struct lb_real *real,
		      struct lb_err *err)
{
	int ret;

	ret = real_names(words, real, err);
	if (ret)
		return ret;
	if (!lb_words_peek(words))
		return lb_option_missing("OPTION", err);

	return lb_options_take(words, real_options, real, err);
}

/* What can be found out; that nothing is known nobody has to report. */
static const char *const verdict_words[] = {
	[L4LB_HEALTH_UP]	= "up",
	[L4LB_HEALTH_SICK]	= "sick",
	[L4LB_HEALTH_DOWN]	= "down",
};

static const struct lb_names verdict_names = {
	.what = "health",
	.word = verdict_words,
	.max = ARRAY_SIZE(verdict_words) - 1,
};

/**
 * lb_parse_real_health() - parse ``VIP NAME up|sick|down [REASON]``
 * @words: the words
 * @real: where to
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_parse_real_health(struct lb_words *words, struct lb_real *real,
			 struct lb_err *err)
{
	const char *word;
	int ret;

	ret = real_names(words, real, err);
	if (ret)
		return ret;

	word = lb_words_take(words);
	if (!word)
		return lb_option_missing("up|sick|down", err);
	ret = lb_option_word("health", word, &verdict_names, &real->health,
			     err);
	if (ret)
		return ret;
	real->has |= LB_BIT(L4LB_A_REAL_HEALTH);

	word = lb_words_take(words);
	if (!word)
		return 0;
	if (strlen(word) > L4LB_REASON_MAX)
		return lb_err_set(err, -EINVAL, "reason is longer than %u",
				  L4LB_REASON_MAX);
	lb_text_clean(real->reason, sizeof(real->reason), word, strlen(word));
	if (strcmp(real->reason, word))
		return lb_err_set(err, -EINVAL,
				  "reason has control characters");
	real->has |= LB_BIT(L4LB_A_REAL_REASON);

	return lb_words_end(words, err);
}

/**
 * lb_parse_if_exists() - parse ``[if-exists]``
 * @words: the words
 * @if_exists: whether it is there
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_parse_if_exists(struct lb_words *words, bool *if_exists,
		       struct lb_err *err)
{
	const char *word = lb_words_peek(words);

	*if_exists = word && !strcmp(word, "if-exists");
	if (*if_exists)
		lb_words_take(words);

	return lb_words_end(words, err);
}
