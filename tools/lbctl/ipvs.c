// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules of IPVS, as ``ipvsadm -S -n`` writes them: a line for each service
 * and server, with the options that would make it.
 */

#include "ipvs.h"
#include "err.h"
#include "words.h"

#include <errno.h>
#include <linux/l4lb.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define LINE_WORDS	64
#define WEIGHT_MAX	65535
#define PERSIST_MAX	(L4LB_TIME_MAX / 1000)

/* What -p without a value means to ipvsadm, in seconds. */
#define PERSIST_DEFAULT	300

/*
 * A line of ipvsadm, as it is read.
 *
 * @ipvs: where it goes
 * @command: A for a service, a for a server, 0 for neither
 * @service: what it says of a service, or which one it means
 * @real: what it says of a server
 * @sched: name of the scheduler
 * @flags: flags of the scheduler
 */
struct rule {
	struct ipvs *ipvs;
	char command;
	struct ipvs_service service;
	struct ipvs_real real;
	const char *sched;
	const char *flags;
};

/**
 * ipvs_remark() - note what cannot be expressed
 * @ipvs: rules
 * @line: line of the file that it is about
 * @fmt: format of the reason
 */
void ipvs_remark(struct ipvs *ipvs, unsigned int line, const char *fmt, ...)
{
	struct ipvs_remark *remarks, *remark;
	char text[sizeof(remark->text)];
	va_list args;

	remarks = ipvs_more(ipvs, ipvs->remark, &ipvs->remark_count,
			    sizeof(*remarks));
	if (!remarks)
		return;

	ipvs->remark = remarks;
	remark = &remarks[ipvs->remark_count - 1];
	remark->line = line;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	lb_text_clean(remark->text, sizeof(remark->text), text, strlen(text));
}

/**
 * ipvs_more() - make room for one more element
 * @ipvs: rules; notes if there is no memory
 * @array: the elements, or NULL
 * @count: how many, one more on return
 * @size: size of one
 *
 * Return: the elements, of which the last is zero; NULL without memory, the old
 * ones are as they were then.
 */
void *ipvs_more(struct ipvs *ipvs, void *array, size_t *count, size_t size)
{
	void *more = reallocarray(array, *count + 1, size);

	if (!more) {
		ipvs->failed = true;
		return NULL;
	}
	memset((char *)more + *count * size, 0, size);
	++*count;

	return more;
}

/* An address with a port, which may be 0: that is all ports. */
static int endpoint_parse(const char *text, struct lb_addr *addr,
			  uint16_t *port, struct lb_err *err)
{
	size_t len = strlen(text);
	char part[LB_ADDR_TEXT];

	if (len < 2 || strcmp(text + len - 2, ":0") || len >= sizeof(part))
		return lb_addr_parse_port(text, addr, port, err);

	*port = 0;
	len -= 2;
	if (*text == '[' && text[len - 1] == ']') {
		text++;
		len -= 2;
	}
	memcpy(part, text, len);
	part[len] = '\0';

	return lb_addr_parse(part, addr, err);
}

static int take_endpoint(const struct rule *rule, const char *text,
			 struct lb_addr *addr, uint16_t *port)
{
	struct lb_err err;

	if (!endpoint_parse(text, addr, port, &err))
		return 0;
	ipvs_remark(rule->ipvs, rule->ipvs->line,
		    "%s; names are not looked up, use ipvsadm -S -n", err.text);

	return -EINVAL;
}

static int take_service(struct rule *rule, const char *text,
			unsigned int protos)
{
	struct ipvs_service *service = &rule->service;

	service->protos = protos;
	if (take_endpoint(rule, text, &service->addr, &service->port))
		return -EINVAL;
	service->family = service->addr.family;

	return 0;
}

static int take_add_service(struct rule *rule, const char *text)
{
	(void)text;
	rule->command = 'A';

	return 0;
}

static int take_add_server(struct rule *rule, const char *text)
{
	(void)text;
	rule->command = 'a';

	return 0;
}

static int take_tcp(struct rule *rule, const char *text)
{
	return take_service(rule, text, L4LB_PROTO_TCP);
}

static int take_udp(struct rule *rule, const char *text)
{
	return take_service(rule, text, L4LB_PROTO_UDP);
}

static int take_sctp(struct rule *rule, const char *text)
{
	(void)text;
	ipvs_remark(rule->ipvs, rule->ipvs->line,
		    "sctp is not balanced, only tcp and udp are");

	return -EINVAL;
}

static int take_number(const struct rule *rule, const char *text,
		       const char *what, unsigned int min, unsigned int max,
		       unsigned int *value)
{
	if (!lb_uint_parse(text, min, max, value))
		return 0;
	ipvs_remark(rule->ipvs, rule->ipvs->line,
		    "%s \"%s\" is not within %u-%u", what, text, min, max);

	return -EINVAL;
}

static int take_fwmark(struct rule *rule, const char *text)
{
	return take_number(rule, text, "mark", 1, UINT32_MAX,
			   &rule->service.mark);
}

static int take_ipv6(struct rule *rule, const char *text)
{
	(void)text;
	rule->service.family = AF_INET6;

	return 0;
}

static int take_sched(struct rule *rule, const char *text)
{
	rule->sched = text;

	return 0;
}

static int take_flags(struct rule *rule, const char *text)
{
	rule->flags = text;

	return 0;
}

static int take_persist(struct rule *rule, const char *text)
{
	if (!text) {
		rule->service.persist = PERSIST_DEFAULT;
		return 0;
	}

	return take_number(rule, text, "persistence", 1, PERSIST_MAX,
			   &rule->service.persist);
}

/* Of IPv4 it is dotted, of IPv6 a length. */
static int take_netmask(struct rule *rule, const char *text)
{
	struct lb_addr mask;
	uint32_t bits;

	if (!strchr(text, '.'))
		return take_number(rule, text, "mask", 1, 128,
				   &rule->service.mask);

	bits = lb_addr_parse(text, &mask, NULL) ? 0 : ntohl(mask.v4.s_addr);
	if (!bits || ~bits & (~bits + 1)) {
		ipvs_remark(rule->ipvs, rule->ipvs->line,
			    "\"%s\" is not the mask of a network", text);
		return -EINVAL;
	}
	rule->service.mask = (unsigned int)__builtin_popcount(bits);

	return 0;
}

static int take_ops(struct rule *rule, const char *text)
{
	(void)text;
	ipvs_remark(rule->ipvs, rule->ipvs->line,
		    "there is no one-packet scheduling; datagrams of one client and port go to one real");

	return 0;
}

static int take_pe(struct rule *rule, const char *text)
{
	ipvs_remark(rule->ipvs, rule->ipvs->line,
		    "there is no persistence engine \"%s\"; clients are known by their addresses",
		    text);

	return 0;
}

static int take_real(struct rule *rule, const char *text)
{
	return take_endpoint(rule, text, &rule->real.addr, &rule->real.port);
}

static int take_dr(struct rule *rule, const char *text)
{
	(void)text;
	rule->real.mode = L4LB_MODE_DR;

	return 0;
}

static int take_nat(struct rule *rule, const char *text)
{
	(void)text;
	rule->real.mode = L4LB_MODE_NAT;

	return 0;
}

static int take_tunnel(struct rule *rule, const char *text)
{
	(void)text;
	ipvs_remark(rule->ipvs, rule->ipvs->line,
		    "there are no tunnels; a server on the balancer's own link can be reached by dr");

	return -EINVAL;
}

static int take_weight(struct rule *rule, const char *text)
{
	return take_number(rule, text, "weight", 0, WEIGHT_MAX,
			   &rule->real.weight);
}

static int take_upper(struct rule *rule, const char *text)
{
	return take_number(rule, text, "upper threshold", 0, UINT32_MAX,
			   &rule->real.max);
}

static int take_lower(struct rule *rule, const char *text)
{
	if (strcmp(text, "0"))
		ipvs_remark(rule->ipvs, rule->ipvs->line,
			    "there is no lower threshold; a real takes connections as soon as it has fewer than max-conns");

	return 0;
}

static int take_nothing(struct rule *rule, const char *text)
{
	(void)rule;
	(void)text;

	return 0;
}

enum value { NONE, ONE, MAYBE };

static const struct {
	const char *brief;
	const char *full;
	enum value value;
	int (*take)(struct rule *rule, const char *text);
} options[] = {
	{ "-A", "--add-service", NONE, take_add_service },
	{ "-a", "--add-server", NONE, take_add_server },
	{ "-t", "--tcp-service", ONE, take_tcp },
	{ "-u", "--udp-service", ONE, take_udp },
	{ NULL, "--sctp-service", ONE, take_sctp },
	{ "-f", "--fwmark-service", ONE, take_fwmark },
	{ "-6", "--ipv6", NONE, take_ipv6 },
	{ "-s", "--scheduler", ONE, take_sched },
	{ "-b", "--sched-flags", ONE, take_flags },
	{ "-p", "--persistent", MAYBE, take_persist },
	{ "-M", "--netmask", ONE, take_netmask },
	{ "-o", "--ops", NONE, take_ops },
	{ NULL, "--pe", ONE, take_pe },
	{ "-r", "--real-server", ONE, take_real },
	{ "-g", "--gatewaying", NONE, take_dr },
	{ "-m", "--masquerading", NONE, take_nat },
	{ "-i", "--ipip", NONE, take_tunnel },
	{ "-w", "--weight", ONE, take_weight },
	{ "-x", "--u-threshold", ONE, take_upper },
	{ "-y", "--l-threshold", ONE, take_lower },
	{ "-n", "--numeric", NONE, take_nothing },
};

static int rule_option(struct rule *rule, struct lb_words *words)
{
	const char *word = lb_words_take(words), *text = NULL;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(options); i++) {
		if ((options[i].brief && !strcmp(word, options[i].brief)) ||
		    !strcmp(word, options[i].full))
			break;
	}
	if (i == ARRAY_SIZE(options)) {
		ipvs_remark(rule->ipvs, rule->ipvs->line,
			    "\"%s\" is nothing that ipvsadm -S writes", word);
		return -EINVAL;
	}

	if (options[i].value == ONE ||
	    (options[i].value == MAYBE && lb_words_peek(words) &&
	     *lb_words_peek(words) != '-'))
		text = lb_words_take(words);
	if (options[i].value == ONE && !text) {
		ipvs_remark(rule->ipvs, rule->ipvs->line,
			    "a value is missing after \"%s\"", word);
		return -EINVAL;
	}

	return options[i].take(rule, text);
}

/*
 * IPVS hashes the client's port with a flag only, by sh as by mh; here the two
 * names say whether it is hashed.
 */
static unsigned int sched_hash(const struct rule *rule)
{
	return rule->flags && strstr(rule->flags, "-port") ? L4LB_SCHED_MH :
							     L4LB_SCHED_SH;
}

static const struct {
	const char *name;
	unsigned int sched;
} scheds[] = {
	{ "wrr", L4LB_SCHED_WRR },
	{ "rr", L4LB_SCHED_RR },
	{ "wlc", L4LB_SCHED_WLC },
	{ "lc", L4LB_SCHED_LC },
};

static int rule_sched(struct rule *rule)
{
	const char *name = rule->sched ? rule->sched : "wlc";
	size_t i;

	for (i = 0; i < ARRAY_SIZE(scheds); i++) {
		if (!strcmp(name, scheds[i].name))
			rule->service.sched = scheds[i].sched;
	}
	if (!strcmp(name, "sh") || !strcmp(name, "mh"))
		rule->service.sched = sched_hash(rule);
	if (rule->service.sched)
		return 0;

	if (!strcmp(name, "sed") || !strcmp(name, "nq")) {
		rule->service.sched = L4LB_SCHED_WLC;
		ipvs_remark(rule->ipvs, rule->ipvs->line,
			    "there is no scheduler \"%s\"; wlc comes nearest, and is used",
			    name);
		return 0;
	}
	ipvs_remark(rule->ipvs, rule->ipvs->line,
		    "there is no scheduler \"%s\", nor one like it%s", name,
		    strcmp(name, "fo") ? "" :
		    "; a vip with one real and a fallback comes near");

	return -EINVAL;
}

static struct ipvs_service *service_find(const struct ipvs *ipvs,
					 const struct ipvs_service *like)
{
	struct ipvs_service *service;
	size_t i;

	for (i = 0; i < ipvs->service_count; i++) {
		service = &ipvs->service[i];
		if (service->mark != like->mark ||
		    service->family != like->family)
			continue;
		if (like->mark || (service->protos == like->protos &&
				   service->port == like->port &&
				   lb_addr_equal(&service->addr, &like->addr)))
			return service;
	}

	return NULL;
}

static void service_add(struct rule *rule)
{
	struct ipvs *ipvs = rule->ipvs;
	struct ipvs_service *more;

	if (service_find(ipvs, &rule->service)) {
		ipvs_remark(ipvs, ipvs->line, "there is such a service above");
		return;
	}
	rule->service.skip = rule_sched(rule);
	more = ipvs_more(ipvs, ipvs->service, &ipvs->service_count,
			 sizeof(*more));
	if (!more)
		return;
	ipvs->service = more;
	more[ipvs->service_count - 1] = rule->service;
}

static void real_add(struct rule *rule)
{
	struct ipvs *ipvs = rule->ipvs;
	struct ipvs_service *service;
	struct ipvs_real *more;

	if (!rule->real.addr.family) {
		ipvs_remark(ipvs, ipvs->line, "which server is not said");
		return;
	}
	service = service_find(ipvs, &rule->service);
	if (!service) {
		ipvs_remark(ipvs, ipvs->line, "there is no such service above");
		return;
	}
	more = ipvs_more(ipvs, service->real, &service->count, sizeof(*more));
	if (!more)
		return;
	service->real = more;
	more[service->count - 1] = rule->real;
}

static void rule_read(struct ipvs *ipvs, struct lb_words *words)
{
	struct rule rule = {
		.ipvs = ipvs,
		.service = { .line = ipvs->line, .family = AF_INET },
		.real = { .line = ipvs->line, .mode = L4LB_MODE_DR,
			  .weight = 1 },
	};

	while (lb_words_peek(words)) {
		if (rule_option(&rule, words))
			return;
	}

	if (!rule.service.mark && !rule.service.protos)
		ipvs_remark(ipvs, ipvs->line, "which service is not said");
	else if (rule.command == 'A')
		service_add(&rule);
	else if (rule.command == 'a')
		real_add(&rule);
	else
		ipvs_remark(ipvs, ipvs->line, "neither -A nor -a");
}

/* Splits at blanks; quotes are those of iptables-save, in comments. */
static unsigned int split(char *text, char *word[LINE_WORDS])
{
	unsigned int count = 0;
	bool quoted;
	char *to;

	for (;;) {
		text += strspn(text, " \t\r\n");
		if (!*text || count == LINE_WORDS)
			return count;
		quoted = false;
		word[count++] = text;
		for (to = text; *text; text++) {
			if (*text == '"')
				quoted = !quoted;
			else if (!quoted && strchr(" \t\r\n", *text))
				break;
			else if (quoted && *text == '\\' && text[1])
				*to++ = *++text;
			else
				*to++ = *text;
		}
		if (*text)
			text++;
		*to = '\0';
	}
}

/* What iptables-save writes names a chain where ipvsadm has an option. */
static void line_read(struct ipvs *ipvs, char *text)
{
	char *word[LINE_WORDS];
	struct lb_words words = { .word = word, .what = "ipvsadm" };

	words.count = split(text, word);
	if (words.count && !strcmp(word[0], "ipvsadm"))
		words.next++;
	if (words.next == words.count || strchr("#*:", *word[0]) ||
	    !strcmp(word[0], "COMMIT"))
		return;

	if (words.count > 1 && !strcmp(word[0], "-A") && *word[1] != '-')
		ipvs_mark_read(ipvs, &words);
	else
		rule_read(ipvs, &words);
}

/**
 * ipvs_read() - read rules
 * @ipvs: where to; ipvs_free() even if it fails
 * @file: what to read
 * @err: why not
 *
 * What cannot be understood is among the remarks.
 *
 * Return: 0 or -errno.
 */
int ipvs_read(struct ipvs *ipvs, FILE *file, struct lb_err *err)
{
	char *text = NULL;
	size_t size = 0;
	int ret = 0;

	errno = 0;
	while (!ipvs->failed && getline(&text, &size, file) >= 0) {
		ipvs->line++;
		line_read(ipvs, text);
	}
	if (ipvs->failed)
		ret = lb_err_code(err, -ENOMEM);
	else if (!feof(file))
		ret = lb_err_code(err, errno ? -errno : -EIO);
	free(text);

	return ret;
}

/**
 * ipvs_free() - free all rules
 * @ipvs: rules
 */
void ipvs_free(struct ipvs *ipvs)
{
	size_t i;

	for (i = 0; i < ipvs->service_count; i++)
		free(ipvs->service[i].real);
	free(ipvs->service);
	free(ipvs->mark);
	free(ipvs->remark);
}
