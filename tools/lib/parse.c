// SPDX-License-Identifier: GPL-2.0-only
/*
 * The command line's words to objects.
 *
 * Options are tables of a word and a function that takes its value. Words of
 * the grammar that are not there yet are in the tables too, so that they are
 * not called unknown.
 */

#include "parse.h"
#include "compiler.h"
#include "duration.h"
#include "err.h"
#include "names.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/**
 * struct option - an option of a command
 * @word: the option
 * @set: takes its value, which is NULL for its default
 * @clause: in place of @set, takes all words that belong to it
 *
 * An option with neither is not there yet.
 */
struct option {
	const char *word;
	int (*set)(void *object, const char *value, struct lb_err *err);
	int (*clause)(void *object, struct lb_words *words,
		      struct lb_err *err);
};

static bool is_default(const char *word)
{
	return !strcmp(word, "default");
}

/**
 * lb_words_peek() - look at the next word
 * @words: the words
 *
 * Return: the word, or NULL at the end.
 */
const char *lb_words_peek(const struct lb_words *words)
{
	return words->next < words->count ? words->word[words->next] : NULL;
}

/**
 * lb_words_take() - take the next word
 * @words: the words
 *
 * Return: the word, or NULL at the end.
 */
const char *lb_words_take(struct lb_words *words)
{
	return words->next < words->count ? words->word[words->next++] : NULL;
}

/**
 * lb_words_end() - make sure that no words are left
 * @words: the words
 * @err: why not
 *
 * Return: 0 or -ENOPROTOOPT.
 */
int lb_words_end(const struct lb_words *words, struct lb_err *err)
{
	const char *word = lb_words_peek(words);

	if (!word)
		return 0;

	return lb_err_set(err, -ENOPROTOOPT, "unexpected \"%s\" after %s",
			  word, words->what);
}

static int unsupported(const char *word, const char *value, struct lb_err *err)
{
	return lb_err_set(err, -EOPNOTSUPP, "\"%s%s%s\" is not supported yet",
			  word, value ? " " : "", value ? value : "");
}

/**
 * lb_parse_unsupported() - refuse a word that is not there yet
 * @word: the word
 * @err: where to say so
 *
 * Return: -EOPNOTSUPP.
 */
int lb_parse_unsupported(const char *word, struct lb_err *err)
{
	return unsupported(word, NULL, err);
}

static int lacks(const char *label, struct lb_err *err)
{
	return lb_err_set(err, -ENODATA, "%s is missing", label);
}

static bool is_word(const char *word, const char *const *list)
{
	for (; *list; list++) {
		if (!strcmp(word, *list))
			return true;
	}

	return false;
}

/* How many letters must change to make one word of another, up to a few. */
static unsigned int distance(const char *a, const char *b)
{
	unsigned int row[33], above, corner;
	size_t na = strlen(a), nb = strlen(b);
	size_t i, j;

	if (na > 32 || nb > 32)
		return 99;

	for (j = 0; j <= nb; j++)
		row[j] = (unsigned int)j;
	for (i = 1; i <= na; i++) {
		corner = row[0];
		row[0] = (unsigned int)i;
		for (j = 1; j <= nb; j++) {
			above = row[j];
			row[j] = corner + (a[i - 1] != b[j - 1]);
			if (above + 1 < row[j])
				row[j] = above + 1;
			if (row[j - 1] + 1 < row[j])
				row[j] = row[j - 1] + 1;
			corner = above;
		}
	}

	return row[nb];
}

static int unknown_option(const struct lb_words *words, const char *word,
			  const struct option *options, struct lb_err *err)
{
	const struct option *opt, *near = NULL;
	unsigned int best = 3, far;

	for (opt = options; opt->word; opt++) {
		far = distance(word, opt->word);
		if (far < best && far < strlen(opt->word)) {
			best = far;
			near = opt;
		}
	}

	if (near)
		return lb_err_set(err, -ENOPROTOOPT,
				  "unknown option \"%s\" for %s; is it \"%s\"?",
				  word, words->what, near->word);

	return lb_err_set(err, -ENOPROTOOPT, "unknown option \"%s\" for %s",
			  word, words->what);
}

static int option_take(struct lb_words *words, const struct option *opt,
		       void *object, struct lb_err *err)
{
	const char *value;

	if (!opt->set && !opt->clause)
		return unsupported(opt->word, NULL, err);
	if (!lb_words_peek(words))
		return lb_err_set(err, -ENODATA, "\"%s\" needs a value",
				  opt->word);
	if (opt->clause)
		return opt->clause(object, words, err);

	value = lb_words_take(words);

	return opt->set(object, is_default(value) ? NULL : value, err);
}

/* Take options until the words end. */
static int options_take(struct lb_words *words, const struct option *options,
			void *object, struct lb_err *err)
{
	const struct option *opt;
	unsigned int seen = 0;
	const char *word;
	int ret;

	while ((word = lb_words_take(words))) {
		for (opt = options; opt->word; opt++) {
			if (!strcmp(word, opt->word))
				break;
		}
		if (!opt->word)
			return unknown_option(words, word, options, err);
		if (seen & 1U << (opt - options))
			return lb_err_set(err, -EINVAL,
					  "\"%s\" is given twice", word);
		seen |= 1U << (opt - options);

		ret = option_take(words, opt, object, err);
		if (ret)
			return ret;
	}

	return 0;
}

static int take_word_of(const struct lb_names *names, const char *option,
			const char *value, const char *const *later,
			uint8_t *field, struct lb_err *err)
{
	unsigned int found = lb_names_value(names, value);
	char list[64];

	if (!found && later && is_word(value, later))
		return unsupported(option, value, err);
	if (!found)
		return lb_err_set(err, -EINVAL, "%s \"%s\" is not %s", option,
				  value,
				  lb_names_list(names, list, sizeof(list)));
	*field = (uint8_t)found;

	return 0;
}

static int take_number(const char *option, const char *value, unsigned int min,
		       unsigned int max, unsigned int *number,
		       struct lb_err *err)
{
	if (lb_uint_parse(value, min, max, number))
		return lb_err_set(err, -EINVAL, "%s %s is not within %u-%u",
				  option, value, min, max);

	return 0;
}

static int no_default(const char *option, struct lb_err *err)
{
	return lb_err_set(err, -EINVAL, "\"%s\" has no default", option);
}

/*
 * The clause "check": its type, if the first word is none of its options, and
 * those of its options that follow.
 */

static const char *const check_types[] = {
	"tcp", "off", "external", NULL
};

static const char *const check_types_later[] = {
	"icmp", "smtp", "imap", "imaps", "pop3", "pop3s", "http", "https",
	"tls", "ldap", "ldaps", "dns", "send-expect", "exec", NULL
};

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
		ret = take_number("rise", value, 1, L4LB_CHECK_COUNT_MAX,
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
		ret = take_number("fall", value, 1, L4LB_CHECK_COUNT_MAX,
				  &number, err);
	check->fall = (uint8_t)number;
	check->has |= LB_BIT(L4LB_A_CHECK_FALL);

	return ret;
}

static const struct option check_options[] = {
	{ .word = "port", .set = check_set_port },
	{ .word = "interval", .set = check_set_interval },
	{ .word = "timeout", .set = check_set_timeout },
	{ .word = "rise", .set = check_set_rise },
	{ .word = "fall", .set = check_set_fall },
	{ .word = "fast" },
	{ .word = "via" },
	{ .word = "agent" },
	{ .word = "guard" },
	{ .word = "secret" },
	{ .word = "args" },
	{ .word = NULL },
};

static const struct option *check_option(const char *word)
{
	const struct option *opt;

	for (opt = check_options; word && opt->word; opt++) {
		if (!strcmp(word, opt->word))
			return opt;
	}

	return NULL;
}

static int check_set_type(const char *word, struct lb_check *check,
			  struct lb_err *err)
{
	if (!strcmp(word, "connect"))
		word = "tcp";
	if (is_word(word, check_types_later))
		return unsupported("check", word, err);
	if (!is_word(word, check_types))
		return lb_err_set(err, -EINVAL,
				  "check \"%s\" is not tcp|off|external", word);

	snprintf(check->type, sizeof(check->type), "%s", word);
	check->has |= LB_BIT(L4LB_A_CHECK_TYPE);

	return 0;
}

static int check_take(struct lb_words *words, struct lb_check *check,
		      struct lb_err *err)
{
	const struct option *opt;
	int ret = 0;

	memset(check, 0, sizeof(*check));
	if (!check_option(lb_words_peek(words)))
		ret = check_set_type(lb_words_take(words), check, err);

	while (!ret && (opt = check_option(lb_words_peek(words)))) {
		lb_words_take(words);
		ret = option_take(words, opt, check, err);
	}

	return ret;
}

/* Options of a VIP. */

static int vip_set_mode(void *object, const char *value, struct lb_err *err)
{
	static const char *const later[] = { "snat", NULL };
	struct lb_vip *vip = object;

	vip->mode = L4LB_MODE_DR;
	vip->has |= LB_BIT(L4LB_A_VIP_MODE);
	if (!value)
		return 0;

	return take_word_of(&lb_mode_names, "mode", value, later, &vip->mode,
			    err);
}

static int vip_set_sched(void *object, const char *value, struct lb_err *err)
{
	static const char *const later[] = { "wlc", "lc", "sh", "mh", NULL };
	struct lb_vip *vip = object;

	vip->sched = L4LB_SCHED_WRR;
	vip->has |= LB_BIT(L4LB_A_VIP_SCHED);
	if (!value)
		return 0;

	return take_word_of(&lb_sched_names, "sched", value, later, &vip->sched,
			    err);
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

static int vip_set_check(void *object, struct lb_words *words, struct lb_err *err)
{
	struct lb_vip *vip = object;

	vip->has |= LB_BIT(L4LB_A_VIP_CHECK);
	if (is_default(lb_words_peek(words))) {
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
		return no_default("address", err);
	vip->has |= LB_BIT(L4LB_A_VIP_ADDR4);

	return lb_addr_parse(value, &vip->addr, err);
}

static int vip_set_ports(void *object, const char *value, struct lb_err *err)
{
	struct lb_vip *vip = object;

	if (!value)
		return no_default("ports", err);
	vip->has |= LB_BIT(L4LB_A_VIP_PORTS);

	return lb_ports_parse(value, &vip->ports, err);
}

static int vip_set_name(void *object, const char *value, struct lb_err *err)
{
	struct lb_vip *vip = object;
	int ret;

	if (!value)
		return no_default("name", err);
	ret = lb_name_check(value, err);
	if (ret)
		return ret;

	lb_name_copy(vip->new_name, value);
	vip->has |= LB_BIT(L4LB_A_VIP_NEW_NAME);

	return 0;
}

/*
 * The first so many options only change a VIP: one that is created has them by
 * place.
 */
#define VIP_SET_ONLY	3

static const struct option vip_options[] = {
	{ .word = "address", .set = vip_set_address },
	{ .word = "ports", .set = vip_set_ports },
	{ .word = "name", .set = vip_set_name },
	{ .word = "mode", .set = vip_set_mode },
	{ .word = "sched", .set = vip_set_sched },
	{ .word = "idle", .set = vip_set_idle },
	{ .word = "check", .clause = vip_set_check },
	{ .word = "persist" },
	{ .word = "mask" },
	{ .word = "allow" },
	{ .word = "orphan" },
	{ .word = "no-real" },
	{ .word = "fallback" },
	{ .word = "hook" },
	{ .word = "slow-start" },
	{ .word = "seed" },
	{ .word = "source" },
	{ .word = "dev" },
	{ .word = "force" },
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
		return lacks(label, err);
	ret = lb_name_check(word, err);
	if (!ret)
		lb_name_copy(name, word);

	return ret;
}

/**
 * lb_parse_vip_new() - parse ``NAME ADDRESS PROTOCOL PORTS [OPTION...]``
 * @words: the words
 * @vip: where to; for ``check default`` see lb_parse_vip_set()
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
		return lacks("ADDRESS", err);
	ret = vip_set_address(vip, word, err);
	if (ret)
		return ret;

	word = lb_words_take(words);
	if (!word)
		return lacks("PROTOCOL", err);
	vip->has |= LB_BIT(L4LB_A_VIP_PROTOS);
	ret = take_word_of(&lb_protos_names, "protocol", word, NULL,
			   &vip->protos, err);
	if (ret)
		return ret;

	word = lb_words_take(words);
	if (!word)
		return lacks("PORTS", err);
	ret = vip_set_ports(vip, word, err);
	if (ret)
		return ret;

	return options_take(words, &vip_options[VIP_SET_ONLY], vip, err);
}

/**
 * lb_parse_vip_set() - parse ``NAME OPTION...``
 * @words: the words
 * @vip: where to; ``check default`` becomes a check with nothing in it, because
 *	what it means depends on the protocols: lb_check_default()
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
		return lacks("OPTION", err);

	return options_take(words, vip_options, vip, err);
}

/* Options of a real. */

static int real_set_port(void *object, const char *value, struct lb_err *err)
{
	struct lb_real *real = object;
	unsigned int number = 0;
	int ret = 0;

	if (value)
		ret = take_number("port", value, 1, 65535, &number, err);
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
		ret = take_number("weight", value, 0, L4LB_WEIGHT_MAX, &number,
				  err);
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

	return take_word_of(&lb_admin_names, "state", value, NULL, &real->admin,
			    err);
}

static int real_set_check(void *object, struct lb_words *words, struct lb_err *err)
{
	const char *word = lb_words_peek(words);
	struct lb_real *real = object;

	if (is_default(word) || !strcmp(word, "inherit")) {
		lb_words_take(words);
		real->has |= LB_BIT(L4LB_A_REAL_CHECK_INHERIT);
		return 0;
	}
	real->has |= LB_BIT(L4LB_A_REAL_CHECK);

	return check_take(words, &real->check, err);
}

static const struct option real_options[] = {
	{ .word = "port", .set = real_set_port },
	{ .word = "weight", .set = real_set_weight },
	{ .word = "state", .set = real_set_state },
	{ .word = "check", .clause = real_set_check },
	{ .word = "max-conns" },
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
 * @real: where to
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
		return lacks("ADDRESS", err);
	ret = real_address(word, &real->addr, err);
	if (ret)
		return ret;
	real->has |= LB_BIT(L4LB_A_REAL_ADDR4);

	return options_take(words, real_options, real, err);
}

/**
 * lb_parse_real_set() - parse ``VIP NAME OPTION...``
 * @words: the words
 * @real: where to
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
		return lacks("OPTION", err);

	return options_take(words, real_options, real, err);
}

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
		return lacks("up|sick|down", err);
	real->health = (uint8_t)lb_names_value(&lb_health_names, word);
	if (!real->health || real->health == L4LB_HEALTH_UNKNOWN)
		return lb_err_set(err, -EINVAL,
				  "health \"%s\" is not up|sick|down", word);
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

/* Which connections. */

static int filter_set_vip(void *object, const char *value, struct lb_err *err)
{
	struct lb_filter *filter = object;
	int ret;

	ret = lb_name_check(value ? value : "default", err);
	if (ret)
		return ret;
	lb_name_copy(filter->vip, value);
	filter->has |= LB_BIT(L4LB_A_FILTER_VIP);

	return 0;
}

static int filter_set_real(void *object, const char *value, struct lb_err *err)
{
	struct lb_filter *filter = object;
	int ret;

	ret = lb_name_check(value ? value : "default", err);
	if (ret)
		return ret;
	lb_name_copy(filter->real, value);
	filter->has |= LB_BIT(L4LB_A_FILTER_REAL);

	return 0;
}

static int filter_set_src(void *object, const char *value, struct lb_err *err)
{
	struct lb_filter *filter = object;

	if (!value)
		return no_default("src", err);
	filter->has |= LB_BIT(L4LB_A_FILTER_ADDR4);

	return lb_prefix_parse(value, &filter->src, err);
}

static int filter_set_limit(void *object, const char *value, struct lb_err *err)
{
	struct lb_filter *filter = object;

	if (!value)
		return no_default("limit", err);
	filter->has |= LB_BIT(L4LB_A_FILTER_LIMIT);

	return take_number("limit", value, 1, UINT32_MAX, &filter->limit,
			   err);
}

static const struct option filter_options[] = {
	{ .word = "vip", .set = filter_set_vip },
	{ .word = "real", .set = filter_set_real },
	{ .word = "src", .set = filter_set_src },
	{ .word = "limit", .set = filter_set_limit },
	{ .word = NULL },
};

/**
 * lb_parse_filter() - parse which connections are meant
 * @words: ``[vip NAME] [real NAME] [src PREFIX] [limit N] [all]``
 * @filter: where to
 * @all: whether "all" is there, which excludes the others
 * @err: why not
 *
 * Return: 0 or -errno.
 */
int lb_parse_filter(struct lb_words *words, struct lb_filter *filter,
		    bool *all, struct lb_err *err)
{
	const char *word = lb_words_peek(words);

	memset(filter, 0, sizeof(*filter));
	*all = word && !strcmp(word, "all");
	if (*all) {
		lb_words_take(words);
		return lb_words_end(words, err);
	}

	return options_take(words, filter_options, filter, err);
}
