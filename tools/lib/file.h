/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files that are read and written as a whole.
 */

#ifndef _LB_FILE_H
#define _LB_FILE_H

#include <stddef.h>

struct lb_err;

int lb_file_read(const char *name, char **text, size_t *len,
		 struct lb_err *err);
int lb_file_write(const char *name, const char *text, size_t len,
		  struct lb_err *err);
const char *lb_file_label(const char *name);

#endif /* _LB_FILE_H */
