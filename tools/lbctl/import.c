// SPDX-License-Identifier: GPL-2.0-only
/*
 * lbctl import: the rules of another balancer as lines of our grammar.
 */

#include "cmd.h"
#include "duration.h"
#include "err.h"
#include "ipvs.h"
#include "names.h"
#include "out.h"

#include <errno.h>
#include <linux/l4lb.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/*
 * A VIP. A service of IPVS by mark may be several.
 *
 * @service: what it comes from
 * @protos: its protocols
 * @addr: its address
 * @ports: its ports
 * @name: its name
 */
struct group {
	struct ipvs_service *service;
	unsigned int protos;
	struct lb_addr addr;
	struct lb_ports ports;
	char name[L4LB_NAME_MAX + 1];
};

/*
 * All of them.
 *
 * @cmd: the command
 * @file: name of the file, for messages
 * @ipvs: rules
 * @group: VIPs
 * @group_count: how many
 * @machine: addresses of servers
 * @machine_count: how many
 */
struct import {
	struct cmd *cmd;
	const char *file;
	struct ipvs ipvs;
	struct group *group;
	size_t group_count;
	struct lb_addr *machine;
	size_t machine_count;
};

static struct group *group_add(struct import *import,
			       struct ipvs_service *service,
			       unsigned int protos, const struct lb_addr *addr)
{
	struct group *group;

	group = ipvs_more(&import->ipvs, import->group, &import->group_count,
			  sizeof(*group));
	if (!group)
		return NULL;
	import->group = group;
	group += import->group_count - 1;
	group->service = service;
	group->protos = protos;
	group->addr = *addr;

	return group;
}

static struct group *group_find(const struct import *import,
				const struct ipvs_service *service,
				unsigned int protos, const struct lb_addr *addr)
{
	struct group *group;
	size_t i;

	for (i = 0; i < import->group_count; i++) {
		group = &import->group[i];
		if (group->service == service && group->protos == protos &&
		    lb_addr_equal(&group->addr, addr))
			return group;
	}

	return NULL;
}

/* What one rule marks, for one protocol. */
static void add_marked(struct import *import, struct ipvs_service *service,
		       const struct ipvs_mark *mark, unsigned int proto)
{
	struct group *group;
	struct lb_err err;

	if (!(mark->protos & proto))
		return;
	group = group_find(import, service, proto, &mark->addr);
	if (!group)
		group = group_add(import, service, proto, &mark->addr);
	if (group && lb_ports_add(&group->ports, &mark->ports, &err))
		ipvs_remark(&import->ipvs, mark->line, "%s in all", err.text);
}

/*
 * The same ports of both protocols are one VIP; the other has no ports then.
 * Returns how many VIPs there are.
 */
static size_t join_protocols(struct import *import, size_t first)
{
	size_t i, count = import->group_count - first;
	struct group *tcp, *udp;

	for (i = first; i < import->group_count; i++) {
		tcp = &import->group[i];
		if (tcp->protos != L4LB_PROTO_TCP)
			continue;
		udp = group_find(import, tcp->service, L4LB_PROTO_UDP,
				 &tcp->addr);
		if (!udp || !lb_ports_equal(&tcp->ports, &udp->ports))
			continue;
		tcp->protos = L4LB_PROTO_ALL;
		udp->ports.count = 0;
		count--;
	}

	return count;
}

static void add_marked_service(struct import *import,
			       struct ipvs_service *service)
{
	struct ipvs *ipvs = &import->ipvs;
	const struct ipvs_mark *mark;
	size_t i, first = import->group_count, count;

	for (i = 0; i < ipvs->mark_count; i++) {
		mark = &ipvs->mark[i];
		if (mark->mark != service->mark ||
		    mark->addr.family != service->family)
			continue;
		add_marked(import, service, mark, L4LB_PROTO_TCP);
		add_marked(import, service, mark, L4LB_PROTO_UDP);
	}

	count = join_protocols(import, first);
	if (!count)
		ipvs_remark(ipvs, service->line,
			    "which packets have the mark %u is not said here; add what %s-save writes",
			    service->mark, service->family == AF_INET6 ?
			    "ip6tables" : "iptables");
	else if (count > 1 && service->persist)
		ipvs_remark(ipvs, service->line,
			    "these are %zu vips, and each binds clients by itself",
			    count);
}

static void add_plain_service(struct import *import,
			      struct ipvs_service *service)
{
	struct group *group;

	group = group_add(import, service, service->protos, &service->addr);
	if (!group)
		return;
	if (!service->port) {
		lb_ports_parse("any", &group->ports, NULL);
		return;
	}
	group->ports.count = 1;
	group->ports.range[0].first = service->port;
	group->ports.range[0].last = service->port;
}

/* IPVS looks for the mark first, then for the port, then for all ports. */
static int rank(const struct group *group)
{
	if (group->service->mark)
		return 0;

	return group->service->port ? 1 : 2;
}

/* Two VIPs never share a port: who comes second does without. */
static void yield_ports(struct import *import, struct group *group,
			const struct group *other)
{
	struct ipvs *ipvs = &import->ipvs;
	struct lb_range common;
	struct lb_err err;

	if (!(group->protos & other->protos) ||
	    !lb_addr_equal(&group->addr, &other->addr) ||
	    !lb_ports_overlap(&group->ports, &other->ports, &common))
		return;

	if (rank(group) < 2)
		ipvs_remark(ipvs, group->service->line,
			    "packets to port %u are those of the service of line %u",
			    common.first, other->service->line);
	if (lb_ports_del(&group->ports, &other->ports, &err)) {
		ipvs_remark(ipvs, group->service->line, "%s are left", err.text);
		group->ports.count = 0;
	}
}

static void separate(struct import *import)
{
	struct group *group, *other;
	size_t i, j;

	for (i = 0; i < import->group_count; i++) {
		group = &import->group[i];
		for (j = 0; j < import->group_count; j++) {
			other = &import->group[j];
			if (rank(other) < rank(group) ||
			    (rank(other) == rank(group) && j < i))
				yield_ports(import, group, other);
		}
	}
}

static bool name_taken(const struct import *import, const struct group *group,
		       const char *name)
{
	const struct group *other;

	for (other = import->group; other < group; other++) {
		if (!strcmp(other->name, name))
			return true;
	}

	return false;
}

static void name_group(struct import *import, struct group *group)
{
	static const char *const protos[] = {
		[L4LB_PROTO_TCP] = "tcp", [L4LB_PROTO_UDP] = "udp",
		[L4LB_PROTO_ALL] = "both",
	};
	char base[16], name[L4LB_NAME_MAX + 1];
	unsigned int number = 1;

	if (group->service->mark)
		snprintf(base, sizeof(base), "mark-%u", group->service->mark);
	else if (group->service->port)
		snprintf(base, sizeof(base), "%s-%u", protos[group->protos],
			 group->service->port);
	else
		snprintf(base, sizeof(base), "%s-rest", protos[group->protos]);

	snprintf(name, sizeof(name), "%s", base);
	while (name_taken(import, group, name))
		snprintf(name, sizeof(name), "%s-%u", base, ++number);
	memcpy(group->name, name, sizeof(name));
}

static void make_groups(struct import *import)
{
	struct ipvs_service *service;
	size_t i;

	for (i = 0; i < import->ipvs.service_count; i++) {
		service = &import->ipvs.service[i];
		if (service->skip)
			continue;
		if (service->mark)
			add_marked_service(import, service);
		else
			add_plain_service(import, service);
	}
	separate(import);
	for (i = 0; i < import->group_count; i++) {
		if (import->group[i].ports.count)
			name_group(import, &import->group[i]);
	}
}

/* One machine has one name, in whatever VIP. Returns 0 without memory. */
static size_t machine_number(struct import *import, const struct lb_addr *addr)
{
	struct lb_addr *more;
	size_t i;

	for (i = 0; i < import->machine_count; i++) {
		if (lb_addr_equal(&import->machine[i], addr))
			return i + 1;
	}
	more = ipvs_more(&import->ipvs, import->machine, &import->machine_count,
			 sizeof(*more));
	if (!more)
		return 0;
	import->machine = more;
	more[import->machine_count - 1] = *addr;

	return import->machine_count;
}

static __printf(2, 3) void put(struct import *import, const char *fmt, ...)
{
	char text[LB_PORTS_TEXT + 512];
	struct lb_out *out = import->cmd->out;
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);

	if (!import->cmd->json) {
		puts(text);
		return;
	}
	lb_out_object(out, NULL);
	lb_out_str(out, "line", NULL, text);
	lb_out_end(out);
}

static unsigned int group_mode(const struct group *group)
{
	return group->service->count ? group->service->real[0].mode :
				       L4LB_MODE_DR;
}

static void put_vip(struct import *import, const struct group *group)
{
	const struct ipvs_service *service = group->service;
	char addr[LB_ADDR_TEXT], ports[LB_PORTS_TEXT], time[LB_DURATION_TEXT];
	char options[128] = "";
	size_t used = 0;

	if (service->persist) {
		lb_duration_print(service->persist * 1000, time, sizeof(time));
		used += (size_t)snprintf(options, sizeof(options),
					 " persist %s", time);
	}
	if (service->persist && service->mask &&
	    service->mask != lb_addr_bits(&group->addr))
		used += (size_t)snprintf(options + used, sizeof(options) - used,
					 " mask %u", service->mask);
	snprintf(options + used, sizeof(options) - used, " hook input%s",
		 rank(group) == 2 || lb_ports_any(&group->ports) ?
		 " check off" : "");

	put(import, "vip add %s %s %s %s mode %s sched %s%s", group->name,
	    lb_addr_print(&group->addr, addr, sizeof(addr)),
	    lb_names_word(&lb_protos_names, group->protos),
	    lb_ports_print(&group->ports, ports, sizeof(ports)),
	    lb_names_word(&lb_mode_names, group_mode(group)),
	    lb_names_word(&lb_sched_names, service->sched), options);
}

static bool single_port(const struct group *group)
{
	return group->ports.count == 1 &&
	       group->ports.range[0].first == group->ports.range[0].last;
}

/* The port that a real needs to be given, 0 for none. */
static uint16_t real_port(const struct group *group,
			  const struct ipvs_real *real)
{
	if (real->mode == L4LB_MODE_DR ||
	    (single_port(group) && real->port == group->ports.range[0].first))
		return 0;

	return real->port;
}

/* How many servers before it have its address; all of them if it is there. */
static size_t real_namesakes(const struct group *group, size_t index)
{
	const struct ipvs_real *real = &group->service->real[index], *other;
	size_t i, count = 0;

	for (i = 0; i < index; i++) {
		other = &group->service->real[i];
		if (!lb_addr_equal(&other->addr, &real->addr))
			continue;
		if (real_port(group, other) == real_port(group, real))
			return SIZE_MAX;
		count++;
	}

	return count;
}

static void put_real(struct import *import, const struct group *group,
		     size_t index)
{
	const struct ipvs_real *real = &group->service->real[index];
	uint16_t port = real_port(group, real);
	size_t namesakes = real_namesakes(group, index);
	char addr[LB_ADDR_TEXT], suffix[24] = "", options[64] = "";
	struct ipvs *ipvs = &import->ipvs;
	size_t used = 0;

	if (real->mode != group_mode(group)) {
		ipvs_remark(ipvs, real->line,
			    "the reals of one vip are reached in one way, here by %s",
			    lb_names_word(&lb_mode_names, group_mode(group)));
		return;
	}
	if (port && !single_port(group)) {
		ipvs_remark(ipvs, real->line,
			    "the vip has several ports, so its reals have no port of their own");
		return;
	}
	if (namesakes == SIZE_MAX) {
		ipvs_remark(ipvs, real->line, "there is such a server above");
		return;
	}

	if (namesakes)
		snprintf(suffix, sizeof(suffix), "-%zu", namesakes + 1);
	if (port)
		used += (size_t)snprintf(options, sizeof(options), " port %u",
					 port);
	if (real->max)
		snprintf(options + used, sizeof(options) - used,
			 " max-conns %u", real->max);
	put(import, "real add %s real%zu%s %s weight %u%s", group->name,
	    machine_number(import, &real->addr), suffix,
	    lb_addr_print(&real->addr, addr, sizeof(addr)), real->weight,
	    options);
}

static void put_comments(const struct import *import)
{
	if (import->cmd->json)
		return;

	puts("# Rules of IPVS, by lbctl import. Like there, rules of INPUT apply: without");
	puts("# any, \"hook input\" is better left out. IPVS checks nothing; here a TCP");
	puts("# connection to the first port is tried, where \"check\" says nothing else.");
}

static void put_lines(struct import *import)
{
	const struct group *group;
	size_t i, j;

	put_comments(import);
	lb_out_list(import->cmd->out, "lines");
	for (i = 0; i < import->group_count; i++) {
		group = &import->group[i];
		if (!group->ports.count)
			continue;
		put_vip(import, group);
		for (j = 0; j < group->service->count; j++)
			put_real(import, group, j);
	}
	lb_out_end(import->cmd->out);
}

static int remark_compare(const void *a, const void *b)
{
	const struct ipvs_remark *x = a, *y = b;

	return (x->line > y->line) - (x->line < y->line);
}

static void put_remarks(const struct import *import)
{
	const struct ipvs *ipvs = &import->ipvs;
	const struct ipvs_remark *remark;
	struct lb_out *out = import->cmd->out;
	char file[100];
	size_t i;

	lb_text_clean(file, sizeof(file), import->file, strlen(import->file));

	if (ipvs->remark_count)
		qsort(ipvs->remark, ipvs->remark_count, sizeof(*remark),
		      remark_compare);
	lb_out_list(out, "remarks");
	for (i = 0; i < ipvs->remark_count; i++) {
		remark = &ipvs->remark[i];
		if (!import->cmd->json) {
			fprintf(stderr, "lbctl: %s:%u: %s\n", file,
				remark->line, remark->text);
			continue;
		}
		lb_out_object(out, NULL);
		lb_out_uint(out, "line", NULL, remark->line);
		lb_out_str(out, "text", NULL, remark->text);
		lb_out_end(out);
	}
	lb_out_end(out);
}

static int import_write(struct import *import)
{
	struct lb_err err;

	make_groups(import);
	lb_out_object(import->cmd->out, NULL);
	put_lines(import);
	put_remarks(import);
	lb_out_end(import->cmd->out);
	if (import->ipvs.failed)
		return cmd_refused(import->cmd, lb_err_code(&err, -ENOMEM),
				   &err);

	return import->ipvs.remark_count ? EXIT_REFUSED : EXIT_DONE;
}

static int import_file(struct cmd *cmd, const char *name, FILE *file)
{
	struct import import = { .cmd = cmd, .file = name };
	struct lb_err err;
	int ret;

	ret = ipvs_read(&import.ipvs, file, &err);
	if (ret)
		ret = cmd_refused(cmd, ret, &err);
	else
		ret = import_write(&import);
	ipvs_free(&import.ipvs);
	free(import.group);
	free(import.machine);

	return ret;
}

static int import_ipvsadm(struct cmd *cmd, struct lb_words *words)
{
	const char *name = lb_words_take(words);
	struct lb_err err = { 0 };
	FILE *file;
	int ret;

	if (!name) {
		ret = lb_err_set(&err, -ENODATA, "a file is missing");
		return cmd_usage(cmd, ret, &err);
	}
	ret = lb_words_end(words, &err);
	if (ret)
		return cmd_usage(cmd, ret, &err);
	cmd_object(cmd, name);
	if (!strcmp(name, "-"))
		return import_file(cmd, "standard input", stdin);

	file = fopen(name, "re");
	if (!file)
		return cmd_refused(cmd, lb_err_code(&err, -errno), &err);
	ret = import_file(cmd, name, file);
	fclose(file);

	return ret;
}

const struct verb import_verbs[] = {
	{ .object = "import", .name = "ipvsadm", .usage = "FILE|-",
	  .run = import_ipvsadm },
	{ .object = NULL },
};
