/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why something failed, as text for a person.
 *
 * Functions of this library return 0 or -errno and put the reason here; only
 * a program's main file prints it.
 */

#ifndef _LB_ERR_H
#define _LB_ERR_H

#include "compiler.h"

#include <stddef.h>

#define LB_ERR_TEXT	512
#define LB_ERR_WORD	160

/**
 * struct lb_err - the reason of a failure
 * @text: one line without control characters, lower case, no full stop; empty
 *	if there is none
 * @word: which word of a request was at fault and its value, as the command
 *	line has them, such as ``ports "25"``; empty if unknown
 */
struct lb_err {
	char text[LB_ERR_TEXT];
	char word[LB_ERR_WORD];
};

int lb_err_set(struct lb_err *err, int code, const char *fmt, ...)
	__printf(3, 4);
int lb_err_code(struct lb_err *err, int code);
size_t lb_text_char(const char *text, size_t len);
void lb_text_clean(char *dst, size_t size, const char *src, size_t len);

#endif /* _LB_ERR_H */
