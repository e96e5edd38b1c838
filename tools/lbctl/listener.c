// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sockets of this host that wait for clients, and whose they are, as /proc has
 * them.
 */

#include "listener.h"
#include "compiler.h"
#include "err.h"
#include "model.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* States of a socket that listens, and of one of UDP without another end. */
#define STATE_LISTEN	0x0a
#define STATE_UDP	0x07

static const struct table {
	const char *path;
	uint8_t proto;
	unsigned int state;
} tables[] = {
	{ "/proc/self/net/tcp", L4LB_PROTO_TCP, STATE_LISTEN },
	{ "/proc/self/net/tcp6", L4LB_PROTO_TCP, STATE_LISTEN },
	{ "/proc/self/net/udp", L4LB_PROTO_UDP, STATE_UDP },
	{ "/proc/self/net/udp6", L4LB_PROTO_UDP, STATE_UDP },
};

/* Words of 32 bits as they are in memory. */
static bool addr_read(const char *text, struct lb_addr *addr)
{
	size_t words = strlen(text) / 8, i;
	uint32_t word[4];
	char part[9];

	if (words != 1 && words != 4)
		return false;
	for (i = 0; i < words; i++) {
		snprintf(part, sizeof(part), "%.8s", text + 8 * i);
		word[i] = (uint32_t)strtoul(part, NULL, 16);
	}

	memset(addr, 0, sizeof(*addr));
	addr->family = words == 1 ? AF_INET : AF_INET6;
	if (words == 1)
		memcpy(&addr->v4, word, sizeof(addr->v4));
	else
		memcpy(&addr->v6, word, sizeof(addr->v6));

	return true;
}

static bool line_read(const char *line, const struct table *table,
		      struct listener *listener)
{
	unsigned int port, state;
	char addr[33];

	if (sscanf(line, " %*u: %32[0-9A-F]:%x %*[0-9A-F]:%*x %x %*s %*s %*s %*u %*u %lu",
		   addr, &port, &state, &listener->inode) != 4 ||
	    state != table->state)
		return false;
	listener->port = (uint16_t)port;
	listener->proto = table->proto;

	return addr_read(addr, &listener->addr);
}

static int table_read(const struct table *table, struct listener **list,
		      size_t *count)
{
	struct listener *grown, listener;
	FILE *file = fopen(table->path, "re");
	char line[512];
	int ret = 0;

	/* A kernel without IPv6 has no such table. */
	if (!file)
		return errno == ENOENT ? 0 : -errno;

	while (!ret && fgets(line, sizeof(line), file)) {
		if (!line_read(line, table, &listener))
			continue;
		grown = reallocarray(*list, *count + 1, sizeof(**list));
		if (grown) {
			*list = grown;
			grown[(*count)++] = listener;
		} else {
			ret = -ENOMEM;
		}
	}
	fclose(file);

	return ret;
}

/**
 * listener_list() - read the sockets that wait for clients
 * @list: where to, for free()
 * @count: how many
 *
 * Return: 0 or -errno; then there is nothing to free.
 */
int listener_list(struct listener **list, size_t *count)
{
	size_t i;
	int ret = 0;

	*list = NULL;
	*count = 0;
	for (i = 0; i < ARRAY_SIZE(tables) && !ret; i++)
		ret = table_read(&tables[i], list, count);
	if (ret) {
		free(*list);
		*list = NULL;
	}

	return ret;
}

/* One for any IPv6 address takes IPv4 too, unless it was told not to. */
static bool addr_takes(const struct lb_addr *socket, const struct lb_addr *vip)
{
	static const struct in6_addr any6 = IN6ADDR_ANY_INIT;

	if (socket->family == AF_INET6 &&
	    !memcmp(&socket->v6, &any6, sizeof(any6)))
		return true;
	if (socket->family == AF_INET && vip->family == AF_INET &&
	    socket->v4.s_addr == htonl(INADDR_ANY))
		return true;

	return lb_addr_equal(socket, vip);
}

/**
 * listener_find() - find a socket that gets no clients because of a VIP
 * @list: the sockets
 * @count: how many
 * @vip: the VIP
 *
 * Return: the first, or NULL if there is none.
 */
const struct listener *listener_find(const struct listener *list, size_t count,
				     const struct lb_vip *vip)
{
	unsigned int j;
	size_t i;

	for (i = 0; i < count; i++) {
		if (!(vip->protos & list[i].proto) ||
		    !addr_takes(&list[i].addr, &vip->addr))
			continue;
		for (j = 0; j < vip->ports.count; j++) {
			if (list[i].port >= vip->ports.range[j].first &&
			    list[i].port <= vip->ports.range[j].last)
				return &list[i];
		}
	}

	return NULL;
}

static bool process_has(const char *pid, const char *socket)
{
	char path[320], to[64];
	const struct dirent *entry;
	bool found = false;
	ssize_t len;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%s/fd", pid);
	dir = opendir(path);
	if (!dir)
		return false;
	while (!found && (entry = readdir(dir))) {
		len = readlinkat(dirfd(dir), entry->d_name, to,
				 sizeof(to) - 1);
		if (len <= 0)
			continue;
		to[len] = '\0';
		found = !strcmp(to, socket);
	}
	closedir(dir);

	return found;
}

static void process_print(const char *pid, char *buf, size_t size)
{
	char path[320], line[64] = "", name[32];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%s/comm", pid);
	file = fopen(path, "re");
	if (file) {
		if (!fgets(line, sizeof(line), file))
			*line = '\0';
		fclose(file);
	}
	line[strcspn(line, "\n")] = '\0';
	lb_text_clean(name, sizeof(name), line, strlen(line));
	snprintf(buf, size, "%s (%s)", name, pid);
}

/**
 * listener_process() - say whose a socket is
 * @listener: the socket
 * @buf: where to
 * @size: size of @buf, %LISTENER_TEXT fits all
 *
 * Return: @buf, with a name and a number; "somebody" if it cannot be found out.
 */
const char *listener_process(const struct listener *listener, char *buf,
			     size_t size)
{
	const struct dirent *entry;
	char socket[64];
	DIR *dir;

	snprintf(buf, size, "somebody");
	snprintf(socket, sizeof(socket), "socket:[%lu]", listener->inode);
	dir = opendir("/proc");
	if (!dir)
		return buf;
	while ((entry = readdir(dir))) {
		if (*entry->d_name < '1' || *entry->d_name > '9' ||
		    !process_has(entry->d_name, socket))
			continue;
		process_print(entry->d_name, buf, size);
		break;
	}
	closedir(dir);

	return buf;
}
