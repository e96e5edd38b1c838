// SPDX-License-Identifier: GPL-2.0-only
/*
 * Puts the addresses of VIPs on the interfaces that they name, and takes them
 * off again.
 *
 * Nothing is remembered but in the kernel: what is wanted is in the module,
 * what was done is the mark of an address. What has no mark is somebody else's.
 */

#include "place.h"
#include "err.h"
#include "frame.h"
#include "ifaddr.h"
#include "model.h"
#include "nl.h"
#include "request.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <net/if_arp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

/* How often it is begun anew because others changed something. */
#define TRIES	10

/**
 * struct port - an interface
 * @index: its number, 0 if there is none
 * @up: whether it is up
 * @ether: whether it has neighbours that know it by a MAC address
 * @mac: that
 */
struct port {
	int index;
	bool up;
	bool ether;
	uint8_t mac[LB_MAC_LEN];
};

/**
 * struct place - one attempt
 * @sock: socket for addresses
 * @query: socket for interfaces
 * @packet: socket for announcements, -1 if there is none
 * @vips: VIPs
 * @vip_count: how many
 * @addrs: addresses that there are
 * @addr_count: how many
 * @wanted: which of @addrs are to stay
 * @anew: tell of what is there already as well
 * @ret: first failure
 * @first: what that was; the module is asked more after it
 * @err: where to say what has failed
 */
struct place {
	struct mnl_socket *sock;
	int query;
	int packet;
	struct lb_vip *vips;
	size_t vip_count;
	struct lb_ifaddr *addrs;
	size_t addr_count;
	bool *wanted;
	bool anew;
	int ret;
	struct lb_err first;
	struct lb_err *err;
};

static void port_read(int query, const char *dev, struct port *port)
{
	struct ifreq request = { 0 };
	short flags;

	memset(port, 0, sizeof(*port));
	memcpy(request.ifr_name, dev, strnlen(dev, IFNAMSIZ - 1));
	if (ioctl(query, SIOCGIFFLAGS, &request))
		return;
	flags = request.ifr_flags;
	if (ioctl(query, SIOCGIFHWADDR, &request))
		return;
	port->ether = request.ifr_hwaddr.sa_family == ARPHRD_ETHER &&
		      !(flags & (IFF_LOOPBACK | IFF_NOARP));
	memcpy(port->mac, request.ifr_hwaddr.sa_data, LB_MAC_LEN);
	if (ioctl(query, SIOCGIFINDEX, &request))
		return;
	port->index = request.ifr_ifindex;
	port->up = flags & IFF_UP;
}

/* Without it neighbours learn it later: that is no failure. */
static void announce(const struct place *place, const struct port *port,
		     const struct lb_addr *addr)
{
	struct arp_frame arp;
	struct nd_frame nd;

	if (place->packet < 0 || !port->ether)
		return;

	if (addr->family == AF_INET6) {
		lb_frame_advertise(&nd, port->mac, addr);
		lb_frame_send(place->packet, port->index, &nd, sizeof(nd));
		return;
	}
	/* There are those that believe only the one, or only the other. */
	lb_frame_arp(&arp, ARPOP_REQUEST, port->mac, addr, addr);
	lb_frame_send(place->packet, port->index, &arp, sizeof(arp));
	lb_frame_arp(&arp, ARPOP_REPLY, port->mac, addr, addr);
	lb_frame_send(place->packet, port->index, &arp, sizeof(arp));
}

static void failed(struct place *place, const struct lb_addr *addr,
		   const char *what, int ret)
{
	char text[LB_ADDR_TEXT];

	if (!place->ret)
		place->ret = lb_err_set(&place->first, ret, "%s %s: %s",
					lb_addr_print(addr, text, sizeof(text)),
					what, strerror(-ret));
}

/* Marks all that are the address on the interface, and says whether any is. */
static bool there(struct place *place, const struct port *port,
		  const struct lb_addr *addr, bool *ours)
{
	struct lb_ifaddr *item;
	bool found = false;
	size_t i;

	*ours = false;
	for (i = 0; i < place->addr_count; i++) {
		item = &place->addrs[i];
		if (item->link != port->index ||
		    !lb_addr_equal(&item->prefix.addr, addr))
			continue;
		place->wanted[i] = true;
		*ours |= item->ours;
		found = true;
	}

	return found;
}

static bool same_place(const struct lb_vip *a, const struct lb_vip *b)
{
	return lb_addr_equal(&a->addr, &b->addr) && !strcmp(a->dev, b->dev);
}

static void vip_place(struct place *place, size_t at)
{
	const struct lb_vip *vip = &place->vips[at];
	struct port port;
	bool ours;
	size_t i;
	int ret;

	for (i = 0; i < at; i++) {
		if (same_place(&place->vips[i], vip))
			return;
	}
	port_read(place->query, vip->dev, &port);
	if (!port.index)
		return;
	if (there(place, &port, &vip->addr, &ours)) {
		if (place->anew && ours && port.up)
			announce(place, &port, &vip->addr);
		return;
	}
	/* The kernel may forget what is put on one that is down. */
	if (!port.up)
		return;

	ret = lb_ifaddr_add(place->sock, port.index, &vip->addr, NULL);
	if (!ret)
		announce(place, &port, &vip->addr);
	else if (ret != -EEXIST && ret != -ENODEV)
		failed(place, &vip->addr, vip->dev, ret);
}

static void rest_remove(struct place *place)
{
	const struct lb_ifaddr *item;
	size_t i;
	int ret;

	for (i = 0; i < place->addr_count; i++) {
		item = &place->addrs[i];
		if (!item->ours || place->wanted[i])
			continue;
		ret = lb_ifaddr_del(place->sock, item, NULL);
		if (ret && ret != -EADDRNOTAVAIL && ret != -ENODEV)
			failed(place, &item->prefix.addr, "is to go", ret);
	}
}

static int place_read(struct place *place, struct lb_nl *nl)
{
	int ret;

	ret = lb_vip_list(nl, &place->vips, &place->vip_count, place->err);
	if (!ret)
		ret = lb_ifaddr_list(place->sock, &place->addrs,
				     &place->addr_count, place->err);
	if (ret)
		return ret;
	place->wanted = calloc(place->addr_count + 1, sizeof(*place->wanted));

	return place->wanted ? 0 : lb_err_code(place->err, -ENOMEM);
}

static void place_forget(struct place *place)
{
	lb_vip_list_free(place->vips, place->vip_count);
	free(place->addrs);
	free(place->wanted);
	place->vips = NULL;
	place->vip_count = 0;
	place->addrs = NULL;
	place->addr_count = 0;
	place->wanted = NULL;
}

/* One attempt, by what was so at its beginning. */
static int place_try(struct place *place, struct lb_nl *nl, bool standby)
{
	size_t i;
	int ret;

	ret = place_read(place, nl);
	if (!ret) {
		place->ret = 0;
		for (i = 0; !standby && i < place->vip_count; i++) {
			if (*place->vips[i].dev)
				vip_place(place, i);
		}
		rest_remove(place);
	}
	place_forget(place);

	return ret;
}

/*
 * Others may do the same at the same time. Whoever is last to look at the
 * configuration leaves what belongs to it.
 */
static int place_all(struct place *place, struct lb_nl *nl)
{
	struct lb_info before, after;
	int tries = 0, ret;

	ret = lb_info_get(nl, &after, place->err);
	while (!ret) {
		before = after;
		ret = place_try(place, nl, before.standby);
		if (ret == -EINTR && ++tries < TRIES) {
			ret = 0;
			continue;
		}
		if (!ret)
			ret = lb_info_get(nl, &after, place->err);
		if (ret || ++tries >= TRIES ||
		    (before.generation == after.generation &&
		     before.standby == after.standby))
			break;
	}

	if (!ret && place->ret && place->err)
		*place->err = place->first;

	return ret ? ret : place->ret;
}

/**
 * lb_place() - put the addresses of this namespace where they belong
 * @nl: the module
 * @anew: tell neighbours of those that are there already as well
 * @err: why not, of the first that could not be moved; the others were
 *
 * An interface that is not there, or down, is no failure.
 *
 * Return: 0 or -errno.
 */
int lb_place(struct lb_nl *nl, bool anew, struct lb_err *err)
{
	struct place place = { .anew = anew, .err = err };
	int ret;

	ret = lb_ifaddr_open(&place.sock, err);
	if (ret)
		return ret;
	place.query = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	place.packet = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	ret = place.query < 0 ? lb_err_code(err, -errno) :
				place_all(&place, nl);
	if (place.query >= 0)
		close(place.query);
	if (place.packet >= 0)
		close(place.packet);
	mnl_socket_close(place.sock);

	return ret;
}

/**
 * lb_place_waits() - ask whether a VIP waits for its interface
 * @vip: the VIP
 *
 * Return: whether it names one that is not there, or down.
 */
bool lb_place_waits(const struct lb_vip *vip)
{
	struct port port = { .up = true };
	int query;

	if (!*vip->dev)
		return false;
	query = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (query < 0)
		return false;
	port_read(query, vip->dev, &port);
	close(query);

	return !port.up;
}

/**
 * lb_place_is_foreign() - ask whether an address of this host is there because
 * somebody else has put it there
 * @addr: the address
 *
 * Return: whether it is.
 */
bool lb_place_is_foreign(const struct lb_addr *addr)
{
	struct lb_ifaddr *list = NULL;
	struct mnl_socket *sock;
	bool foreign = false;
	size_t count = 0, i;

	if (lb_ifaddr_open(&sock, NULL))
		return false;
	if (!lb_ifaddr_list(sock, &list, &count, NULL)) {
		for (i = 0; i < count; i++)
			foreign |= !list[i].ours &&
				   lb_addr_equal(&list[i].prefix.addr, addr);
	}
	free(list);
	mnl_socket_close(sock);

	return foreign;
}
