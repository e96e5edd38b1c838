// SPDX-License-Identifier: GPL-2.0-only
/*
 * Module entry and exit. The order of initialisation is the order of
 * dependency: tables first, the ways in last.
 */

#include "conn.h"
#include "netlink.h"
#include "netns.h"
#include "nexthop.h"
#include "persist.h"
#include "version.h"

#include <linux/inetdevice.h>
#include <linux/init.h>
#include <linux/module.h>
#include <linux/netdevice.h>
#include <net/addrconf.h>
#include <net/net_namespace.h>

unsigned int l4lb_net_id __read_mostly;

/* A device, not a subsystem: it ends before the devices do. */
static struct pernet_operations net_ops = {
	.init		= l4lb_net_init,
	.pre_exit	= l4lb_net_pre_exit,
	.exit		= l4lb_net_exit,
	.id		= &l4lb_net_id,
	.size		= sizeof(struct l4lb_net),
};

static int dev_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct l4lb_net *ln = l4lb_net(dev_net(dev));

	/* A namespace that fails while it is made ends before it began here. */
	if (!ln)
		return NOTIFY_DONE;

	/* IPv6 tells nobody of an MTU that is another now. */
	if (event == NETDEV_DOWN || event == NETDEV_UNREGISTER ||
	    event == NETDEV_CHANGEMTU)
		l4lb_nexthop_dev_down(ln, dev);

	return NOTIFY_DONE;
}

static int inetaddr_event(struct notifier_block *nb, unsigned long event,
			  void *ptr)
{
	const struct in_ifaddr *ifa = ptr;
	struct l4lb_net *ln = l4lb_net(dev_net(ifa->ifa_dev->dev));

	if (ln)
		l4lb_net_addrs_changed(ln);

	return NOTIFY_DONE;
}

static int inet6addr_event(struct notifier_block *nb, unsigned long event,
			   void *ptr)
{
	const struct inet6_ifaddr *ifa = ptr;
	struct l4lb_net *ln = l4lb_net(dev_net(ifa->idev->dev));

	if (ln)
		l4lb_net_addrs_changed(ln);

	return NOTIFY_DONE;
}

static struct notifier_block dev_notifier = { .notifier_call = dev_event };
static struct notifier_block inetaddr_notifier = {
	.notifier_call = inetaddr_event,
};

static struct notifier_block inet6addr_notifier = {
	.notifier_call = inet6addr_event,
};

static int __init notifiers_register(void)
{
	int err;

	err = register_netdevice_notifier(&dev_notifier);
	if (err)
		return err;

	err = register_inetaddr_notifier(&inetaddr_notifier);
	if (err)
		goto err_dev;

	err = register_inet6addr_notifier(&inet6addr_notifier);
	if (err)
		goto err_inetaddr;

	return 0;

err_inetaddr:
	unregister_inetaddr_notifier(&inetaddr_notifier);
err_dev:
	unregister_netdevice_notifier(&dev_notifier);
	return err;
}

static void notifiers_unregister(void)
{
	unregister_inet6addr_notifier(&inet6addr_notifier);
	unregister_inetaddr_notifier(&inetaddr_notifier);
	unregister_netdevice_notifier(&dev_notifier);
}

static int __init l4lb_init(void)
{
	int err;

	err = l4lb_conn_init();
	if (err)
		return err;

	err = l4lb_persist_init();
	if (err)
		goto err_conn;

	err = register_pernet_device(&net_ops);
	if (err)
		goto err_persist;

	err = notifiers_register();
	if (err)
		goto err_pernet;

	err = l4lb_netlink_init();
	if (err)
		goto err_notifiers;

	return 0;

err_notifiers:
	notifiers_unregister();
err_pernet:
	unregister_pernet_device(&net_ops);
	rcu_barrier();
err_persist:
	l4lb_persist_exit();
err_conn:
	l4lb_conn_exit();
	return err;
}

static void __exit l4lb_exit(void)
{
	l4lb_netlink_exit();
	notifiers_unregister();
	unregister_pernet_device(&net_ops);

	/* Next hops and VIPs are freed by functions of this module. */
	rcu_barrier();
	l4lb_persist_exit();
	l4lb_conn_exit();
}

module_init(l4lb_init);
module_exit(l4lb_exit);
MODULE_LICENSE("GPL");
MODULE_VERSION(L4LB_VERSION);
MODULE_DESCRIPTION("Layer 4 load balancer");
