/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Version of the module.
 */

#ifndef _L4LB_VERSION_H
#define _L4LB_VERSION_H

#define L4LB_VERSION "0.1"

#endif /* _L4LB_VERSION_H */
