/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Version of the programs.
 */

#ifndef _LB_VERSION_H
#define _LB_VERSION_H

#define LB_VERSION	"0.1"

#endif /* _LB_VERSION_H */
