/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Before 6.5 what is in <net/gso.h> was in <linux/skbuff.h>.
 */

#ifndef _L4LB_COMPAT_NET_GSO_H
#define _L4LB_COMPAT_NET_GSO_H

#include <linux/skbuff.h>

#endif /* _L4LB_COMPAT_NET_GSO_H */
