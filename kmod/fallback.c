// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fallback of a VIP.
 */

#include "fallback.h"
#include "netns.h"
#include "real.h"
#include "vip.h"

#include <linux/netlink.h>

/* What lbctl calls it, and no real can be called. */
#define NAME	"fallback"

static void real_config(const struct l4lb_vip_fallback *fallback,
			struct l4lb_real_config *config)
{
	l4lb_real_config_init(config);
	strscpy(config->name, NAME, sizeof(config->name));
	l4lb_check_init(&config->check, "off");
	config->check_own = true;
	config->family = fallback->family;
	config->port = fallback->port;
	config->addr = fallback->addr;
}

/**
 * l4lb_fallback_validate() - whether the fallback of a VIP fits it
 * @config: the VIP, with a fallback or without
 * @extack: where to say why not
 *
 * Context: Any.
 * Return: 0, or -EINVAL.
 */
int l4lb_fallback_validate(const struct l4lb_vip_config *config,
			   struct netlink_ext_ack *extack)
{
	const struct l4lb_vip_fallback *fallback = &config->fallback;
	struct l4lb_real_config real;

	if (!fallback->family)
		return 0;

	if (!l4lb_addr_is_unicast(fallback->family, &fallback->addr)) {
		NL_SET_ERR_MSG(extack, "a fallback cannot have this address");
		return -EINVAL;
	}

	real_config(fallback, &real);

	return l4lb_vip_takes_real(config, &real, extack);
}

static bool is_where_it_was(const struct l4lb_vip *vip,
			    const struct l4lb_vip_fallback *fallback)
{
	return vip->fallback && vip->fallback->port == fallback->port &&
	       vip->fallback->family == fallback->family &&
	       nf_inet_addr_cmp(&vip->fallback->addr, &fallback->addr);
}

/**
 * l4lb_fallback_prepare() - make the fallback that a VIP is to have
 * @vip: VIP
 * @config: what it is to be
 * @moves: whether packets will reach its reals in another way
 * @fallback: where to put it, for l4lb_fallback_publish() or
 *	l4lb_fallback_discard(); that which the VIP has, if it stays
 *
 * Context: Process context, under &l4lb_net.lock.
 * Return: 0, or -ENOMEM.
 */
int l4lb_fallback_prepare(struct l4lb_vip *vip,
			  const struct l4lb_vip_config *config, bool moves,
			  struct l4lb_real **fallback)
{
	struct l4lb_real_config real;

	lockdep_assert_held(&vip->ln->lock);

	*fallback = NULL;
	if (!config->fallback.family)
		return 0;
	if (!moves && is_where_it_was(vip, &config->fallback)) {
		*fallback = vip->fallback;
		return 0;
	}

	real_config(&config->fallback, &real);
	*fallback = l4lb_real_alloc(vip, &real, &config->addr,
				    config->mode);
	if (!*fallback)
		return -ENOMEM;
	(*fallback)->idle = l4lb_ticks(config->idle);
	l4lb_real_upkeep(*fallback);

	return 0;
}

/**
 * l4lb_fallback_discard() - free a fallback that was not published
 * @vip: VIP
 * @fallback: from l4lb_fallback_prepare()
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_fallback_discard(const struct l4lb_vip *vip,
			   struct l4lb_real *fallback)
{
	if (fallback && fallback != vip->fallback)
		l4lb_real_free(fallback);
}

/**
 * l4lb_fallback_publish() - let a VIP have a fallback
 * @vip: VIP, whose configuration is published and names it
 * @fallback: from l4lb_fallback_prepare(), or NULL for none
 *
 * It keeps no clients: persistence never sees it.
 *
 * Context: Process context, under &l4lb_net.lock.
 */
void l4lb_fallback_publish(struct l4lb_vip *vip, struct l4lb_real *fallback)
{
	struct l4lb_real *old = vip->fallback;

	lockdep_assert_held(&vip->ln->lock);

	vip->fallback = fallback;
	if (fallback)
		WRITE_ONCE(fallback->idle,
			   l4lb_ticks(l4lb_vip_config(vip)->idle));
	if (!old || old == fallback)
		return;

	l4lb_real_stats(old, &vip->past);
	l4lb_real_bury(old);
}
