/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rules of IPVS, as ``ipvsadm -S -n`` writes them, and those by which
 * iptables marks packets for it, as ``iptables-save`` writes them.
 */

#ifndef _LBCTL_IPVS_H
#define _LBCTL_IPVS_H

#include "addr.h"
#include "compiler.h"

#include <stdio.h>

struct lb_err;
struct lb_words;

/**
 * struct ipvs_real - a server
 * @line: line of the file that it is from
 * @addr: its address
 * @port: its port, or 0
 * @mode: how it is reached, one of &enum l4lb_mode
 * @weight: its weight
 * @max: most connections, or 0
 */
struct ipvs_real {
	unsigned int line;
	struct lb_addr addr;
	uint16_t port;
	unsigned int mode;
	unsigned int weight;
	unsigned int max;
};

/**
 * struct ipvs_service - a service
 * @line: line of the file that it is from
 * @mark: the mark of its packets, or 0
 * @family: family of what is marked
 * @protos: its protocol, bits of L4LB_PROTO_ALL, if it has no mark
 * @addr: its address, if it has no mark
 * @port: its port, 0 for all of them, if it has no mark
 * @sched: one of &enum l4lb_sched
 * @persist: seconds, or 0
 * @mask: length of the prefix that is one client, or 0
 * @skip: it could not be expressed, which was said
 * @real: its servers
 * @count: how many
 */
struct ipvs_service {
	unsigned int line;
	unsigned int mark;
	int family;
	unsigned int protos;
	struct lb_addr addr;
	uint16_t port;
	unsigned int sched;
	unsigned int persist;
	unsigned int mask;
	bool skip;
	struct ipvs_real *real;
	size_t count;
};

/**
 * struct ipvs_mark - packets that get a mark
 * @line: line of the file that it is from
 * @mark: the mark
 * @protos: their protocol, bits of L4LB_PROTO_ALL
 * @addr: their destination
 * @ports: its ports
 */
struct ipvs_mark {
	unsigned int line;
	unsigned int mark;
	unsigned int protos;
	struct lb_addr addr;
	struct lb_ports ports;
};

/**
 * struct ipvs_remark - what could not be expressed
 * @line: line of the file that it is about
 * @text: what, and why
 */
struct ipvs_remark {
	unsigned int line;
	char text[256];
};

/**
 * struct ipvs - all rules
 * @line: the line that is read
 * @service: the services
 * @service_count: how many
 * @mark: what is marked
 * @mark_count: how many
 * @remark: what could not be expressed
 * @remark_count: how many
 * @failed: there was no memory
 */
struct ipvs {
	unsigned int line;
	struct ipvs_service *service;
	size_t service_count;
	struct ipvs_mark *mark;
	size_t mark_count;
	struct ipvs_remark *remark;
	size_t remark_count;
	bool failed;
};

int ipvs_read(struct ipvs *ipvs, FILE *file, struct lb_err *err);
void ipvs_free(struct ipvs *ipvs);
void ipvs_remark(struct ipvs *ipvs, unsigned int line, const char *fmt, ...)
	__printf(3, 4);
void *ipvs_more(struct ipvs *ipvs, void *array, size_t *count, size_t size);
void ipvs_mark_read(struct ipvs *ipvs, struct lb_words *words);

#endif /* _LBCTL_IPVS_H */
