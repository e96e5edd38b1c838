/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Small things that the kernel's headers have and user space's have not.
 */

#ifndef _LB_COMPILER_H
#define _LB_COMPILER_H

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#endif

#define __packed \
	__attribute__( \
	(__packed__))

#define __aligned(size) \
	__attribute__( \
	(__aligned__(size)))

#define __printf(a, b) \
	__attribute__( \
	(__format__(__printf__, a, b)))

#endif /* _LB_COMPILER_H */
