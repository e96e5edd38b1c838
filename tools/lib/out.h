/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writes what a program shows, as text or as JSON, by the same calls.
 *
 * A field has a key, its name in JSON, and a label, its name in text. Without
 * a key it is in text only, without a label in JSON only. Objects directly in
 * a list are the rows of a table in text, and lists in them are rows that are
 * indented below; fields of other objects are lines with label and value.
 */

#ifndef _LB_OUT_H
#define _LB_OUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct lb_out;

struct lb_out *lb_out_new(FILE *file, bool json, bool pretty);
int lb_out_free(struct lb_out *out);

void lb_out_object(struct lb_out *out, const char *key);
void lb_out_list(struct lb_out *out, const char *key);
void lb_out_end(struct lb_out *out);

void lb_out_str(struct lb_out *out, const char *key, const char *label,
		const char *value);
void lb_out_uint(struct lb_out *out, const char *key, const char *label,
		 uint64_t value);
void lb_out_bool(struct lb_out *out, const char *key, const char *label,
		 bool value);
void lb_out_span(struct lb_out *out, const char *key, const char *label,
		 uint32_t ms);
void lb_out_when(struct lb_out *out, const char *key, const char *label,
		 uint64_t ms);

#endif /* _LB_OUT_H */
