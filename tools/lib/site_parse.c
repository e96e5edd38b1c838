// SPDX-License-Identifier: GPL-2.0-only
/*
 * A site as a file has it: lines that make something, in any order.
 */

#include "check_type.h"
#include "compiler.h"
#include "err.h"
#include "lex.h"
#include "parse.h"
#include "site.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/**
 * struct noun - a kind of line
 * @object: its first word
 * @verb: its second word
 * @what: both
 * @usage: what follows
 * @parse: takes what follows; notes names in the text @about, of 80 bytes
 */
struct noun {
	const char *object;
	const char *verb;
	const char *what;
	const char *usage;
	int (*parse)(struct lb_site *site, struct lb_words *words,
		     unsigned int line, char *about, struct lb_err *err);
};

#define ABOUT_SIZE	80

static void *grow(void **items, size_t count, size_t *room, size_t size)
{
	size_t more = *room ? *room * 2 : 64;
	void *grown;

	if (count == *room) {
		grown = reallocarray(*items, more, size);
		if (!grown)
			return NULL;
		*items = grown;
		*room = more;
	}

	return (char *)*items + count * size;
}

/* A name, if it was given. */
static void about_note(char *about, const char *name)
{
	size_t used = strlen(about);

	if (*name)
		snprintf(about + used, ABOUT_SIZE - used, " %s", name);
}

/* Which limits are not what they are by default. */
static uint8_t limits_said(const struct lb_info *info)
{
	return (uint8_t)((info->conns_max ? L4LB_LIMIT_CONNS : 0) |
			 (info->persists_max ? L4LB_LIMIT_PERSISTS : 0) |
			 (info->vips_max ? L4LB_LIMIT_VIPS : 0) |
			 (info->reals_max ? L4LB_LIMIT_REALS : 0));
}

/* Said in several lines, it is as if it were said in one. */
static int parse_global(struct lb_site *site, struct lb_words *words,
			unsigned int line, char *about, struct lb_err *err)
{
	struct lb_info *all = &site->info, info;
	int ret;

	(void)about;
	ret = lb_parse_global(words, &info, err);
	if (ret)
		return ret;
	if (all->has & info.has)
		return lb_err_set(err, -EEXIST, "line %u says it as well",
				  all->line);

	all->has |= info.has;
	all->line = line;
	if (lb_has(info.has, L4LB_A_INFO_SEED))
		all->seed = info.seed;
	if (lb_has(info.has, L4LB_A_INFO_CONNS_MAX))
		all->conns_max = info.conns_max;
	if (lb_has(info.has, L4LB_A_INFO_PERSISTS_MAX))
		all->persists_max = info.persists_max;
	if (lb_has(info.has, L4LB_A_INFO_VIPS_MAX))
		all->vips_max = info.vips_max;
	if (lb_has(info.has, L4LB_A_INFO_REALS_MAX))
		all->reals_max = info.reals_max;
	if (lb_has(info.has, L4LB_A_INFO_PARTNERS))
		all->partners = info.partners;
	all->limited = limits_said(all);

	return 0;
}

static int parse_vip(struct lb_site *site, struct lb_words *words,
		     unsigned int line, char *about, struct lb_err *err)
{
	struct lb_vip *vip;
	int ret;

	vip = grow((void **)&site->vips, site->vip_count, &site->vip_room,
		   sizeof(*vip));
	if (!vip)
		return lb_err_code(err, -ENOMEM);

	ret = lb_parse_vip_new(words, vip, err);
	site->vip_count++;
	vip->line = line;
	about_note(about, vip->name);
	if (!ret)
		ret = lb_vip_check_settle(vip, vip, err);

	return ret ? ret : lb_vip_settle(vip, vip, err);
}

static int parse_real(struct lb_site *site, struct lb_words *words,
		      unsigned int line, char *about, struct lb_err *err)
{
	struct lb_real *real;
	int ret;

	real = grow((void **)&site->reals, site->real_count, &site->real_room,
		    sizeof(*real));
	if (!real)
		return lb_err_code(err, -ENOMEM);

	ret = lb_parse_real_new(words, real, err);
	site->real_count++;
	real->line = line;
	about_note(about, real->vip);
	about_note(about, real->name);

	return ret;
}

static int parse_pin(struct lb_site *site, struct lb_words *words,
		     unsigned int line, char *about, struct lb_err *err)
{
	struct lb_persist *pin;
	int ret;

	pin = grow((void **)&site->pins, site->pin_count, &site->pin_room,
		   sizeof(*pin));
	if (!pin)
		return lb_err_code(err, -ENOMEM);

	ret = lb_parse_persist_new(words, pin, err);
	site->pin_count++;
	pin->line = line;
	about_note(about, *pin->vip ? "vip" : "");
	about_note(about, pin->vip);
	if (!ret && !pin->forever)
		ret = lb_err_set(err, -ENODATA,
				 "in a file, \"forever\" is missing");

	return ret;
}

static const struct noun nouns[] = {
	{ "vip", "add", "vip add",
	  "NAME ADDRESS tcp|udp|tcp,udp PORTS [OPTION...]", parse_vip },
	{ "real", "add", "real add", "VIP NAME ADDRESS [OPTION...]",
	  parse_real },
	{ "persist", "add", "persist add",
	  "vip NAME src ADDRESS real NAME forever", parse_pin },
	{ "global", "set", "global set",
	  "[seed HEX] [limit vips|reals|conns|persist N]... [partner MAC,...|none]",
	  parse_global },
};

static const struct noun *noun_find(const char *object, const char *verb)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(nouns); i++) {
		if (!strcmp(object, nouns[i].object) &&
		    (!verb || !strcmp(verb, nouns[i].verb)))
			return &nouns[i];
	}

	return NULL;
}

static int noun_unknown(const char *object, const char *verb,
			struct lb_err *err)
{
	const struct noun *meant = noun_find(object, NULL);
	const char *near = NULL;
	unsigned int best = 3;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(nouns) && !meant; i++)
		lb_words_nearest(object, nouns[i].object, &near, &best);
	if (near)
		meant = noun_find(near, NULL);
	if (meant)
		return lb_err_set(err, -EINVAL,
				  "\"%s%s%s\" cannot be in such a file; is it \"%s\"? usage: %s %s",
				  object, verb ? " " : "", verb ? verb : "",
				  meant->what, meant->what, meant->usage);

	return lb_err_set(err, -EINVAL,
			  "\"%s\" cannot be in such a file; vip add, real add, persist add and global set can",
			  object);
}

/* Where it was, and what it was about. */
static int line_refuse(const char *name, unsigned int line,
		       const struct noun *noun, const char *about, int ret,
		       struct lb_err *err)
{
	struct lb_err why = *err;
	bool usage = noun && (ret == -ENODATA || ret == -ENOPROTOOPT);

	return lb_err_set(err, ret, "%s, line %u: %s%s%s%s%s%s%s%s", name, line,
			  noun ? noun->what : "", noun ? about : "",
			  noun ? ": " : "", why.text, usage ? "; usage: " : "",
			  usage ? noun->what : "", usage ? " " : "",
			  usage ? noun->usage : "");
}

static int line_parse(struct lb_site *site, const char *name,
		      struct lb_words *words, unsigned int line,
		      struct lb_err *err)
{
	char about[ABOUT_SIZE] = "";
	const struct noun *noun;
	const char *object, *verb;
	int ret;

	if (!strcmp(lb_words_peek(words), "lbctl"))
		lb_words_take(words);
	object = lb_words_take(words);
	verb = lb_words_take(words);
	noun = object && verb ? noun_find(object, verb) : NULL;
	if (!noun) {
		ret = noun_unknown(object ? object : "lbctl", verb, err);
		return line_refuse(name, line, NULL, about, ret, err);
	}

	words->what = noun->what;
	words->usage = noun->usage;
	ret = noun->parse(site, words, line, about, err);

	return ret ? line_refuse(name, line, noun, about, ret, err) : 0;
}

/**
 * lb_site_parse() - read a site from a file
 * @site: where to, for lb_site_free(); neither sorted nor whole before
 *	lb_site_check()
 * @name: of the file, for messages
 * @text: what is in it, which is changed, with a byte of room at its end
 * @len: its length
 * @err: why not, with the line
 *
 * Return: 0 or -errno.
 */
int lb_site_parse(struct lb_site *site, const char *name, char *text,
		  size_t len, struct lb_err *err)
{
	struct lb_words words;
	struct lb_lex lex;
	int ret;

	memset(site, 0, sizeof(*site));
	lb_lex_init(&lex, text, len);
	do {
		ret = lb_lex_line(&lex, &words, err);
		if (ret < 0)
			line_refuse(name, lex.line, NULL, "", ret, err);
		if (ret <= 0)
			break;
		ret = line_parse(site, name, &words, lex.line, err);
	} while (!ret);
	lb_lex_free(&lex);

	return ret;
}
